"""A school held against another year of its own: what was mended, what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vsoko_rules.study import pages
from vsoko_rules.study.compare import GROUPS, compare
from vsoko_rules.study.rounds import round_of
from vsoko_rules.workspace.opened_school import OpenedSchool


@dataclass(frozen=True, slots=True)
class SchoolComparison:
    """Two years of one school. `change` is as in the results of `compare`, none where the files are of two schools."""

    years: Sequence[str]
    change: Mapping[str, Any] | None
    groups: Sequence[str]
    said: Any
    """the words of studies"""
    titles: Mapping[str, Any]
    """what the ruleset calls its parts"""


def compare_years(old: OpenedSchool, new: OpenedSchool) -> SchoolComparison:
    """Two opened cases held against each other. Raises `InputError` for one that cannot be assessed."""
    changes = compare(round_of(old.assessment), round_of(new.assessment), new.ruleset)
    years = [str(school.case.content.study.year) for school in (old, new)]
    change = changes["changes"][0] if changes["changes"] else None
    return SchoolComparison(years, change, GROUPS, pages.words(), pages.ruleset_words(new.ruleset))
