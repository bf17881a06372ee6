"""Finding the tables of schools and people in a workbook: by their headings, in any order, wherever they begin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from vsoko_rules.errors import Problem, nearest
from vsoko_rules.intake.form.form_tables import FormCell, form_cell
from vsoko_rules.reading.word_list import folded
from vsoko_rules.reading.workbook import Sheet
from vsoko_rules.region.roster_words import RosterColumn, RosterKind, roster_columns, roster_words

_HEAD_ROWS: Final = 40
"""headings stand within so many rows"""
_MOST_COLUMNS: Final = 200
_FEWEST: Final = 2
"""headings that make a table"""
_ALIKE: Final = 0.85
"""how like a heading must be to be taken for it, as `difflib` counts"""


@dataclass(frozen=True, slots=True)
class UnderstoodColumn:
    """A column of a table: the heading that stands there, and what it was understood as."""

    key: str
    found: str
    heading: str


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table on a sheet: which columns were understood, which are passed over, where its rows begin."""

    kind: RosterKind
    sheet: Sheet
    head: int
    """the number of the row of headings"""
    columns: Mapping[str, int]
    """numbers of columns by their keys"""
    understood: tuple[UnderstoodColumn, ...]
    ignored: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, dict[str, FormCell]]]:
        """Every row below the headings in which something stands, with its number."""
        for number in range(self.head + 1, len(self.sheet.rows)):
            cells = {key: form_cell(self.sheet, number, at) for key, at in self.columns.items()}
            if any(cell.text is not None or cell.fault is not None for cell in cells.values()):
                yield number, cells


class TableFinder:
    """Knows tables by their headings. What is wrong with them stands in `problems`, what was guessed in `notices`."""

    def __init__(self, counts: Mapping[str, str]) -> None:
        self._columns = {kind: roster_columns(kind, counts) for kind in get_args(RosterKind)}
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []

    def find(self, sheet: Sheet) -> FoundTable | None:
        """The table on a sheet; none where there is none, or where columns are lacking, which is a problem then."""
        best = max(self._candidates(sheet), key=lambda candidate: candidate[0], default=None)
        if best is None:
            return None
        _, number, kind, named = best
        problems: list[Problem] = []
        columns = self._numbers(sheet, number, named, problems)
        columns = self._without_email(sheet, number, columns)
        titles = {column.key: column.heading for column in self._columns[kind]}
        missing = [f"«{c.heading}»" for c in self._columns[kind] if c.needed and c.key not in columns]
        if missing:
            words = roster_words()
            message = words.wrong["no_columns"].format(kind=words.table(kind).sheet, names=", ".join(missing))
            problems.append(Problem(sheet.place(number, 0), message))
        self.problems += problems
        if problems:
            return None
        heads = _texts(sheet.rows[number])
        understood = tuple(UnderstoodColumn(key, heads[at], titles[key]) for key, at in columns.items())
        taken = {at for found in named.values() for at in found}
        ignored = tuple(text for at, text in heads.items() if at not in taken)
        for column in understood:
            self._tell_near(sheet, number, columns[column.key], column, kind)
        for at, text in heads.items():
            if at not in taken:
                message = roster_words().notice["ignored"].format(found=text)
                self.notices.append(Problem(sheet.place(number, at), message))
        return FoundTable(kind, sheet, number, columns, understood, ignored)

    def _candidates(self, sheet: Sheet) -> Iterator[tuple[tuple[int, int, int], int, RosterKind, dict[str, list[int]]]]:
        """Rows that may be headings, each with how much speaks for it: needed columns first; the last of equal rows,
        because a merged heading stands in several."""
        for number, row in enumerate(sheet.rows[:_HEAD_ROWS]):
            heads = _texts(row)
            for kind, columns in self._columns.items():
                named = _named(heads, columns)
                needed = sum(column.needed and column.key in named for column in columns)
                if len(named) >= _FEWEST and needed:
                    yield (needed, len(named), number), number, kind, named

    def _numbers(
        self, sheet: Sheet, number: int, named: Mapping[str, Sequence[int]], problems: list[Problem]
    ) -> dict[str, int]:
        """The columns by their keys. One that is there twice is a problem."""
        words = roster_words().wrong
        for found in named.values():
            for at in found[1:]:
                expected = words["twice_column_expected"].format(place=sheet.place(number, found[0]))
                text = sheet.rows[number][at]
                problems.append(Problem(sheet.place(number, at), words["twice_column"], text, expected))
        return {key: found[0] for key, found in named.items()}

    def _without_email(self, sheet: Sheet, number: int, columns: dict[str, int]) -> dict[str, int]:
        """An address of mail is the login where there is no other."""
        if "email" not in columns:
            return columns
        left = {key: at for key, at in columns.items() if key != "email"}
        if "login" not in left:
            return left | {"login": columns["email"]}
        found = sheet.rows[number][columns["email"]]
        message = roster_words().notice["email_ignored"].format(found=found, login=sheet.rows[number][left["login"]])
        self.notices.append(Problem(sheet.place(number, columns["email"]), message))
        return left

    def _tell_near(self, sheet: Sheet, number: int, at: int, column: UnderstoodColumn, kind: RosterKind) -> None:
        known = next((c for c in self._columns[kind] if c.key == column.key), None)
        if known is not None and _plain(column.found) not in {
            _plain(name) for c in self._columns[kind] for name in _names(c)
        }:
            message = roster_words().notice["near"].format(found=column.found, heading=column.heading)
            self.notices.append(Problem(sheet.place(number, at), message))


def _texts(row: Sequence[str | None]) -> dict[int, str]:
    return {
        at: text for at, cell in enumerate(row[:_MOST_COLUMNS]) if cell is not None and (text := cell.strip(" *\n\t"))
    }


def _names(column: RosterColumn) -> tuple[str, ...]:
    return (column.heading, *column.also)


def _plain(heading: str) -> str:
    """A heading as it is compared."""
    return folded(heading).rstrip(" *:.").replace("ё", "е")


def _named(heads: Mapping[int, str], columns: Sequence[RosterColumn]) -> dict[str, list[int]]:
    """Numbers of columns by their keys: those that are called so, then for keys that are left those nearly called so.
    Numbers of persons differ from one another by little, and are known by their whole title alone."""
    known = {_plain(name): column.key for column in reversed(columns) for name in _names(column)}
    named: dict[str, list[int]] = {}
    for at, text in heads.items():
        if (key := known.get(_plain(text))) is not None:
            named.setdefault(key, []).append(at)
    taken = {at for found in named.values() for at in found}
    left = {_plain(n): c.key for c in columns if c.key not in named and c.type != "count" for n in _names(c)}
    for at, text in heads.items():
        near = nearest(_plain(text), left, _ALIKE) if at not in taken else None
        if near is not None and left[near] not in named:
            named[left[near]] = [at]
    return named
