"""An expert's decision goes over the automatic outcome and is kept beside it, on every kind of element."""

from __future__ import annotations

import pytest

from tests.builders import (
    Data,
    assessed,
    block_of,
    break_of,
    chain_case,
    complete_case,
    document,
    held,
    line_of,
    outcomes,
    ruleset,
    school_case,
    trace_of,
    without_document,
)
from vsoko_rules.verdict.assessment import Assessment, FindingKind, Item
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.verdict.evidence import Outcome

MET, PARTIAL, MISSING, BLOCKED = Outcome.MET, Outcome.PARTIAL, Outcome.MISSING, Outcome.BLOCKED
NOT_APPLICABLE, NOT_CHECKED = Outcome.NOT_APPLICABLE, Outcome.NOT_CHECKED
STAGES = ("G01", "M01", "A01", "RC01", "P01", "D01")


def decide(case: Data, *decisions: tuple[str, str]) -> Data:
    """The case with an expert's decisions: (element, outcome)."""
    rows = [
        {"of": of, "outcome": outcome, "by": "Эксперт 1", "date": "2022-10-21", "comment": "Видел документ"}
        for of, outcome in decisions
    ]
    return {**case, "overrides": rows}


def item_of(assessment: Assessment, element: str) -> Item:
    return next(i for b in assessment.blocks for i in b.items if i.element == element)


def missing_stage(stage: str) -> Data:
    """Block 3 complete but for one stage of its first line."""
    return without_document(chain_case("B3"), f"d-b3-{stage}".lower())


@pytest.mark.parametrize("stage", STAGES)
def test_met_lets_the_line_through_where_nothing_was_found(stage: str) -> None:
    element = f"B3-{stage}"
    assessment = assessed(decide(missing_stage(stage), (element, "met")))
    line = line_of(assessment, "B3-M01")
    assert outcomes(assessment, "B3-M01") == [MET] * 6
    assert line.automatic is not None
    assert line.automatic.break_ is not None
    assert (line.automatic.break_.element, line.automatic.break_.kind) == (element, BreakKind.NO_DOCUMENT)
    assert len(trace_of(assessment, "B3-M01").path) == 5, "the stage an expert vouches for has no document"
    assert block_of(assessment, "B3").cycle.percent == 100
    assert assessment.automatic.bounds.points < assessment.cycle.points
    assert not [f for f in assessment.all_findings() if f.kind is FindingKind.BREAK and f.block == "B3"]


@pytest.mark.parametrize("stage", STAGES)
def test_missing_stops_a_line_whose_document_is_there(stage: str) -> None:
    element = f"B3-{stage}"
    assessment = assessed(decide(chain_case("B3"), (element, "missing")))
    at = STAGES.index(stage)
    assert outcomes(assessment, "B3-M01") == [MET] * at + [MISSING] + [BLOCKED] * (5 - at)
    found = break_of(assessment, "B3-M01")
    assert (found.element, found.kind, found.decided) == (element, BreakKind.NO_DOCUMENT, True)
    automatic = line_of(assessment, "B3-M01").automatic
    assert automatic is not None
    assert automatic.complete
    assert held(assessment, "B3")[at] == (0 if at > 1 else 2), "shared by all lines from the analysis on"


@pytest.mark.parametrize("stage", STAGES)
def test_partial_stops_a_line_and_counts_as_something_there(stage: str) -> None:
    assessment = assessed(decide(missing_stage(stage), (f"B3-{stage}", "partial")))
    at = STAGES.index(stage)
    assert outcomes(assessment, "B3-M01") == [MET] * at + [PARTIAL] + [BLOCKED] * (5 - at)
    assert break_of(assessment, "B3-M01").decided
    assert f"B3-{stage}" in trace_of(assessment, "B3-M01").there


@pytest.mark.parametrize("stage", STAGES)
def test_not_checked_leaves_the_line_open_and_is_no_finding(stage: str) -> None:
    assessment = assessed(decide(chain_case("B3"), (f"B3-{stage}", "not_checked")))
    assert line_of(assessment, "B3-M01").outcome is NOT_CHECKED
    cycle = block_of(assessment, "B3").cycle
    assert cycle.points < cycle.high == 3
    assert not [f for f in block_of(assessment, "B3").findings if f.kind is FindingKind.BREAK]


@pytest.mark.parametrize("stage", ["G01", "M01"])
def test_not_applicable_on_a_goal_or_a_monitoring_takes_its_lines_out_and_keeps_what_was_found(stage: str) -> None:
    element = f"B3-{stage}"
    assessment = assessed(decide(missing_stage(stage), (element, "not_applicable")))
    for line in block_of(assessment, "B3").lines:
        if element in line.spec.elements:
            assert (line.outcome, line.trace) == (NOT_APPLICABLE, None)
            assert line.automatic is not None
            assert line.automatic.break_ is not None
        else:
            assert line.outcome is MET
    assert [c.lines.max for c in block_of(assessment, "B3").components] == [2] * 6
    assert assessment.left_out == (element,)


@pytest.mark.parametrize("stage", STAGES[2:])
def test_not_applicable_on_a_shared_element_takes_no_line(stage: str) -> None:
    """The stage is stepped over: what follows may rest on what stands before, by itself or over what is there."""
    element, at = f"B3-{stage}", STAGES.index(stage)
    case = chain_case("B3")
    over = assessed(decide(case, (element, "not_applicable")))
    case = missing_stage(stage)
    for after in STAGES[at + 1 : at + 2]:
        document(case, f"B3-{after}")["based_on"] = [
            d["id"] for d in case["documents"] if d["serves"][0].startswith(f"B3-{STAGES[at - 1][:-1]}")
        ]
    alone = assessed(decide(case, (element, "not_applicable")))
    for assessment in (over, alone):
        assert block_of(assessment, "B3").cycle.percent == 100
        assert block_of(assessment, "B3").tally.total == 3
        assert [c.outcome for c in trace_of(assessment, "B3-M01").cells].count(NOT_APPLICABLE) == 1
        assert assessment.left_out == (element,)
        assert assessment.unlimited is not None
        assert assessment.unlimited.bounds == assessment.automatic.bounds


def test_over_a_stage_left_out_a_document_that_rests_on_nothing_does_not_go_on() -> None:
    case = decide(missing_stage("A01"), ("B3-A01", "not_applicable"))
    found = break_of(assessed(case), "B3-M01")
    assert (found.element, found.kind) == ("B3-RC01", BreakKind.NOT_BASED)


def test_over_a_stage_left_out_the_order_of_dates_still_counts() -> None:
    case = decide(missing_stage("A01"), ("B3-A01", "not_applicable"))
    document(case, "B3-RC01").update(based_on=["d-b3-m01"], date="2021-09-02")
    found = break_of(assessed(case), "B3-M01")
    assert (found.element, found.kind) == ("B3-RC01", BreakKind.DATED_BEFORE)


def test_all_that_a_decision_leaves_out_stands_in_the_order_of_the_ruleset() -> None:
    decisions = [(e, "not_applicable") for e in ("B6-A01", "B1-G04", "B2-R01")]
    assessment = assessed(decide(complete_case(), *decisions, ("B3-A01", "met")))
    assert assessment.left_out == ("B1-G04", "B2-R01", "B6-A01")
    assert assessment.cycle.percent == 100


def test_where_decisions_leave_nothing_there_is_no_level() -> None:
    goals = [e.id for e in ruleset().elements.values() if e.stage == "goal"]
    assessment = assessed(decide(complete_case(), *((goal, "not_applicable") for goal in goals)))
    assert (assessment.verdict.level, assessment.cycle.max, assessment.complete) == (None, 0, False)
    assert assessment.automatic.verdict.level is not None
    assert assessment.automatic.verdict.level.id == "formed"


@pytest.mark.parametrize("code", ["C-01", "C-02"])
def test_no_decision_does_without_what_a_level_needs(code: str) -> None:
    case = decide(without_document(complete_case(), f"d-{code.lower()}"), (code, "not_applicable"))
    level = assessed(case).verdict.level
    assert level is not None
    assert level.id == "partly"


def test_without_decisions_the_automatic_level_is_the_level() -> None:
    assessment = assessed(complete_case())
    assert assessment.automatic is assessment.score
    assert (assessment.unlimited, assessment.left_out) == (None, ())


def test_decisions_of_an_expert_on_several_stages_of_a_line() -> None:
    case = school_case()
    decided = decide(case, *((f"B6-{s}", "met") for s in STAGES), ("B6-M02", "met"))
    assessment = assessed(decided)
    assert block_of(assessment, "B6").cycle.percent == 100
    assert trace_of(assessment, "B6-M01").path == ()
    assert assessment.automatic.bounds.points == 0


def test_after_a_stage_an_expert_vouches_for_any_credited_document_goes_on() -> None:
    case = decide(missing_stage("A01"), ("B3-A01", "met"))
    document(case, "B3-RC01")["addressees"] = []
    assert break_of(assessed(case), "B3-M01").element == "B3-RC01"


def test_an_order_may_rest_on_a_document_that_an_expert_accepted_as_analysis() -> None:
    case = chain_case("B3")
    document(case, "B3-A01")["blank"] = True
    document(case, "B3-D01")["based_on"] = ["d-b3-a01"]
    assert break_of(assessed(case), "B3-M01").element == "B3-A01"
    assert block_of(assessed(decide(case, ("B3-A01", "met"))), "B3").cycle.percent == 100
    document(case, "B3-D01")["date"] = "2021-09-02"
    assert break_of(assessed(decide(case, ("B3-A01", "met"))), "B3-M01").element == "B3-D01"


def test_an_order_rests_on_the_analysis_over_recommendations_an_expert_vouches_for() -> None:
    case = missing_stage("RC01")
    document(case, "B3-D01")["based_on"] = ["d-b3-a01"]
    assert block_of(assessed(decide(case, ("B3-RC01", "met"))), "B3").cycle.percent == 100


def test_a_decision_on_a_scan_goes_over_waiting_for_a_reader() -> None:
    case = chain_case("B3")
    document(case, "B3-A01").update(scan=True, holds=[], based_on=[])
    assert line_of(assessed(case), "B3-M01").outcome is NOT_CHECKED
    assert line_of(assessed(decide(case, ("B3-A01", "partial"))), "B3-M01").outcome is PARTIAL
    assert block_of(assessed(decide(case, ("B3-A01", "met"))), "B3").cycle.percent == 100


ITEMS = ("B1-R01", "B1-I01", "B6-PR01", "B1-E01", "C-01", "C-04")


@pytest.mark.parametrize("element", ITEMS)
@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("outcome", ["met", "partial", "missing", "not_applicable", "not_checked"])
def test_a_decision_on_an_element_outside_the_lines(element: str, there: bool, outcome: str) -> None:
    case = complete_case([element.split("-", maxsplit=1)[0]])
    if not there:
        case = without_document(case, f"d-{element}".lower())
    assessment = assessed(decide(case, (element, outcome)))
    item = item_of(assessment, element)
    assert (item.outcome, item.automatic) == (Outcome(outcome), MET if there else MISSING)
    found = [f.kind for f in assessment.all_findings() if f.element == element]
    expected = {"missing": [FindingKind.ABSENCE], "partial": [FindingKind.INCOMPLETE]}
    assert found == expected.get(outcome, [])
    assert assessment.cycle == assessment.automatic.bounds


def test_a_decision_on_an_element_that_does_not_apply_is_kept() -> None:
    assessment = assessed(decide(school_case(levels=["НОО"]), ("B4-I02", "missing")))
    item = item_of(assessment, "B4-I02")
    assert (item.outcome, item.automatic) == (MISSING, NOT_APPLICABLE)


def test_without_decisions_nothing_differs() -> None:
    assessment = assessed(missing_stage("A01"))
    assert assessment.cycle == assessment.automatic.bounds
    assert all(line.trace is line.automatic for b in assessment.blocks for line in b.lines)
