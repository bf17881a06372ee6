"""A case after a person has answered: claims confirmed, rejected or still open, and what the person stated instead.

What is confirmed keeps the hash of its file, and a link what its ground was: when either changes, it lapses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from vsoko_rules.case.document_records import FLAGS, RELATIONS, Claim, Document, Seen
from vsoko_rules.case.records import Case
from vsoko_rules.intake.drafts.answers import GivenAnswer
from vsoko_rules.intake.drafts.claim_states import State, new_claim
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.document_needs import ELEMENTS, DocumentNeeds, stated
from vsoko_rules.intake.drafts.drafting import place_of
from vsoko_rules.intake.drafts.pieces import recorded_hash
from vsoko_rules.intake.drafts.questions import About, Question

_NO_ELEMENT: Final = "unrelated"
_ORDER: Final = (*(about for about in About if about is not About.DOCUMENT), About.DOCUMENT)
"""a whole document is answered last: what was said of a part of it goes first"""


def answered(case: Case, given: Iterable[tuple[Question, GivenAnswer]], asked: DocumentNeeds) -> Case:
    """The case after all of these answers, whatever their order."""
    documents = {d.id: d for d in case.documents}
    touched = set()
    for question, answer in sorted(given, key=lambda pair: _ORDER.index(pair[0].about)):
        document = documents.get(question.document)
        if document is not None:
            touched.add(document.id)
            documents[document.id] = _Answered(document, question, answer, asked).document()
    known = case.model_copy(update={"documents": tuple(documents.values())})
    return known.model_copy(update={"documents": tuple(_sealed(d, documents) for d in known.documents)})


class _Answered:
    """A document after one answer."""

    def __init__(self, document: Document, question: Question, answer: GivenAnswer, asked: DocumentNeeds) -> None:
        self.before = document
        self.question = question
        self.answer = answer
        self.asked = asked
        self.place = place_of(document)
        self.claims = {c.claim: c for c in document.evidence}
        self.fields: dict[str, object] = {}

    def document(self) -> Document:
        """The document with its claims settled, and with what is asked of it now."""
        if self.answer.said == "unsure":
            self.settle((c for c in self.question.claims if self.is_open(c)), "not_checked", wording().not_sure)
        elif _NO_ELEMENT in self.answer.values:
            self.belongs_nowhere()
        elif self.question.about is About.DOCUMENT:
            self.whole()
        elif self.question.about in (About.ELEMENT, About.GROUNDS, About.RELATION):
            self.choice()
        elif self.question.about is About.LACKING:
            self.contents()
        else:
            self.single()
        changed = self.before.model_copy(update={**self.fields, "evidence": tuple(self.claims.values())})
        return self.asked.completed(changed, self.place) if _drafted(self.before) else changed

    def is_open(self, text: str) -> bool:
        return text in self.claims and self.claims[text].open

    def settle(self, texts: Iterable[str], state: State, comment: str | None = None) -> None:
        """Put claims into a state. What the program or an earlier answer remarked goes, a person's comment stays."""
        own = (wording().lapsed, wording().not_sure, wording().as_last_year)
        for text in list(texts):
            claim = self.claims[text]
            said = claim.comment if claim.comment not in own else None
            self.claims[text] = claim.model_copy(update={"state": state, "comment": comment or said, "seen": None})

    def state(self, text: str) -> None:
        """A claim confirmed: one that is there, or the person's own."""
        if text in self.claims:
            self.settle([text], "confirmed")
        else:
            self.claims[text] = new_claim(text, self.place, "confirmed")

    def drop(self, text: str) -> None:
        """A claim that named the field alone, and that is answered by what stands there."""
        if text in self.claims and self.claims[text].state != "confirmed":
            del self.claims[text]

    def belongs_nowhere(self) -> None:
        """Nothing else is asked of a document that serves no element."""
        self.claims = {text: c for text, c in self.claims.items() if not c.open or text in FLAGS}
        self.state(_NO_ELEMENT)
        if "blank" in self.claims and self.claims["blank"].open:
            del self.claims["blank"]

    def whole(self) -> None:
        """Everything that is proposed and was not answered by itself, with the element offered first."""
        now = self.before.model_copy(update={"evidence": tuple(self.claims.values())})
        asked = self.asked.without_needless(now).evidence  # another element may have been named than was offered
        proposed = [c.claim for c in asked if c.claim in self.question.claims and c.state == "proposed"]
        first = next((c for c in proposed if self.claims[c].field == ELEMENTS), None)
        for text in proposed:
            if self.claims[text].field != ELEMENTS:
                self.settle([text], "confirmed")
        if first is not None:
            self.only(ELEMENTS, [first])

    def choice(self) -> None:
        """Values chosen from several."""
        field = self.question.field
        if self.answer.said == "no":
            self.settle((c for c in self.question.claims if self.is_open(c)), "rejected")
            return
        self.only(field, [f"{field} {value}" for value in self.answer.values])

    def only(self, field: str, chosen: Iterable[str]) -> None:
        """Of the open claims of a field these are right, and the others wrong."""
        for text in chosen:
            self.state(text)
        self.settle((t for t, c in self.claims.items() if c.open and c.field == field and c.value), "rejected")
        self.drop(field)
        if field == ELEMENTS and _NO_ELEMENT in self.claims:
            self.settle([_NO_ELEMENT], "rejected")

    def contents(self) -> None:
        """What was not found and is there, and what is not."""
        asked = self.question.claims or self.asked.contents(self.before)
        there = asked if self.answer.said == "yes" else self.answer.values
        for code in asked:
            self.claims.setdefault(code, new_claim(code, self.place, "not_checked"))
        self.settle((c for c in asked if self.is_open(c)), "rejected")
        for code in there:
            self.state(code)
        if self.before.scan:
            self.fields["scan"] = False

    def single(self) -> None:
        """One claim: right, wrong, or something else instead."""
        text, field = self.question.claims[0], self.question.field
        if self.answer.said == "yes":
            self.state(text)
            return
        self.claims.setdefault(text, new_claim(text, self.place, "not_checked"))
        self.settle([text], "rejected")
        own = [(field, value) for value in self.answer.values] + list(self.answer.also)
        for name, value in own:
            for other in [t for t, c in self.claims.items() if c.field == name and c.open and c.value]:
                self.settle([other], "rejected")
            self.state(f"{name} {value}")
            self.drop(name)
        if own and " " not in text:
            self.drop(text)
        if field == "title" and self.answer.values:
            self.fields["title"] = self.answer.values[0]


def _sealed(document: Document, known: Mapping[str, Document]) -> Document:
    """The document with what the ground of each confirmed link is now."""
    evidence = tuple(_seen(c, known) for c in document.evidence)
    return document if evidence == document.evidence else document.model_copy(update={"evidence": evidence})


def _seen(claim: Claim, known: Mapping[str, Document]) -> Claim:
    ground = known.get(claim.value or "") if claim.field in RELATIONS else None
    if ground is None or claim.state != "confirmed" or claim.seen is not None or claim.place is None:
        return claim
    number, day = (next(iter(stated(ground, field)), None) for field in ("number", "date"))
    told = {"sha256": recorded_hash(ground), "number": number, "date": day}
    seen = Seen.model_validate({key: value for key, value in told.items() if value is not None})
    return claim.model_copy(update={"seen": seen}) if seen != Seen() else claim


def _drafted(document: Document) -> bool:
    """Whether anything but links was asked of a document. Of one that a person typed and that is asked about its links
    alone, what is not ticked is not there: nobody has to look for it once more."""
    return any(claim.field not in (*RELATIONS, "title") for claim in document.evidence)
