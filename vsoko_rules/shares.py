"""Shares in percent, to one decimal: cut where a threshold is held against them, rounded in statistics.

The score of a school is cut, so that no threshold looks reached early (79,96 is 79,9). Shares of schools and of lines
are rounded half up; those of a whole that is divided into parts are apportioned, so that they sum to 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

_TENTHS: Final = 10
_WHOLE: Final = 100 * _TENTHS
"""a hundred percent in tenths"""


def cut(value: Fraction) -> Fraction:
    """A value that is not negative, cut to one decimal: for what is held against a threshold."""
    return Fraction(value * _TENTHS // 1, _TENTHS)


def rounded(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    """`part` as percent of `whole`, rounded half up to one decimal; none of nothing.

    For a share that stands alone; shares of one whole are `apportioned`.
    """
    return Fraction((Fraction(part) * _WHOLE / whole + Fraction(1, 2)) // 1, _TENTHS) if whole else None


def apportioned(parts: Sequence[int]) -> list[Fraction]:
    """The percents of parts of one whole, to one decimal, summing to exactly 100; zeros where there is nothing.

    By the largest remainder: each share is cut to a tenth, and the tenths that are left go to the largest remainders,
    of equal ones to the smaller part, so that few schools do not become none, then to the earlier. (The method of
    Hamilton: M. L. Balinski, H. P. Young, «Fair Representation», 1982.)
    """
    whole = sum(parts)
    if not whole:
        return [Fraction(0)] * len(parts)
    tenths = [part * _WHOLE // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda n: (-(parts[n] * _WHOLE % whole), parts[n]))
    for n in order[: _WHOLE - sum(tenths)]:
        tenths[n] += 1
    return [Fraction(value, _TENTHS) for value in tenths]
