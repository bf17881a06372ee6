"""The workbook for confirmation: a row a question, with the words of the document, and a cell for the answer.

`read_confirmation` reads it back. Rows are known by a hidden key, so they may be sorted and moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from vsoko_rules.case.document_records import Document
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.drafting import Draft
from vsoko_rules.intake.drafts.question_words import QuestionWords
from vsoko_rules.intake.drafts.questions import About, Question
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.writing.cells import InputCheck, Link, TableColumn, Value, row_height
from vsoko_rules.writing.spreadsheet import Spreadsheet

ALL: Final = "*"
"""the document of a row that speaks of all on its sheet"""
UNREAD: Final = ("element", "title", "kind", "number", "date", "lacking", "grounds")
"""what is asked of a file that could not be read"""
_WIDTHS: Final = {"key": 0, "what": 20, "offer": 40, "quote": 52, "place": 24, "answer": 26}
_UNSEEN: Final = {"key": 0, "document": 66, "what": 22, "place": 34, "answer": 20}
_UNREAD: Final = {
    "key": 0, "document": 20, "reason": 20, "element": 18, "title": 20, "kind": 10, "number": 9, "date": 11,
    "lacking": 18, "grounds": 12,
}  # fmt: skip
_GUIDE: Final = (2, 92)
_DOCUMENT: Final = {"bold": True, "bg_color": "#E8EEF4"}


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read: the id of its document, why, and what to do."""

    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class BookContents:
    """What stands in the workbook. `figures` fill the lines of the guide, `first` says what to look at first."""

    questions: Sequence[Question]
    unread: Sequence[Unread]
    figures: Mapping[str, int]
    first: Sequence[str] = ()


def confirmation_book(contents: BookContents, draft: Draft, ruleset: Ruleset) -> bytes:
    """The workbook; the same questions give the same bytes. Links to files start at the folder of the case."""
    names = wording().names
    book = Spreadsheet(wording().title, lists_on=(names["lists"], 0, 0), cut=True)
    words = QuestionWords(draft, ruleset)
    _guide(book, contents)
    unread = {u.document for u in contents.unread}
    asked = [q for q in contents.questions if q.document not in unread]
    rows = [q for q in asked if q.about is not About.UNSEEN]
    if rows:
        _questions(book, rows, words)
    if seen := [q for q in asked if q.about is About.UNSEEN]:
        _unseen(book, seen, words)
    if contents.unread:
        _unread(book, contents, words)
    lists = book.sheet(names["lists"])
    lists.hide()
    lists.print_setup(silent=True)
    return book.content()


def _guide(book: Spreadsheet, contents: BookContents) -> None:
    guide = wording().guide
    sheet = book.sheet(wording().names["guide"], gridlines=False)
    sheet.widths(_GUIDE)
    lines = [("title", guide.title), *(("plain", line.format(**contents.figures)) for line in guide.lines)]
    lines += [("subtitle", guide.steps.heading), *(("plain", line) for line in guide.steps.lines)]
    unread = [("unread", bool(contents.unread))]
    unread += [("unseen", any(q.about is About.UNSEEN for q in contents.questions))]
    lines += [("plain", wording().about[key]) for key, there in unread if there]
    if contents.first:
        lines += [("subtitle", guide.first.heading), *(("plain", f"• {line}") for line in contents.first)]
    for row, (style, text) in enumerate(lines):
        sheet.put(row, 1, text, style)
        sheet.height(row, 28 if style == "title" else 24 if style == "subtitle" else row_height([(text, _GUIDE[1])]))


def _columns(widths: Mapping[str, int], answers: Iterable[str] = ("answer",)) -> list[TableColumn]:
    titles = wording().columns
    return [
        TableColumn(titles[key], width, "answer" if key in answers else "input" if key == "key" else "cell")
        for key, width in widths.items()
    ]


def _questions(book: Spreadsheet, rows: Sequence[Question], words: QuestionWords) -> None:
    """Documents, each with its questions below it."""
    sheet = book.sheet(wording().names["questions"])
    listed = list(_grouped(rows))
    columns = list(_WIDTHS)
    answer = columns.index("answer")
    cells = [list(_question_row(document, question, words)) for document, question in listed]
    sheet.table(_columns(_WIDTHS), cells, frozen=0)
    for at, ((_, question), row) in enumerate(zip(listed, cells, strict=True), 1):
        if question is None or question.about is About.DOCUMENT:
            for column in range(1, answer):
                sheet.put(at, column, row[column], "info", **_DOCUMENT)
        if question is None:
            sheet.put(at, answer, None, "info", **_DOCUMENT)
            continue
        if not question.waits and question.about is not About.DOCUMENT:
            sheet.put(at, answer, None, "input")
        sheet.check(at, at, answer, InputCheck("list", words.choices(question), enforced=False))


def _grouped(rows: Sequence[Question]) -> Iterator[tuple[str, Question | None]]:
    """Each document with the question about the whole of it, none where there is none; then its other questions."""
    last = None
    for question in rows:
        if question.document != last and question.about is not About.DOCUMENT:
            yield question.document, None
        last = question.document
        yield question.document, question


def _question_row(document: str, question: Question | None, words: QuestionWords) -> Iterator[Value]:
    yield question.key if question is not None else None
    if question is None or question.about is About.DOCUMENT:
        yield wording().what["document"].format(id=document)
        yield words.title(document)
        told = (wording().offer["everything"] if question is not None else None, words.unread_pages(document))
        yield "\n".join(part for part in told if part) or None
        yield _file(words.documents[document])
    else:
        yield words.what(question)
        yield words.offer(question)
        yield words.quote(question)
        yield words.place(question)
    yield None


def _unseen(book: Spreadsheet, rows: Sequence[Question], words: QuestionWords) -> None:
    """What no text shows: first one row for all documents, then a row for each."""
    sheet = book.sheet(wording().names["unseen"])
    codes = list(dict.fromkeys(q.claims[0] for q in rows))
    cells: list[list[Value]] = []
    for code in codes:
        title = words.content(code)
        everything = wording().all_documents.format(title=title)
        cells.append([f"{ALL}@ {About.UNSEEN.value} {code}", everything, title, None, None])
        own = [q for q in rows if q.claims[0] == code]
        cells += [[q.key, words.label(q.document), title, _file(words.documents[q.document]), None] for q in own]
    sheet.table(_columns(_UNSEEN), cells)
    answer = list(_UNSEEN).index("answer")
    sheet.check(1, len(cells), answer, InputCheck("list", wording().answers, enforced=False))
    for at, row in enumerate(cells, 1):
        if str(row[0]).startswith(ALL):
            for column in range(1, answer):
                sheet.put(at, column, row[column], "info", **_DOCUMENT)
        else:
            sheet.put(at, answer, None, "input")


def _unread(book: Spreadsheet, contents: BookContents, words: QuestionWords) -> None:
    """Files that nobody could read, one a row, and what a person says of each."""
    sheet = book.sheet(wording().names["unread"])
    keys = {q.document: f"{q.document}@{q.stamp}" for q in contents.questions}
    cells: list[list[Value]] = []
    for each in contents.unread:
        document = words.documents[each.document]
        key = f"{keys.get(document.id, f'{document.id}@')} unread"
        cells.append([key, _file(document), each.reason, *([None] * len(UNREAD))])
    sheet.table(_columns(_UNREAD, UNREAD), cells)
    elements = (*wording().nowhere[:1], *wording().unsure[:1], *words.all_elements())
    sheet.check(1, len(cells), list(_UNREAD).index("element"), InputCheck("list", elements, enforced=False))


def _file(document: Document) -> Value:
    """The file of a document, to be opened with a click."""
    if document.file is None:
        return None
    path = PurePosixPath(document.file)
    archive = next((p for p in path.parents if p.suffix.lower() == ".zip"), None)
    return Link(unquote(path.name), f"external:{archive or path}")
