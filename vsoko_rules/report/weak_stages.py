"""The weakest stages of the management cycle over many schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vsoko_rules.report.school_results import Result
from vsoko_rules.report.scores import points
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.shares import rounded
from vsoko_rules.verdict.scoring import Bounds
from vsoko_rules.words import limit, percent


@dataclass(frozen=True, slots=True)
class Weak:
    """A stage that lost points over the district; the blocks that lost most first."""

    id: str
    stage: str
    points: str
    percent: str
    blocks: tuple[str, ...]


def weak_stages(results: Sequence[Result], ruleset: Ruleset) -> tuple[Weak, ...]:
    """Stages by the share of points earned over all schools, the weakest first; full ones are left out."""
    earned: dict[str, Fraction] = {}
    most: dict[str, Fraction] = {}
    lost: dict[str, dict[str, Fraction]] = {}
    for block in (block for result in results for block in result["blocks"]):
        for part in block["components"]:
            stage, got, full = part["stage"], Fraction(str(part["points"])), Fraction(str(part["max"]))
            earned[stage] = earned.get(stage, Fraction(0)) + got
            most[stage] = most.get(stage, Fraction(0)) + full
            losses = lost.setdefault(stage, {})
            losses[block["id"]] = losses.get(block["id"], Fraction(0)) + full - got
    weak = sorted((s for s in earned if earned[s] < most[s]), key=lambda s: earned[s] / most[s])
    return tuple(_weak(ruleset, s, earned[s], most[s], lost[s]) for s in weak[: limit("weak_stages")])


def _weak(ruleset: Ruleset, stage: str, got: Fraction, most: Fraction, lost: Mapping[str, Fraction]) -> Weak:
    blocks = sorted((b for b in lost if lost[b]), key=lambda b: -lost[b])[: limit("weak_blocks")]
    return Weak(
        stage,
        ruleset.stages[stage].plural,
        points(Bounds(got, got, got, most)),
        percent(rounded(got, most)) or "",
        tuple(ruleset.blocks[b].name for b in blocks),
    )
