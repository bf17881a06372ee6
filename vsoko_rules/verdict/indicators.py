"""The indicator score: what each row of a region's list earned, and the share of a direction (domain guide, §5).

An indicator is earned when the rules conclude so. What is not earned is open while one of its ways has nothing stated;
a value that misses its target on a sample too small to conclude from is left open as well, never held against a school.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum

from vsoko_rules.case.facts import target
from vsoko_rules.case.records import Case, IndicatorEntry
from vsoko_rules.engine.inference import Derivations
from vsoko_rules.ruleset.content import Direction, Indicator
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.evidence import Evidence, Outcome
from vsoko_rules.verdict.frozen import frozen
from vsoko_rules.verdict.scoring import NOTHING, Bounds, added, exact

_NOTHING_STATED = IndicatorEntry()


class Reason(str, Enum):
    """Why an indicator is open, or what must be said beside its outcome."""

    NO_VALUE = "no_value"
    NO_TARGET = "no_target"
    NO_PREVIOUS = "no_previous"
    NO_MARK = "no_mark"
    NOT_REVIEWED = "not_reviewed"
    UNREAD = "unread"
    SMALL_SAMPLE = "small_sample"
    APPROXIMATE = "approximate"
    """the sample allows only an approximate conclusion; the outcome stands"""
    DECIDED = "decided"
    """an expert decided"""


class Contradiction(str, Enum):
    """How a mark and the documents disagree."""

    MARKED_NOT_CREDITED = "marked_not_credited"
    """marked as held, but no document is credited"""


@frozen
class IndicatorRow:
    """One indicator and what became of it. `ways`: by which of its ways it was earned; `target` in its unit."""

    indicator: str
    outcome: Outcome
    automatic: Outcome
    points: Bounds
    ways: tuple[str, ...]
    reasons: tuple[Reason, ...]
    entry: IndicatorEntry | None
    target: Decimal | None
    contradiction: Contradiction | None = None


class IndicatorScores:
    """Scores the indicators of one case."""

    def __init__(
        self,
        case: Case,
        ruleset: Ruleset,
        expected: Expectation,
        derived: Derivations,
        evidence: Evidence,
        decisions: Mapping[str, Outcome],
    ) -> None:
        self.ruleset = ruleset
        self.expected = expected
        self.evidence = evidence
        self.decisions = decisions
        self.reviewed = case.reviewing(ruleset.blocks)
        aliases = ruleset.indicator_aliases
        self.entries = {aliases.get(code, code): entry for code, entry in case.indicators.items()}
        self.earned = {indicator for _, indicator in derived.concluded("earned")}
        self.ways: dict[str, tuple[str, ...]] = {}
        for _, indicator, way in sorted(derived.concluded("earned_way")):
            self.ways[indicator] = (*self.ways.get(indicator, ()), way)

    def block(self, block: str) -> tuple[tuple[IndicatorRow, ...], Bounds]:
        """The rows of one block in the order of the list, and their sum. Rows that do not apply add nothing."""
        rows = tuple(self._row(i) for i in self.ruleset.indicators.values() if i.block == block)
        return rows, added(row.points for row in rows)

    def _row(self, indicator: Indicator) -> IndicatorRow:
        entry = self.entries.get(indicator.id)
        goal = target(indicator.id, entry or _NOTHING_STATED, self.ruleset)
        if indicator.id not in self.expected.indicators:
            outcome = Outcome.NOT_APPLICABLE
            return IndicatorRow(indicator.id, outcome, outcome, NOTHING, (), (), entry, goal)
        automatic, reasons = self._outcome(indicator, entry or _NOTHING_STATED)
        decision = self.decisions.get(indicator.id)
        outcome = automatic if decision is None else decision
        if decision is not None:
            reasons = (Reason.DECIDED,)
        ways = self.ways.get(indicator.id, ())
        points = self._points(indicator, entry, outcome, ways)
        contradiction = self._contradiction(indicator, entry)
        return IndicatorRow(indicator.id, outcome, automatic, points, ways, reasons, entry, goal, contradiction)

    def _outcome(self, indicator: Indicator, entry: IndicatorEntry) -> tuple[Outcome, tuple[Reason, ...]]:
        samples, sample = self.ruleset.content.samples, entry.sample
        small = samples is not None and sample is not None and sample < samples.approximate
        rough = samples is not None and sample is not None and samples.approximate <= sample < samples.informative
        beside = (Reason.SMALL_SAMPLE,) if small else (Reason.APPROXIMATE,) if rough else ()
        if indicator.id in self.earned:
            return Outcome.MET, beside if "value" in self.ways.get(indicator.id, ()) else ()
        open_ways = self._open(indicator, entry)
        if indicator.earned.needs == "any" and entry.mark is not None and indicator.earned.mark:
            open_ways = ()  # the expert has looked and marked nothing
        failed = entry.value is not None and indicator.earned.value is not None
        if failed and small and entry.mark is None:
            open_ways = (*open_ways, Reason.SMALL_SAMPLE)
        elif failed and indicator.earned.needs == "any":
            open_ways = tuple(reason for reason in open_ways if reason is not Reason.NO_MARK)
        if open_ways:
            return Outcome.NOT_CHECKED, tuple(dict.fromkeys(open_ways))
        return Outcome.MISSING, beside if failed else ()

    def _open(self, indicator: Indicator, entry: IndicatorEntry) -> tuple[Reason, ...]:
        """Why ways of earning that did not succeed may still do so: nothing was stated of them."""
        ways, found = indicator.earned, list[Reason]()
        done = self.ways.get(indicator.id, ())
        if ways.element is not None and "element" not in done:
            if indicator.block not in self.reviewed:
                found.append(Reason.NOT_REVIEWED)
            if self.evidence.unknown.intersection(self.evidence.serves.get(ways.element, ())):
                found.append(Reason.UNREAD)
        if ways.value is not None and "value" not in done:
            compares = ways.value.direction in (Direction.GROWTH, Direction.DECLINE)
            goal = target(indicator.id, entry, self.ruleset)
            if entry.value is None:
                found.append(Reason.NO_VALUE)
            elif compares and entry.previous is None:
                found.append(Reason.NO_PREVIOUS)
            elif not compares and goal is None:
                found.append(Reason.NO_TARGET)
        if ways.mark and entry.mark is None:
            found.append(Reason.NO_MARK)
        return tuple(found)

    @staticmethod
    def _points(indicator: Indicator, entry: IndicatorEntry | None, outcome: Outcome, ways: tuple[str, ...]) -> Bounds:
        most, none = exact(indicator.max), 0
        if outcome is Outcome.NOT_APPLICABLE:
            return NOTHING
        if outcome is Outcome.MET:
            by_mark_alone = ways == ("mark",) and entry is not None and entry.mark is not None
            points = min(exact(entry.mark), most) if by_mark_alone and entry and entry.mark is not None else most
            return Bounds(points, points, points, most)
        return Bounds(none, none, most if outcome is Outcome.NOT_CHECKED else none, most)

    def _contradiction(self, indicator: Indicator, entry: IndicatorEntry | None) -> Contradiction | None:
        element = indicator.earned.element
        if entry is None or not entry.mark or element is None or self.evidence.credited.get(element):
            return None
        return Contradiction.MARKED_NOT_CREDITED
