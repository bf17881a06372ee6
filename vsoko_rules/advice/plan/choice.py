"""The choice of repairs: the cheapest that reach a goal, or the most points for a budget, by an exact solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from vsoko_rules.advice.plan.goals import Goal, ToLevel, WithinBudget, ask_level
from vsoko_rules.advice.plan.repairs import NewDocument, Repair, RepairKind, Repairs
from vsoko_rules.advice.plan.scores import Scores
from vsoko_rules.advice.plan.solver import BinaryProgram, Solution, SolverStatus
from vsoko_rules.advice.what_if import free_id
from vsoko_rules.verdict.assessment import Assessment


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be done: repairs of documents that there are, and new documents with the elements they serve.

    `points` are promised, by the score that gives the level, and weighted; `optimal` when nothing cheaper is possible.
    """

    repairs: tuple[Repair, ...]
    new: tuple[tuple[NewDocument, tuple[str, ...]], ...]
    points: Fraction
    optimal: bool


@dataclass(frozen=True, slots=True)
class NoChoice:
    """The goal is not reached by any repairs (`proven`), or none were found in time."""

    proven: bool


class Chooser:
    """Chooses repairs for one case. The model is built once; each goal adds its rows and takes them away again."""

    def __init__(self, assessment: Assessment) -> None:
        self.repairs = Repairs(assessment)
        self.model = BinaryProgram()
        self.scores = Scores(self.model, self.repairs)
        self.chains = self.scores.chains
        for block in assessment.blocks:  # so that every element that a goal may ask for has its new document
            for item in block.items:
                if item.element in assessment.expectation.elements:
                    self.chains.credits(item.element)
        self.chains.ground_new_documents()
        self.costs = {variable: self._cost(repair) for repair, variable in self.chains.made.items()}

    def _cost(self, repair: Repair) -> Fraction:
        if repair.kind is RepairKind.WRITE:
            return Fraction(next(n.effort for n in self.repairs.new if n.id == repair.document))
        return Fraction(self.repairs.effort(repair) or 0)

    def choose(self, goal: Goal) -> Choice | NoChoice:
        """The cheapest repairs that reach `goal`."""
        mark = self.model.mark()
        try:
            best = self._ask(goal)
            if best is None:
                return NoChoice(proven=True)
            cheapest = self.model.minimize(self._weighed()) if best.found else best
            if not cheapest.found:
                return NoChoice(proven=cheapest.status is SolverStatus.INFEASIBLE)
            return self._read(cheapest, best.status is cheapest.status is SolverStatus.OPTIMAL)
        finally:
            self.model.back(mark)

    def _ask(self, goal: Goal) -> Solution | None:
        """Add the rows of a goal: none if they cannot hold, whatever is done. For a budget, how its most was found."""
        if isinstance(goal, WithinBudget):
            return self._ask_most(goal)
        if isinstance(goal, ToLevel):
            level = next(v for v in self.repairs.ruleset.levels if v.id == goal.level)
            possible = ask_level(self.scores, level)
        else:
            possible = self.scores.complete(goal.block)
        return Solution(SolverStatus.OPTIMAL) if possible else None

    def _weighed(self) -> Mapping[int, Fraction]:
        """The effort of each repair first; of equal efforts the fewest repairs, then the first in the order of ids.

        In units so far apart that no number of repairs outweighs the least difference in effort.
        """
        ordered = [*(v for _, v in sorted(self.chains.made.items())), *self.chains.served.values()]
        many = len(ordered) + 1
        least = Fraction(1, lcm(*(cost.denominator for cost in self.costs.values())))
        return {
            variable: self.costs.get(variable, Fraction(0)) / least * 2 * many**2 + many + rank
            for rank, variable in enumerate(ordered)
        }

    def _ask_most(self, goal: WithinBudget) -> Solution:
        """Ask for as many points as the budget can bring."""
        self.model.at_most(self.costs, Fraction(goal.days))
        losses = {v: -b.weight * gain for b in self.scores.blocks for v, gain in b.gains.items()}
        best = self.model.minimize(losses)
        self.model.at_most(losses, sum((losses[v] for v in best.chosen if v in losses), Fraction(0)))
        return best

    def _read(self, solution: Solution, optimal: bool) -> Choice:
        made = [r for r, v in self.chains.made.items() if v in solution.chosen]
        new: list[tuple[NewDocument, tuple[str, ...]]] = []
        names: dict[str, str] = {}
        for document in self.repairs.new:
            served = (e for e in document.elements if self.chains.served.get((document.id, e)) in solution.chosen)
            if elements := tuple(served):
                names[document.id] = free_id(f"new-{elements[0]}", self.repairs.documents)
                new.append((replace(document, id=names[document.id]), elements))
        repairs = sorted(replace(r, code=names.get(r.code, r.code)) for r in made if r.kind is not RepairKind.WRITE)
        points = Fraction(0)
        for b in self.scores.blocks:
            points += b.weight * (b.fixed + sum(gain for v, gain in b.gains.items() if v in solution.chosen))
        return Choice(tuple(repairs), tuple(new), points, optimal)
