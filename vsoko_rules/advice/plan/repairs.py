"""The repairs there are for one case: documents that could be written, and what could be added to those there are.

A repair is known by a key; each has its effort (days) from the ruleset. Nothing is chosen here.

An order that has been carried out is not mended, and after the period of the study nothing is: the next cycle is
written anew. In a block that nobody went through nothing is to be written or mended: what is not found there may be
there. A document of a wrong kind is not made another one: one of the right kind is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Final

from vsoko_rules.advice.mending import FieldMend, change_effort, field_mend, free_id, kinds_taken, met_by_others
from vsoko_rules.advice.plan.days import PlanDays
from vsoko_rules.advice.plan.weighing import Weighed
from vsoko_rules.advice.timing import AdviceDay, carried_out
from vsoko_rules.case.claims import confirmed
from vsoko_rules.case.document_records import Document
from vsoko_rules.case.publication import placed
from vsoko_rules.case.requisites import Requisites
from vsoko_rules.ruleset.model import Element
from vsoko_rules.ruleset.requirements import DocumentField
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.evidence import Outcome


class RepairKind(str, Enum):
    """Kinds of repairs."""

    WRITE = "write"
    """a new document"""
    HOLD = "hold"
    """a document is to say what it does not say yet"""
    ADDRESS = "address"
    """a document is to name an addressee"""
    FILL = "fill"
    """a template is to be filled in"""
    NUMBER = "number"
    PUBLISH = "publish"
    """a document is to be published, at an address of its own"""
    DATE = "date"
    """a document without a date is to show the one it was registered under"""
    REISSUE = "reissue"
    """a document is to be issued anew, with a new date"""
    CITE = "cite"
    """a document is to name another as its ground"""


_BY_FIELD: Final[dict[DocumentField, RepairKind]] = {
    "holds": RepairKind.HOLD,
    "addressees": RepairKind.ADDRESS,
    "number": RepairKind.NUMBER,
    "blank": RepairKind.FILL,
    "url": RepairKind.PUBLISH,
}


@dataclass(frozen=True, slots=True, order=True)
class Repair:
    """One repair of one document. `code`: a requirement's content, an addressee, or a document to cite."""

    document: str
    kind: RepairKind
    code: str = ""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document that could be written: for any of `elements`, which ask the same of it. `effort` in days."""

    id: str
    stage: str
    elements: tuple[str, ...]
    effort: Decimal


Needs = tuple[tuple[Repair, ...], ...]
"""repairs to be carried out: one of each group"""


class Repairs:
    """All repairs of one case under one ruleset."""

    def __init__(self, assessment: Assessment, day: AdviceDay, ahead: bool = False) -> None:
        """`day`: when the plan is made. `ahead`: the assessment is that of the next cycle: what is of the last is
        not mended, and everything new has its date in the calendar."""
        self.assessment = assessment
        self.day = day
        self.ahead = ahead
        self.ruleset = assessment.ruleset
        self.case = confirmed(assessment.case.content)
        self.expected = assessment.expectation
        self.evidence = assessment.evidence
        left_out = dict.fromkeys(self.ruleset.passed_over, Outcome.NOT_APPLICABLE)
        self.decisions = {**left_out, **assessment.decisions}
        self.reviewed = {b.id for b in assessment.blocks if b.reviewed}
        self.documents = {d.id: d for d in sorted(self.case.documents, key=lambda d: d.id)}
        self.requisites = Requisites(self.case, self.ruleset)
        self.days = PlanDays(self.requisites, self.case, self.ruleset, self.evidence.rests, day, ahead)
        self.weighed = Weighed(assessment)
        self.joined: dict[str, tuple[str, ...]] = {}
        """for each document the others that make one whole with it"""
        for _, document, part in assessment.derivations.by_relation.get("joined", ()):
            if part != document:
                self.joined[document] = (*self.joined.get(document, ()), part)
        self._lacking: dict[str, tuple[FieldMend, ...]] = {}
        self._known_efforts: dict[str, dict[Repair, Decimal]] = {}

    def may_change(self, element: str) -> bool:
        """Whether somebody went through the block of an element, so that what it lacks is known."""
        return self.ruleset.elements[element].block in self.reviewed

    def may_mend(self, document: str) -> bool:
        """Whether a document can still be changed: it is not carried out, and its cycle is not over."""
        found = self.documents[document]
        done = carried_out(found, self.evidence.elements[document], self.ruleset, self.day)
        over = self.ahead and not self.requisites.in_window(found)
        return not (over or done) and any(self.may_change(e) for e in self._served(document))

    # --- New documents

    @cached_property
    def new(self) -> tuple[NewDocument, ...]:
        """Documents that could be written, in the order of the ruleset: each for elements that ask the same."""
        groups: dict[tuple[object, ...], list[Element]] = {}
        for e in self.expected.elements.values():
            stage = self.ruleset.stages[e.stage]
            block = None if stage.across_blocks else e.block
            if stage.effort is not None and self.may_change(e.id):
                asked = (e.kind, kinds_taken(self.ruleset, e), frozenset(e.requires), e.addressees)
                groups.setdefault((block, e.stage, *asked), []).append(e)
        return tuple(
            NewDocument(
                free_id(f"new-{elements[0].id}", self.documents),
                elements[0].stage,
                tuple(e.id for e in elements),
                self.ruleset.stages[elements[0].stage].effort or Decimal(0),
            )
            for elements in groups.values()
        )

    @cached_property
    def new_for(self) -> dict[str, NewDocument]:
        """The new document that could serve an element."""
        return {e: new for new in self.new for e in new.elements}

    # --- Documents that there are

    def needs(self, document: str, element: str) -> Needs | None:
        """With which repairs a document is credited for an element it serves; none where none do."""
        if element not in self.expected.elements:
            return None
        mends = self._mends(element, self.evidence.lacks(document, element))
        if not mends and document not in self.evidence.credited.get(element, ()):
            return None
        return self._groups(document, element, mends)

    def remark_needs(self, document: str, element: str) -> Needs | None:
        """With which repairs nothing is left to be remarked of a document; none where none do."""
        return self._groups(document, element, self._mends(element, self.evidence.remarks(document, element)))

    def presence_needs(self, document: str, element: str) -> Needs | None:
        """With which repairs a document is there at all for an element that it serves; none where none do."""
        missing = [r for r in self.evidence.lacks(document, element) if self.ruleset.requirements[r].of_presence]
        return self._groups(document, element, self._mends(element, missing))

    def _groups(self, document: str, element: str, mends: Sequence[FieldMend]) -> Needs | None:
        """One group of repairs for each mend, but those that other documents bring about."""
        if mends and not self.may_change(element):
            return None
        return tuple(dict.fromkeys(self._answers(document, m) for m in mends if m.field != "serves"))

    def others_needed(self, element: str, document: str | None = None) -> tuple[tuple[str, ...], ...]:
        """For each requirement that is met by what other documents serve, and that a document (a new one) does not meet
        yet: elements for one of which a document has to be credited."""
        asked = self.expected.elements[element]
        missing = self.expected.breaking[element] if document is None else self.evidence.lacks(document, element)
        of_others = [r for r in self.ruleset.requirements if r in missing]
        return tuple(
            met_by_others(self.ruleset, self.expected, asked, r)
            for r in of_others
            if self.ruleset.requirements[r].given_by == "serves"
        )

    def effort(self, repair: Repair) -> Decimal | None:
        """Days of work; none where the ruleset knows no such repair, or where nothing may be changed."""
        if repair.kind is RepairKind.WRITE:
            return next(new.effort for new in self.new if new.id == repair.document)
        if not self.may_mend(repair.document):
            return None
        if repair.kind is RepairKind.CITE:
            return change_effort(self.ruleset, "based_on")
        if repair.kind in (RepairKind.DATE, RepairKind.REISSUE):
            return self._date_effort(repair)
        return self._efforts(repair.document).get(repair)

    def _efforts(self, document: str) -> dict[Repair, Decimal]:
        """Days of work for each repair of what a document lacks, but its date."""
        if document not in self._known_efforts:
            efforts = self._known_efforts[document] = {}
            for mend in self.lacking(document):
                for repair in _own(document, mend):
                    efforts[repair] = min(mend.effort, efforts.get(repair, mend.effort))
        return self._known_efforts[document]

    def _date_effort(self, repair: Repair) -> Decimal | None:
        """To date a document: what the date requirements that it lacks take; where it lacks none, to issue it anew."""
        lacking = {m.requirement: m.effort for m in self.lacking(repair.document) if m.field == "date"}
        if repair.kind is RepairKind.DATE and not self._only_undated(self.documents[repair.document]):
            return None
        if lacking:
            return sum(lacking.values(), Decimal(0))
        return change_effort(self.ruleset, "date") if repair.kind is RepairKind.REISSUE else None

    def _only_undated(self, document: Document) -> bool:
        """Whether a document only does not show its date: it says nothing of another time."""
        silent = self.requisites.date(document) is None and document.valid is None
        return silent and (document.period is None or self.requisites.in_window(document))

    def _served(self, document: str) -> list[str]:
        return [e for e in self.evidence.elements[document] if e in self.expected.elements]

    def lacking(self, document: str) -> tuple[FieldMend, ...]:
        """What the applicable elements that a document serves ask of it and do not find, whatever its grade; nothing of
        blocks that nobody went through."""
        if document not in self._lacking:
            served = [e for e in self._served(document) if self.may_change(e)]
            asked = [(e, (*self.evidence.lacks(document, e), *self.evidence.remarks(document, e))) for e in served]
            self._lacking[document] = tuple(m for e, missing in asked for m in self._mends(e, missing))
        return self._lacking[document]

    def _mends(self, element: str, requirements: Sequence[str]) -> list[FieldMend]:
        asked = self.expected.elements[element]
        return [field_mend(self.ruleset, asked, r) for r in requirements]

    def _answers(self, document: str, mend: FieldMend) -> tuple[Repair, ...]:
        """The repairs any of which does what is asked: of the document itself, or of one that makes a whole with it."""
        if mend.field in ("holds", "addressees"):
            changed: Sequence[str] = (document, *self.joined.get(document, ()))
        elif mend.field == "number" or (mend.field == "url" and not placed(self.documents[document])):
            changed = [d.id for d in self.requisites.wholes(self.documents[document])]
        else:
            changed = self.days.dated_by(document) if mend.field == "date" else [document]
        return tuple(repair for d in changed for repair in _own(d, mend) if self.effort(repair) is not None)


def _own(document: str, mend: FieldMend) -> tuple[Repair, ...]:
    """The repairs of one document any of which does what is asked of it. None makes it another kind."""
    if mend.field == "date":
        return tuple(Repair(document, kind) for kind in (RepairKind.DATE, RepairKind.REISSUE))
    kind = _BY_FIELD.get(mend.field)
    return tuple(Repair(document, kind, code) for code in mend.codes or ("",)) if kind is not None else ()
