"""The history of a school: what can be undone and done again, and what the case was at any time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.workspace.case_parts import PartChange
from vsoko_rules.workspace.journal import Event, EventKind


@dataclass(frozen=True, slots=True)
class Past:
    """Everything that happened to a school, in its order."""

    events: tuple[Event, ...]

    @property
    def to_undo(self) -> Event | None:
        """What is undone next; none where there is nothing."""
        done, _ = self._stacks()
        return done[-1] if done else None

    @property
    def to_redo(self) -> Event | None:
        """What is done again next; none where there is nothing."""
        _, undone = self._stacks()
        return undone[-1] if undone else None

    def _stacks(self) -> tuple[list[Event], list[Event]]:
        """What was done and not undone, and what was undone and can be done again; the last of each comes next."""
        done: list[Event] = []
        undone: list[Event] = []
        for event in self.events:
            if event.kind is EventKind.UNDO:
                _moved(event.of, done, undone)
            elif event.kind is EventKind.REDO:
                _moved(event.of, undone, done)
            elif event.kind in (EventKind.EDIT, EventKind.BACK):
                done.append(event)
                undone.clear()
        return done, undone

    def back_to(self, number: int) -> tuple[PartChange, ...]:
        """The changes that lead back to how the case was right after an event. Raises `InputError` for an event that
        there is not."""
        if not any(event.number == number for event in self.events):
            raise InputError([Problem(Place("история"), "в истории нет такого изменения", str(number))])
        return reversed_changes(c for event in self.events if event.number > number for c in event.changes)


def reversed_changes(changes: Iterable[PartChange]) -> tuple[PartChange, ...]:
    """The changes that take others back, the last one first."""
    return tuple(change.reversed for change in reversed(list(changes)))


def _moved(number: int | None, source: list[Event], target: list[Event]) -> None:
    """Move an event from one pile to the other; not the last one where others changed the case since."""
    found = next((event for event in source if event.number == number), None)
    if found is not None:
        source.remove(found)
        target.append(found)
