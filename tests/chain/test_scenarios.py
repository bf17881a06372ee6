"""The situations that a naive chain gets wrong, one by one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.builders import (
    Data,
    add_copy,
    assessed,
    block_of,
    break_of,
    chain_case,
    document,
    expectation,
    held,
    line_of,
    lines_of,
    outcomes,
    remarked,
    school_case,
    sound_document,
    trace_of,
    without_document,
    worth,
)
from vsoko_rules.verdict.assessment import Assessment, FindingKind
from vsoko_rules.verdict.chain import BreakKind, NearMiss
from vsoko_rules.verdict.evidence import Outcome

MET, PARTIAL, MISSING, BLOCKED = Outcome.MET, Outcome.PARTIAL, Outcome.MISSING, Outcome.BLOCKED
NOT_CHECKED = Outcome.NOT_CHECKED


def merge(case: Data, into: str, *merged: str) -> Data:
    """One document in place of several: it serves all their elements and holds all they hold."""
    whole = document(case, into)
    names = {document(case, m)["id"]: whole["id"] for m in merged}
    for old in names:
        part = document(case, old)
        for field in ("serves", "holds", "based_on", "addressees"):
            whole[field] = list(dict.fromkeys([*whole.get(field, []), *part.get(field, [])]))
    case["documents"] = [d for d in case["documents"] if d["id"] not in names]
    for each in case["documents"]:
        grounds = [names.get(g, g) for g in each["based_on"]]
        each["based_on"] = [g for g in dict.fromkeys(grounds) if g != each["id"]]
    return whole


def whole(assessment: Assessment, block: str) -> bool:
    """Whether every line of a block is complete and nothing is remarked."""
    return block_of(assessment, block).cycle.percent == 100


# One document in several places


def test_one_document_for_all_goals_serves_every_line() -> None:
    case = chain_case("B1")
    merge(case, "B1-G01", "B1-G02", "B1-G03", "B1-G04")
    assert whole(assessed(case), "B1")
    document(case, "B1-G01")["holds"].remove("target")
    assert worth(assessed(case), "B1") == [Fraction(9, 10)] * 4
    document(case, "B1-G01")["blank"] = True
    assessment = assessed(case)
    for line in block_of(assessment, "B1").lines:
        found = break_of(assessment, line.spec.id)
        assert (found.stage, found.documents) == ("goal", (NearMiss("d-b1-g01", ("filled",), (), (), ()),))


def test_a_report_that_contains_the_recommendations_links_them_inside() -> None:
    case = chain_case("B6")
    report = merge(case, "B6-A01", "B6-RC01")
    assert report["id"] not in report["based_on"]
    assert whole(assessed(case), "B6")


def test_a_report_whose_recommendations_are_incomplete_only_lacks_that() -> None:
    """The link inside one document stands, so nothing but the missing content is complained of."""
    case = chain_case("B6")
    report = merge(case, "B6-A01", "B6-RC01")
    report["holds"].remove("guidance")
    assert remarked(assessed(case)) == {(report["id"], "guidance")}
    report["addressees"] = []
    found = break_of(assessed(case), "B6-M01")
    assert (found.element, found.kind) == ("B6-RC01", BreakKind.REQUIREMENTS)
    assert found.documents == (NearMiss(report["id"], ("addressee",), (), (), ()),)


def test_one_document_for_the_whole_cycle_of_a_block() -> None:
    case = chain_case("B2")
    elements = [d["serves"][0] for d in case["documents"]]
    merge(case, "B2-D01", *[e for e in elements if e != "B2-D01"])
    assert len(case["documents"]) == 1
    assessment = assessed(case)
    assert block_of(assessment, "B2").tally.complete == 2
    assert remarked(assessment) == {("d-b2-d01", "kind")}, "an order is not what an analysis or a plan is called"
    trace = trace_of(assessment, "B2-G01")
    assert trace.path == ("d-b2-d01",) * 6


def test_stages_that_are_not_neighbours_are_not_linked_by_standing_in_one_document() -> None:
    """Monitoring and recommendations in one document say nothing of the analysis between them."""
    case = chain_case("B6")
    merge(case, "B6-M01", "B6-RC01")
    document(case, "B6-RC01")["based_on"].remove("d-b6-a01")
    assert break_of(assessed(case), "B6-M01").element == "B6-RC01"


def test_one_order_for_several_blocks() -> None:
    b1, b6 = chain_case("B1"), chain_case("B6")
    case = school_case([*b1["documents"], *b6["documents"]])
    merge(case, "B1-D01", "B6-D01")
    assessment = assessed(case)
    assert whole(assessment, "B1")
    assert whole(assessment, "B6")


# A path of documents, not pairs of stages


def two_reports() -> Data:
    """Block 6 with two analytic reports: the first rests on the monitorings, the recommendations on the second."""
    case = chain_case("B6")
    add_copy(case, "B6-A01", "d-second", based_on=[])
    document(case, "B6-RC01")["based_on"] = ["d-second"]
    return case


def test_a_path_that_breaks_between_two_reports_is_broken_though_each_pair_is_linked() -> None:
    case = two_reports()
    document(case, "d-second")["based_on"] = ["d-b6-m02"]
    document(case, "B6-A01")["based_on"] = ["d-b6-m01"]
    assessment = assessed(case)
    linked = {(fact[4], fact[2]) for fact in assessment.derivations.by_relation["linked"]}
    assert {("B6-M01", "B6-A01"), ("B6-A01", "B6-RC01")} <= linked, "each pair of stages is linked somehow"
    found = break_of(assessment, "B6-M01")
    assert (found.element, found.kind) == ("B6-RC01", BreakKind.NOT_BASED)
    assert found.reached == ("d-b6-a01",)
    assert found.documents == (NearMiss("d-b6-rc01", (), ("d-second",), (), ()),)
    assert outcomes(assessment, "B6-M01") == [MET, MET, MET, PARTIAL, BLOCKED, BLOCKED]


def test_the_other_line_of_the_block_runs_through_the_second_report() -> None:
    case = two_reports()
    document(case, "d-second")["based_on"] = ["d-b6-m02"]
    document(case, "B6-A01")["based_on"] = ["d-b6-m01"]
    assessment = assessed(case)
    trace = trace_of(assessment, "B6-M02")
    assert trace.complete
    assert trace.path == ("d-b6-g01", "d-b6-m02", "d-second", "d-b6-rc01", "d-b6-p01", "d-b6-d01")
    assert held(assessment, "B6") == [2, 2, 2, 1, 1, 1]


def test_the_report_that_is_reached_is_enough_beside_one_that_is_not() -> None:
    case = two_reports()
    document(case, "B6-RC01")["based_on"] = ["d-second", "d-b6-a01"]
    assert whole(assessed(case), "B6")


# References that carry nothing


def test_references_in_a_circle_are_reported_and_carry_no_line() -> None:
    case = chain_case("B6")
    day = document(case, "B6-A01")["date"]
    document(case, "B6-A01")["based_on"] = ["d-b6-rc01"]
    document(case, "B6-RC01").update(based_on=["d-b6-a01"], date=day)
    assessment = assessed(case)
    found = break_of(assessment, "B6-M01")
    assert (found.element, found.kind) == ("B6-A01", BreakKind.NOT_BASED)
    circles = [f for f in assessment.all_findings() if f.kind is FindingKind.CIRCLE]
    assert [(f.fingerprint, f.documents) for f in circles] == [("circle:d-b6-a01,d-b6-rc01", ("d-b6-a01", "d-b6-rc01"))]


def test_a_circle_beside_a_sound_path_does_not_break_it() -> None:
    case = chain_case("B6")
    day = document(case, "B6-A01")["date"]
    document(case, "B6-A01")["based_on"].append("d-b6-rc01")
    document(case, "B6-RC01")["date"] = day
    assessment = assessed(case)
    assert whole(assessment, "B6")
    assert [f.kind for f in assessment.findings] == [FindingKind.CIRCLE]


def test_a_document_based_on_itself() -> None:
    case = chain_case("B6")
    document(case, "B6-RC01")["based_on"] = ["d-b6-rc01"]
    assessment = assessed(case)
    assert break_of(assessment, "B6-M01").kind is BreakKind.NOT_BASED
    assert [f.documents for f in assessment.findings] == [("d-b6-rc01",)]


def test_a_reference_to_a_document_of_another_block_is_no_ground() -> None:
    b1, b6 = chain_case("B1"), chain_case("B6")
    case = school_case([*b1["documents"], *b6["documents"]])
    document(case, "B6-RC01")["based_on"] = ["d-b1-a01"]
    assessment = assessed(case)
    assert whole(assessment, "B1")
    for line in ("B6-M01", "B6-M02"):
        found = break_of(assessment, line)
        assert (found.element, found.kind) == ("B6-RC01", BreakKind.NOT_BASED)
        assert found.documents == (NearMiss("d-b6-rc01", (), ("d-b1-a01",), ("d-b1-a01",), ()),)


def test_a_reference_over_a_stage_is_no_ground() -> None:
    case = chain_case("B6")
    document(case, "B6-P01")["based_on"] = ["d-b6-a01"]
    found = break_of(assessed(case), "B6-M01")
    assert (found.element, found.kind) == ("B6-P01", BreakKind.NOT_BASED)


def test_a_reference_forward_is_no_ground() -> None:
    """The recommendations are named by the report, not the report by the recommendations."""
    case = chain_case("B6")
    document(case, "B6-RC01")["based_on"] = []
    document(case, "B6-A01")["based_on"].append("d-b6-rc01")
    assert break_of(assessed(case), "B6-M01").element == "B6-RC01"


# A sound document beside a defective one


@pytest.mark.parametrize("defective_first", [True, False])
def test_of_a_sound_and_a_defective_document_the_sound_one_counts(defective_first: bool) -> None:
    case = chain_case("B1")
    add_copy(case, "B1-M02", "a-bad" if defective_first else "z-bad", holds=[], number=None, based_on=[])
    assessment = assessed(case)
    assert whole(assessment, "B1")
    trace = trace_of(assessment, "B1-G02")
    assert trace.path[1] == "d-b1-m02"


def test_of_two_defective_documents_the_nearest_comes_first() -> None:
    case = chain_case("B1")
    document(case, "B1-M02")["holds"] = []
    add_copy(case, "B1-M02", "z-near", holds=["goals", "tasks", "responsible"])
    found = break_of(assessed(case), "B1-M02")
    assert [n.document for n in found.documents] == ["z-near", "d-b1-m02"]
    assert found.documents[0].lacks == ("deadlines",)
    assert len(found.documents[1].lacks) > 1


def test_near_misses_stand_from_the_nearest_to_the_furthest_and_alike_by_their_ids() -> None:
    """Of those that lack as much, one that is only dated too early is nearer than one that rests on nothing."""
    case = chain_case("B1")
    whole = list(document(case, "B1-M02")["holds"])
    document(case, "B1-M02")["holds"] = []
    twins: dict[str, Data] = {
        "c-unbased": {"based_on": []},
        "b-unbased": {"based_on": []},
        "y-early": {"date": "2021-09-01"},
        "a-lacks-one": {"holds": [h for h in whole if h != "tasks"]},
        "x-lacks-one": {"holds": [h for h in whole if h != "goals"]},
    }
    for name, changes in twins.items():
        add_copy(case, "B1-M02", name, **{"holds": whole, **changes})
    document(case, "B1-G01")["date"] = document(case, "B1-G02")["date"] = "2021-09-02"
    found = break_of(assessed(case), "B1-M02")
    order = ["y-early", "b-unbased", "c-unbased", "a-lacks-one", "x-lacks-one", "d-b1-m02"]
    assert [n.document for n in found.documents] == order
    assert found.kind is BreakKind.DATED_BEFORE


def test_a_credited_document_without_reference_is_nearer_than_one_that_lacks_content() -> None:
    case = chain_case("B1")
    document(case, "B1-M02")["holds"].remove("goals")
    add_copy(case, "B1-M02", "z-unlinked", holds=[*document(case, "B1-M01")["holds"], "responsible"], based_on=[])
    found = break_of(assessed(case), "B1-M02")
    assert found.kind is BreakKind.NOT_BASED
    assert [n.document for n in found.documents] == ["z-unlinked", "d-b1-m02"]


def test_each_defective_half_does_not_make_a_whole() -> None:
    """Two orders on one monitoring, each with half of the contents: neither is credited."""
    case = chain_case("B1")
    add_copy(case, "B1-M02", "z-half", holds=["goals"])
    document(case, "B1-M02")["holds"] = ["tasks", "deadlines"]
    assert break_of(assessed(case), "B1-M02").kind is BreakKind.REQUIREMENTS


# What the order may rest on

BLOCKS = ("B1", "B2", "B3", "B4", "B5", "B6")


@pytest.mark.parametrize("block", BLOCKS)
def test_an_order_that_rests_on_the_analysis_holds_when_the_plan_comes_from_it(block: str) -> None:
    case = chain_case(block)
    document(case, f"{block}-D01")["based_on"] = [f"d-{block}-a01".lower()]
    assessment = assessed(case)
    assert whole(assessment, block)


@pytest.mark.parametrize("block", BLOCKS)
def test_an_order_that_rests_on_the_analysis_does_not_stand_for_an_absent_plan(block: str) -> None:
    case = chain_case(block)
    document(case, f"{block}-D01")["based_on"] = [f"d-{block}-a01".lower()]
    assessment = assessed(without_document(case, f"d-{block}-p01".lower()))
    for line in block_of(assessment, block).lines:
        found = break_of(assessment, line.spec.id)
        assert (found.element, found.kind) == (f"{block}-P01", BreakKind.NO_DOCUMENT)
        assert outcomes(assessment, line.spec.id) == [MET, MET, MET, MET, MISSING, BLOCKED]
    lines = len(block_of(assessment, block).lines)
    assert held(assessment, block)[2:] == [lines, lines, 0, 0]


def test_of_two_orders_the_one_without_remarks_counts_though_it_rests_on_the_analysis() -> None:
    """Over recommendations that an expert vouches for no remark is added."""
    vouched = {"of": "B2-RC01", "outcome": "met", "by": "Эксперт 1", "date": "2022-10-20", "comment": "На бумаге"}
    case = {**without_document(chain_case("B2"), "d-b2-rc01"), "overrides": [vouched]}
    document(case, "B2-D01")["based_on"] = ["d-b2-a01"]
    add_copy(case, "B2-D01", "another", based_on=["d-b2-p01"], holds=["signature", "decision", "executors"])
    for line in block_of(assessed(case), "B2").lines:
        assert line.trace is not None
        assert line.trace.path[-1] == "d-b2-d01"
        assert line.trace.remarks == ()


def test_an_order_and_a_plan_that_rest_on_different_reports_do_not_meet() -> None:
    case = chain_case("B6")
    add_copy(case, "B6-A01", "d-second")
    document(case, "B6-D01")["based_on"] = ["d-second"]
    found = break_of(assessed(case), "B6-M01")
    assert (found.element, found.kind) == ("B6-D01", BreakKind.NOT_BASED)
    assert found.reached == ("d-b6-p01",)


def test_the_path_shown_runs_through_the_report_that_the_order_rests_on() -> None:
    """The plan comes from two reports, through two recommendations; the order rests on the second report."""
    case = chain_case("B6")
    add_copy(case, "B6-A01", "d-second")
    add_copy(case, "B6-RC01", "d-second-rc", based_on=["d-second"])
    document(case, "B6-P01")["based_on"].append("d-second-rc")
    document(case, "B6-D01")["based_on"] = ["d-second"]
    path = trace_of(assessed(case), "B6-M01").path
    assert path == ("d-b6-g01", "d-b6-m01", "d-second", "d-second-rc", "d-b6-p01", "d-b6-d01")


def test_an_order_dated_before_the_analysis_it_rests_on() -> None:
    case = chain_case("B6")
    document(case, "B6-D01").update(based_on=["d-b6-a01"], date=document(case, "B6-M01")["date"])
    found = break_of(assessed(case), "B6-M01")
    assert (found.element, found.kind) == ("B6-D01", BreakKind.DATED_BEFORE)
    assert found.documents == (NearMiss("d-b6-d01", (), (), (), ("d-b6-a01",)),)


# Dates


def test_a_document_dated_before_its_ground_is_out_of_order() -> None:
    case = chain_case("B6")
    document(case, "B6-RC01")["date"] = document(case, "B6-M01")["date"]
    found = break_of(assessed(case), "B6-M01")
    assert (found.element, found.kind) == ("B6-RC01", BreakKind.DATED_BEFORE)
    assert found.documents == (NearMiss("d-b6-rc01", (), (), (), ("d-b6-a01",)),)


def test_documents_of_one_day_are_in_order() -> None:
    case = chain_case("B6")
    for each in case["documents"]:
        each["date"] = "2022-02-14"
    assert whole(assessed(case), "B6")


def test_one_day_too_early_breaks_the_order() -> None:
    case = chain_case("B6")
    for each in case["documents"]:
        each["date"] = "2022-02-14"
    document(case, "B6-P01")["date"] = "2022-02-13"
    assert break_of(assessed(case), "B6-M01").kind is BreakKind.DATED_BEFORE


@pytest.mark.parametrize(("day", "inside"), [("2021-08-20", True), ("2021-08-19", False)])
def test_the_orders_of_late_august_open_the_window_of_a_school_year(day: str, inside: bool) -> None:
    case = chain_case("B6")
    for each in case["documents"]:
        each["date"] = day
    assert (whole(assessed(case), "B6")) is inside


@pytest.mark.parametrize(("day", "inside"), [("2022-10-31", True), ("2022-11-01", False)])
def test_the_last_day_of_the_study_is_inside_its_window(day: str, inside: bool) -> None:
    case = chain_case("B6")
    document(case, "B6-D01")["date"] = day
    assessment = assessed(case)
    assert trace_of(assessment, "B6-M01").complete is inside
    if not inside:
        found = break_of(assessment, "B6-M01")
        assert (found.element, found.documents[0].lacks) == ("B6-D01", ("window",))
        assert "outside-study-window" in {f.rule for f in assessment.all_findings()}


def test_goals_may_be_older_than_the_study_and_need_no_date() -> None:
    case = chain_case("B6")
    document(case, "B6-G01")["date"] = "2019-01-15"
    assert whole(assessed(case), "B6")
    del document(case, "B6-G01")["date"]
    assert whole(assessed(case), "B6")


def test_an_undated_monitoring_lacks_its_date_and_is_not_called_out_of_order() -> None:
    case = chain_case("B6")
    del document(case, "B6-M01")["date"]
    found = break_of(assessed(case), "B6-M01")
    assert (found.element, found.kind) == ("B6-M01", BreakKind.REQUIREMENTS)
    (near,) = found.documents
    assert (set(near.lacks), near.early, near.instead) == ({"date", "window"}, (), ())


# Templates and scans


def test_a_template_with_blanks_is_no_document() -> None:
    case = chain_case("B6")
    document(case, "B6-A01")["blank"] = True
    assessment = assessed(case)
    assert outcomes(assessment, "B6-M01") == [MET, MET, MISSING, BLOCKED, BLOCKED, BLOCKED]
    assert break_of(assessment, "B6-M01").documents[0].lacks == ("filled",)
    assert held(assessment, "B6") == [2, 2, 0, 0, 0, 0]
    assert worth(assessment, "B6") == [Fraction(4, 12)] * 2, "it counts as no document"
    assert "template-with-blanks" in {f.rule for f in assessment.all_findings()}


def test_a_template_beside_a_filled_document_does_no_harm() -> None:
    case = chain_case("B6")
    add_copy(case, "B6-A01", "a-template", blank=True)
    assert whole(assessed(case), "B6")


def unread_scan(case: Data, element: str) -> Data:
    """Make the document of an element a scan of which nobody could read anything yet."""
    scan = document(case, element)
    scan.update(scan=True, holds=[], based_on=[], addressees=[], kind=None)
    scan.pop("number", None)
    scan.pop("date", None)
    return case


@pytest.mark.parametrize("stage", ["G01", "M01", "A01", "RC01", "P01", "D01"])
def test_a_scan_that_nobody_read_waits_and_is_never_missing(stage: str) -> None:
    case = chain_case("B6")
    if stage == "M01":
        case = without_document(case, "d-b6-m02")
    assessment = assessed(unread_scan(case, f"B6-{stage}"))
    line = line_of(assessment, "B6-M01")
    assert line.outcome is NOT_CHECKED
    assert NOT_CHECKED in outcomes(assessment, "B6-M01")
    assert MISSING not in outcomes(assessment, "B6-M01")
    assert not [
        f for f in block_of(assessment, "B6").findings if f.kind is FindingKind.BREAK and line.spec.id in f.lines
    ]
    assert "scan-needs-reading" in {f.rule for f in assessment.all_findings()}
    if stage != "M01":
        assert block_of(assessment, "B6").tally.most == 2
    assert block_of(assessment, "B6").tally.complete < 2


def test_a_scan_that_a_person_read_counts_as_any_document() -> None:
    case = chain_case("B6")
    document(case, "B6-A01")["scan"] = True
    assessment = assessed(case)
    assert whole(assessment, "B6")


def test_two_scans_in_one_line_leave_the_whole_line_open() -> None:
    case = unread_scan(unread_scan(chain_case("B6"), "B6-A01"), "B6-P01")
    cycle = block_of(assessed(case), "B6").cycle
    assert cycle.points == 2 * Fraction(4, 12), "six documents, two of them linked"
    assert cycle.high == 2


def test_an_order_that_rests_on_the_analysis_may_hold_once_the_scanned_recommendations_are_read() -> None:
    case = unread_scan(chain_case("B6"), "B6-RC01")
    document(case, "B6-D01")["based_on"] = ["d-b6-a01"]
    assert block_of(assessed(case), "B6").tally.most == 2


def test_an_order_may_rest_on_a_scanned_analysis_that_the_plan_comes_from() -> None:
    case = unread_scan(chain_case("B6"), "B6-A01")
    document(case, "B6-D01")["based_on"] = ["d-b6-a01"]
    assert block_of(assessed(case), "B6").tally.most == 2


def test_a_scan_of_a_template_is_a_template() -> None:
    case = unread_scan(chain_case("B6"), "B6-A01")
    document(case, "B6-A01")["blank"] = True
    assessment = assessed(case)
    assert line_of(assessment, "B6-M01").outcome is MISSING
    assert block_of(assessment, "B6").cycle.certain


# The weakest stage


def test_the_weakest_stage_is_where_most_lines_break_first() -> None:
    case = without_document(chain_case("B1"), "d-b1-m01")
    assert block_of(assessed(case), "B1").weakest == "monitoring"
    assert block_of(assessed(without_document(case, "d-b1-d01")), "B1").weakest == "order"
    assert block_of(assessed(chain_case("B1")), "B1").weakest is None


def test_of_two_equally_weak_stages_the_earlier_is_named() -> None:
    case = without_document(without_document(chain_case("B2"), "d-b2-m01"), "d-b2-d01")
    assert block_of(assessed(case), "B2").weakest == "monitoring"


def test_in_a_block_that_was_not_gone_through_no_stage_is_called_weak() -> None:
    assessment = assessed(school_case(chain_case("B1")["documents"], reviewed=["B1"]))
    assert block_of(assessment, "B2").weakest is None


# The empty school


def test_a_school_without_documents_breaks_every_line_at_its_goal() -> None:
    assessment = assessed(school_case())
    for name, line in lines_of(assessment).items():
        assert line.trace is not None
        assert [c.outcome for c in line.trace.cells] == [MISSING] + [BLOCKED] * 5
        found = break_of(assessment, name)
        assert (found.stage, found.kind, found.documents, found.reached) == ("goal", BreakKind.NO_DOCUMENT, (), ())
    assert assessment.cycle.points == 0


def test_an_order_alone_is_blocked_and_not_reported_again() -> None:
    order = sound_document(expectation().elements["B6-D01"], date(2022, 2, 14))
    assessment = assessed(school_case([order]))
    trace = trace_of(assessment, "B6-M01")
    assert trace.cells[-1].outcome is BLOCKED
    assert trace.cells[-1].documents == ("d-b6-d01",)
    assert worth(assessment, "B6") == [Fraction(1, 12)] * 2
    assert {f.element for f in block_of(assessment, "B6").findings if f.kind is FindingKind.BREAK} == {"B6-G01"}
