"""Levels from points: thresholds met exactly, exact arithmetic, further conditions, the interval of levels."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import assessed, complete_case, ruleset, without_document
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.scoring import NOTHING, Bounds, Standing, Unmet, mean, percent, total, verdict

LEVELS = ruleset().levels
FRAME = {"C-01": Outcome.MET, "C-02": Outcome.MET}


def proven(points: int | Fraction, most: int | Fraction) -> Bounds:
    return Bounds(Fraction(points), Fraction(points), Fraction(points), Fraction(most))


def named(*blocks: Bounds) -> dict[str, Bounds]:
    return {f"B{number}": block for number, block in enumerate(blocks, 1)}


def level(*blocks: Bounds) -> str | None:
    """The level of a school with these blocks, all of one weight, that has everything else."""
    found = verdict(LEVELS, Standing(mean([(b, 1) for b in blocks]), named(*blocks), FRAME)).level
    return found.id if found else None


def test_the_numbers_of_the_shipped_ruleset() -> None:
    assert [(x.id, int(x.at_least), int(x.each_block), x.needs, x.every_block) for x in LEVELS] == [
        ("formed", 85, 50, ("C-01", "C-02"), True),
        ("partly", 25, 0, (), False),
        ("not_formed", 0, 0, (), False),
    ]
    own = [level.thresholds("indicators") for level in LEVELS]
    assert [(int(x.at_least), int(x.each_block), x.needs, x.every_block) for x in own] == [
        (80, 50, (), False),
        (50, 0, (), False),
        (0, 0, (), False),
    ]


@pytest.mark.parametrize(
    ("points", "most", "expected"),
    [
        (10, 10, "formed"),
        (Fraction(17, 2), 10, "formed"),  # exactly 85 %
        (Fraction(85 * 10**9 - 1, 10**9), 100, "partly"),
        (Fraction(5, 2), 10, "partly"),  # exactly 25 %
        (Fraction(25 * 10**9 - 1, 10**9), 100, "not_formed"),
        (0, 10, "not_formed"),
        (0, 0, None),
    ],
)
def test_a_threshold_is_reached_exactly(points: int | Fraction, most: int, expected: str | None) -> None:
    assert level(proven(points, most)) == expected


@pytest.mark.parametrize(
    ("weakest", "expected"),
    [(2, "formed"), (Fraction(2 * 10**9 - 1, 10**9), "partly"), (1, "partly"), (0, "partly")],
)
def test_a_block_at_exactly_half_is_enough(weakest: int | Fraction, expected: str) -> None:
    assert level(*[proven(4, 4)] * 5, proven(weakest, 4)) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [(80, "formed"), (Fraction(799, 10), "partly"), (50, "partly"), (Fraction(499, 10), "not_formed")],
)
def test_indicators_have_thresholds_of_their_own_and_need_nothing_else(points: int | Fraction, expected: str) -> None:
    block = proven(points, 100)
    standing = Standing(block, {"B1": block}, {"C-01": Outcome.MISSING, "C-02": Outcome.MISSING}, ["B2"])
    found = verdict(LEVELS, standing, "indicators").level
    assert found is not None
    assert found.id == expected


# What a level asks besides the score


def unmet(whole: Bounds, blocks: Mapping[str, Bounds], **more: Outcome) -> list[Unmet]:
    outcomes = {**FRAME, **{code.replace("_", "-"): outcome for code, outcome in more.items()}}
    return list(verdict(LEVELS, Standing(whole, blocks, outcomes)).unmet)


def test_what_keeps_a_school_from_the_next_level_is_told() -> None:
    full, poor = proven(2, 2), proven(Fraction(9, 10), 2)
    assert unmet(proven(6, 6), named(full, full)) == []
    assert unmet(proven(5, 6), named(full, full)) == [Unmet("at_least")]
    assert unmet(proven(6, 6), named(full, poor)) == [Unmet("each_block", "B2")]
    assert unmet(proven(1, 6), named(poor, poor)) == [Unmet("at_least")], "«частично» asks no more"
    assert unmet(proven(6, 6), named(full, full), C_02=Outcome.MISSING) == [Unmet("needs", "C-02")]
    assert unmet(proven(6, 6), named(full, full), C_01=Outcome.PARTIAL) == [Unmet("needs", "C-01")]
    assert unmet(proven(6, 6), named(full, full), C_01=Outcome.NOT_APPLICABLE) == []


def test_what_is_not_checked_may_still_be_there() -> None:
    full = proven(2, 2)
    found = verdict(LEVELS, Standing(full, {"B1": full}, {**FRAME, "C-01": Outcome.NOT_CHECKED}))
    assert [x.id if x else None for x in (found.low, found.level, found.high)] == ["partly", "partly", "formed"]


def test_a_block_left_out_by_decisions_forbids_the_best_level_alone() -> None:
    full = proven(2, 2)
    found = verdict(LEVELS, Standing(full, {"B1": full}, FRAME, ["B6"]))
    assert found.level is not None
    assert (found.level.id, found.unmet) == ("partly", (Unmet("left_out", "B6"),))


@pytest.mark.parametrize("code", ["C-01", "C-02"])
def test_without_the_regulation_or_the_responsible_a_whole_school_is_not_formed(code: str) -> None:
    assessment = assessed(without_document(complete_case(), f"d-{code.lower()}"))
    assert assessment.cycle.percent == 100
    assert assessment.verdict.level is not None
    assert assessment.verdict.level.id == "partly"
    assert assessment.verdict.unmet == (Unmet("needs", code),)


def test_a_block_alone_is_not_asked_for_the_regulation() -> None:
    assessment = assessed(without_document(complete_case(), "d-c-01"))
    assert {b.verdict.level.id for b in assessment.blocks if b.verdict and b.verdict.level} == {"formed"}


# Sums and bounds


def test_a_tenth_and_two_tenths_make_three_tenths() -> None:
    """Floats would miss a threshold of 30 % by 4e-17."""
    blocks = [proven(Fraction(1, 10), Fraction(1, 2)), proven(Fraction(1, 5), Fraction(1, 2))]
    assert total([(b, Fraction(1)) for b in blocks]).percent == mean([(b, Fraction(1)) for b in blocks]).percent == 30


def test_where_nothing_applies_there_is_no_level() -> None:
    assert percent(Fraction(0), Fraction(0)) is None
    assert NOTHING.percent is None
    found = verdict(LEVELS, Standing(NOTHING, named(NOTHING, NOTHING), FRAME))
    assert (found.level, found.low, found.high, found.unmet) == (None, None, None, ())


def test_a_block_in_which_nothing_applies_is_left_out() -> None:
    assert level(proven(4, 4), NOTHING) == "formed"


def test_weights_count_in_the_whole_and_not_in_the_share_of_a_block() -> None:
    heavy, light = proven(4, 4), proven(1, 2)
    whole = mean([(heavy, Fraction(3)), (light, Fraction(1))])
    assert whole == proven(Fraction(7, 2), 4)
    found = verdict(LEVELS, Standing(whole, named(heavy, light), FRAME)).level
    assert found is not None
    assert found.id == "formed"


def test_the_interval_of_levels() -> None:
    block = Bounds(Fraction(2), Fraction(2), Fraction(11), Fraction(12))
    found = verdict(LEVELS, Standing(block, {"B1": block}, FRAME))
    assert [x.id if x else None for x in (found.low, found.level, found.high)] == ["not_formed", "not_formed", "formed"]
    assert not found.certain
    assert verdict(LEVELS, Standing(proven(11, 12), {"B1": proven(11, 12)}, FRAME)).certain


BOUNDS = st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)).map(
    lambda t: Bounds(Fraction(t[0]), Fraction(t[0]), Fraction(t[0] + t[1]), Fraction(sum(t)))
)
WEIGHTS = st.sampled_from([Fraction(n) for n in range(4)]) | st.fractions(0, 5, max_denominator=10)


@given(st.lists(st.tuples(BOUNDS, WEIGHTS), min_size=1, max_size=7))
def test_bounds_stay_in_order_under_sums_means_and_weights(blocks: list[tuple[Bounds, Fraction]]) -> None:
    for way in (total, mean):
        whole = way(blocks)
        assert whole.low <= whole.points <= whole.high <= whole.max
        assert way(blocks[::-1]) == whole
    assert mean(blocks).max == sum(weight for bounds, weight in blocks if bounds.max)
    for edge in ("low", "points", "high", "max"):
        assert getattr(total(blocks), edge) == sum(getattr(bounds, edge) * weight for bounds, weight in blocks)


@given(st.lists(BOUNDS, min_size=1, max_size=6))
def test_the_levels_of_the_interval_are_in_order(blocks: list[Bounds]) -> None:
    found = verdict(LEVELS, Standing(mean([(b, 1) for b in blocks]), named(*blocks), FRAME))
    if found.level is None:
        assert all(b.max == 0 for b in blocks)
        return
    order = [x.id for x in LEVELS]
    low, middle, high = (order.index(x.id) for x in (found.low, found.level, found.high) if x is not None)
    assert high <= middle <= low
