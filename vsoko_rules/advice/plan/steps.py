"""A choice of repairs as steps that can be carried out one after another: their dates, references and contents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cached_property

import networkx as nx

from vsoko_rules.advice.changes import (
    AddCode,
    AddDocument,
    CaseChange,
    ListField,
    SetBlank,
    SetDate,
    SetNumber,
    changed,
)
from vsoko_rules.advice.mending import complete_document, reached_before
from vsoko_rules.advice.plan.repairs import Dating, NewDocument, Repair, RepairKind, Repairs
from vsoko_rules.case.records import Document
from vsoko_rules.engine.names import EngineName
from vsoko_rules.ruleset.model import Origin
from vsoko_rules.verdict.assessment import Assessment, Line, reassess
from vsoko_rules.verdict.chain import Outcome


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be done: repairs of documents that there are, and new documents with the elements they serve.

    `points` are promised, by the score that gives the level, and weighted.
    """

    repairs: tuple[Repair, ...]
    new: tuple[tuple[NewDocument, tuple[str, ...]], ...]
    points: Fraction


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
    origin: Origin = Origin.PROPOSED
    """of the effort: a ruleset proposes every number of days"""


class CarriedOut:
    """One choice, carried out: the `order` of the documents, the `changes` of the case, and the `steps`."""

    def __init__(self, repairs: Repairs, choice: Choice) -> None:
        self.repairs = repairs
        self.expected = repairs.expected
        self.before = repairs.assessment
        self.by_document: dict[str, list[Repair]] = {}
        for repair in choice.repairs:
            self.by_document.setdefault(repair.document, []).append(repair)
        self.written = {document.id: document for document, _ in choice.new}
        self.new = {document.id: self._complete(document.id, elements) for document, elements in choice.new}
        self._ground_new_documents()

    @property
    def order(self) -> tuple[str, ...]:
        """The documents, each after those it rests on; else by stage, block and id."""
        return tuple(document for group in self._groups for document in group)

    @property
    def changes(self) -> tuple[CaseChange, ...]:
        """Everything, in order. New documents come first as far as others cite them."""
        return tuple(change for document in self.order for change in self.changes_of(document))

    def steps(self, after: Assessment) -> tuple[PlanStep, ...]:
        """The steps, in the order in which they can be done. `after`: the case with all changes, assessed."""
        return tuple(_StepWriter(self, after).step(number, d) for number, d in enumerate(self.order, 1))

    def changes_of(self, document: str) -> tuple[CaseChange, ...]:
        """What is done to one document."""
        day = self._days.get(document, self.repairs.last_day)
        if document in self.new:
            return (AddDocument(self.new[document].model_copy(update={"date": day})),)
        return tuple(self._change(repair, day) for repair in self.by_document[document])

    def _change(self, repair: Repair, day: date) -> CaseChange:
        if repair.kind in _LISTS:
            return AddCode(repair.document, _LISTS[repair.kind], repair.code)
        if repair.kind is RepairKind.FILL:
            return SetBlank(repair.document, False)
        if repair.kind is RepairKind.NUMBER:
            return SetNumber(repair.document, repair.document)
        own = repair.kind is RepairKind.DATE
        return SetDate(repair.document, self.repairs.own_day(repair.document) if own else day)

    # --- References of new documents

    def _complete(self, code: str, elements: Sequence[str]) -> Document:
        asked = [self.expected.elements[e] for e in elements]
        return complete_document(self.repairs.ruleset, asked, code, self.repairs.last_day)

    def _ground_new_documents(self) -> None:
        """Stage by stage, let each new document cite what the lines through it have reached before it."""
        present: list[str] = []
        repaired = [self._change(r, self.repairs.last_day) for listed in self.by_document.values() for r in listed]
        for stage in self.repairs.ruleset.stages:
            here = [d for d in self.new if self._stage(d) == stage]
            if here and stage in self.repairs.ruleset.components[1:]:
                changes = [*(AddDocument(self.new[d]) for d in present), *repaired]
                now = reassess(self.before, changed(self.before.case, changes), EngineName.PLAIN)
                for d in here:
                    self.new[d] = self.new[d].model_copy(update={"based_on": self._reached(d, now)})
            present += here

    def _stage(self, document: str) -> str:
        return self.expected.elements[self.new[document].serves[0]].stage

    def _reached(self, document: str, now: Assessment) -> tuple[str, ...]:
        """Documents of the stage before on which a new one may rest, in the order of ids."""
        reached = {d for element in self.new[document].serves for d in reached_before(element, now)}
        return tuple(g for g in sorted(reached) if self.repairs.in_order(document, Dating.LATE, g, self._dating(g)))

    def _dating(self, document: str) -> Dating:
        kinds = {r.kind for r in self.by_document.get(document, ())}
        if document in self.new or RepairKind.REISSUE in kinds:
            return Dating.LATE
        return Dating.OWN if RepairKind.DATE in kinds else Dating.AS_IS

    # --- Order and dates

    @cached_property
    def references(self) -> Mapping[str, tuple[str, ...]]:
        """For each document that is written or repaired, the others of them on which it is based."""
        touched = {*self.new, *self.by_document}
        references: dict[str, tuple[str, ...]] = {}
        for document in touched:
            added = (r.code for r in self.by_document.get(document, ()) if r.kind is RepairKind.CITE)
            own = (self.new.get(document) or self.repairs.documents[document]).based_on
            references[document] = tuple(g for g in dict.fromkeys((*own, *added)) if g in touched and g != document)
        return references

    @cached_property
    def _groups(self) -> list[list[str]]:
        """Documents in order; those that rest on one another in a circle together."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.references)
        graph.add_edges_from((g, d) for d, grounds in self.references.items() for g in grounds)
        whole = nx.condensation(graph)
        groups = {n: sorted(whole.nodes[n]["members"], key=self._rank) for n in whole}
        return [groups[n] for n in nx.lexicographical_topological_sort(whole, key=lambda n: self._rank(groups[n][0]))]

    def _rank(self, document: str) -> tuple[int, int, str]:
        """Where a document stands among those that do not rest on one another."""
        numbers = {element: number for number, element in enumerate(self.expected.elements)}
        aliases = self.repairs.ruleset.aliases
        serves = (self.new.get(document) or self.repairs.documents[document]).serves
        applicable = [e for e in (aliases.get(code, code) for code in serves) if e in numbers]
        stages = list(self.repairs.ruleset.stages)
        if not applicable:
            return len(stages), len(numbers), document
        first = min(applicable, key=lambda e: numbers[e])
        return stages.index(self.expected.elements[first].stage), numbers[first], document

    @cached_property
    def _days(self) -> Mapping[str, date]:
        """A day for each document that is dated anew: one after another while the window lasts."""
        days: dict[str, date] = {}
        day = self.repairs.first_day
        for group in self._groups:
            dated = [d for d in group if self._dating(d) is Dating.LATE]
            days |= dict.fromkeys(dated, day)
            if dated:
                day = min(day + timedelta(days=1), self.repairs.last_day)
        return days


_LISTS: Mapping[RepairKind, ListField] = {
    RepairKind.HOLD: "holds",
    RepairKind.ADDRESS: "addressees",
    RepairKind.CITE: "based_on",
}
"""repairs that add a code to a list of the document"""


class _StepWriter:
    def __init__(self, carried_out: CarriedOut, after: Assessment) -> None:
        self.carried_out = carried_out
        self.repairs = carried_out.repairs
        self.expected = carried_out.expected
        self.before = carried_out.before
        self.after = after
        self.numbers = {document: number for number, document in enumerate(carried_out.order, 1)}

    def step(self, number: int, document: str) -> PlanStep:
        repairs = self.carried_out.by_document.get(document, [])
        new = self.carried_out.new.get(document)
        elements = new.serves if new else self._used(document) or self._served(document)
        parts = self._parts(document, repairs)
        stages = [self.expected.elements[e].stage for e in elements]
        requirements = self._requirements(document, elements)
        return PlanStep(
            number=number,
            kind=_kind(repairs) if new is None else StepKind.WRITE,
            document=document,
            new=new is not None,
            stage=stages[0],
            blocks=tuple(dict.fromkeys(self.expected.elements[e].block for e in elements)),
            elements=tuple(elements),
            requirements=requirements,
            addressees=self._addressees(requirements, elements),
            cites=new.based_on if new else tuple(r.code for r in repairs if r.kind is RepairKind.CITE),
            lines=self._lines(document, set(elements)),
            after=tuple(sorted(self.numbers[g] for g in self.carried_out.references[document])),
            parts=parts,
            effort=sum((part.effort for part in parts), Decimal(0)),
            changes=self.carried_out.changes_of(document),
        )

    def _parts(self, document: str, repairs: Iterable[Repair]) -> tuple[StepPart, ...]:
        if document in self.carried_out.new:
            return (StepPart(RepairKind.WRITE, (), self.carried_out.written[document].effort),)
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

    def _served(self, document: str) -> tuple[str, ...]:
        return tuple(e for e in self.expected.elements if document in self.repairs.serving(e))

    def _used(self, document: str) -> tuple[str, ...]:
        """Elements for which a document of the case holds a line afterwards, or is newly credited."""
        was, now = self.before.evidence.credited, self.after.evidence.credited
        held = {e for line in _lines(self.after) for e in _held_by(document, line)}
        gained = {e for e in now if document in now[e] and document not in was.get(e, ())}
        return tuple(e for e in self.expected.elements if e in held | gained)

    def _requirements(self, document: str, elements: Iterable[str]) -> tuple[str, ...]:
        asked: set[str] = set()
        for e in elements:
            if document in self.carried_out.new:
                asked |= set(self.expected.elements[e].requires)
            else:
                lacking = (set(a.evidence.lacks(document, e)) for a in (self.before, self.after))
                asked |= next(lacking) - next(lacking)
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
    return StepKind.CITE if kinds == {RepairKind.CITE} else StepKind.AMEND
