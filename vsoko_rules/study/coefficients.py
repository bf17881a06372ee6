"""Coefficients of agreement between raters, with confidence intervals. All of them are pure functions of the ratings.

- Percent agreement: the share of units on which both raters say the same.
- Cohen's κ (J. Cohen, «A coefficient of agreement for nominal scales», 1960) and weighted κ («Weighted kappa», 1968)
  with disagreement weights |a − b| (linear) or (a − b)² (quadratic).
- Krippendorff's α, nominal and ordinal, through the matrix of coincidences (K. Krippendorff, «Computing Krippendorff's
  Alpha-Reliability», 2011).
- Intervals: the jackknife over clusters (J. L. Fleiss, M. Davies, «Jackknifing functions of multinomial frequencies,
  with an application to a measure of concordance», 1982). A cluster is a school: its ratings are not independent. There
  is no chance in it, so the same ratings always give the same interval.

A coefficient that is not defined is none: nothing was rated by both, or every rating falls into one category, so that
agreement by chance is already complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from fractions import Fraction
from itertools import permutations
from math import fsum, sqrt
from statistics import NormalDist

Exact = int | Fraction
"""a whole number as such or as a fraction: they are equal, and whole ones are reckoned with ten times as fast"""
Values = tuple[Exact | None, ...]
"""what each rater said of one unit, in one order of raters; none: nothing"""
Ratings = Mapping[Values, int]
"""how often raters said these values of a unit"""

Coefficient = Callable[[Ratings], "Fraction | None"]


class Weights(str, Enum):
    """How grave a disagreement is."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


class Metric(str, Enum):
    """What the values mean."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its confidence interval; none where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


def unanimous(values: Values) -> bool:
    """Whether all who said something of a unit say the same."""
    return len(set(values) - {None}) < 2


def percent_agreement(ratings: Ratings) -> Fraction | None:
    """Percent of units on which all agree, 0…100."""
    total = sum(ratings.values())
    if not total:
        return None
    return Fraction(100 * sum(n for values, n in ratings.items() if unanimous(values)), total)


def kappa(ratings: Ratings, weights: Weights = Weights.NONE) -> Fraction | None:
    """Cohen's κ of two raters: 1 − observed / expected disagreement. Weights are of the values themselves: 0 and 2 are
    two apart."""
    pairs = [(_whole(a), _whole(b), n) for (a, b), n in ratings.items() if a is not None and b is not None]
    total = sum(n for _, _, n in pairs)
    first, second = Counter[Exact](), Counter[Exact]()
    for a, b, n in pairs:
        first[a] += n
        second[b] += n
    observed = sum(n * _gravity(a, b, weights) for a, b, n in pairs)
    expected = sum(n * m * _gravity(a, b, weights) for a, n in first.items() for b, m in second.items())
    return 1 - Fraction(observed * total) / expected if expected else None


def _whole(value: Exact) -> Exact:
    return value.numerator if value.denominator == 1 else value


def _gravity(a: Exact, b: Exact, weights: Weights) -> Exact:
    if weights is Weights.NONE:
        return int(a != b)
    apart: Exact = a - b if a > b else b - a
    return apart if weights is Weights.LINEAR else apart * apart


def coincidences(ratings: Ratings) -> dict[tuple[Exact, Exact], Exact]:
    """Krippendorff's matrix: each unit rated by m ≥ 2 raters adds 1 / (m − 1) for each ordered pair of its values."""
    matrix: dict[tuple[Exact, Exact], Exact] = {}
    for values, n in ratings.items():
        given = [value for value in values if value is not None]
        for pair in permutations(given, 2) if n else ():
            matrix[pair] = matrix.get(pair, 0) + (n if len(given) == 2 else Fraction(n, len(given) - 1))
    return matrix


def alpha(matrix: Mapping[tuple[Exact, Exact], Exact], scale: Metric = Metric.NOMINAL) -> Fraction | None:
    """Krippendorff's α from a matrix of coincidences (see `coincidences`)."""
    sums: dict[Exact, Exact] = {}
    for (value, _), n in matrix.items():
        sums[value] = sums.get(value, 0) + n
    distance = _distances(sums, scale)
    total = sum(sums.values())
    observed = sum(n * distance[pair] for pair, n in matrix.items())
    expected = sum(sums[a] * sums[b] * distance[a, b] for a in sums for b in sums)
    return 1 - Fraction((total - 1) * observed) / expected if expected else None


def _distances(sums: Mapping[Exact, Exact], scale: Metric) -> dict[tuple[Exact, Exact], Exact]:
    """Squared distances of values: 0 or 1; ordinal: twice the number of ratings from one to the other, their ends by
    half. By which factor all of them are multiplied makes no difference to α."""
    order = sorted(sums)
    distances: dict[tuple[Exact, Exact], Exact] = {}
    for i, a in enumerate(order):
        for j, b in enumerate(order):
            between = 2 * sum(sums[v] for v in order[min(i, j) : max(i, j) + 1]) - (sums[a] + sums[b])
            distances[a, b] = int(i != j) if scale is Metric.NOMINAL else between**2 if i != j else 0
    return distances


def alpha_of(ratings: Ratings, scale: Metric = Metric.NOMINAL) -> Fraction | None:
    """α of any number of raters, of whom not every one has rated every unit."""
    return alpha(coincidences(ratings), scale)


def estimate(
    clusters: Iterable[Hashable], tables: Mapping[Hashable, Ratings], of: Coefficient, level: float
) -> Estimate:
    """A coefficient over all clusters, and its interval at the confidence `level` (0…1).

    `clusters` names the table of each cluster; clusters with equal tables are computed once. The interval is none
    where fewer than three clusters have ratings, where leaving one out leaves the coefficient undefined, or where no
    cluster makes a difference: then the ratings say nothing of its spread.
    """
    counts = Counter(key for key in clusters if any(tables[key].values()))
    whole = Counter[Values]()
    for key, times in counts.items():
        for values, n in tables[key].items():
            whole[values] += n * times
    value = of(whole)
    if value is None:
        return Estimate(None)
    spread = _spread(counts, tables, whole, of)
    if not spread:
        return Estimate(float(value))
    half = NormalDist().inv_cdf((1 + level) / 2) * spread
    top = 100.0 if of is percent_agreement else 1.0
    bottom = 0.0 if of is percent_agreement else -1.0
    return Estimate(float(value), max(bottom, float(value) - half), min(top, float(value) + half))


def _spread(
    counts: Mapping[Hashable, int],
    tables: Mapping[Hashable, Ratings],
    whole: Counter[Values],
    of: Coefficient,
) -> float | None:
    """The standard error by leaving out each cluster in turn; none where it is not known."""
    number = sum(counts.values())
    if number < 3:
        return None
    without: list[tuple[float, int]] = []
    for key, times in counts.items():
        rest = Counter(whole)
        rest.subtract(tables[key])
        left = of(rest)
        if left is None:
            return None
        without.append((float(left), times))
    mean = fsum(v * n for v, n in without) / number  # fsum: the same in any order of the clusters
    return sqrt((number - 1) / number * fsum(n * (v - mean) ** 2 for v, n in without))


def half_up(value: float, decimals: int) -> Decimal:
    """A coefficient as it is shown: rounded half away from zero to so many decimals, all of them kept."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0  # never «−0,00»
