"""Shares in percent: cut where a threshold is held against them, rounded in statistics, and a whole is a hundred."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsoko_rules.shares import apportioned, cut, rounded

counts = st.lists(st.integers(0, 2000), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(2, 12, "16.7"), (43, 60, "71.7"), (1, 2000, "0.1"), (1, 3, "33.3"), (0, 5, "0"), (5, 5, "100")],
)
def test_a_share_is_rounded_half_up(part: int, whole: int, percent: str) -> None:
    assert rounded(part, whole) == Fraction(percent)


def test_nothing_has_no_share() -> None:
    assert rounded(0, 0) is None


def test_what_is_held_against_a_threshold_never_looks_reached_early() -> None:
    assert cut(Fraction("79.96")) == Fraction("79.9")
    assert cut(Fraction(80)) == 80


@pytest.mark.parametrize(
    ("parts", "percents"),
    [
        ([43, 15, 2], ["71.7", "25", "3.3"]),
        ([1, 1, 1], ["33.4", "33.3", "33.3"]),
        ([1, 1999], ["0.1", "99.9"]),
        ([0, 0], ["0", "0"]),
    ],
)
def test_parts_of_a_whole(parts: list[int], percents: list[str]) -> None:
    assert apportioned(parts) == [Fraction(percent) for percent in percents]


@given(counts)
def test_parts_of_a_whole_sum_to_a_hundred_and_none_is_a_tenth_away(parts: list[int]) -> None:
    shares = apportioned(parts)
    whole = sum(parts)
    assert sum(shares) == (100 if whole else 0)
    for part, share in zip(parts, shares, strict=True):
        assert abs(share - Fraction(part * 100, whole or 1)) < Fraction(1, 10)


@given(counts)
def test_more_schools_never_have_a_smaller_share(parts: list[int]) -> None:
    shares = dict(zip(parts, apportioned(parts), strict=True))
    ordered = [shares[part] for part in sorted(shares)]
    assert ordered == sorted(ordered)
