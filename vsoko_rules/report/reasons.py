"""Why the level is what it is: each threshold held against the points, block by block, component by component."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from vsoko_rules.ruleset.scales import Level
from vsoko_rules.verdict.assessment import Assessment, BlockResult
from vsoko_rules.verdict.result import number
from vsoko_rules.verdict.scoring import Bounds, Component, percent


@dataclass(frozen=True, slots=True)
class Threshold:
    """One level's two thresholds (percent), and what there is against them."""

    level: Level
    whole: Fraction
    """percent that is proven over all blocks"""
    worst: BlockResult
    """the block with the least proven percent"""
    worst_percent: Fraction
    reached: bool
    given: bool
    """the level that the school has"""

    @property
    def whole_holds(self) -> bool:
        """Whether the threshold over all blocks is reached."""
        return self.whole >= self.level.at_least

    @property
    def blocks_hold(self) -> bool:
        """Whether every block reaches its own threshold."""
        return self.worst_percent >= self.level.each_block


@dataclass(frozen=True, slots=True)
class BlockReason:
    """The points of one block and of its components."""

    block: BlockResult
    points: Bounds
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class LevelReason:
    """The level of a school with all that it follows from; no thresholds where nothing applies."""

    points: Bounds
    by: str
    """`cycle` or `indicators`: the score that gives the level"""
    thresholds: tuple[Threshold, ...]
    blocks: tuple[BlockReason, ...]

    def data(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "by": self.by,
            "points": number(self.points.points),
            "max": number(self.points.max),
            "thresholds": [
                {
                    "level": t.level.id,
                    "at_least": number(Fraction(t.level.at_least)),
                    "percent": number(t.whole),
                    "each_block": number(Fraction(t.level.each_block)),
                    "worst_block": t.worst.id,
                    "worst_percent": number(t.worst_percent),
                    "reached": t.reached,
                    "given": t.given,
                }
                for t in self.thresholds
            ],
            "blocks": [
                {
                    "id": b.block.id,
                    "points": number(b.points.points),
                    "max": number(b.points.max),
                    "components": [
                        {
                            "stage": c.stage,
                            "points": number(c.points.points),
                            "max": number(c.points.max),
                            "lines_held": c.held,
                            "lines": c.total,
                        }
                        for c in b.components
                    ],
                }
                for b in self.blocks
            ],
        }


def level_reason(assessment: Assessment) -> LevelReason:
    """Why the school has the level it has, by the score that the ruleset names."""
    by_cycle = assessment.ruleset.content.verdict_by == "cycle"
    whole = assessment.cycle if by_cycle else assessment.indicators
    scored = [b for b in assessment.blocks if not assessment.ruleset.blocks[b.id].frame]
    points = {b.id: b.cycle if by_cycle else b.indicators for b in scored}
    blocks = tuple(BlockReason(b, points[b.id], b.components if by_cycle else ()) for b in scored)
    share = whole.percent
    shares = [(p, b) for b in scored if (p := percent(points[b.id].points, points[b.id].max)) is not None]
    if share is None or not shares:
        return LevelReason(whole, assessment.ruleset.content.verdict_by, (), blocks)
    worst_percent, worst = min(shares, key=lambda pair: pair[0])
    given = assessment.verdict.level
    thresholds = tuple(
        Threshold(
            level,
            share,
            worst,
            worst_percent,
            share >= level.at_least and worst_percent >= level.each_block,
            given is not None and level.id == given.id,
        )
        for level in assessment.ruleset.levels
    )
    return LevelReason(whole, assessment.ruleset.content.verdict_by, thresholds, blocks)
