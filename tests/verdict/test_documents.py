"""What can be said of a document, and what it does to a line: kinds, time, parts, approval, templates, claims."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.builders import (
    Data,
    add_copy,
    assessed,
    block_of,
    break_of,
    broken_lines,
    chain_case,
    complete_case,
    document,
    line_of,
    lines_of,
    only_blocks,
    outcomes,
    remarked,
    school_case,
    trace_of,
    without_document,
)
from vsoko_rules.verdict.assessment import Assessment, FindingKind
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.result import result
from vsoko_rules.verdict.scoring import Bounds, Tally

B1, B2, B6 = only_blocks("B1"), only_blocks("B2"), only_blocks("B6")


def judged(case: Data, block: str = "B6") -> Assessment:
    return assessed(case, {"B1": B1, "B2": B2, "B6": B6}[block])


def whole(case: Data, block: str = "B6") -> bool:
    """Whether every line of the block is complete without remarks."""
    return block_of(judged(case, block), block).cycle.percent == 100


def lacking(case: Data, line: str, block: str = "B6") -> set[str]:
    """What the nearest document lacks where a line breaks."""
    return set(break_of(judged(case, block), line).documents[0].lacks)


# Approval


@pytest.mark.parametrize("written", ["approved_by", "based_on", "both"])
def test_approval_is_a_link_from_whichever_side_it_is_written(written: str) -> None:
    """The plan says «утверждён приказом», the order says nothing, or both name one another: no circle."""
    case = chain_case("B6")
    plan, order = document(case, "B6-P01"), document(case, "B6-D01")
    plan["date"] = order["date"]
    if written != "based_on":
        plan["approved_by"] = order["id"]
        order["based_on"] = []
    if written != "approved_by":
        plan["based_on"].append(order["id"])
        order["based_on"] = [plan["id"]]
    assessment = judged(case)
    assert assessment.tally == Tally(2, 0, 2, 2)
    assert not [f for f in assessment.all_findings() if f.kind is FindingKind.CIRCLE]


def test_goals_approved_by_the_order_on_their_monitoring() -> None:
    case = chain_case("B6")
    goals = document(case, "B6-G01")
    goals |= {"approved_by": "d-b6-m01", "date": None}
    document(case, "B6-M01")["based_on"] = []
    assert trace_of(judged(case), "B6-M01").complete


def test_an_order_dated_before_the_plan_it_approves_is_out_of_order() -> None:
    case = chain_case("B6")
    plan, order = document(case, "B6-P01"), document(case, "B6-D01")
    plan["approved_by"] = order["id"]
    order |= {"based_on": [], "date": "2022-01-04"}
    assert break_of(judged(case), "B6-M01").kind is BreakKind.DATED_BEFORE


def test_a_report_and_recommendations_that_name_one_another_are_a_circle_and_no_approval() -> None:
    case = chain_case("B6")
    document(case, "B6-A01")["based_on"].append("d-b6-rc01")
    found = [f.documents for f in judged(case).all_findings() if f.kind is FindingKind.CIRCLE]
    assert found == [("d-b6-a01", "d-b6-rc01")]


# Parts of one document


def test_an_annex_adds_up_with_its_order_in_contents_number_and_date() -> None:
    case = chain_case("B6")
    document(case, "B6-P01")["annex_of"] = "d-b6-p"
    part = document(case, "B6-P01")
    cover = {**part, "id": "d-b6-p", "title": "Приказ", "kind": "приказ", "serves": [], "holds": ["deadlines"]}
    del cover["annex_of"]
    case["documents"].append(cover)
    part |= {"number": None, "date": None, "based_on": [], "holds": ["action", "responsible", *part["holds"][3:]]}
    part["holds"] = [h for h in dict.fromkeys([*part["holds"], "programme_sections", "classes"]) if h != "deadlines"]
    document(case, "B6-D01")["based_on"] = [part["id"]]
    assert whole(case)


def test_recommendations_in_an_annex_take_addressee_and_link_from_the_report() -> None:
    case = chain_case("B6")
    advice, report = document(case, "B6-RC01"), document(case, "B6-A01")
    report["addressees"] = advice.pop("addressees")
    advice |= {"annex_of": report["id"], "based_on": [], "date": None, "number": None}
    assert whole(case)
    report["addressees"] = []
    assert lacking(case, "B6-M01") == {"addressee"}


def test_in_block_2_any_addressee_named_in_the_report_will_do() -> None:
    case = chain_case("B2")
    advice, report = document(case, "B2-RC01"), document(case, "B2-A01")
    report["addressees"] = ["parents"]
    advice |= {"annex_of": report["id"], "based_on": [], "addressees": []}
    assert whole(case, "B2")


def test_an_amendment_adds_what_it_brings() -> None:
    case = chain_case("B6")
    plan = document(case, "B6-P01")
    add_copy(case, "B6-P01", "izmeneniya", serves=[], holds=["classes"], amends=plan["id"])
    plan["holds"].remove("classes")
    assert whole(case)
    document(case, "izmeneniya")["blank"] = True
    assert remarked(judged(case)) == {(plan["id"], "classes")}


def test_a_programme_and_its_calendar_plan_are_one_measure() -> None:
    case = chain_case("B6")
    plan = document(case, "B6-P01")
    programme = {"id": "rpv", "title": "Рабочая программа воспитания", "kind": "программа", "serves": ["B6-P01"]}
    case["documents"].append({**programme, "date": "2021-08-31", "holds": ["programme_sections"]})
    plan["holds"].remove("programme_sections")
    assert not whole(case), "beside one another they are two"
    plan["annex_of"] = "rpv"
    assert whole(case)


def test_parts_in_a_circle_end() -> None:
    case = chain_case("B6")
    document(case, "B6-P01")["annex_of"] = "d-b6-a01"
    document(case, "B6-A01")["annex_of"] = "d-b6-p01"
    assert judged(case).tally.total == 2


# Time


@pytest.mark.parametrize(
    ("valid", "counts"),
    [
        ({"from": "2020-09-01", "to": "2023-08-31"}, True),
        ({"from": "2020-09-01"}, True),
        ({"to": "2021-08-20"}, True),
        ({"to": "2021-08-19"}, False),
        ({"from": "2022-11-01"}, False),
        (None, False),
    ],
)
def test_a_document_in_force_counts_as_one_of_the_period(valid: dict[str, str] | None, counts: bool) -> None:
    case = chain_case("B6")
    for stage in ("G01", "M01", "M02"):
        document(case, f"B6-{stage}")["date"] = "2020-09-01"
        if stage != "G01":
            document(case, f"B6-{stage}")["valid"] = valid
    assert whole(case) is counts
    if not counts:
        assert lacking(case, "B6-M01") == {"window"}


@pytest.mark.parametrize(
    "period", ["2021/22", "2021/2022 учебный год", "2022", "2022 год", "июнь 2022", "июнь 2022 г."]
)
def test_a_report_of_a_period_needs_no_date(period: str) -> None:
    case = chain_case("B6")
    report = document(case, "B6-A01")
    del report["date"]
    assert lacking(case, "B6-M01") == {"window", "dated"}
    report["period"] = period
    assert whole(case)


@pytest.mark.parametrize("period", ["2019/20", "2020", "июнь 2021", "2022/23"])
def test_a_report_of_another_period_is_out_of_the_window(period: str) -> None:
    case = chain_case("B6")
    report = document(case, "B6-A01")
    del report["date"]
    report["period"] = period
    inside = period == "2022/23"  # it begins in September, and the study ends in October
    assert whole(case) if inside else lacking(case, "B6-M01") == {"window"}


def test_an_order_needs_its_date_whatever_year_it_speaks_of() -> None:
    case = chain_case("B6")
    del document(case, "B6-D01")["date"]
    document(case, "B6-D01")["period"] = "2021/22"
    assert lacking(case, "B6-M01") == {"date"}


@pytest.mark.parametrize(
    ("start", "day", "inside"),
    [
        ("2021-09-01", "2021-08-20", True),
        ("2021-09-01", "2021-08-19", False),
        ("2021-09-02", "2021-08-31", False),
        ("2022-01-01", "2021-12-31", False),
    ],
)
def test_orders_of_late_august_open_a_school_year(start: str, day: str, inside: bool) -> None:
    case = chain_case("B6")
    case["study"]["from"] = start
    for each in case["documents"]:
        each["date"] = "2022-03-01"
    document(case, "B6-G01")["date"] = document(case, "B6-M01")["date"] = document(case, "B6-M02")["date"] = day
    assert whole(case) is inside


def test_recommendations_without_a_date_are_not_told_that_it_is_out_of_the_period() -> None:
    case = chain_case("B6")
    del document(case, "B6-RC01")["date"]
    assert whole(case)
    document(case, "B6-RC01")["date"] = "2020-05-05"
    assert lacking(case, "B6-M01") == {"current"}


@pytest.mark.parametrize("number", ["б/н", "б/н.", "—", "без номера"])
def test_no_number_is_no_number(number: str) -> None:
    case = chain_case("B6")
    document(case, "B6-D01")["number"] = number
    assert lacking(case, "B6-M01") == {"number"}


@pytest.mark.parametrize("number", ["01-03\\482", "112/ 2.4.3", "К/76 -од", "52-0/3"])
def test_numbers_as_schools_write_them(number: str) -> None:
    case = chain_case("B6")
    document(case, "B6-D01")["number"] = number
    assert whole(case)


# Templates


@pytest.mark.parametrize(
    ("field", "text", "template"),
    [
        ("title", "Приказ № ___ от ___", True),
        ("title", "Приказ от «__» ______ 20__ г.", True),
        ("title", "План на 20__/20__ учебный год", True),
        ("title", "Приказ № 12-од от 14.02.2022", False),
        ("quote", "Приказ № ____ от ____", True),
        ("quote", "«___» __________ 2022 г.", True),
        ("quote", "«__» ____ 20__ г.", True),
        ("quote", "Директор ________ И. О. Фамилия", False),
        ("quote", "УТВЕРЖДАЮ ____________ /И. О. Фамилия/", False),
        ("quote", "Приказ № 12-од от 14.02.2022. Директор ________", False),
    ],
)
def test_a_template_is_known_by_its_blanks(field: str, text: str, template: bool) -> None:
    case = chain_case("B6")
    document(case, "B6-D01")[field] = text
    assert whole(case) is not template
    if template:
        assert lacking(case, "B6-M01") == {"filled"}
        assert outcomes(judged(case), "B6-M01")[-1] is Outcome.MISSING


# Kinds


@pytest.mark.parametrize("kind", ["страница сайта", "протокол педсовета", "план мероприятий", "таблица"])
def test_what_is_no_order_is_no_decision(kind: str) -> None:
    case = chain_case("B6")
    document(case, "B6-D01")["kind"] = kind
    assert lacking(case, "B6-M01") == {"kind"}


@pytest.mark.parametrize("kind", [None, "приказ", "Приказ директора", "распоряжение", "приказ об утверждении плана"])
def test_an_order_or_a_kind_that_nobody_stated_passes(kind: str | None) -> None:
    case = chain_case("B6")
    document(case, "B6-D01")["kind"] = kind
    assert whole(case)


def test_of_other_stages_a_wrong_kind_is_only_remarked() -> None:
    case = chain_case("B6")
    for stage in ("M01", "M02", "A01", "RC01", "P01"):
        document(case, f"B6-{stage}")["kind"] = "страница сайта"
    assessment = judged(case)
    assert assessment.tally == Tally(2, 2, 2, 2)
    assert {requirement for _, requirement in remarked(assessment)} == {"kind"}


# Contents per element


def test_contents_for_one_element_stand_instead_of_those_for_all() -> None:
    case = chain_case("B1")
    order = document(case, "B1-M01")
    order["serves"] += ["B1-M02"]
    order["based_on"] += ["d-b1-g02"]
    case = without_document(case, "d-b1-m02")
    document(case, "B1-A01")["based_on"] = ["d-b1-m01", "d-b1-m03", "d-b1-m04"]
    assert whole(case, "B1")
    order = document(case, "B1-M01")
    order["holds_for"] = {"B1-M02": ["goals", "tasks", "signature"]}
    assert broken_lines(judged(case, "B1")) == {"B1-G02-M02"}
    assert lacking(case, "B1-M02", "B1") == {"deadlines"}
    order["holds"], order["holds_for"] = ["goals"], {"B1-M01": order["holds"], "B1-M02": order["holds"]}
    assert whole(case, "B1")


def test_a_document_that_belongs_nowhere_changes_nothing() -> None:
    case = chain_case("B6")
    before = judged(case)
    case["documents"].append(
        {"id": "chuzhoe", "title": "Положение о наставничестве", "unrelated": True, "holds": ["goals"], "quote": "…"}
    )
    after = judged(case)
    assert after.scores == before.scores
    assert [f.fingerprint for f in after.all_findings()] == [f.fingerprint for f in before.all_findings()]


# Claims


def claim(case: Data, element: str, what: str, state: str | None = None) -> Data:
    """Say one thing of the document of an element in `evidence`."""
    said: dict[str, Any] = {"claim": what, "quote": "со стр. 1", "in": {"file": "prikaz.pdf", "page": 1}}
    document(case, element).setdefault("evidence", []).append(said | ({"state": state} if state else {}))
    return case


STATES = [(None, True, True), ("confirmed", True, True), ("proposed", False, True), ("not_checked", False, True)]


@pytest.mark.parametrize(("state", "proven", "possible"), [*STATES, ("rejected", False, False)])
@pytest.mark.parametrize(
    ("element", "field", "value", "what"),
    [
        ("B2-M01", "holds", ["goals", "tasks", "responsible", "signature"], "deadlines"),
        ("B2-D01", "based_on", [], "based_on d-b2-p01"),
        ("B2-D01", "number", None, "number 12-од"),
        ("B2-A01", "date", None, "date 2022-01-01"),
        ("B2-A01", "serves", ["B2-R01"], "serves B2-A01"),
        ("B2-RC01", "addressees", [], "addressees teachers"),
    ],
)
def test_what_is_said_of_a_document_counts_by_its_state(
    element: str, field: str, value: Any, what: str, state: str | None, proven: bool, possible: bool
) -> None:
    case = chain_case("B2")
    changed = document(case, element)
    changed[field] = value
    if what.startswith("date"):
        for later in ("B2-RC01", "B2-P01", "B2-D01"):
            document(case, later)["date"] = "2022-03-01"
    changed.setdefault("evidence", []).append({"claim": what} | ({"state": state} if state else {}))
    block = block_of(judged(case, "B2"), "B2")
    line = block.lines[0]
    assert (line.trace is not None and line.trace.complete) is proven
    assert (line.points.high >= line.points.max) is possible
    if possible and not proven:
        assert line.outcome is Outcome.NOT_CHECKED
        assert not [f for f in block.findings if f.kind is FindingKind.BREAK]
    if not possible:
        assert [f for f in block.findings if f.kind is FindingKind.BREAK]
        assert line.outcome in (Outcome.PARTIAL, Outcome.MISSING)


@pytest.mark.parametrize("state", ["proposed", "not_checked"])
def test_what_waits_for_a_person_is_not_remarked(state: str) -> None:
    case = claim(chain_case("B6"), "B6-D01", "signature", state)
    document(case, "B6-D01")["holds"].remove("signature")
    assessment = judged(case)
    assert remarked(assessment) == set()
    assert block_of(assessment, "B6").cycle.high == 2
    block = block_of(assessment, "B6")
    assert not block.cycle.certain
    assert [line.remarks for line in block.lines] == [(), ()]
    assert block.tally.remarked == 0
    assert all(line["remarks"] == [] for line in result(assessment)["blocks"][5]["lines"])
    document(case, "B6-D01")["evidence"][0]["state"] = "rejected"
    assert remarked(judged(case)) == {("d-b6-d01", "signature")}
    block = block_of(judged(case), "B6")
    assert {lack.lacks for line in block.lines for lack in line.remarks} == {("signature",)}
    assert block.tally.remarked == len([line for line in block.lines if line.points.points == Fraction(9, 10)]) > 0


def test_an_element_outside_the_lines_that_waits_is_not_missing() -> None:
    case = complete_case()
    case = claim(case, "C-02", "serves C-02", "proposed")
    document(case, "C-02")["serves"] = []
    assessment = assessed(case)
    assert assessment.outcome_of("C-02") is Outcome.NOT_CHECKED
    assert not [f for f in assessment.all_findings() if f.element == "C-02"]
    levels = assessment.verdict
    assert [x.id if x else None for x in (levels.low, levels.level, levels.high)] == ["partly", "partly", "formed"]


def test_a_link_that_nobody_looked_for_is_not_checked() -> None:
    case = chain_case("B6")
    for each in case["documents"]:
        each["based_on"] = []
    assert {line.outcome for line in lines_of(judged(case)).values()} == {Outcome.PARTIAL}
    case["links_checked"] = False
    assessment = judged(case)
    assert {line.outcome for line in lines_of(assessment).values()} == {Outcome.NOT_CHECKED}
    low = Fraction(7, 12)  # in each of two lines one stage holds and five more have documents: ½ · (1 + ½ · 5) / 6
    assert block_of(assessment, "B6").cycle == Bounds(low, low, 2, 2)
    assert not [f for f in assessment.all_findings() if f.kind is FindingKind.BREAK]


def test_a_link_of_one_document_that_nobody_looked_for_opens_it_alone() -> None:
    case = chain_case("B6")
    document(case, "B6-D01")["based_on"] = []
    document(case, "B6-D01")["evidence"] = [{"claim": "based_on", "state": "not_checked"}]
    assert line_of(judged(case), "B6-M01").outcome is Outcome.NOT_CHECKED
    document(case, "B6-P01")["based_on"] = []
    assert line_of(judged(case), "B6-M01").outcome is Outcome.PARTIAL


def test_a_link_that_a_person_denied_is_missing_where_others_were_not_looked_for() -> None:
    case = chain_case("B6") | {"links_checked": False}
    order = document(case, "B6-D01")
    order["evidence"] = [{"claim": f"based_on {d['id']}", "state": "rejected"} for d in case["documents"]]
    order["based_on"] = []
    assert line_of(judged(case), "B6-M01").outcome is Outcome.PARTIAL
    del order["evidence"][0:]
    assert line_of(judged(case), "B6-M01").outcome is Outcome.NOT_CHECKED


def test_where_links_were_not_looked_for_an_absent_document_is_still_absent() -> None:
    case = without_document({**chain_case("B6"), "links_checked": False}, "d-b6-p01")
    assert outcomes(judged(case), "B6-M01")[4] is Outcome.MISSING


# Facts before decisions


@pytest.mark.parametrize(
    ("levels", "counts", "lines"),
    [
        (["НОО"], {}, {"B1": 2, "B2": 2, "B3": 3, "B4": 1, "B5": 3, "B6": 2}),
        (["НОО", "ООО"], {}, {"B1": 4, "B4": 4}),
        (["НОО", "ООО", "СОО"], {}, {"B1": 4, "B2": 2, "B3": 3, "B4": 5, "B5": 3, "B6": 2}),
        (["НОО", "ООО"], {"graduates_9": 0}, {"B1": 3, "B4": 3}),
        (["НОО", "ООО", "СОО"], {"graduates_9": 0}, {"B1": 4, "B4": 4}),
        (["НОО", "ООО", "СОО"], {"graduates_9": 0, "graduates_11": 0}, {"B1": 3, "B4": 3}),
        (["НОО", "ООО", "СОО"], {"tenth_graders": 0}, {"B1": 4, "B4": 5}),
        (["НОО", "ООО", "СОО"], {"lagging_students": 0}, {"B2": 0}),
        (["НОО", "ООО", "СОО"], {"lagging_students": 1}, {"B2": 2}),
        (["НОО", "ООО", "СОО"], {"young_teachers": 0}, {"B5": 2}),
        (["НОО", "ООО", "СОО"], {"young_teachers": 1}, {"B5": 3}),
        (["СОО"], {"graduates_11": 0}, {"B1": 2, "B4": 3}),
    ],
)
def test_lines_apply_by_levels_and_counts(levels: list[str], counts: dict[str, int], lines: dict[str, int]) -> None:
    """A count that is not stated excludes nothing."""
    assessment = assessed(school_case(levels=levels, counts=counts))
    assert {block: block_of(assessment, block).tally.total for block in lines} == lines


def test_a_school_without_lagging_pupils_is_judged_by_five_blocks() -> None:
    assessment = assessed(complete_case(counts={"lagging_students": 0}))
    assert assessment.cycle == Bounds(5, 5, 5, 5)
    assert assessment.verdict.level is not None
    assert assessment.verdict.level.id == "formed", "no decision left the block out"
    assert assessment.left_out == ()


def test_without_a_tenth_class_the_decision_of_block_4_is_the_order_on_the_programme() -> None:
    case = complete_case()
    case["school"]["counts"] = {"tenth_graders": 0}
    assessment = assessed(case)
    assert "profile" not in assessment.expectation.elements["B4-D01"].requires
    assert remarked(assessment) == {("d-b4-d01", r) for r in ("decision", "executors", "control")}
    assert assessed(complete_case(counts={"tenth_graders": 0})).cycle.percent == 100


def test_a_primary_school_may_be_formed_with_the_lines_it_has() -> None:
    assessment = assessed(complete_case(levels=["НОО"]))
    assert assessment.tally == Tally(13, 0, 13, 13)
    assert assessment.complete
