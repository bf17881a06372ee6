"""How far two experts agree who studied the same schools independently: by block, and by indicator."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass, field
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
    Pairs,
    Scale,
    Weights,
    estimate,
    kappa,
    pair_alpha,
    percent_agreement,
)
from vsoko_rules.study.collect import collect
from vsoko_rules.study.disputes import Dispute, block_of, disputes, indicators, rating
from vsoko_rules.verdict.assessment import Assessment, assess

SCHEMA_VERSION = 1

Groups = dict[str, dict[str, Counter[tuple[Fraction, Fraction]]]]
"""by group and school, how often the first expert gave one value and the second another"""

NOMINAL: Mapping[str, Coefficient] = {
    "agreement": percent_agreement,
    "kappa": kappa,
    "alpha": pair_alpha,
}
"""for marks that are only equal or not"""

ORDINAL: Mapping[str, Coefficient] = {
    "agreement": percent_agreement,
    "kappa": kappa,
    "kappa_linear": lambda pairs: kappa(pairs, Weights.LINEAR),
    "kappa_quadratic": lambda pairs: kappa(pairs, Weights.QUADRATIC),
    "alpha": pair_alpha,
    "alpha_ordinal": lambda pairs: pair_alpha(pairs, Scale.ORDINAL),
}
"""for points that have an order"""


@dataclass
class Agreement:
    """Ratings of both experts, school by school, and what they differ on."""

    ruleset: Ruleset
    experts: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    schools: int = 0
    unmatched: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    components: Groups = field(default_factory=dict)
    """by block and school: points of the six components"""
    marks: Groups = field(default_factory=dict)
    """by block and school: points of indicators"""
    indicators: Groups = field(default_factory=dict)
    """by indicator and school"""
    disputes: list[Dispute] = field(default_factory=list)

    def add(self, first: Assessment, second: Assessment) -> None:
        """Take in one school that both experts studied."""
        self.schools += 1
        for names, each in zip(self.experts, (first, second), strict=True):
            filled = each.case.content.filled_by
            if filled is not None and filled.name and filled.name not in names:
                names.append(filled.name)
        school = first.case.content.school.id
        for mine, other in zip(first.blocks, second.blocks, strict=True):
            for a, b in zip(mine.components, other.components, strict=False):
                if a.points.certain and b.points.certain:
                    _count(self.components, mine.id, school, (Fraction(a.points.points), Fraction(b.points.points)))
        for code in indicators(first, second):
            x, y = rating(first, code), rating(second, code)
            if x is not None and y is not None:
                _count(self.marks, block_of(first, code) or "", school, (x, y))
                _count(self.indicators, code, school, (x, y))
        self.disputes += disputes(first, second)

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
            "components": _rows(self.components, ORDINAL, level),
            "marks": _rows(self.marks, ORDINAL, level),
            "indicators": _rows(self.indicators, NOMINAL, level),
            "disputes": [asdict(d) | {"subject": d.subject.value} for d in self.disputes],
        }


def _assessed(case: CaseFile, ruleset: Ruleset) -> Assessment:
    return assess(case, ruleset, EngineName.PLAIN, beside(case.content.ruleset, [ruleset]))


def agree(first: Path, second: Path, ruleset: str | None = None) -> Agreement:
    """Compare the cases of two experts, matched by school and year.

    Raises `InputError` for bad files, or when no school stands in both.
    """
    mine, other = _cases(first), _cases(second)
    both = sorted(mine.keys() & other.keys())
    if not both:
        hint = "Школы сопоставляются по коду (school.id) и году исследования."
        raise InputError([Problem(Place(f"{first}, {second}"), "нет ни одной школы, которую смотрели оба", hint=hint)])
    rules = load(ruleset or mine[both[0]].content.ruleset or DEFAULT)
    found = Agreement(rules)
    found.unmatched[0].extend(school for school, year in sorted(mine.keys() - other.keys()))
    found.unmatched[1].extend(school for school, year in sorted(other.keys() - mine.keys()))
    for key in both:
        found.add(*(_assessed(cases[key], rules) for cases in (mine, other)))
    return found


def _cases(folder: Path) -> dict[tuple[str, int], CaseFile]:
    """The cases of one expert by school and year; every bad file is named, and so is a school that stands twice."""
    found: dict[tuple[str, int], CaseFile] = {}
    problems: list[Problem] = []
    for each in collect([folder]):
        try:
            case = read_case_file(Path(each.path), str(Path(each.path)))
        except InputError as exc:
            problems += exc.problems
            continue
        key = (case.content.school.id, case.content.study.year)
        before = found.setdefault(key, case)
        if before is not case:
            place = case.source.place(("school", "id"))
            problems.append(Problem(place, "школа у эксперта встречается дважды", key[0], f"впервые — {before.name}"))
    if problems:
        raise InputError(problems)
    return found


def _count(groups: Groups, group: str, school: str, pair: tuple[Fraction, Fraction]) -> None:
    groups.setdefault(group, {}).setdefault(school, Counter())[pair] += 1


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
        **{kind: _estimate(estimate(clusters, tables, each, level)) for kind, each in of.items()},
    }


def _estimate(found: Estimate) -> dict[str, float | None]:
    """Rounded to four places, so that the last bits of a float never show."""
    values = {"value": found.value, "low": found.low, "high": found.high}
    return {name: None if value is None else round(value, 4) for name, value in values.items()}
