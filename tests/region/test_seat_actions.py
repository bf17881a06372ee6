"""Who may do what with which seat, phase by phase: everything that is not listed is refused."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Final

import pytest

from vsoko_rules.region.region_records import Phase, RegionPerson, RegionRole, RegionSchool, RegionSeat, SeatState
from vsoko_rules.region.seat_actions import SeatAction, seat_actions

SCHOOL: Final = RegionSchool("s1", "Школа № 1", "Заречный район")
PAIR: Final = ("ivolgina", "sosnin")
PEOPLE: Final = {
    "school": RegionPerson("school1", "Школа № 1", RegionRole.SCHOOL, school="s1"),
    "other school": RegionPerson("school2", "Школа № 2", RegionRole.SCHOOL, school="s2"),
    "A": RegionPerson("ivolgina", "Иволгина А. А.", RegionRole.EXPERT),
    "B": RegionPerson("sosnin", "Соснин Б. Б.", RegionRole.EXPERT),
    "third": RegionPerson("berezin", "Берёзин В. В.", RegionRole.EXPERT),
    "other expert": RegionPerson("klyonov", "Клёнов Г. Г.", RegionRole.EXPERT),
    "methodist": RegionPerson("ryabinina", "Рябинина Д. Д.", RegionRole.METHODIST, ("Заречный район",)),
    "other methodist": RegionPerson("lipina", "Липина Е. Е.", RegionRole.METHODIST, ("Озёрный район",)),
    "centre": RegionPerson("centre", "Дубов Ж. Ж.", RegionRole.CENTRE),
    "auditor": RegionPerson("auditor", "Осокина З. З.", RegionRole.AUDITOR),
}
SEATS: Final = {
    "self": RegionSeat("s1", "self"),
    "A": RegionSeat("s1", "A", expert="ivolgina"),
    "B": RegionSeat("s1", "B", expert="sosnin"),
    "3": RegionSeat("s1", "3", expert="klyonov"),
    "agreed": RegionSeat("s1", "agreed", expert="berezin"),
}
Key = tuple[Phase, str, SeatState, str]
ALLOWED: Final[Mapping[Key, set[str]]] = {
    (Phase.COLLECT, "self", SeatState.OPEN, "school"): {"fill", "send"},
    (Phase.COLLECT, "self", SeatState.SENT, "methodist"): {"return"},
    (Phase.COLLECT, "self", SeatState.SENT, "centre"): {"return"},
    (Phase.ASSESS, "A", SeatState.OPEN, "A"): {"fill", "lock"},
    (Phase.ASSESS, "B", SeatState.OPEN, "B"): {"fill", "lock"},
    (Phase.ASSESS, "3", SeatState.OPEN, "other expert"): {"fill", "lock"},
    (Phase.ASSESS, "A", SeatState.LOCKED, "centre"): {"return"},
    (Phase.ASSESS, "B", SeatState.LOCKED, "centre"): {"return"},
    (Phase.ASSESS, "3", SeatState.LOCKED, "centre"): {"return"},
    (Phase.RECONCILE, "agreed", SeatState.OPEN, "A"): {"settle", "lock"},
    (Phase.RECONCILE, "agreed", SeatState.OPEN, "B"): {"settle", "lock"},
    (Phase.RECONCILE, "agreed", SeatState.OPEN, "third"): {"decide", "lock"},
    (Phase.RECONCILE, "agreed", SeatState.OPEN, "centre"): {"decide", "lock"},
    (Phase.RECONCILE, "agreed", SeatState.LOCKED, "centre"): {"return"},
}
STATES: Final = {"self": (SeatState.OPEN, SeatState.SENT)}


@pytest.mark.parametrize("phase", Phase)
def test_everybody_may_do_what_is_listed_and_nothing_else(phase: Phase) -> None:
    for name, who in product(SEATS, PEOPLE):
        for state in STATES.get(name, (SeatState.OPEN, SeatState.LOCKED)):
            seat = SEATS[name]
            now = RegionSeat(seat.school, seat.who, state, seat.expert)
            actions = {action.value for action in seat_actions(phase, now, PEOPLE[who], SCHOOL, PAIR)}
            assert actions == ALLOWED.get((phase, name, state, who), set()), (phase, name, state, who)


def test_nothing_is_locked_before_all_is_decided() -> None:
    seat = RegionSeat("s1", "agreed", expert="berezin", disputes=2)
    told = {who: seat_actions(Phase.RECONCILE, seat, PEOPLE[who], SCHOOL, PAIR) for who in ("A", "third", "centre")}
    assert told == {"A": (SeatAction.SETTLE,), "third": (SeatAction.DECIDE,), "centre": (SeatAction.DECIDE,)}


def test_one_of_the_pair_is_no_third_person() -> None:
    seat = RegionSeat("s1", "agreed", expert="ivolgina", disputes=2)
    assert seat_actions(Phase.RECONCILE, seat, PEOPLE["A"], SCHOOL, PAIR) == (SeatAction.SETTLE,)
    as_methodist = RegionPerson("ivolgina", "Иволгина А. А.", RegionRole.METHODIST, ("Заречный район",))
    assert seat_actions(Phase.RECONCILE, seat, as_methodist, SCHOOL, PAIR) == ()
