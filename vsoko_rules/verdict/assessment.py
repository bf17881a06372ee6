"""The pipeline, and its result: from a ruleset and a case to an explained verdict on every block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vsoko_rules.case.facts import expectation, facts
from vsoko_rules.case.reader import CaseFile, check_case
from vsoko_rules.engine.inference import Derivations, conclude
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import Problem
from vsoko_rules.ruleset.model import Concerned, Element, Severity
from vsoko_rules.ruleset.ruleset import Expectation, LineSpec, Ruleset
from vsoko_rules.verdict.chain import Evidence, Outcome, Trace, trace, weakest_stage
from vsoko_rules.verdict.findings import (
    Finding,
    FindingKind,
    Item,
    absences,
    breaks,
    circles,
    contradictions,
    numbered,
    warnings,
)
from vsoko_rules.verdict.indicators import IndicatorRow, IndicatorScores
from vsoko_rules.verdict.scoring import NOTHING, Bounds, Component, Score, Verdict, block_components, total, verdict

__all__ = ["Assessment", "BlockResult", "Finding", "FindingKind", "Item", "Line", "assess"]


@dataclass(frozen=True, slots=True)
class Line:
    """One expected line of a block and what became of it.

    `trace` is the verdict, with an expert's decisions; `automatic` what the program found without them (the same when
    there are none). Both are none for a line that does not apply to the school; where an expert decided so, only
    `trace` is.
    """

    spec: LineSpec
    outcome: Outcome
    trace: Trace | None
    automatic: Trace | None


@dataclass(frozen=True, slots=True)
class BlockResult:
    """The verdict on one block. `verdict` is none where nothing applies and for the frame, which earns no points."""

    id: str
    reviewed: bool
    cycle: Bounds
    verdict: Verdict | None
    components: tuple[Component, ...]
    lines: tuple[Line, ...]
    items: tuple[Item, ...]
    findings: tuple[Finding, ...]
    weakest: str | None
    indicators: Bounds
    """the indicator score of the direction; all zero where the ruleset has no list"""
    indicator_verdict: Verdict | None
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that is known of one case under one ruleset. Immutable; renderers read it and compute nothing."""

    ruleset: Ruleset
    case: CaseFile
    engine: str
    expectation: Expectation
    evidence: Evidence
    derivations: Derivations
    decisions: Mapping[str, Outcome]
    """an expert's outcomes by the present code of an element or indicator"""
    cycle: Bounds
    automatic_cycle: Bounds
    """the cycle score without an expert's decisions"""
    indicators: Bounds
    """the indicator score over all directions"""
    cycle_verdict: Verdict
    indicator_verdict: Verdict
    blocks: tuple[BlockResult, ...]
    findings: tuple[Finding, ...]
    """findings that belong to no block"""
    notices: tuple[Problem, ...]
    """what was noticed while reading the case and does not change the verdict"""

    @property
    def score(self) -> Score:
        """The score that decides the level: the one that the ruleset names."""
        if self.ruleset.content.verdict_by == "indicators":
            return Score("indicators", self.indicators, self.indicator_verdict)
        return Score("cycle", self.cycle, self.cycle_verdict)

    @property
    def verdict(self) -> Verdict:
        """The level of the school, by the score that decides."""
        return self.score.verdict

    def block_score(self, block: BlockResult) -> Bounds:
        """The points of one block in the score that decides."""
        return block.indicators if self.score.by == "indicators" else block.cycle

    def outcome_of(self, element: str) -> Outcome:
        """What became of one element: an expert's decision, or where there is none what the documents say."""
        decision = self.decisions.get(element)
        return self.automatic_outcome_of(element) if decision is None else decision

    def automatic_outcome_of(self, element: str) -> Outcome:
        """What the documents say of one element, without an expert's decisions."""
        reviewed, block = self.case.content.reviewed, self.ruleset.elements[element].block
        return self.evidence.outcome_of(element, reviewed is None or block in reviewed)

    @property
    def complete(self) -> bool:
        """Whether every applicable line holds and nothing blocking was found."""
        held = all(line.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE) for b in self.blocks for line in b.lines)
        return held and not any(f.severity is Severity.BLOCKING for f in self.all_findings())

    def all_findings(self) -> tuple[Finding, ...]:
        """Findings of the whole case and of each block, gravest first, then in the order of the ruleset."""
        found = [*self.findings, *(f for block in self.blocks for f in block.findings)]
        return tuple(sorted(found, key=lambda f: _GRAVITY[f.severity]))

    def to_do(self) -> tuple[Finding, ...]:
        """Findings that the school itself can mend, what to begin with first: the gravest, of equally grave ones what
        holds up most lines. What an expert decided or marked is not for the school to mend."""
        mendable = [
            f
            for f in self.all_findings()
            if f.concerns is Concerned.SCHOOL and (f.rule is not None or f.element not in self.decisions)
        ]
        return tuple(sorted(mendable, key=lambda f: (_GRAVITY[f.severity], -len(f.lines))))


_GRAVITY = {severity: number for number, severity in enumerate(Severity)}


def assess(
    case: CaseFile, ruleset: Ruleset, engine: EngineName = EngineName.AUTO, others: Sequence[Ruleset] = ()
) -> Assessment:
    """Assess one case under one ruleset.

    `others` are further rulesets the same case is assessed under: codes only they know are passed over.
    Raises `InputError` when the case names what the ruleset does not know, `EnginesDisagree` when engines differ.
    """
    notices = check_case(case, ruleset, others)
    return _Pipeline(case, ruleset, engine).assessment(notices)


def reassess(before: Assessment, case: CaseFile, engine: EngineName | None = None) -> Assessment:
    """Assess a changed copy of a case that was assessed before, by the same rules and, if not told, the same engine.

    The codes of the case were checked then; whoever changes it adds only codes that the ruleset knows.
    """
    return _Pipeline(case, before.ruleset, engine or EngineName(before.engine)).assessment(before.notices)


class _Pipeline:
    def __init__(self, case: CaseFile, ruleset: Ruleset, engine: EngineName) -> None:
        self.case = case
        self.content = case.content
        self.ruleset = ruleset
        self.engine = engine
        self.expected = expectation(self.content, ruleset)
        self.derived = conclude(ruleset.program, facts(self.content, ruleset), engine)
        self.evidence = Evidence(self.content, ruleset, self.expected, self.derived)
        aliases = {**ruleset.indicator_aliases, **ruleset.aliases}
        self.decisions = {aliases.get(o.of, o.of): Outcome(o.outcome) for o in self.content.overrides}
        self.scores = IndicatorScores(self.content, ruleset, self.expected, self.derived, self.evidence, self.decisions)
        self.warnings = warnings(case, ruleset, self.derived)

    def assessment(self, notices: tuple[Problem, ...]) -> Assessment:
        blocks = [self._block(b) for b in self.ruleset.blocks]
        scored = [b for b in blocks if not self.ruleset.blocks[b.id].frame]
        cycle = self._total([(b.id, b.cycle) for b in scored])
        automatic = cycle
        if self.decisions:
            automatic = self._total([(b.id, self._automatic(b)) for b in scored])
        findings = circles(self.evidence, self.ruleset)
        findings += [f for f in self.warnings if f.block is None]
        return Assessment(
            ruleset=self.ruleset,
            case=self.case,
            engine=self.derived.engine,
            expectation=self.expected,
            evidence=self.evidence,
            derivations=self.derived,
            decisions=self.decisions,
            cycle=cycle,
            automatic_cycle=automatic,
            indicators=self._total([(b.id, b.indicators) for b in scored]),
            cycle_verdict=verdict(self.ruleset.levels, cycle, [b.cycle for b in scored]),
            indicator_verdict=self._indicator_verdict(scored),
            blocks=tuple(blocks),
            findings=numbered(findings),
            notices=notices,
        )

    def _indicator_verdict(self, blocks: Sequence[BlockResult]) -> Verdict:
        whole = self._total([(b.id, b.indicators) for b in blocks])
        return verdict(self.ruleset.levels, whole, [b.indicators for b in blocks])

    def _total(self, blocks: Sequence[tuple[str, Bounds]]) -> Bounds:
        return total([(bounds, Fraction(self.ruleset.blocks[block].weight)) for block, bounds in blocks])

    def _block(self, block: str) -> BlockResult:
        frame = self.ruleset.blocks[block].frame
        reviewed = self.content.reviewed is None or block in self.content.reviewed
        specs = [line for line in self.ruleset.lines if line.block == block]
        lines = tuple(self._line(spec, reviewed) for spec in specs)
        low = [line.trace for line in lines if line.trace is not None]
        components = self._components(low, self.decisions, reviewed)
        cycle = sum((c.points for c in components), NOTHING)
        items = tuple(self._item(e, reviewed) for e in self.ruleset.items[block])
        rows, indicators = self.scores.block(block)
        findings = [
            *breaks(
                [line.trace for line in lines if line.trace is not None and line.outcome is not Outcome.NOT_CHECKED],
                block,
                self.ruleset,
            ),
            *absences(items, self.ruleset),
            *contradictions(rows, self.ruleset),
        ]
        findings += [f for f in self.warnings if f.block == block]
        return BlockResult(
            id=block,
            reviewed=reviewed,
            cycle=cycle,
            verdict=None if frame or not components else verdict(self.ruleset.levels, cycle, [cycle]),
            components=components,
            lines=lines,
            items=items,
            findings=numbered(findings),
            weakest=weakest_stage(low, self.ruleset.components) if reviewed else None,
            indicators=indicators,
            indicator_verdict=verdict(self.ruleset.levels, indicators, [indicators]) if indicators.max else None,
            rows=rows,
        )

    def _line(self, spec: LineSpec, reviewed: bool) -> Line:
        if not all(e in self.expected.elements for e in spec.elements):
            return Line(spec, Outcome.NOT_APPLICABLE, None, None)
        automatic = trace(spec, self.evidence, {})
        if any(self.decisions.get(e) is Outcome.NOT_APPLICABLE for e in spec.elements):
            return Line(spec, Outcome.NOT_APPLICABLE, None, automatic)
        found = trace(spec, self.evidence, self.decisions) if self.decisions.keys() & spec.elements else automatic
        return Line(spec, _line_outcome(found, reviewed), found, automatic)

    def _components(
        self, low: Sequence[Trace], decisions: Mapping[str, Outcome], reviewed: bool
    ) -> tuple[Component, ...]:
        scoring = self.ruleset.content.cycle
        if scoring is None:
            return ()
        high = low
        waiting = {e for e, outcome in decisions.items() if outcome is Outcome.NOT_CHECKED}
        if self.evidence.unread or waiting:
            granted = {e: Outcome.MET if e in waiting else outcome for e, outcome in decisions.items()}
            high = [trace(t.spec, self.evidence, granted, self.evidence.unread) for t in low]
        return block_components(low, high, self.evidence, decisions, scoring, self.ruleset.components, reviewed)

    def _automatic(self, block: BlockResult) -> Bounds:
        """The cycle score of a block without an expert's decisions."""
        specs = [line.spec for line in block.lines if all(e in self.expected.elements for e in line.spec.elements)]
        components = self._components([trace(s, self.evidence, {}) for s in specs], {}, block.reviewed)
        return sum((c.points for c in components), NOTHING)

    def _item(self, element: Element, reviewed: bool) -> Item:
        automatic = self.evidence.outcome_of(element.id, reviewed)
        decided = self.decisions.get(element.id, automatic)
        if automatic is Outcome.NOT_APPLICABLE:
            return Item(element.id, element.stage, decided, automatic, ())
        credited = self.evidence.credited.get(element.id, [])
        offered = self.evidence.serves.get(element.id, [])
        lacks = () if credited else [(d, self.evidence.lacks(d, element.id)) for d in offered]
        near = tuple(sorted(lacks, key=lambda pair: (len(pair[1]), pair[0])))
        return Item(element.id, element.stage, decided, automatic, tuple(credited or offered), near)


def _line_outcome(found: Trace, reviewed: bool) -> Outcome:
    if found.complete:
        return Outcome.MET
    last = next(cell for cell in found.cells if cell.outcome is not Outcome.MET)
    return last.outcome if reviewed else Outcome.NOT_CHECKED
