"""Where two experts who read the same school differ: both verdicts side by side, with comments and documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.indicators import IndicatorRow
from vsoko_rules.verdict.result import number


class Subject(str, Enum):
    """What a dispute is about."""

    ELEMENT = "element"
    INDICATOR = "indicator"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one expert's case says of the subject. `lacks`: requirements that the nearest document misses."""

    outcome: str
    mark: int | float | None
    comments: tuple[str, ...]
    documents: tuple[str, ...]
    """titles"""
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dispute:
    """One element or indicator of one school on which two experts differ."""

    school: str
    name: str
    block: str | None
    subject: Subject
    of: str
    title: str
    first: Opinion
    second: Opinion


def disputes(first: Assessment, second: Assessment) -> Iterator[Dispute]:
    """Everything on which two assessments of one school under one ruleset differ, in the order of the ruleset."""
    school, rules = first.case.content.school, first.ruleset
    for code, element in rules.elements.items():
        opinions = [_of_element(each, code) for each in (first, second)]
        if opinions[0].outcome != opinions[1].outcome:
            title = first.expectation.elements.get(code, element).title
            yield Dispute(school.id, school.name, element.block, Subject.ELEMENT, code, title, *opinions)
    for code in indicators(first, second):
        marks = [rating(each, code) for each in (first, second)]
        if None not in marks and marks[0] != marks[1]:
            known = rules.indicators.get(code)
            title, block = (known.title, known.block) if known else (code, block_of(first, code))
            opinions = [_of_indicator(each, code) for each in (first, second)]
            yield Dispute(school.id, school.name, block, Subject.INDICATOR, code, title, *opinions)


def indicators(first: Assessment, second: Assessment) -> list[str]:
    """The indicators that may be compared: those of the ruleset, or where it has no list those that both name."""
    if first.ruleset.indicators:
        return list(first.ruleset.indicators)
    return sorted(first.case.content.indicators.keys() & second.case.content.indicators.keys())


def block_of(assessment: Assessment, indicator: str) -> str | None:
    """The block of an indicator; of one that no list holds, the block that its code begins with."""
    known = assessment.ruleset.indicators.get(indicator)
    prefix = indicator.split("-", maxsplit=1)[0]
    return known.block if known else prefix if prefix in assessment.ruleset.blocks else None


def rating(assessment: Assessment, indicator: str) -> Fraction | None:
    """The points that an expert's case gives an indicator; none where it is open or does not apply."""
    row = _row(assessment, indicator)
    if row is not None:
        return Fraction(row.points.points) if row.outcome in (Outcome.MET, Outcome.MISSING, Outcome.PARTIAL) else None
    entry = assessment.case.content.indicators.get(indicator)
    return Fraction(entry.mark) if entry is not None and entry.mark is not None else None


def _row(assessment: Assessment, indicator: str) -> IndicatorRow | None:
    return next((row for block in assessment.blocks for row in block.rows if row.indicator == indicator), None)


def _of_element(assessment: Assessment, element: str) -> Opinion:
    case, evidence = assessment.case, assessment.evidence
    offered = evidence.serves.get(element, ())
    credited = evidence.credited.get(element, ())
    decided = [o for o in case.content.overrides if o.of == element]
    applies = element in assessment.expectation.elements
    if decided:
        outcome = decided[-1].outcome
    elif not applies:
        outcome = Outcome.NOT_APPLICABLE.value
    else:
        outcome = (Outcome.MET if credited else Outcome.PARTIAL if offered else Outcome.MISSING).value
    comments = [o.comment for o in decided] + [c for d in offered if (c := case.documents[d].comment)]
    missing = sorted((evidence.lacks(d, element) for d in offered), key=len) if applies and not credited else []
    lacks = tuple(assessment.ruleset.requirements[r].title for r in missing[0]) if missing else ()
    return Opinion(outcome, None, tuple(comments), tuple(case.documents[d].title for d in offered), lacks)


def _of_indicator(assessment: Assessment, indicator: str) -> Opinion:
    case, row, points = assessment.case, _row(assessment, indicator), rating(assessment, indicator)
    entry = case.content.indicators.get(indicator)
    comments = [o.comment for o in case.content.overrides if o.of == indicator]
    comments += [entry.comment] if entry is not None and entry.comment else []
    names = entry.documents if entry is not None else ()
    outcome = row.outcome.value if row is not None else (Outcome.MET if points else Outcome.MISSING).value
    mark = None if points is None else number(points)
    return Opinion(outcome, mark, tuple(comments), tuple(case.documents[d].title for d in names))
