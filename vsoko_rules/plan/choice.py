"""The choice of repairs: the cheapest that reach a goal, or the most points for a budget, by an exact solver."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

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
                self.chains.credits(item.element) if item.element in assessment.expectation.elements else ()
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
        cheapest = self.model.minimize(self.costs)
        if not cheapest.found:
            return None
        if cheapest.status is Status.OPTIMAL:
            cheapest = self._tidiest(cheapest)
        return self._read(cheapest)

    def _ask_most(self, goal: WithinBudget) -> bool:
        """Ask for as many points as the budget can bring."""
        self.model.at_most(self.costs, Fraction(goal.days))
        gains = {v: -b.weight * gain for b in self.scores.blocks for v, gain in b.gains.items()}
        best = self.model.minimize(gains)
        if not best.found:
            return False
        self.model.at_most(gains, sum((gains[v] for v in best.chosen if v in gains), Fraction(0)))
        return True

    def _tidiest(self, cheapest: Solution) -> Solution:
        """Of all the cheapest, the one with the fewest repairs; of equals, the first in the order of ids."""
        self.model.at_most(self.costs, sum((self.costs.get(v, Fraction(0)) for v in cheapest.chosen), Fraction(0)))
        ordered = [*(v for _, v in sorted(self.chains.made.items())), *self.chains.served.values()]
        rank = {variable: number for number, variable in enumerate(ordered, 1)}
        most = max(len(ordered), 1) ** 2
        found = self.model.minimize({variable: most + number for variable, number in rank.items()})
        return found if found.found else cheapest

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


def efforts(chooser: Chooser, repairs: Iterable[Repair]) -> Fraction:
    """Days of work of some repairs together."""
    return sum((chooser.costs[chooser.chains.made[r]] for r in repairs), Fraction(0))
