"""What a case states, as facts for the rules: codes, whole numbers and truth values only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from math import ceil

from vsoko_rules.case.records import Case, Document, IndicatorEntry
from vsoko_rules.engine.facts import Facts
from vsoko_rules.engine.language import Fact
from vsoko_rules.reading.scalars import span
from vsoko_rules.ruleset.ruleset import Expectation, Ruleset


def expectation(case: Case, ruleset: Ruleset) -> Expectation:
    """What `ruleset` expects of the school of `case`."""
    return ruleset.expects(frozenset(case.school.levels), case.school.counts)


def facts(case: Case, ruleset: Ruleset) -> Facts:
    """Everything the rules may look at for one case."""
    expected = expectation(case, ruleset)
    stated: list[Fact] = []
    requisites = Requisites(case, ruleset)
    for document in case.documents:
        stated.extend(_document(document, requisites))
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


def window(case: Case, ruleset: Ruleset) -> tuple[date, date]:
    """The first and the last day of the documents of the study: a school year opens with the orders of late August."""
    start, year = case.study.start, ruleset.content.year
    if year is not None and f"{start:%m-%d}" == year.begins:
        start = date.fromisoformat(f"{start.year}-{year.opens}")
    return start, case.study.end


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


class Requisites:
    """Number, date and time of each document: its own, or where it has none those of the document it belongs to."""

    def __init__(self, case: Case, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.documents = {d.id: d for d in case.documents}
        self.start, self.end = window(case, ruleset)

    def sources(self, document: Document) -> Iterator[Document]:
        """The document, what it belongs to, and the order that approves it, nearest first; a circle ends."""
        seen: set[str] = set()
        waiting = [document.id]
        while waiting:
            code = waiting.pop(0)
            if code in seen or code not in self.documents:
                continue
            seen.add(code)
            found = self.documents[code]
            yield found
            waiting += [other for other in (found.annex_of, found.approved_by) if other is not None]

    def date(self, document: Document) -> date | None:
        if document.date is not None:
            return document.date
        if document.period is not None:
            return None
        return next((d.date for d in self.sources(document) if d.date is not None), None)

    def numbered(self, document: Document) -> bool:
        return document.numbered or any(d.numbered for d in self.wholes(document)[1:])

    def timed(self, document: Document) -> bool:
        """Whether it says of what time it is: by a date, a period, or from when to when it is in force."""
        own = document.period is not None or document.valid is not None
        return own or self.date(document) is not None or any(d.period is not None for d in self.wholes(document)[1:])

    def in_window(self, document: Document) -> bool:
        """Whether it was issued in the window of the study or is in force in it, both ends included."""
        day = self.date(document)
        spans = [] if day is None else [(day, day)]
        spans += [s for d in self.wholes(document) if d.period and (s := span(d.period)) is not None]
        if document.valid is not None:
            spans.append((document.valid.start or day or date.min, document.valid.end or date.max))
        return any(start <= self.end and end >= self.start for start, end in spans)

    def wholes(self, document: Document) -> list[Document]:
        """The document and those of which it is an annex, nearest first."""
        found = [document]
        while (at := found[-1].annex_of) is not None and at in self.documents and self.documents[at] not in found:
            found.append(self.documents[at])
        return found


def _document(d: Document, requisites: Requisites) -> Iterator[Fact]:
    ruleset, day = requisites.ruleset, requisites.date(d)
    yield (
        "document",
        d.id,
        d.template,
        d.scan,
        requisites.numbered(d),
        day is not None,
        day.toordinal() if day else 0,
        requisites.timed(d),
        d.kind is not None,
        requisites.in_window(d),
        d.sample is not None,
        d.sample or 0,
    )
    elements = served(d, ruleset)
    for element in elements:
        yield ("serves", d.id, element)
    if d.holds_for:
        own = {ruleset.aliases.get(code, code): contents for code, contents in d.holds_for.items()}
        for element in dict.fromkeys((*elements, *own)):
            yield from (("holds_for", d.id, element, content) for content in own.get(element, d.holds))
    else:
        yield from (("holds", d.id, content) for content in d.holds)
    if d.kind is not None and (kind := ruleset.kind_of(d.kind)) is not None:
        yield ("of_kind", d.id, kind)
    for addressee in d.addressees:
        yield ("addresses", d.id, addressee)
    for ground in d.based_on:
        yield ("based_on", d.id, ground)
    if d.approved_by is not None:
        yield ("approved_by", d.id, d.approved_by)
    for whole in dict.fromkeys((d.annex_of, d.amends)):
        if whole is not None:
            yield ("part_of", d.id, whole)
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
