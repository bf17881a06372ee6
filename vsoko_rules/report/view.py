"""What every report shows of one assessment: titles resolved, numbers as text, nothing left to look up or compute.

Every format (a page, Word, Excel, PDF, Markdown, CSV, the terminal) and every template of a user is given one `View`.
Outcomes, kinds of breaks, severities and origins stay codes, because each report words and draws them in its own way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from vsoko_rules.report.plan_view import PlanView
from vsoko_rules.report.terms import (
    AdviceView,
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
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.findings import FindingKind


@dataclass(frozen=True, slots=True)
class Miss:
    """A document that was offered and does not hold the stage, and what keeps it from that."""

    document: DocumentView
    lacks: tuple[RequirementView, ...]
    instead: tuple[DocumentView, ...] = ()
    """what it rests on instead"""
    elsewhere: tuple[DocumentView, ...] = ()
    """of these, documents of other blocks alone"""
    early: tuple[DocumentView, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionView:
    """An expert's own outcome beside what the program found (none where the program says nothing of it)."""

    of: str
    """id of the element or indicator"""
    title: str | None
    outcome: Outcome
    automatic: tuple[Outcome, ...]
    by: str
    date: str
    comment: str
    place: str


@dataclass(frozen=True, slots=True)
class BreakView:
    """One first break, with every line that breaks so. `number` is counted within the block."""

    number: int
    fingerprint: str
    severity: Severity
    kind: BreakKind
    decision: DecisionView | None
    """the expert's decision, where the line breaks by it"""
    element: ElementView
    lines: tuple[LineName, ...]
    misses: tuple[Miss, ...]
    reached: tuple[DocumentView, ...]
    rule: RuleView | None
    """the rule that a reference or an order of dates fails"""
    advice: AdviceView | None
    effort: str | None


@dataclass(frozen=True, slots=True)
class CellView:
    """One stage of one line. `automatic` is what the program found where an expert decided, else the same outcome."""

    element: ElementView
    outcome: Outcome
    automatic: Outcome
    decided: bool
    broken: BreakKind | None
    break_number: int | None
    """number of the break in its block, where the line breaks here"""
    documents: tuple[DocumentView, ...]


@dataclass(frozen=True, slots=True)
class RemarkView:
    """A document that holds an element and lacks what is only remarked."""

    element: ElementView
    document: DocumentView
    lacks: tuple[RequirementView, ...]
    effort: str | None
    lines: tuple[LineName, ...] = ()
    """complete lines that it costs a little"""


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with its six cells."""

    name: LineName
    outcome: Outcome
    automatic: Outcome
    cells: tuple[CellView, ...]
    value: str | None = None
    """what the line is worth, from 0 to 1; none where it does not apply"""
    remarks: tuple[RemarkView, ...] = ()

    @property
    def stop(self) -> CellView | None:
        """The first cell that does not hold; none when the line is complete."""
        passed = (Outcome.MET, Outcome.NOT_APPLICABLE)
        return next((cell for cell in self.cells if cell.outcome not in passed), None)


@dataclass(frozen=True, slots=True)
class ComponentView:
    """A component stage of a block. `sign` is its outcome, or «blocked» when every line broke before it."""

    stage: StageView
    sign: Outcome
    held: int
    total: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """An element outside the lines."""

    element: ElementView
    outcome: Outcome
    automatic: Outcome
    decided: bool
    severity: Severity | None
    documents: tuple[DocumentView, ...]
    misses: tuple[Miss, ...]
    effort: str | None


@dataclass(frozen=True, slots=True)
class GroupView:
    """Elements outside the lines of one stage, and those of them that a finding speaks of."""

    stage: StageView
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class StatedView:
    """What the case states of an indicator, and the target it is held against; numbers as text."""

    value: str | None
    previous: str | None
    target: str | None
    unit: str | None
    sample: str | None
    mark: str | None
    comment: str | None
    documents: tuple[DocumentView, ...]


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """A row of the region's list. `ways` earned it; `reasons` are codes of why it is open."""

    id: str
    title: str
    stage: StageView
    element: ElementView | None
    """the element whose document earns it"""
    outcome: Outcome
    automatic: Outcome
    points: str
    ways: tuple[str, ...]
    reasons: tuple[str, ...]
    contradiction: str | None
    stated: StatedView | None
    example: str | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class BlockView:
    """Everything about one block. `scored` is false for the frame."""

    id: str
    name: str
    basis: Basis
    scored: bool
    reviewed: bool
    main: ScoreView
    """the score that decides the level"""
    score: ScoreView
    """the cycle score"""
    components: tuple[ComponentView, ...]
    lines: tuple[LineView, ...]
    breaks: tuple[BreakView, ...]
    remarks: tuple[RemarkView, ...]
    account: tuple[str, ...]
    """why the score of the cycle is what it is, line by line, so that a reader can add it up; empty without lines"""
    waiting: tuple[LineView, ...]
    """lines that nobody could follow to the end yet"""
    groups: tuple[GroupView, ...]
    inapplicable: tuple[ElementView, ...]
    weakest: StageView | None
    indicators: ScoreView | None
    """none where the ruleset has no list of indicators"""
    rows: tuple[IndicatorView, ...]

    @property
    def evidence(self) -> tuple[CellView, ...]:
        """Every element of the lines once, stage by stage, with all documents that hold it on any line."""
        elements: dict[str, CellView] = {}
        for column in zip(*(line.cells for line in self.lines), strict=True):
            for cell in column:
                known = elements.get(cell.element.id)
                documents = (*known.documents, *cell.documents) if known else cell.documents
                best = known if known and known.outcome is Outcome.MET else cell
                elements[cell.element.id] = replace(best, documents=tuple(dict.fromkeys(documents)))
        return tuple(elements.values())


@dataclass(frozen=True, slots=True)
class WarningSubject:
    """What a warning is about: a document, or something else by its words; with its place in the case."""

    text: str
    place: str | None
    document: DocumentView | None
    element: ElementView | None


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
    def unseen(self) -> tuple[BlockView, ...]:
        """Blocks that nobody has gone through yet."""
        return tuple(block for block in self.blocks if not block.reviewed)
