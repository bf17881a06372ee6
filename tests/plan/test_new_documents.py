"""What a new document of a plan serves and names: what it is written for, and no more."""

from __future__ import annotations

import pytest

from tests.builders import assessed, chain_case, complete_case, only_blocks, without_document
from vsoko_rules.advice.plan import ToBlock, plan
from vsoko_rules.advice.plan.solver import BinaryProgram, Solution, Terms


def test_whichever_of_equally_cheap_solutions_comes_back_it_serves_what_it_is_written_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One order could close both blocks at no more work; who asks for one block gets an order about that one."""
    cheapest = BinaryProgram.minimize

    def generous(program: BinaryProgram, costs: Terms) -> Solution:
        found = cheapest(program, costs)
        chosen = found.chosen
        for variable in range(program.size):
            if not costs.get(variable) and program.satisfied_by(chosen | {variable}):
                chosen |= {variable}
        return Solution(found.status, chosen)

    monkeypatch.setattr(BinaryProgram, "minimize", generous)
    case = complete_case(["B1", "B2"])
    for order in ("d-b1-d01", "d-b2-d01"):
        case = without_document(case, order)
    (step,) = plan(assessed(case, only_blocks("B1", "B2")), ToBlock("B1")).steps
    assert step.elements == ("B1-D01",)


def test_it_names_what_it_rests_on_in_the_order_of_ids() -> None:
    case = without_document(chain_case("B4"), "d-b4-a01")
    report = plan(assessed(case, only_blocks("B4")), ToBlock("B4")).steps[0]
    assert report.elements == ("B4-A01",)
    assert report.cites == tuple(f"d-b4-m0{number}" for number in range(1, 6))
