"""What is shown of a plan: its steps with titles and words looked up, as text for the terminal and as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vsoko_rules.advice.plan import (
    PlanCaveat,
    PlanStep,
    RepairKind,
    RepairPlan,
    StepKind,
    ToBlock,
    ToLevel,
    WithinBudget,
)
from vsoko_rules.report.named import AdviceView, ElementView, RequirementView
from vsoko_rules.report.wording import Titles, points
from vsoko_rules.ruleset.model import Origin
from vsoko_rules.templates import render, rich
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.verdict.result import number
from vsoko_rules.words import effort, percent, words

FIRST = 3
"""how many steps are shown first"""

_ADVICE = {
    StepKind.WRITE: BreakKind.NO_DOCUMENT,
    StepKind.AMEND: BreakKind.REQUIREMENTS,
    StepKind.CITE: BreakKind.NOT_BASED,
    StepKind.REISSUE: BreakKind.DATED_BEFORE,
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A document to be cited: its title, number and date; `step` when an earlier step writes it."""

    id: str
    label: str
    step: int | None


@dataclass(frozen=True, slots=True)
class StepView:
    """One step in words. `place`: file:line of a document that there is; `any_addressee`: whoever it may be."""

    step: PlanStep
    label: str
    place: str | None
    scan: bool
    kind: str | None
    stage: str
    blocks: tuple[str, ...]
    elements: tuple[ElementView, ...]
    requirements: tuple[RequirementView, ...]
    addressees: tuple[str, ...]
    any_addressee: bool
    cites: tuple[Cited, ...]
    advice: AdviceView | None
    effort: str
    origin: Origin

    def has(self, kind: str) -> bool:
        """Whether a repair of this kind is a part of the step."""
        return any(part.kind.value == kind for part in self.step.parts)


@dataclass(frozen=True, slots=True)
class State:
    """Where the school stands: the level, and the points of the score that gives it."""

    level: str | None
    points: str
    percent: str | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan in words."""

    plan: RepairPlan
    school: str
    file: str
    goal: str
    """`level`, `block`, `budget`, or `none` where there is nothing to plan for"""
    target: str | None
    before: State
    after: State
    effort: str
    steps: tuple[StepView, ...]
    first: tuple[StepView, ...]
    remarks: tuple[tuple[PlanCaveat, tuple[str, ...]], ...]


def plan_view(plan: RepairPlan) -> PlanView:
    """Everything that is shown of a plan."""
    titles = Titles(plan.before)
    steps = tuple(_step(step, plan, titles) for step in plan.steps)
    kind, target = _goal(plan)
    return PlanView(
        plan=plan,
        school=plan.before.case.content.school.name,
        file=plan.before.case.name,
        goal=kind,
        target=target,
        before=_state(plan.before),
        after=_state(plan.after),
        effort=effort(plan.effort),
        steps=steps,
        first=steps[:FIRST],
        remarks=tuple((remark, _named(remark, codes, titles)) for remark, codes in plan.remarks),
    )


def _goal(plan: RepairPlan) -> tuple[str, str | None]:
    if isinstance(plan.goal, ToLevel):
        return "level", next(v.title for v in plan.before.ruleset.levels if v.id == plan.goal.level)
    if isinstance(plan.goal, ToBlock):
        return "block", f"{plan.goal.block}. {plan.before.ruleset.blocks[plan.goal.block].name}"
    return ("budget", effort(plan.goal.days)) if isinstance(plan.goal, WithinBudget) else ("none", None)


def _state(assessment: Assessment) -> State:
    bounds, level = assessment.score.bounds, assessment.verdict.level
    return State(level.title if level else None, points(bounds), percent(bounds.percent))


def _named(remark: PlanCaveat, codes: Sequence[str], titles: Titles) -> tuple[str, ...]:
    if remark is PlanCaveat.UNREAD:
        return tuple(titles.documents[code].label for code in codes)
    return tuple(codes)


def _step(step: PlanStep, plan: RepairPlan, titles: Titles) -> StepView:
    ruleset = plan.before.ruleset
    existing = titles.documents.get(step.document)
    elements = tuple(titles.element(e) for e in step.elements)
    addressed = step.new and "addressee" in step.requirements
    return StepView(
        step=step,
        label=existing.label if existing else label(step, plan),
        place=existing.place if existing else None,
        scan=existing.scan if existing else False,
        kind=existing.kind if existing else elements[0].kind,
        stage=titles.stages[step.stage].title,
        blocks=tuple(f"{b}. {ruleset.blocks[b].name}" for b in step.blocks),
        elements=elements,
        requirements=_requirements(step, titles),
        addressees=tuple(ruleset.addressees[a].dative for a in step.addressees),
        any_addressee=(addressed or any(p.kind is RepairKind.ADDRESS for p in step.parts)) and not step.addressees,
        cites=tuple(_cited(code, plan, titles) for code in step.cites),
        advice=titles.advice(step.blocks[0], step.stage, _ADVICE[step.kind]),
        effort=effort(step.effort),
        origin=step.origin,
    )


def _requirements(step: PlanStep, titles: Titles) -> tuple[RequirementView, ...]:
    """Each requirement as the first of the step's elements that has it asks for it."""
    found = []
    for code in step.requirements:
        element = next((e for e in step.elements if code in titles.resolved(e).requires), step.elements[0])
        found.append(titles.requirement(code, element))
    return tuple(found)


def label(step: PlanStep, plan: RepairPlan) -> str:
    """How a document that a step writes is called: the title of its first element, in quotes."""
    title = Titles(plan.before).element(step.elements[0]).title.replace("«", "„").replace("»", "“")
    return str(words()["document"]["title"].format(title=title))


def _cited(code: str, plan: RepairPlan, titles: Titles) -> Cited:
    written = next((s for s in plan.steps if s.document == code and s.new), None)
    if written is not None:
        return Cited(code, label(written, plan), written.number)
    return Cited(code, titles.documents[code].label, None)


def plan_text(plan: RepairPlan) -> str:
    """A plan as Rich markup, at most 100 columns wide."""
    return render("text/plan.j2", rich, view=plan_view(plan))


def plan_data(plan: RepairPlan) -> dict[str, Any]:
    """A plan as plain data."""
    view = plan_view(plan)
    return {
        "schema": 1,
        "ruleset": {
            "id": plan.before.ruleset.id,
            "version": plan.before.ruleset.version,
            "sha256": plan.before.ruleset.sha256,
        },
        "case": {"file": plan.before.case.name, "sha256": plan.before.case.sha256},
        "goal": {"kind": view.goal, "target": _target(plan)},
        "reached": plan.reached,
        "optimal": plan.optimal,
        "effort": float(plan.effort),
        "before": _state_data(plan.before),
        "after": _state_data(plan.after),
        "steps": [_step_data(step) for step in view.steps],
        "remarks": [{"kind": remark.value, "codes": list(codes)} for remark, codes in plan.remarks],
    }


def _target(plan: RepairPlan) -> str | float | None:
    if isinstance(plan.goal, ToLevel):
        return plan.goal.level
    if isinstance(plan.goal, ToBlock):
        return plan.goal.block
    return float(plan.goal.days) if isinstance(plan.goal, WithinBudget) else None


def _state_data(assessment: Assessment) -> dict[str, Any]:
    """The level, both scores, and by block the points of the one that decides."""
    level = assessment.verdict.level
    scored = [b for b in assessment.blocks if assessment.block_score(b).max]
    return {
        "level": level.id if level else None,
        "score": {"by": assessment.score.by, "points": number(assessment.score.bounds.points)},
        "cycle": number(assessment.cycle.points),
        "indicators": number(assessment.indicators.points),
        "blocks": {b.id: number(assessment.block_score(b).points) for b in scored},
    }


def _step_data(view: StepView) -> dict[str, Any]:
    step = view.step
    return {
        "number": step.number,
        "kind": step.kind.value,
        "document": step.document,
        "new": step.new,
        "title": view.label,
        "stage": step.stage,
        "blocks": list(step.blocks),
        "elements": list(step.elements),
        "requirements": list(step.requirements),
        "addressees": list(step.addressees),
        "any_addressee": view.any_addressee,
        "cites": [{"document": c.id, "title": c.label, "step": c.step} for c in view.cites],
        "lines": list(step.lines),
        "after": list(step.after),
        "parts": [{"kind": p.kind.value, "codes": list(p.codes), "effort": float(p.effort)} for p in step.parts],
        "sample": view.advice.sample if view.advice else None,
        "effort": float(step.effort),
        "origin": step.origin.value,
    }
