"""The table of schools and people as a workbook: empty with examples, or with what a study has; `roster` reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from vsoko_rules.region.region_records import RegionPerson, RegionSchool
from vsoko_rules.region.roster_records import RosterRecord, shown_fields
from vsoko_rules.region.roster_words import RosterColumn, RosterKind, RosterTableWords, roster_columns, roster_words
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.writing.cells import InputCheck, TableColumn, Value, row_height
from vsoko_rules.writing.spreadsheet import Spreadsheet

_SPARE: Final = 200
"""empty rows below the others, ready to be typed into"""
_CHECKED: Final = 5_000
"""rows down to which what is typed is checked"""
_GUIDE: Final = (10, 42, 80)
"""widths of the columns of the guide, in characters"""


def roster_book(
    counts: Mapping[str, str], schools: Iterable[RegionSchool] = (), people: Iterable[RegionPerson] = ()
) -> bytes:
    """The workbook: a sheet of schools, a sheet of people, how to fill them in. The same records give the same bytes.

    `counts` as for `read_roster`. Without schools and people it holds examples, which are passed over when it is read.
    """
    words = roster_words()
    book = Spreadsheet(words.title, words.subject)
    listed = sorted(schools, key=lambda school: school.code)
    named = sorted(people, key=lambda person: (person.login, person.role.value))
    rows: dict[RosterKind, Sequence[RosterRecord]] = {"school": listed, "person": named}
    empty = not listed and not named
    for table in words.tables:
        cells = table.examples if empty else [_cells(record) for record in rows[table.kind]]
        _sheet(book, table, roster_columns(table.kind, counts), cells)
    _guide(book, counts)
    return book.content()


def _cells(record: RosterRecord) -> dict[str, str]:
    key = {"code": record.code} if isinstance(record, RegionSchool) else {"login": record.login, "name": record.name}
    return key | shown_fields(record)


def _sheet(
    book: Spreadsheet, table: RosterTableWords, columns: Sequence[RosterColumn], cells: Sequence[Mapping[str, str]]
) -> None:
    offered = [column for column in columns if not column.hidden]
    rows: list[list[Value]] = [[row.get(column.key) for column in offered] for row in cells]
    rows += [[None] * len(offered) for _ in range(_SPARE)]
    sheet = book.sheet(table.sheet)
    heads = [TableColumn(_heading(column), column.width, "answer", None, column.type == "count") for column in offered]
    sheet.table(heads, rows, frozen=2)
    for at, column in enumerate(offered):
        sheet.check(1, _CHECKED, at, _check(column))
    last = len(cells) + min(_SPARE, 30)
    sheet.print_setup(area=(0, 0, last, len(offered) - 1))


def _heading(column: RosterColumn) -> str:
    return f"{column.heading} *" if column.needed else column.heading


def _check(column: RosterColumn) -> InputCheck:
    """What Excel offers and refuses in a column."""
    words = roster_words()
    asked = InputCheck(prompt_title=column.heading, prompt=column.note or words.refused.get(column.type, ""))
    strict = replace(asked, refusal_title=words.refused["title"], refusal=words.refused.get(column.type, ""))
    if column.type == "flag":
        return replace(strict, kind="list", words=words.flag)
    if column.type == "role":
        return replace(strict, kind="list", words=tuple(words.roles.values()))
    if column.type == "levels":
        return replace(asked, kind="list", words=tuple(_sets_of_levels()), enforced=False)
    return replace(strict, kind="whole") if column.type == "count" else asked


def _sets_of_levels() -> Iterator[str]:
    """Every set of levels as it is typed, larger ones first."""
    levels = [level.value for level in EducationLevel]
    yield from ("; ".join(chosen) for size in range(len(levels), 0, -1) for chosen in combinations(levels, size))


def _guide(book: Spreadsheet, counts: Mapping[str, str]) -> None:
    """How to fill the sheets in, and what each column is for."""
    words = roster_words()
    sheet = book.sheet(words.guide.sheet, gridlines=False)
    sheet.widths(_GUIDE)
    lines = [("title", words.title), *(("plain", line) for line in words.guide.lines)]
    for row, (style, text) in enumerate(lines):
        sheet.merge(row, 0, len(_GUIDE) - 1, text, style)
        sheet.height(row, 28 if style == "title" else row_height([(text, sum(_GUIDE))]))
    first = len(lines) + 1
    for at, heading in enumerate(words.guide.headings):
        sheet.put(first, at, heading, "heading")
    listed = [(t.sheet, c) for t in words.tables for c in roster_columns(t.kind, counts) if not c.hidden]
    for row, (name, column) in enumerate(listed, first + 1):
        cells = (name, _heading(column), column.note or words.refused.get(column.type, ""))
        sheet.height(row, row_height(zip(cells, _GUIDE, strict=True)))
        for at, text in enumerate(cells):
            sheet.put(row, at, text, "cell")
