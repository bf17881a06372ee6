"""Coefficients of agreement against published tables, against other implementations, and their properties."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Hashable, Sequence
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsoko_rules.study.agreement import ORDINAL
from vsoko_rules.study.coefficients import (
    Coefficient,
    Metric,
    Ratings,
    Weights,
    alpha,
    alpha_of,
    coincidences,
    estimate,
    kappa,
    percent_agreement,
)

FLEISS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
"""J. L. Fleiss, B. Levin, M. C. Paik, «Statistical Methods for Rates and Proportions», 3rd ed., table 18.1"""

OBSERVERS: list[list[int | None]] = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
"""K. Krippendorff, «Computing Krippendorff's Alpha-Reliability» (2011), example C: four observers, missing data"""


def table(rows: Sequence[Sequence[int]]) -> Ratings:
    return {(Fraction(i), Fraction(j)): n for i, row in enumerate(rows) for j, n in enumerate(row)}


def units(raters: Sequence[Sequence[int | None]]) -> Ratings:
    return Counter(tuple(None if v is None else Fraction(v) for v in unit) for unit in zip(*raters, strict=True))


def clustered(pairs: Ratings) -> tuple[list[Hashable], dict[Hashable, Ratings]]:
    """Every unit a cluster of its own."""
    keys: list[Hashable] = [pair for pair, n in pairs.items() for _ in range(n)]
    return keys, {pair: {pair: 1} for pair in pairs}


def test_kappa_of_a_published_table() -> None:
    """Fleiss et al., 18.1: po = 0.89, pe = 0.66, κ = 0.68."""
    assert percent_agreement(table(FLEISS)) == 89
    assert kappa(table(FLEISS)) == 1 - Fraction(11, 34)


@pytest.mark.parametrize(("schools", "known"), [(2, False), (3, True)])
def test_an_interval_takes_three_schools(schools: int, known: bool) -> None:
    tables: dict[Hashable, Ratings] = {n: table([[5 - n, n], [0, 3]]) for n in range(schools)}
    found = estimate(list(tables), tables, percent_agreement, 0.95)
    assert found.value is not None
    assert (found.low is not None, found.high is not None) == (known, known)


def test_the_interval_of_a_published_table() -> None:
    """Fleiss et al. give the standard error 0.087 for it; the jackknife of the same table comes near."""
    keys, tables = clustered(table(FLEISS))
    found = estimate(keys, tables, kappa, 0.95)
    assert found.low is not None
    assert found.high is not None
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(0.087, abs=0.006)


@pytest.mark.parametrize(("scale", "published"), [(Metric.NOMINAL, 0.743), (Metric.ORDINAL, 0.815)])
def test_alpha_of_a_published_table(scale: Metric, published: float) -> None:
    found = alpha(coincidences(units(OBSERVERS)), scale)
    assert found is not None
    assert float(found) == pytest.approx(published, abs=0.0006)


def test_alpha_of_published_pairs() -> None:
    """Krippendorff 2011, examples A (binary, 0.095) and B (nominal, 0.692)."""
    meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    ben, gerry = [ord(c) for c in "aabbdcccedda"], [ord(c) for c in "babbbccceddd"]
    for first, second, published in ((meg, owen, 0.095), (ben, gerry, 0.692)):
        found = alpha(coincidences(units([first, second])))
        assert found is not None
        assert float(found) == pytest.approx(published, abs=0.0006)


pairs_of_ratings = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=40)


def counted(ratings: Sequence[tuple[int, int]]) -> Ratings:
    return Counter((Fraction(a), Fraction(b)) for a, b in ratings)


def naive_kappa(ratings: Sequence[tuple[int, int]], power: int) -> Fraction | None:
    """κ over lists, by its definition: disagreement seen against that of every first rating with every second."""

    def apart(a: int, b: int) -> int:
        return int(a != b) if power == 0 else abs(a - b) ** power

    seen = Fraction(sum(apart(a, b) for a, b in ratings), len(ratings)) if ratings else Fraction(0)
    crossed = [apart(a, b) for (a, _), (_, b) in product(ratings, ratings)]
    by_chance = Fraction(sum(crossed), len(crossed)) if crossed else Fraction(0)
    return 1 - seen / by_chance if by_chance else None


def naive_alpha(ratings: Sequence[tuple[int, int]], scale: Metric) -> Fraction | None:
    """α over lists, by its definition: disagreement within units against that of any two ratings at all."""
    pool = [v for pair in ratings for v in pair]

    def apart(a: int, b: int) -> Fraction:
        if scale is Metric.NOMINAL or a == b:
            return Fraction(a != b)
        low, high = min(a, b), max(a, b)
        between = sum(low <= v <= high for v in pool) - Fraction(pool.count(a) + pool.count(b), 2)
        return between**2

    any_two = [apart(a, b) for a, b in combinations(pool, 2)]
    expected = sum(any_two, Fraction(0)) / len(any_two) if any_two else Fraction(0)
    seen = sum((apart(a, b) for a, b in ratings), Fraction(0)) / len(ratings) if ratings else Fraction(0)
    return 1 - seen / expected if expected else None


@given(pairs_of_ratings)
def test_kappa_is_that_of_a_naive_implementation(ratings: list[tuple[int, int]]) -> None:
    for power, weights in enumerate(Weights):
        assert kappa(counted(ratings), weights) == naive_kappa(ratings, power)


@given(pairs_of_ratings)
def test_alpha_is_that_of_a_naive_implementation(ratings: list[tuple[int, int]]) -> None:
    for scale in Metric:
        assert alpha_of(counted(ratings), scale) == naive_alpha(ratings, scale)


@pytest.mark.skipif(importlib.util.find_spec("krippendorff") is None, reason="NOT TESTED: krippendorff is missing")
@given(st.lists(st.lists(st.none() | st.integers(0, 3), min_size=8, max_size=8), min_size=2, max_size=4))
def test_alpha_is_that_of_the_krippendorff_package(raters: list[list[int | None]]) -> None:
    from importlib import import_module

    other, nan = import_module("krippendorff"), float("nan")
    matrix = coincidences(units(raters))
    for scale in Metric:
        found = alpha(matrix, scale)
        if found is not None:
            data = [[nan if v is None else float(v) for v in rater] for rater in raters]
            assert float(found) == pytest.approx(other.alpha(data, level_of_measurement=scale.value), abs=1e-9)


@pytest.mark.parametrize("of", ORDINAL.values(), ids=ORDINAL)
@given(ratings=pairs_of_ratings)
def test_agreement_is_symmetric_and_complete_when_equal(of: Coefficient, ratings: list[tuple[int, int]]) -> None:
    assert of(counted(ratings)) == of(counted([(b, a) for a, b in ratings]))
    equal = of(counted([(a, a) for a, _ in ratings]))
    assert equal in (None, 1, 100)
    assert (equal is None) == (not ratings or (of is not percent_agreement and len({a for a, _ in ratings}) == 1))


@pytest.mark.parametrize("of", ORDINAL.values(), ids=ORDINAL)
@given(ratings=pairs_of_ratings)
def test_the_interval_holds_the_value_and_is_the_same_every_time(
    of: Coefficient, ratings: list[tuple[int, int]]
) -> None:
    keys, tables = clustered(counted(ratings))
    found = estimate(keys, tables, of, 0.95)
    assert found == estimate(keys[::-1], tables, of, 0.95)
    if found.low is not None and found.high is not None:
        assert found.value is not None
        assert found.low <= found.value <= found.high


def test_a_wider_confidence_is_a_wider_interval_and_more_schools_a_narrower() -> None:
    keys, tables = clustered(table(FLEISS))
    wide, narrow = estimate(keys, tables, kappa, 0.99), estimate(keys, tables, kappa, 0.90)
    many = estimate(keys * 4, tables, kappa, 0.90)
    widths = [e.high - e.low for e in (wide, narrow, many) if e.high is not None and e.low is not None]
    assert widths[0] > widths[1] > widths[2]


def test_what_is_not_defined_is_none() -> None:
    assert kappa({}) is None
    assert percent_agreement({}) is None
    assert alpha_of(table([[7]])) is None
    assert estimate(["a"], {"a": table([[3, 1], [0, 2]])}, kappa, 0.95).low is None
    assert estimate([*"abc"], dict.fromkeys("abc", table([[1, 0], [0, 1]])), kappa, 0.95).low is None
