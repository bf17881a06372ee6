"""How far experts agree who studied the same schools independently.

Two things are compared and never mixed: what the experts stated themselves (marks of indicators, decisions), and what
came of everything they stated (lines that are complete, outcomes of components, elements and indicators). What they
decided together afterwards is left out of both: agreement is that of opinions which were formed apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.records import Override
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.ruleset.load import DEFAULT, beside, load
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.coefficients import (
    Coefficient,
    Estimate,
    Exact,
    Metric,
    Ratings,
    Values,
    Weights,
    alpha_of,
    estimate,
    kappa,
    percent_agreement,
    unanimous,
)
from vsoko_rules.study.collect import readable
from vsoko_rules.study.disputes import Dispute, disputes, settled
from vsoko_rules.study.opinions import ExpertView, Unit
from vsoko_rules.study.pages import words
from vsoko_rules.study.parameters import parameters
from vsoko_rules.verdict.assessment import Assessment, assess, reassess

SCHEMA_VERSION: Final = 3

CaseKey = tuple[str, int]
"""school and year"""
Cases = Mapping[CaseKey, CaseFile]
"""those of one expert"""
Groups = dict[str, dict[str, Counter[Values]]]
"""by group and school, how often the experts say what"""

NOMINAL: Mapping[str, Coefficient] = {
    "agreement": percent_agreement,
    "kappa": kappa,
    "alpha": alpha_of,
}
"""for values that are only equal or not"""

ORDINAL: Mapping[str, Coefficient] = {
    "agreement": percent_agreement,
    "kappa": kappa,
    "kappa_linear": lambda ratings: kappa(ratings, Weights.LINEAR),
    "kappa_quadratic": lambda ratings: kappa(ratings, Weights.QUADRATIC),
    "alpha": alpha_of,
    "alpha_ordinal": lambda ratings: alpha_of(ratings, Metric.ORDINAL),
}
"""for values that have an order"""

STATED: Final = {"marks": ORDINAL, "decisions": NOMINAL, "indicators": NOMINAL}
"""what experts stated themselves: marks by block, decisions that they took, marks by indicator"""
OUTCOMES: Final = {"lines": NOMINAL, "components": ORDINAL, "elements": ORDINAL, "earned": ORDINAL}
"""what came of it: whether lines are complete, outcomes of components, elements and indicators"""


@dataclass
class Agreement:
    """What experts say, school by school, and what they differ on."""

    ruleset: Ruleset
    experts: tuple[list[str], ...]
    """the names that stand in the files of each"""
    unmatched: tuple[list[str], ...]
    """schools that nobody but this expert looked at"""
    schools: int = 0
    ratings: dict[str, Groups] = field(default_factory=dict)
    """by what is compared; groups are blocks, those of `indicators` are indicators"""
    disputes: list[Dispute] = field(default_factory=list)

    @property
    def open(self) -> list[Dispute]:
        """What is still to be decided."""
        return [dispute for dispute in self.disputes if not dispute.settled]

    @property
    def names(self) -> list[str]:
        """What each expert is called; one who gave no name, by the number."""
        return [called(names, number) for number, names in enumerate(self.experts, 1)]

    def add(self, views: Sequence[ExpertView | None]) -> None:
        """Take in what experts say of one school; a view is none of one who did not look at it."""
        school = next(view.assessment.case.content.school.id for view in views if view is not None)
        self.add_values(school, [dict(view.values()) if view is not None else {} for view in views])

    def add_values(self, school: str, stated: Sequence[Mapping[Unit, Exact]]) -> None:
        """Take in what each expert says of a school; nothing of one who did not look at it."""
        self.schools += 1
        units: dict[Unit, None] = dict.fromkeys(unit for values in stated for unit in values)
        for unit in units:
            row = tuple(values.get(unit) for values in stated)
            if sum(value is not None for value in row) > 1:
                groups = self.ratings.setdefault(unit.kind, {})
                groups.setdefault(unit.group, {}).setdefault(school, Counter())[row] += 1

    def data(self, confidence: int) -> dict[str, Any]:
        """Everything as JSON data; `confidence` of the intervals in percent. What is not defined is null."""
        disputes = {"disputes": [dispute.data() for dispute in self.disputes], "open": len(self.open)}
        return {**self.figures(confidence), **disputes}

    def figures(self, confidence: int) -> dict[str, Any]:
        """How far the experts agree, without what they differ on, as JSON data."""
        return {
            "schema": SCHEMA_VERSION,
            "ruleset": {"id": self.ruleset.id, "version": self.ruleset.version, "sha256": self.ruleset.sha256},
            "experts": [", ".join(names) for names in self.experts],
            "schools": self.schools,
            "unmatched": [list(schools) for schools in self.unmatched],
            "confidence": confidence,
            "stated": {kind: self._rows(kind, of, confidence / 100) for kind, of in STATED.items()},
            "outcomes": {
                "indicators" if kind == "earned" else kind: self._rows(kind, of, confidence / 100)
                for kind, of in OUTCOMES.items()
            },
        }

    def _rows(self, kind: str, of: Mapping[str, Coefficient], level: float) -> list[dict[str, Any]]:
        """One row for each group, and with several groups a last one for all of them together."""
        if len(self.experts) > 2:
            of = {name: coefficient for name, coefficient in of.items() if not name.startswith("kappa")}
        order = {code: n for n, code in enumerate([*self.ruleset.blocks, *self.ruleset.indicators])}
        groups = self.ratings.get(kind, {})
        named = sorted(groups, key=lambda name: (order.get(name, len(order)), name))
        rows = [_row(name, groups[name], of, level) for name in named]
        if len(groups) > 1:
            together: dict[str, Counter[Values]] = defaultdict(Counter)
            for schools in groups.values():
                for school, ratings in schools.items():
                    together[school].update(ratings)
            rows.append(_row(None, together, of, level))
        return rows


def called(names: Sequence[str], number: int) -> str:
    """What an expert is called; without a name, by the number counted from 1."""
    return ", ".join(names) or words()["form"]["expert"].format(number=number)


def read_experts(folders: Sequence[Path]) -> list[Cases]:
    """The cases of experts, each in a folder or one file, by school and year.

    Raises `InputError` for bad files, or when no school stands in two of them.
    """
    cases: list[Cases] = [_read_cases(folder) for folder in folders]
    if not _shared(cases):
        hint = "Школы сопоставляются по коду (school.id) и году исследования."
        place = Place(", ".join(str(folder) for folder in folders))
        raise InputError([Problem(place, "нет ни одной школы, которую смотрели двое", hint=hint)])
    return cases


def agree(folders: Sequence[Path], ruleset: str | None = None) -> Agreement:
    """Compare the cases of experts; raises as `read_experts` and `agreement_of`."""
    return agreement_of(read_experts(folders), ruleset)


def agreement_of(cases: Sequence[Cases], ruleset: str | None = None) -> Agreement:
    """Compare the cases of experts by school and year. `ruleset`: none for the one that the first case names.

    Raises `InputError` when a case names what the ruleset does not know.
    """
    shared = _shared(cases)
    first = next((own[shared[0]] for own in cases if shared and shared[0] in own), None)
    rules = load(ruleset or (first.content.ruleset if first is not None else None) or DEFAULT)
    alone = tuple([school for school, year in sorted(own) if (school, year) not in shared] for own in cases)
    agreement = Agreement(rules, tuple([] for _ in cases), alone)
    for key in shared:
        of_school = [own.get(key) for own in cases]
        for names, case in zip(agreement.experts, of_school, strict=True):
            name = _name(case)
            if name and name not in names:
                names.append(name)
        _add(agreement, of_school)
    return agreement


def _shared(cases: Sequence[Cases]) -> list[CaseKey]:
    """Schools and years that at least two experts looked at."""
    counts = Counter(key for own in cases for key in own)
    return sorted(key for key, times in counts.items() if times > 1)


def _add(agreement: Agreement, cases: Sequence[CaseFile | None]) -> None:
    """Take in one school: opinions as they were formed apart, and what was settled since."""
    together = joint_decisions(cases)
    assessments = [_assessed(case, agreement.ruleset) if case is not None else None for case in cases]
    decided = [ExpertView(assessment) if assessment is not None else None for assessment in assessments]
    if not together:
        agreement.add(decided)
        agreement.disputes += disputes(decided)
        return
    alone = [ExpertView(apart(assessment, together)) if assessment is not None else None for assessment in assessments]
    agreement.add(alone)
    aliases = {**agreement.ruleset.indicator_aliases, **agreement.ruleset.aliases}
    codes = {aliases.get(override.of, override.of) for override in together}
    agreement.disputes += settled(list(disputes(alone)), list(disputes(decided)), codes)


def joint_decisions(cases: Sequence[CaseFile | None]) -> tuple[Override, ...]:
    """Decisions that experts took together: they stand alike in the files of all who looked at the school, and name
    every one of them."""
    present = [(number, case) for number, case in enumerate(cases, 1) if case is not None]
    names = [expert_name(case, number) for number, case in present]
    overrides = [case.content.overrides for _, case in present]
    return tuple(
        override
        for override in overrides[0]
        if all(override in others for others in overrides[1:])
        and all(name in override.by and name != override.by for name in names)
    )


def apart(assessment: Assessment, together: Sequence[Override]) -> Assessment:
    """The same case before its experts took these decisions together."""
    if not together:
        return assessment
    case = assessment.case
    own = tuple(override for override in case.content.overrides if override not in together)
    content = case.content.model_copy(update={"overrides": own})
    return reassess(assessment, case.changed(content))


def expert_name(case: CaseFile, number: int) -> str:
    """What the expert of a case is called; without a name, by the number counted from 1."""
    return called([name] if (name := _name(case)) else [], number)


def _name(case: CaseFile | None) -> str | None:
    filled = case.content.filled_by if case is not None else None
    return filled.name if filled is not None else None


def _assessed(case: CaseFile, ruleset: Ruleset) -> Assessment:
    return assess(case, ruleset, EngineName.PLAIN, beside(case.content.ruleset, [ruleset]))


def _read_cases(folder: Path) -> dict[CaseKey, CaseFile]:
    """The cases of one expert by school and year; every bad file is named, and so is a school that stands twice."""
    cases: dict[CaseKey, CaseFile] = {}
    problems: list[Problem] = []
    for file in readable(folder):
        try:
            case = read_case_file(Path(file.path), file.path)
        except InputError as exc:
            problems += exc.problems
            continue
        key = (case.content.school.id, case.content.study.year)
        before = cases.setdefault(key, case)
        if before is not case:
            place = case.source.place(("school", "id"))
            problems.append(Problem(place, "школа у эксперта встречается дважды", key[0], f"впервые — {before.name}"))
    if problems:
        raise InputError(problems)
    return cases


def _row(
    name: str | None, schools: Mapping[str, Ratings], of: Mapping[str, Coefficient], level: float
) -> dict[str, Any]:
    clusters = [tuple(sorted(ratings.items(), key=str)) for ratings in schools.values()]
    tables: dict[Hashable, Ratings] = {cluster: dict(cluster) for cluster in clusters}
    return {
        "id": name,
        "units": sum(n for cluster in clusters for _, n in cluster),
        "disagree": sum(n for cluster in clusters for values, n in cluster if not unanimous(values)),
        **{kind: _rounded(kind, estimate(clusters, tables, coefficient, level)) for kind, coefficient in of.items()},
    }


def _rounded(kind: str, coefficient: Estimate) -> dict[str, float | str | None]:
    """Rounded to four places, so that the last bits of a float never show; `reading`: what a value means by the scale
    of its coefficient."""
    values = {"value": coefficient.value, "low": coefficient.low, "high": coefficient.high}
    rounded = {name: None if value is None else round(value, 4) for name, value in values.items()}
    scale, value = parameters().agreement.scale_of(kind), rounded["value"]
    return {**rounded, "reading": scale.reading(value).id if scale is not None and value is not None else None}
