"""What came of files that were taken in, and how it is written: the draft, and the workbook beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vsoko_rules.case.blank import SCHEMA
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.write import as_yaml, plain_data
from vsoko_rules.errors import InputError
from vsoko_rules.intake.drafts.confirmation_book import BookContents, Unread, confirmation_book
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.document_needs import DocumentNeeds
from vsoko_rules.intake.drafts.drafting import Draft
from vsoko_rules.intake.drafts.last_year import Remembered
from vsoko_rules.intake.drafts.question_words import first_to_look
from vsoko_rules.intake.drafts.questions import About, Question
from vsoko_rules.intake.drafts.read_confirmation import FilledBook, read_cells
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.intake.texts.reading_reasons import reasons
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.reading.yaml import parse
from vsoko_rules.workspace.editing import Rewrite, patched, rewrite_all
from vsoko_rules.workspace.stored import schema_beside
from vsoko_rules.writing.files import write, write_new
from vsoko_rules.writing.yaml_edit import edited


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of it: the draft, what is still asked, what was answered and what was written."""

    source: Path
    target: Path
    book: Path
    texts: tuple[FileText, ...]
    before: Draft
    """the draft as it was before the answers: it tells what is new and what changed"""
    draft: Draft
    questions: tuple[Question, ...]
    asked: DocumentNeeds
    filled: FilledBook = field(default_factory=lambda: FilledBook((), 0))
    known: Remembered = field(default_factory=Remembered)
    """what was recognised of last year"""
    copies: Mapping[Path, Path] = field(default_factory=dict)
    """beside each file that was changed the copy of what it was"""

    @property
    def needed(self) -> tuple[Question, ...]:
        """The questions that have to be answered: what the one «да» to a document answers is not counted."""
        return tuple(q for q in self.questions if q.waits or q.about is About.DOCUMENT)

    @property
    def unread(self) -> tuple[FileText, ...]:
        """Files that nobody could read."""
        return tuple(t for t in self.texts if not t.left_out and t.quality is not Quality.GOOD)


def write_taken(result: TakenIn, stored: CaseFile | None) -> Mapping[Path, Path]:
    """Write the draft and its workbook; returns the copies of what was changed. `stored`: the draft as it was opened,
    none for a new one. Raises `LostUpdate` where it was changed since, and `OutputError`."""
    book = confirmation_book(_contents(result), result.draft, result.asked.ruleset)
    rewrites = []
    if stored is not None:
        before = read_bytes(result.target)
        text = _changed(before, result)
        if text != before:
            rewrites.append(Rewrite(result.target, stored.sha256, text))
    if result.book.exists():
        before = read_bytes(result.book)
        if read_cells(before, str(result.book)):
            rewrites.append(Rewrite(result.book, hashlib.sha256(before).hexdigest(), book))
    copies = rewrite_all(rewrites) if rewrites else {}
    if stored is None:
        words = {"school": result.draft.case.school.name, "year": result.draft.case.study.year, "schema": SCHEMA}
        header = [line.format(**words) for line in wording().header]
        text = as_yaml(result.draft.case, header).encode()
        parse(text, str(result.target))
        write_new(result.target, text)
        schema_beside(result.target, [result.asked.ruleset])
    if result.book not in copies:
        write(result.book, book)
    return copies


def _changed(content: bytes, result: TakenIn) -> bytes:
    """The text of a stored draft with what became of its documents; everything else stays as a person wrote it."""
    data = parse(content, str(result.target), InputError).data
    stated = {d["id"]: d for d in data.get("documents") or ()}
    changes: dict[str, Any] = {}
    for document in result.draft.case.documents:
        told = plain_data(document)
        if document.id not in stated:
            changes[document.id] = {key: value for key, value in told.items() if key != "id"}
            continue
        keys = ("title", "file", "scan", "evidence")
        changes[document.id] = {key: told.get(key) for key in keys if key in told or key in stated[document.id]}
    text = edited(content, patched(data, {"documents": changes}), str(result.target))
    parse(text, str(result.target))
    return text


def _contents(result: TakenIn) -> BookContents:
    """What stands in the workbook."""
    unread = [
        Unread(own, reading_words(piece.text.reason))
        for own, piece in result.draft.pieces.items()
        if piece.proposal is None and any(q.document == own for q in result.questions)
    ]
    files = [t for t in result.texts if not t.left_out]
    figures = {
        "files": len(files),
        "read": len(files) - len(result.unread),
        "unread": len(result.unread),
        "documents": len(result.draft.pieces),
        "needed": len(result.needed),
    }
    first = first_to_look(result.draft, result.questions, result.asked.ruleset)
    return BookContents(result.questions, unread, figures, first)


def reading_words(reason: str | None) -> str:
    """Why a file was not read, and what to do, in words."""
    return reasons().get(reason or "", wording().no_reason)
