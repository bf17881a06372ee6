"""From outcomes to points and levels, exactly: whole numbers and fractions, never floats.

The cycle score (domain guide, §5; origin `proposed`): in each block each component stage earns the ruleset's points for
«absent», «partial» or «complete». Complete: every applicable line passes the stage. Absent: no line has anything
there. The gate: after an absent component the next one earns at most `cap_after_absent`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from vsoko_rules.ruleset.content import CycleScoring, Level
from vsoko_rules.verdict.chain import Evidence, Outcome, Trace

Exact = int | Fraction
"""points: whole numbers as long as nothing divides them"""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Points that are proven (`points`), and what is still open: low ≤ points ≤ high ≤ max."""

    low: Exact
    points: Exact
    high: Exact
    max: Exact

    @property
    def percent(self) -> Fraction | None:
        """Proven points as percent of the maximum; none where nothing applies."""
        return percent(self.points, self.max)

    @property
    def certain(self) -> bool:
        """Whether nothing is left open."""
        return self.low == self.high

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(self.low + other.low, self.points + other.points, self.high + other.high, self.max + other.max)

    def __mul__(self, weight: Exact) -> Bounds:
        return Bounds(self.low * weight, self.points * weight, self.high * weight, self.max * weight)


NOTHING = Bounds(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Component:
    """One of the six components of a block: its points, and on how many of the applicable lines it holds."""

    stage: str
    outcome: Outcome
    points: Bounds
    held: int
    total: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """A level with what is still open: the worst and the best level that the unchecked rest can bring."""

    level: Level | None
    low: Level | None
    high: Level | None

    @property
    def certain(self) -> bool:
        """Whether nothing unchecked could change the level."""
        return self.low is self.high


@dataclass(frozen=True, slots=True)
class Score:
    """One of the two scores with the level it gives."""

    by: Literal["cycle", "indicators"]
    bounds: Bounds
    verdict: Verdict


def percent(points: Exact, most: Exact) -> Fraction | None:
    """`points` as percent of `most`; none where nothing applies, which is neither 0 % nor 100 %."""
    return Fraction(points * 100) / most if most else None


def block_components(
    low: Sequence[Trace],
    high: Sequence[Trace],
    evidence: Evidence,
    decisions: Mapping[str, Outcome],
    scoring: CycleScoring,
    stages: Sequence[str],
    reviewed: bool,
) -> tuple[Component, ...]:
    """Points of each component stage of one block.

    `low` and `high` trace the block's applicable lines in one order: as proven, and with everything that waits to be
    checked granted. In a block that was not reviewed everything not proven is open. Empty when no line applies.
    """
    if not low:
        return ()
    components: list[Component] = []
    before: dict[bool, int] = {}
    for number, stage in enumerate(stages):
        elements = dict.fromkeys(t.spec.elements[number] for t in low)
        held = [_held(traces, number) for traces in (low, high)]
        points: list[int] = []
        for optimistic, count in enumerate(held):
            there = any(_there(e, evidence, decisions.get(e), bool(optimistic)) for e in elements)
            earned = scoring.complete if count == len(low) else scoring.partial if there else scoring.absent
            if before.get(bool(optimistic)) == scoring.absent:
                earned = min(earned, scoring.cap_after_absent)
            before[bool(optimistic)] = earned
            points.append(earned)
        most = points[1] if reviewed else scoring.complete
        bounds = Bounds(points[0], points[0], max(points[0], most), scoring.complete)
        components.append(Component(stage, _outcome(bounds, points[0], scoring), bounds, held[0], len(low)))
    return tuple(components)


def _there(element: str, evidence: Evidence, decision: Outcome | None, optimistic: bool) -> bool:
    """Whether an element has anything at all; an expert's decision goes over what the documents say."""
    if decision is None:
        return bool(evidence.usable(element))
    return decision in (Outcome.MET, Outcome.PARTIAL) or (optimistic and decision is Outcome.NOT_CHECKED)


def _held(traces: Sequence[Trace], number: int) -> int:
    return sum(t.cells[number].outcome is Outcome.MET for t in traces)


def _outcome(bounds: Bounds, earned: int, scoring: CycleScoring) -> Outcome:
    if earned == scoring.complete:
        return Outcome.MET
    if not bounds.certain:
        return Outcome.NOT_CHECKED
    return Outcome.PARTIAL if earned > scoring.absent else Outcome.MISSING


def total(blocks: Sequence[tuple[Bounds, Exact]]) -> Bounds:
    """The sum of blocks, each with its weight."""
    result = NOTHING
    for bounds, weight in blocks:
        result += bounds if weight == 1 else bounds * weight
    return result


def verdict(levels: Sequence[Level], whole: Bounds, blocks: Sequence[Bounds]) -> Verdict:
    """The level of a whole and of its blocks: the best whose two thresholds are reached (percent).

    Blocks in which nothing applies are left out. No level where nothing applies at all.
    """
    level = _level(levels, whole.points, whole.max, [(b.points, b.max) for b in blocks])
    if all(b.certain for b in blocks):
        return Verdict(level, level, level)
    low = _level(levels, whole.low, whole.max, [(b.low, b.max) for b in blocks])
    return Verdict(level, low, _level(levels, whole.high, whole.max, [(b.high, b.max) for b in blocks]))


def _level(levels: Sequence[Level], points: Exact, most: Exact, blocks: Sequence[tuple[Exact, Exact]]) -> Level | None:
    reached = percent(points, most)
    if reached is None:
        return None
    worst = min(share for p, m in blocks if (share := percent(p, m)) is not None)
    return next(
        (level for level in levels if reached >= Fraction(level.at_least) and worst >= Fraction(level.each_block)), None
    )
