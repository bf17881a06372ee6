"""The pipeline, and its result: from a ruleset and a case to an explained verdict on every block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from vsoko_rules.case.facts import expectation, facts, served
from vsoko_rules.case.load import CaseFile, check_case
from vsoko_rules.chain import BreakKind, Evidence, NearMiss, Outcome, Trace, trace, weakest_stage
from vsoko_rules.engine.inference import Derivations, conclude
from vsoko_rules.engine.language import Firing, Variable
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import Problem
from vsoko_rules.indicators import IndicatorRow, IndicatorScores
from vsoko_rules.ruleset.model import Element, Severity
from vsoko_rules.ruleset.ruleset import Expectation, LineSpec, Ruleset
from vsoko_rules.scoring import NOTHING, Bounds, Component, Verdict, block_components, total, verdict


class FindingKind(str, Enum):
    """What a finding is about."""

    BREAK = "break"
    """a line breaks"""
    ABSENCE = "absence"
    """an element outside the lines is not there"""
    INCOMPLETE = "incomplete"
    """an element outside the lines is there and misses requirements"""
    WARNING = "warning"
    """a rule warns"""
    CONTRADICTION = "contradiction"
    """a mark and the documents disagree"""
    CIRCLE = "circle"
    """documents rest on one another in a circle"""


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
class Item:
    """An element outside the lines: rationale, indicators, methods, effect, the frame."""

    element: str
    stage: str
    outcome: Outcome
    automatic: Outcome
    documents: tuple[str, ...]
    """credited documents, or those offered when none is"""
    lacks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """for each document offered and not credited, nearest first, the requirements it misses"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong. `fingerprint` stays the same between studies while the fault is the same."""

    fingerprint: str
    kind: FindingKind
    severity: Severity
    block: str | None
    stage: str | None
    element: str | None
    documents: tuple[str, ...]
    lines: tuple[str, ...] = ()
    """lines that break here"""
    rule: str | None = None
    """the rule that warns"""
    traces: tuple[Trace, ...] = ()
    """for a break, the lines that break so"""


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
    def verdict(self) -> Verdict:
        """The level of the school, by the score that the ruleset names."""
        return self.indicator_verdict if self.ruleset.content.verdict_by == "indicators" else self.cycle_verdict

    @property
    def complete(self) -> bool:
        """Whether every applicable line holds and nothing blocking was found."""
        held = all(line.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE) for b in self.blocks for line in b.lines)
        return held and not any(f.severity is Severity.BLOCKING for f in self.all_findings())

    def all_findings(self) -> tuple[Finding, ...]:
        """Findings of the whole case and of each block, gravest first, then in the order of the ruleset."""
        found = [*self.findings, *(f for block in self.blocks for f in block.findings)]
        return tuple(sorted(found, key=lambda f: _GRAVITY[f.severity]))


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
        self.on_lines = {e for line in ruleset.lines for e in line.elements}
        self.scores = IndicatorScores(self.content, ruleset, self.expected, self.derived, self.evidence, self.decisions)
        self.warnings = self._warnings()

    def assessment(self, notices: tuple[Problem, ...]) -> Assessment:
        blocks = [self._block(b) for b in self.ruleset.blocks]
        scored = [b for b in blocks if not self.ruleset.blocks[b.id].frame]
        cycle = self._total([(b.id, b.cycle) for b in scored])
        automatic = cycle
        if self.decisions:
            automatic = self._total([(b.id, self._automatic(b)) for b in scored])
        findings = [self._circle(c) for c in self.evidence.circles()]
        findings += [f for f in self.warnings if f.block is None]
        return Assessment(
            ruleset=self.ruleset,
            case=self.case,
            engine=self.derived.engine,
            expectation=self.expected,
            evidence=self.evidence,
            derivations=self.derived,
            cycle=cycle,
            automatic_cycle=automatic,
            indicators=self._total([(b.id, b.indicators) for b in scored]),
            cycle_verdict=verdict(self.ruleset.levels, cycle, [b.cycle for b in scored]),
            indicator_verdict=self._indicator_verdict(scored),
            blocks=tuple(blocks),
            findings=tuple(findings),
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
        items = tuple(self._item(e, reviewed) for e in self.ruleset.elements.values() if self._is_item(e, block))
        rows, indicators = self.scores.block(block)
        findings = [*_breaks(low, block, reviewed), *self._absences(items), *self._contradictions(block, rows)]
        findings += [f for f in self.warnings if f.block == block]
        return BlockResult(
            id=block,
            reviewed=reviewed,
            cycle=cycle,
            verdict=None if frame or not components else verdict(self.ruleset.levels, cycle, [cycle]),
            components=components,
            lines=lines,
            items=items,
            findings=tuple(findings),
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

    def _is_item(self, element: Element, block: str) -> bool:
        return element.block == block and element.id not in self.on_lines

    def _item(self, element: Element, reviewed: bool) -> Item:
        if element.id not in self.expected.elements:
            outcome = Outcome.NOT_APPLICABLE
            return Item(element.id, element.stage, self.decisions.get(element.id, outcome), outcome, ())
        credited = self.evidence.credited.get(element.id, [])
        offered = self.evidence.serves.get(element.id, [])
        if credited:
            automatic = Outcome.MET
        elif not reviewed or self.evidence.unread.intersection(offered):
            automatic = Outcome.NOT_CHECKED
        else:
            automatic = Outcome.PARTIAL if self.evidence.usable(element.id) else Outcome.MISSING
        lacks = () if credited else [(d, self.evidence.lacks(d, element.id)) for d in offered]
        near = tuple(sorted(lacks, key=lambda pair: (len(pair[1]), pair[0])))
        decided = self.decisions.get(element.id, automatic)
        return Item(element.id, element.stage, decided, automatic, tuple(credited or offered), near)

    def _absences(self, items: Sequence[Item]) -> list[Finding]:
        found = []
        for item in items:
            severity = self.ruleset.stages[item.stage].absence
            if severity is None or item.outcome not in (Outcome.MISSING, Outcome.PARTIAL):
                continue
            kind = FindingKind.ABSENCE if item.outcome is Outcome.MISSING else FindingKind.INCOMPLETE
            block = self.ruleset.elements[item.element].block
            fingerprint = f"{kind.value}:{item.element}"
            found.append(Finding(fingerprint, kind, severity, block, item.stage, item.element, item.documents))
        return found

    def _contradictions(self, block: str, rows: Sequence[IndicatorRow]) -> list[Finding]:
        return [
            Finding(
                fingerprint=f"contradiction:{row.indicator}",
                kind=FindingKind.CONTRADICTION,
                severity=Severity.MINOR,
                block=block,
                stage=self.ruleset.indicators[row.indicator].stage,
                element=self.ruleset.indicators[row.indicator].earned.element,
                documents=row.entry.documents if row.entry else (),
            )
            for row in rows
            if row.contradiction is not None
        ]

    def _warnings(self) -> list[Finding]:
        found: dict[tuple[str, str], Finding] = {}
        for fact, firings in self.derived.supports.items():
            if fact[0] != "warning":
                continue
            for firing in firings:
                rule = self.ruleset.rules[self.derived.program.rules[firing.rule].id]
                subject = fact[2]
                element = self._about(firing, subject)
                about = self.ruleset.elements.get(element or "") or self.ruleset.indicators.get(element or "")
                block = about.block if about is not None else None
                fingerprint = f"warning:{rule.id}:{element or subject}"
                document = (subject,) if subject in self.case.documents else ()
                new = Finding(
                    fingerprint, FindingKind.WARNING, rule.severity, block, None, element, document, rule=rule.id
                )
                found.setdefault((rule.id, subject), new)
        return [found[key] for key in sorted(found)]

    def _about(self, firing: Firing, subject: str) -> str | None:
        """The element or indicator a warning speaks of: named by the rule, or the first the document serves."""
        program = self.derived.program
        named = {
            term if not isinstance(term, Variable) else firing.bindings[term.number]
            for pattern in program.rules[firing.rule].patterns
            for column, term in zip(program.schema[pattern.relation].columns, pattern.terms, strict=True)
            if column in ("element", "indicator")
        }
        document = self.case.documents.get(subject)
        about = named or (set(served(document, self.ruleset)) if document is not None else set())
        return next((code for code in (*self.ruleset.elements, *self.ruleset.indicators) if code in about), None)

    def _circle(self, documents: tuple[str, ...]) -> Finding:
        fingerprint = "circle:" + ",".join(documents)
        return Finding(fingerprint, FindingKind.CIRCLE, Severity.MINOR, None, None, None, documents)


def _line_outcome(found: Trace, reviewed: bool) -> Outcome:
    if found.complete:
        return Outcome.MET
    last = next(cell for cell in found.cells if cell.outcome is not Outcome.MET)
    return last.outcome if reviewed else Outcome.NOT_CHECKED


def _breaks(traces: Sequence[Trace], block: str, reviewed: bool) -> list[Finding]:
    """One finding for each different first break: lines that break alike are mended together."""
    alike: dict[tuple[str, BreakKind, tuple[NearMiss, ...]], list[Trace]] = {}
    for line in traces:
        if line.break_ is not None and _line_outcome(line, reviewed) is not Outcome.NOT_CHECKED:
            key = (line.break_.element, line.break_.kind, line.break_.documents)
            alike.setdefault(key, []).append(line)
    return [
        Finding(
            fingerprint=f"break:{element}:{kind.value}",
            kind=FindingKind.BREAK,
            severity=Severity.MAJOR,
            block=block,
            stage=same[0].break_.stage if same[0].break_ else None,
            element=element,
            documents=tuple(n.document for n in near),
            lines=tuple(t.spec.id for t in same),
            traces=tuple(same),
        )
        for (element, kind, near), same in alike.items()
    ]
