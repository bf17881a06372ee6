"""The desk of somebody of a region: the seats that they may see, and change where they may.

A change is made of what stands there, assessed outside any transaction, and written with compare-and-swap on the
revision of the seat, together with its event: both or neither.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Final

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from vsoko_rules.errors import InputError, LostUpdate, Place, Problem
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.database_trouble import may_be_repeated
from vsoko_rules.web.hosted.models import ChainEvent, Seat, User
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.seat_uses import uses_of
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.case_parts import Data, PartChange
from vsoko_rules.workspace.desk import Desk
from vsoko_rules.workspace.journal import Event, EventKind
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.past import Past
from vsoko_rules.workspace.seat_cases import Uses, attached_uses, changed_case, given_case, kept_case

_MOST_HELD: Final = 96
"""seats that a process holds in memory with their verdicts"""
_CASE_EVENTS: Final = tuple(kind.value for kind in EventKind)


@dataclass(frozen=True)
class OpenedSeat(OpenedSchool):
    """A school as a seat holds it now. `number` is the revision of the seat."""

    number: int
    version: str
    """the hash of the ruleset of the study"""
    uses: Uses
    """the files that were handed over"""

    @cached_property
    def ruleset(self) -> Any:
        """The ruleset of the study, whatever the case names."""
        return pinned(self.version)

    def case_of(self, data: Data) -> Any:
        """The case that other data of the seat hold. Raises `InputError`."""
        return given_case(data, self.case.name, self.uses)

    def attached(self, case: Any) -> Any:
        """The files that a case of the seat names, as they were handed over."""
        return attached_uses(case, self.uses)


class Held:
    """Opened seats of a process, by their codes: those that were used last."""

    def __init__(self) -> None:
        self._seats: OrderedDict[str, OpenedSeat] = OrderedDict()
        self._lock = Lock()

    def get(self, code: str, number: int) -> OpenedSeat | None:
        """A seat at a revision, where it is held."""
        with self._lock:
            seat = self._seats.get(code)
            if seat is None or seat.number != number:
                return None
            self._seats.move_to_end(code)
            return seat

    def keep(self, code: str, seat: OpenedSeat) -> None:
        """Hold a seat, and let go of the one that was not used for longest."""
        with self._lock:
            self._seats[code] = seat
            self._seats.move_to_end(code)
            while len(self._seats) > _MOST_HELD:
                self._seats.popitem(last=False)


_HELD: Final = Held()


def seat_in(context: SchoolContext) -> tuple[User, Seat]:
    """Who asks, and the seat of which. Raises `Http404`."""
    desk = context.desk
    assert isinstance(desk, SeatDesk)
    return desk.user, desk.seat(context.path)


def seat_path(code: str) -> Path:
    """The name that stands for a seat where files have paths."""
    return Path(code)


class SeatDesk(Desk):
    """The seats that `user` may see."""

    def __init__(self, user: User) -> None:
        self.user = user
        self._rows: dict[str, Seat] = {}

    def seat(self, path: Path) -> Seat:
        """The row of a seat, without its data. Raises `Http404` where the user may not see it, and where it has not
        begun."""
        code = str(path)
        if code not in self._rows:
            row = self._found(Seat.objects.assessed_by(self.user), code)
            row = row or self._found(Seat.objects.visible_to(self.user), code)
            if row is None:
                raise Http404
            self._rows[code] = row
        return self._rows[code]

    @staticmethod
    def _found(seats: QuerySet[Seat], code: str) -> Seat | None:
        rows = seats.exclude(data="").defer("data", "standing", "school__study__ruleset__files")
        asked = rows.select_related("school__study__ruleset", "school__municipality", "expert")
        row: Seat | None = asked.filter(code=code).first()
        return row

    def may_change(self, path: Path) -> bool:
        """Whether the user may change a seat now."""
        allowed: bool = Seat.objects.changed_by(self.user).filter(code=str(path)).exists()
        return allowed

    def open(self, path: Path) -> OpenedSeat:
        """The school as the seat holds it now."""
        row = self.seat(path)
        held = _HELD.get(row.code, row.revision)
        if held is not None:
            return held
        row.revision, text = Seat.objects.values_list("revision", "data").get(pk=row.pk)
        return self._keep(row, json.loads(text), row.revision)

    def _keep(self, row: Seat, data: Data, number: int) -> OpenedSeat:
        text, uses = _text(data), uses_of(row.pk)
        case = kept_case(data, row.school.name, hashlib.sha256(text.encode()).hexdigest(), uses)
        seat = OpenedSeat(seat_path(row.code), case, data, False, number, row.school.study.ruleset.sha256, uses)
        _HELD.keep(row.code, seat)
        return seat

    def past(self, path: Path) -> Past:
        """What happened to the case of a seat."""
        rows = list(_case_events(self.seat(path)))
        places = {row.number: place for place, row in enumerate(rows, 1)}
        return Past(tuple(_event(row, places) for row in rows))

    def steps(self, path: Path) -> Past:
        """The same without what changed: a year of it is not read for each change."""
        rows = _case_events(self.seat(path)).values_list("number", "at", "kind", "of")
        places = {number: place for place, (number, *_) in enumerate(rows, 1)}
        code = str(path)
        return Past(
            tuple(
                Event(places[number], code, at, EventKind(kind), places[of] if of is not None else None, (), "")
                for number, at, kind, of in rows
            )
        )

    def paths(self) -> list[Path]:
        """The seats that the user may see, in the order of schools."""
        seats = Seat.objects.visible_to(self.user).exclude(data="").order_by("school__name", "school__code", "who")
        return [seat_path(code) for code in seats.values_list("code", flat=True)]

    def earlier(self, school: OpenedSchool) -> list[Path]:
        """Seats of the same school in studies of earlier years, the latest first."""
        row = self.seat(school.path)
        seats = (
            Seat.objects.visible_to(self.user)
            .exclude(data="")
            .filter(school__code=row.school.code, school__study__year__lt=row.school.study.year)
        )
        return [
            seat_path(code) for code in seats.order_by("-school__study__year", "who").values_list("code", flat=True)
        ]

    def _written(
        self, before: OpenedSchool, after: Data, changes: tuple[PartChange, ...], kind: EventKind, of: int | None
    ) -> OpenedSchool:
        assert isinstance(before, OpenedSeat)
        row = self.seat(before.path)
        text = _text(after)
        case = changed_case(before, after, changes, text, before.uses)
        number = before.number + 1
        told = [_told(change) for change in changes]
        undone = None if of is None else _case_events(row)[of - 1].number
        try:
            with transaction.atomic():
                free = Seat.objects.unchanged(self.user, row, before.number)
                if not free.update(data=text, revision=number, changed_at=timezone.now()):
                    self._rows.pop(row.code, None)
                    self._refuse(row)
                study = row.school.study.code
                chain.append(kind.value, user=self.user, study=study, seat=row.code, told=told, of=undone)
        except OperationalError as error:
            if not may_be_repeated(error):
                raise
            self._rows.pop(row.code, None)
            raise self._lost(row) from error
        row.revision = number
        seat = OpenedSeat(before.path, case, after, False, number, before.version, before.uses)
        _HELD.keep(row.code, seat)
        return seat

    def _lost(self, row: Seat) -> LostUpdate:
        return LostUpdate([Problem(Place(row.school.name), "эту школу тем временем изменили")])

    def _refuse(self, row: Seat) -> None:
        """Say why a seat was not changed."""
        if self.may_change(seat_path(row.code)):
            raise self._lost(row)
        hint = "Обновите страницу: на ней сказано, почему изменить ничего нельзя."
        raise InputError([Problem(Place(row.school.name), "изменить эти документы сейчас нельзя", hint=hint)])


def _text(data: Data) -> str:
    """The data of a seat as they are kept; keys stay in the order in which they were written."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _told(change: PartChange) -> list[Any]:
    return [change.part, change.code, change.before, change.after, change.at]


def _case_events(seat: Seat) -> QuerySet[ChainEvent]:
    events: QuerySet[ChainEvent] = ChainEvent.objects.filter(seat=seat.code, kind__in=_CASE_EVENTS).order_by("number")
    return events


def _event(row: ChainEvent, places: Mapping[int, int]) -> Event:
    """An event under its place among those of its seat: its number in the chain would tell how much happened elsewhere
    meanwhile, which one expert must not know of the other."""
    changes = tuple(PartChange(*change) for change in json.loads(row.told or "[]"))
    of = places[row.of] if row.of is not None else None
    return Event(places[row.number], row.seat, row.at, EventKind(row.kind), of, changes, row.digest)
