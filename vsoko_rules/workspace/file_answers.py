"""Answers to what is asked of the files of a school, as changes that a desk makes: saved, undoable, in the history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from vsoko_rules.case.document_records import ClaimPlace, Document
from vsoko_rules.case.records import Case
from vsoko_rules.errors import InputError, Place, Problem, argument
from vsoko_rules.intake.drafts.claim_states import new_claim
from vsoko_rules.intake.drafts.document_needs import DocumentNeeds
from vsoko_rules.intake.proposals.persons import Persons
from vsoko_rules.intake.proposals.quotes import span_of
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.readings import FilesReading, draft_of, with_documents
from vsoko_rules.workspace.taking_in import confirm, links_reopened

TICKED: Final = "ticked"
"""the answer «what is ticked»"""


def answer_change(
    school: OpenedSchool, reading: FilesReading | None, key: str, said: str, chosen: Sequence[str] = ()
) -> Callable[[Data], Data]:
    """The change after the answer `said`, in a person's words, to the question with this key; `chosen` are options that
    were ticked or values that were typed, and they count where `said` is `TICKED`. The change raises `InputError` for
    an answer that cannot be understood and for a question that is asked no more."""
    text = "; ".join(each.strip() for each in chosen if each.strip()) if said == TICKED else said
    if not text:
        expected = "отметка или свой ответ; если ничего из названного нет — «нет»"
        raise InputError([Problem(argument("answer"), "ничего не отмечено и не вписано", expected=expected)])

    def change(data: Data) -> Data:
        draft, asked = draft_of(school, school.case_of(data).content, reading)
        case = confirm(draft, asked, key, text)
        return with_documents(data, links_reopened(case, school.attached(case)))

    return change


def quote_change(
    school: OpenedSchool, reading: FilesReading, code: str, content: str, at: str
) -> Callable[[Data], Data]:
    """The change after which a document has this content, with a sentence of its file as the quote.

    `at` is the place of the sentence: line, first letter and the one after the last, «12:0:85». Names of people are
    left out of the quote. The change raises `InputError` where the text or the document is no longer there.
    """

    def change(data: Data) -> Data:
        draft, asked = draft_of(school, school.case_of(data).content, reading)
        document = next((d for d in draft.case.documents if d.id == code), None)
        piece = draft.pieces.get(code)
        place = _place(at)
        if document is None or piece is None or place is None or place[0] >= len(piece.text.lines):
            hint = "Прочитайте папку ещё раз."
            raise InputError([Problem(Place(code), "этих слов в прочитанном файле больше нет", hint=hint)])
        if content not in asked.contents(document):
            expected = "одно из содержаний, которые нужны этому документу"
            raise InputError([Problem(Place(code), "не выбрано, что показывает цитата", content, expected)])
        line, start, end = place
        words = span_of(piece.text.lines[line], line, start, end, Persons(asked.ruleset.cues.persons))
        if not words.quote:
            raise InputError([Problem(Place(code), "в этом предложении нет слов, кроме имён", expected="другие слова")])
        where = ClaimPlace(file=piece.file, page=words.page, sha256=piece.text.sha256 or None)
        return with_documents(data, _quoted(draft.case, document, content, words.quote, where, asked))

    return change


def _quoted(case: Case, document: Document, content: str, quote: str, where: ClaimPlace, asked: DocumentNeeds) -> Case:
    claim = new_claim(content, where, "confirmed", quote)
    claims = {c.claim: c for c in document.evidence} | {content: claim}
    changed = document.model_copy(update={"evidence": tuple(claims.values())})
    after = asked.completed(changed, where)
    return case.model_copy(update={"documents": tuple(after if d.id == document.id else d for d in case.documents)})


def _place(at: str) -> tuple[int, int, int] | None:
    numbers = at.split(":")
    if len(numbers) != 3 or not all(n.isascii() and n.isdecimal() and len(n) < 8 for n in numbers):
        return None
    line, start, end = map(int, numbers)
    return line, start, end
