"""How far the experts of a study agree, while it goes on: from what each of them said, kept a school at a time.

What a locked case says is written down once (`opinion_record`), so that the figures of a whole region assess no case
again. They are those of `vsoko agree` over the same cases: what is compared, and the coefficients, stand in `study`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, Final, TypedDict

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.agreement import Agreement, apart, joint_decisions
from vsoko_rules.study.coefficients import Exact
from vsoko_rules.study.opinions import ExpertView, Unit
from vsoko_rules.study.parameters import parameters
from vsoko_rules.verdict.assessment import Assessment

OPINION_SCHEMA: Final = 1


class OpinionRecord(TypedDict):
    """What one expert's case says of everything that agreement is measured on, as JSON data."""

    schema: int
    school: str
    year: int
    ruleset: str
    """its SHA-256"""
    values: dict[str, dict[str, dict[str, str]]]
    """by kind, group and name as exact fractions, «1/2»"""


@dataclass(frozen=True, slots=True)
class ExpertOpinion:
    """What an expert said of a school, in a case that is locked. `expert` tells experts apart, whatever their names."""

    expert: str
    record: OpinionRecord
    control: bool = False
    """whether the school is given to all experts of the study"""


@dataclass(frozen=True, slots=True)
class PairFigures:
    """How far two experts agree over the schools that both have locked. `data` as `vsoko agree --json` has it, without
    disputes."""

    experts: tuple[str, str]
    schools: int
    data: dict[str, Any]


def opinion_record(assessment: Assessment, beside: Sequence[CaseFile] = ()) -> OpinionRecord:
    """What an assessed case says. `beside`: the cases of the other experts of the school, where decisions that they
    took together may stand in them: agreement is that of opinions which were formed apart."""
    together = joint_decisions([assessment.case, *beside]) if beside else ()
    content = assessment.case.content
    values: dict[str, dict[str, dict[str, str]]] = {}
    for unit, value in ExpertView(apart(assessment, together)).values():
        values.setdefault(unit.kind, {}).setdefault(unit.group, {})[unit.name] = str(value)
    return {
        "schema": OPINION_SCHEMA,
        "school": content.school.id,
        "year": content.study.year,
        "ruleset": assessment.ruleset.sha256,
        "values": values,
    }


def pair_agreement(opinions: Iterable[ExpertOpinion], ruleset: Ruleset) -> list[PairFigures]:
    """How far each two experts agree who have locked the same schools, in the order of their names. Opinions under
    another ruleset are left out."""
    by_expert = _by_expert(opinions, ruleset)
    found = []
    for first, second in combinations(sorted(by_expert), 2):
        keys = sorted(by_expert[first].keys() & by_expert[second].keys())
        if keys:
            rows = [(by_expert[first][key], by_expert[second][key]) for key in keys]
            found.append(PairFigures((first, second), len(keys), _figures((first, second), rows, ruleset)))
    return found


def control_agreement(opinions: Iterable[ExpertOpinion], ruleset: Ruleset) -> dict[str, Any] | None:
    """How far all experts agree over the control schools; none where no two have locked the same one yet."""
    by_expert = _by_expert((opinion for opinion in opinions if opinion.control), ruleset)
    experts = sorted(by_expert)
    keys = sorted({key for own in by_expert.values() for key in own})
    rows = [tuple(by_expert[expert].get(key) for expert in experts) for key in keys]
    shared = [row for row in rows if sum(record is not None for record in row) > 1]
    return _figures(experts, shared, ruleset) if shared else None


def study_agreement(opinions: Iterable[ExpertOpinion], ruleset: Ruleset) -> dict[str, Any] | None:
    """How far the two experts of a school agree, whoever they are, over all schools but the control ones; none where no
    school has two opinions yet. Of each school the expert that comes first by name stands in the first place."""
    by_school: dict[_Key, list[ExpertOpinion]] = {}
    for opinion in opinions:
        if not opinion.control and opinion.record["ruleset"] == ruleset.sha256:
            by_school.setdefault(_key(opinion.record), []).append(opinion)
    ordered = [sorted(own, key=lambda opinion: opinion.expert) for _, own in sorted(by_school.items())]
    rows = [tuple(opinion.record for opinion in own) for own in ordered if len(own) > 1]
    most = max(map(len, rows), default=0)
    filled = [(*row, *[None] * (most - len(row))) for row in rows]
    return _figures([str(number) for number in range(1, most + 1)], filled, ruleset) if rows else None


_Key = tuple[str, int]


def _key(record: OpinionRecord) -> _Key:
    return record["school"], record["year"]


def _by_expert(opinions: Iterable[ExpertOpinion], ruleset: Ruleset) -> dict[str, dict[_Key, OpinionRecord]]:
    found: dict[str, dict[_Key, OpinionRecord]] = {}
    for opinion in opinions:
        if opinion.record["ruleset"] == ruleset.sha256:
            found.setdefault(opinion.expert, {})[_key(opinion.record)] = opinion.record
    return found


def _figures(
    experts: Sequence[str], rows: Iterable[Sequence[OpinionRecord | None]], ruleset: Ruleset
) -> dict[str, Any]:
    agreement = Agreement(ruleset, tuple([expert] for expert in experts), tuple([] for _ in experts))
    for row in rows:
        school = next(record["school"] for record in row if record is not None)
        agreement.add_values(school, [dict(_values(record)) if record is not None else {} for record in row])
    return agreement.figures(parameters().agreement.confidence)


def _values(record: OpinionRecord) -> Iterator[tuple[Unit, Exact]]:
    for kind, groups in record["values"].items():
        for group, values in groups.items():
            for name, value in values.items():
                yield Unit(kind, group, name), int(value) if value.isdecimal() else Fraction(value)
