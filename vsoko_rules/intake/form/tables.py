"""Finding the tables of a form in a workbook that people have worked with: rows moved, columns added, sheets renamed.

A table is known by its hidden row of keys; where that is gone, by its headings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vsoko_rules.errors import Place, Problem
from vsoko_rules.intake.form.layout import OPEN, Column, Kind, layout
from vsoko_rules.reading.workbook import Sheet
from vsoko_rules.writing.cell_text import unescaped

_HEAD_ROWS: Final = 40
"""the keys or headings of a table stand within so many rows"""
_SPACES: Final = " \t\n\r\u00a0"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with something in it, or the place where it would be."""

    text: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet: cells by the key of their column."""

    kind: Kind
    sheet: Sheet
    heads: Mapping[str, int]
    """the number of the column of each key"""
    first: int
    """the first row below the headings"""

    def rows(self) -> Iterator[dict[str, Cell]]:
        """Every row in which something stands."""
        for number in range(self.first, len(self.sheet.rows)):
            cells = {key: Cell(self._text(number, at), self.sheet.place(number, at)) for key, at in self.heads.items()}
            if any(cell.text is not None for cell in cells.values()):
                yield cells

    def _text(self, row: int, at: int) -> str | None:
        cells = self.sheet.rows[row]
        text = cells[at] if at < len(cells) else None
        return unescaped(text) if text is not None and text.strip(_SPACES) else None


def find(sheet: Sheet, problems: list[Problem]) -> Table | None:
    """The table on a sheet; none where there is none. A column that is there twice is a problem."""
    head = sheet.rows[:_HEAD_ROWS]
    for names_in, fewest in ((_keys, 2), (_headings, 3)):
        found = [(number, kind, names) for number, row in enumerate(head) for kind, names in names_in(row).items()]
        if found:
            number, kind, names = max(found, key=lambda each: len(each[2]))
            if len(names) >= fewest:
                return Table(kind, sheet, _columns(sheet, head, number, kind, names, problems), number + 1)
    return None


def _keys(row: Sequence[str | None]) -> dict[Kind, list[tuple[str, int]]]:
    """The machine's keys in a row: `document.title`."""
    found: dict[Kind, list[tuple[str, int]]] = {}
    for at, cell in enumerate(row):
        for table in layout().tables:
            key = (cell or "").strip().removeprefix(f"{table.kind}.")
            if key != (cell or "").strip() and any(_is(key, column) for column in table.columns):
                found.setdefault(table.kind, []).append((key, at))
    return found


def _is(key: str, column: Column) -> bool:
    return key == column.key or (column.key.endswith(OPEN) and key.startswith(column.key.removesuffix("*")))


def _headings(row: Sequence[str | None]) -> dict[Kind, list[tuple[str, int]]]:
    """Headings in a row, for each kind of table that has them."""
    written = {_folded(cell): at for at, cell in reversed(list(enumerate(row))) if cell is not None}
    found: dict[Kind, list[tuple[str, int]]] = {}
    for table in (each for each in layout().tables if each.kind != "list"):
        names = [(c.key, written[h]) for c in table.columns for h in _known(c) if h in written]
        if names:
            found[table.kind] = names
    return found


def _known(column: Column) -> set[str]:
    return {_folded(heading) for heading in (column.heading, *column.formerly) if heading}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _columns(
    sheet: Sheet,
    head: Sequence[Sequence[str | None]],
    number: int,
    kind: Kind,
    names: Sequence[tuple[str, int]],
    problems: list[Problem],
) -> dict[str, int]:
    """The columns by their keys; one that lost its key is known by its heading in the row above."""
    heads: dict[str, int] = {}
    for key, at in names:
        if key in heads:
            first = sheet.place(number, heads[key])
            problems.append(
                Problem(sheet.place(number, at), "столбец повторяется", key, f"один раз; впервые — {first}")
            )
        heads.setdefault(key, at)
    taken = Counter(heads.values())
    for row in head[max(0, number - 1) : number]:
        for key, at in _headings(row).get(kind, []):
            if key not in heads and not taken[at]:
                heads[key] = at
    return heads


def requirements_by_heading(sheet: Sheet, table: Table, titles: Mapping[str, str]) -> dict[str, int]:
    """Columns of requirements in a table whose hidden row is gone; `titles` are codes by their folded titles."""
    row = sheet.rows[table.first - 1]
    taken = set(table.heads.values())
    named = {titles[_folded(cell)]: at for at, cell in enumerate(row) if cell and _folded(cell) in titles}
    return {f"holds.{code}": at for code, at in named.items() if at not in taken}
