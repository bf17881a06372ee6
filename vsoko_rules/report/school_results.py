"""Results of schools as data: held to be of one study, and what single ones say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from vsoko_rules.errors import InputError, Place, Problem, Remedy, argument
from vsoko_rules.report.scores import points
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.scoring import Bounds
from vsoko_rules.words import limit, words

Result = Mapping[str, Any]
"""one result, as `vsoko_rules.verdict.result.result` makes it"""

EXPECTED: Final = "результаты проверки в JSON"


def check_one_study(results: Sequence[Result], ruleset: Ruleset) -> None:
    """Raises `InputError` unless there are results, all of one ruleset and year, and each school once."""
    problems = [*_of_other_rulesets(results, ruleset)]
    years = sorted({result["year"] for result in results})
    seen: set[tuple[str, str]] = set()
    for result in results:
        place = Place(result["case"]["file"])
        if result["year"] != years[0]:
            problems.append(Problem(place, "результат другого года", str(result["year"]), str(years[0])))
        school = result["school"]["id"], result["ruleset"]["id"]
        if school in seen:
            problems.append(Problem(place, "школа указана дважды", school[0]))
        seen.add(school)
    if not results:
        problems.append(Problem(argument("results"), "нет ни одного результата"))
    if problems:
        raise InputError(problems)


def _of_other_rulesets(results: Sequence[Result], ruleset: Ruleset) -> Iterator[Problem]:
    """One problem, where there are results of another ruleset: which files are of which."""
    files: dict[str, list[str]] = {}
    for result in results:
        files.setdefault(result["ruleset"]["id"], []).append(str(result["case"]["file"]))
    if not files.keys() <= {ruleset.id}:
        told = (f"{name} — {_names(own)}" for name, own in sorted(files.items()))
        message = f"школы проверены не по одной методике: {'; '.join(told)}"
        yield Problem(argument("results"), message, expected="одна методика", remedy=Remedy.CHOOSE_RULESET)


def _names(files: Sequence[str]) -> str:
    most = limit("ruleset_files")
    shown = ", ".join(files[:most])
    return shown if len(files) <= most else str(words()["more"]).format(shown=shown, rest=len(files) - most)


def level_of(result: Result) -> str | None:
    """The id of the level that a school has for certain; none while the rest may change it, or where it has none."""
    level = result["level"]
    return level["id"] if level is not None and level["low"] == level["high"] else None


def is_open(result: Result) -> bool:
    """Whether things not checked yet may change the level."""
    level = result["level"]
    return level is not None and level["low"] != level["high"]


def points_of(bounds: Mapping[str, Any]) -> str:
    """Points of a result as reports write them."""
    low, proven, high, most = (Fraction(str(bounds[name])) for name in ("low", "points", "high", "max"))
    return points(Bounds(low, proven, high, most))


def share_of(bounds: Mapping[str, Any]) -> Fraction | None:
    """The exact percent of a result; none where nothing applies."""
    proven, most = (Fraction(str(bounds[name])) for name in ("points", "max"))
    return proven * 100 / most if most else None
