"""Schools and people of a study from a spreadsheet: what was understood is shown first, and taken as a whole or not.

Excel and LibreOffice (.xlsx, .xls, .ods); tables are found by their headings on whatever sheets they stand. Wording is
in `reports/region/roster.yml`; `roster_book` writes an empty table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, get_args

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.reading.workbook import parse_workbook
from vsoko_rules.region.region_records import RegionPerson, RegionSchool
from vsoko_rules.region.roster_records import PersonRows, RosterRecord, SchoolRows, shown_fields
from vsoko_rules.region.roster_rows import RosterRow, Suggestions, Words, fixed_words
from vsoko_rules.region.roster_tables import FoundTable, TableFinder, UnderstoodColumn
from vsoko_rules.region.roster_words import COUNTS, RosterKind, roster_columns, roster_words

MOST_ROWS: Final = 20_000
"""of all tables of one workbook, empty ones between the others among them"""


class RosterState(str, Enum):
    """What a row does: `unchanged` where everything is so already, `wrong` where something in it is."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class RosterFieldChange:
    """One field that a row changes: its heading, and what stands in it before and after, as people write it."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One row, and what was understood of it. `record` is none where something is wrong."""

    kind: RosterKind
    place: Place
    cells: Mapping[str, str]
    """what stands in its columns, by their keys"""
    state: RosterState
    record: RosterRecord | None = None
    changes: tuple[RosterFieldChange, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterTable:
    """One table: its sheet, the columns that were understood, the headings of others, its rows."""

    kind: RosterKind
    sheet: str
    columns: tuple[UnderstoodColumn, ...]
    ignored: tuple[str, ...]
    entries: tuple[RosterEntry, ...]


@dataclass(frozen=True, slots=True)
class RosterChanges:
    """What is to be stored: records that are new or say something else than before; nothing else changes."""

    new_schools: tuple[RegionSchool, ...] = ()
    changed_schools: tuple[RegionSchool, ...] = ()
    new_people: tuple[RegionPerson, ...] = ()
    changed_people: tuple[RegionPerson, ...] = ()
    new_municipalities: tuple[str, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What was understood of a workbook. `problems` and `notices` are all of them, in the order of the workbook;
    `left_out`: codes and logins that are there and stand in no row: they stay as they are."""

    tables: tuple[RosterTable, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    new_municipalities: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def entries(self) -> tuple[RosterEntry, ...]:
        """Every row."""
        return tuple(entry for table in self.tables for entry in table.entries)

    def count(self, kind: RosterKind, state: RosterState) -> int:
        """How many rows of a kind are in a state."""
        return sum(entry.kind == kind and entry.state is state for entry in self.entries)

    def accepted(self) -> RosterChanges:
        """What is to be stored. Raises `InputError` with every problem while there is one: nothing is taken by half."""
        if self.problems:
            raise InputError(self.problems)
        of = {state: [e.record for e in self.entries if e.state is state] for state in RosterState}
        new, changed = of[RosterState.NEW], of[RosterState.CHANGED]
        return RosterChanges(
            tuple(record for record in new if isinstance(record, RegionSchool)),
            tuple(record for record in changed if isinstance(record, RegionSchool)),
            tuple(record for record in new if isinstance(record, RegionPerson)),
            tuple(record for record in changed if isinstance(record, RegionPerson)),
            self.new_municipalities,
            len(of[RosterState.UNCHANGED]),
        )


def read_roster(
    content: bytes,
    name: str,
    counts: Mapping[str, str],
    schools: Iterable[RegionSchool] = (),
    people: Iterable[RegionPerson] = (),
) -> RosterPreview:
    """What a workbook says of schools and people.

    `name` is how the file is called in messages; `counts`: titles of numbers of persons by the codes of the ruleset;
    `schools` and `people` are there already. Raises `InputError` for a file that is no workbook or has no such table;
    all other problems are in the preview.
    """
    finder = TableFinder(counts)
    tables: list[FoundTable] = []
    for sheet in parse_workbook(content, name):
        wrong = len(finder.problems)
        if sheet.name == roster_words().guide.sheet:
            continue
        table = finder.find(sheet)
        if table is not None:
            tables.append(table)
        elif len(finder.problems) == wrong and any(any(row) for row in sheet.rows):
            message = roster_words().notice["sheet"].format(name=sheet.name)
            finder.notices.append(Problem(Place(name), message))
    if not tables and not finder.problems:
        raise InputError([_no_table(name)])
    if (rows := sum(len(table.sheet.rows) - table.head - 1 for table in tables)) > MOST_ROWS:
        words = roster_words().wrong
        raise InputError(
            [Problem(Place(name), words["rows"], str(rows), words["rows_expected"].format(most=MOST_ROWS))]
        )
    return _Reading(finder, counts, SchoolRows(schools), PersonRows(people)).preview(tables)


def _no_table(name: str) -> Problem:
    words = roster_words()
    needed = {t.kind: ", ".join(f"«{c.heading}»" for c in t.columns if c.needed) for t in words.tables}
    expected = words.wrong["no_table_expected"].format(**needed)
    return Problem(Place(name), words.wrong["no_table"], expected=expected)


class _Reading:
    """Reads the tables of one workbook: schools first, because people are said to be at them."""

    def __init__(self, finder: TableFinder, counts: Mapping[str, str], schools: SchoolRows, people: PersonRows) -> None:
        self.finder = finder
        self.schools = schools
        self.people = people
        self._titles = {
            kind: {column.key: column.heading for column in roster_columns(kind, counts)}
            for kind in get_args(RosterKind)
        }
        self._suggestions = Suggestions()
        self._seen: dict[tuple[RosterKind, str], Place] = {}

    def preview(self, tables: list[FoundTable]) -> RosterPreview:
        words: Words = fixed_words()
        read = {n: self._table(t, words) for n, t in enumerate(tables) if t.kind == "school"}
        words = {**words, **self.schools.words()}
        read |= {n: self._table(t, words) for n, t in enumerate(tables) if t.kind == "person"}
        listed = tuple(read[n] for n in sorted(read))
        entries = [entry for table in listed for entry in table.entries]
        kinds = {table.kind for table in listed}
        there = [("school", code) for code in self.schools.before] + [("person", p) for p in self.people.before]
        return RosterPreview(
            listed,
            (*self.finder.problems, *(problem for entry in entries for problem in entry.problems)),
            (*self.finder.notices, *(notice for entry in entries for notice in entry.notices)),
            tuple(self.schools.new_municipalities),
            tuple(key for kind, key in there if kind in kinds and (kind, key) not in self._seen),
        )

    def _table(self, table: FoundTable, words: Words) -> RosterTable:
        entries: list[RosterEntry] = []
        for number, cells in table.rows():
            row = RosterRow(table, number, cells, words, self._suggestions)
            if _is_example(row):
                self.finder.notices.append(Problem(row.place, roster_words().notice["example"]))
            else:
                entries.append(self._entry(row))
        if not entries:
            place = table.sheet.place(table.head, 0)
            self.finder.notices.append(Problem(place, roster_words().notice["no_rows"]))
        return RosterTable(table.kind, table.sheet.name, table.understood, table.ignored, tuple(entries))

    def _entry(self, row: RosterRow) -> RosterEntry:
        kind = row.table.kind
        record: RosterRecord | None
        before: RosterRecord | None
        if kind == "school":
            record = self.schools.record(row)
            key = row.typed("code") or ""
            before = self.schools.before.get(key)
        else:
            record = self.people.record(row)
            key = (row.typed("login") or "").lower()
            before = self.people.before.get(key)
        self._once(row, key)
        cells = {name: text for name in row.cells if (text := row.typed(name)) is not None}
        given = kind, row.place, cells
        told = tuple(row.problems), tuple(row.notices)
        if record is None or row.problems:
            return RosterEntry(*given, RosterState.WRONG, None, (), *told)
        if before is None:
            return RosterEntry(*given, RosterState.NEW, record, (), *told)
        changes = tuple(self._changes(before, record))
        state = RosterState.CHANGED if changes else RosterState.UNCHANGED
        return RosterEntry(*given, state, record, changes, *told)

    def _once(self, row: RosterRow, key: str) -> None:
        """A code or a login may stand in one row; one of an example is nobody's."""
        words = roster_words()
        kind = row.table.kind
        if not key:
            return
        first = self._seen.setdefault((kind, key), row.place)
        if first != row.place:
            message = words.wrong["repeated"].format(what=words.what[kind])
            expected = words.wrong["once"].format(place=first)
            row.problems.append(Problem(row.place, message, key, expected))
        if key in _example_keys(kind):
            row.problems.append(Problem(row.place, words.wrong["example"], key, words.wrong["example_expected"]))

    def _changes(self, before: RosterRecord, after: RosterRecord) -> Iterator[RosterFieldChange]:
        old, new = shown_fields(before), shown_fields(after)
        titles = self._titles["school" if isinstance(after, RegionSchool) else "person"]
        for key in dict.fromkeys((*old, *new)):
            texts = old.get(key, ""), new.get(key, "")
            if texts[0] != texts[1]:
                none = roster_words().none
                yield RosterFieldChange(titles.get(key, key.removeprefix(COUNTS)), texts[0] or none, texts[1] or none)


def _example_keys(kind: RosterKind) -> set[str]:
    return {example["code" if kind == "school" else "login"] for example in roster_words().table(kind).examples}


def _is_example(row: RosterRow) -> bool:
    """Whether a row is one of those that stand in the empty table, as it stands there."""
    typed = {key: text for key in row.cells if (text := row.typed(key)) is not None}
    return typed in [dict(example) for example in roster_words().table(row.table.kind).examples]
