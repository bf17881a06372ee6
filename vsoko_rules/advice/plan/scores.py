"""Points as rows of a 0/1 model: what each block would earn with the repairs that are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vsoko_rules.advice.plan.chains import Chains
from vsoko_rules.advice.plan.repairs import Repairs
from vsoko_rules.advice.plan.solver import BinaryProgram
from vsoko_rules.verdict.assessment import BlockResult
from vsoko_rules.verdict.chain import Outcome
from vsoko_rules.verdict.indicators import IndicatorRow


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one block: `fixed`, and what each variable adds; at most `max`. `weight` of the block."""

    block: str
    fixed: Fraction
    gains: Mapping[int, Fraction]
    max: Fraction
    weight: Fraction


class Scores:
    """Adds to a model the lines, and the points of every scored block by the score that gives the level."""

    def __init__(self, model: BinaryProgram, repairs: Repairs) -> None:
        self.model = model
        self.repairs = repairs
        self.chains = Chains(model, repairs)
        assessment = repairs.assessment
        self.lines = {
            line.spec.id: self.chains.line(line.spec)
            for block in assessment.blocks
            for line in block.lines
            if line.trace is not None
        }
        """for each applicable line and stage the variable of its being reached"""
        by_indicators = repairs.ruleset.content.verdict_by == "indicators"
        scored = [b for b in assessment.blocks if not repairs.ruleset.blocks[b.id].frame]
        self.blocks = tuple(self._indicators(b) if by_indicators else self._cycle(b) for b in scored)

    def complete(self, block: str) -> bool:
        """Ask for every applicable line of a block to reach its end; without lines, for every element. False where
        nothing can bring that about."""
        found = next(b for b in self.repairs.assessment.blocks if b.id == block)
        lines = [self.lines[line.spec.id] for line in found.lines if line.trace is not None]
        if lines:
            for reached in lines:
                self.model.at_least({reached[-1]: 1}, 1)
            return True
        lacking = [item.element for item in found.items if item.outcome not in (Outcome.MET, Outcome.NOT_APPLICABLE)]
        for element in lacking:
            documents = () if element in self.repairs.decisions else self.chains.credits(element)
            if not documents:
                return False
            self.model.at_least(dict.fromkeys(documents, 1), 1)
        return True

    def _weight(self, block: str) -> Fraction:
        return Fraction(self.repairs.ruleset.blocks[block].weight)

    # --- The cycle score

    def _cycle(self, block: BlockResult) -> Points:
        """Points of the components, as `vsoko_rules.verdict.scoring.block_components` gives them."""
        scoring = self.repairs.ruleset.content.cycle
        lines = [line for line in block.lines if line.trace is not None]
        most = Fraction(block.cycle.max)
        nothing = Points(block.id, Fraction(block.cycle.points), {}, most, self._weight(block.id))
        if scoring is None or not lines:
            return nothing
        capped = min(scoring.partial, scoring.cap_after_absent)
        fixed, gains = Fraction(0), dict[int, Fraction]()
        before: int | None = None
        for number in range(len(self.repairs.ruleset.components)):
            there = self._there(dict.fromkeys(line.spec.elements[number] for line in lines))
            free = self._both(there, before)
            complete = self.model.variable()
            for line in lines:
                self.model.implies(complete, self.lines[line.spec.id][number])
            self.model.implies(complete, free)
            gains[there] = Fraction(capped - scoring.absent)
            gains[free] = Fraction(scoring.partial - capped)
            gains[complete] = Fraction(scoring.complete - scoring.partial)
            fixed += scoring.absent
            before = there if capped > scoring.absent else free
        return Points(block.id, fixed, gains, most, self._weight(block.id))

    def _there(self, elements: Mapping[str, None]) -> int:
        """The variable of something being there at a stage."""
        variable = self.model.variable()
        found: list[int] = []
        for element in elements:
            decision = self.repairs.decisions.get(element)
            usable = self.chains.usable(element) if decision is None else []
            if usable is None or decision in (Outcome.MET, Outcome.PARTIAL):
                return variable
            found += usable
        self.model.implies(variable, *found)
        return variable

    def _both(self, there: int, before: int | None) -> int:
        """The variable of a stage being there, and the one before it as well, so that the gate is open."""
        variable = self.model.variable()
        self.model.implies(variable, there)
        if before is not None:
            self.model.implies(variable, before)
        return variable

    # --- The indicator score

    def _indicators(self, block: BlockResult) -> Points:
        gains: dict[int, Fraction] = {}
        for row in block.rows:
            gain = Fraction(row.points.max - row.points.points)
            documents = self._earning(row) if gain else ()
            if documents:
                earned = self.model.variable()
                self.model.implies(earned, *documents)
                gains[earned] = gain
        score = block.indicators
        return Points(block.id, Fraction(score.points), gains, Fraction(score.max), self._weight(block.id))

    def _earning(self, row: IndicatorRow) -> Sequence[int]:
        """Variables any of which earns an indicator in full: only documents can be written, results cannot."""
        ways = self.repairs.expected.indicators[row.indicator].earned
        if row.indicator in self.repairs.decisions or ways.element is None or "element" in row.ways:
            return ()
        if ways.needs == "all" and not set(ways.names) - {"element"} <= set(row.ways):
            return ()
        return self.chains.credits(ways.element)
