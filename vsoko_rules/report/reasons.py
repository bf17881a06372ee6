"""Why the level is what it is: each threshold held against the points of the whole and of the weakest block."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from vsoko_rules.ruleset.content import Level
from vsoko_rules.verdict.assessment import Assessment, BlockResult
from vsoko_rules.verdict.result import number
from vsoko_rules.verdict.scoring import Bounds, Score


@dataclass(frozen=True, slots=True)
class Threshold:
    """One level's two thresholds (percent), and what there is against them."""

    level: Level
    whole: Fraction
    """percent that is proven over all blocks"""
    worst: str
    """the block with the least proven percent"""
    worst_percent: Fraction
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
class LevelReason:
    """The score that decides, with all that the level follows from; no thresholds where nothing applies."""

    score: Score
    thresholds: tuple[Threshold, ...]
    blocks: tuple[tuple[BlockResult, Bounds], ...]
    """scored blocks with their points in that score"""

    def data(self) -> dict[str, Any]:
        """The same as plain data."""
        whole = self.score.bounds
        return {
            "by": self.score.by,
            "points": number(whole.points),
            "max": number(whole.max),
            "thresholds": [
                {
                    "level": t.level.id,
                    "at_least": number(Fraction(t.level.at_least)),
                    "percent": number(t.whole),
                    "each_block": number(Fraction(t.level.each_block)),
                    "worst_block": t.worst,
                    "worst_percent": number(t.worst_percent),
                    "reached": t.whole_holds and t.blocks_hold,
                    "given": t.given,
                }
                for t in self.thresholds
            ],
            "blocks": [
                {
                    "id": block.id,
                    "points": number(points.points),
                    "max": number(points.max),
                    "components": [
                        {
                            "stage": c.stage,
                            "points": number(c.points.points),
                            "max": number(c.points.max),
                            "lines_held": c.held,
                            "lines": c.total,
                        }
                        for c in (block.components if self.score.by == "cycle" else ())
                    ],
                }
                for block, points in self.blocks
            ],
        }


def level_reason(assessment: Assessment) -> LevelReason:
    """Why the school has the level it has, by the score that decides."""
    score, ruleset = assessment.score, assessment.ruleset
    blocks = tuple((b, assessment.block_score(b)) for b in assessment.blocks if not ruleset.blocks[b.id].frame)
    shares = [(share, block.id) for block, points in blocks if (share := points.percent) is not None]
    whole, given = score.bounds.percent, score.verdict.level
    if whole is None or not shares:
        return LevelReason(score, (), blocks)
    worst_percent, worst = min(shares, key=lambda pair: pair[0])
    thresholds = (Threshold(level, whole, worst, worst_percent, level is given) for level in ruleset.levels)
    return LevelReason(score, tuple(thresholds), blocks)
