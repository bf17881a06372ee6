"""Who assesses which school: two different experts each, loads as even as they can be, pairs as varied as they can be.

Who takes how many schools of a municipality is a flow of least cost by network simplex of NetworkX: the cost of an
expert's next school grows with each, so that no other assignment is more even. Who sits beside whom is chosen in
`pairing`. The result follows from the records alone, whatever their order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, NamedTuple

import networkx as nx

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.pairing import Group, Meetings, paired
from vsoko_rules.region.region_records import (
    PAIR,
    RegionPerson,
    RegionRole,
    RegionSchool,
    RegionSeat,
    expert_seat,
    is_expert_seat,
    seat_order,
)
from vsoko_rules.region.region_words import many, region_words

_SINK: Final = "sink"
_SPREAD: Final = 3
"""steps in which one expert's further schools of one group cost more; from there on they cost alike"""


class SeatGiven(NamedTuple):
    """One seat of a school (`A`, `B`, `3` …) and the login of its expert."""

    who: str
    expert: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """The seats of one school in their order: A and B, and those of all other experts where it is a control school."""

    school: str
    seats: tuple[SeatGiven, ...]

    @property
    def experts(self) -> tuple[str, ...]:
        """Logins, in the order of the seats."""
        return tuple(seat.expert for seat in self.seats)


def may_assess(person: RegionPerson, school: RegionSchool, municipality_of: Mapping[str, str]) -> bool:
    """Whether an expert may be given a school: none of the municipality or the school where they work.

    `municipality_of`: municipalities by the codes of their schools; that of an expert's own school is their own too.
    """
    homes = {*person.home_municipalities, *(municipality_of.get(code) for code in person.home_schools)}
    return school.municipality not in homes and school.code not in person.home_schools


def assign_experts(
    schools: Iterable[RegionSchool],
    people: Iterable[RegionPerson],
    seats: Iterable[RegionSeat] = (),
    *,
    anew: bool = False,
) -> tuple[Assignment, ...]:
    """Seats for every school, in the order of codes. `people`: those who are not experts are passed over.

    `seats` as they are: all are kept; with `anew` only those whose expert has begun. One whose expert may not have it
    any more is given to another. Raises `InputError`, naming municipalities and schools, where experts are lacking or
    one who has begun may not go on; nothing is assigned then.
    """
    listed = sorted(schools, key=lambda school: school.code)
    experts = {p.login: p for p in sorted(people, key=lambda p: p.login) if p.role is RegionRole.EXPERT}
    allowed = _allowed(listed, experts)
    problems: list[Problem] = []
    kept = _kept(listed, allowed, seats, anew, problems)
    problems += _lacking(listed, experts, allowed)
    if problems:
        raise InputError(problems)
    return _assigned(listed, allowed, kept)


Allowed = Mapping[str, tuple[str, ...]]
"""logins of the experts who may be given schools of a municipality, by its name"""


@dataclass(slots=True)
class _KeptSeats:
    """The experts of a school who stay, by their seats, and which of them have begun."""

    seats: dict[str, str] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    @property
    def pair(self) -> list[str]:
        """Those of the two seats of the pair."""
        return [self.seats[who] for who in PAIR if who in self.seats]


Kept = Mapping[str, _KeptSeats]
"""by the code of the school"""


def _allowed(schools: Sequence[RegionSchool], experts: Mapping[str, RegionPerson]) -> Allowed:
    """By municipality: an own school lies in an own municipality."""
    municipality_of = {school.code: school.municipality for school in schools}
    first = {school.municipality: school for school in reversed(schools)}
    return {
        name: tuple(login for login, person in experts.items() if may_assess(person, school, municipality_of))
        for name, school in sorted(first.items())
    }


def _kept(
    schools: Sequence[RegionSchool], allowed: Allowed, seats: Iterable[RegionSeat], anew: bool, problems: list[Problem]
) -> Kept:
    """Seats that stay. One whose expert has begun and may not go on is a problem."""
    kept = {school.code: _KeptSeats() for school in schools}
    by_code = {school.code: school for school in schools}
    for seat in sorted(seats, key=lambda s: (s.school, seat_order(s.who), not s.touched)):
        school = by_code.get(seat.school)
        if school is None or seat.expert is None or not is_expert_seat(seat.who):
            continue
        own = kept[school.code]
        fault = _fault(seat, seat.expert, school, allowed, own)
        if fault is not None and seat.touched:
            texts = region_words()["assignment"]
            place = Place(texts["school"].format(code=school.code, name=school.name))
            problems.append(Problem(place, texts["begun"][fault], seat.expert, hint=texts["begun"]["hint"]))
        elif fault is None and (seat.touched or not anew):
            own.seats[seat.who] = seat.expert
            own.begun |= {seat.expert} if seat.touched else set()
    return kept


def _fault(seat: RegionSeat, login: str, school: RegionSchool, allowed: Allowed, own: _KeptSeats) -> str | None:
    """Why an expert may not stay at a school; none where they may."""
    if seat.who not in PAIR and not school.control:
        return "beyond"
    if login not in allowed[school.municipality]:
        return "not_allowed"
    return "twice" if login in own.seats.values() or seat.who in own.seats else None


def _lacking(
    schools: Sequence[RegionSchool], experts: Mapping[str, RegionPerson], allowed: Allowed
) -> Iterator[Problem]:
    """Municipalities whose schools cannot have two experts; where the study has fewer, that alone."""
    texts = region_words()["assignment"]
    needed = texts["lacking"]["expected"]
    if schools and len(experts) < len(PAIR):
        yield Problem(Place(texts["experts"]), texts["lacking"]["none"], many("expert", len(experts)), needed)
        return
    number = Counter(school.municipality for school in schools)
    for name, logins in allowed.items():
        if len(logins) < len(PAIR):
            found = texts["lacking"]["found"].format(
                may=many("expert", len(logins)), own=len(experts) - len(logins), of=len(experts)
            )
            message = texts["lacking"]["message"].format(schools=many("for_school", number[name]))
            place = Place(texts["municipality"].format(name=name))
            yield Problem(place, message, found, needed, texts["lacking"]["hint"])


def _assigned(schools: Sequence[RegionSchool], allowed: Allowed, kept: Kept) -> tuple[Assignment, ...]:
    """Every school with its seats, where it is sure that there are experts enough."""
    usual = [school for school in schools if not school.control]
    control = [school for school in schools if school.control]
    meetings = Meetings(kept[school.code].pair for school in schools)
    groups = _groups(usual, allowed, kept)
    shares = _shares(groups, _loads(schools, allowed, kept))
    given = paired([group._replace(shares=share) for group, share in zip(groups, shares, strict=True)], meetings)
    for school in control:
        own = kept[school.code]
        given[school.code] = meetings.choose(own.pair, allowed[school.municipality], own.begun)
    led = Counter(own.seats[PAIR[0]] for own in kept.values() if PAIR[0] in own.seats)
    return tuple(
        _seats(school, given.get(school.code, ()), allowed[school.municipality], kept[school.code], led)
        for school in schools
    )


def _groups(schools: Sequence[RegionSchool], allowed: Allowed, kept: Kept) -> list[Group]:
    """Schools that still need experts: in a group all may be given the same ones, and all need one, or two."""
    grouped: dict[tuple[tuple[str, ...], int], list[str]] = defaultdict(list)
    for school in schools:
        sitting = len(kept[school.code].pair)
        if sitting < len(PAIR):
            grouped[allowed[school.municipality], sitting].append(school.code)
    return [
        Group(tuple(codes), {code: kept[code].pair[0] for code in codes if sitting}, logins)
        for (logins, sitting), codes in sorted(grouped.items())
    ]


def _loads(schools: Sequence[RegionSchool], allowed: Allowed, kept: Kept) -> Counter[str]:
    """How many schools each expert has before the flow: those that stay, and all control schools they may have."""
    loads: Counter[str] = Counter(dict.fromkeys(sorted({login for logins in allowed.values() for login in logins}), 0))
    for school in schools:
        loads.update(allowed[school.municipality] if school.control else kept[school.code].pair)
    return loads


def _shares(groups: Sequence[Group], loads: Mapping[str, int]) -> list[dict[str, int]]:
    """For each group how many of its schools each expert takes."""
    units = sum(group.needed for group in groups)
    most = max(loads.values(), default=0)
    levels = 2 * -(-units // max(len(loads), 1)) + 1
    while groups:
        try:
            _, flow = nx.network_simplex(_graph(groups, loads, most + levels))
        except nx.NetworkXUnfeasible:  # a few experts have to take much more than the others
            levels *= 4
            continue
        return [
            {login: taken for login in group.experts if (taken := sum(flow[n].get((login,), {}).values()))}
            for n, group in enumerate(groups)
        ]
    return []


def _graph(groups: Sequence[Group], loads: Mapping[str, int], most: int) -> Any:
    """Units of flow from each group through experts to the sink. An expert has at most `most` schools in all.

    One more school costs an expert twice what they have and one, so that the sum is that of the squares; a lesser cost
    keeps one expert from taking many schools of one group.
    """
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    units = sum(group.needed for group in groups)
    dearer = units * _SPREAD + 1
    graph.add_node(_SINK, demand=units)
    for login, load in loads.items():
        for level in range(load, most):
            graph.add_edge((login,), _SINK, capacity=1, weight=(2 * level + 1) * dearer)
    for n, group in enumerate(groups):
        graph.add_node(n, demand=-group.needed)
        step = max(1, -(-group.needed // len(group.experts)))
        for login, left in group.room():
            for price in range(_SPREAD + 1):
                capacity = min(left - step * price, left if price == _SPREAD else step)
                if capacity > 0:
                    graph.add_edge(n, (login,), capacity=capacity, weight=price)
    return graph


def _seats(
    school: RegionSchool, pair: Sequence[str], allowed: Sequence[str], kept: _KeptSeats, led: Counter[str]
) -> Assignment:
    """The seats of a school: those that stay keep their names; A goes to whom of the two it was given less often. Who
    comes into the pair of a control school from a further seat leaves that."""
    new = sorted((login for login in pair if login not in kept.pair), key=lambda login: led[login])
    seats = {who: login for who, login in kept.seats.items() if login not in new}
    free = [who for who in PAIR if who not in seats]
    seats |= dict(zip(free, new, strict=False))
    if PAIR[0] in free:
        led[seats[PAIR[0]]] += 1
    if school.control:
        others = [login for login in allowed if login not in seats.values()]
        further = (who for number in count(len(PAIR)) if (who := expert_seat(number)) not in seats)
        seats |= {next(further): login for login in others}
    ordered = sorted(seats, key=seat_order)
    return Assignment(school.code, tuple(SeatGiven(who, seats[who]) for who in ordered))


@dataclass(frozen=True, slots=True)
class SeatChanges:
    """What an assignment changes: seats with a new expert, each with its school; seats whose expert leaves them."""

    given: tuple[tuple[str, SeatGiven], ...]
    freed: tuple[RegionSeat, ...]


def seat_changes(assignments: Iterable[Assignment], seats: Iterable[RegionSeat]) -> SeatChanges:
    """What is to be done so that `seats` become what `assignments` say. A seat with another expert is in both lists;
    seats of schools that are not in `assignments` stay."""
    listed = list(assignments)
    now = {(a.school, seat.who): seat for a in listed for seat in a.seats}
    schools = {assignment.school for assignment in listed}
    taken = [seat for seat in seats if seat.expert is not None and is_expert_seat(seat.who) and seat.school in schools]
    before = {(seat.school, seat.who): seat.expert for seat in taken}
    given = tuple((school, seat) for (school, who), seat in now.items() if before.get((school, who)) != seat.expert)
    freed = (s for s in taken if (s.school, s.who) not in now or now[s.school, s.who].expert != s.expert)
    return SeatChanges(given, tuple(sorted(freed, key=lambda seat: (seat.school, seat_order(seat.who)))))
