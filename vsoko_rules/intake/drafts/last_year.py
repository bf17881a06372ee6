"""Documents of last year's case among those of a new draft: what was confirmed then is offered again, and asked again.

Numbers and dates are those of the new file: nothing of last year's is offered for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case
from vsoko_rules.intake.drafts.claim_states import new_claim
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.document_needs import ELEMENTS, DocumentNeeds, belongs_nowhere, stated
from vsoko_rules.intake.drafts.drafting import Draft, place_of
from vsoko_rules.intake.drafts.pieces import recorded_hash
from vsoko_rules.reading.word_list import folded

_OFFERED = ("kind", ELEMENTS)
"""fields of which last year's answer is offered"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """Ids of new documents that are known from last year, and those among them whose file is the same to the byte."""

    documents: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def remembered(draft: Draft, last: Case | None, asked: DocumentNeeds) -> tuple[Draft, Remembered]:
    """The draft with what was confirmed last year of the documents that are new in it."""
    if last is None:
        return draft, Remembered()
    hashes = {sha256: d for d in last.documents if (sha256 := recorded_hash(d)) is not None}
    titles = {folded(d.title): d for d in last.documents}
    documents: list[Document] = []
    known, unchanged = list[str](), list[str]()
    for document in draft.case.documents:
        own = recorded_hash(document)
        before = (hashes.get(own or "") or titles.get(folded(document.title))) if document.id in draft.new else None
        if before is None:
            documents.append(document)
            continue
        known.append(document.id)
        if own in hashes:
            unchanged.append(document.id)
        documents.append(asked.completed(_offered(document, before), place_of(document)))
    case = draft.case.model_copy(update={"documents": tuple(documents)})
    return replace(draft, case=case), Remembered(tuple(known), tuple(unchanged))


def _offered(document: Document, before: Document) -> Document:
    """A new document with last year's answers offered first."""
    answers = list(_answers(before))
    said = {c.claim: c for c in document.evidence}
    place = place_of(document)
    first = [
        (said.get(text) or new_claim(text, place, "proposed")).model_copy(
            update={"comment": wording().as_last_year, "state": "proposed"}
        )
        for text in answers
    ]
    fields = {c.field for c in first}
    rest = [
        c
        for c in document.evidence
        if c.claim not in answers and not (c.open and c.field == "kind" and "kind" in fields)
        if not (c.claim == "unrelated" and ELEMENTS in fields)
    ]
    return document.model_copy(update={"evidence": (*first, *rest)})


def _answers(before: Document) -> Iterator[str]:
    if belongs_nowhere(before):
        yield "unrelated"
        return
    for field in _OFFERED:
        yield from (f"{field} {value}" for value in stated(before, field))
