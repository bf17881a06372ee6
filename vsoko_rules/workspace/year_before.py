"""A school held against another year of its own: what was mended, what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vsoko_rules.study import pages
from vsoko_rules.study.compare import GROUPS
from vsoko_rules.workspace.studies import compare


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


def compare_years(old: Path, new: Path) -> SchoolComparison:
    """Two files of one school held against each other. Raises `InputError` for one that cannot be read."""
    report = compare([old, new])
    known = report.shown["c"]
    years = [", ".join(str(year) for year in known[which]["years"]) for which in ("old", "new")]
    change = known["changes"][0] if known["changes"] else None
    return SchoolComparison(years, change, GROUPS, pages.words(), report.shown["titles"])
