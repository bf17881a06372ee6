"""Results of schools as data: held to be of one study, and what single ones say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from vsoko_rules.errors import InputError, Place, Problem, argument
from vsoko_rules.report.scores import points
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.scoring import Bounds

Result = Mapping[str, Any]
"""one result, as `vsoko_rules.verdict.result.result` makes it"""

EXPECTED: Final = "результаты проверки в JSON"


def check_one_study(results: Sequence[Result], ruleset: Ruleset) -> None:
    """Raises `InputError` unless there are results, all of one ruleset and year, and each school once."""
    problems = []
    years = sorted({result["year"] for result in results})
    seen: set[str] = set()
    for result in results:
        place = Place(result["case"]["file"])
        if result["ruleset"]["id"] != ruleset.id:
            problems.append(Problem(place, "результат получен по другой методике", result["ruleset"]["id"], ruleset.id))
        if result["year"] != years[0]:
            problems.append(Problem(place, "результат другого года", str(result["year"]), str(years[0])))
        if result["school"]["id"] in seen:
            problems.append(Problem(place, "школа указана дважды", result["school"]["id"]))
        seen.add(result["school"]["id"])
    if not results:
        problems.append(Problem(argument("results"), "нет ни одного результата"))
    if problems:
        raise InputError(problems)


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
