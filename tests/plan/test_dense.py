"""A case in which everything could rest on everything: the program stays small, and a plan says what is not proven."""

from __future__ import annotations

import pytest

from tests.builders import Data, assessed, chain_case, expectation, school_case
from tests.plan.small import BLOCK, one_block
from tests.plan.test_kept import again, kept
from vsoko_rules.advice.plan import ToBlock, ToLevel, plan
from vsoko_rules.advice.plan.repairs import Repairs
from vsoko_rules.advice.plan.scale import Scale
from vsoko_rules.advice.plan.solver import BinaryProgram, Solution, SolverStatus, Terms
from vsoko_rules.advice.timing import advice_day
from vsoko_rules.report.plan_view import plan_text


def dense_case(number: int) -> Data:
    """So many documents that each serve every element and hold nothing of what is asked of it."""
    elements = list(expectation().elements)
    return school_case([{"id": f"d{n}", "title": f"Отчёт {n}", "serves": elements} for n in range(number)])


def size(number: int) -> int:
    """How many variables the program of a dense case has."""
    assessment = assessed(dense_case(number))
    program = BinaryProgram()
    Scale(program, Repairs(assessment, advice_day(assessment.case.content)))
    return program.size


def test_the_program_does_not_grow_without_end() -> None:
    assert size(3) == size(5) == size(40)


def test_a_plan_that_is_not_proven_is_kept_and_says_so() -> None:
    made = plan(assessed(dense_case(5)), ToLevel("formed"))
    assert made.steps
    assert not made.optimal
    assert kept(made, again(made))
    assert "не доказано" in plan_text(made)


@pytest.mark.parametrize("documents", [0, 2, 5])
def test_whatever_solution_comes_back_gives_a_plan_that_is_kept(
    documents: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The solver may stop early: what it chose beyond need, a reference to what is not written too, does no harm."""
    cheapest = BinaryProgram.minimize

    def wasteful(program: BinaryProgram, costs: Terms) -> Solution:
        chosen = cheapest(program, costs).chosen
        for variable in range(program.size):
            if program.satisfied_by(chosen | {variable}):
                chosen |= {variable}
        return Solution(SolverStatus.FEASIBLE, chosen)

    monkeypatch.setattr(BinaryProgram, "minimize", wasteful)
    case = chain_case(BLOCK)
    case["documents"] = case["documents"][:documents]
    made = plan(assessed(case, one_block()), ToBlock(BLOCK))
    assert made.steps
    assert not made.optimal
    assert kept(made, again(made))
