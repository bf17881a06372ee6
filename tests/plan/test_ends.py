"""One complete line that a goal implies is asked for, with the end that all lines share: no plan changes, and the proof
that none is less work needs no search."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.builders import Data, assessed, child_ruleset, complete_case, expectation, school_case
from tests.plan.large import large_case
from vsoko_rules.advice.plan import ToLevel, plan
from vsoko_rules.advice.plan import scale as scale_module
from vsoko_rules.advice.plan import solver as solver_module
from vsoko_rules.advice.plan.ends import shared_end
from vsoko_rules.advice.plan.repairs import Repairs
from vsoko_rules.advice.plan.scale import Scale
from vsoko_rules.advice.plan.solver import BinaryProgram
from vsoko_rules.advice.timing import advice_day
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.words import limit

FORMED = ToLevel("formed")


def goals_dated_late() -> Assessment:
    """A town's school whose goals of one block are dated after all that rests on them: number 6318 of the damaged cases
    of seed 2026. Many lines begin, and none of three blocks is whole."""
    case: Data = yaml.load((shipped("cases") / "gorodskaya-sosh.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
    next(d for d in case["documents"] if d["id"] == "celi-5")["date"] = "2022-06-27"
    case["filled_by"]["date"] = "2022-08-29"
    return assessed(case)


def test_the_proof_needs_next_to_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver_module, "limit", lambda name: 20 if name == "plan_nodes" else limit(name))
    made = plan(goals_dated_late(), FORMED)
    assert made.reached
    assert made.optimal


def large_school() -> Assessment:
    return assessed(large_case(2))


@pytest.mark.parametrize("school", [goals_dated_late, large_school])
def test_no_plan_is_less_work_without_it(school: Callable[[], Assessment], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = plan(school(), FORMED)
    monkeypatch.setattr(scale_module, "require_one", lambda *_: None)
    assert plan(school(), FORMED).effort == asked.effort


def ends(under: Ruleset | None = None, case: Data | None = None) -> dict[str, tuple[str, ...]]:
    """By block with what all its lines end, for a school that has everything."""
    assessment = assessed(case or complete_case(), under)
    built = Scale(BinaryProgram(), Repairs(assessment, advice_day(assessment.case.content)))
    return {b.id: shared_end(b.lines) for b in built.blocks}


def test_the_end_is_what_all_lines_of_a_block_have_in_common() -> None:
    assert ends()["B4"] == ("B4-A01", "B4-RC01", "B4-P01", "B4-D01")
    assert {len(end) for end in ends().values()} == {4}


def test_what_may_rest_on_an_element_of_one_line_alone_begins_the_end(tmp_path: Path) -> None:
    """The order may rest on the report, too: once that is outside, the order alone is left."""
    plans = "elements:\n  - {id: B4-P01, may_rest_on: [B4-M01]}\n"
    assert ends(child_ruleset(tmp_path, plans, "one"))["B4"] == ("B4-D01",)
    orders = "  - {id: B4-D01, may_rest_on: []}\n"
    assert ends(child_ruleset(tmp_path, plans + orders, "other"))["B4"] == ("B4-P01", "B4-D01")


def test_an_element_that_is_decided_away_is_not_in_the_end() -> None:
    signed = {"by": "Эксперт 1", "date": "2022-10-20", "comment": "Не проводится"}
    case = complete_case()
    case["overrides"] = [{"of": "B4-RC01", "outcome": "not_applicable", **signed}]
    assert ends(case=case)["B4"] == ("B4-A01", "B4-P01", "B4-D01")


def test_a_share_that_broken_lines_reach_asks_for_no_complete_one(tmp_path: Path) -> None:
    low = "levels:\n  - {id: formed, at_least: 40, each_block: 40, needs: []}\n"
    under = child_ruleset(tmp_path, low)
    needed = {e for line in under.lines for e in line.elements}
    documents = [d for d in complete_case()["documents"] if d["serves"][0] in needed & set(expectation().elements)]
    for document in documents:
        if document["serves"][0].split("-")[1][:2] in ("RC", "P0", "D0"):
            document.update(holds=[], based_on=[])
    made = plan(assessed(school_case(documents), under), FORMED)
    assert made.reached
    assert not any(line.trace.complete for block in made.after.blocks for line in block.lines if line.trace)
