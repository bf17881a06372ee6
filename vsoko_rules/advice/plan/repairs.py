"""The repairs there are for one case: documents that could be written, and what could be added to those there are.

A repair is known by a key; each has its effort (days) from the ruleset. Nothing is chosen here.

New documents, and documents that are dated anew, are dated after everything that the school has: the past is not
rewritten, so a document of the past cannot rest on a new one unless it is issued anew itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Final

from vsoko_rules.advice.mending import FieldMend, change_effort, field_mend, free_id
from vsoko_rules.case.facts import in_window
from vsoko_rules.ruleset.model import DocumentField, Element
from vsoko_rules.verdict.assessment import Assessment


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
}


class Dating(Enum):
    """How a document comes to its date."""

    AS_IS = "as_is"
    OWN = "own"
    """the date it was registered under, entered later"""
    LATE = "late"
    """a date after everything that the school has now: a new document, or one issued anew"""


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

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.ruleset = assessment.ruleset
        self.case = assessment.case.content
        self.expected = assessment.expectation
        self.evidence = assessment.evidence
        self.decisions = assessment.decisions
        self.documents = {d.id: d for d in sorted(self.case.documents, key=lambda d: d.id)}
        self._lacking: dict[str, tuple[FieldMend, ...]] = {}

    # --- Days

    @cached_property
    def _latest(self) -> date | None:
        """The last day in the window on which a document of the school is dated."""
        days = (d.date for d in self.documents.values() if d.date is not None and in_window(d.date, self.case))
        return max(days, default=None)

    @cached_property
    def first_day(self) -> date:
        """The first day that a new document may have: after the last dated document in the window, if there is room."""
        study = self.case.study
        return study.start if self._latest is None else min(self._latest + timedelta(days=1), study.end)

    @property
    def last_day(self) -> date:
        """The last day that a new document may have."""
        return self.case.study.end

    def own_day(self, document: str) -> date:
        """The day on which a document without a date is taken to be registered: no later than any that rests on it."""
        study = self.case.study
        resting = (d.date for d in self.documents.values() if d.date is not None and document in d.based_on)
        return max(study.start, min(min(resting, default=self._latest or study.start), study.end))

    def in_order(self, document: str, dating: Dating, ground: str, ground_dating: Dating) -> bool:
        """Whether a document may rest on another, each dated in its way.

        New ones are dated in the order in which they rest on one another, so among them it always may.
        """
        if dating is ground_dating is Dating.LATE:
            return True
        day = self.first_day if dating is Dating.LATE else self._day(document, dating)
        before = self.last_day if ground_dating is Dating.LATE else self._day(ground, ground_dating)
        return day is None or before is None or before <= day

    def _day(self, document: str, dating: Dating) -> date | None:
        return self.own_day(document) if dating is Dating.OWN else self.documents[document].date

    # --- New documents

    @cached_property
    def new(self) -> tuple[NewDocument, ...]:
        """Documents that could be written, in the order of the ruleset: each for elements that ask the same."""
        groups: dict[tuple[object, ...], list[Element]] = {}
        for e in self.expected.elements.values():
            stage = self.ruleset.stages[e.stage]
            block = None if stage.across_blocks else e.block
            if stage.effort is not None:
                groups.setdefault((block, e.stage, e.kind, frozenset(e.requires), e.addressees), []).append(e)
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

    def serving(self, element: str) -> Sequence[str]:
        """Documents offered for an element, sorted."""
        return self.evidence.serves.get(element, ())

    def needs(self, document: str, element: str) -> Needs | None:
        """With which repairs a document is credited for an element it serves; none where none do."""
        if element not in self.expected.elements:
            return None
        mends = self._mends(document, element)
        if not mends and document not in self.evidence.credited.get(element, ()):
            return None
        return tuple(dict.fromkeys(self._answers(document, mend) for mend in mends))

    def effort(self, repair: Repair) -> Decimal | None:
        """Days of work; none where the ruleset knows no such repair."""
        if repair.kind is RepairKind.WRITE:
            return next(new.effort for new in self.new if new.id == repair.document)
        if repair.kind is RepairKind.CITE:
            return change_effort(self.ruleset, "based_on")
        if repair.kind in (RepairKind.DATE, RepairKind.REISSUE):
            return self._date_effort(repair)
        mends = self.lacking(repair.document)
        return min((m.effort for m in mends if repair in self._answers(repair.document, m)), default=None)

    def _date_effort(self, repair: Repair) -> Decimal | None:
        """To date a document: what the date requirements that it lacks take; where it lacks none, to issue it anew."""
        lacking = {m.requirement: m.effort for m in self.lacking(repair.document) if m.field == "date"}
        if lacking:
            return sum(lacking.values(), Decimal(0))
        return change_effort(self.ruleset, "date") if repair.kind is RepairKind.REISSUE else None

    def lacking(self, document: str) -> tuple[FieldMend, ...]:
        """What the applicable elements that a document serves ask of it and do not find."""
        if document not in self._lacking:
            served = [e for e, documents in self.evidence.serves.items() if document in documents]
            applicable = [e for e in served if e in self.expected.elements]
            self._lacking[document] = tuple(m for e in applicable for m in self._mends(document, e))
        return self._lacking[document]

    def _mends(self, document: str, element: str) -> list[FieldMend]:
        asked = self.expected.elements[element]
        return [field_mend(self.ruleset, asked, r) for r in self.evidence.lacks(document, element)]

    def fill(self, document: str) -> Repair | None:
        """The repair that fills in a template, where the ruleset knows one."""
        lacks = any(mend.field == "blank" for mend in self.lacking(document))
        return Repair(document, RepairKind.FILL) if lacks else None

    def _answers(self, document: str, mend: FieldMend) -> tuple[Repair, ...]:
        """The repairs any of which does what is asked."""
        if mend.field == "date":
            undated = self.documents[document].date is None
            kinds = (RepairKind.DATE, RepairKind.REISSUE) if undated else (RepairKind.REISSUE,)
            return tuple(Repair(document, kind) for kind in kinds)
        return tuple(Repair(document, _BY_FIELD[mend.field], code) for code in mend.codes or ("",))
