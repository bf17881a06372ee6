"""Numbers and their nouns as Russian writes them, exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsoko_rules.report.out.svg import DrawnState
from vsoko_rules.report.scores import points
from vsoko_rules.ruleset.content import Direction, MeasuredWay, Ways
from vsoko_rules.ruleset.model import Origin, Severity
from vsoko_rules.verdict.assessment import FindingKind
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.indicators import Contradiction, Reason
from vsoko_rules.verdict.scoring import Bounds
from vsoko_rules.words import counted, day, effort, exact, measure, percent, plural, words

DAYS = ("день", "дня", "дней", "дня!")
NB = "\u00a0"


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        (0, (1, 21, 101, 1001, -1, Decimal("1.0"))),
        (1, (2, 3, 4, 22, 104, -3)),
        (2, (0, 5, 11, 12, 14, 19, 25, 100, 111, 112, 114)),
        (3, (Decimal("0.5"), Fraction(3, 2))),
    ],
)
def test_plural(form: int, numbers: tuple[int | Decimal | Fraction, ...]) -> None:
    assert [plural(number, DAYS) for number in numbers] == [DAYS[form]] * len(numbers)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0 %"),
        (Fraction(100), "100 %"),
        (Fraction(200, 3), "66,6 %"),
        (Fraction(7999, 100), "79,9 %"),
        (Fraction(99999, 1000), "99,9 %"),
        (Fraction(175, 2), "87,5 %"),
        (Decimal("80.0"), "80 %"),
    ],
)
def test_percent_is_cut_so_that_no_threshold_looks_reached_early(value: Fraction | Decimal, text: str) -> None:
    assert percent(value) == text.replace(" ", NB)


def test_percent_of_nothing() -> None:
    assert percent(None) is None


@given(st.fractions(min_value=0, max_value=100), st.integers(0, 1000))
def test_what_is_printed_never_crosses_a_threshold(share: Fraction, tenths: int) -> None:
    """`limits.md`: exact arithmetic; what is below a threshold of at most one decimal is printed below it."""
    printed = percent(share)
    assert printed is not None
    shown = Fraction(printed.replace(NB + "%", "").replace(",", "."))
    threshold = Fraction(tenths, 10)
    assert (shown >= threshold) == (share >= threshold)


def _bounds(low: int, points_: int, high: int, most: int) -> Bounds:
    return Bounds(Fraction(low), Fraction(points_), Fraction(high), Fraction(most))


def test_points() -> None:
    assert points(_bounds(7, 7, 7, 12)) == f"7{NB}из{NB}12"
    assert points(_bounds(5, 5, 9, 12)) == f"от{NB}5 до{NB}9 из{NB}12"
    assert points(_bounds(0, 0, 0, 0)) == "не оценивается"


def test_numbers_and_dates() -> None:
    assert effort(Decimal("0.25")) == f"0,25{NB}дня"
    assert effort(Decimal(3)) == f"3{NB}дня"
    assert counted(21, "line") == f"21{NB}линия"
    assert exact(Decimal("-1.50")) == "−1,5"
    assert measure(Decimal("82.125")) == "82,125"
    assert day(date(2022, 2, 14)) == "14.02.2022"
    assert day(date(999, 1, 2)) == "02.01.0999"


def test_every_code_has_its_words() -> None:
    said = words()
    groups: dict[str, type[Enum]] = {
        "outcome": Outcome,
        "item": Outcome,
        "line": Outcome,
        "indicator": Outcome,
        "break": BreakKind,
        "severity": Severity,
        "origin": Origin,
        "drawing": DrawnState,
        "reason": Reason,
        "contradiction": Contradiction,
    }
    for group, codes in groups.items():
        assert {code.value for code in codes} <= said[group].keys(), group
    every_way = Ways(element="x", value=MeasuredWay(direction=Direction.GROWTH), mark=True)
    assert set(every_way.names) <= said["way"].keys()
    assert {len(forms) for forms in said["plural"].values()} == {4}
    assert FindingKind.BREAK.value in said["plural"]
