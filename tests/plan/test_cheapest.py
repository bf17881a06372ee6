"""«On small cases brute force finds nothing cheaper», and nothing better for a budget."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import Data, assessed, document, school_case
from tests.plan.oracle import Oracle
from tests.plan.small import BLOCK, complete_block, gapped, one_block
from vsoko_rules.advice.plan import Goal, ToBlock, ToLevel, WithinBudget, plan, reaches

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


def test_the_oracle_sees_what_the_plan_sees() -> None:
    case = school_case(complete_block())
    document(case, "B6-D01")["based_on"] = []
    made = plan(assessed(case, one_block()), ToBlock(BLOCK))
    assert made.effort == Decimal("0.1")
    found = Oracle(case).cheaper(Decimal("0.15"), lambda a: reaches(a, ToBlock(BLOCK)))
    assert found in (["d-b6-d01>d-b6-a01"], ["d-b6-d01>d-b6-p01"])
