"""The two scores of a case under some of an expert's decisions: all of them, none, or all but those that leave out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from weakref import WeakKeyDictionary

from vsoko_rules.case.records import Case
from vsoko_rules.engine.inference import Derivations
from vsoko_rules.ruleset.content import Level
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.lines import LineSpec
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.chain import Lack, Trace
from vsoko_rules.verdict.evidence import Evidence, Outcome
from vsoko_rules.verdict.findings import known
from vsoko_rules.verdict.frozen import frozen
from vsoko_rules.verdict.indicators import IndicatorRow, IndicatorScores
from vsoko_rules.verdict.layers import Reading
from vsoko_rules.verdict.scoring import (
    NOTHING,
    Bounds,
    Component,
    Score,
    Standing,
    Tally,
    added,
    components,
    exact,
    line_bounds,
    mean,
    total,
    verdict,
)
from vsoko_rules.verdict.tracing import trace


@frozen
class Concluded:
    """What is concluded once for a case, whatever decisions are laid over it. `content`: with its confirmed claims."""

    content: Case
    ruleset: Ruleset
    expected: Expectation
    derived: Derivations
    evidence: Evidence
    hoped: Evidence
    """the evidence with every claim granted that no person has confirmed or rejected yet"""
    reviewed: frozenset[str]
    """blocks that somebody went through"""

    @property
    def scored(self) -> list[str]:
        """The blocks that earn points."""
        return [b for b in self.ruleset.blocks if not self.ruleset.blocks[b].frame]


@frozen
class LineRow:
    spec: LineSpec
    outcome: Outcome
    low: Trace | None
    high: Trace | None
    points: Bounds
    remarks: tuple[Lack, ...] = ()


@frozen
class BlockPart:
    reviewed: bool
    lines: tuple[LineRow, ...]
    cycle: Bounds
    tally: Tally
    components: tuple[Component, ...]
    rows: tuple[IndicatorRow, ...]
    indicators: Bounds
    left_out: bool
    """whether lines apply and decisions leave none of them"""


_bare: WeakKeyDictionary[Expectation, dict[tuple[str, bool], BlockPart]] = WeakKeyDictionary()
"""blocks for which a school has nothing, reviewed or not"""


class UnderDecisions:
    """The two scores of a case under some of an expert's decisions."""

    def __init__(self, concluded: Concluded, decisions: Mapping[str, Outcome]) -> None:
        self.concluded = concluded
        self.ruleset = concluded.ruleset
        self.decided = decisions
        self.decisions = {**dict.fromkeys(concluded.ruleset.passed_over, Outcome.NOT_APPLICABLE), **decisions}
        case, evidence = concluded.content, concluded.evidence
        waiting = {e: Outcome.MET if o is Outcome.NOT_CHECKED else o for e, o in self.decisions.items()}
        self.low = Reading(evidence, self.decisions)
        self.high = Reading(concluded.hoped, waiting, evidence.unknown)
        self.open = bool(evidence.unknown) or waiting != self.decisions or concluded.hoped is not evidence
        self.indicators = IndicatorScores(
            case, self.ruleset, concluded.expected, concluded.derived, evidence, self.decisions
        )
        self.blocks = {block: self._block(block) for block in self.ruleset.blocks}

    @cached_property
    def scores(self) -> Mapping[str, Score]:
        """The two scores by their name."""
        scored = self.concluded.scored
        weights = {b: exact(self.ruleset.blocks[b].weight) for b in scored}
        cycle = mean([(self.blocks[b].cycle, weights[b]) for b in scored])
        listed = total([(self.blocks[b].indicators, weights[b]) for b in scored])
        levels = self.ruleset.levels
        needed = dict.fromkeys(e for level in levels for e in (*level.needs, *_indicator_needs(level)))
        outcomes = {e: self._outcome_of(e) for e in needed}
        left_out = [b for b in scored if self.blocks[b].left_out]
        of_cycle = Standing(cycle, {b: self.blocks[b].cycle for b in scored}, outcomes, left_out)
        of_list = Standing(listed, {b: self.blocks[b].indicators for b in scored}, outcomes, left_out)
        return {
            "cycle": Score("cycle", cycle, verdict(levels, of_cycle, "cycle")),
            "indicators": Score("indicators", listed, verdict(levels, of_list, "indicators")),
        }

    @property
    def tally(self) -> Tally:
        """How many lines of the school are complete."""
        return sum((part.tally for part in self.blocks.values()), Tally(0, 0, 0, 0))

    def same_as(self, other: UnderDecisions) -> bool:
        """Whether every line and indicator comes out alike."""
        return self._outcomes() == other._outcomes()

    def _outcomes(self) -> list[tuple[Outcome, Bounds]]:
        lines = [(row.outcome, row.points) for part in self.blocks.values() for row in part.lines]
        return lines + [(row.outcome, row.points) for part in self.blocks.values() for row in part.rows]

    def _outcome_of(self, element: str) -> Outcome:
        """What became of an element that a level needs: no decision can do without it."""
        block = self.ruleset.elements[element].block
        reviewed = block in self.concluded.reviewed
        alone = self.concluded.evidence.outcome_of(element, reviewed, self.concluded.hoped)
        decided = self.decisions.get(element, alone)
        return Outcome.MISSING if decided is Outcome.NOT_APPLICABLE and alone is not decided else decided

    def bare(self, block: str) -> bool:
        """Whether the school has nothing for a block and nobody decided anything there: its lines are those of every
        such school of the kind."""
        elements = self.ruleset.elements_of[block]
        served = self.concluded.evidence.serves.keys()
        return not self.open and served.isdisjoint(elements) and self.decided.keys().isdisjoint(elements)

    def _block(self, block: str) -> BlockPart:
        reviewed = block in self.concluded.reviewed
        rows, indicators = self.indicators.block(block)
        if not self.bare(block):
            part = self._laid_out(block, reviewed)
        else:
            known = _bare.setdefault(self.concluded.expected, {})
            if (block, reviewed) not in known:
                known[block, reviewed] = self._laid_out(block, reviewed)
            part = known[block, reviewed]
        return replace(part, rows=rows, indicators=indicators) if rows else part

    def _laid_out(self, block: str, reviewed: bool) -> BlockPart:
        """The part of a block without the rows of the list."""
        specs = self.ruleset.lines_of[block]
        lines = tuple(self._line(spec, reviewed) for spec in specs)
        low, high = [row.low for row in lines if row.low], [row.high for row in lines if row.high]
        return BlockPart(
            reviewed=reviewed,
            lines=lines,
            cycle=added(row.points for row in lines),
            tally=Tally(
                complete=sum(t.complete for t in low),
                remarked=sum(bool(row.remarks) for row in lines),
                most=sum(t.complete for t in high) if reviewed else len(high),
                total=len(low),
            ),
            components=components(low, high, self.ruleset.components, reviewed),
            rows=(),
            indicators=NOTHING,
            left_out=not low and any(spec.id in self.concluded.expected.line_ids for spec in specs),
        )

    def _line(self, spec: LineSpec, reviewed: bool) -> LineRow:
        expected, scale = self.concluded.expected, self.ruleset.content.cycle
        out = [e for e in spec.elements if self.decisions.get(e) is Outcome.NOT_APPLICABLE]
        gone = len(out) == len(spec.elements) or any(map(self._takes_line, out))
        if gone or spec.id not in expected.line_ids:
            return LineRow(spec, Outcome.NOT_APPLICABLE, None, None, NOTHING)
        high = trace(spec, self.high) if self.open else None
        low = trace(spec, self.low, high, reviewed)
        points = NOTHING if scale is None else line_bounds(low, high or low, scale, reviewed)
        remarks = known(low.remarks, self.concluded.evidence, self.concluded.hoped)
        return LineRow(spec, _line_outcome(low, reviewed), low, high or low, points, remarks)

    def _takes_line(self, element: str) -> bool:
        return self.ruleset.stages[self.ruleset.elements[element].stage].left_out == "line"


def _indicator_needs(level: Level) -> tuple[str, ...]:
    return level.by_indicators.needs if level.by_indicators is not None else ()


def _line_outcome(low: Trace, reviewed: bool) -> Outcome:
    if low.complete:
        return Outcome.MET
    last = next(cell for cell in low.cells if cell.outcome not in (Outcome.MET, Outcome.NOT_APPLICABLE))
    return last.outcome if reviewed else Outcome.NOT_CHECKED
