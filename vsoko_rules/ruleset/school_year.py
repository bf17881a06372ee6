"""The school year of a ruleset: when its documents begin and end, and by when those of each stage are issued."""

from __future__ import annotations

from vsoko_rules.reading.scalars import Code, Flag, MonthDay
from vsoko_rules.ruleset.model import Provenance


class YearStart(Provenance):
    """When the documents of a school year begin and end: orders of late August open the year that starts in September,
    and what is concluded from it is decided in the autumn after it."""

    begins: MonthDay
    """a period that begins on this day …"""
    opens: MonthDay
    """… is open to documents from this day on"""
    joins: MonthDay | None = None
    """until this day of the calendar year that follows a school can still begin the cycle of the year; none: until the
    first date of the calendar"""
    closes: MonthDay | None = None
    """a study of a year usually ends on this day of it; none: with the school year"""


class CycleDate(Provenance):
    """By when the documents of a stage are issued, in any school year: what the plan of a next cycle goes by."""

    stage: Code
    due: MonthDay
    following: Flag = False
    """true: in the calendar year after the one in which the school year begins"""
