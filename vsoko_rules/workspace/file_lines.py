"""The text of the file of a document, sentence by sentence, with what is proposed of each: for the page beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.words import limit
from vsoko_rules.workspace.asked import NamedChoice
from vsoko_rules.workspace.file_questions import FileQuestions
from vsoko_rules.workspace.taken_in import reading_words

_SENTENCE: Final = re.compile(r"\S.*?(?:[.;!?…]+(?=\s+[«„\"(]?[А-ЯЁA-Z0-9—–])|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A piece of a line that can be taken as a quote. `at` is its place, `said` what is proposed or known by it."""

    at: str
    text: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineShown:
    """A paragraph or a row of a table. `page` where another page begins."""

    sentences: tuple[Sentence, ...]
    page: int | None


@dataclass(frozen=True, slots=True)
class FileShown:
    """A part of the text of a document in its file; `reason` why there is none; `more` how many lines follow it;
    `contents` can be given a quote."""

    lines: tuple[LineShown, ...]
    reason: str | None
    more: int
    contents: tuple[NamedChoice, ...]
    start: int = 0
    """how many lines go before it"""
    before: int | None = None
    """where the part before it starts"""
    after: int | None = None
    """where the next part starts"""


def file_shown(asked: FileQuestions, code: str, start: int = 0) -> FileShown | None:
    """The text of a document from its line `start` on; none where its file was not read since the program runs."""
    piece, document = asked.draft.pieces.get(code), asked.document(code)
    if piece is None or document is None:
        return None
    contents = tuple(NamedChoice(c, asked.words.content(c)) for c in asked.asked.contents(document))
    if piece.text.quality is not Quality.GOOD:
        return FileShown((), reading_words(piece.text.reason), 0, contents)
    first, last = piece.proposal.lines if piece.proposal is not None else (0, len(piece.text.lines))
    most, start = limit("file_lines"), start if 0 <= start < last - first else 0
    shown = min(last, first + start + most)
    lines = tuple(_lines(asked, code, first + start, shown))
    before = max(start - most, 0) if start else None
    return FileShown(lines, None, last - shown, contents, start, before, start + most if last > shown else None)


def _lines(asked: FileQuestions, code: str, first: int, last: int) -> Iterator[LineShown]:
    piece = asked.draft.pieces[code]
    quotes = list(_quotes(asked, code))
    page = None
    for number in range(first, last):
        line = piece.text.lines[number]
        own = [(quote, title) for quote, title in quotes if quote in line.text]
        sentences = []
        for match in _SENTENCE.finditer(line.text):
            start, end = match.span()
            said = [t for q, t in own if (at := line.text.find(q)) < end and at + len(q) > start]
            sentences.append(Sentence(f"{number}:{start}:{end}", match[0], tuple(dict.fromkeys(said))))
        if sentences:
            yield LineShown(tuple(sentences), line.page if line.page != page else None)
            page = line.page


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of the text of a file, to be read: lines, each with its page where another page begins; `reason` why there
    is none; where the parts before and after it start, and how many lines are left."""

    lines: tuple[tuple[str, int | None], ...]
    reason: str | None = None
    before: int | None = None
    after: int | None = None
    more: int = 0


def text_part(text: FileText, start: int = 0) -> TextPart:
    """The text of a file from its line `start` on."""
    if text.quality is not Quality.GOOD:
        return TextPart((), reading_words(text.reason))
    most, last = limit("file_lines"), len(text.lines)
    start = start if 0 <= start < last else 0
    end, page, lines = min(start + most, last), None, []
    for line in text.lines[start:end]:
        lines.append((line.text, line.page if line.page != page else None))
        page = line.page
    before = max(start - most, 0) if start else None
    return TextPart(tuple(lines), None, before, end if end < last else None, last - end)


def _quotes(asked: FileQuestions, code: str) -> Iterator[tuple[str, str]]:
    """Verbatim words of the file, and what they show."""
    document = asked.document(code)
    for claim in document.evidence if document is not None else ():
        if claim.quote is not None and claim.state in ("proposed", "confirmed"):
            yield claim.quote, asked.claim_title(claim)
