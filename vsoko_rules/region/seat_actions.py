"""What each phase of a study lets whom do with a seat."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from vsoko_rules.region.region_records import (
    AGREED,
    SELF,
    Phase,
    RegionPerson,
    RegionRole,
    RegionSchool,
    RegionSeat,
    SeatState,
    is_expert_seat,
)


class SeatAction(str, Enum):
    """What may be done with a seat."""

    FILL = "fill"
    """change its rows"""
    SEND = "send"
    """the school says that it is done"""
    LOCK = "lock"
    """the expert says so; on the agreed seat, everything is decided"""
    RETURN = "return"
    """open it again, with a reason"""
    SETTLE = "settle"
    """the pair comes to an agreement over a dispute"""
    DECIDE = "decide"
    """a third person decides a dispute"""


_DECIDING = (RegionRole.CENTRE, RegionRole.METHODIST, RegionRole.EXPERT)
"""who may be appointed as the third person"""


def seat_phase(who: str) -> Phase:
    """The phase in which a seat is worked on."""
    if who == SELF:
        return Phase.COLLECT
    return Phase.RECONCILE if who == AGREED else Phase.ASSESS


def seat_actions(
    phase: Phase, seat: RegionSeat, person: RegionPerson, school: RegionSchool, pair: Collection[str] = ()
) -> tuple[SeatAction, ...]:
    """What a person may do with a seat of `school` now; nothing outside its phase, and nothing in a closed study.

    `pair`: the logins of A and B of the school. Whoever is one of them is no third person.
    """
    if phase is not seat_phase(seat.who) or phase is Phase.CLOSED:
        return ()
    if seat.who == SELF:
        return _of_school(seat, person, school)
    return _of_expert(seat, person) if is_expert_seat(seat.who) else _of_agreed(seat, person, pair)


def _of_school(seat: RegionSeat, person: RegionPerson, school: RegionSchool) -> tuple[SeatAction, ...]:
    if seat.state is SeatState.OPEN:
        own = person.role is RegionRole.SCHOOL and person.school == seat.school
        return (SeatAction.FILL, SeatAction.SEND) if own else ()
    in_scope = person.role is RegionRole.METHODIST and school.municipality in person.municipalities
    return (SeatAction.RETURN,) if in_scope or person.role is RegionRole.CENTRE else ()


def _of_expert(seat: RegionSeat, person: RegionPerson) -> tuple[SeatAction, ...]:
    if seat.state is SeatState.OPEN:
        own = person.role is RegionRole.EXPERT and person.login == seat.expert
        return (SeatAction.FILL, SeatAction.LOCK) if own else ()
    return (SeatAction.RETURN,) if person.role is RegionRole.CENTRE else ()


def _of_agreed(seat: RegionSeat, person: RegionPerson, pair: Collection[str]) -> tuple[SeatAction, ...]:
    centre = person.role is RegionRole.CENTRE
    if seat.state is not SeatState.OPEN:
        return (SeatAction.RETURN,) if centre else ()
    if person.role is RegionRole.EXPERT and person.login in pair:
        given: tuple[SeatAction, ...] = (SeatAction.SETTLE,)
    elif centre or (person.login == seat.expert and person.role in _DECIDING and person.login not in pair):
        given = (SeatAction.DECIDE,)
    else:
        return ()
    return given if seat.disputes else (*given, SeatAction.LOCK)
