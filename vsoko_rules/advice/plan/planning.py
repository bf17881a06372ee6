"""The plan: the least work that reaches a goal, judged by assessing the case as it would then be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from vsoko_rules.advice.changes import changed
from vsoko_rules.advice.mending import free_id
from vsoko_rules.advice.plan.goals import Goal, ToBlock, ToLevel, WithinBudget, better_levels, reaches
from vsoko_rules.advice.plan.repairs import NewDocument, RepairKind, Repairs
from vsoko_rules.advice.plan.scale import Scale
from vsoko_rules.advice.plan.schedule import Choice, Schedule
from vsoko_rules.advice.plan.solver import BinaryProgram, Solution, SolverStatus
from vsoko_rules.advice.plan.steps import PlanStep, steps
from vsoko_rules.advice.timing import AdviceDay, advice_day, is_over, next_cycle
from vsoko_rules.verdict.assessment import Assessment, reassess
from vsoko_rules.verdict.evidence import Outcome


class PlanCaveat(str, Enum):
    """What has to be said beside a plan."""

    NOT_REVIEWED = "not_reviewed"
    """blocks that nobody went through: what is not found in them may be there, so nothing is planned for them"""
    UNREAD = "unread"
    """scans that no one has read yet: what the plan adds may be in them"""
    DECIDED = "decided"
    """an expert's decisions stand whatever is written"""
    RESULTS = "results"
    """indicators that depend on results or on a mark: no document earns them"""
    STAYING = "staying"
    """documents that count in the next cycle too"""
    SHORT_TIME = "short_time"
    """the work takes more days than the period has left"""


@dataclass(frozen=True, slots=True)
class RepairPlan:
    """The steps that reach a goal, and the assessment after them.

    `goal`: what was planned for; none where nothing above the present level can be reached, or nothing is above it.
    `reached`: whether the case, assessed again with all steps, meets the goal. `optimal`: proven to be the cheapest.
    """

    goal: Goal | None
    day: AdviceDay
    """for when it is made"""
    present: Assessment
    """how the school stands"""
    before: Assessment
    """where the plan starts from: the same, or once the period of the study is over the next cycle"""
    after: Assessment
    reached: bool
    optimal: bool
    effort: Decimal
    """days"""
    steps: tuple[PlanStep, ...]
    caveats: tuple[tuple[PlanCaveat, tuple[str, ...]], ...]
    """each with the codes it is about"""
    unknown: tuple[str, ...] = ()
    """where the goal was not reached: blocks that nobody went through, and without which that cannot be decided"""

    @property
    def ahead(self) -> bool:
        """Whether it plans the next cycle."""
        return self.before is not self.present


class PlanNotKept(AssertionError):
    """The model promised what the pipeline does not confirm. An error of the program; the plan is not shown."""


def plan(assessment: Assessment, goal: Goal | None = None, on: AdviceDay | None = None) -> RepairPlan:
    """The cheapest plan that reaches `goal`, by default the nearest level above the present one that can be reached.

    `on`: for when it is made. After the period of the study it is a plan of the next cycle.
    """
    day = on or advice_day(assessment.case.content)
    ahead = is_over(assessment.case.content, day)
    chooser = _Chooser(Repairs(next_cycle(assessment, day) if ahead else assessment, day, ahead))
    goals = [goal] if goal else [ToLevel(level.id) for level in better_levels(assessment)]
    proven = True
    for asked in goals:
        choice, optimal = chooser.choose(asked)
        proven = proven and optimal
        if choice is not None:
            return _kept(_plan(assessment, chooser.repairs, choice, asked, proven, reached=True), choice.points)
    nothing = _plan(assessment, chooser.repairs, Choice((), (), Fraction(0)), goal, proven, reached=not goals)
    return replace(nothing, unknown=_unknown(assessment, goal) if goals else ())


def _unknown(assessment: Assessment, goal: Goal | None) -> tuple[str, ...]:
    """Blocks that nobody went through and on which a goal depends: the block itself, or for a level any."""
    asked = [b for b in assessment.blocks if not isinstance(goal, ToBlock) or b.id == goal.block]
    return tuple(b.id for b in asked if not b.reviewed)


def _kept(plan: RepairPlan, promised: Fraction) -> RepairPlan:
    """The plan, after holding it against the pipeline."""
    assert plan.goal is not None
    if not reaches(plan.after, plan.goal) or plan.after.score.bounds.points < promised:
        raise PlanNotKept(f"{plan.goal}, {promised} points: not reached by {[step.changes for step in plan.steps]}")
    return plan


def _plan(
    present: Assessment, repairs: Repairs, choice: Choice, goal: Goal | None, optimal: bool, reached: bool
) -> RepairPlan:
    before = repairs.assessment
    schedule = Schedule(repairs, choice)
    after = reassess(before, changed(before.case, schedule.changes)) if schedule.order else before
    in_order = steps(schedule, after)
    effort = sum((step.effort for step in in_order), Decimal(0))
    caveats = tuple(_caveats(repairs, after, in_order, effort))
    return RepairPlan(goal, repairs.day, present, before, after, reached, optimal, effort, in_order, caveats)


def _caveats(
    repairs: Repairs, after: Assessment, steps: tuple[PlanStep, ...], effort: Decimal
) -> Iterator[tuple[PlanCaveat, tuple[str, ...]]]:
    before, end = repairs.assessment, repairs.case.study.end
    left = _working_days(repairs.day.day, end)
    results = (
        row.indicator
        for block in after.blocks
        for row in block.rows
        if row.outcome not in (Outcome.MET, Outcome.NOT_APPLICABLE)
        and before.expectation.indicators[row.indicator].earned.element is None
    )
    for caveat, codes in {
        PlanCaveat.NOT_REVIEWED: (b.id for b in before.blocks if not b.reviewed),
        PlanCaveat.UNREAD: (step.document for step in steps if step.document in before.evidence.unread),
        PlanCaveat.DECIDED: (
            standing.override.of
            for standing in before.standings
            if standing.counts and standing.override.outcome not in ("met", "not_applicable")
        ),
        PlanCaveat.RESULTS: results if before.score.by == "indicators" else (),
        PlanCaveat.STAYING: repairs.documents if repairs.ahead else (),
        PlanCaveat.SHORT_TIME: (str(left), end.isoformat()) if not repairs.ahead and effort > left else (),
    }.items():
        if about := tuple(codes):
            yield caveat, about


def _working_days(first: date, last: date) -> int:
    """Mondays to Fridays between two days, both included."""
    return sum((first + timedelta(days=n)).weekday() < 5 for n in range((last - first).days + 1))


class _Chooser:
    """Chooses repairs for one case: the cheapest that reach a goal, or the most points for a budget.

    The program is built once; each goal adds its rows to a copy.
    """

    def __init__(self, repairs: Repairs) -> None:
        self.repairs = repairs
        self.program = BinaryProgram()
        self.scale = Scale(self.program, self.repairs)
        self.chains = self.scale.chains
        self.costs = {v: Fraction(self.repairs.effort(repair) or 0) for repair, v in self.chains.variables.items()}

    def choose(self, goal: Goal) -> tuple[Choice | None, bool]:
        """The cheapest repairs that reach `goal`, and whether that is proven; none where no repairs do, or none were
        found in time, which is not proven."""
        program = self.program.copy()
        asked = self._ask(program, goal)
        if asked is None:
            return None, self.repairs.weighed.whole
        cheapest = program.minimize(self.costs) if asked.exists else asked
        if not cheapest.exists:
            return None, self.repairs.weighed.whole and cheapest.status is SolverStatus.INFEASIBLE
        optimal = self.repairs.weighed.whole and asked.status is cheapest.status is SolverStatus.OPTIMAL
        return self._read(self._fewest(program, cheapest.chosen)), optimal

    def _fewest(self, program: BinaryProgram, chosen: frozenset[int]) -> frozenset[int]:
        """The same repairs as far as they cost anything, with the fewest others and the fewest elements served."""
        free = [v for v in (*self.chains.variables.values(), *self.chains.serving.values()) if not self.costs.get(v)]
        for variable in (v for v, cost in self.costs.items() if cost):
            program.at_most({variable: 1}, int(variable in chosen))
        fewest = program.minimize(dict.fromkeys(free, 1))
        return fewest.chosen if fewest.exists else chosen

    def _ask(self, program: BinaryProgram, goal: Goal) -> Solution | None:
        """Add the rows of a goal: none if they cannot hold, whatever is done. For a budget, how its most was found."""
        if isinstance(goal, WithinBudget):
            return self._ask_most(program, goal)
        if isinstance(goal, ToLevel):
            level = next(v for v in self.repairs.ruleset.levels if v.id == goal.level)
            possible = self.scale.require_level(program, level)
        else:
            possible = self.scale.require_block(program, goal.block)
        return Solution(SolverStatus.OPTIMAL) if possible else None

    def _ask_most(self, program: BinaryProgram, goal: WithinBudget) -> Solution:
        """Ask for as many points as the budget can bring."""
        program.at_most(self.costs, Fraction(goal.days))
        losses = self.scale.losses
        best = program.minimize(losses)
        program.at_most(losses, sum((Fraction(losses[v]) for v in best.chosen if v in losses), Fraction(0)))
        return best

    def _read(self, chosen: frozenset[int]) -> Choice:
        new: list[tuple[NewDocument, tuple[str, ...]]] = []
        names: dict[str, str] = {}
        for document in self.repairs.new:
            if elements := tuple(e for e in document.elements if self.chains.serving.get((document.id, e)) in chosen):
                names[document.id] = free_id(f"new-{elements[0]}", self.repairs.documents)
                new.append((replace(document, id=names[document.id]), elements))
        unwritten = {new.id for new in self.repairs.new}
        repairs = sorted(
            replace(repair, code=names.get(repair.code, repair.code))
            for repair, variable in self.chains.variables.items()
            if variable in chosen and repair.kind is not RepairKind.WRITE
            if repair.code in names or repair.code not in unwritten  # only where it was not proven to be the cheapest
        )
        return Choice(tuple(repairs), tuple(new), self.scale.points(chosen))
