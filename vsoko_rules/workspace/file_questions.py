"""What a person is asked of the files of a school, as a page shows it: a document at a time, each claim with its quote,
the words around it and its place, and how far one has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from vsoko_rules.case.document_records import RELATIONS, Claim, Document
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.document_needs import DocumentNeeds
from vsoko_rules.intake.drafts.drafting import Draft
from vsoko_rules.intake.drafts.pieces import recorded_hash
from vsoko_rules.intake.drafts.question_words import QuestionWords
from vsoko_rules.intake.drafts.questions import About, Question, questions
from vsoko_rules.words import words
from vsoko_rules.workspace.asked import NamedChoice
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.readings import FilesReading, draft_of


@dataclass(frozen=True, slots=True)
class AskedClaim:
    """One question. `options` can be chosen, those in `named` by «да»; `value` can be corrected in place; `contents`
    can be ticked."""

    key: str
    about: About
    what: str
    offer: str
    quote: str | None
    before: str
    after: str
    place: str | None
    hint: str | None
    options: tuple[NamedChoice, ...]
    named: tuple[str, ...]
    contents: tuple[str, ...]
    value: str | None
    waits: bool
    unsure: bool
    """a person has said «не знаю»"""
    field: str


@dataclass(frozen=True, slots=True)
class HowFar:
    """How many of the documents that are asked about are answered, of how many."""

    done: int
    total: int


class FileQuestions:
    """Everything that is asked of one school. `reading` is what was read since the program runs. Where nothing was, and
    while it goes on, the claims that the file of the school holds are asked with the quotes that they have."""

    def __init__(self, school: OpenedSchool, reading: FilesReading | None) -> None:
        self.school = school
        self.reading = None if reading is None or reading.running else reading

    @cached_property
    def _drafted(self) -> tuple[Draft, DocumentNeeds]:
        return draft_of(self.school, self.school.case.content, self.reading)

    @property
    def draft(self) -> Draft:
        """The case with what is proposed."""
        return self._drafted[0]

    @property
    def asked(self) -> DocumentNeeds:
        """What its documents are asked for."""
        return self._drafted[1]

    @cached_property
    def words(self) -> QuestionWords:
        """How questions are put."""
        return QuestionWords(self.draft, self.asked.ruleset)

    @cached_property
    def _by_document(self) -> dict[str, list[Question]]:
        found: dict[str, list[Question]] = {d.id: [] for d in self.draft.case.documents if is_asked(d)}
        order: dict[str, list[Question]] = {}
        for question in questions(self.draft, self.asked):
            if question.document in found:
                order.setdefault(question.document, []).append(question)
        return order

    @cached_property
    def waiting(self) -> tuple[str, ...]:
        """Documents of which something is still asked, those first on which most lines depend."""
        return tuple(d for d, own in self._by_document.items() if any(not self._is_unsure(q) for q in own))

    @cached_property
    def progress(self) -> HowFar:
        """How far one has come."""
        total = [d.id for d in self.draft.case.documents if is_asked(d)]
        return HowFar(sum(d not in self.waiting for d in total), len(total))

    def document(self, code: str) -> Document | None:
        """A document of the case or one that is proposed; none where there is none of that code."""
        return next((d for d in self.draft.case.documents if d.id == code), None)

    def next_after(self, code: str) -> str | None:
        """The document that is asked after this one; none where this is the only one or all are answered."""
        order = list(self._by_document)
        at = order.index(code) + 1 if code in order else 0
        return next((d for d in (*order[at:], *order[:at]) if d in self.waiting and d != code), None)

    def claims(self, code: str) -> tuple[AskedClaim, ...]:
        """The questions about a document, in order: what it is as a whole, then one by one."""
        return tuple(self._claims(code))

    def _is_unsure(self, question: Question) -> bool:
        """Whether a person said «не знаю» to all that is asked."""
        document = self.document(question.document)
        asked = [c for c in document.open_claims if c.claim in question.claims] if document is not None else []
        return all(c.comment == wording().not_sure for c in asked)

    def claim_title(self, claim: Claim) -> str:
        """What a claim is about, in a word or two."""
        said: str = words()["claim"]["field"][claim.field] if claim.field else self.words.content(claim.claim)
        return said

    def _claims(self, code: str) -> Iterator[AskedClaim]:
        for question in self._by_document.get(code, ()):
            span, about = question.span, question.about
            choice = about in (About.ELEMENT, About.GROUNDS, About.RELATION)
            own = self.words.element if about is About.ELEMENT else self.words.label
            options = tuple(NamedChoice(c, own(c)) for c in question.options) if choice else ()
            named = question.named or (question.options[:1] if about is About.ELEMENT else ())
            corrected = about is About.FIELD
            empty = self.words.offer(question) if corrected and " " in question.claims[0] else ""
            yield AskedClaim(
                key=question.key,
                about=about,
                what=self.words.what(question),
                offer=self.words.offer(question),
                quote=span.quote if span is not None else None,
                before=span.before if span is not None else "",
                after=span.after if span is not None else "",
                place=self.words.place(question),
                hint=self.words.quote(question) if span is None else None,
                options=options,
                named=named,
                contents=tuple(map(self.words.content, question.claims)) if about is About.LACKING else (),
                value=empty.partition("\n")[0] if corrected else None,
                waits=question.waits,
                unsure=self._is_unsure(question),
                field=question.field,
            )


def is_asked(document: Document) -> bool:
    """Whether a person is asked of a document here: it came with a file, or something of it is proposed or a link of it
    was."""
    of_file = recorded_hash(document) is not None or document.file is not None
    linked = any(claim.field in RELATIONS for claim in document.evidence)
    return bool(document.open_claims or linked or (document.evidence and of_file))
