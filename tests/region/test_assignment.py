"""Experts are assigned to schools: never at home, evenly, in varied pairs, whatever the order of the records."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vsoko_rules.errors import InputError
from vsoko_rules.region.assignment import Assignment, assign_experts, may_assess, seat_changes
from vsoko_rules.region.region_records import PAIR, RegionPerson, RegionRole, RegionSchool, RegionSeat, SeatState

World = tuple[list[RegionSchool], list[RegionPerson]]


def school(number: int, municipality: int, control: bool = False) -> RegionSchool:
    return RegionSchool(f"s{number:03}", f"Школа № {number}", f"Район {municipality}", control=control)


def expert(number: int, *homes: int, schools: Sequence[str] = ()) -> RegionPerson:
    names = tuple(f"Район {home}" for home in homes)
    return RegionPerson(f"e{number:02}", f"Эксперт {number}", RegionRole.EXPERT, (), None, names, tuple(schools))


def seats_of(assignments: Sequence[Assignment], begun: bool = False) -> list[RegionSeat]:
    return [RegionSeat(a.school, who, SeatState.OPEN, login, begun) for a in assignments for who, login in a.seats]


def expert_loads(assignments: Sequence[Assignment]) -> Counter[str]:
    return Counter(login for assignment in assignments for login in assignment.experts)


def municipalities(schools: Sequence[RegionSchool]) -> dict[str, str]:
    return {s.code: s.municipality for s in schools}


@st.composite
def worlds(draw: st.DrawFn, most_schools: int = 12, most_experts: int = 6, control: bool = True) -> World:
    """Schools and experts; each municipality is the home of some."""
    number = draw(st.integers(1, 4))
    places = st.integers(0, number - 1)
    schools = [
        school(n, draw(places), control and draw(st.integers(0, 4)) == 0)
        for n in range(draw(st.integers(1, most_schools)))
    ]
    codes = st.lists(st.sampled_from([s.code for s in schools]), max_size=1)
    experts = [
        expert(n, *draw(st.lists(places, max_size=1)), schools=draw(codes) if draw(st.integers(0, 3)) == 0 else ())
        for n in range(draw(st.integers(2, most_experts)))
    ]
    return schools, experts


def allowed(world: World) -> dict[str, list[str]]:
    schools, experts = world
    known = municipalities(schools)
    return {s.code: [e.login for e in experts if may_assess(e, s, known)] for s in schools}


def squares(loads: Counter[str]) -> int:
    return sum(load * load for load in loads.values())


@settings(max_examples=60)
@given(worlds(), st.randoms())
def test_every_school_has_two_others_and_the_order_of_records_is_no_matter(world: World, chance: random.Random) -> None:
    schools, experts = world
    may = allowed(world)
    if any(len(logins) < 2 for logins in may.values()):
        with pytest.raises(InputError):
            assign_experts(schools, experts)
        return
    assigned = assign_experts(schools, experts)
    assert [a.school for a in assigned] == sorted(s.code for s in schools)
    control = {s.code for s in schools if s.control}
    for one in assigned:
        assert len(set(one.experts)) == len(one.experts)
        assert set(one.experts) <= set(may[one.school])
        assert [who for who, _ in one.seats[:2]] == list(PAIR)
        assert len(one.experts) == (len(may[one.school]) if one.school in control else 2)
    mixed = chance.sample(schools, len(schools)), chance.sample(experts, len(experts))
    assert assign_experts(*mixed) == assigned


@settings(max_examples=60)
@given(worlds(most_schools=4, most_experts=4), st.data())
def test_no_other_assignment_is_more_even(world: World, data: st.DataObject) -> None:
    """Every assignment there is, one after another, that keeps what is to be kept."""
    schools, experts = world
    may = allowed(world)
    if any(len(logins) < 2 for logins in may.values()):
        return
    some = [s for s in seats_of(assign_experts(schools, experts)) if s.who in PAIR and data.draw(st.booleans())]
    some = [replace(s, expert=data.draw(st.sampled_from(may[s.school]))) for s in some]
    first = {(s.school, s.expert): s for s in reversed(some)}
    kept = [seat for seat in some if first[seat.school, seat.expert] is seat]
    there = {s.code: {seat.expert for seat in kept if seat.school == s.code} for s in schools}
    all_of = [
        [tuple(may[s.code])] if s.control else [p for p in combinations(may[s.code], 2) if there[s.code] <= set(p)]
        for s in schools
    ]
    least = min(squares(Counter(login for pair in chosen for login in pair)) for chosen in product(*all_of))
    assert squares(Counter(expert_loads(assign_experts(schools, experts, kept)))) == least


@settings(max_examples=60)
@given(worlds(), st.data())
def test_what_is_assigned_stays(world: World, data: st.DataObject) -> None:
    schools, experts = world
    if any(len(logins) < 2 for logins in allowed(world).values()):
        return
    assigned = assign_experts(schools, experts)
    assert assign_experts(schools, experts, seats_of(assigned)) == assigned
    assert assign_experts(schools, experts, seats_of(assigned, begun=True), anew=True) == assigned
    some = [seat for seat in seats_of(assigned) if data.draw(st.booleans())]
    again = {a.school: dict(a.seats) for a in assign_experts(schools, experts, some)}
    for seat in some:
        now = again[seat.school]
        assert now.get(seat.who) == seat.expert or (seat.who not in PAIR and seat.expert in now.values())
    assert all(len(set(seats.values())) == len(seats) for seats in again.values())


@settings(max_examples=60)
@given(worlds(), st.data())
def test_nobody_who_has_begun_is_moved(world: World, data: st.DataObject) -> None:
    schools, experts = world
    if any(len(logins) < 2 for logins in allowed(world).values()):
        return
    before = assign_experts(schools, experts)
    seats = [RegionSeat(s.school, s.who, s.state, s.expert, begun=data.draw(st.booleans())) for s in seats_of(before)]
    after = assign_experts(schools, [*experts, expert(99)], seats, anew=True)
    given_now = {(a.school, who): login for a in after for who, login in a.seats}
    assert all(given_now[seat.school, seat.who] == seat.expert for seat in seats if seat.begun)
    assert {login for a in after for login in a.experts} <= {*(e.login for e in experts), "e99"}


def test_an_expert_who_left_is_replaced_and_nobody_else_moves() -> None:
    schools = [school(n, n % 3) for n in range(30)]
    experts = [expert(n, n % 3) for n in range(9)]
    before = assign_experts(schools, experts)
    after = assign_experts(schools, experts[1:], seats_of(before))
    changes = seat_changes(after, seats_of(before))
    assert {seat.expert for seat in changes.freed} == {"e00"}
    assert len(changes.given) == len(changes.freed) == expert_loads(before)["e00"]
    loads = expert_loads(after).values()
    assert max(loads) - min(loads) <= 1


def test_who_closed_a_school_without_a_change_has_begun() -> None:
    schools, experts = [school(n, 0) for n in range(4)], [expert(n) for n in range(4)]
    seats = [RegionSeat(s.code, "B", SeatState.LOCKED, "e03") for s in schools]
    assigned = assign_experts(schools, experts, seats, anew=True)
    assert [dict(a.seats)["B"] for a in assigned] == ["e03"] * 4
    seats = [RegionSeat(s.code, "B", SeatState.OPEN, "e03") for s in schools]
    assert expert_loads(assign_experts(schools, experts, seats, anew=True)) == dict.fromkeys(
        ("e00", "e01", "e02", "e03"), 2
    )


def test_pairs_are_varied() -> None:
    schools = [school(n, n % 7) for n in range(100)]
    experts = [expert(n, n % 7) for n in range(20)]
    assigned = assign_experts(schools, experts)
    pairs = Counter(frozenset(a.experts) for a in assigned)
    assert max(pairs.values()) == 1
    first = Counter(a.experts[0] for a in assigned)
    assert max(first.values()) - min(first.values()) <= 2


def test_pairs_are_varied_also_where_one_sits_already() -> None:
    schools = [school(n, n % 7) for n in range(100)]
    experts = [expert(n, n % 7) for n in range(20)]
    seats = [RegionSeat(a.school, "A", expert=a.experts[0]) for a in assign_experts(schools, experts)]
    assigned = assign_experts(schools, experts, seats)
    assert [a.experts[0] for a in assigned] == [seat.expert for seat in seats]
    assert set(expert_loads(assigned).values()) == {10}
    assert max(Counter(frozenset(a.experts) for a in assigned).values()) == 1


def test_a_school_of_which_no_municipality_is_known_is_still_the_own_one() -> None:
    assert not may_assess(expert(1, schools=["s001"]), school(1, 0), {})
    assert may_assess(expert(1, schools=["s001"]), school(2, 0), {})


def test_two_experts_take_turns_at_being_first() -> None:
    assigned = assign_experts([school(n, 0) for n in range(4)], [expert(1), expert(2)])
    assert Counter(a.experts[0] for a in assigned) == {"e01": 2, "e02": 2}


def test_a_few_may_have_to_take_more() -> None:
    """Two of five experts work elsewhere; loads beyond the usual bound are found."""
    schools = [school(n, 0) for n in range(40)]
    experts = [expert(1), expert(2), *(expert(n, 0) for n in range(3, 30))]
    assert expert_loads(assign_experts(schools, experts)) == {"e01": 40, "e02": 40}


def test_control_schools_go_to_all_and_keep_the_numbers_of_seats() -> None:
    schools = [school(1, 0, control=True), school(2, 1)]
    experts = [expert(n, 1) if n == 1 else expert(n) for n in range(1, 6)]
    before = assign_experts(schools, experts)
    assert [who for who, _ in before[0].seats] == ["A", "B", "3", "4", "5"]
    assert set(before[0].experts) == {e.login for e in experts}
    gone = dict(before[0].seats)["4"]
    after = assign_experts(schools, [e for e in experts if e.login != gone] + [expert(7)], seats_of(before))
    assert dict(after[0].seats) == {**dict(before[0].seats), "4": "e07"}


def test_one_from_a_further_seat_comes_into_the_pair_of_a_control_school() -> None:
    schools, experts = [school(1, 0, control=True)], [expert(n) for n in range(1, 5)]
    before = assign_experts(schools, experts)
    first, begun = before[0].experts[0], before[0].experts[2]
    seats = [RegionSeat(s.school, s.who, s.state, s.expert, s.expert == begun) for s in seats_of(before)]
    after = assign_experts(schools, [e for e in experts if e.login != first], seats)
    assert len(set(after[0].experts)) == len(after[0].seats) == 3
    assert dict(after[0].seats)["3"] == begun


def problems(*records: object, anew: bool = False) -> list[str]:
    with pytest.raises(InputError) as caught:
        assign_experts(*records, anew=anew)  # type: ignore[arg-type]
    return [str(problem) for problem in caught.value.problems]


def test_it_says_where_experts_are_lacking() -> None:
    schools = [school(1, 0), school(2, 0), school(3, 1)]
    experts = [expert(1, 0), expert(2, 0), expert(3)]
    (told,) = problems(schools, experts)
    assert told == (
        "муниципалитет «Район 0»: на 2\u00a0школы нельзя назначить двух экспертов: в своём муниципалитете эксперт "
        "школы не смотрит; найдено: «могут смотреть: 1 эксперт; работают здесь: 2 из 3»; ожидалось: не меньше двух "
        "экспертов, работающих в другом месте. Добавьте экспертов из других муниципалитетов. Никто не назначен."
    )


def test_where_there_are_no_experts_it_says_so_once() -> None:
    (told,) = problems([school(1, 0), school(2, 1)], [expert(1)])
    assert "экспертов слишком мало" in told
    assert assign_experts([], []) == ()


def test_the_own_school_makes_its_municipality_the_own_one() -> None:
    schools = [school(1, 0), school(2, 0)]
    (told,) = problems(schools, [expert(1), expert(2, schools=["s001"])])
    assert "Район 0" in told


@pytest.mark.parametrize(
    ("seat", "told"),
    [
        (RegionSeat("s001", "A", expert="e09", begun=True), "выбыл из экспертов"),
        (RegionSeat("s001", "A", expert="e01", begun=True), "работает в её муниципалитете"),
        (RegionSeat("s001", "3", expert="e02", begun=True), "больше не контрольная"),
    ],
)
def test_one_who_has_begun_and_may_not_go_on_is_told(seat: RegionSeat, told: str) -> None:
    schools, experts = [school(1, 0)], [expert(1, 0), expert(2), expert(3)]
    (problem,) = problems(schools, experts, [seat])
    assert problem.startswith("школа s001 «Школа № 1»: эксперт")
    assert told in problem
    assert seat.expert is not None
    idle = RegionSeat(seat.school, seat.who, expert=seat.expert)
    assert set(assign_experts(schools, experts, [idle])[0].experts) == {"e02", "e03"}


def test_a_region_of_many_schools() -> None:
    chance = random.Random(3)
    schools = [school(n, chance.randrange(40), control=n % 50 == 0) for n in range(1500)]
    experts = [expert(n, chance.randrange(40)) for n in range(60)]
    assigned = assign_experts(schools, experts)
    loads = expert_loads(assigned).values()
    assert max(loads) - min(loads) <= 1
    assert max(Counter(frozenset(a.experts[:2]) for a in assigned).values()) == 1


_TWICE = """
from vsoko_rules.region.assignment import assign_experts
from vsoko_rules.region.region_records import RegionPerson, RegionRole, RegionSchool
schools = [RegionSchool(f"s{n:02}", "Школа", f"Район {n % 5}", control=n == 7) for n in range(40)]
experts = [RegionPerson(f"e{n}", "Эксперт", RegionRole.EXPERT, home_municipalities=(f"Район {n}",)) for n in range(9)]
print([(a.school, a.seats) for a in assign_experts(schools, experts)])
"""


def test_the_assignment_does_not_depend_on_the_seed_of_hashes() -> None:
    answers = {
        subprocess.run(
            [sys.executable, "-c", _TWICE], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
