"""Until when a phase may be worked in, and who is late on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from vsoko_rules.errors import Problem, argument
from vsoko_rules.region.phases import PHASES, phase_until
from vsoko_rules.region.region_records import (
    AGREED,
    PAIR,
    SELF,
    Phase,
    RegionSchool,
    RegionSeat,
    RegionStudy,
    SeatState,
    is_expert_seat,
)
from vsoko_rules.region.region_words import region_words
from vsoko_rules.words import day as shown

FIELDS: Final = {
    Phase.COLLECT: "collect_until",
    Phase.ASSESS: "assess_until",
    Phase.RECONCILE: "reconcile_until",
}
"""names of the fields of a study in which deadlines stand"""


@dataclass(frozen=True, slots=True)
class Late:
    """Who has not done the work of a phase by its day: a school, and no `people`; an expert, and their schools; a pair,
    behind them the third person where one was appointed, and their schools.

    `days` after the last day; `open`: whether it can still be done, because the study is in that phase.
    """

    phase: Phase
    until: date
    days: int
    open: bool
    people: tuple[str, ...]
    schools: tuple[str, ...]


def late(
    study: RegionStudy, schools: Iterable[RegionSchool], seats: Iterable[RegionSeat], day: date
) -> tuple[Late, ...]:
    """Everybody who is late on a day, by phase: schools, then experts, then pairs. Nobody is late for a phase that has
    not begun, and nobody in a study that is closed."""
    if study.phase is Phase.CLOSED:
        return ()
    codes = sorted(school.code for school in schools)
    of: dict[str, dict[str, RegionSeat]] = {code: {} for code in codes}
    for seat in seats:
        of.setdefault(seat.school, {})[seat.who] = seat
    owing = {Phase.COLLECT: _schools, Phase.ASSESS: _experts, Phase.RECONCILE: _pairs}
    found: list[Late] = []
    for phase in PHASES[: PHASES.index(study.phase) + 1]:
        until = phase_until(study, phase)
        if until is not None and day > until:
            now = phase is study.phase
            listed = sorted(owing[phase]({code: of[code] for code in codes}))
            found += [Late(phase, until, (day - until).days, now, people, left) for people, left in listed]
    return tuple(found)


Seats = Mapping[str, Mapping[str, RegionSeat]]
"""by the code of the school and the name of the seat"""
Owing = tuple[tuple[str, ...], tuple[str, ...]]
"""people and their schools"""


def _schools(seats: Seats) -> Iterator[Owing]:
    """Schools that have not sent."""
    for code, own in seats.items():
        if SELF not in own or own[SELF].state is SeatState.OPEN:
            yield (), (code,)


def _experts(seats: Seats) -> Iterator[Owing]:
    """Experts with seats that are open."""
    left: dict[str, list[str]] = defaultdict(list)
    for code, own in seats.items():
        for who, seat in own.items():
            if is_expert_seat(who) and seat.expert is not None and seat.state is SeatState.OPEN:
                left[seat.expert].append(code)
    yield from (((login,), tuple(codes)) for login, codes in left.items())


def _pairs(seats: Seats) -> Iterator[Owing]:
    """Pairs with open disputes."""
    left: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for code, own in seats.items():
        agreed = own.get(AGREED)
        if agreed is not None and agreed.disputes and agreed.state is SeatState.OPEN:
            experts = (own[who].expert if who in own else None for who in PAIR)
            people = tuple(sorted(login for login in experts if login is not None))
            third = () if agreed.expert is None else (agreed.expert,)
            left[people + third].append(code)
    yield from ((people, tuple(codes)) for people, codes in left.items())


def deadline_problems(study: RegionStudy) -> tuple[Problem, ...]:
    """Deadlines that come before the one of an earlier phase."""
    texts = region_words()
    found: list[Problem] = []
    last: date | None = None
    for phase, name in FIELDS.items():
        until = phase_until(study, phase)
        if until is not None and last is not None and until < last:
            message = texts["deadline"]["order"].format(phase=texts["phase"][phase.value])
            expected = texts["deadline"]["expected"].format(day=shown(last))
            found.append(Problem(argument(name), message, shown(until), expected))
        last = max(filter(None, (last, until)), default=None)
    return tuple(found)
