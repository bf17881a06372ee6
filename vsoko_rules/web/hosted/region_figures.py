"""What a municipality or a region comes to, from what is kept of each school; and who has not sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Prefetch

from vsoko_rules.region.deadlines import late
from vsoko_rules.region.phases import phase_until
from vsoko_rules.region.region_records import AGREED, SELF, Phase, RegionSeat, SeatState
from vsoko_rules.region.standing import overview, titles_of
from vsoko_rules.web.hosted.kept_standings import KeptStandings, counted_seats, kept_standings, records_of
from vsoko_rules.web.hosted.models import SchoolEntry, Seat
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.region_rows import school_record, study_record
from vsoko_rules.web.hosted.study_keeping import today

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from vsoko_rules.web.hosted.models import Municipality, StudyRound, User

_HELD: Final = 32
"""overviews that a process holds in memory"""
_MOST_NAMED: Final = 20
"""schools that cannot be assessed"""


@dataclass(frozen=True, slots=True)
class RegionFigures:
    """The figures of a study or of one municipality, as somebody sees them."""

    study: StudyRound
    town: Municipality | None
    schools: int
    agreed: int
    """schools that are counted by what was agreed"""
    sent: int
    """those that are counted by what they have sent themselves"""
    kept: KeptStandings
    summaries: tuple[Mapping[str, Any], ...]
    """as `vsoko study` writes them; more than one only where cases are of different years"""
    wrong: tuple[tuple[str, str], ...]
    """schools that cannot be assessed, with the first thing that is wrong"""

    @property
    def waiting(self) -> int:
        """Schools that are not assessed yet."""
        return len(self.kept.waiting)

    @property
    def left_out(self) -> int:
        """Schools of which there is nothing to count."""
        return self.schools - self.agreed - self.sent


def region_figures(user: User, study: StudyRound, town: Municipality | None = None) -> RegionFigures:
    """The figures as they stand now; what is not assessed yet is not in them."""
    seats = counted_seats(user, study, town)
    kept = kept_standings(seats)
    who = list(seats.values_list("who", flat=True))
    schools = SchoolEntry.objects.filter(study=study, **({"municipality": town} if town is not None else {}))
    summaries = _Summaries(seats, study.ruleset.sha256, kept.digest).summed()
    wrong = seats.filter(standing__problem__isnull=False).values_list("school__name", "standing__problem")
    return RegionFigures(
        study, town, schools.count(), who.count(AGREED), who.count(SELF), kept, summaries, tuple(wrong[:_MOST_NAMED])
    )


class _Summaries:
    """The summaries of some seats; equal where the same is kept of the same seats, so that they are computed once."""

    def __init__(self, seats: QuerySet[Seat], ruleset: str, digest: str) -> None:
        self._seats, self._ruleset, self._key = seats, ruleset, (ruleset, digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Summaries) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def summed(self) -> tuple[Mapping[str, Any], ...]:
        """All of them."""
        return _summed(self)

    def compute(self) -> tuple[Mapping[str, Any], ...]:
        """Read what is kept, and sum it up."""
        return tuple(overview(records_of(self._seats), titles_of([pinned(self._ruleset)])))


@lru_cache(maxsize=_HELD)
def _summed(asked: _Summaries) -> tuple[Mapping[str, Any], ...]:
    return asked.compute()


@dataclass(frozen=True, slots=True)
class TownSchool:
    """A school of a municipality. `seat`: what counts of it, which may be looked at; none where there is nothing yet.
    `row`: what came of it, as a summary lists schools."""

    entry: SchoolEntry
    state: str
    """`agreed`, `sent`, `returned` or `open`"""
    seat: Seat | None
    late: bool
    row: Mapping[str, Any] | None


def town_schools(user: User, figures: RegionFigures) -> list[TownSchool]:
    """The schools of a municipality by name, with how far each is. Of experts nothing is told."""
    own = Prefetch("seat_set", Seat.objects.filter(who=SELF).defer("data", "standing"))
    schools = SchoolEntry.objects.filter(study=figures.study, municipality=figures.town).order_by("name", "code")
    entries = list(schools.select_related("municipality").prefetch_related(own))
    seats = counted_seats(user, figures.study, figures.town).defer("data", "standing")
    counted = {seat.school_id: seat for seat in seats}
    rows = {row["id"]: row for each in figures.summaries for d in each["districts"] for row in d["rows"]}
    behind = late_schools(figures.study, entries)
    return [_town_school(entry, counted.get(entry.pk), entry.code in behind, rows) for entry in entries]


def _town_school(entry: SchoolEntry, seat: Seat | None, behind: bool, rows: Mapping[str, Any]) -> TownSchool:
    own = next(iter(entry.seat_set.all()), None)
    if seat is not None:
        state = "agreed" if seat.who == AGREED else "sent"
    elif own is not None and own.state != SeatState.OPEN.value:
        state = "sent"
    else:
        state = "returned" if own is not None and own.reason else "open"
    return TownSchool(entry, state, seat, behind, rows.get(entry.code) if seat is not None else None)


def late_schools(study: StudyRound, entries: list[SchoolEntry]) -> frozenset[str]:
    """The codes of schools that have not sent by the last day, while documents are collected."""
    record = study_record(study)
    if record.phase is not Phase.COLLECT:
        return frozenset()
    seats = [RegionSeat(entry.code, SELF, SeatState(seat.state)) for entry in entries for seat in entry.seat_set.all()]
    found = late(record, [school_record(entry) for entry in entries], seats, today())
    return frozenset(code for each in found for code in each.schools)


def collected_until(study: StudyRound) -> date | None:
    """The last day on which schools may send."""
    return phase_until(study_record(study), Phase.COLLECT)
