"""A desk: cases that are opened, changed, undone. Where they are kept is said by those that inherit: files in a folder
(`FolderDesk`), seats in a database (the hosted page)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Final

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.errors import InputError, LostUpdate, Place, Problem
from vsoko_rules.workspace.case_parts import Data, PartChange, applied, differences
from vsoko_rules.workspace.journal import Event, EventKind
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.past import Past, reversed_changes

Change = Callable[[Data], Data]
"""gives the new data of a case; raises `InputError` for what cannot be, `LostUpdate` for what others changed"""

_TRIES: Final = 8
"""how often a change is made anew because somebody changed another part of the case at the same moment"""


class NeedsConsent(InputError):
    """The file will be written anew and loses something by it; the user has not agreed yet."""


class Desk(ABC):
    """Cases of schools, each known by a path: of its file, or a name that stands for a seat."""

    @property
    def single(self) -> bool:
        """Whether there is one school, and no list."""
        return False

    @abstractmethod
    def open(self, path: Path) -> OpenedSchool:
        """The school as it is now. Raises `InputError`."""

    @abstractmethod
    def past(self, path: Path) -> Past:
        """What happened to a school."""

    def steps(self, path: Path) -> Past:
        """The same where only what can be undone and done again is asked for: its events may lack their changes."""
        return self.past(path)

    def altered(self) -> bool:
        """Whether something else than the program has changed the history, as far as a desk of one person can tell:
        that of a server is verified by `vsoko audit`."""
        return False

    @abstractmethod
    def paths(self) -> list[Path]:
        """All schools that can be opened, in the order of their names."""

    @abstractmethod
    def earlier(self, school: OpenedSchool) -> list[Path]:
        """The others, those first that are known to be of the same school, the latest earlier year before all."""

    def read(self, path: Path) -> CaseFile:
        """A case to be looked at and not changed. Raises `InputError`."""
        return self.open(path).case

    def note_copy(self, path: Path) -> None:  # noqa: B027 (a desk may well forget it)
        """Remember that a copy of a school was given away as it is now."""

    @abstractmethod
    def _written(
        self, before: OpenedSchool, after: Data, changes: tuple[PartChange, ...], kind: EventKind, of: int | None
    ) -> OpenedSchool:
        """Keep new data with what happened, both or neither. Raises `LostUpdate` where it is no longer as it was
        `before`."""

    def may_lose(self, school: OpenedSchool) -> bool:  # noqa: ARG002
        """Whether the user has still to agree that something is lost when the school is written."""
        return False

    def change(self, path: Path, change: Change) -> OpenedSchool:
        """Make a change, which `undo` takes back. Raises what `change` raises, `InputError` for what is no case,
        `NeedsConsent`, and `OutputError` where the file cannot be written."""
        return self._changed(path, change, EventKind.EDIT)

    def undo(self, path: Path) -> OpenedSchool:
        """Take the last change back. Raises `LostUpdate` where the same part was changed outside since."""
        return self._again(path, self.past(path).to_undo, EventKind.UNDO)

    def redo(self, path: Path) -> OpenedSchool:
        """Make the change again that was undone last. Raises as `undo`."""
        return self._again(path, self.past(path).to_redo, EventKind.REDO)

    def _again(self, path: Path, event: Event | None, kind: EventKind) -> OpenedSchool:
        if event is None:
            said = "отменять нечего" if kind is EventKind.UNDO else "возвращать нечего"
            raise InputError([Problem(Place(path.name), said)])
        changes = reversed_changes(event.changes) if kind is EventKind.UNDO else event.changes
        return self._changed(path, lambda data: applied(data, changes), kind, event.number)

    def go_back(self, path: Path, number: int) -> OpenedSchool:
        """Make the case what it was right after an event of its history; `undo` takes that back. Raises as `undo`."""
        changes = self.past(path).back_to(number)
        return self._changed(path, lambda data: applied(data, changes), EventKind.BACK, number)

    def was(self, path: Path, number: int) -> CaseFile:
        """The case as it was right after an event of its history. Raises `InputError`."""
        school = self.open(path)
        return school.case_of(applied(school.data, self.past(path).back_to(number)))

    def _changed(self, path: Path, change: Change, kind: EventKind, of: int | None = None) -> OpenedSchool:
        for attempt in range(_TRIES):
            before = self.open(path)
            after = change(before.data)
            changes = differences(before.data, after)
            if not changes:
                return before
            try:
                return self._written(before, after, changes, kind, of)
            except LostUpdate:
                if attempt == _TRIES - 1:
                    raise
        raise AssertionError("the last attempt raises or returns")
