"""Rows of the database as the room `region` speaks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vsoko_rules.region.region_records import AGREED, Phase, RegionSchool, RegionSeat, RegionStudy, SeatState, levels_of

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import SchoolEntry, Seat, StudyRound


def study_record(study: StudyRound) -> RegionStudy:
    """A study."""
    released = study.released_at.date() if study.released_at is not None else None
    until = study.collect_until, study.assess_until, study.reconcile_until
    return RegionStudy(study.title, study.year, Phase(study.phase), *until, released)


def school_record(school: SchoolEntry) -> RegionSchool:
    """A school; its municipality is asked for."""
    town, levels = school.municipality.name, levels_of(school.levels)
    return RegionSchool(school.code, school.name, town, levels, school.counts, school.control)


def seat_record(seat: Seat) -> RegionSeat:
    """A seat; its school and its expert are asked for. The first revision of what an expert fills is what they were
    given, and so is that of what is agreed."""
    expert = seat.expert.login if seat.expert is not None else None
    disputes = seat.disputes if seat.who == AGREED else 0
    return RegionSeat(seat.school.code, seat.who, SeatState(seat.state), expert, seat.revision > 1, disputes)
