"""Twenty situations and what a fair expert concludes of each."""

from __future__ import annotations

import pytest

from tests.builders import ruleset
from tests.verdict.situations import SITUATIONS, Situation, read_situation
from vsoko_rules.engine import durable
from vsoko_rules.engine.names import EngineName
from vsoko_rules.verdict.assessment import Assessment, assess
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.findings import FindingKind

BY_CODE = {s.code: s for s in SITUATIONS}


def verdict_of(code: str) -> Assessment:
    return assess(read_situation(BY_CODE[code]), ruleset(), EngineName.PLAIN)


def breaks(assessment: Assessment) -> set[tuple[BreakKind, str]]:
    """How and at which stage lines break."""
    traces = [line.trace for block in assessment.blocks for line in block.lines]
    return {(t.break_.kind, t.break_.stage) for t in traces if t is not None and t.break_ is not None}


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: f"{s.code} {s.name}")
def test_level_and_complete_lines(situation: Situation) -> None:
    assessment = assess(read_situation(situation), ruleset(), EngineName.PLAIN)
    level, tally = assessment.verdict.level, assessment.tally
    assert level is not None
    assert (level.title, tally.complete, tally.total) == (situation.level, situation.complete, situation.total)
    assert bool(tally.remarked) is situation.remarks
    assert not [f for f in assessment.all_findings() if f.kind is FindingKind.CIRCLE]


def test_a_missing_target_is_a_remark() -> None:
    assessment = verdict_of("A03")
    lacks = {r for f in assessment.all_findings() if f.kind is FindingKind.REMARK for r in f.lacks}
    assert lacks == {"target"}
    assert assessment.cycle.percent == 90


def test_a_plan_in_force_is_not_of_another_year() -> None:
    assert breaks(verdict_of("B02")) == {(BreakKind.DATED_BEFORE, "measure")}


def test_no_analysis_is_told_with_the_contradiction_of_the_sources() -> None:
    assessment = verdict_of("C08")
    assert breaks(assessment) == {(BreakKind.NO_DOCUMENT, "analysis")}
    broken = {f.element for f in assessment.all_findings() if f.kind is FindingKind.BREAK}
    assert broken == {"B3-A01", "B4-A01", "B5-A01", "B6-A01"}
    assert all(ruleset().elements[element or ""].disputed for element in broken)


def test_orders_a_day_before_their_plans() -> None:
    assert breaks(verdict_of("E16")) == {(BreakKind.DATED_BEFORE, "order")}


def test_orders_that_rest_on_nothing() -> None:
    assert breaks(verdict_of("E02")) == {(BreakKind.NOT_BASED, "order")}


@pytest.mark.parametrize(
    ("code", "left_out"), [("G01", ("B4-D01",)), ("G13", ("B3-A01", "B4-A01", "B5-A01", "B6-A01"))]
)
def test_a_stage_left_out_is_stepped_over_and_listed(code: str, left_out: tuple[str, ...]) -> None:
    assessment = verdict_of(code)
    automatic, unlimited = assessment.automatic.verdict.level, assessment.unlimited
    assert assessment.left_out == left_out
    assert automatic is not None
    assert unlimited is not None
    assert automatic.title == "частично сформирована"
    assert unlimited.verdict.level is automatic
    assert all(block.tally.total for block in assessment.blocks if block.lines)
    cells = [c for b in assessment.blocks for line in b.lines if line.trace for c in line.trace.cells]
    stepped = {c.element for c in cells if c.outcome is Outcome.NOT_APPLICABLE}
    assert stepped == set(left_out)


@pytest.mark.skipif(not durable.available(), reason="the second engine is not there")
@pytest.mark.parametrize("code", ["A07", "A09", "B02", "B06", "C05"])
def test_both_engines_conclude_the_same_of_parts_approval_and_kinds(code: str) -> None:
    """`both` raises where they differ."""
    assessment = assess(read_situation(BY_CODE[code]), ruleset(), EngineName.BOTH)
    assert assessment.scores == verdict_of(code).scores
