"""Exchange of practice: nobody is overloaded, neighbours first, like with like, and the sum of costs is least."""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsoko_rules.study.exchange import Pair, as_data, cost, exchange, school_of
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.results import records

SETTINGS = parameters().exchange
STAGES = ("goal", "monitoring", "analysis", "recommendation", "measure", "order")


def result(
    number: int,
    weak: str | None,
    district: str = "А",
    students: int | None = 300,
    levels: tuple[str, ...] = ("НОО", "ООО"),
) -> dict[str, Any]:
    """A school whose one line breaks at `weak`, or holds."""
    held = STAGES.index(weak) if weak else len(STAGES)
    line = {"break": {"stage": weak} if weak else None, "outcome": "missing" if weak else "met"}
    components = [{"stage": s, "outcome": "met" if n < held else "missing"} for n, s in enumerate(STAGES)]
    counts = {} if students is None else {"students": students}
    school = {
        "id": f"s{number}",
        "name": f"Школа {number}",
        "municipality": district,
        "levels": levels,
        "counts": counts,
    }
    block = {"id": "B1", "reviewed": True, "weakest": weak, "components": components, "lines": [line]}
    return {"school": {**school, "counts": counts}, "blocks": [block]}


def helpers(pairs: list[Pair]) -> dict[str, str | None]:
    return {p.need.school.id: p.helper.id if p.helper else None for p in pairs}


def test_neighbours_first_then_like_with_like() -> None:
    needy = result(0, "analysis")
    far, near = result(1, None, "Б"), result(2, None)
    assert helpers(exchange([needy, far, near], SETTINGS)) == {"s0": "s2"}
    small, alike = result(3, None, students=30), result(4, None, students=310)
    assert helpers(exchange([needy, small, alike], SETTINGS)) == {"s0": "s4"}
    primary = result(5, None, levels=("НОО",))
    assert helpers(exchange([needy, primary, small], SETTINGS)) == {"s0": "s3"}


def test_a_pair_says_in_which_block_and_on_which_stage_help_is_given() -> None:
    (pair,) = as_data(exchange([result(0, "analysis"), result(1, None)], SETTINGS), SETTINGS)["pairs"]
    assert (pair["school"]["id"], pair["helper"]["id"]) == ("s0", "s1")
    assert (pair["block"], pair["stage"], pair["same_municipality"]) == ("B1", "analysis", True)


def test_a_school_helps_only_where_its_own_chain_holds_so_far() -> None:
    needy = result(0, "analysis")
    assert helpers(exchange([needy, result(1, "analysis"), result(2, "monitoring")], SETTINGS))["s0"] is None
    assert helpers(exchange([needy, result(1, "order")], SETTINGS))["s0"] == "s1"


def test_the_load_is_spread() -> None:
    needy = [result(n, "goal") for n in range(6)]
    strong = [result(n, None) for n in range(10, 13)]
    load = Counter(helpers(exchange(needy + strong, SETTINGS)).values())
    assert set(load.values()) == {2}


def test_a_step_of_load_weighs_as_much_for_the_next_school_as_it_is_said_to() -> None:
    """More than a school of another size does."""
    costs = SETTINGS.model_copy(update={"load_step": 3 * SETTINGS.size_step})
    needy = [result(n, "goal") for n in range(2)]
    pairs = exchange([*needy, result(10, None), result(11, None, students=500)], costs)
    assert {pair.cost for pair in pairs} == {0, SETTINGS.size_step}


def test_who_needs_most_of_those_left_over_comes_first() -> None:
    """Not whose name does: weighed one by one, with one helper far away who can take one."""
    one = SETTINGS.model_copy(update={"at_once": 1, "capacity": 1})
    some, most = result(0, "goal"), result(1, "goal")
    some["blocks"][0]["lines"].append({"break": None, "outcome": "met"})
    assert helpers(exchange([some, most, result(9, None, "Б")], one)) == {"s0": None, "s1": "s9"}


def test_nobody_is_overloaded_and_the_rest_is_named() -> None:
    pairs = exchange([*(result(n, "goal") for n in range(7)), result(9, None)], SETTINGS)
    data = as_data(pairs, SETTINGS)
    assert (data["needs"], data["served"], data["most_helped"]) == (7, 3, 3)
    alone = [p for p in data["pairs"] if p["helper"] is None]
    assert len(alone) == 4
    assert {p["cost"] for p in alone} == {None}


TWO_EACH = SETTINGS.model_copy(update={"capacity": 2})
schools = st.lists(
    st.tuples(st.sampled_from(["goal", "order", None]), st.sampled_from("АБ"), st.sampled_from([40, 300, None])),
    max_size=6,
)


@given(schools)
def test_inside_a_municipality_no_other_assignment_costs_less(made: list[tuple[str | None, str, int | None]]) -> None:
    """Against every assignment there is."""
    found = [result(n, weak, "А", students) for n, (weak, _, students) in enumerate(made)]
    pairs = exchange(found, TWO_EACH)
    options = [[None, *(h for h in pairs_helpers(found, p) if h.id != p.need.school.id)] for p in pairs]
    best = min((price(pairs, choice, TWO_EACH) for choice in product(*options)), default=0)
    assert price(pairs, [p.helper for p in pairs], TWO_EACH) == best


@given(schools)
def test_help_comes_from_afar_only_when_the_neighbours_have_their_hands_full(
    made: list[tuple[str | None, str, int | None]],
) -> None:
    found = [result(n, weak, district, students) for n, (weak, district, students) in enumerate(made)]
    pairs = exchange(found, TWO_EACH)
    place = {p.need.school.id: p.need.school.municipality for p in pairs}
    near = [p for p in pairs if p.helper and p.helper.municipality == place[p.need.school.id]]
    load = Counter(p.helper.id for p in pairs if p.helper)
    for pair in pairs:
        able = [h for h in pairs_helpers(found, pair) if h.id != pair.need.school.id]
        if pair not in near:
            around = [h for h in able if h.municipality == pair.need.school.municipality]
            assert all(sum(p.helper == h for p in near) == TWO_EACH.capacity for h in around)
        if pair.helper is None:
            assert all(load[h.id] == TWO_EACH.capacity for h in able)


def test_what_is_weighed_in_portions_is_all_weighed() -> None:
    portions = SETTINGS.model_copy(update={"at_once": 2})
    found = [*(result(n, "goal", "А") for n in range(7)), *(result(n, None, "Б") for n in range(10, 13))]
    data = as_data(exchange(found, portions), portions)
    assert (data["served"], data["most_helped"]) == (7, 3)


def pairs_helpers(found: list[dict[str, Any]], pair: Pair) -> list[Any]:
    stage = pair.need.topic[1]
    able = [r for r in found if {"stage": stage, "outcome": "met"} in r["blocks"][0]["components"]]
    return [school_of(r) for r in able]


def price(pairs: list[Pair], choice: Any, settings: Any) -> float:
    load = Counter(h.id for h in choice if h is not None)
    if any(n > settings.capacity for n in load.values()):
        return float("inf")
    total: int = sum(n * (n - 1) // 2 * settings.load_step for n in load.values())
    for pair, helper in zip(pairs, choice, strict=True):
        total += settings.unserved if helper is None else cost(pair.need.school, helper, settings)
    return total


def test_a_region_is_paired_the_same_way_every_time(finished: Path) -> None:
    found = [exchange(records(finished), SETTINGS) for _ in range(2)]
    assert found[0] == found[1]
    data = as_data(found[0], SETTINGS)
    assert 0 < data["served"] <= data["needs"]
    assert data["most_helped"] <= SETTINGS.capacity


@pytest.mark.parametrize(
    ("students", "by_half", "by_two"),
    [
        (100, 0, 0),
        (149, 0, 0),
        (150, 1, 0),
        (67, 0, 0),
        (66, 1, 0),
        (224, 1, 1),
        (225, 2, 1),
        (44, 2, 1),
        (10**6, 8, 8),
    ],
)
def test_the_difference_of_sizes_is_counted_in_times_of_the_ratio(students: int, by_half: int, by_two: int) -> None:
    needy, helper = (school_of(result(n, None, students=size)) for n, size in enumerate((100, students)))
    assert cost(needy, helper, SETTINGS) == by_half * SETTINGS.size_step
    twice = SETTINGS.model_copy(update={"size_percent": 200})
    assert cost(needy, helper, twice) == by_two * SETTINGS.size_step
