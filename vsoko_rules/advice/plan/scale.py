"""The scale as rows of a 0/1 program: what each block would earn, and what a level, a block or a budget asks.

The one place of the plan that knows how points come about: `vsoko_rules.verdict.scoring` says it of a case as it is,
this says it of every case that repairs could make of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from vsoko_rules.advice.plan.chains import Chains
from vsoko_rules.advice.plan.repairs import Repairs
from vsoko_rules.advice.plan.solver import BinaryProgram, Terms
from vsoko_rules.ruleset.content import CycleScoring, Level
from vsoko_rules.verdict.assessment import BlockResult
from vsoko_rules.verdict.chain import Outcome
from vsoko_rules.verdict.indicators import IndicatorRow


@dataclass(frozen=True, slots=True)
class BlockPoints:
    """The points of one block: `fixed`, and what each variable that is 1 adds; at most `max`. `weight` of the block."""

    fixed: Fraction
    gains: Mapping[int, Fraction]
    max: Fraction
    weight: Fraction


class Scale:
    """Adds to a program the lines, and the points of every scored block by the score that gives the level."""

    def __init__(self, program: BinaryProgram, repairs: Repairs) -> None:
        self.program = program
        self.repairs = repairs
        self.chains = Chains(program, repairs)
        self.assessment = repairs.assessment
        self.lines = {
            line.spec.id: self.chains.line(line.spec)
            for block in self.assessment.blocks
            for line in block.lines
            if line.trace is not None
        }
        """for each applicable line and stage the variable of its being reached"""
        scored = [b for b in self.assessment.blocks if not repairs.ruleset.blocks[b.id].frame]
        self.blocks = tuple(self._block(b) for b in scored)

    def points(self, chosen: frozenset[int]) -> Fraction:
        """The weighted points of all blocks when these variables are 1."""
        return sum(
            (b.weight * (b.fixed + sum(gain for v, gain in b.gains.items() if v in chosen)) for b in self.blocks),
            Fraction(0),
        )

    @property
    def losses(self) -> Terms:
        """The weighted points that each variable adds, negated."""
        return {v: -b.weight * gain for b in self.blocks for v, gain in b.gains.items()}

    def require_level(self, program: BinaryProgram, level: Level) -> bool:
        """Ask for the thresholds of a level. False where nothing is scored, so that there is no level at all."""
        blocks = [b for b in self.blocks if b.max]
        if blocks:
            _require_share(program, [(b, b.weight) for b in blocks], level.at_least)
            for b in blocks:
                _require_share(program, [(b, Fraction(1))], level.each_block)
        return bool(blocks)

    def require_block(self, program: BinaryProgram, block: str) -> bool:
        """Ask for every applicable line of a block to reach its end; without lines, for every element. False where
        nothing can bring that about."""
        result = next(b for b in self.assessment.blocks if b.id == block)
        ends: list[Sequence[int]] = [[self.lines[line.spec.id][-1]] for line in result.lines if line.trace is not None]
        for alternatives in ends or [self._answers(item.element) for item in result.items if not _done(item.outcome)]:
            if not alternatives:
                return False
            program.at_least(dict.fromkeys(alternatives, 1), 1)
        return True

    def _answers(self, element: str) -> Sequence[int]:
        return () if element in self.repairs.decisions else self.chains.credits(element)

    def _block(self, block: BlockResult) -> BlockPoints:
        weight = Fraction(self.repairs.ruleset.blocks[block.id].weight)
        scoring, bounds = self.repairs.ruleset.content.cycle, self.assessment.block_score(block)
        fixed, gains = Fraction(bounds.points), dict[int, Fraction]()
        if self.assessment.score.by == "indicators":
            gains = self._indicators(block.rows)
        elif scoring is not None and any(line.trace is not None for line in block.lines):
            fixed, gains = Fraction(scoring.absent * len(self.repairs.ruleset.components)), self._cycle(block, scoring)
        return BlockPoints(fixed, gains, Fraction(bounds.max), weight)

    # --- The cycle score

    def _cycle(self, block: BlockResult, scoring: CycleScoring) -> dict[int, Fraction]:
        """What the components add, as `vsoko_rules.verdict.scoring.block_components` gives it."""
        lines = [line for line in block.lines if line.trace is not None]
        capped = min(scoring.partial, scoring.cap_after_absent)
        gains: dict[int, Fraction] = {}
        before: int | None = None
        for number in range(len(self.repairs.ruleset.components)):
            there = self._there(dict.fromkeys(line.spec.elements[number] for line in lines))
            free = self._all(there, *([] if before is None else [before]))
            complete = self._all(free, *(self.lines[line.spec.id][number] for line in lines))
            gains[there] = Fraction(capped - scoring.absent)
            gains[free] = Fraction(scoring.partial - capped)
            gains[complete] = Fraction(scoring.complete - scoring.partial)
            before = there if capped > scoring.absent else free
        return gains

    def _there(self, elements: Iterable[str]) -> int:
        """The variable of something being there at a stage."""
        variable = self.program.variable()
        alternatives: list[int] = []
        for element in elements:
            decision = self.repairs.decisions.get(element)
            usable = self.chains.usable(element) if decision is None else []
            if usable is None or decision in (Outcome.MET, Outcome.PARTIAL):
                return variable
            alternatives += usable
        self.program.implies(variable, *alternatives)
        return variable

    def _all(self, *others: int) -> int:
        """A variable that is 1 only where all the others are."""
        variable = self.program.variable()
        for other in others:
            self.program.implies(variable, other)
        return variable

    # --- The indicator score

    def _indicators(self, rows: Iterable[IndicatorRow]) -> dict[int, Fraction]:
        gains: dict[int, Fraction] = {}
        for row in rows:
            gain = Fraction(row.points.max - row.points.points)
            documents = self._earning(row) if gain else ()
            if documents:
                earned = self.program.variable()
                self.program.implies(earned, *documents)
                gains[earned] = gain
        return gains

    def _earning(self, row: IndicatorRow) -> Sequence[int]:
        """Variables any of which earns an indicator in full: only documents can be written, results cannot."""
        ways = self.repairs.expected.indicators[row.indicator].earned
        if row.indicator in self.repairs.decisions or ways.element is None or "element" in row.ways:
            return ()
        if ways.needs == "all" and not set(ways.names) - {"element"} <= set(row.ways):
            return ()
        return self.chains.credits(ways.element)


def _require_share(program: BinaryProgram, blocks: Sequence[tuple[BlockPoints, Fraction]], percent: Decimal) -> None:
    """Ask for at least so many percent of the most that these blocks can earn, each with its weight."""
    terms = {variable: weight * gain * 100 for b, weight in blocks for variable, gain in b.gains.items()}
    bound = sum((weight * (b.max * Fraction(percent) - b.fixed * 100) for b, weight in blocks), Fraction(0))
    program.at_least(terms, bound)


def _done(outcome: Outcome) -> bool:
    return outcome in (Outcome.MET, Outcome.NOT_APPLICABLE)
