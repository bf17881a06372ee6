"""Number, date and time of a document, its own or those of the document it belongs to, held against the study."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case
from vsoko_rules.reading.scalars import span
from vsoko_rules.ruleset.ruleset import Ruleset


def window(case: Case, ruleset: Ruleset) -> tuple[date, date]:
    """The first and the last day of the documents of the study: a school year opens with the orders of late August."""
    start, year = case.study.start, ruleset.content.year
    if year is not None and f"{start:%m-%d}" == year.begins:
        start = date.fromisoformat(f"{start.year}-{year.opens}")
    return start, case.study.end


class Requisites:
    """Number, date and time of each document: its own, or where it has none those of the document it belongs to."""

    def __init__(self, case: Case, ruleset: Ruleset) -> None:
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
        if (day := document.date) is not None:
            return day
        if document.period is not None:
            return None
        return next((d.date for d in self.sources(document) if d.date is not None), None)

    def numbered(self, document: Document) -> bool:
        return document.numbered or any(d.numbered for d in self.further(document))

    def timed(self, document: Document) -> bool:
        """Whether it says of what time it is: by a date, a period, or from when to when it is in force."""
        if self.date(document) is not None or document.period is not None or document.valid is not None:
            return True
        return any(d.period is not None for d in self.further(document))

    def in_window(self, document: Document) -> bool:
        """Whether it was issued in the window of the study or is in force in it, both ends included."""
        day = self.date(document)
        if day is not None and self.start <= day <= self.end:
            return True
        spans = [] if day is None else [(day, day)]
        spans += [s for d in self.wholes(document) if d.period and (s := span(d.period)) is not None]
        if document.valid is not None:
            spans.append((document.valid.start or day or date.min, document.valid.end or date.max))
        return any(start <= self.end and end >= self.start for start, end in spans)

    def further(self, document: Document) -> list[Document]:
        """The documents of which it is an annex, nearest first."""
        return self.wholes(document)[1:] if document.annex_of is not None else []

    def wholes(self, document: Document) -> list[Document]:
        """The document and those of which it is an annex, nearest first."""
        found = [document]
        while (at := found[-1].annex_of) is not None and at in self.documents and self.documents[at] not in found:
            found.append(self.documents[at])
        return found
