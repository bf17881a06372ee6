"""A plan and where a school stands as plain data, for JSON."""

from __future__ import annotations

from typing import Any

from vsoko_rules.advice.plan import PlanStep, RepairPlan, ToBlock, ToLevel, WithinBudget
from vsoko_rules.report.plan_view import StepView, plan_shown
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.result import number


def plan_data(plan: RepairPlan) -> dict[str, Any]:
    """A plan as plain data."""
    view = plan_shown(plan)
    return {
        "schema": 1,
        "ruleset": {
            "id": plan.before.ruleset.id,
            "version": plan.before.ruleset.version,
            "sha256": plan.before.ruleset.sha256,
        },
        "case": {"file": plan.before.case.name, "sha256": plan.before.case.sha256},
        "day": {"date": plan.day.day.isoformat(), "from": plan.day.origin.value},
        "cycle": {
            "next": plan.ahead,
            "from": plan.before.case.content.study.start.isoformat(),
            "to": plan.before.case.content.study.end.isoformat(),
        },
        "goal": {"kind": view.aim, "target": _target(plan)},
        "reached": plan.reached,
        "optimal": plan.optimal,
        "effort": float(plan.effort),
        "before": _state_data(plan.present),
        "after": _state_data(plan.after),
        "steps": [_step_data(step, shown) for step, shown in zip(plan.steps, view.steps, strict=True)],
        "remarks": [{"kind": remark.value, "codes": list(codes)} for remark, codes in plan.caveats],
        "unknown": list(plan.unknown),
    }


def _target(plan: RepairPlan) -> str | float | None:
    if isinstance(plan.goal, ToLevel):
        return plan.goal.level
    if isinstance(plan.goal, ToBlock):
        return plan.goal.block
    return float(plan.goal.days) if isinstance(plan.goal, WithinBudget) else None


def _state_data(assessment: Assessment) -> dict[str, Any]:
    """Where the school stands, and by block the points of the score that decides."""
    scored = [b for b in assessment.blocks if assessment.block_score(b).max]
    blocks = {b.id: number(assessment.block_score(b).points) for b in scored}
    return {**standing_data(assessment), "blocks": blocks}


def standing_data(assessment: Assessment) -> dict[str, Any]:
    """The level, the score that decides (`percent` of its `max`), how many lines are complete, and both scores."""
    level, score, tally = assessment.score.verdict.level, assessment.score, assessment.tally
    share = score.bounds.percent
    return {
        "level": level.id if level else None,
        "score": {
            "by": score.by,
            "points": number(score.bounds.points),
            "max": number(score.bounds.max),
            "percent": None if share is None else number(share),
        },
        "lines": {"complete": tally.complete, "remarked": tally.remarked, "total": tally.total},
        "cycle": number(assessment.cycle.points),
        "indicators": number(assessment.indicators.points),
    }


def _step_data(step: PlanStep, view: StepView) -> dict[str, Any]:
    return {
        "number": step.number,
        "kind": step.kind.value,
        "document": step.document,
        "new": step.new,
        "title": view.subject,
        "stage": step.stage,
        "blocks": list(step.blocks),
        "elements": list(step.elements),
        "requirements": list(step.requirements),
        "addressees": list(step.addressees),
        "any_addressee": view.any_addressee,
        "cites": [{"document": c.id, "title": c.label, "step": c.step} for c in view.cites],
        "lines": list(step.lines),
        "cleared": list(step.cleared),
        "after": list(step.after),
        "due": step.due.isoformat() if step.due else None,
        "parts": [{"kind": p.kind.value, "codes": list(p.codes), "effort": float(p.effort)} for p in step.parts],
        "sample": view.advice.sample if view.advice else None,
        "effort": float(step.effort),
        "origin": step.origin.value,
    }
