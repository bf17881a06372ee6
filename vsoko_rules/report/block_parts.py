"""What every report shows of one block: its lines with their cells, its breaks, what stands outside the lines."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vsoko_rules.report.terms import (
    AdviceView,
    Basis,
    DocumentView,
    ElementView,
    LineName,
    RequirementView,
    RuleView,
    ScoreView,
    StageView,
)
from vsoko_rules.ruleset.model import Severity
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.verdict.decisions import DecisionState, Doubt
from vsoko_rules.verdict.evidence import Outcome


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
    until: str | None
    """the last day on which it counts"""
    comment: str
    place: str
    state: DecisionState
    doubts: tuple[Doubt, ...]
    """why it may not mean what it seems to"""


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
