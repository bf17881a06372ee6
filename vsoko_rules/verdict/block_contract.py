"""The part of the contract that speaks of a block: scores and levels, lines, elements, indicators, findings.

See `contract`, which holds the rest.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from typing_extensions import TypedDict

from vsoko_rules.ruleset.model import Severity
from vsoko_rules.verdict.case_contract import OneOf, OutcomeWord, documented
from vsoko_rules.verdict.chain import BreakKind
from vsoko_rules.verdict.findings import FindingKind
from vsoko_rules.verdict.indicators import Contradiction, Reason

Points = float


@documented
class BoundsRecord(TypedDict):
    """Points: low ≤ points ≤ high ≤ max. They differ while something is not checked."""

    points: Points
    """proven"""
    low: Points
    high: Points
    max: Points
    percent: Points | None
    """proven points as percent of the maximum; null where nothing applies"""


@documented
class UnmetRecord(TypedDict):
    """A condition of the next better level that does not hold."""

    condition: Literal["at_least", "each_block", "needs", "left_out"]
    at: str | None
    """the block or element that fails it; null for the whole"""


@documented
class TallyRecord(TypedDict):
    """How many lines are complete."""

    complete: int
    remarked: int
    """complete lines with remarks, counted in `complete` too"""
    most: int
    """complete lines when everything is granted that waits to be checked"""
    total: int
    """lines that apply"""


@documented
class LevelRecord(TypedDict):
    """A level of the ruleset."""

    id: str
    title: str
    low: str | None
    """id of the worst level that the unchecked rest can bring"""
    high: str | None
    """id of the best level that the unchecked rest can bring"""
    unmet: list[UnmetRecord]
    """what keeps the school from the next better level"""


@documented
class ScoreRecord(BoundsRecord):
    """One of the two scores with its level."""

    level: LevelRecord | None


@documented
class NearRecord(TypedDict):
    """A document that comes near to holding a line where it breaks."""

    document: str
    lacks: list[str]
    """requirements that it misses"""
    instead: list[str]
    """documents that it rests on instead"""
    elsewhere: list[str]
    """of these, the ones that serve other blocks alone"""
    early: list[str]
    """grounds that are dated later than it"""


@documented
class BreakRecord(TypedDict):
    """Where a line first breaks, and why."""

    stage: str
    element: str
    kind: Annotated[str, OneOf(BreakKind)]
    documents: list[str]
    """documents that come near, the nearest first"""
    lacks: list[str]
    """requirements that the nearest one misses"""
    near: list[NearRecord]
    reached: list[str]
    """documents that the line has reached before the break"""
    decided: bool
    """whether an expert's decision breaks it"""


@documented
class CellRecord(TypedDict):
    """A stage of a line."""

    stage: str
    element: str
    outcome: OutcomeWord
    documents: list[str]


@documented
class RemarkRecord(TypedDict):
    """A document that holds its element and lacks what is only remarked."""

    element: str
    document: str
    lacks: list[str]


WholenessRecord = TypedDict("WholenessRecord", {"complete": bool, "break": BreakRecord | None})
WholenessRecord.__doc__ = "Whether a line is complete, and where it first breaks."


@documented
class LineRecord(WholenessRecord):
    """An expected line of a block."""

    id: str
    goal: str
    """the element it begins with"""
    elements: list[str]
    outcome: OutcomeWord
    path: list[str]
    """for a complete line, a document a stage"""
    cells: list[CellRecord]
    """empty where the line does not apply"""
    automatic: WholenessRecord
    """without an expert's decisions"""
    points: BoundsRecord
    """what the line is worth, from 0 to 1"""
    remarks: list[RemarkRecord]
    """what is remarked of the documents of a complete line, without what waits for a person"""
    run: list[str]
    """elements of the longest run of neighbouring stages that hold and are linked"""
    there: list[str]
    """elements for which there is a document, published and more than a form with blanks"""


@documented
class ComponentRecord(BoundsRecord):
    """A component of the cycle in a block."""

    stage: str
    outcome: OutcomeWord
    lines_held: int
    lines: int


@documented
class ItemRecord(TypedDict):
    """An element outside the lines."""

    element: str
    stage: str
    outcome: OutcomeWord
    automatic: OutcomeWord
    """without an expert's decisions"""
    documents: list[str]
    """credited, or those offered where none is"""
    lacks: dict[str, list[str]]
    """requirements that each document offered misses"""


@documented
class IndicatorRecord(BoundsRecord):
    """An indicator of a region's list."""

    id: str
    outcome: OutcomeWord
    automatic: OutcomeWord
    earned_by: list[str]
    """ways of the ruleset by which it was earned"""
    reasons: list[Annotated[str, OneOf(Reason)]]
    """why it is open, or what must be said of it"""
    target: Points | None
    stated: dict[str, Any] | None
    """what the case says of it"""
    contradiction: Annotated[str, OneOf(Contradiction)] | None


@documented
class DirectionRecord(ScoreRecord):
    """The indicators of a block."""

    rows: list[IndicatorRecord]


@documented
class FindingRecord(TypedDict):
    """One thing wrong."""

    fingerprint: str
    """stays the same between studies while the fault is the same"""
    kind: Annotated[str, OneOf(FindingKind)]
    severity: Annotated[str, OneOf(Severity)]
    stage: str | None
    element: str | None
    indicator: str | None
    """for a warning or a contradiction, the indicator of which it speaks"""
    rule: str | None
    """the rule that warns"""
    documents: list[str]
    lines: list[str]
    """lines that break here, or that are complete with this remark"""
    lacks: list[str]
    """for a remark, the requirements that the document does not meet"""


@documented
class BlockRecord(TypedDict):
    """The verdict on a block."""

    id: str
    reviewed: bool
    level: LevelRecord | None
    tally: TallyRecord
    cycle: BoundsRecord
    """the sum of its lines; percent is their mean"""
    indicators: DirectionRecord
    components: list[ComponentRecord]
    weakest: str | None
    """the stage that fails on most lines"""
    lines: list[LineRecord]
    items: list[ItemRecord]
    findings: list[FindingRecord]
