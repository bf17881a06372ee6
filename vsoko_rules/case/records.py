"""What one school published in one study: the words of a case file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vsoko_rules.reading.scalars import Code, Day, Flag, Number, Text, Whole
from vsoko_rules.reading.validation import Model
from vsoko_rules.ruleset.model import EducationLevel

Natural = Annotated[Whole, Field(ge=0)]


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


class Document(Model):
    """A document that the school published."""

    id: Code
    title: Text
    kind: Text | None = None
    serves: tuple[Code, ...] = ()
    number: Text | None = None
    date: Day | None = None
    url: Text | None = None
    file: Text | None = None
    holds: tuple[Code, ...] = ()
    """requirements (those `given_by: holds`) that the document meets"""
    addressees: tuple[Code, ...] = ()
    covers: tuple[EducationLevel, ...] = ()
    """levels of education the document speaks of; not given: not stated, so nothing is said of what it leaves out"""
    based_on: tuple[Code, ...] = ()
    blank: Flag = False
    """true: a template with blanks left open, « № ___ от ___ »"""
    scan: Flag = False
    """true: a picture without text, its contents could not be read yet"""
    sample: Natural | None = None
    """how many pupils the conclusions of the document rest on"""
    remarks: tuple[Code, ...] = ()
    quote: Text | None = None
    page: Natural | None = None
    comment: Text | None = None


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
    comment: Text


class Case(Model):
    """One school in one study."""

    ruleset: Code | None = None
    """the ruleset the case was filled for; a notice is given when it is read with another"""
    school: School
    study: Study
    filled_by: FilledBy | None = None
    reviewed: tuple[Code, ...] | None = None
    """blocks that were gone through; not given: all"""
    documents: tuple[Document, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    indicators: dict[Code, IndicatorEntry] = Field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
