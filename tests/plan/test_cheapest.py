"""«On small cases brute force finds nothing cheaper», and nothing better for a budget."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import Data, assessed, document, school_case
from tests.plan.oracle import Oracle
from tests.plan.small import BLOCK, complete_block, gapped, one_block
from vsoko_rules.advice.plan import Goal, ToBlock, ToLevel, WithinBudget, plan, reaches

pytestmark = pytest.mark.slow

SLOW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
MOST = Decimal("1.5")
"""days up to which every plan is tried"""


@SLOW
@given(case=gapped(), goal=st.sampled_from([ToBlock(BLOCK), ToLevel("formed"), ToLevel("partly")]))
def test_no_cheaper_plan_reaches_the_goal(case: Data, goal: Goal) -> None:
    made = plan(assessed(case, one_block()), goal)
    assert made.optimal
    oracle = Oracle(case)
    limit = min(made.effort, MOST) if made.reached else MOST
    assert oracle.cheaper(limit, lambda result: reaches(result, goal)) is None
    if made.reached and made.effort < MOST:  # with a little more to spend the oracle finds it too: it sees enough
        assert oracle.cheaper(made.effort + Decimal("0.01"), lambda result: reaches(result, goal)) is not None


@SLOW
@given(case=gapped(3), days=st.sampled_from(["0", "0.1", "0.25", "0.3", "0.5"]))
def test_no_plan_within_the_budget_brings_more(case: Data, days: str) -> None:
    budget = Decimal(days)
    made = plan(assessed(case, one_block()), WithinBudget(budget))
    assert made.effort <= budget
    assert made.after.cycle.points == Oracle(case).most_points(budget)


def twin(case: Data, element: str, **changes: object) -> None:
    """A second document of an element, sound but for these changes."""
    case["documents"].append({**copy.deepcopy(document(case, element)), "id": "twin", **changes})


def reference_lost(case: Data) -> None:
    document(case, "B6-RC01")["based_on"] = []


def path_parts_between_two_reports(case: Data) -> None:
    twin(case, "B6-A01", based_on=[])
    document(case, "B6-RC01")["based_on"] = ["twin"]


def tidy_report_beside_the_path(case: Data) -> None:
    twin(case, "B6-A01")
    document(case, "B6-A01")["holds"] = []


def tidy_report_reached_by_nothing(case: Data) -> None:
    twin(case, "B6-A01", based_on=[])
    document(case, "B6-A01")["holds"] = []


def order_and_plan_rest_on_different_reports(case: Data) -> None:
    twin(case, "B6-A01")
    document(case, "B6-D01")["based_on"] = ["twin"]


def gap_in_the_middle_and_an_order_that_begins_anew(case: Data) -> None:
    reference_lost(case)
    twin(case, "B6-D01", based_on=[])


def every_document_apart(case: Data) -> None:
    for each in case["documents"]:
        each["based_on"] = []


@pytest.mark.parametrize("spoil", [
    reference_lost, path_parts_between_two_reports, tidy_report_beside_the_path, tidy_report_reached_by_nothing,
    order_and_plan_rest_on_different_reports, gap_in_the_middle_and_an_order_that_begins_anew, every_document_apart,
])  # fmt: skip
def test_a_plan_counts_on_one_path_of_linked_documents(spoil: Callable[[Data], None]) -> None:
    """What stands side by side adds up to no line: whoever spends nothing is promised what there is, and whoever wants
    the block has something to do (`plan` holds its promise against the pipeline itself)."""
    case = school_case(complete_block())
    spoil(case)
    stands = assessed(case, one_block())
    idle = plan(stands, WithinBudget(Decimal(0)))
    assert idle.after.cycle == stands.cycle
    assert idle.effort == 0
    made = plan(stands, ToBlock(BLOCK))
    assert made.reached
    assert (made.effort == 0) is reaches(stands, ToBlock(BLOCK))
    assert Oracle(case).cheaper(made.effort, lambda a: reaches(a, ToBlock(BLOCK))) is None


def test_the_oracle_sees_what_the_plan_sees() -> None:
    case = school_case(complete_block())
    document(case, "B6-D01")["based_on"] = []
    made = plan(assessed(case, one_block()), ToBlock(BLOCK))
    assert made.effort == Decimal("0.1")
    found = Oracle(case).cheaper(Decimal("0.15"), lambda a: reaches(a, ToBlock(BLOCK)))
    assert found in (["d-b6-d01>d-b6-a01"], ["d-b6-d01>d-b6-p01"])
