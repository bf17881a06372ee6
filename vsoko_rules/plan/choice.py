"""The choice of repairs: the cheapest that reach a goal, or the most points for a budget, by an exact solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from vsoko_rules.assessment import Assessment
from vsoko_rules.plan.goals import Goal, ToBlock, ToLevel, WithinBudget, ask_level
from vsoko_rules.plan.repairs import Kind, NewDocument, Repair, Repairs
from vsoko_rules.plan.scores import Scores
from vsoko_rules.plan.solver import Model, Solution, Status


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be done: repairs of documents that there are, and new documents with the elements they serve."""

    repairs: tuple[Repair, ...]
    new: tuple[tuple[NewDocument, tuple[str, ...]], ...]
    optimal: bool


class Chooser:
    """Chooses repairs for one case. The model is built once; each goal adds its rows and takes them away again."""

    def __init__(self, assessment: Assessment) -> None:
        self.repairs = Repairs(assessment)
        self.model = Model()
        self.scores = Scores(self.model, self.repairs)
        self.chains = self.scores.chains
        for block in assessment.blocks:  # so that every element that a goal may ask for has its new document
            for item in block.items:
                if item.element in assessment.expectation.elements:
                    self.chains.credits(item.element)
        self.chains.ground_new_documents()
        self.costs = {variable: self._cost(repair) for repair, variable in self.chains.made.items()}

    def _cost(self, repair: Repair) -> Fraction:
        if repair.kind is Kind.WRITE:
            return Fraction(next(n.effort for n in self.repairs.new if n.id == repair.document))
        return Fraction(self.repairs.effort(repair) or 0)

    def choose(self, goal: Goal) -> Choice | None:
        """The cheapest repairs that reach `goal`; none where no repairs do."""
        mark = self.model.mark()
        try:
            return self._choose(goal)
        finally:
            self.model.back(mark)

    def _choose(self, goal: Goal) -> Choice | None:
        if isinstance(goal, ToLevel):
            level = next(v for v in self.repairs.ruleset.levels if v.id == goal.level)
            possible = ask_level(self.scores, level)
        elif isinstance(goal, ToBlock):
            possible = self.scores.complete(goal.block)
        else:
            possible = self._ask_most(goal)
        if not possible:
            return None
        cheapest = self.model.minimize(self._weighed())
        return self._read(cheapest) if cheapest.found else None

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

    def _ask_most(self, goal: WithinBudget) -> bool:
        """Ask for as many points as the budget can bring."""
        self.model.at_most(self.costs, Fraction(goal.days))
        gains = {v: -b.weight * gain for b in self.scores.blocks for v, gain in b.gains.items()}
        best = self.model.minimize(gains)
        if not best.found:
            return False
        self.model.at_most(gains, sum((gains[v] for v in best.chosen if v in gains), Fraction(0)))
        return True

    def _read(self, solution: Solution) -> Choice:
        made = [r for r, v in self.chains.made.items() if v in solution.chosen]
        written = {r.document for r in made if r.kind is Kind.WRITE}
        new = []
        for document in self.repairs.new:
            served = (e for e in document.elements if self.chains.served.get((document.id, e)) in solution.chosen)
            if document.id in written and (elements := tuple(served)):
                new.append((document, elements))
        repairs = sorted(r for r in made if r.kind is not Kind.WRITE)
        return Choice(tuple(repairs), tuple(new), solution.status is Status.OPTIMAL)

