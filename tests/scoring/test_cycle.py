"""The cycle score, computed by hand: what a line is worth, blocks, weights, what does not apply, what is open."""

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
    held,
    lines_of,
    school_case,
    without_document,
    worth,
)
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.scoring import Bounds, Tally

MET, PARTIAL, MISSING = Outcome.MET, Outcome.PARTIAL, Outcome.MISSING
ALL = ("G01", "G02", "M01", "M02", "A01", "RC01", "P01", "D01")


def proven(points: int | Fraction, most: int) -> Bounds:
    """Points that leave nothing open."""
    return Bounds(points, points, points, most)


def twelfths(*numbers: int | float) -> list[Fraction]:
    """A broken line of six stages is worth ½ · (h + ½ (p − h)) / 6: h whole twelfths, and half of one for each of the
    p − h documents beside the run."""
    return [Fraction(number) / 12 for number in numbers]


def without(block: str, *elements: str) -> Data:
    """A complete block without the documents of some elements."""
    case = chain_case(block)
    for element in elements:
        case = without_document(case, f"d-{block}-{element}".lower())
    return case


@pytest.mark.parametrize(
    ("gone", "by_hand"),
    [
        # two lines: h stages in the longest linked run, p stages with a document
        ((), [12, 12]),
        (("D01",), [5, 5]),  # h 5, p 5
        (("P01",), [4.5, 4.5]),  # h 4 (goal to recommendation), p 5
        (("RC01",), [4, 4]),  # h 3, p 5
        (("A01",), [4, 4]),  # h 3 (recommendation to order), p 5
        (("M01",), [4.5, 12]),  # h 4 (analysis to order), p 5
        (("M01", "M02"), [4.5, 4.5]),
        (("G01",), [5, 12]),  # h 5 (monitoring to order), p 5
        (("G01", "G02"), [5, 5]),
        (("G01", "M02"), [5, 4.5]),
        (("A01", "RC01"), [3, 3]),  # h 2, p 4
        (("M01", "M02", "RC01"), [3, 3]),  # h 2 (measure and order), p 4
        (ALL[:-1], [1, 1]),  # h 1, p 1
        (ALL, [0, 0]),
    ],
)
def test_lines_by_hand(gone: tuple[str, ...], by_hand: list[float]) -> None:
    assessment = assessed(without("B2", *gone))
    assert worth(assessment, "B2") == twelfths(*by_hand)
    block = block_of(assessment, "B2")
    points = sum(twelfths(*by_hand), Fraction(0))
    assert block.cycle == proven(points, 2)
    assert assessment.cycle == proven(points / 2, 6), "five blocks without a document, one with half"
    assert block.tally == Tally(by_hand.count(12), 0, by_hand.count(12), 2)


@pytest.mark.parametrize(
    ("element", "change", "by_hand"),
    [
        ("D01", {"based_on": []}, [5.5, 5.5]),  # h 5, p 6
        ("A01", {"based_on": []}, [5, 5]),  # h 4 (analysis to order), p 6
        ("A01", {"blank": True}, [4, 4]),  # a template is no document: h 3, p 5
        ("A01", {"date": None}, [4.5, 4.5]),  # h 3, p 6
        ("D01", {"kind": "страница сайта"}, [5.5, 5.5]),
        ("M01", {"number": None}, [5, 12]),  # h 4, p 6
        ("A01", {"kind": "протокол"}, [10.8, 10.8]),  # a remark on both lines
        ("A01", {"holds": []}, [10.8, 10.8]),
        ("G01", {"holds": []}, [10.8, 12]),
        ("D01", {"holds": ["decision"]}, [10.8, 10.8]),
    ],
)
def test_a_changed_document_by_hand(element: str, change: Data, by_hand: list[float]) -> None:
    case = chain_case("B2")
    document(case, f"B2-{element}").update(change)
    assert worth(assessed(case), "B2") == [Fraction(str(n)) / 12 for n in by_hand]


@pytest.mark.parametrize(
    ("gone", "outcome", "low", "high"),
    [
        (("A01", "P01"), None, 3, 3),  # h 2 (goal, monitoring), p 4
        (("A01", "P01"), "partial", 3.5, 3.5),  # h 2, p 5: by the decision it is there, though no document is
        (("A01", "P01"), "met", 4, 4),  # h 3 (recommendation to order), p 5
        (("A01", "P01"), "not_checked", 3, 4),  # what the check may bring: as «met»
        (("A01",), None, 4, 4),  # h 3, p 5
        (("A01",), "missing", 3, 3),  # h 2, p 4: by the decision it is not there, though a document is
        (("A01",), "partial", 3.5, 3.5),
    ],
)
def test_what_an_expert_decided_is_there_or_is_not(
    gone: tuple[str, ...], outcome: str | None, low: float, high: float
) -> None:
    """A decision on a stage beyond the break, which counts by being there alone."""
    decision = {"of": "B2-P01", "outcome": outcome, "by": "Эксперт 1", "date": "2022-10-20", "comment": "Видел"}
    case = without("B2", *gone) | {"overrides": [decision] if outcome else []}
    found = [line.points for line in block_of(assessed(case), "B2").lines if line.trace is not None]
    least, most = twelfths(low, high)
    assert found == [Bounds(least, least, most, 1)] * 2


def test_several_remarks_on_a_line_cost_what_one_costs() -> None:
    case = chain_case("B2")
    document(case, "B2-A01")["holds"] = []
    document(case, "B2-P01")["holds"] = []
    block = block_of(assessed(case), "B2")
    assert block.cycle == proven(Fraction(9, 5), 2)
    assert block.tally == Tally(2, 2, 2, 2)


def test_of_two_documents_the_line_runs_through_the_one_without_remarks() -> None:
    case = chain_case("B2")
    document(case, "B2-A01")["holds"] = []
    add_copy(case, "B2-A01", "z-better", holds=["results", "conclusions"])
    document(case, "B2-RC01")["based_on"].append("z-better")
    assert worth(assessed(case), "B2") == [1, 1]


def test_a_document_that_serves_but_holds_nothing_is_more_than_none() -> None:
    order = {"id": "d1", "title": "Приказ", "serves": ["B2-D01"]}
    published = school_case([order | {"url": "https://sosna.example/1.pdf"}])
    assert worth(assessed(published), "B2") == twelfths(0.5, 0.5)
    assert not any(worth(assessed(school_case([order])), "B2")), "what is not published is none"


@pytest.mark.parametrize(
    ("gone", "by_hand"),
    [
        ((), [5, 5, 5, 5, 5, 5]),
        (("M04",), [5, 4, 4, 4, 4, 4]),
        (("G03",), [2, 2, 2, 2, 2, 2]),
        (("G03", "M01"), [2, 1, 1, 1, 1, 1]),
        (("A01",), [5, 5, 0, 0, 0, 0]),
    ],
)
def test_how_many_lines_hold_at_each_stage(gone: tuple[str, ...], by_hand: list[int]) -> None:
    assessment = assessed(without("B4", *gone))
    assert held(assessment, "B4") == by_hand
    assert [c.lines.max for c in block_of(assessment, "B4").components] == [5] * 6


def test_the_picture_of_the_components() -> None:
    components = block_of(assessed(without("B2", "M01", "RC01")), "B2").components
    assert [c.outcome for c in components] == [MET, PARTIAL, PARTIAL, MISSING, PARTIAL, PARTIAL]


def test_every_number_comes_from_the_ruleset(tmp_path: Path) -> None:
    text = """
cycle: {complete: 1, remarked: 0.7, broken: 0.3, scattered: 0.2, origin: proposed}
blocks:
  - {id: B1, weight: 2.5}
  - {id: B3, weight: 0}
"""
    ruleset = child_ruleset(tmp_path, text)
    case = without("B2", "A01")
    case["documents"] += chain_case("B1")["documents"]
    document(case, "B1-G01")["holds"] = []
    assessment = assessed(case, ruleset)
    broken = Fraction(3, 10) * (3 + Fraction(1, 5) * 2) / 6
    assert worth(assessment, "B2") == [broken, broken]
    assert worth(assessment, "B1") == [Fraction(7, 10), 1, 1, 1]
    assert assessment.cycle == proven(broken + Fraction(37, 40) * Fraction(5, 2), 0) + Bounds(0, 0, 0, Fraction(13, 2))


def test_each_block_weighs_the_same_however_many_lines_it_has() -> None:
    four, two = without("B1", "D01"), without("B6", "D01")
    assert assessed(four).cycle == assessed(two).cycle == proven(Fraction(5, 12), 6)


def test_no_points_for_anything_that_stands_apart() -> None:
    with_effect, without_effect = complete_case(), without_document(complete_case(), "d-b1-e01")
    assert assessed(with_effect).cycle == assessed(without_effect).cycle == proven(6, 6)


def test_the_frame_earns_no_points() -> None:
    frame = block_of(assessed(complete_case()), "C")
    assert frame.cycle.max == 0
    assert (frame.components, frame.verdict) == ((), None)


# What does not apply


def test_what_does_not_apply_leaves_numerator_and_denominator() -> None:
    assessment = assessed(complete_case(levels=["НОО", "ООО"], counts={"young_teachers": 0}))
    not_applied = {n for n, line in lines_of(assessment).items() if line.outcome is Outcome.NOT_APPLICABLE}
    assert len(not_applied) == 2
    assert all(lines_of(assessment)[name].trace is None for name in not_applied)
    assert block_of(assessment, "B4").components[1].lines.max == 4
    assert assessment.cycle == proven(6, 6)
    assert assessment.tally == Tally(17, 0, 17, 17)
    assert assessment.left_out == (), "facts leave these lines out, no decision"


def test_nothing_applicable_is_neither_nought_nor_a_hundred(tmp_path: Path) -> None:
    lines = {e for line in lines_of(assessed(school_case())).values() for e in line.spec.elements}
    goals = sorted(e for e in lines if "-G" in e)
    text = "elements:\n" + "".join(f"  - {{id: {g}, applies: {{levels: [СОО]}}}}\n" for g in goals)
    assessment = assessed(school_case(levels=["НОО"]), child_ruleset(tmp_path, text))
    assert assessment.cycle == proven(0, 0)
    assert assessment.cycle.percent is None
    assert assessment.verdict.level is assessment.verdict.high is None
    assert not assessment.complete
    block = block_of(assessment, "B1")
    assert (block.components, block.verdict, block.weakest) == ((), None, None)
    assert {line.outcome for line in block.lines} == {Outcome.NOT_APPLICABLE}


def test_one_block_in_which_nothing_applies_spoils_no_level(tmp_path: Path) -> None:
    text = "elements:\n  - {id: B6-G01, applies: {levels: [СОО]}}\n"
    assessment = assessed(complete_case(levels=["НОО", "ООО"]), child_ruleset(tmp_path, text))
    assert assessment.cycle == proven(5, 5)
    assert assessment.verdict.level is not None
    assert assessment.verdict.level.id == "formed"


def decided(case: Data, *codes: str) -> Data:
    """The case with «не применяется» on some elements."""
    row = {"outcome": "not_applicable", "by": "Эксперт 1", "date": "2022-10-21", "comment": "Такого в школе нет"}
    return {**case, "overrides": [{"of": code, **row} for code in codes]}


def test_a_decision_on_a_goal_or_a_monitoring_takes_its_lines() -> None:
    case = without("B4", "D01")
    assessment = assessed(decided(case, "B4-G03"))
    assert block_of(assessment, "B4").cycle == proven(Fraction(10, 12), 2)
    assert block_of(assessed(decided(case, "B4-M04")), "B4").tally.total == 4
    assert assessment.unlimited is not None
    assert assessment.unlimited.bounds == assessed(case).cycle


def test_a_decision_on_a_shared_element_steps_over_its_stage() -> None:
    case = decided(chain_case("B4"), "B4-A01")
    assert block_of(assessed(case), "B4").cycle == proven(5, 5)
    assert held(assessed(case), "B4") == [5, 5, 0, 5, 5, 5]
    assert block_of(assessed(case), "B4").components[2].outcome is Outcome.NOT_APPLICABLE
    case = decided(without("B4", "D01"), "B4-A01")
    assert worth(assessed(case), "B4") == [Fraction(4, 10)] * 5, "½ · 4 of the five stages that are left"


def test_a_block_left_out_by_decisions_leaves_the_mean_and_the_level_says_so() -> None:
    case = complete_case()
    assessment = assessed(decided(case, "B6-G01"))
    assert assessment.cycle == proven(5, 5)
    assert assessment.cycle.percent == 100
    assert assessment.verdict.level is not None
    assert assessment.verdict.level.id == "partly"
    assert [(u.condition, u.at) for u in assessment.verdict.unmet] == [("left_out", "B6")]
    assert assessment.unlimited is not None
    assert assessment.unlimited.verdict.level is not None
    assert assessment.unlimited.verdict.level.id == "formed"


# Not checked


def test_a_block_that_was_not_gone_through_is_open_and_never_missing() -> None:
    assessment = assessed(school_case(chain_case("B1")["documents"], reviewed=["B1"]))
    assert block_of(assessment, "B1").cycle == proven(4, 4)
    for block, lines in (("B2", 2), ("B3", 3), ("B4", 5), ("B5", 3), ("B6", 2)):
        found = block_of(assessment, block)
        assert found.cycle == Bounds(0, 0, lines, lines)
        assert found.tally == Tally(0, 0, lines, lines)
        assert {c.outcome for c in found.components} == {Outcome.NOT_CHECKED}
        assert {line.outcome for line in found.lines} == {Outcome.NOT_CHECKED}
        assert {i.outcome for i in found.items} <= {Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE}
        assert found.findings == ()
    assert assessment.cycle == Bounds(1, 1, 6, 6)
    level = assessment.verdict
    assert [x.id if x else None for x in (level.low, level.level, level.high)] == ["not_formed", "not_formed", "formed"]
    assert not level.certain


def test_what_is_there_counts_in_a_block_that_was_not_gone_through() -> None:
    found = block_of(assessed(school_case(without("B2", "P01")["documents"], reviewed=[])), "B2")
    assert found.cycle == Bounds(Fraction(9, 12), Fraction(9, 12), 2, 2)
    assert [c.outcome for c in found.components] == [MET] * 4 + [Outcome.NOT_CHECKED] * 2


def scanned(case: Data, element: str) -> Data:
    """The case with one document a scan of which nothing is known yet."""
    document(case, element).update(scan=True, holds=[], based_on=[], kind=None)
    return case


def test_a_scan_opens_exactly_what_it_may_bring() -> None:
    found = block_of(assessed(scanned(chain_case("B2"), "B2-A01")), "B2")
    assert found.cycle == Bounds(Fraction(9, 12), Fraction(9, 12), 2, 2), "h 3, p 6"
    assert found.tally == Tally(0, 0, 2, 2)
    assert [c.outcome for c in found.components] == [MET] * 2 + [Outcome.NOT_CHECKED] * 4


def test_a_scan_before_a_stage_that_is_absent_anyway_opens_only_its_own() -> None:
    found = block_of(assessed(scanned(without("B2", "P01"), "B2-A01")), "B2")
    low, high = 2 * Fraction(7, 2) / 12, 2 * Fraction(9, 2) / 12
    assert found.cycle == Bounds(low, low, high, 2)
    assert found.tally.most == 0


def test_a_scan_beside_a_sound_document_opens_nothing() -> None:
    case = chain_case("B2")
    add_copy(case, "B2-A01", "d-scan", scan=True, holds=[], based_on=[])
    assert block_of(assessed(case), "B2").cycle == proven(2, 2)
