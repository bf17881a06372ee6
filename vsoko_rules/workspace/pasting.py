"""Rows pasted from a table: what was understood of each is shown first, and added as one change after that.

The columns are those of the sheet «Документы» of a form: known by their headings where the first row has them, else by
their order. A row without a title says more of the one above it, as in a form.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import count
from typing import Any, Final

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.form.document_names import DocumentNames, NamedDocument, plain
from vsoko_rules.intake.form.layout import layout
from vsoko_rules.intake.form.word_lists import word_lists
from vsoko_rules.reading.typed import document_number, means_above, typed_date
from vsoko_rules.reading.word_list import WordList, folded
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.row_reader import RowReader, named_document

MOST_ROWS: Final = 1_000
_MANY: Final = ("serves", "contents", "based_on")
"""columns that hold several values"""


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One document of a pasted table. `line` is its number there from 1, `cells` what stands in its columns, `fields`
    what it says as a document; `known` is a document of the school that is the same."""

    line: int
    code: str
    cells: Mapping[str, str]
    fields: Mapping[str, Any]
    problems: tuple[Problem, ...]
    known: str | None


def pasted_rows(school: OpenedSchool, text: str) -> tuple[PastedRow, ...]:
    """What was understood of a pasted table. Raises `InputError` for one that is too long or that is none."""
    table = _table(text)
    if not table:
        raise InputError([Problem(Place("таблица"), "в таблице нет ни одной строки")])
    if len(table) > MOST_ROWS:
        found = str(len(table))
        raise InputError([Problem(Place("таблица"), "в таблице слишком много строк", found, f"до {MOST_ROWS}")])
    taken = set(school.case.documents)
    codes = [_code(taken) for _ in table]
    known = [named_document(d) for d in school.case.content.documents]
    pasted = [_named(code, cells) for code, (_, cells) in zip(codes, table, strict=True)]
    reader = _PastedReader(school, DocumentNames([*known, *pasted]), known)
    return tuple(reader.row(line, code, cells) for code, (line, cells) in zip(codes, table, strict=True))


def add_pasted(rows: Sequence[PastedRow], lines: Collection[int]) -> Callable[[Data], Data]:
    """The change that adds the rows of these lines. Raises `InputError` where one of them is wrong."""
    chosen = [row for row in rows if row.line in lines]
    problems = [problem for row in chosen for problem in row.problems]
    if problems or not chosen:
        raise InputError(problems or [Problem(Place("таблица"), "не выбрано ни одной строки")])

    def change(data: Data) -> Data:
        documents = list(data.get("documents") or ())
        return {**data, "documents": [*documents, *({"id": row.code, **row.fields} for row in chosen)]}

    return change


def column_titles() -> dict[str, str]:
    """The columns that are understood, by their headings, in their order."""
    return {c.key: c.heading for c in layout().columns("document") if "documents" in c.on and c.type != "service"}


def _table(text: str) -> list[tuple[int, dict[str, str]]]:
    """The rows by their columns, each with its line, without those that only say more of the one above."""
    try:
        rows = list(csv.reader(StringIO(text.replace("\r\n", "\n").replace("\0", "")), delimiter="\t"))
    except csv.Error as exc:
        hint = "Возможно, в одной из клеток кавычка без пары."
        raise InputError([Problem(Place("таблица"), "её не удалось разделить на клетки", hint=hint)]) from exc
    lines = [(n, [cell.strip() for cell in row]) for n, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    keys = list(column_titles())
    if lines and (named := _headings(lines[0][1])):
        keys, lines = named, lines[1:]
    table: list[tuple[int, dict[str, str]]] = []
    for line, cells in lines:
        entry = {key: cell for key, cell in zip(keys, cells, strict=False) if key and cell}
        title = entry.get("title", "")
        if table and (not title or means_above(title)):
            _say_more(table[-1][1], entry)
        else:
            table.append((line, entry))
    return table


def _headings(cells: Sequence[str]) -> list[str]:
    """The columns that a row of headings names; none where it is no such row."""
    known = {folded(word): c.key for c in layout().columns("document") for word in (c.heading, *c.formerly, *c.also)}
    found = [known.get(folded(cell.rstrip(" *")), "") for cell in cells]
    return found if sum(map(bool, found)) > len(cells) / 2 and "title" in found else []


def _say_more(entry: dict[str, str], more: Mapping[str, str]) -> None:
    for key, cell in more.items():
        if key in _MANY and key in entry:
            entry[key] = f"{entry[key]}; {cell}"
        elif key != "title":
            entry.setdefault(key, cell)


def _code(taken: set[str]) -> str:
    code = next(code for n in count(1) if (code := f"d{n:02}") not in taken)
    taken.add(code)
    return code


def _named(code: str, cells: Mapping[str, str]) -> NamedDocument:
    number, day = document_number(cells.get("number", ""))
    return NamedDocument(code, cells.get("title", ""), number or None, day or typed_date(cells.get("when", ""), None))


class _PastedReader:
    """Reads rows as documents, each by the words of the ruleset and the names of all documents."""

    def __init__(self, school: OpenedSchool, names: DocumentNames, known: Sequence[NamedDocument]) -> None:
        self.school = school
        self.names = names
        self.known = {_same(document): document.id for document in known}
        self.words = word_lists(school.ruleset, school.case.content)

    def row(self, line: int, code: str, cells: Mapping[str, str]) -> PastedRow:
        """What was understood of a row, and what was not."""
        problems: list[Problem] = []
        typed: dict[str, list[str]] = {k: [v] for k, v in cells.items() if k not in (*_MANY, "notes")}
        typed.setdefault("title", [""])
        typed["serves_typed"] = self.words["elements"].split(cells.get("serves", ""))
        typed["based_on_typed"] = [part.strip() for part in cells.get("based_on", "").split(";") if part.strip()]
        typed["box"] = typed["shown"] = list(self._contents(cells.get("contents", ""), problems))
        typed |= self._notes(cells.get("notes", ""))
        reader = RowReader(self.school, code, self.names, self.words["elements"])
        fields: dict[str, Any] = {}
        try:
            fields = {key: value for key, value in reader.read(typed).items() if value}
        except InputError as wrong:
            problems += wrong.problems
        same = self.known.get(_same(self.names.documents[code]))
        return PastedRow(line, code, cells, fields, tuple(problems), same)

    def _contents(self, cell: str, problems: list[Problem]) -> Iterator[str]:
        words: WordList = self.words["contents"]
        for word in words.split(cell):
            code = words.code(word)
            if code is None:
                hint = words.hint(word)
                problems.append(Problem(Place("contents"), "так ничего не называется", word, "слово из формы", hint))
            else:
                yield code

    def _notes(self, cell: str) -> dict[str, list[str]]:
        """Marks that are known; the rest is a comment."""
        known = {word: self.words["notes"].code(word) for word in self.words["notes"].split(cell)}
        marks = [code.partition(":")[0] for code in known.values() if code is not None and code.endswith(":true")]
        comment = "; ".join(word for word, code in known.items() if code is None or not code.endswith(":true"))
        return {"marks_shown": ["1"], "marks": marks, "comment": [comment]}


def _same(document: NamedDocument) -> tuple[str, str, str]:
    """What two documents have in common that are the same."""
    return plain(document.title), document.number or "", document.date or ""
