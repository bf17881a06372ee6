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
from vsoko_rules.advice.plan.ends import require_one
from vsoko_rules.advice.plan.links import Links
from vsoko_rules.advice.plan.repairs import Repairs
from vsoko_rules.advice.plan.runs import LineValue, Run, ground_new_documents
from vsoko_rules.advice.plan.solver import BinaryProgram, Terms
from vsoko_rules.ruleset.content import Level
from vsoko_rules.verdict.assessment import BlockResult
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.indicators import IndicatorRow


@dataclass(frozen=True, slots=True)
class BlockPoints:
    """The points of one block: `fixed`, and what each variable that is 1 adds; at most `max`, at most `broken` while
    none of `lines` is complete. `share`: with what factor they count in the points of the school."""

    id: str
    fixed: Fraction
    gains: Mapping[int, Fraction]
    max: Fraction
    broken: Fraction
    share: Fraction
    lines: tuple[Run, ...] = ()


class Scale:
    """Adds to a program the lines, and the points of every scored block by the score that gives the level."""

    def __init__(self, program: BinaryProgram, repairs: Repairs) -> None:
        self.program = program
        self.repairs = repairs
        self.chains = Chains(program, repairs)
        self.assessment = repairs.assessment
        self.runs: dict[str, Run] = {}
        """for each applicable line its rows"""
        self.lines = self._lines()
        """what each would be worth"""
        scored = [b for b in self.assessment.blocks if not repairs.ruleset.blocks[b.id].frame]
        self.blocks = tuple(self._block(b) for b in scored if self.assessment.block_score(b).max)
        self.left_out = [b.id for b in scored if self._left_out(b)]
        """blocks of which decisions leave nothing"""

    def _lines(self) -> dict[str, LineValue]:
        scale = self.repairs.ruleset.content.cycle
        traces = [t for b in self.assessment.blocks for line in b.lines if (t := line.trace) is not None]
        links = Links(self.chains)
        values: dict[str, LineValue] = {}
        for trace in traces if scale is not None else ():
            assert scale is not None
            applicable = tuple(c.element for c in trace.cells if c.outcome is not Outcome.NOT_APPLICABLE)
            run = self.runs[trace.spec.id] = Run(self.chains, links, trace.spec, applicable, self.program)
            values[trace.spec.id] = run.value(scale)
        for element in self._asked_for():  # so that it has its new document
            self.chains.credits(element)
        ground_new_documents(self.chains, links, traces)
        return values

    def _asked_for(self) -> list[str]:
        """Elements outside the lines that a goal may ask for."""
        items = [item.element for block in self.assessment.blocks for item in block.items]
        by = self.assessment.score.by
        needed = [e for level in self.repairs.ruleset.levels for e in level.thresholds(by).needs]
        return [e for e in dict.fromkeys((*items, *needed)) if e in self.repairs.expected.elements]

    def _left_out(self, block: BlockResult) -> bool:
        applicable = any(line.block == block.id for line in self.repairs.expected.lines)
        return applicable and all(line.trace is None for line in block.lines)

    def points(self, chosen: frozenset[int]) -> Fraction:
        """The points of the school when these variables are 1."""
        return sum(
            (b.share * (b.fixed + sum(gain for v, gain in b.gains.items() if v in chosen)) for b in self.blocks),
            Fraction(0),
        )

    @property
    def losses(self) -> Terms:
        """The points that each variable adds to those of the school, negated."""
        losses: dict[int, Fraction] = {}
        for b in self.blocks:
            for variable, gain in b.gains.items():
                losses[variable] = losses.get(variable, Fraction(0)) - b.share * gain
        return losses

    def require_level(self, program: BinaryProgram, level: Level) -> bool:
        """Ask for what a level asks. False where nothing can bring that about, or nothing is scored, so that there is
        no level at all."""
        wanted = level.thresholds(self.assessment.score.by)
        if not self.blocks or (wanted.every_block and self.left_out):
            return False
        _require_share(program, self.blocks, wanted.at_least, weighted=True)
        for b in self.blocks:
            _require_share(program, [b], wanted.each_block)
            if b.broken * 100 < b.max * Fraction(wanted.each_block):
                require_one(program, b.lines)
        return all(self._require_element(program, element) for element in wanted.needs)

    def _require_element(self, program: BinaryProgram, element: str) -> bool:
        """Ask for an element to be there; a decision that it does not apply does not do without it."""
        if element not in self.repairs.expected.elements:
            return True
        decision = self.assessment.decisions.get(element)
        if decision is not None:
            return decision is Outcome.MET
        answers = self.chains.credits(element)
        program.at_least(dict.fromkeys(answers, 1), 1)
        return bool(answers)

    def require_block(self, program: BinaryProgram, block: str) -> bool:
        """Ask for every applicable line of a block to be complete; without lines, for every element. False where
        nothing can bring that about."""
        result = next(b for b in self.assessment.blocks if b.id == block)
        ends = [[self.runs[line.spec.id].complete] for line in result.lines if line.trace is not None]
        for alternatives in ends or [self._answers(item.element) for item in result.items if not _done(item.outcome)]:
            if not alternatives:
                return False
            program.at_least(dict.fromkeys(alternatives, 1), 1)
        return True

    def _answers(self, element: str) -> list[int]:
        return [] if element in self.assessment.decisions else self.chains.credits(element)

    def _block(self, block: BlockResult) -> BlockPoints:
        weight, most = Fraction(self.repairs.ruleset.blocks[block.id].weight), self.assessment.block_score(block).max
        if self.assessment.score.by == "indicators":
            fixed, gains = Fraction(block.indicators.points), self._indicators(block.rows)
            return BlockPoints(block.id, fixed, gains, Fraction(most), Fraction(most), weight)
        lines = [line.spec.id for line in block.lines if line.trace is not None]
        values = [self.lines[line] for line in lines]
        total: dict[int, Fraction] = {}
        for value in values:
            for variable, gain in value.gains.items():
                total[variable] = total.get(variable, Fraction(0)) + gain
        fixed = sum((value.fixed for value in values), Fraction(0))
        broken = sum((value.broken for value in values), Fraction(0))
        runs = tuple(self.runs[line] for line in lines)
        return BlockPoints(block.id, fixed, total, Fraction(most), broken, weight / Fraction(most), runs)

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


def _require_share(
    program: BinaryProgram, blocks: Sequence[BlockPoints], percent: Decimal, weighted: bool = False
) -> None:
    """Ask for at least so many percent of the most that these blocks can earn, each with its factor if `weighted`."""
    terms: dict[int, Fraction] = {}
    bound = Fraction(0)
    for b in blocks:
        factor = b.share if weighted else Fraction(1)
        bound += factor * (b.max * Fraction(percent) - b.fixed * 100)
        for variable, gain in b.gains.items():
            terms[variable] = terms.get(variable, Fraction(0)) + factor * gain * 100
    program.at_least(terms, bound)


def _done(outcome: Outcome) -> bool:
    return outcome in (Outcome.MET, Outcome.NOT_APPLICABLE)
