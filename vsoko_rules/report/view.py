"""What every report shows of one assessment: titles resolved, numbers as text, nothing left to look up or compute.

Every format (a page, Word, Excel, PDF, Markdown, CSV, the terminal) and every template of a user is given one `View`.
Outcomes, kinds of breaks, severities and origins stay codes, because each report words and draws them in its own way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vsoko_rules.report.block_parts import BlockView, DecisionView
from vsoko_rules.report.plan_view import PlanView
from vsoko_rules.report.terms import (
    Basis,
    BlockName,
    CitedSource,
    DocumentView,
    ElementView,
    FormulaView,
    LevelView,
    LineName,
    Marked,
    Reader,
    RequirementView,
    RuleView,
    SchoolView,
    ScoreView,
    StageProof,
    StageView,
)
from vsoko_rules.ruleset.model import Severity
from vsoko_rules.verdict.findings import FindingKind


@dataclass(frozen=True, slots=True)
class WarningSubject:
    """What a warning is about: a document, or something else by its words; with its place in the case."""

    text: str
    place: str | None
    document: DocumentView | None
    element: ElementView | None
    detail: str | None = None
    """what exactly stands there; `text` has it as well"""


@dataclass(frozen=True, slots=True)
class WarningView:
    """One rule that warns, with everything it warns of."""

    rule: RuleView
    subjects: tuple[WarningSubject, ...]


@dataclass(frozen=True, slots=True)
class CircleView:
    """Documents that rest on one another in a circle."""

    severity: Severity
    documents: tuple[DocumentView, ...]


@dataclass(frozen=True, slots=True)
class TaskView:
    """One finding, or what one rule warns of: what is wrong (`fault`), with what (`subject`), and how to mend it."""

    number: int
    fingerprint: str
    kind: FindingKind
    severity: Severity
    blocks: tuple[BlockName, ...]
    stage: StageView | None
    element: ElementView | None
    fault: str
    subject: str
    reason: str
    """why it is wrong, as a sentence: the document is not there, lacks this, rests on that"""
    documents: tuple[DocumentView, ...]
    """the documents it is about; the nearest first"""
    lacks: tuple[RequirementView, ...]
    """what the nearest document misses"""
    todo: str | None
    """the ruleset's advice; none where the steps alone say exactly what to do"""
    steps: tuple[str, ...]
    """what to do, after `todo`"""
    step: str | None
    """what to do first: the opening of `todo`, or of the steps"""
    signs: str | None
    cites: str | None
    sample: str | None
    why: str | None
    effort: str | None
    lines: tuple[LineName, ...]
    basis: Basis | None
    rule: str | None
    """id of the rule that warns"""


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """Everything with which the same is wrong."""

    fault: str
    tasks: tuple[TaskView, ...]


@dataclass(frozen=True, slots=True)
class AddressedDocument:
    """Recommendations that the school has for an addressee, and the blocks whose line they hold."""

    document: DocumentView
    blocks: tuple[BlockName, ...]


@dataclass(frozen=True, slots=True)
class AddresseeView:
    """What one addressee is told: what to mend, for whoever acts on it, and what is recommended to them. Nobody is
    listed who would be told nothing."""

    id: str
    title: str
    dative: str
    tasks: tuple[TaskView, ...]
    """what is missing or wrong and theirs to mend"""
    given: tuple[AddressedDocument, ...]
    """recommendations addressed to them that the school has"""


@dataclass(frozen=True, slots=True)
class View:
    """One assessment, ready to be shown."""

    school: SchoolView
    marked: Marked
    reader: Reader | None
    appendix: bool
    """whether the full proofs are printed too"""
    complete: bool
    score: ScoreView
    """the cycle score"""
    beside: tuple[str, ...]
    """what must be said beside the level: what it would be without an expert's decisions, what they leave out, what the
    school is short of, where sources contradict one another"""
    short_of: str | None
    """what the school is short of in one short sentence; none at the best level"""
    time: str
    """for which day advice is given and where that day comes from; after the period, what follows from that"""
    indicators: ScoreView | None
    """the indicator score, beside the other and never blended with it; none where the ruleset has no list"""
    by_indicators: bool
    """whether the ruleset takes the school's level from the indicators"""
    formula: FormulaView | None
    indicator_formula: FormulaView | None
    levels: tuple[LevelView, ...]
    stages: tuple[StageView, ...]
    blocks: tuple[BlockView, ...]
    warnings: tuple[WarningView, ...]
    circles: tuple[CircleView, ...]
    tasks: tuple[TaskView, ...]
    """every finding: what the school can mend first, gravest first, then what an expert decided or marked"""
    first: tuple[TaskView, ...]
    """what to do first"""
    rest: tuple[FaultGroup, ...]
    """what else the school can mend, by what is wrong, gravest first"""
    addressed: tuple[AddresseeView, ...]
    plan: PlanView | None
    """none unless it was asked for and there is a goal"""
    proofs: Mapping[str, tuple[StageProof, ...]]
    """by the id of a line; empty unless the reader is an expert or an appendix was asked for"""
    decisions: tuple[DecisionView, ...]
    notices: tuple[str, ...]
    documents: Mapping[str, DocumentView]
    elements: Mapping[str, ElementView]
    sources: tuple[CitedSource, ...]

    def task(self, fingerprint: str) -> TaskView:
        """What is to be done about one finding."""
        return next(task for task in self.tasks if task.fingerprint == fingerprint)

    @property
    def main(self) -> ScoreView:
        """The score that decides the level."""
        return self.indicators if self.by_indicators and self.indicators else self.score

    @property
    def main_formula(self) -> FormulaView | None:
        """How the score that decides is counted."""
        return self.indicator_formula if self.by_indicators else self.formula

    @property
    def unconfirmed(self) -> Mapping[str, int]:
        """How many claims wait for a person, by the ids of their documents."""
        waiting = {d.id: sum(claim.open for claim in d.evidence) for d in self.documents.values()}
        return {document: number for document, number in waiting.items() if number}

    @property
    def unseen(self) -> tuple[BlockView, ...]:
        """Blocks that nobody has gone through yet."""
        return tuple(block for block in self.blocks if not block.reviewed)
