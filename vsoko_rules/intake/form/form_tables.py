"""Finding the tables of a form in a workbook that people have worked with: rows moved, columns added, sheets renamed.

A table is known by its hidden row of keys; where that is gone, by its headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from vsoko_rules.errors import Place, Problem
from vsoko_rules.intake.form.layout import OPEN, Kind, layout
from vsoko_rules.reading.word_list import folded
from vsoko_rules.reading.workbook import Sheet
from vsoko_rules.writing.cell_text import unescaped

_HEAD_ROWS: Final = 40
"""the keys or headings of a table stand within so many rows"""
_FEWEST_KEYS, _FEWEST_HEADINGS = 2, 3
_SPACES: Final = " \t\n\r\u00a0"

Names = list[tuple[str, int]]
"""keys of columns, each with the number of the column"""


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell with something in it, or the place where it would be."""

    text: str | None
    place: Place
    link: str | None = None
    """the address to which it leads"""
    fault: str | None = None
    """the error that stands in it, or a formula without a value"""
    day_zero: date | None = None
    """the day from which a date without its format is counted, where the file tells"""


@dataclass(frozen=True, slots=True)
class FormTable:
    """The rows of one sheet: cells by the key of their column."""

    kind: Kind
    sheet: Sheet
    heads: Mapping[str, int]
    """the number of the column of each key"""
    first: int
    """the first row below the headings"""

    def rows(self) -> Iterator[dict[str, FormCell]]:
        """Every row in which something stands."""
        for number in range(self.first, len(self.sheet.rows)):
            cells = {key: form_cell(self.sheet, number, at) for key, at in self.heads.items()}
            if any(cell.text is not None or cell.fault is not None for cell in cells.values()):
                yield cells


def form_cell(sheet: Sheet, row: int, at: int) -> FormCell:
    """A cell of a sheet with everything that the file says of it."""
    fault = sheet.faults.get((row, at))
    text = fault if fault is not None else _text(sheet.rows[row], at)
    return FormCell(text, sheet.place(row, at), sheet.links.get((row, at)), fault, sheet.day_zero)


def find_table(sheet: Sheet, problems: list[Problem]) -> FormTable | None:
    """The table on a sheet; none where there is none. A column that is there twice is a problem."""
    head = sheet.rows[:_HEAD_ROWS]
    for names_in, fewest in ((_keys, _FEWEST_KEYS), (_headings, _FEWEST_HEADINGS)):
        rows = [(len(names), -number, kind, names) for number, row in enumerate(head) for kind, names in names_in(row)]
        if rows:
            most, back, kind, names = max(rows, key=lambda row: row[:2])
            if most >= fewest:
                return FormTable(kind, sheet, _columns(sheet, -back, kind, names, problems), 1 - back)
    return None


def requirements_by_heading(table: FormTable, titles: Mapping[str, str]) -> dict[str, int]:
    """Columns of requirements in a table whose hidden row is gone; `titles` are codes by their folded titles."""
    row = table.sheet.rows[table.first - 1]
    named = {titles[folded(cell)]: at for at, cell in enumerate(row) if cell and folded(cell) in titles}
    taken = set(table.heads.values())
    return {f"holds.{code}": at for code, at in named.items() if at not in taken}


def _text(row: Sequence[str | None], at: int) -> str | None:
    text = row[at] if at < len(row) else None
    return unescaped(text) if text is not None and text.strip(_SPACES) else None


def _keys(row: Sequence[str | None]) -> Iterator[tuple[Kind, Names]]:
    """The machine's keys in a row: `document.title`."""
    for kind, (fixed, stems) in _known_keys().items():
        keys = [
            (key, at)
            for at, cell in enumerate(row)
            if cell is not None and cell.lstrip().startswith(f"{kind}.")
            for key in (cell.strip().removeprefix(f"{kind}."),)
            if key in fixed or key.startswith(stems)
        ]
        if keys:
            yield kind, keys


def _headings(row: Sequence[str | None]) -> Iterator[tuple[Kind, Names]]:
    """Headings in a row, for each kind of table that has them."""
    written = {folded(cell): at for at, cell in reversed(list(enumerate(row))) if cell is not None}
    for kind, known in _known_headings().items():
        names = [(key, written[heading]) for key, heading in known if heading in written]
        if names:
            yield kind, names


@cache
def _known_keys() -> dict[Kind, tuple[set[str], tuple[str, ...]]]:
    """The keys of each kind of table, and how those begin that stand once for each requirement, block or count."""
    return {
        table.kind: (
            {column.key for column in table.columns},
            tuple(column.key.removesuffix("*") for column in table.columns if column.key.endswith(OPEN)),
        )
        for table in layout().tables
    }


@cache
def _known_headings() -> dict[Kind, list[tuple[str, str]]]:
    """Keys and folded headings, present and former ones, of each kind of table that people see."""
    return {
        table.kind: [(c.key, folded(h)) for c in table.columns for h in (c.heading, *c.formerly) if h]
        for table in layout().tables
        if table.kind != "list"
    }


def _columns(sheet: Sheet, number: int, kind: Kind, names: Names, problems: list[Problem]) -> dict[str, int]:
    """The columns by their keys; one that lost its key is known by its heading in the row above."""
    heads: dict[str, int] = {}
    for key, at in names:
        if key in heads:
            expected = f"один раз; впервые — {sheet.place(number, heads[key])}"
            problems.append(Problem(sheet.place(number, at), "столбец повторяется", key, expected))
        heads.setdefault(key, at)
    taken = set(heads.values())
    above = dict(_headings(sheet.rows[number - 1])).get(kind, []) if number else []
    return heads | {key: at for key, at in above if key not in heads and at not in taken}
