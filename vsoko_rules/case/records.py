"""What one school published in one study: the words of a case file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from vsoko_rules.case.document_records import Document, Natural
from vsoko_rules.reading.scalars import Code, Day, Flag, Number, Text, Whole
from vsoko_rules.reading.validation import Model
from vsoko_rules.ruleset.model import EducationLevel


class School(Model):
    """The school, and the numbers on which applicability depends."""

    id: Code
    name: Text
    municipality: Text
    levels: Annotated[tuple[EducationLevel, ...], Field(min_length=1)]
    counts: dict[Code, Natural] = Field(default_factory=dict)


class Study(Model):
    """The round of the study. Documents dated outside `from`…`to` (inclusive) are outside its window."""

    year: Annotated[Whole, Field(ge=1990, le=2100)]
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")


class FilledBy(Model):
    """Who filled the case: an expert signs, a school checks itself."""

    role: Literal["expert", "school", "methodist"]
    name: Text | None = None
    date: Day | None = None


class Procedure(Model):
    """One row of the schedule of assessment procedures, for the load rules."""

    id: Code
    subject: Text
    grade: Annotated[Whole, Field(ge=1, le=11)]
    days_between: Natural | None = None
    """fewest days between two procedures in the subject and parallel"""
    share: Number | None = None
    """percent of the subject's time"""
    per_day: Natural | None = None
    """most procedures of one class on one day"""


Measure = Annotated[Number, Field(ge=-1_000_000, le=1_000_000, decimal_places=3)]
"""a measured value: at most three places after the point, so that it is exact in thousandths"""


class IndicatorEntry(Model):
    """What is stated of one indicator: a measured value, an expert's mark, or both."""

    value: Measure | None = None
    previous: Measure | None = None
    """the value of the year before, for indicators that must grow"""
    target: Measure | None = None
    unit: Text | None = None
    sample: Natural | None = None
    mark: Number | None = None
    comment: Text | None = None
    documents: tuple[Code, ...] = ()


class Override(Model):
    """An expert's own outcome for one element or indicator, kept beside the automatic one."""

    of: Code
    outcome: Literal["met", "partial", "missing", "not_applicable", "not_checked"]
    by: Text
    date: Day
    until: Day | None = None
    """the last day on which it counts; none: as long as the study"""
    comment: Text

    def counts_on(self, day: Day) -> bool:
        """Whether it has not ended by `day`."""
        return self.until is None or self.until >= day


class Case(Model):
    """One school in one study."""

    ruleset: Code | None = None
    """the ruleset the case was filled for; a notice is given when it is read with another"""
    school: School
    study: Study
    filled_by: FilledBy | None = None
    reviewed: tuple[Code, ...] | None = None
    """blocks that were gone through; not given: all"""
    links_checked: Flag = True
    """false: nobody has yet looked for all links between documents, so that a missing one is not checked"""
    documents: tuple[Document, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    indicators: dict[Code, IndicatorEntry] = Field(default_factory=dict)
    overrides: tuple[Override, ...] = ()

    def reviewing(self, blocks: Iterable[str]) -> frozenset[str]:
        """Those of `blocks` that somebody went through. As long as nobody has said of a document to which elements it
        belongs, it may be one of any block."""
        if any(d.evidence and d.unsorted for d in self.documents):
            return frozenset()
        return frozenset(blocks if self.reviewed is None else (block for block in blocks if block in self.reviewed))

    @property
    def day(self) -> date:
        """The day for which the case is judged: that on which it was filled in, else the last of the study."""
        stated = self.filled_by.date if self.filled_by is not None else None
        return stated or self.study.end

    @property
    def open_claims(self) -> bool:
        """Whether anything waits for a person: a claim, or all links of documents."""
        return not self.links_checked or any(d.open_claims for d in self.documents)
