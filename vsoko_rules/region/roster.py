"""Schools and people of a study from a spreadsheet: what was understood is shown first, and taken as a whole or not.

Excel and LibreOffice, or CSV; tables are found by their headings on whatever sheets they stand. Wording is
in `reports/region/roster.yml`; `roster_book` writes an empty table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, get_args

from vsoko_rules.accepted_files import TABLES
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.reading.workbook import Sheet, parse_workbook
from vsoko_rules.region.region_records import RegionPerson, RegionRole, RegionSchool
from vsoko_rules.region.roster_csv import csv_sheet, is_csv
from vsoko_rules.region.roster_preview import (
    RosterEntry,
    RosterFieldChange,
    RosterPreview,
    RosterState,
    RosterTable,
)
from vsoko_rules.region.roster_records import PersonRows, RosterRecord, SchoolRows, shown_fields, together
from vsoko_rules.region.roster_rows import RosterRow, Suggestions, Words, fixed_words
from vsoko_rules.region.roster_tables import FoundTable, TableFinder
from vsoko_rules.region.roster_words import COUNTS, RosterKind, roster_columns, roster_words

MOST_ROWS: Final = 20_000
"""of all tables of one workbook, empty ones between the others among them"""


def read_roster(
    content: bytes,
    name: str,
    counts: Mapping[str, str],
    schools: Iterable[RegionSchool] = (),
    people: Iterable[RegionPerson] = (),
) -> RosterPreview:
    """What a workbook, or a CSV file, says of schools and people.

    `name` is how the file is called in messages; `counts`: titles of numbers of persons by the codes of the ruleset;
    `schools` and `people` are there already. Raises `InputError` for a file that is no workbook or has no such table;
    all other problems are in the preview.
    """
    finder = TableFinder(counts)
    tables: list[FoundTable] = []
    for sheet in [csv_sheet(content, name)] if is_csv(content, name) else _book(content, name):
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


def _book(content: bytes, name: str) -> tuple[Sheet, ...]:
    return parse_workbook(content, name, accepted=TABLES)


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
        self._rows_of = Counter[str]()
        """how many rows speak of somebody, by login"""
        self._roles: dict[tuple[str, RegionRole], RosterRow] = {}
        self._names: dict[str, str] = {}

    def preview(self, tables: list[FoundTable]) -> RosterPreview:
        words: Words = fixed_words()
        read = {n: self._table(t, words) for n, t in enumerate(tables) if t.kind == "school"}
        words = {**words, **self.schools.words()}
        of_people = [(n, table) for n, table in enumerate(tables) if table.kind == "person"]
        for _, table in of_people:
            rows = (RosterRow(table, number, cells, words, self._suggestions) for number, cells in table.rows())
            self._rows_of.update((row.typed("login") or "").lower() for row in rows)
        read |= {n: self._table(t, words) for n, t in of_people}
        read = self._joined(read)
        listed = tuple(read[n] for n in sorted(read))
        entries = [entry for table in listed for entry in table.entries]
        kinds = {table.kind for table in listed}
        there = [("school", code) for code in self.schools.before] + [
            ("person", login) for login in dict.fromkeys(login for login, _ in self.people.before)
        ]
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
            key = (row.typed("login") or "").lower()
            alone = self._rows_of[key] < 2
            person = record = self.people.record(row, alone)
            before = self.people.before_of(person, alone) if person is not None else None
        self._once(row, key, record)
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

    def _once(self, row: RosterRow, key: str, record: RosterRecord | None) -> None:
        """A code may stand in one row, a login in one for each role, and where the role is one of places in one for
        each of them; one of an example is nobody's."""
        words = roster_words()
        kind = row.table.kind
        if not key:
            return
        first = self._seen.setdefault((kind, key), row.place)
        if isinstance(record, RegionPerson):
            same = self._roles.setdefault((key, record.role), row)
            first = row.place if record.role in _WITH_PLACES else same.place
            if same is not row and record.role in _WITH_PLACES:
                row.tell("login", "joined", place=str(same.place))
            name = self._names.setdefault(key, record.name)
            if name != record.name:
                row.refuse("name", "other_name", f"«{name}»")
        elif kind == "person":
            return
        if first != row.place:
            message = words.wrong["repeated"].format(what=words.what[kind])
            expected = words.wrong["once"].format(place=first)
            row.problems.append(Problem(row.place, message, key, expected))
        if key in _example_keys(kind):
            row.problems.append(Problem(row.place, words.wrong["example"], key, words.wrong["example_expected"]))

    def _joined(self, read: dict[int, RosterTable]) -> dict[int, RosterTable]:
        """Rows of one person in one role are one record, which stands with the first of them."""
        found: dict[tuple[str, RegionRole], RegionPerson] = {}
        for entry in (entry for n in sorted(read) for entry in read[n].entries):
            if isinstance(person := entry.record, RegionPerson):
                key = person.login, person.role
                found[key] = together(found[key], person) if key in found else person
        told: set[tuple[str, RegionRole]] = set()

        def joined(entry: RosterEntry) -> RosterEntry:
            if not isinstance(person := entry.record, RegionPerson):
                return entry
            key = person.login, person.role
            if key in told:
                return replace(entry, state=RosterState.UNCHANGED, changes=())
            told.add(key)
            if found[key] == person:
                return entry
            before = self.people.before_of(person, alone=False)
            changes = tuple(self._changes(before, found[key])) if before is not None else ()
            state = RosterState.NEW if before is None else RosterState.CHANGED if changes else RosterState.UNCHANGED
            return replace(entry, state=state, record=found[key], changes=changes)

        return {n: replace(read[n], entries=tuple(map(joined, read[n].entries))) for n in sorted(read)}

    def _changes(self, before: RosterRecord, after: RosterRecord) -> Iterator[RosterFieldChange]:
        old, new = shown_fields(before), shown_fields(after)
        titles = self._titles["school" if isinstance(after, RegionSchool) else "person"]
        for key in dict.fromkeys((*old, *new)):
            texts = old.get(key, ""), new.get(key, "")
            if texts[0] != texts[1]:
                none = roster_words().none
                yield RosterFieldChange(titles.get(key, key.removeprefix(COUNTS)), texts[0] or none, texts[1] or none)


_WITH_PLACES: Final = (RegionRole.METHODIST, RegionRole.EXPERT)
"""roles that somebody may have in several places"""


def _example_keys(kind: RosterKind) -> set[str]:
    return {example["code" if kind == "school" else "login"] for example in roster_words().table(kind).examples}


def _is_example(row: RosterRow) -> bool:
    """Whether a row is one of those that stand in the empty table, as it stands there."""
    typed = {key: text for key in row.cells if (text := row.typed(key)) is not None}
    return typed in [dict(example) for example in roster_words().table(row.table.kind).examples]
