"""What comes of seats, kept with each of them: assessed once at each revision, by a worker or a portion at a time while
a page answers. What is kept is written beside the seat, only where the seat still stands so."""

from __future__ import annotations

import hashlib
import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from vsoko_rules import __version__
from vsoko_rules.region.counted_cases import CountedSeat, counted_record, records_on_dask
from vsoko_rules.region.region_records import AGREED, SELF
from vsoko_rules.web.hosted.models import Seat
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.region_rows import school_record
from vsoko_rules.web.hosted.seat_uses import uses_of
from vsoko_rules.web.hosted.work import spread

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import Municipality, StudyRound, User

_AT_ONCE: Final = 900
"""seats that are asked for by key in one query; SQLite takes no more"""


def counted_seats(user: User, study: StudyRound, town: Municipality | None = None) -> QuerySet[Seat]:
    """The seats that count in the figures of a study or a municipality, one for each school: what was agreed where that
    is decided, else what the school has sent. Only what the person may see."""
    seen = Seat.objects.visible_to(user).filter(school__study=study).exclude(data="")
    if town is not None:
        seen = seen.filter(school__municipality=town)
    decided = Exists(Seat.objects.filter(school=OuterRef("school"), who=AGREED, state="locked").exclude(data=""))
    rows = seen.alias(decided=decided).filter(Q(who=AGREED, state="locked") | Q(who=SELF, state="sent", decided=False))
    counted: QuerySet[Seat] = rows.order_by("school__code")
    return counted


def opinion_seats(user: User, study: StudyRound) -> QuerySet[Seat]:
    """The seats of experts that are closed, of a study; only what the person may see."""
    seen = Seat.objects.visible_to(user).filter(school__study=study, state="locked").exclude(data="")
    closed: QuerySet[Seat] = seen.exclude(who__in=(SELF, AGREED)).order_by("school__code", "who")
    return closed


@dataclass(frozen=True, slots=True)
class KeptStandings:
    """How far what is kept of some seats is up to date. `stamps`: what it was made of, by the keys of seats; `waiting`:
    the keys of those that have to be assessed; `at`: when the last one was."""

    stamps: Mapping[int, str]
    waiting: tuple[int, ...]
    at: datetime | None

    @property
    def done(self) -> int:
        """How many are up to date."""
        return len(self.stamps) - len(self.waiting)

    @property
    def digest(self) -> str:
        """Of what is kept now: while it stays the same, so does everything that is computed of it."""
        return hashlib.sha256(json.dumps(sorted(self.stamps.items())).encode()).hexdigest()


class _SeatStamp(NamedTuple):
    """What is read of a seat to see whether what is kept of it still holds."""

    key: int
    revision: int
    who: str
    school: int
    name: str
    town: str
    stamp: str | None = None
    at: str | None = None

    def now(self, others: str) -> str:
        """The stamp of what would be kept now; `others`: the closed seats of experts of the school."""
        known = hashlib.sha256(f"{self.name}\0{self.town}".encode()).hexdigest()[:8]
        return f"{__version__}:{self.revision}:{known}:{'' if self.who in (SELF, AGREED) else others}"


_STAMPED: Final = ("pk", "revision", "who", "school_id", "school__name", "school__municipality__name")


def kept_standings(seats: QuerySet[Seat]) -> KeptStandings:
    """What is kept of these seats, without reading it."""
    kept = seats.annotate(stamp=KeyTextTransform("stamp", "standing"), at=KeyTextTransform("at", "standing"))
    rows = [_SeatStamp(*row) for row in kept.order_by("pk").values_list(*_STAMPED, "stamp", "at")]
    others = _revisions({row.school for row in rows if row.who not in (SELF, AGREED)})
    waiting = [row.key for row in rows if row.stamp != row.now(others.get(row.school, ""))]
    latest = max((row.at for row in rows if row.at), default=None)
    at = datetime.fromisoformat(latest).astimezone() if latest is not None else None
    return KeptStandings({row.key: row.stamp or "" for row in rows}, tuple(waiting), at)


def _revisions(schools: Iterable[int]) -> dict[int, str]:
    """The closed seats of the experts of schools with their revisions: what they decided together is no opinion of
    one."""
    keys = sorted(schools)
    found: dict[int, str] = {}
    for begin in range(0, len(keys), _AT_ONCE):
        rows = Seat.objects.filter(school__in=keys[begin : begin + _AT_ONCE], state="locked")
        closed = rows.exclude(who__in=(SELF, AGREED)).order_by("school_id", "who")
        for school, who, revision in closed.values_list("school_id", "who", "revision"):
            found[school] = f"{found.get(school, '')}{who}.{revision} "
    return found


def records_of(seats: QuerySet[Seat]) -> list[dict[str, Any]]:
    """What is kept of these seats, in their order; nothing of those that were never assessed."""
    kept = seats.filter(standing__isnull=False).values_list("standing", flat=True)
    return [each["record"] for each in kept.iterator(chunk_size=500) if each.get("record")]


def refresh(
    seats: QuerySet[Seat],
    seconds: float | None = None,
    report: Callable[[int, int], None] | None = None,
) -> int:
    """Assess the seats that wait, for about so many seconds (at least one), all where none; returns how many are left.
    `seats` are of one study. What a seat holds that cannot be assessed is kept as such."""
    until = None if seconds is None else time.monotonic() + seconds
    waiting = kept_standings(seats).waiting
    if waiting and until is None and spread().backend == "dask":
        _keep_on_dask(waiting, report)
        return 0
    for number, key in enumerate(waiting, 1):
        _keep(key)
        if report is not None:
            report(number, len(waiting))
        if until is not None and time.monotonic() >= until:
            return len(waiting) - number
    return 0


@dataclass(frozen=True, slots=True)
class _WaitingSeat:
    """A seat that is to be assessed, as it stood when it was read: what it holds, and what is kept with its record."""

    key: int
    revision: int
    ruleset: str
    kept: dict[str, Any]
    counted: CountedSeat

    @classmethod
    def of(cls, key: int) -> _WaitingSeat:
        rows = Seat.objects.select_related("school__study__ruleset", "school__municipality")
        row = rows.defer("standing", "school__study__ruleset__files").get(pk=key)
        school = row.school
        asked = _SeatStamp(key, row.revision, row.who, school.pk, school.name, school.municipality.name)
        alone = row.who in (SELF, AGREED)
        others = "" if alone else _revisions([school.pk]).get(school.pk, "")
        kept = {"stamp": asked.now(others), "at": timezone.now().isoformat(timespec="seconds")}
        counted = CountedSeat(row.data, school_record(school), uses_of(key), None if alone else _beside(row))
        return cls(key, row.revision, school.study.ruleset.sha256, kept, counted)

    def keep(self, record: Any, problem: str) -> None:
        """Keep what came of it, where the seat still stands so."""
        kept = {**self.kept, **({"problem": problem} if problem else {}), "record": record}
        same = Seat.objects.filter(pk=self.key, revision=self.revision)
        same.update(standing=kept, standing_of=self.revision)


def _beside(row: Seat) -> tuple[str, ...]:
    """What the other experts of the school hold who have closed."""
    others = Seat.objects.filter(school=row.school_id, state="locked").exclude(who__in=(SELF, AGREED))
    closed = others.exclude(pk=row.pk).exclude(data="").order_by("who")
    return tuple(closed.values_list("data", flat=True))


def _keep(key: int) -> None:
    seat = _WaitingSeat.of(key)
    seat.keep(*counted_record(pinned(seat.ruleset), seat.counted))


def _keep_on_dask(keys: Sequence[int], report: Callable[[int, int], None] | None) -> None:
    """The same of many, computed by a Dask cluster; no more of them are read than it works on."""
    first = _WaitingSeat.of(keys[0])
    read: deque[_WaitingSeat] = deque()

    def seats() -> Iterator[CountedSeat]:
        for key in keys:
            read.append(_WaitingSeat.of(key))
            yield read[-1].counted

    results = records_on_dask(spread().scheduler, pinned(first.ruleset), seats())
    for number, result in enumerate(results, 1):
        read.popleft().keep(*result)
        if report is not None:
            report(number, len(keys))
