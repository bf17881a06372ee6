"""The verdict on each block: its lines, its elements outside the lines, its findings, its level."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from vsoko_rules.ruleset.content import ScoreName
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.model import Element
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessed import BlockResult, Line
from vsoko_rules.verdict.chain import weakest_stage
from vsoko_rules.verdict.decided import Concluded, UnderDecisions
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.findings import (
    Finding,
    Item,
    absences,
    breaks,
    contradictions,
    nearest_first,
    numbered,
    remarks,
)
from vsoko_rules.verdict.scoring import Bounds, Standing, Verdict, verdict

_bare: WeakKeyDictionary[Expectation, dict[tuple[str, bool], BlockResult]] = WeakKeyDictionary()
"""blocks for which a school has nothing, reviewed or not"""


class BlockResults:
    """Makes the results of the blocks of a case: under its decisions, beside what it is without them."""

    def __init__(
        self, concluded: Concluded, verdicts: UnderDecisions, automatic: UnderDecisions, warnings: Sequence[Finding]
    ) -> None:
        self.ruleset = concluded.ruleset
        self.expected = concluded.expected
        self.evidence = concluded.evidence
        self.hoped = concluded.hoped
        self.verdicts = verdicts
        self.automatic = automatic
        self.warnings = warnings

    def of(self, block: str) -> BlockResult:
        """The result of one block. Where a school has nothing it is made once for the kind of school."""
        part = self.verdicts.blocks[block]
        warned = any(f.block == block for f in self.warnings)
        if part.rows or warned or not (self.verdicts.bare(block) and self.automatic.bare(block)):
            return self._made(block)
        known = _bare.setdefault(self.expected, {})
        if (block, part.reviewed) not in known:
            known[block, part.reviewed] = self._made(block)
        return known[block, part.reviewed]

    def _made(self, block: str) -> BlockResult:
        part, ruleset = self.verdicts.blocks[block], self.ruleset
        lines = tuple(
            Line(row.spec, row.outcome, row.low, alone.low, row.points, row.remarks)
            for row, alone in zip(part.lines, self.automatic.blocks[block].lines, strict=True)
        )
        traces = [line.trace for line in lines if line.trace is not None]
        unchecked = Outcome.NOT_CHECKED
        broken = [line.trace for line in lines if line.trace is not None and line.outcome is not unchecked]
        items = tuple([self._item(e, part.reviewed) for e in ruleset.items[block]])
        findings = [
            *breaks(broken, block, ruleset),
            *absences(items, ruleset),
            *contradictions(part.rows, ruleset),
            *(f for f in self.warnings if f.block == block),
            *remarks(block, traces, self.evidence, self.hoped, ruleset),
        ]
        return BlockResult(
            id=block,
            reviewed=part.reviewed,
            cycle=part.cycle,
            tally=part.tally,
            verdict=_alone(block, part.cycle, "cycle", ruleset),
            components=part.components,
            lines=lines,
            items=items,
            findings=numbered(findings),
            weakest=weakest_stage(traces, ruleset.components) if part.reviewed else None,
            indicators=part.indicators,
            indicator_verdict=_alone(block, part.indicators, "indicators", ruleset),
            rows=part.rows,
        )

    def _item(self, element: Element, reviewed: bool) -> Item:
        code, stage = element.id, element.stage
        automatic = self.evidence.outcome_of(code, reviewed, self.hoped)
        decided = self.verdicts.decided.get(code, automatic)
        if automatic is Outcome.NOT_APPLICABLE:
            return Item(code, stage, decided, automatic, ())
        if credited := self.evidence.credited.get(code):
            return Item(code, stage, decided, automatic, tuple(credited))
        offered = self.evidence.serves.get(code, ())
        near = nearest_first([(d, self.evidence.lacks(d, code)) for d in offered])
        return Item(code, stage, decided, automatic, tuple(offered), near)


def _alone(block: str, bounds: Bounds, by: ScoreName, ruleset: Ruleset) -> Verdict | None:
    """The level that a block would have by itself; none where nothing of it is scored."""
    return verdict(ruleset.levels, Standing(bounds, {block: bounds}), by) if bounds.max else None
