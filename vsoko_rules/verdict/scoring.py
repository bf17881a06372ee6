"""From lines to a score and a level, exactly: whole numbers and fractions, never floats.

The cycle score (domain guide, §5; origin `proposed`; all numbers are the ruleset's): the unit is the line. A complete
line is worth `complete`, a complete line with remarks `remarked`, a broken one
`broken · (h + scattered · (p − h)) / n`, where n is the number of its stages, h the longest run of neighbouring stages
that hold and are linked, and p the number of stages that have a document. A block is the mean of its applicable lines,
a school the weighted mean of its blocks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Literal

from vsoko_rules.ruleset.content import CycleScoring, Level, ScoreName, Thresholds
from vsoko_rules.verdict.chain import Trace
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.frozen import frozen

Exact = int | Fraction
"""points: whole numbers as long as nothing divides them"""


@frozen
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


def added(parts: Iterable[Bounds]) -> Bounds:
    """The sum of bounds. Where nothing is open, it is added once."""
    rows = list(parts)
    points = sum(row.points for row in rows)
    low = points if all(row.low is row.points for row in rows) else sum(row.low for row in rows)
    high = points if all(row.high is row.points for row in rows) else sum(row.high for row in rows)
    return Bounds(low, points, high, sum(row.max for row in rows))


@frozen
class Component:
    """One of the components of a block as a picture: on how many of the applicable lines it holds. `lines` counts
    lines: proven, and with everything granted that waits to be checked."""

    stage: str
    outcome: Outcome
    lines: Bounds


@frozen
class Tally:
    """How many lines are complete, of how many that apply."""

    complete: int
    remarked: int
    """complete lines with remarks, counted in `complete` too"""
    most: int
    """complete lines when everything is granted that waits to be checked"""
    total: int

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.complete + other.complete,
            self.remarked + other.remarked,
            self.most + other.most,
            self.total + other.total,
        )


@frozen
class Unmet:
    """A condition of a level that does not hold. `at`: the block or element that fails it, none for the whole."""

    condition: Literal["at_least", "each_block", "needs", "left_out"]
    at: str | None = None


@frozen
class Verdict:
    """A level with what is still open: the worst and the best level that the unchecked rest can bring."""

    level: Level | None
    low: Level | None
    high: Level | None
    checks: tuple[tuple[Level, tuple[Unmet, ...]], ...] = ()
    """for each level what of it does not hold of the proven score, best level first"""

    @property
    def unmet(self) -> tuple[Unmet, ...]:
        """What keeps the proven score from the next better level."""
        better = [unmet for level, unmet in self.checks[: self._rank]]
        return better[-1] if better else ()

    @property
    def _rank(self) -> int:
        return next((n for n, (level, _) in enumerate(self.checks) if level is self.level), 0)

    @property
    def certain(self) -> bool:
        """Whether nothing unchecked could change the level."""
        return self.low is self.high


@frozen
class Score:
    """One of the two scores with the level it gives."""

    by: ScoreName
    bounds: Bounds
    verdict: Verdict


@lru_cache(maxsize=1000)
def percent(points: Exact, most: Exact) -> Fraction | None:
    """`points` as percent of `most`; none where nothing applies, which is neither 0 % nor 100 %."""
    return Fraction(points * 100, most) if most else None


def line_points(line: Trace, scale: CycleScoring) -> Exact:
    """What one line is worth, from 0 to `scale.complete`."""
    if line.complete:
        return exact(scale.remarked if line.remarks else scale.complete)
    run, there = len(line.run), len(line.there)
    return _broken(scale.broken, scale.scattered, run, max(there - run, 0), line.steps)


@lru_cache(maxsize=1000)  # schools state numbers of their own
def exact(number: Decimal | int) -> Exact:
    """A number of the ruleset or of a case without rounding."""
    return _whole(Fraction(number))


@cache
def _broken(broken: Decimal, scattered: Decimal, run: int, beside: int, steps: int) -> Exact:
    """The worth of a broken line: one of a few values, so each is worked out once."""
    return _whole(Fraction(broken) * (run + Fraction(scattered) * beside) / steps)


def _whole(number: Fraction) -> Exact:
    return number.numerator if number.denominator == 1 else number


def line_bounds(low: Trace, high: Trace, scale: CycleScoring, reviewed: bool) -> Bounds:
    """What a line is worth as proven, and with everything granted that waits to be checked.

    In a block that nobody went through everything not proven is open.
    """
    points, most = line_points(low, scale), exact(scale.complete)
    best = points if high is low else max(points, line_points(high, scale))
    best = best if reviewed else most
    return Bounds(points, points, best, most)


def components(
    low: Sequence[Trace], high: Sequence[Trace], stages: Sequence[str], reviewed: bool
) -> tuple[Component, ...]:
    """On how many lines each component stage of one block holds.

    `low` and `high` trace the block's applicable lines in one order: as proven, and with everything that waits to be
    checked granted. Lines that a decision leads past a stage do not count there. Empty when no line applies.
    """
    result: list[Component] = []
    for number, stage in enumerate(stages if low else ()):
        outcomes = [line.cells[number].outcome for line in low]
        asked = len(outcomes) - outcomes.count(Outcome.NOT_APPLICABLE)
        held = outcomes.count(Outcome.MET)
        most = [line.cells[number].outcome for line in high].count(Outcome.MET) if reviewed else asked
        bounds = Bounds(held, held, max(held, most), asked)
        result.append(Component(stage, _picture(bounds, low, number), bounds))
    return tuple(result)


def _picture(held: Bounds, lines: Sequence[Trace], number: int) -> Outcome:
    """What is shown of stage `number`, which so many of the lines hold."""
    if not held.max:
        return Outcome.NOT_APPLICABLE
    if held.points == held.max:
        return Outcome.MET
    if not held.certain:
        return Outcome.NOT_CHECKED
    there = any(line.spec.elements[number] in line.there for line in lines)
    return Outcome.PARTIAL if there else Outcome.MISSING


def mean(blocks: Sequence[tuple[Bounds, Exact]]) -> Bounds:
    """The mean of blocks, each with its weight; its maximum is the sum of the weights of blocks that apply."""
    return added(_weighed(bounds, weight) for bounds, weight in blocks if bounds.max)


def _weighed(bounds: Bounds, weight: Exact) -> Bounds:
    """The same shares of `weight` instead of the maximum. Most often all or nothing is reached: without fractions."""

    def part(points: Exact) -> Exact:
        return weight if points == bounds.max else points and Fraction(points * weight, bounds.max)

    points = part(bounds.points)
    low = points if bounds.low is bounds.points else part(bounds.low)
    return Bounds(low, points, points if bounds.high is bounds.points else part(bounds.high), weight)


def total(blocks: Sequence[tuple[Bounds, Exact]]) -> Bounds:
    """The sum of blocks, each with its weight."""
    return added(bounds if weight == 1 else bounds * weight for bounds, weight in blocks)


@frozen
class Standing:
    """What the conditions of a level are held against. `blocks`: the score of each block by its id."""

    whole: Bounds
    blocks: Mapping[str, Bounds]
    outcomes: Mapping[str, Outcome] | None = None
    """outcomes of the elements that levels name; none for a part of a school, of which they are not asked"""
    left_out: Collection[str] = ()
    """blocks of which a decision leaves nothing"""

    def alike(self, edge: str) -> bool:
        """Whether the conditions are held against the same at an edge («low», «high») as for what is proven."""
        if edge == "high" and self.outcomes is not None and Outcome.NOT_CHECKED in self.outcomes.values():
            return False
        bounds = (self.whole, *self.blocks.values())
        return [getattr(b, edge) for b in bounds] == [b.points for b in bounds]


def verdict(levels: Sequence[Level], standing: Standing, by: ScoreName = "cycle") -> Verdict:
    """The best level whose conditions hold. No level where nothing applies at all."""
    if not standing.whole.max:
        return Verdict(None, None, None)
    proven = _checks(levels, _standing(standing, "points"), by)
    low, high = (
        proven if standing.alike(edge) else _checks(levels, _standing(standing, edge), by) for edge in ("low", "high")
    )
    return Verdict(_best(proven), _best(low), _best(high), proven)


_Reached = tuple[Exact, Exact]
"""points and their maximum"""

_Row = tuple[_Reached, Mapping[str, _Reached], Collection[str] | None, Collection[str]]
"""what is reached of the whole and of each block, elements that are there (none: not asked), blocks left out"""


def _standing(standing: Standing, edge: str) -> _Row:
    reached = {block: (getattr(b, edge), b.max) for block, b in standing.blocks.items() if b.max}
    whole = getattr(standing.whole, edge), standing.whole.max
    if standing.outcomes is None:
        return whole, reached, None, standing.left_out
    allowed = [Outcome.MET, Outcome.NOT_APPLICABLE, *([Outcome.NOT_CHECKED] if edge == "high" else [])]
    return whole, reached, {e for e, o in standing.outcomes.items() if o in allowed}, standing.left_out


_Checks = tuple[tuple[Level, tuple[Unmet, ...]], ...]


def _checks(levels: Sequence[Level], row: _Row, by: ScoreName) -> _Checks:
    return tuple((level, tuple(_unmet(level.thresholds(by), row))) for level in levels)


def _best(checks: _Checks) -> Level | None:
    return next((level for level, unmet in checks if not unmet), None)


def _unmet(wanted: Thresholds, row: _Row) -> list[Unmet]:
    whole, blocks, there, left_out = row
    unmet = [Unmet("at_least")] if _below(whole, exact(wanted.at_least)) else []
    each = exact(wanted.each_block)
    unmet += [Unmet("each_block", block) for block, reached in blocks.items() if _below(reached, each)]
    unmet += [Unmet("needs", e) for e in wanted.needs if there is not None and e not in there]
    return unmet + ([Unmet("left_out", block) for block in left_out] if wanted.every_block else [])


def _below(reached: _Reached, wanted: Exact) -> bool:
    """Whether points are less than `wanted` percent of their maximum; nothing is divided, and no fraction is made."""
    points, most = reached
    return points.numerator * 100 < wanted * most * points.denominator
