"""What a person is asked of a draft: one question for a document as a whole, and one for each claim of it.

A «да» to the whole document answers every question of it that does not wait for an answer of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from vsoko_rules.case.document_records import RELATIONS, Claim, Document
from vsoko_rules.case.records import Case
from vsoko_rules.intake.drafts.document_needs import ELEMENTS, GROUNDS, DocumentNeeds, stated
from vsoko_rules.intake.drafts.drafting import Draft
from vsoko_rules.intake.drafts.likely_grounds import LikelyGrounds
from vsoko_rules.intake.drafts.pieces import recorded_hash
from vsoko_rules.intake.proposals.proposal import ProposedClaim, Span

_MOST_POSSIBLE: Final = 3
"""grounds that only may be: more of them help nobody"""
_STAMP: Final = 8
"""digits of a hash that tell a file from what it was before"""


class About(str, Enum):
    """What a question is about, in the order in which a document is asked."""

    DOCUMENT = "document"
    """everything that is proposed of it"""
    ELEMENT = "element"
    FIELD = "field"
    CONTENT = "content"
    LACKING = "lacking"
    """what is asked of it and was not found"""
    BLANK = "blank"
    GROUNDS = "grounds"
    RELATION = "relation"
    UNSEEN = "unseen"
    """what no text shows, such as a signature"""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `claims` are those of the document that the answer settles, by their texts."""

    document: str
    about: About
    claims: tuple[str, ...]
    options: tuple[str, ...] = ()
    """codes of elements or ids of documents to choose from, best first"""
    named: tuple[str, ...] = ()
    """those of the options that a «да» means"""
    span: Span | None = None
    page: int | None = None
    waits: bool = False
    """true: it needs an answer of its own"""
    comment: str | None = None
    """what is remarked of it: that the file changed, that it was so last year"""
    stamp: str = ""
    """the beginning of the hash of the file of which it was asked"""

    @property
    def key(self) -> str:
        """By what an answer finds the question again; of a changed file it finds none."""
        claim = self.claims[0].replace("-", "") if self.field == "date" else " ".join(self.claims[:1])
        return f"{self.document}@{self.stamp} {self.about.value} {claim}".rstrip()

    @property
    def field(self) -> str:
        """The field of which it speaks; empty where it speaks of contents."""
        return Claim(claim=self.claims[0]).field or "" if self.claims else ""


def questions(draft: Draft, asked: DocumentNeeds) -> tuple[Question, ...]:
    """All questions of a draft: documents on which most lines depend first, each with its own questions in order."""
    waiting = [d for d in draft.case.documents if d.open_claims]
    weights = {d.id: weight(d, asked) for d in waiting}
    order = sorted(waiting, key=lambda d: -weights[d.id])
    likely = LikelyGrounds(draft.case, asked)
    return tuple(q for document in order for q in of_document(document, draft, likely))


def weight(document: Document, asked: DocumentNeeds) -> int:
    """On how many lines a document may stand."""
    served = set(asked.elements(document))
    return sum(not served.isdisjoint(line.elements) for line in asked.expected.lines)


def of_document(document: Document, draft: Draft, likely: LikelyGrounds) -> Iterator[Question]:
    """The questions of one document; the first is about the whole where something is proposed that does not wait."""
    offers = {o.claim: o for o in draft.offers.get(document.id, ())}
    own = list(_Own(document, draft.case, offers, draft.unseen, likely.of(document)).all())
    together = tuple(c for q in own if not q.waits for c in q.claims)
    if together:
        own.append(Question(document.id, About.DOCUMENT, together))
    stamp = (recorded_hash(document) or "")[:_STAMP]
    yield from (replace(q, stamp=stamp) for q in sorted(own, key=lambda q: list(About).index(q.about)))


class _Own:
    """The questions about single claims of a document."""

    def __init__(
        self,
        document: Document,
        case: Case,
        offers: Mapping[str, ProposedClaim],
        unseen: frozenset[str],
        likely: tuple[str, ...],
    ) -> None:
        self.document = document
        self.case = case
        self.offers = offers
        self.open = {c.claim: c for c in document.open_claims}
        self.unseen = unseen
        self.likely = likely

    def all(self) -> Iterator[Question]:
        yield from self.elements()
        if "unrelated" in self.open:  # nothing else of it is asked before a person has said that it belongs somewhere
            return
        lacking = []
        for text, claim in self.open.items():
            if claim.field in (ELEMENTS, GROUNDS):
                continue
            if text in self.unseen:
                yield self._one(About.UNSEEN, claim, waits=True)
            elif claim.field is None and claim.state == "not_checked" and claim.quote is None:
                lacking.append(text)
            else:
                yield self._claim(claim)
        if lacking:
            yield Question(self.document.id, About.LACKING, tuple(lacking), waits=True)
        yield from self.grounds()

    def elements(self) -> Iterator[Question]:
        """To which elements the document belongs."""
        claims = [c for c in self.open.values() if c.field == ELEMENTS]
        if not claims:
            return
        options = tuple(c.value for c in claims if c.value is not None)
        first = next((c for c in claims if c.state == "proposed" and c.value is not None), None)
        texts = tuple(c.claim for c in claims)
        span, page = self._seen(first or claims[0])
        comment = next((c.comment for c in claims if c.state == "proposed" and c.comment is not None), None)
        named: tuple[str, ...] = ()
        if unrelated := self.open.get("unrelated"):
            texts, named = (*texts, "unrelated"), ("unrelated",)
            span, page = self._seen(unrelated)
        waits = first is None or bool(named)
        yield Question(self.document.id, About.ELEMENT, texts, options, named, span, page, waits, comment)

    def grounds(self) -> Iterator[Question]:
        """On what the document rests; asked once it is known what it is, because then few are left to choose from.

        Those that the text names and that stand where it should rest are offered; else the only one that does, else
        those that are named.
        """
        claims = [c for c in self.open.values() if c.field == GROUNDS]
        if not claims or not stated(self.document, ELEMENTS):
            return
        cited = tuple(c.value for c in claims if c.value is not None)
        fitting = tuple(code for code in cited if code in self.likely)
        first = fitting or (self.likely if len(self.likely) == 1 else cited)
        others = [o.claim.partition(" ")[2] for o in self.offers.values() if _is_ground(o)]
        known = {d.id for d in self.case.documents}
        possible = (code for code in dict.fromkeys((*cited, *self.likely, *others)) if code in known)
        rest = [code for code in possible if code not in first][:_MOST_POSSIBLE]
        span, page = self._seen(next((c for c in claims if c.value in first), claims[0]))
        texts = tuple(c.claim for c in claims)
        comment = next((c.comment for c in claims if c.comment is not None), None)
        yield Question(self.document.id, About.GROUNDS, texts, (*first, *rest), first, span, page, True, comment)

    def _claim(self, claim: Claim) -> Question:
        field = claim.field
        if field in RELATIONS:
            options = (claim.value,) if claim.value is not None else ()
            return self._one(About.RELATION, claim, waits=True, options=options)
        if field == "blank":
            return self._one(About.BLANK, claim, waits=True)
        offer = self.offers.get(claim.claim)
        waits = claim.state == "not_checked" or (offer is not None and offer.waits)
        return self._one(About.CONTENT if field is None else About.FIELD, claim, waits=waits)

    def _one(self, about: About, claim: Claim, waits: bool, options: tuple[str, ...] = ()) -> Question:
        span, page = self._seen(claim)
        return Question(
            self.document.id, about, (claim.claim,), options, options, span, page, waits=waits, comment=claim.comment
        )

    def _seen(self, claim: Claim) -> tuple[Span | None, int | None]:
        """The words on which a claim stands, with those around them where the program has just read them."""
        offer = self.offers.get(claim.claim)
        page = claim.place.page if claim.place is not None else None
        if offer is not None and offer.span is not None:
            return offer.span, offer.span.page or page
        return (Span(claim.quote), page) if claim.quote is not None else (None, page)


def _is_ground(offer: ProposedClaim) -> bool:
    return offer.possible and offer.claim.startswith(GROUNDS + " ")
