"""What a plan says: its steps, each with what to write or add, for what, at what effort."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from vsoko_rules.advice.changes import CaseChange
from vsoko_rules.advice.plan.repairs import Repair, RepairKind
from vsoko_rules.advice.plan.schedule import Schedule
from vsoko_rules.ruleset.model import Origin
from vsoko_rules.verdict.assessment import Assessment, Line
from vsoko_rules.verdict.evidence import Outcome


class StepKind(str, Enum):
    """What a step does with its document."""

    WRITE = "write"
    """write a new one"""
    AMEND = "amend"
    """complete it"""
    CITE = "cite"
    """only name its grounds"""
    PUBLISH = "publish"
    """only publish it, or give it an address of its own"""
    REISSUE = "reissue"
    """issue it anew, with a new date and with whatever else is to be added"""


@dataclass(frozen=True, slots=True)
class StepPart:
    """A part of a step: one kind of repair, the codes it is about, and its effort (days)."""

    kind: RepairKind
    codes: tuple[str, ...]
    effort: Decimal


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of a plan: everything that is to be done to one document."""

    number: int
    kind: StepKind
    document: str
    """the id of a document of the case, or of a new one"""
    new: bool
    stage: str
    blocks: tuple[str, ...]
    elements: tuple[str, ...]
    """elements that the document serves, as far as the step is for them"""
    requirements: tuple[str, ...]
    """what a new document must hold, or an existing one holds only then"""
    addressees: tuple[str, ...]
    """whom it has to address, at least one; empty also where any addressee will do"""
    cites: tuple[str, ...]
    """documents that a new one must cite, or an existing one cites only then; among them new ones of earlier steps"""
    lines: tuple[str, ...]
    """lines that come further with the step"""
    cleared: tuple[str, ...]
    """complete lines of which the step takes a remark away"""
    after: tuple[int, ...]
    """numbers of the steps on which this one rests"""
    parts: tuple[StepPart, ...]
    effort: Decimal
    changes: tuple[CaseChange, ...]
    origin: Origin = Origin.PROPOSED
    """of the effort: a ruleset proposes every number of days"""
    due: date | None = None
    """by when, in a cycle that is ahead; proposed as well"""


def steps(schedule: Schedule, after: Assessment) -> tuple[PlanStep, ...]:
    """The steps, in the order in which they can be done. `after`: the case with all changes, assessed."""
    writer = _StepWriter(schedule, after)
    return tuple(writer.step(number, document) for document, number in writer.numbers.items())


class _StepWriter:
    def __init__(self, schedule: Schedule, after: Assessment) -> None:
        self.schedule = schedule
        self.repairs = schedule.repairs
        self.expected = schedule.expected
        self.before = schedule.before
        self.after = after
        self.numbers = {document: number for number, document in enumerate(schedule.order, 1)}

    def step(self, number: int, document: str) -> PlanStep:
        repairs = self.schedule.by_document.get(document, [])
        new = self.schedule.new.get(document)
        elements = new.serves if new else self._used(document)
        parts = self._parts(document, repairs)
        requirements = self._requirements(document, elements)
        return PlanStep(
            number=number,
            kind=_kind(repairs) if new is None else StepKind.WRITE,
            document=document,
            new=new is not None,
            stage=self.expected.elements[elements[0]].stage,
            blocks=tuple(dict.fromkeys(self.expected.elements[e].block for e in elements)),
            elements=elements,
            requirements=requirements,
            addressees=self._addressees(requirements, elements),
            cites=new.based_on if new else tuple(r.code for r in repairs if r.kind is RepairKind.CITE),
            lines=self._lines(document, set(elements)),
            cleared=self._cleared(document, set(elements)),
            after=tuple(sorted(self.numbers[g] for g in self.schedule.references[document])),
            parts=parts,
            effort=sum((part.effort for part in parts), Decimal(0)),
            changes=self.schedule.changes_of(document),
            due=self.schedule.due(document),
        )

    def _parts(self, document: str, repairs: Iterable[Repair]) -> tuple[StepPart, ...]:
        if document in self.schedule.new:
            return (StepPart(RepairKind.WRITE, (), self.schedule.written[document].effort),)
        by_kind: dict[RepairKind, list[Repair]] = {}
        for repair in repairs:
            by_kind.setdefault(repair.kind, []).append(repair)
        return tuple(
            StepPart(
                kind,
                tuple(r.code for r in of_kind if r.code),
                sum((self.repairs.effort(r) or Decimal(0) for r in of_kind), Decimal(0)),
            )
            for kind, of_kind in by_kind.items()
        )

    def _used(self, document: str) -> tuple[str, ...]:
        """Elements for which a document of the case holds a line then, or is newly credited; else all it serves."""
        was, now = self.before.evidence.credited, self.after.evidence.credited
        held = {e for line in _lines(self.after) for e in _held_by(document, line)}
        gained = {e for e in now if document in now[e] and document not in was.get(e, ())}
        served = {*self.repairs.evidence.elements[document]}
        return tuple(e for e in self.expected.elements if e in (held | gained or served))

    def _requirements(self, document: str, elements: Iterable[str]) -> tuple[str, ...]:
        asked: set[str] = set()
        for e in elements:
            if document in self.schedule.new:
                asked.update(self.expected.elements[e].requires)
            else:
                asked |= _unmet(self.before, document, e) - _unmet(self.after, document, e)
        return tuple(r for r in self.repairs.ruleset.requirements if r in asked)

    def _addressees(self, requirements: Iterable[str], elements: Iterable[str]) -> tuple[str, ...]:
        if not any(self.repairs.ruleset.requirements[r].given_by == "addressees" for r in requirements):
            return ()
        return tuple(dict.fromkeys(a for e in elements for a in self.expected.elements[e].addressees))

    def _lines(self, document: str, elements: set[str]) -> tuple[str, ...]:
        """Lines that did not get as far before as they do now, and pass through the document on the way."""
        was = {line.spec.id: _reach(line) for line in _lines(self.before)}
        further = (line for line in _lines(self.after) if _reach(line) > was[line.spec.id])
        return tuple(line.spec.id for line in further if elements & _held_by(document, line))

    def _cleared(self, document: str, elements: set[str]) -> tuple[str, ...]:
        """Lines that were complete, are worth more now, and pass through the document."""
        was = {line.spec.id: line for line in _lines(self.before)}
        complete = (line for line in _lines(self.after) if line.trace is not None and line.trace.complete)
        return tuple(
            line.spec.id
            for line in complete
            if (before := was[line.spec.id]).trace is not None
            and before.trace.complete
            and line.points.points > before.points.points
            and elements & _held_by(document, line)
        )


def _unmet(assessment: Assessment, document: str, element: str) -> set[str]:
    """What a document does not meet of what an element requires, whatever its grade."""
    evidence = assessment.evidence
    return {*evidence.lacks(document, element), *evidence.remarks(document, element)}


def _lines(assessment: Assessment) -> list[Line]:
    return [line for block in assessment.blocks for line in block.lines]


def _reach(line: Line) -> int:
    """How many stages of a line hold."""
    return sum(cell.outcome is Outcome.MET for cell in line.trace.cells) if line.trace is not None else 0


def _held_by(document: str, line: Line) -> set[str]:
    """Elements at which a document holds a line."""
    cells = line.trace.cells if line.trace is not None else ()
    return {cell.element for cell in cells if cell.outcome is Outcome.MET and document in cell.documents}


def _kind(repairs: Iterable[Repair]) -> StepKind:
    kinds = {repair.kind for repair in repairs}
    if RepairKind.REISSUE in kinds:
        return StepKind.REISSUE
    alone = {RepairKind.CITE: StepKind.CITE, RepairKind.PUBLISH: StepKind.PUBLISH}
    return alone.get(next(iter(kinds)), StepKind.AMEND) if len(kinds) == 1 else StepKind.AMEND
