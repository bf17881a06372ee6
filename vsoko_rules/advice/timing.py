"""On which day advice is given, and what can still be carried out on that day.

Within the period of a study its documents are mended. After it they are not: nothing is dated back, and an order that
has been carried out is not changed. What is advised then is the next cycle, by the calendar of the ruleset.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from vsoko_rules.advice.changes import NextCycle, changed
from vsoko_rules.case.claims import confirmed
from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case, Study
from vsoko_rules.case.requisites import Requisites
from vsoko_rules.reading.scalars import span
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessment import Assessment, reassess


class DayOrigin(str, Enum):
    """Where the day of an advice comes from."""

    ASKED = "asked"
    FILLED = "filled"
    """the day on which the case was filled in"""
    TODAY = "today"
    CASE = "case"
    """the last day that the case names: the end of the study, or a document dated after it"""


@dataclass(frozen=True, slots=True)
class AdviceDay:
    """The day for which advice is given, and where it comes from."""

    day: date
    origin: DayOrigin


def advice_day(case: Case, asked: date | None = None, today: date | None = None) -> AdviceDay:
    """The day for a case: the one asked for, the day of filling in, `today` where the caller knows it. Without them
    the last day that the case names, so that a report says the same whenever it is made."""
    filled = case.filled_by.date if case.filled_by is not None else None
    for day, origin in ((asked, DayOrigin.ASKED), (filled, DayOrigin.FILLED), (today, DayOrigin.TODAY)):
        if day is not None:
            return AdviceDay(day, origin)
    return AdviceDay(max([case.study.end, *(d.date for d in case.documents if d.date is not None)]), DayOrigin.CASE)


def is_over(case: Case, day: AdviceDay) -> bool:
    """Whether the period of the study is over, so that none of its documents can be issued or changed any more."""
    return day.day > case.study.end


def next_study(case: Case, ruleset: Ruleset, day: AdviceDay) -> Study:
    """The next cycle: that of the first later school year in which it is not too late to begin. It ends with the last
    date of its calendar."""
    year = max(case.study.start.year + 1, day.day.year - 1)
    while True:
        dates = ruleset.calendar_of(year)
        start = ruleset.year_begins(year) or _of_year(case.study.start, year)
        last = ruleset.may_begin_until(year) or min(dates.values(), default=start)
        if last >= day.day and start > case.study.start:
            end = max(
                dates.values(), default=_of_year(case.study.end, year + case.study.end.year - case.study.start.year)
            )
            shift = start.year - case.study.start.year
            return Study.model_construct(year=case.study.year + shift, start=start, end=end)
        year += 1


def _of_year(day: date, year: int) -> date:
    """The same day of another year; 28 February for 29."""
    return day.replace(year=year, day=min(day.day, 28) if day.month == 2 else day.day)


def next_cycle(assessment: Assessment, day: AdviceDay) -> Assessment:
    """Where the next cycle begins: what is in force then still counts, everything else is to be written anew."""
    study = next_study(assessment.case.content, assessment.ruleset, day)
    case = changed(assessment.case, [NextCycle(study, tuple(d.id for d in assessment.case.content.documents))])
    then = reassess(assessment, case)
    return reassess(assessment, changed(case, [NextCycle(study, tuple(_staying(then)))]))


def _staying(then: Assessment) -> list[str]:
    """Documents that count in another cycle too: in force in it, or for what asks of no time; and what they belong
    to."""
    case = confirmed(then.case.content)
    requisites, evidence = Requisites(case, then.ruleset), then.evidence
    staying = {
        source.id
        for e, credited in evidence.credited.items()
        for d in credited
        if requisites.in_window(evidence.documents[d]) or not asks_of_time(then, e)
        for source in requisites.sources(evidence.documents[d])
    }
    return [d.id for d in case.documents if d.id in staying]


def asks_of_time(assessment: Assessment, element: str) -> bool:
    """Whether an element asks when its document was issued, so that one of this cycle is none of the next."""
    asked = assessment.expectation.elements[element].requires
    return any(assessment.ruleset.requirements[r].of_period for r in asked)


def carried_out(document: Document, elements: tuple[str, ...], ruleset: Ruleset, day: AdviceDay) -> bool:
    """Whether the time for which an order was given has passed: whoever reads it now cannot follow what is added."""
    ends = [document.valid.end] if document.valid is not None else []
    ends += [s[1]] if document.period and (s := span(document.period)) is not None else []
    closes = any(ruleset.stages[ruleset.elements[e].stage].carried_out for e in elements if e in ruleset.elements)
    return closes and any(end is not None and end < day.day for end in ends)
