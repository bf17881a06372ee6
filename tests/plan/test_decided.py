"""Lines that a decision leaves out: what else asks for their elements still gets a plan."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.builders import assessed, child_ruleset, complete_case, school_case, without_document
from vsoko_rules.advice.plan import ToLevel, WithinBudget, plan
from vsoko_rules.ruleset.load import load

LEFT_OUT = {"outcome": "not_applicable", "by": "Эксперт", "date": "2022-10-01", "comment": "нет"}


def test_what_a_level_needs_is_planned_though_its_line_is_left_out(tmp_path: Path) -> None:
    under = child_ruleset(tmp_path, "levels:\n  - {id: formed, needs: [B1-M01]}\n")
    case = without_document(complete_case(), "d-b1-m01") | {"overrides": [{"of": "B1-G01", **LEFT_OUT}]}
    made = plan(assessed(case, under), ToLevel("formed"))
    assert made.reached
    assert [(step.new, step.elements, step.cites) for step in made.steps] == [(True, ("B1-M01",), ())]


def test_indicators_of_lines_that_are_left_out_are_earned() -> None:
    """Nothing of the block rests on goals then; its orders and reports earn their indicators all the same."""
    under = load("tver-2022")
    goals = {line.elements[0] for line in under.lines if line.block == "B1"}
    case = school_case(overrides=[{"of": goal, **LEFT_OUT} for goal in sorted(goals)])
    made = plan(assessed(case, under), WithinBudget(Decimal(100)))
    earned = {row.indicator for block in made.after.blocks for row in block.rows if row.points.points}
    assert made.optimal
    assert {"B1-M01", "B1-A01", "B1-RC01", "B1-P01", "B1-D01"} <= earned
