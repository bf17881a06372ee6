"""How a question is put to a person: what is proposed, the words of the document, and what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import unquote

from vsoko_rules.case.document_records import Document
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.drafting import Draft
from vsoko_rules.intake.drafts.questions import About, Question
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.words import day, inner_quotes, limit

_LONGEST_LABEL = 90


class QuestionWords:
    """Questions about one draft, as people read them."""

    def __init__(self, draft: Draft, ruleset: Ruleset) -> None:
        self.documents = {d.id: d for d in draft.case.documents}
        self._draft = draft
        self._ruleset = ruleset

    def title(self, document: str) -> str:
        """What a document is called."""
        return self.documents[document].title

    def unread_pages(self, document: str) -> str | None:
        """That pages of a document are pictures, so that what stands there is not known; none where none are."""
        piece = self._draft.pieces.get(document)
        if piece is None or not piece.text.unread_pages:
            return None
        return wording().offer["unread_pages"].format(pages=", ".join(map(str, piece.text.unread_pages)))

    def label(self, document: str) -> str:
        """A document as a choice: its title and number, its id at the end. What is cut is the title."""
        known = self.documents[document]
        number = _first(known, "number")
        requisites = f" № {number}" if number else ""
        own = {"id": document, "requisites": requisites}
        text = wording().document_label.format(title=known.title, **own)
        over = len(text) - _LONGEST_LABEL
        if over <= 0:
            return text
        return wording().document_label.format(title=known.title[: max(len(known.title) - over - 1, 0)] + "…", **own)

    def content(self, code: str) -> str:
        """What a content of a document is called."""
        known = self._ruleset.requirements.get(self._ruleset.requirement_aliases.get(code, code))
        return known.title if known is not None else code

    def element(self, code: str) -> str:
        """An element with its code."""
        known = self._ruleset.elements.get(code)
        return f"{code} {known.title}" if known is not None else code

    def all_elements(self) -> tuple[str, ...]:
        """All elements of the ruleset."""
        return tuple(self.element(code) for code in self._ruleset.elements)

    def what(self, question: Question) -> str:
        """What a question is about."""
        said = wording()
        if question.about is About.FIELD:
            text = said.field[question.field]
        elif question.about is About.RELATION:
            text = said.relation[question.field]
        else:
            text = said.what[question.about.value]
        return said.star.format(text=text) if question.waits else text

    def offer(self, question: Question) -> str:
        """What is proposed, or that nothing is."""
        remark = wording().offer["remark"].format(remark=question.comment) if question.comment else ""
        return self._offer(question) + remark

    def _offer(self, question: Question) -> str:
        said = wording().offer
        if question.about is About.ELEMENT:
            if question.named:
                return said["unrelated"]
            return "\n".join(self.options(question)) or said["no_element"]
        if question.about is About.BLANK:
            return said["blank"]
        if question.about in (About.GROUNDS, About.RELATION):
            return self._grounds(question)
        if question.about is About.LACKING:
            return "; ".join(self.content(code) for code in question.claims)
        if question.about is About.CONTENT:
            return self.content(question.claims[0])
        return self._value(question.field, question.claims[0].partition(" ")[2]) or said["not_found"]

    def _grounds(self, question: Question) -> str:
        said, named = wording().offer, len(question.named)
        if not question.options:
            return said["no_grounds"]
        options = self.options(question)
        lines = [said["named"], *options[:named]] if named else []
        return "\n".join([*lines, *([said["may_be"], *options[named:]] if options[named:] else [])])

    def options(self, question: Question) -> list[str]:
        """What can be chosen, with numbers."""
        own = self.element if question.about is About.ELEMENT else self.label
        return [f"{n}. {own(code)}" for n, code in enumerate(question.options, 1)]

    def choices(self, question: Question) -> tuple[str, ...]:
        """What the list of the cell offers."""
        said = wording()
        if question.about is About.ELEMENT and not question.named:
            return (*self.options(question), said.nowhere[0], said.unsure[0])
        if question.about is About.ELEMENT:
            return (said.answers[0], said.unsure[0])
        if question.about in (About.GROUNDS, About.RELATION) and question.options:
            return (*self.options(question), *said.answers[1:])
        return said.answers

    def quote(self, question: Question) -> str | None:
        """The words of the document with those around them."""
        span = question.span
        if span is None:
            return self._highlights(question)
        before, after = span.before.strip(), span.after.strip()
        apart = " " if after[:1].isalnum() else ""
        told = {"before": f"{before} " if before else "", "after": f"{apart}{after}"}
        return wording().around.format(quote=inner_quotes(span.quote), **told)

    def _highlights(self, question: Question) -> str | None:
        """What looks like the contents that were not found."""
        piece = self._draft.pieces.get(question.document)
        if question.about is not About.LACKING or piece is None or piece.proposal is None:
            return None
        spans = [h.span for h in piece.proposal.highlights if h.claim in question.claims and h.span is not None]
        quotes = "; ".join(f"«{inner_quotes(span.quote)}»" for span in spans)
        return wording().offer["highlights"].format(quotes=quotes) if quotes else None

    def place(self, question: Question) -> str | None:
        """Where in the file the words stand."""
        if question.span is None:
            return None
        if question.page is not None:
            return wording().place.page.format(page=question.page)
        sheet = question.span.sheet
        return wording().place.sheet.format(sheet=sheet) if sheet is not None else None

    def _value(self, field: str, value: str) -> str:
        """What stands in a field, as people write it."""
        if field == "date" and value:
            return day(date.fromisoformat(value))
        if field == "url":
            return unquote(value)
        if field == "addressees":
            known = self._ruleset.addressees.get(value)
            return known.dative if known is not None else value
        return value


def first_to_look(draft: Draft, asked: Sequence[Question], ruleset: Ruleset) -> list[str]:
    """The documents on which most lines depend, as many as a person takes in at once."""
    words = QuestionWords(draft, ruleset)
    first = dict.fromkeys(q.document for q in asked if q.about in (About.DOCUMENT, About.ELEMENT))
    return [words.label(document) for document in list(first)[: limit("intake_first")]]


def _first(document: Document, field: str) -> str | None:
    held: Sequence[str] = [document.number] if field == "number" and document.number else []
    said = [c.value for c in document.evidence if c.field == field and c.state != "rejected" and c.value]
    return next(iter((*held, *said)), None)
