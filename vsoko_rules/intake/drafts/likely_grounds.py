"""On what a document may rest, by the elements of documents alone: offered where its text names nothing."""

from __future__ import annotations

from datetime import date

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case
from vsoko_rules.intake.drafts.document_needs import GROUNDS, DocumentNeeds, belongs_nowhere, offered, stated


class LikelyGrounds:
    """Which documents of a case serve what another one should rest on."""

    def __init__(self, case: Case, asked: DocumentNeeds) -> None:
        self._asked = asked
        self._serving: dict[str, list[str]] = {}
        self._days = {d.id: _day(d) for d in case.documents}
        for document in case.documents:
            for element in () if belongs_nowhere(document) else asked.elements(document):
                self._serving.setdefault(element, []).append(document.id)

    def of(self, document: Document) -> tuple[str, ...]:
        """Ids of documents of the stage before that are not dated after it, in the order of the case."""
        elements = self._asked.expected.elements
        own = (elements[e] for e in self._asked.elements(document) if e in elements)
        before = [previous for element in own for previous in element.follows]
        found = dict.fromkeys(d for e in before for d in self._serving.get(e, ()))
        rejected = {c.value for c in document.evidence if c.field == GROUNDS and c.state == "rejected"}
        return tuple(d for d in found if d != document.id and d not in rejected and self._in_order(d, document.id))

    def _in_order(self, ground: str, document: str) -> bool:
        earlier, later = self._days[ground], self._days[document]
        return earlier is None or later is None or earlier <= later


def _day(document: Document) -> date | None:
    """The date of a document, stated or proposed."""
    days = (*stated(document, "date"), *offered(document, "date"))
    try:
        return date.fromisoformat(days[0]) if days else None
    except ValueError:
        return None
