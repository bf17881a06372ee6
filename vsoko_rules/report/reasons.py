"""Why the level is what it is: every level's conditions held against the school, and the lines that give its score."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from vsoko_rules.ruleset.content import Level
from vsoko_rules.verdict.assessment import Assessment, BlockResult
from vsoko_rules.verdict.result import number
from vsoko_rules.verdict.scoring import Bounds, Score, Unmet


@dataclass(frozen=True, slots=True)
class LevelCheck:
    """One level held against what is proven: the conditions that do not hold, none where it is reached."""

    level: Level
    unmet: tuple[Unmet, ...]
    given: bool
    """the level that the school has"""


@dataclass(frozen=True, slots=True)
class LevelReason:
    """The score that decides, with all that the level follows from; no checks where nothing applies."""

    score: Score
    checks: tuple[LevelCheck, ...]
    blocks: tuple[tuple[BlockResult, Bounds], ...]
    """scored blocks with their points in that score"""

    def data(self) -> dict[str, Any]:
        """The same as plain data."""
        whole = self.score.bounds
        return {
            "by": self.score.by,
            "points": number(whole.points),
            "max": number(whole.max),
            "percent": None if whole.percent is None else number(whole.percent),
            "levels": [self._check(check) for check in self.checks],
            "blocks": [self._block(block, points) for block, points in self.blocks],
        }

    def _check(self, check: LevelCheck) -> dict[str, Any]:
        asked = check.level.thresholds(self.score.by)
        return {
            "level": check.level.id,
            "at_least": number(Fraction(asked.at_least)),
            "each_block": number(Fraction(asked.each_block)),
            "needs": list(asked.needs),
            "every_block": asked.every_block,
            "reached": not check.unmet,
            "unmet": [{"condition": unmet.condition, "at": unmet.at} for unmet in check.unmet],
            "given": check.given,
        }

    def _block(self, block: BlockResult, points: Bounds) -> dict[str, Any]:
        lines = block.lines if self.score.by == "cycle" else ()
        return {
            "id": block.id,
            "points": number(points.points),
            "max": number(points.max),
            "percent": None if points.percent is None else number(points.percent),
            "lines": [
                {
                    "id": line.spec.id,
                    "points": number(line.points.points),
                    "complete": line.trace.complete,
                    "run": len(line.trace.run),
                    "there": len(line.trace.there),
                    "stages": line.trace.steps,
                }
                for line in lines
                if line.trace is not None
            ],
        }


def level_reason(assessment: Assessment) -> LevelReason:
    """Why the school has the level it has, by the score that decides."""
    score, ruleset = assessment.score, assessment.ruleset
    blocks = tuple((b, assessment.block_score(b)) for b in assessment.blocks if not ruleset.blocks[b.id].frame)
    given = score.verdict.level
    checks = (LevelCheck(level, unmet, level is given) for level, unmet in score.verdict.checks)
    return LevelReason(score, tuple(checks), blocks)
