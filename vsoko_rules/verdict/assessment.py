"""The pipeline, and its result: from a ruleset and a case to an explained verdict on every block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from vsoko_rules.case.claims import confirmed, hoped
from vsoko_rules.case.facts import expectation, facts
from vsoko_rules.case.lapses import Lapse, lapses, reopened
from vsoko_rules.case.reader import CaseFile, check_case
from vsoko_rules.engine.inference import Derivations, conclude
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import Problem
from vsoko_rules.ruleset.content import ScoreName
from vsoko_rules.ruleset.model import Concerned, Element, Severity
from vsoko_rules.ruleset.ruleset import Expectation, LineSpec, Ruleset
from vsoko_rules.verdict.chain import Lack, Trace, weakest_stage
from vsoko_rules.verdict.decided import Concluded, UnderDecisions
from vsoko_rules.verdict.decisions import DecisionStanding, decision_notices, in_force, standings
from vsoko_rules.verdict.evidence import Evidence, Outcome
from vsoko_rules.verdict.findings import (
    Finding,
    FindingKind,
    Item,
    absences,
    breaks,
    circles,
    contradictions,
    numbered,
    remarked,
    remarks,
    warnings,
)
from vsoko_rules.verdict.indicators import IndicatorRow
from vsoko_rules.verdict.scoring import (
    Bounds,
    Component,
    Score,
    Standing,
    Tally,
    Verdict,
    verdict,
)

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
    points: Bounds
    """what the line is worth, from 0 to 1; nothing where it does not apply"""
    remarks: tuple[Lack, ...] = ()
    """what is remarked of the documents of a complete line; unlike those of `trace`, without what waits for a person"""


@dataclass(frozen=True, slots=True)
class BlockResult:
    """The verdict on one block. `verdict` is none where nothing applies and for the frame, which earns no points."""

    id: str
    reviewed: bool
    cycle: Bounds
    """the sum of its lines; the maximum is the number of lines that apply, so that percent is their mean"""
    tally: Tally
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
    hoped: Evidence
    """the same with every claim granted that waits for a person; the same object where none does"""
    derivations: Derivations
    lapses: tuple[Lapse, ...]
    """confirmations that have to be given anew"""
    decisions: Mapping[str, Outcome]
    """an expert's outcomes that count, by the present code of an element or indicator"""
    standings: tuple[DecisionStanding, ...]
    """all decisions of the case, those that do not count as well"""
    scores: Mapping[str, Score]
    """the two scores by their name: «cycle», «indicators»"""
    automatic_scores: Mapping[str, Score]
    """the same without an expert's decisions"""
    unlimited_scores: Mapping[str, Score] | None
    """the same with an expert's decisions but those that leave something out; none where nothing was left out"""
    automatic_tally: Tally
    unlimited_tally: Tally | None
    left_out: tuple[str, ...]
    """elements that an expert's decisions leave out, in the order of the ruleset"""
    tally: Tally
    blocks: tuple[BlockResult, ...]
    findings: tuple[Finding, ...]
    """findings that belong to no block"""
    notices: tuple[Problem, ...]
    """what was noticed while reading the case and does not change the verdict"""

    @property
    def score(self) -> Score:
        """The score that decides the level: the one that the ruleset names."""
        return self.scores[self.ruleset.content.verdict_by]

    @property
    def automatic(self) -> Score:
        """The score that decides, without an expert's decisions."""
        return self.automatic_scores[self.ruleset.content.verdict_by]

    @property
    def unlimited(self) -> Score | None:
        """The score that decides, had nothing been left out by a decision; none where nothing was."""
        return self.unlimited_scores[self.ruleset.content.verdict_by] if self.unlimited_scores else None

    @property
    def cycle(self) -> Bounds:
        """The cycle score of the school: the weighted mean of its blocks."""
        return self.scores["cycle"].bounds

    @property
    def indicators(self) -> Bounds:
        """The indicator score over all directions."""
        return self.scores["indicators"].bounds

    @property
    def verdict(self) -> Verdict:
        """The level of the school, by the score that decides."""
        return self.score.verdict

    def block_score(self, block: BlockResult) -> Bounds:
        """The points of one block in the score that decides."""
        return block.indicators if self.score.by == "indicators" else block.cycle

    def remarks_of(self, block: BlockResult) -> tuple[Lack, ...]:
        """What is remarked of the documents that hold the elements of a block."""
        traces = [line.trace for line in block.lines if line.trace is not None]
        return remarked(block.id, traces, self.evidence, self.hoped, self.ruleset)

    def outcome_of(self, element: str) -> Outcome:
        """What became of one element: an expert's decision, or where there is none what the documents say."""
        decision = self.decisions.get(element)
        return self.automatic_outcome_of(element) if decision is None else decision

    def automatic_outcome_of(self, element: str) -> Outcome:
        """What the documents say of one element, without an expert's decisions."""
        reviewed = self.case.reviews(self.ruleset.elements[element].block)
        return self.evidence.outcome_of(element, reviewed, self.hoped)

    @property
    def complete(self) -> bool:
        """Whether at least one line applies, every applicable line holds and nothing blocking was found."""
        outcomes = [line.outcome for block in self.blocks for line in block.lines]
        held = all(outcome in (Outcome.MET, Outcome.NOT_APPLICABLE) for outcome in outcomes)
        some = any(outcome is Outcome.MET for outcome in outcomes)
        return held and some and not any(f.severity is Severity.BLOCKING for f in self.all_findings())

    def all_findings(self) -> tuple[Finding, ...]:
        """Findings of the whole case and of each block, gravest first, then in the order of the ruleset."""
        results = [*self.findings, *(f for block in self.blocks for f in block.findings)]
        return tuple(sorted(results, key=lambda f: _GRAVITY[f.severity]))

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
    of_decisions = tuple(decision_notices(before.case, before.standings))  # to be said anew, of the changed case
    notices = tuple(notice for notice in before.notices if notice not in of_decisions)
    return _Pipeline(case, before.ruleset, engine or EngineName(before.engine)).assessment(notices)


_bare: WeakKeyDictionary[Expectation, dict[tuple[str, bool], BlockResult]] = WeakKeyDictionary()
"""blocks for which a school has nothing, reviewed or not"""


class _Pipeline:
    """From a case to its assessment: rules once, then the verdict under the decisions that must be told apart."""

    def __init__(self, case: CaseFile, ruleset: Ruleset, engine: EngineName) -> None:
        self.case = case
        self.ruleset = ruleset
        self.lapses = lapses(case.content, case.files)
        self.content = confirmed(reopened(case.content, self.lapses))
        self.expected = expectation(self.content, ruleset)
        self.derived = conclude(ruleset.program, facts(self.content, ruleset, case.files, lapsed=self.lapses), engine)
        self.evidence = Evidence(self.content, ruleset, self.expected, self.derived)
        self.hoped = self._hoped(engine)
        self.decisions = in_force(case.content, ruleset)
        self.warnings = warnings(case, ruleset, self.derived)
        self.concluded = Concluded(case, self.content, ruleset, self.expected, self.derived, self.evidence, self.hoped)

    def _hoped(self, engine: EngineName) -> Evidence:
        """The evidence with every claim granted that no person has confirmed or rejected yet."""
        files = self.case.files
        if not self.content.open_claims and all(d.file in files for d in self.content.documents if d.file is not None):
            return self.evidence
        content = hoped(self.content, self.ruleset)
        derived = conclude(self.ruleset.program, facts(content, self.ruleset, files, hoping=True), engine)
        return Evidence(content, self.ruleset, self.expected, derived)

    def assessment(self, notices: tuple[Problem, ...]) -> Assessment:
        verdicts = UnderDecisions(self.concluded, self.decisions)
        automatic = UnderDecisions(self.concluded, {}) if self.decisions else verdicts
        left_out = {e for e, outcome in self.decisions.items() if outcome is Outcome.NOT_APPLICABLE}
        rest = {e: outcome for e, outcome in self.decisions.items() if e not in left_out}
        unlimited = UnderDecisions(self.concluded, rest) if left_out else None
        blocks = tuple(self._block(block, verdicts, automatic) for block in self.ruleset.blocks)
        told = tuple(self._standings(verdicts, automatic))
        findings = [*circles(self.evidence, self.ruleset), *(f for f in self.warnings if f.block is None)]
        return Assessment(
            ruleset=self.ruleset,
            case=self.case,
            engine=self.derived.engine,
            expectation=self.expected,
            evidence=self.evidence,
            hoped=self.hoped,
            derivations=self.derived,
            lapses=self.lapses,
            decisions=self.decisions,
            standings=told,
            scores=verdicts.scores,
            automatic_scores=automatic.scores,
            unlimited_scores=unlimited.scores if unlimited else None,
            automatic_tally=automatic.tally,
            unlimited_tally=unlimited.tally if unlimited else None,
            left_out=self._in_order(left_out),
            tally=verdicts.tally,
            blocks=blocks,
            findings=numbered(findings),
            notices=(*notices, *decision_notices(self.case, told)),
        )

    def _in_order(self, codes: set[str]) -> tuple[str, ...]:
        """Elements and indicators in the order of the ruleset."""
        everything = (*self.ruleset.elements, *self.ruleset.indicators) if codes else ()
        return tuple(dict.fromkeys(code for code in everything if code in codes))

    def _standings(self, verdicts: UnderDecisions, automatic: UnderDecisions) -> Iterator[DecisionStanding]:
        """How each of an expert's decisions stands."""
        rows = {row.indicator: row.outcome for part in automatic.blocks.values() for row in part.rows}

        def changes_nothing(code: str) -> bool:
            element = self.ruleset.elements.get(code)
            alone = rows.get(code)
            if element is not None:
                alone = self.evidence.outcome_of(code, self.case.reviews(element.block), self.hoped)
            if alone is not self.decisions[code]:
                return False
            rest = {e: outcome for e, outcome in self.decisions.items() if e != code}
            return UnderDecisions(self.concluded, rest).same_as(verdicts)

        return standings(self.case.content, self.ruleset, self.expected, changes_nothing)

    def _block(self, block: str, verdicts: UnderDecisions, automatic: UnderDecisions) -> BlockResult:
        """The result of one block. Where a school has nothing it is made once for the kind of school."""
        part = verdicts.blocks[block]
        warned = any(f.block == block for f in self.warnings)
        if part.rows or warned or not (verdicts.bare(block) and automatic.bare(block)):
            return self._made(block, verdicts, automatic)
        known = _bare.setdefault(self.expected, {})
        if (block, part.reviewed) not in known:
            known[block, part.reviewed] = self._made(block, verdicts, automatic)
        return known[block, part.reviewed]

    def _made(self, block: str, verdicts: UnderDecisions, automatic: UnderDecisions) -> BlockResult:
        part = verdicts.blocks[block]
        lines = tuple(
            Line(row.spec, row.outcome, row.low, alone.low, row.points, row.remarks)
            for row, alone in zip(part.lines, automatic.blocks[block].lines, strict=True)
        )
        traces = [line.trace for line in lines if line.trace is not None]
        items = tuple(self._item(e, part.reviewed) for e in self.ruleset.items[block])
        findings = [
            *breaks([t for t, line in _traced(lines) if line.outcome is not Outcome.NOT_CHECKED], block, self.ruleset),
            *absences(items, self.ruleset),
            *contradictions(part.rows, self.ruleset),
            *(f for f in self.warnings if f.block == block),
            *remarks(block, traces, self.evidence, self.hoped, self.ruleset),
        ]
        return BlockResult(
            id=block,
            reviewed=part.reviewed,
            cycle=part.cycle,
            tally=part.tally,
            verdict=_alone(block, part.cycle, "cycle", self.ruleset),
            components=part.components,
            lines=lines,
            items=items,
            findings=numbered(findings),
            weakest=weakest_stage(traces, self.ruleset.components) if part.reviewed else None,
            indicators=part.indicators,
            indicator_verdict=_alone(block, part.indicators, "indicators", self.ruleset),
            rows=part.rows,
        )

    def _item(self, element: Element, reviewed: bool) -> Item:
        automatic = self.evidence.outcome_of(element.id, reviewed, self.hoped)
        decided = self.decisions.get(element.id, automatic)
        if automatic is Outcome.NOT_APPLICABLE:
            return Item(element.id, element.stage, decided, automatic, ())
        credited = self.evidence.credited.get(element.id, [])
        offered = self.evidence.serves.get(element.id, [])
        lacks = () if credited else [(d, self.evidence.lacks(d, element.id)) for d in offered]
        near = tuple(sorted(lacks, key=lambda pair: (len(pair[1]), pair[0])))
        return Item(element.id, element.stage, decided, automatic, tuple(credited or offered), near)


def _alone(block: str, bounds: Bounds, by: ScoreName, ruleset: Ruleset) -> Verdict | None:
    """The level that a block would have by itself; none where nothing of it is scored."""
    return verdict(ruleset.levels, Standing(bounds, {block: bounds}), by) if bounds.max else None


def _traced(lines: Sequence[Line]) -> list[tuple[Trace, Line]]:
    return [(line.trace, line) for line in lines if line.trace is not None]
