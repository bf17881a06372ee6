"""How far seats are, for lists of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from vsoko_rules.region.phases import phase_title, phase_until
from vsoko_rules.region.region_records import Phase
from vsoko_rules.region.seat_actions import seat_phase
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.region_rows import study_record

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import Seat


@dataclass(frozen=True, slots=True)
class SeatProgress:
    """A seat in a list. `until` is the last day on which it may be worked on, none outside its phase."""

    seat: Seat
    phase: str
    until: date | None
    late: bool
    reviewed: int
    """blocks that were gone through"""
    blocks: int

    @property
    def workable(self) -> bool:
        """Whether there is work on it now."""
        in_phase = Phase(self.seat.school.study.phase) is seat_phase(self.seat.who)
        return in_phase and self.seat.state == "open"


def progress(seats: Iterable[Seat]) -> list[SeatProgress]:
    """How far seats are, in their order; their schools, studies and rulesets are asked for."""
    today = timezone.localdate()
    return [_progress(seat, today) for seat in seats]


def _progress(seat: Seat, today: date) -> SeatProgress:
    study = study_record(seat.school.study)
    until = phase_until(study, study.phase) if study.phase is seat_phase(seat.who) else None
    blocks = len(pinned(seat.school.study.ruleset.sha256).blocks)
    reviewed = json.loads(seat.data).get("reviewed") if seat.data else ()
    done = blocks if reviewed is None else len(reviewed)
    late = until is not None and until < today and seat.state == "open"
    return SeatProgress(seat, phase_title(study.phase), until, late, done, blocks)
