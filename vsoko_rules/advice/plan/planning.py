"""The plan: the least work that reaches a goal, judged by assessing the case again as it would then be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from vsoko_rules.advice.changes import changed
from vsoko_rules.advice.plan.carrying import Carrying
from vsoko_rules.advice.plan.choice import Choice, Chooser
from vsoko_rules.advice.plan.goals import Goal, ToLevel, better_levels, reaches
from vsoko_rules.advice.plan.repairs import Repairs
from vsoko_rules.advice.plan.steps import PlanStep, steps
from vsoko_rules.verdict.assessment import Assessment, reassess
from vsoko_rules.verdict.chain import Outcome


class PlanCaveat(str, Enum):
    """What has to be said beside a plan."""

    NOT_REVIEWED = "not_reviewed"
    """blocks were not gone through: what is not found in them may be there"""
    UNREAD = "unread"
    """scans that no one has read yet: what the plan adds may be in them"""
    DECIDED = "decided"
    """an expert's decisions stand whatever is written"""
    RESULTS = "results"
    """indicators that depend on results or on a mark: no document earns them"""


@dataclass(frozen=True, slots=True)
class RepairPlan:
    """The steps that reach a goal, and the assessment after them.

    `goal`: what was planned for; none where nothing above the present level can be reached, or nothing is above it.
    `reached`: whether the case, assessed again with all steps, meets the goal. `optimal`: proven to be the cheapest.
    """

    goal: Goal | None
    before: Assessment
    after: Assessment
    reached: bool
    optimal: bool
    effort: Decimal
    steps: tuple[PlanStep, ...]
    remarks: tuple[tuple[PlanCaveat, tuple[str, ...]], ...]


class PlanNotKept(AssertionError):
    """The model promised what the pipeline does not confirm. An error of the program; the plan is not shown."""


def plan(assessment: Assessment, goal: Goal | None = None) -> RepairPlan:
    """The cheapest plan that reaches `goal`, by default the best level above the present one that can be reached."""
    chooser = Chooser(assessment)
    goals = [goal] if goal else [ToLevel(level.id) for level in better_levels(assessment)]
    proven = True
    for wanted in goals:
        choice = chooser.choose(wanted)
        if isinstance(choice, Choice):
            return _carried_out(chooser.repairs, choice, wanted, proven)
        proven = proven and choice.proven
    nothing = Choice((), (), Fraction(0), proven)
    return _plan(chooser.repairs, nothing, goal, reached=not goals)


def _carried_out(repairs: Repairs, choice: Choice, goal: Goal, proven: bool) -> RepairPlan:
    """The plan of a choice, after holding it against the pipeline."""
    made = _plan(repairs, replace(choice, optimal=choice.optimal and proven), goal, reached=True)
    if not reaches(made.after, goal) or points(made.after) < choice.points:
        raise PlanNotKept(f"{goal}, {choice.points} points: not reached by {[step.changes for step in made.steps]}")
    return made


def points(assessment: Assessment) -> Fraction:
    """The points of the score that gives the level."""
    return Fraction(assessment.score.bounds.points)


def _plan(repairs: Repairs, choice: Choice, goal: Goal | None, reached: bool) -> RepairPlan:
    before = repairs.assessment
    carrying = Carrying(repairs, choice)
    after = before
    if carrying.order:
        after = reassess(before, changed(before.case, carrying.all_changes()))
    found = steps(repairs, carrying, after)
    effort = sum((step.effort for step in found), Decimal(0))
    return RepairPlan(
        goal, before, after, reached, choice.optimal, effort, found, tuple(_remarks(before, after, found))
    )


def _remarks(
    before: Assessment, after: Assessment, found: tuple[PlanStep, ...]
) -> Iterator[tuple[PlanCaveat, tuple[str, ...]]]:
    blocks = {block for step in found for block in step.blocks}
    waiting = tuple(b.id for b in before.blocks if not b.reviewed and b.id in blocks)
    unread = tuple(step.document for step in found if step.document in before.evidence.unread)
    decided = tuple(o.of for o in before.case.content.overrides if o.outcome not in ("met", "not_applicable"))
    by_results = before.score.by == "indicators"
    results = (
        row.indicator
        for block in after.blocks
        for row in block.rows
        if row.outcome not in (Outcome.MET, Outcome.NOT_APPLICABLE)
        and before.expectation.indicators[row.indicator].earned.element is None
    )
    for remark, codes in (
        (PlanCaveat.NOT_REVIEWED, waiting),
        (PlanCaveat.UNREAD, unread),
        (PlanCaveat.DECIDED, decided),
        (PlanCaveat.RESULTS, tuple(results) if by_results else ()),
    ):
        if codes:
            yield remark, codes
