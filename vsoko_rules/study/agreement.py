"""How far two experts agree who studied the same schools independently.

Two things are compared and never mixed: what the experts stated themselves (marks of indicators, decisions), and what
came of everything they stated (lines that are complete, outcomes of components, elements and indicators).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.ruleset.load import DEFAULT, beside, load
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.coefficients import (
    Coefficient,
    Estimate,
    Metric,
    Pairs,
    Weights,
    estimate,
    kappa,
    pair_alpha,
    percent_agreement,
)
from vsoko_rules.study.collect import readable
from vsoko_rules.study.disputes import RANKED, Dispute, ExpertView, block_of, disputes, indicators
from vsoko_rules.verdict.assessment import Assessment, Line, assess
from vsoko_rules.verdict.evidence import Outcome

SCHEMA_VERSION = 2

CaseKey = tuple[str, int]
"""school and year"""
Groups = dict[str, dict[str, Counter[tuple[Fraction, Fraction]]]]
"""by group and school, how often the first expert has one value and the second another"""

NOMINAL: Mapping[str, Coefficient] = {
    "agreement": percent_agreement,
    "kappa": kappa,
    "alpha": pair_alpha,
}
"""for values that are only equal or not"""

ORDINAL: Mapping[str, Coefficient] = {
    "agreement": percent_agreement,
    "kappa": kappa,
    "kappa_linear": lambda pairs: kappa(pairs, Weights.LINEAR),
    "kappa_quadratic": lambda pairs: kappa(pairs, Weights.QUADRATIC),
    "alpha": pair_alpha,
    "alpha_ordinal": lambda pairs: pair_alpha(pairs, Metric.ORDINAL),
}
"""for values that have an order"""

_ALL: Mapping[Outcome | None, Fraction] = {outcome: Fraction(n) for n, outcome in enumerate(Outcome)}
_RANKS: Mapping[Outcome | None, Fraction] = {outcome: Fraction(n) for n, outcome in enumerate(RANKED)}


@dataclass
class Agreement:
    """Values of both experts, school by school, and what they differ on. All groups are by block but `indicators`."""

    ruleset: Ruleset
    experts: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    schools: int = 0
    unmatched: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    marks: Groups = field(default_factory=dict)
    """stated: marks"""
    indicators: Groups = field(default_factory=dict)
    """stated: marks by indicator"""
    decisions: Groups = field(default_factory=dict)
    """stated: decisions that both took"""
    lines: Groups = field(default_factory=dict)
    """whether lines are complete"""
    components: Groups = field(default_factory=dict)
    """outcomes of the components"""
    elements: Groups = field(default_factory=dict)
    """outcomes of elements"""
    earned: Groups = field(default_factory=dict)
    """outcomes of indicators"""
    disputes: list[Dispute] = field(default_factory=list)

    def add(self, first: Assessment, second: Assessment) -> None:
        """Take in one school that both experts studied."""
        self.schools += 1
        for names, assessment in zip(self.experts, (first, second), strict=True):
            filled = assessment.case.content.filled_by
            if filled is not None and filled.name and filled.name not in names:
                names.append(filled.name)
        views = ExpertView(first), ExpertView(second)
        school = first.case.content.school.id
        for mine, other in zip(first.blocks, second.blocks, strict=True):
            for line, same in zip(mine.lines, other.lines, strict=True):
                _count(self.lines, mine.id, school, _whole(line), _whole(same))
            for a, b in zip(mine.components, other.components, strict=False):
                _count(self.components, mine.id, school, _RANKS.get(a.outcome), _RANKS.get(b.outcome))
        marked = indicators(*views)
        for code in dict.fromkeys([*self.ruleset.elements, *marked]):
            block = block_of(self.ruleset, code) or ""
            _count(self.decisions, block, school, *(_ALL.get(view.decision(code)) for view in views))
            _count(self.elements, block, school, *(_RANKS.get(view.element(code)) for view in views))
            _count(self.earned, block, school, *(_RANKS.get(view.indicator(code)) for view in views))
            for groups, group in ((self.marks, block), (self.indicators, code)):
                _count(groups, group, school, *(view.mark(code) for view in views))
        self.disputes += disputes(*views)

    def data(self, confidence: int) -> dict[str, Any]:
        """Everything as JSON data; `confidence` of the intervals in percent. What is not defined is null."""
        level = confidence / 100
        return {
            "schema": SCHEMA_VERSION,
            "ruleset": {"id": self.ruleset.id, "version": self.ruleset.version, "sha256": self.ruleset.sha256},
            "experts": [", ".join(names) for names in self.experts],
            "schools": self.schools,
            "unmatched": [list(names) for names in self.unmatched],
            "confidence": confidence,
            "stated": {
                "marks": _rows(self.marks, ORDINAL, level),
                "decisions": _rows(self.decisions, NOMINAL, level),
                "indicators": _rows(self.indicators, NOMINAL, level),
            },
            "outcomes": {
                "lines": _rows(self.lines, NOMINAL, level),
                "components": _rows(self.components, ORDINAL, level),
                "elements": _rows(self.elements, ORDINAL, level),
                "indicators": _rows(self.earned, ORDINAL, level),
            },
            "disputes": [dispute.data() for dispute in self.disputes],
        }


def agree(first: Path, second: Path, ruleset: str | None = None) -> Agreement:
    """Compare the cases of two experts in two folders, matched by school and year.

    Raises `InputError` for bad files, or when no school stands in both.
    """
    mine, other = _cases(first), _cases(second)
    if not mine.keys() & other.keys():
        hint = "Школы сопоставляются по коду (school.id) и году исследования."
        raise InputError([Problem(Place(f"{first}, {second}"), "нет ни одной школы, которую смотрели оба", hint=hint)])
    return agreement_of(mine, other, ruleset)


def agreement_of(
    first: Mapping[CaseKey, CaseFile], second: Mapping[CaseKey, CaseFile], ruleset: str | None = None
) -> Agreement:
    """Compare the cases of two experts by school and year. `ruleset`: none for the one that the first case names.

    Raises `InputError` when a case names what the ruleset does not know.
    """
    both = sorted(first.keys() & second.keys())
    named = first[both[0]].content.ruleset if both else None
    agreement = Agreement(load(ruleset or named or DEFAULT))
    agreement.unmatched[0].extend(school for school, _ in sorted(first.keys() - second.keys()))
    agreement.unmatched[1].extend(school for school, _ in sorted(second.keys() - first.keys()))
    for key in both:
        agreement.add(*(_assessed(cases[key], agreement.ruleset) for cases in (first, second)))
    return agreement


def _assessed(case: CaseFile, ruleset: Ruleset) -> Assessment:
    return assess(case, ruleset, EngineName.PLAIN, beside(case.content.ruleset, [ruleset]))


def _cases(folder: Path) -> dict[CaseKey, CaseFile]:
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


def _whole(line: Line) -> Fraction | None:
    """Whether a line is complete; none where nothing is known or asked."""
    known = line.outcome not in (Outcome.NOT_APPLICABLE, Outcome.NOT_CHECKED)
    return Fraction(line.outcome is Outcome.MET) if known else None


def _count(groups: Groups, group: str, school: str, first: Fraction | None, second: Fraction | None) -> None:
    """Count a unit that both experts have a value for."""
    if first is not None and second is not None:
        groups.setdefault(group, {}).setdefault(school, Counter())[first, second] += 1


def _rows(groups: Groups, of: Mapping[str, Coefficient], level: float) -> list[dict[str, Any]]:
    """One row for each group, and with several groups a last one for all of them together."""
    rows = [_row(name, schools, of, level) for name, schools in groups.items()]
    if len(groups) > 1:
        together: dict[str, Counter[tuple[Fraction, Fraction]]] = defaultdict(Counter)
        for schools in groups.values():
            for school, pairs in schools.items():
                together[school].update(pairs)
        rows.append(_row(None, together, of, level))
    return rows


def _row(name: str | None, schools: Mapping[str, Pairs], of: Mapping[str, Coefficient], level: float) -> dict[str, Any]:
    clusters = [tuple(sorted(pairs.items())) for pairs in schools.values()]
    tables: dict[Hashable, Pairs] = {cluster: dict(cluster) for cluster in clusters}
    return {
        "id": name,
        "units": sum(n for cluster in clusters for _, n in cluster),
        "disagree": sum(n for cluster in clusters for (a, b), n in cluster if a != b),
        **{kind: _rounded(estimate(clusters, tables, coefficient, level)) for kind, coefficient in of.items()},
    }


def _rounded(coefficient: Estimate) -> dict[str, float | None]:
    """Rounded to four places, so that the last bits of a float never show."""
    values = {"value": coefficient.value, "low": coefficient.low, "high": coefficient.high}
    return {name: None if value is None else round(value, 4) for name, value in values.items()}
