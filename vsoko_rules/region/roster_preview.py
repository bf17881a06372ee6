"""What a table of schools and people would change: shown first, and taken as a whole or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.region_records import RegionPerson, RegionSchool
from vsoko_rules.region.roster_records import RosterRecord
from vsoko_rules.region.roster_tables import UnderstoodColumn
from vsoko_rules.region.roster_words import RosterKind


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
