"""What is asked of a document for the elements that it serves, and has to be looked for where nothing was found.

What a program did not find is not absent: it stands in the case as a claim that nobody has checked yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from vsoko_rules.case.document_records import Claim, ClaimPlace, Document
from vsoko_rules.intake.drafts.claim_states import new_claim
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.ruleset import Ruleset

ELEMENTS: Final = "serves"
GROUNDS: Final = "based_on"
_TIMES: Final = ("date", "period")
_SEEN: Final = ("number", "addressees", "kind")
"""fields from which a rule sees one requirement each"""


def stated(document: Document, field: str) -> tuple[str, ...]:
    """The values that a field of a document holds, and that confirmed claims say of it."""
    held = getattr(document, field)
    own = () if held is None else tuple(held) if isinstance(held, tuple) else (str(held),)
    said = (c.value for c in document.evidence if c.state == "confirmed" and c.field == field and c.value is not None)
    return tuple(dict.fromkeys((*own, *said)))


def offered(document: Document, field: str) -> tuple[str, ...]:
    """The values that the program proposes for a field and nobody has answered, best first."""
    claims = (c for c in document.evidence if c.state == "proposed" and c.field == field)
    return tuple(c.value for c in claims if c.value is not None)


def belongs_nowhere(document: Document) -> bool:
    """Whether a person said that it serves no element."""
    said = any(c.field == "unrelated" and c.state == "confirmed" for c in document.evidence)
    return document.unrelated or said


class DocumentNeeds:
    """What a school's documents are asked for, by the ruleset and the kind of school."""

    def __init__(self, ruleset: Ruleset, expected: Expectation) -> None:
        self.ruleset = ruleset
        self.expected = expected
        self._later = {e for line in expected.lines for e in line.elements[1:]}

    def elements(self, document: Document) -> tuple[str, ...]:
        """The elements that a document serves; where nobody has said so yet, the one offered first."""
        known = stated(document, ELEMENTS) or offered(document, ELEMENTS)[:1]
        return tuple(self.ruleset.aliases.get(code, code) for code in known)

    def kind(self, stated: str) -> str:
        """What the kind of a document is called: a code of the ruleset by its name, another word as it is."""
        known = self.ruleset.document_kinds.get(stated)
        return known.title if known is not None else stated

    def may_ask(self, document: Document, content: str) -> bool:
        """Whether one of the elements that a document serves, or may serve, asks for a content."""
        possible = stated(document, ELEMENTS) or offered(document, ELEMENTS)
        return content in self._requirements(possible)

    def contents(self, document: Document) -> tuple[str, ...]:
        """The contents that a reader of the document looks for, in the order of the ruleset."""
        asked = self._requirements(self.elements(document))
        return tuple(q.id for q in self.ruleset.requirements.values() if q.given_by == "holds" and q.id in asked)

    def without_needless(self, document: Document) -> Document:
        """The document without what is proposed of its contents and none of its elements asks for."""
        kept = tuple(
            c for c in document.evidence if c.field or c.state != "proposed" or self.may_ask(document, c.claim)
        )
        return document if len(kept) == len(document.evidence) else document.model_copy(update={"evidence": kept})

    def completed(self, document: Document, place: ClaimPlace | None) -> Document:
        """The document with a claim that nobody checked for all that is asked of it and that nothing is said of.

        `place`: the file in which to look. Such claims that are asked no more are taken away.
        """
        wanted = dict.fromkeys(self._wanted(document))
        kept = tuple(c for c in document.evidence if not (_is_bare(c) and c.claim not in wanted))
        known = {c.claim for c in kept}
        new = tuple(new_claim(text, place, "not_checked") for text in wanted if text not in known)
        if len(kept) == len(document.evidence) and not new:
            return document
        return document.model_copy(update={"evidence": (*kept, *new)})

    def _wanted(self, document: Document) -> Iterator[str]:
        """The claims that have to be there in some state."""
        if belongs_nowhere(document):
            return
        if not stated(document, ELEMENTS):
            yield ELEMENTS
        asked = self._requirements(self.elements(document))
        fields = {self.ruleset.requirements[code].given_by for code in asked}
        part = any(c.field == "annex_of" and c.state != "rejected" for c in document.evidence)
        own = fields - {"number", "date"} if document.annex_of or part else fields
        for field in _SEEN:
            if field in own and not self._said(document, field):
                yield field
        if "date" in own and document.valid is None and not any(self._said(document, field) for field in _TIMES):
            yield "date"
        held = {*document.holds, *(code for codes in document.holds_for.values() for code in codes)}
        yield from (code for code in self.contents(document) if code not in held)
        if self.rests(document) and not stated(document, GROUNDS):
            yield GROUNDS

    def rests(self, document: Document) -> bool:
        """Whether it stands on a line behind something: only there it counts on what a document rests."""
        return not self._later.isdisjoint(self.elements(document))

    def _requirements(self, served: Iterable[str]) -> set[str]:
        elements = self.expected.elements
        return {code for e in served if e in elements for code in elements[e].requires}

    @staticmethod
    def _said(document: Document, field: str) -> bool:
        return bool(stated(document, field) or offered(document, field))


def _is_bare(claim: Claim) -> bool:
    """Whether nobody said anything: neither the program nor, before the file changed, a person."""
    return claim.state == "not_checked" and claim.quote is None and claim.comment is None
