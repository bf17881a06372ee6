"""What a case states, as facts for the rules: codes, whole numbers and truth values only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from math import ceil

from vsoko_rules.case.records import Case, Document, IndicatorEntry
from vsoko_rules.engine.facts import Facts
from vsoko_rules.engine.language import Fact
from vsoko_rules.ruleset.ruleset import Expectation, Ruleset


def expectation(case: Case, ruleset: Ruleset) -> Expectation:
    """What `ruleset` expects of the school of `case`."""
    return ruleset.expects(frozenset(case.school.levels), case.school.counts)


def facts(case: Case, ruleset: Ruleset) -> Facts:
    """Everything the rules may look at for one case."""
    expected = expectation(case, ruleset)
    stated: list[Fact] = []
    for document in case.documents:
        stated.extend(_document(document, case, ruleset))
    stated.extend(_omissions(case, ruleset, expected))
    stated.extend(_procedures(case))
    expert = case.filled_by is not None and case.filled_by.role == "expert"
    for code, entry in case.indicators.items():
        indicator = ruleset.indicator_aliases.get(code, code)
        if entry.mark is not None:
            stated.append(("mark", indicator, entry.mark == 0, entry.comment is not None, expert))
        if entry.value is not None:
            stated.append(_measured(indicator, entry, ruleset))
    return Facts(expected.given, stated)


def in_window(day: date | None, case: Case) -> bool:
    """Whether a date lies in the window of the study, both ends included."""
    return day is not None and case.study.start <= day <= case.study.end


def served(document: Document, ruleset: Ruleset) -> tuple[str, ...]:
    """The elements that a document serves, old codes replaced by those that took their place."""
    return tuple(ruleset.aliases.get(code, code) for code in document.serves)


def target(indicator: str, entry: IndicatorEntry, ruleset: Ruleset) -> Decimal | None:
    """What a measured value is held against: the region's target, or where it sets none the school's own."""
    found = ruleset.indicators.get(indicator)
    regional = found.earned.value.target if found is not None and found.earned.value is not None else None
    return regional if regional is not None else entry.target


def _measured(indicator: str, entry: IndicatorEntry, ruleset: Ruleset) -> Fact:
    goal, before = target(indicator, entry, ruleset), entry.previous
    return (
        "measured",
        indicator,
        _thousandths(entry.value),
        goal is not None,
        _thousandths(goal),
        before is not None,
        _thousandths(before),
    )


def _thousandths(value: Decimal | None) -> int:
    return int((value or 0) * 1000)


def _document(d: Document, case: Case, ruleset: Ruleset) -> Iterator[Fact]:
    day = d.date.toordinal() if d.date else 0
    yield (
        "document",
        d.id,
        d.blank,
        d.scan,
        d.number is not None,
        d.date is not None,
        day,
        in_window(d.date, case),
        d.sample is not None,
        d.sample or 0,
    )
    for element in served(d, ruleset):
        yield ("serves", d.id, element)
    for content in d.holds:
        yield ("holds", d.id, content)
    for addressee in d.addressees:
        yield ("addresses", d.id, addressee)
    for ground in d.based_on:
        yield ("based_on", d.id, ground)
    for remark in d.remarks:
        yield ("remark", d.id, remark)


def _omissions(case: Case, ruleset: Ruleset, expected: Expectation) -> Iterator[Fact]:
    """Levels of the school that an element should speak of and none of its documents does.

    Documents that do not state what they cover say nothing either way.
    """
    stating: dict[str, list[Document]] = {}
    for document in case.documents:
        for element in served(document, ruleset) if document.covers else ():
            stating.setdefault(element, []).append(document)
    for element, documents in stating.items():
        wanted = expected.levels.intersection(expected.elements[element].covers if element in expected.elements else ())
        for level in wanted.difference(*(d.covers for d in documents)):
            yield from (("omits", d.id, element, level.value) for d in documents)


def _procedures(case: Case) -> Iterator[Fact]:
    for p in case.procedures:
        yield (
            "procedure",
            p.id,
            p.days_between is not None,
            p.days_between or 0,
            p.share is not None,
            ceil((p.share or 0) * 10),  # any part above a limit is above it
            p.per_day is not None,
            p.per_day or 0,
        )
