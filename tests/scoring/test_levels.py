"""Levels from points: thresholds met exactly, exact arithmetic, the interval of levels."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ruleset
from vsoko_rules.verdict.scoring import NOTHING, Bounds, percent, total, verdict

LEVELS = ruleset().levels


def proven(points: int | Fraction, most: int | Fraction) -> Bounds:
    return Bounds(Fraction(points), Fraction(points), Fraction(points), Fraction(most))


def level(*blocks: Bounds) -> str | None:
    """The level of a school with these blocks, all of one weight."""
    found = verdict(LEVELS, total([(b, Fraction(1)) for b in blocks]), blocks).level
    return found.id if found else None


def test_the_numbers_of_the_shipped_ruleset() -> None:
    assert [(x.id, int(x.at_least), int(x.each_block)) for x in LEVELS] == [
        ("formed", 80, 50),
        ("partly", 50, 0),
        ("not_formed", 0, 0),
    ]


@pytest.mark.parametrize(
    ("points", "most", "expected"),
    [
        (10, 10, "formed"),
        (8, 10, "formed"),  # exactly 80 %
        (Fraction(80 * 10**9 - 1, 10**9), 100, "partly"),
        (5, 10, "partly"),  # exactly 50 %
        (Fraction(50 * 10**9 - 1, 10**9), 100, "not_formed"),
        (0, 10, "not_formed"),
        (0, 0, None),
    ],
)
def test_a_threshold_is_reached_exactly(points: int | Fraction, most: int, expected: str | None) -> None:
    assert level(proven(points, most)) == expected


@pytest.mark.parametrize(
    ("weakest", "expected"),
    [(6, "formed"), (Fraction(6 * 10**9 - 1, 10**9), "partly"), (5, "partly"), (0, "partly")],
)
def test_a_block_at_exactly_half_is_enough(weakest: int | Fraction, expected: str) -> None:
    assert level(*[proven(12, 12)] * 5, proven(weakest, 12)) == expected


def test_a_tenth_and_two_tenths_make_three_tenths() -> None:
    """Floats would miss a threshold of 30 % by 4e-17."""
    whole = total(
        [(proven(Fraction(1, 10), Fraction(1, 2)), Fraction(1)), (proven(Fraction(1, 5), Fraction(1, 2)), Fraction(1))]
    )
    assert whole.percent == 30


def test_where_nothing_applies_there_is_no_level() -> None:
    assert percent(Fraction(0), Fraction(0)) is None
    assert NOTHING.percent is None
    found = verdict(LEVELS, NOTHING, [NOTHING, NOTHING])
    assert (found.level, found.low, found.high) == (None, None, None)


def test_a_block_in_which_nothing_applies_is_left_out() -> None:
    assert level(proven(12, 12), NOTHING) == "formed"


def test_weights_count_in_the_whole_and_not_in_the_share_of_a_block() -> None:
    heavy, light = proven(12, 12), proven(6, 12)
    whole = total([(heavy, Fraction(3)), (light, Fraction(1))])
    assert whole == proven(42, 48)
    found = verdict(LEVELS, whole, [heavy, light]).level
    assert found is not None
    assert found.id == "formed"


def test_the_interval_of_levels() -> None:
    block = Bounds(Fraction(4), Fraction(4), Fraction(11), Fraction(12))
    found = verdict(LEVELS, block, [block])
    assert [x.id if x else None for x in (found.low, found.level, found.high)] == ["not_formed", "not_formed", "formed"]
    assert not found.certain
    certain = verdict(LEVELS, proven(11, 12), [proven(11, 12)])
    assert certain.certain


BOUNDS = st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)).map(
    lambda t: Bounds(Fraction(t[0]), Fraction(t[0]), Fraction(t[0] + t[1]), Fraction(sum(t)))
)
WEIGHTS = st.fractions(min_value=0, max_value=5, max_denominator=10)


@given(st.lists(st.tuples(BOUNDS, WEIGHTS), min_size=1, max_size=7))
def test_bounds_stay_in_order_under_sums_and_weights(blocks: list[tuple[Bounds, Fraction]]) -> None:
    whole = total(blocks)
    assert whole.low <= whole.points <= whole.high <= whole.max
    assert total(blocks[::-1]) == whole


@given(st.lists(BOUNDS, min_size=1, max_size=6))
def test_the_levels_of_the_interval_are_in_order(blocks: list[Bounds]) -> None:
    found = verdict(LEVELS, total([(b, Fraction(1)) for b in blocks]), blocks)
    if found.level is None:
        assert all(b.max == 0 for b in blocks)
        return
    order = [x.id for x in LEVELS]
    low, middle, high = (order.index(x.id) for x in (found.low, found.level, found.high) if x is not None)
    assert high <= middle <= low
