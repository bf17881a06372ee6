"""The filled workbook for confirmation: every answer in it, found by the hidden key of its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.drafts.answers import GivenAnswer, Understanding, WrongAnswer
from vsoko_rules.intake.drafts.confirmation_book import ALL, UNREAD
from vsoko_rules.intake.drafts.confirmation_words import wording
from vsoko_rules.intake.drafts.questions import About, Question
from vsoko_rules.intake.form.form_tables import FormCell, form_cell
from vsoko_rules.reading.workbook import Sheet, parse_workbook

_FIELDS = {"title": "title", "kind": "kind", "number": "number", "date": "date"}
_FAULT = "в ячейке ошибка или формула вместо ответа"


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """An answer as it was typed. `column` is the key of its column."""

    key: str
    column: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class FilledBook:
    """What the workbook says: questions with their answers, and cells that answer what is asked no more."""

    given: tuple[tuple[Question, GivenAnswer], ...]
    cells: int
    """cells in which something was typed"""
    stale: tuple[AnswerCell, ...] = ()
    """answers to questions that were settled since, or whose file changed"""


def read_cells(content: bytes, name: str) -> tuple[AnswerCell, ...]:
    """Every cell in which something was answered. Raises `InputError` for what is no such workbook."""
    problems: list[Problem] = []
    known = {wording().names[key]: key for key in ("questions", "unseen", "unread")}
    sheets = [(known[s.name], s) for s in parse_workbook(content, name) if s.name in known]
    if not sheets and not any(s.name == wording().names["guide"] for s in parse_workbook(content, name)):
        message = wording().no_sheet.format(name=wording().names["questions"])
        raise InputError([Problem(Place(name), message, hint=wording().hint)])
    cells = [cell for kind, sheet in sheets for cell in _cells(kind, sheet, problems)]
    if problems:
        raise InputError(problems)
    return tuple(cells)


def _cells(kind: str, sheet: Sheet, problems: list[Problem]) -> Iterator[AnswerCell]:
    wanted = UNREAD if kind == "unread" else ("answer",)
    titles = {wording().columns[key]: key for key in ("key", *wanted)}
    number, heads = 0, dict[str, int]()
    for number, row in enumerate(sheet.rows):  # noqa: B007 (the row of the headings)
        heads = {titles[text.strip()]: at for at, text in enumerate(row) if text and text.strip() in titles}
        if len(heads) > 1:
            break
    missing = [f"«{title}»" for title, key in titles.items() if key not in heads]
    if missing:
        message = wording().no_columns.format(names=", ".join(missing))
        problems.append(Problem(sheet.place(number, 0), message, hint=wording().hint))
        return
    for at in range(number + 1, len(sheet.rows)):
        key = form_cell(sheet, at, heads["key"])
        for column in wanted:
            cell = form_cell(sheet, at, heads[column])
            if cell.fault is not None:
                problems.append(Problem(cell.place, _FAULT, cell.fault, wording().expected.flag))
            elif cell.text is not None:
                yield from _answer(key, column, cell, problems)


def _answer(key: FormCell, column: str, cell: FormCell, problems: list[Problem]) -> Iterator[AnswerCell]:
    if key.text is None or "@" not in key.text:
        problems.append(Problem(cell.place, wording().no_key, key.text, hint=wording().hint))
    else:
        yield AnswerCell(key.text.strip(), column, cell.text or "", cell.place)


def understood(cells: Sequence[AnswerCell], questions: Iterable[Question], understanding: Understanding) -> FilledBook:
    """What was meant by all the answers. Raises `InputError` with every cell that cannot be understood."""
    asked = {q.key: q for q in questions}
    given: list[tuple[Question, GivenAnswer]] = []
    problems: list[Problem] = []
    stale: list[AnswerCell] = []
    for cell in cells:
        found = list(_asked(cell, asked, {c.key for c in cells}))
        if not found:
            stale.append(cell)
        for question in found:
            try:
                given.append((question, understanding.answer(question, cell.text)))
            except WrongAnswer as wrong:
                problems.append(Problem(cell.place, wrong.message, cell.text, wrong.expected, wrong.hint))
                break
    if problems:
        raise InputError(problems)
    return FilledBook(tuple(given), len(cells), tuple(stale))


def _asked(cell: AnswerCell, asked: Mapping[str, Question], answered: set[str]) -> Iterator[Question]:
    """The questions that a cell answers: its own, all of its sheet that are not answered by themselves, or one of an
    unread file."""
    document, _, rest = cell.key.partition("@")
    stamp, _, about = rest.partition(" ")
    if document == ALL:
        code = about.partition(" ")[2]
        yield from (
            q for q in asked.values() if q.about is About.UNSEEN and q.claims == (code,) and q.key not in answered
        )
    elif about == "unread":
        yield from _of_unread(cell, document, stamp, asked)
    elif cell.key in asked:
        yield asked[cell.key]


def _of_unread(cell: AnswerCell, document: str, stamp: str, asked: Mapping[str, Question]) -> Iterator[Question]:
    own = [q for q in asked.values() if q.document == document and q.stamp == stamp]
    if not own:
        return
    if cell.column == "element":
        yield from (q for q in own if q.about is About.ELEMENT)
    elif cell.column in _FIELDS:
        yield Question(document, About.FIELD, (_FIELDS[cell.column],), waits=True, stamp=stamp)
    elif cell.column == "lacking":
        yield Question(document, About.LACKING, (), waits=True, stamp=stamp)
    else:
        yield next((q for q in own if q.about is About.GROUNDS), None) or Question(
            document, About.GROUNDS, ("based_on",), waits=True, stamp=stamp
        )
