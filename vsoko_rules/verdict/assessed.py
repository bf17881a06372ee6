"""What is known of a case that was assessed: its lines, its blocks, the whole."""

from __future__ import annotations

from collections.abc import Mapping

from vsoko_rules.case.lapses import Lapse
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.engine.inference import Derivations
from vsoko_rules.errors import Problem
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.lines import LineSpec
from vsoko_rules.ruleset.model import Concerned, Severity
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.chain import Lack, Trace
from vsoko_rules.verdict.decisions import DecisionStanding
from vsoko_rules.verdict.evidence import Evidence, Outcome
from vsoko_rules.verdict.findings import Finding, Item, remarked
from vsoko_rules.verdict.frozen import frozen
from vsoko_rules.verdict.indicators import IndicatorRow
from vsoko_rules.verdict.scoring import Bounds, Component, Score, Tally, Verdict


@frozen
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


@frozen
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


@frozen
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
