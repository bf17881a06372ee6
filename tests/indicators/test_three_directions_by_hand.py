"""Three directions of a shipped case, computed by hand from the file: every row that is not simply earned is named."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from tests.builders import block_of
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.ruleset.load import load
from vsoko_rules.verdict.assessment import Assessment, assess
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.indicators import Contradiction, IndicatorRow, Reason
from vsoko_rules.verdict.scoring import Bounds

CASES = Path(__file__).parents[2] / "cases"


@cache
def tver(name: str = "pokazateli-tver") -> Assessment:
    return assess(read_case(CASES / f"{name}.yml"), load("tver-2022"), EngineName.PLAIN)


def row(indicator: str) -> IndicatorRow:
    return next(r for b in tver().blocks for r in b.rows if r.indicator == indicator)


def whole(low: int, high: int, most: int) -> Bounds:
    return Bounds(*(Fraction(number) for number in (low, low, high, most)))


def test_direction_1() -> None:
    """20 rows. Not earned: B1-I03 (71 of a target of 75, marked 0) and B1-L01 (needs the schedule *and* the mark, and
    the mark is 0). 20 - 2 = 18, nothing open."""
    assert block_of(tver(), "B1").indicators == whole(18, 18, 20)
    assert row("B1-I03").outcome is Outcome.MISSING
    assert (row("B1-L01").outcome, row("B1-L01").ways) == (Outcome.MISSING, ("element",))


def test_direction_2() -> None:
    """23 rows. Not earned: B2-I03 (5.6 where at most 3 is wanted; 36 pupils, so approximately), B2-U02 (marked, but no
    document is credited, and only a document earns it), B2-U05 (marked 0). Open: B2-I05 (85.7 of 100 among 7 pupils:
    too few to hold it against the school). 23 - 4 = 19, at most 20."""
    assert block_of(tver(), "B2").indicators == whole(19, 20, 23)
    assert (row("B2-I03").outcome, row("B2-I03").reasons) == (Outcome.MISSING, (Reason.APPROXIMATE,))
    assert (row("B2-I05").outcome, Reason.SMALL_SAMPLE in row("B2-I05").reasons) == (Outcome.NOT_CHECKED, True)
    assert row("B2-U02").contradiction is Contradiction.MARKED_NOT_CREDITED


def test_direction_3() -> None:
    """18 rows. Not earned: B3-I03 (6 last year and 6 now is no growth), B3-E01 (no analysis of effect published).
    18 - 2 = 16, nothing open."""
    assert block_of(tver(), "B3").indicators == whole(16, 16, 18)
    assert row("B3-I02").ways == ("value",)
    assert row("B3-I03").outcome is Outcome.MISSING


def test_a_part_of_a_mark_is_a_part_of_a_point() -> None:
    assert row("B5-N01").points == Bounds(Fraction(1, 2), Fraction(1, 2), Fraction(1, 2), Fraction(1))


def test_what_does_not_apply_leaves_both_sides_of_the_share() -> None:
    for name in ("pokazateli-tver", "pokazateli-oosh"):
        for block in tver(name).blocks:
            applicable = [r for r in block.rows if r.outcome is not Outcome.NOT_APPLICABLE]
            assert block.indicators.max == len(applicable)
            assert all(r.points.max == 0 for r in block.rows if r.outcome is Outcome.NOT_APPLICABLE)


def test_both_scores_stand_side_by_side_and_the_ruleset_names_the_one_that_gives_the_level() -> None:
    both = tver("pokazateli-oosh")
    assert both.score is both.scores["indicators"]
    assert both.scores["cycle"].bounds.percent != both.score.bounds.percent
    under_cycle = assess(read_case(CASES / "gorodskaya-sosh.yml"), load("bashkortostan-2022"), EngineName.PLAIN)
    assert under_cycle.score is under_cycle.scores["cycle"]
    assert under_cycle.indicators.max == 0


@pytest.mark.parametrize("count", [("B1", 20), ("B2", 23), ("B3", 18), ("B4", 33), ("B5", 28), ("B6", 67)])
def test_the_list_has_as_many_rows_as_the_founding_document_says(count: tuple[str, int]) -> None:
    block, stated = count
    assert sum(i.block == block for i in load("tver-2022").indicators.values()) == stated
