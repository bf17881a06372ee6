"""What a document is made from beside the view: what is to be done, by whom, in which order, and the proofs.

Every format (Word, Excel, PDF, Markdown, CSV) and every template of a user is given one `Paper`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from vsoko_rules.report.named import Basis, DocumentView, ElementView, RequirementView, StageView
from vsoko_rules.report.view import LineName, View
from vsoko_rules.ruleset.model import Severity
from vsoko_rules.verdict.evidence import Outcome


class Reader(str, Enum):
    """Whom a report is for."""

    EXPERT = "expert"
    SCHOOL = "school"
    METHODIST = "methodist"


class TaskKind(str, Enum):
    """Where a task comes from."""

    BREAK = "break"
    """the first break of one or more lines"""
    ITEM = "item"
    """an element outside the lines"""
    WARNING = "warning"
    STEP = "step"
    """a step of the plan"""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Points as exact numbers, for tables; `percent` is none where nothing applies."""

    points: Fraction
    low: Fraction
    high: Fraction
    max: Fraction
    percent: Fraction | None


@dataclass(frozen=True, slots=True)
class BlockName:
    """A block by its id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to be done: what is wrong or what to do (`fault`), with what (`subject`), and how."""

    number: int
    kind: TaskKind
    severity: Severity | None
    blocks: tuple[BlockName, ...]
    stage: StageView | None
    element: ElementView | None
    fault: str
    subject: str
    documents: tuple[DocumentView, ...]
    """the documents it is about; the nearest first"""
    lacks: tuple[RequirementView, ...]
    """what the nearest document misses, or what a new one must hold"""
    todo: str | None
    steps: tuple[str, ...]
    signs: str | None
    cites: str | None
    rests_on: tuple[str, ...]
    """documents that a step of the plan must name as its ground, by title"""
    sample: str | None
    why: str | None
    effort: str | None
    lines: tuple[LineName, ...]
    basis: Basis | None
    rule: str | None
    """id of the rule that warns"""


@dataclass(frozen=True, slots=True)
class Addressed:
    """What concerns one addressee. `own`: recommendations to them are lacking; `near`: the rest of their blocks."""

    id: str
    title: str
    dative: str
    blocks: tuple[BlockName, ...]
    """blocks in which the ruleset expects recommendations to them; none for whom everything concerns"""
    own: tuple[Task, ...]
    near: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """The least work to the next level. `goal`: the level's title."""

    goal: str
    effort: str
    reached: bool
    optimal: bool
    points: str
    level: str | None
    remarks: tuple[str, ...]
    """codes of what has to be said beside the plan"""
    steps: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One line of a proof; `holds` tells what is there from what is lacking."""

    depth: int
    sentence: str
    rule: str | None
    place: str | None
    holds: bool


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One stage of a line with its proof."""

    stage: StageView
    outcome: Outcome
    rows: tuple[ProofRow, ...]
    facts: tuple[ProofRow, ...]
    """of the rows only the conclusions, what stands in the case and what is lacking, each once"""


@dataclass(frozen=True, slots=True)
class Paper:
    """One assessment, ready to become a document."""

    view: View
    reader: Reader | None
    numbers: Mapping[str, Numbers]
    """by the id of a block; «total» for the whole cycle"""
    tasks: tuple[Task, ...]
    """everything that is to be done, gravest first"""
    first: tuple[Task, ...]
    """what to do first: at most three things"""
    addressed: tuple[Addressed, ...]
    plan: Planned | None
    proofs: Mapping[str, tuple[ProofStep, ...]]
    """by the id of a line; empty unless the reader is an expert"""
