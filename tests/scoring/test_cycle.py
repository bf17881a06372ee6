"""The cycle score, computed by hand: 0 / 1 / 2 for each of six components, the gate, bounds, weights."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.builders import (
    Data,
    add_copy,
    assessed,
    block_of,
    chain_case,
    child_ruleset,
    complete_case,
    document,
    lines_of,
    points,
    school_case,
    without_document,
)
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.scoring import Bounds


def proven(points: int, most: int) -> Bounds:
    """Points that leave nothing open."""
    return Bounds(Fraction(points), Fraction(points), Fraction(points), Fraction(most))


def without(block: str, *elements: str) -> Data:
    """A complete block without the documents of some elements."""
    case = chain_case(block)
    for element in elements:
        case = without_document(case, f"d-{block}-{element}".lower())
    return case


@pytest.mark.parametrize(
    ("gone", "by_hand"),
    [
        # goal, monitoring, analysis, recommendation, measure, order
        ((), [2, 2, 2, 2, 2, 2]),
        (("D01",), [2, 2, 2, 2, 2, 0]),
        (("P01",), [2, 2, 2, 2, 0, 1]),
        (("RC01",), [2, 2, 2, 0, 1, 1]),
        (("A01",), [2, 2, 0, 1, 1, 1]),
        (("M01",), [2, 1, 1, 1, 1, 1]),  # two lines, one of them holds: «else 1»
        (("M01", "M02"), [2, 0, 1, 1, 1, 1]),
        (("G01",), [1, 1, 1, 1, 1, 1]),
        (("G01", "G02"), [0, 1, 1, 1, 1, 1]),
        (("G01", "M02"), [1, 1, 1, 1, 1, 1]),
        (("A01", "RC01"), [2, 2, 0, 0, 1, 1]),
        (("G01", "G02", "M01", "M02", "A01", "RC01", "P01"), [0, 0, 0, 0, 0, 1]),
        (("G01", "G02", "M01", "M02", "A01", "RC01", "P01", "D01"), [0, 0, 0, 0, 0, 0]),
    ],
)
def test_components_by_hand(gone: tuple[str, ...], by_hand: list[int]) -> None:
    assessment = assessed(without("B2", *gone))
    assert points(assessment, "B2") == by_hand
    cycle = block_of(assessment, "B2").cycle
    assert cycle == proven(sum(by_hand), 12)
    outcome = {2: Outcome.MET, 1: Outcome.PARTIAL, 0: Outcome.MISSING}
    assert [c.outcome for c in block_of(assessment, "B2").components] == [outcome[p] for p in by_hand]


@pytest.mark.parametrize(
    ("gone", "held"),
    [
        ((), [5, 5, 5, 5, 5, 5]),
        (("M04",), [5, 4, 4, 4, 4, 4]),
        (("G03",), [2, 2, 2, 2, 2, 2]),
        (("G03", "M01"), [2, 1, 1, 1, 1, 1]),
        (("A01",), [5, 5, 0, 0, 0, 0]),
    ],
)
def test_how_many_lines_hold_at_each_stage(gone: tuple[str, ...], held: list[int]) -> None:
    components = block_of(assessed(without("B4", *gone)), "B4").components
    assert [(c.held, c.total) for c in components] == [(h, 5) for h in held]


def test_the_gate_after_an_absent_stage() -> None:
    """A complete line cannot follow an absent stage unless an expert says so; then the next stage earns at most 1."""
    case = chain_case("B2")
    document(case, "B2-A01")["blank"] = True
    assert points(assessed(case), "B2") == [2, 2, 0, 1, 1, 1]


def test_a_defective_document_is_partial_and_opens_no_gate() -> None:
    case = chain_case("B2")
    document(case, "B2-A01")["holds"] = []
    assert points(assessed(case), "B2") == [2, 2, 1, 1, 1, 1]


def test_a_document_that_serves_but_holds_nothing_is_more_than_none() -> None:
    case = school_case([{"id": "d1", "title": "Приказ", "serves": ["B2-D01"]}])
    assert points(assessed(case), "B2") == [0, 0, 0, 0, 0, 1]


def test_every_number_comes_from_the_ruleset(tmp_path: Path) -> None:
    text = """
cycle: {absent: 1, partial: 3, complete: 7, cap_after_absent: 2, formula: Проба, origin: proposed}
blocks:
  - {id: B1, weight: 2.5}
  - {id: B3, weight: 0}
"""
    ruleset = child_ruleset(tmp_path, text)
    assessment = assessed(without("B2", "A01"), ruleset)
    assert points(assessment, "B2") == [7, 7, 1, 2, 3, 3]
    weights = {"B1": Fraction(5, 2), "B3": Fraction(0)}
    assert assessment.cycle.max == sum(42 * weights.get(b, Fraction(1)) for b in ("B1", "B2", "B3", "B4", "B5", "B6"))
    assert block_of(assessment, "B3").cycle.points == 1 + 1 + 1 + 1 + 1 + 1
    assert assessment.cycle.points == 6 * Fraction(5, 2) + 23 + 6 * 0 + 6 + 6 + 6


def test_no_points_for_anything_that_stands_apart() -> None:
    """«Methods and the analysis of effect are shown apart and add no points.»"""
    with_effect, without_effect = complete_case(), without_document(complete_case(), "d-b1-e01")
    assert assessed(with_effect).cycle == assessed(without_effect).cycle


def test_the_frame_earns_no_points() -> None:
    frame = block_of(assessed(complete_case()), "C")
    assert frame.cycle.max == 0
    assert (frame.components, frame.verdict) == ((), None)


# What does not apply


def test_what_does_not_apply_leaves_numerator_and_denominator() -> None:
    nine_year = {"levels": ["НОО", "ООО"], "counts": {"young_teachers": 0}}
    assessment = assessed(complete_case(**nine_year))  # type: ignore[arg-type]
    not_applied = {n for n, line in lines_of(assessment).items() if line.outcome is Outcome.NOT_APPLICABLE}
    assert len(not_applied) == 2
    assert all(lines_of(assessment)[name].trace is None for name in not_applied)
    assert block_of(assessment, "B4").components[1].total == 4
    assert assessment.cycle.points == assessment.cycle.max == 72


@pytest.mark.parametrize(
    ("levels", "counts", "lines"),
    [
        (["НОО"], {}, {"B1": 3, "B4": 1}),
        (["НОО", "ООО"], {}, {"B1": 4, "B4": 4}),
        (["НОО", "ООО", "СОО"], {}, {"B1": 4, "B4": 5}),
        (["ООО"], {"graduates_9": 0}, {"B4": 3}),
        (["СОО"], {"graduates_11": 0}, {"B4": 3}),
        (["НОО", "ООО", "СОО"], {"young_teachers": 0}, {"B5": 2}),
        (["НОО", "ООО", "СОО"], {"young_teachers": 1}, {"B5": 3}),
        (["НОО", "ООО", "СОО"], {}, {"B5": 3}),
    ],
)
def test_lines_apply_by_levels_and_counts(levels: list[str], counts: dict[str, int], lines: dict[str, int]) -> None:
    """A count that is not stated excludes nothing."""
    assessment = assessed(school_case(levels=levels, counts=counts))
    for block, number in lines.items():
        assert sum(line.trace is not None for line in block_of(assessment, block).lines) == number


def test_nothing_applicable_is_neither_nought_nor_a_hundred(tmp_path: Path) -> None:
    lines = {e for line in lines_of(assessed(school_case())).values() for e in line.spec.elements}
    goals = sorted(e for e in lines if "-G" in e)
    text = "elements:\n" + "".join(f"  - {{id: {g}, applies: {{levels: [СОО]}}}}\n" for g in goals)
    assessment = assessed(school_case(levels=["НОО"]), child_ruleset(tmp_path, text))
    assert assessment.cycle == proven(0, 0)
    assert assessment.cycle.percent is None
    assert assessment.cycle_verdict.level is assessment.cycle_verdict.high is None
    block = block_of(assessment, "B1")
    assert (block.components, block.verdict, block.weakest) == ((), None, None)
    assert {line.outcome for line in block.lines} == {Outcome.NOT_APPLICABLE}


def test_one_block_in_which_nothing_applies_spoils_no_level(tmp_path: Path) -> None:
    text = "elements:\n  - {id: B6-G01, applies: {levels: [СОО]}}\n"
    levels = ["НОО", "ООО"]
    case = complete_case(levels=levels)
    assessment = assessed(case, child_ruleset(tmp_path, text))
    assert assessment.cycle.max == 60
    assert assessment.cycle_verdict.level is not None
    assert assessment.cycle_verdict.level.id == "formed"


# Not checked


def test_a_block_that_was_not_gone_through_is_open_and_never_missing() -> None:
    case = school_case(chain_case("B1")["documents"], reviewed=["B1"])
    assessment = assessed(case)
    assert block_of(assessment, "B1").cycle == proven(12, 12)
    for block in ("B2", "B3", "B4", "B5", "B6"):
        found = block_of(assessment, block)
        assert found.cycle == Bounds(Fraction(0), Fraction(0), Fraction(12), Fraction(12))
        assert {c.outcome for c in found.components} == {Outcome.NOT_CHECKED}
        assert {line.outcome for line in found.lines} == {Outcome.NOT_CHECKED}
        assert {i.outcome for i in found.items} <= {Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE}
        assert found.findings == ()
    assert assessment.cycle == Bounds(Fraction(12), Fraction(12), Fraction(72), Fraction(72))
    level = assessment.cycle_verdict
    assert [x.id if x else None for x in (level.low, level.level, level.high)] == ["not_formed", "not_formed", "formed"]
    assert not level.certain


def test_what_is_there_counts_in_a_block_that_was_not_gone_through() -> None:
    case = school_case(without("B2", "P01")["documents"], reviewed=[])
    assessment = assessed(case)
    assert points(assessment, "B2") == [2, 2, 2, 2, 0, 1]
    assert block_of(assessment, "B2").cycle.high == 12
    outcomes = [c.outcome for c in block_of(assessment, "B2").components]
    assert outcomes == [Outcome.MET] * 4 + [Outcome.NOT_CHECKED] * 2


def test_a_scan_opens_exactly_what_it_may_bring() -> None:
    case = chain_case("B2")
    document(case, "B2-A01").update(scan=True, holds=[], based_on=[])
    found = block_of(assessed(case), "B2")
    assert [(int(c.points.points), int(c.points.high)) for c in found.components] == [
        (2, 2),
        (2, 2),
        (1, 2),
        (1, 2),
        (1, 2),
        (1, 2),
    ]
    assert [c.outcome for c in found.components] == [Outcome.MET] * 2 + [Outcome.NOT_CHECKED] * 4


def test_a_scan_before_a_stage_that_is_absent_anyway_opens_only_its_own() -> None:
    case = without("B2", "P01")
    document(case, "B2-A01").update(scan=True, holds=[], based_on=[])
    found = block_of(assessed(case), "B2")
    assert [int(c.points.high) for c in found.components] == [2, 2, 2, 2, 0, 1]


def test_a_scan_beside_a_sound_document_opens_nothing() -> None:
    case = chain_case("B2")
    add_copy(case, "B2-A01", "d-scan", scan=True, holds=[], based_on=[])
    assert block_of(assessed(case), "B2").cycle.certain
