"""What a plan says: its steps, each with what to write or add, for what, at what effort."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

from vsoko_rules.advice.changes import CaseChange
from vsoko_rules.advice.plan.carrying import Carrying
from vsoko_rules.advice.plan.repairs import Repair, RepairKind, Repairs
from vsoko_rules.ruleset.model import Origin
from vsoko_rules.verdict.assessment import Assessment, Line
from vsoko_rules.verdict.chain import Outcome

EFFORT_ORIGIN: Final = Origin.PROPOSED
"""every number of days in a ruleset is proposed (see `Mend` and the stages of core)"""


class StepKind(str, Enum):
    """What a step does with its document."""

    WRITE = "write"
    """write a new one"""
    AMEND = "amend"
    """complete it"""
    CITE = "cite"
    """only name its grounds"""
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
    after: tuple[int, ...]
    """numbers of the steps on which this one rests"""
    parts: tuple[StepPart, ...]
    effort: Decimal
    changes: tuple[CaseChange, ...]
    origin: Origin = EFFORT_ORIGIN


def steps(repairs: Repairs, carrying: Carrying, after: Assessment) -> tuple[PlanStep, ...]:
    """The steps of a choice that was carried out, in the order in which they can be done."""
    writer = _Writer(repairs, carrying, after)
    return tuple(writer.step(number, document) for number, document in enumerate(carrying.order, 1))


class _Writer:
    def __init__(self, repairs: Repairs, carrying: Carrying, after: Assessment) -> None:
        self.repairs = repairs
        self.expected = repairs.expected
        self.before = repairs.assessment
        self.carrying = carrying
        self.after = after
        self.numbers = {document: number for number, document in enumerate(carrying.order, 1)}

    def step(self, number: int, document: str) -> PlanStep:
        made = self.carrying.by_document.get(document, [])
        new = self.carrying.new.get(document)
        used = self._used(document)
        elements = new.serves if new else used or self._served(document)
        parts = self._parts(document, made)
        stages = [self.expected.elements[e].stage for e in elements]
        return PlanStep(
            number=number,
            kind=self._kind(made) if new is None else StepKind.WRITE,
            document=document,
            new=new is not None,
            stage=stages[0],
            blocks=tuple(dict.fromkeys(self.expected.elements[e].block for e in elements)),
            elements=tuple(elements),
            requirements=self._requirements(document, elements),
            addressees=self._addressees(document, elements),
            cites=new.based_on if new else tuple(r.code for r in made if r.kind is RepairKind.CITE),
            lines=self._lines(document, elements),
            after=tuple(sorted(self.numbers[g] for g in self.carrying.references[document])),
            parts=parts,
            effort=sum((part.effort for part in parts), Decimal(0)),
            changes=self.carrying.changes(document),
        )

    @staticmethod
    def _kind(made: Iterable[Repair]) -> StepKind:
        kinds = {repair.kind for repair in made}
        if RepairKind.REISSUE in kinds:
            return StepKind.REISSUE
        return StepKind.CITE if kinds == {RepairKind.CITE} else StepKind.AMEND

    def _parts(self, document: str, made: Iterable[Repair]) -> tuple[StepPart, ...]:
        if document in self.carrying.new:
            return (StepPart(RepairKind.WRITE, (), self.carrying.written[document].effort),)
        by_kind: dict[RepairKind, list[Repair]] = {}
        for repair in made:
            by_kind.setdefault(repair.kind, []).append(repair)
        return tuple(
            StepPart(
                kind,
                tuple(r.code for r in repairs if r.code),
                sum((self.repairs.effort(r) or Decimal(0) for r in repairs), Decimal(0)),
            )
            for kind, repairs in by_kind.items()
        )

    def _served(self, document: str) -> tuple[str, ...]:
        return tuple(e for e in self.expected.elements if document in self.repairs.serving(e))

    def _used(self, document: str) -> tuple[str, ...]:
        """Elements for which a document of the case holds a line afterwards, or is newly credited."""
        cells = (c for line in self._traced() if line.trace for c in line.trace.cells if c.outcome is Outcome.MET)
        held = {cell.element for cell in cells if document in cell.documents}
        was, now = self.before.evidence.credited, self.after.evidence.credited
        gained = {e for e in now if document in now[e] and document not in was.get(e, ())}
        return tuple(e for e in self.expected.elements if e in held | gained)

    def _requirements(self, document: str, elements: Iterable[str]) -> tuple[str, ...]:
        asked = (
            self.expected.elements[e].requires
            if document in self.carrying.new
            else set(self.before.evidence.lacks(document, e)) - set(self.after.evidence.lacks(document, e))
            for e in elements
        )
        wanted = {requirement for requirements in asked for requirement in requirements}
        return tuple(r for r in self.repairs.ruleset.requirements if r in wanted)

    def _addressees(self, document: str, elements: Iterable[str]) -> tuple[str, ...]:
        if "addressees" not in self._fields(document, elements):
            return ()
        return tuple(dict.fromkeys(a for e in elements for a in self.expected.elements[e].addressees))

    def _fields(self, document: str, elements: Iterable[str]) -> set[str]:
        """Fields of the document that the step fills."""
        return {self.repairs.ruleset.requirements[r].given_by for r in self._requirements(document, elements)}

    def _lines(self, document: str, elements: Iterable[str]) -> tuple[str, ...]:
        """Lines that did not get as far before as they do now, and pass through the document on the way."""
        served = set(elements)
        was = {line.spec.id: self._reach(line) for block in self.before.blocks for line in block.lines}
        return tuple(
            line.spec.id
            for line in self._traced()
            if line.trace is not None
            and self._reach(line) > was[line.spec.id]
            and any(
                cell.outcome is Outcome.MET and cell.element in served and document in cell.documents
                for cell in line.trace.cells
            )
        )

    @staticmethod
    def _reach(line: Line) -> int:
        """How many stages of a line hold."""
        return sum(cell.outcome is Outcome.MET for cell in line.trace.cells) if line.trace else 0

    def _traced(self) -> list[Line]:
        return [line for block in self.after.blocks for line in block.lines if line.trace is not None]
