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

from vsoko_rules.advice.mending import Mending, Want
from vsoko_rules.advice.what_if import free_id
from vsoko_rules.case.facts import in_window
from vsoko_rules.ruleset.model import Element
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.chain import Outcome


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
"""repairs to be made: one of each group"""


class Repairs:
    """All repairs of one case under one ruleset."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.ruleset = assessment.ruleset
        self.case = assessment.case.content
        self.expected = assessment.expectation
        self.evidence = assessment.evidence
        self.mending = Mending(self.ruleset, self.expected)
        self.documents = {d.id: d for d in sorted(self.case.documents, key=lambda d: d.id)}
        aliases = {**self.ruleset.indicator_aliases, **self.ruleset.aliases}
        self.decisions = {aliases.get(o.of, o.of): Outcome(o.outcome) for o in self.case.overrides}
        self.cite_effort = self.mending.effort_of("based_on")
        self.reissue_effort = self.mending.effort_of("date")
        self._needs: dict[tuple[str, str], Needs | None] = {}
        self._wanted: dict[str, tuple[Want, ...]] = {}

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
            groups.setdefault((block, e.stage, e.kind, frozenset(e.requires), e.addressees), []).append(e)
        found = []
        for elements in groups.values():
            effort = self.ruleset.stages[elements[0].stage].effort
            if effort is not None:
                code = free_id(f"new-{elements[0].id}", self.documents)
                found.append(NewDocument(code, elements[0].stage, tuple(e.id for e in elements), effort))
        return tuple(found)

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
        key = (document, element)
        if key not in self._needs:
            self._needs[key] = self._find_needs(document, element)
        return self._needs[key]

    def _find_needs(self, document: str, element: str) -> Needs | None:
        if element not in self.expected.elements:
            return None
        lacks = self.evidence.lacks(document, element)
        if not lacks:
            return () if document in self.evidence.credited.get(element, ()) else None
        return tuple(dict.fromkeys(self._answers(document, self.mending.want(element, r)) for r in lacks))

    def effort(self, repair: Repair) -> Decimal | None:
        """Days of work; none where the ruleset knows no such repair. A new document's is its own."""
        if repair.kind is RepairKind.CITE:
            return self.cite_effort
        if repair.kind in (RepairKind.DATE, RepairKind.REISSUE):
            return self._date_effort(repair)
        efforts = [w.effort for w in self.wanted(repair.document) if repair in self._answers(repair.document, w)]
        return min(efforts, default=None)

    def _date_effort(self, repair: Repair) -> Decimal | None:
        """To date a document: what the date requirements that it lacks take; where it lacks none, to issue it anew."""
        lacking = {w.requirement: w.effort for w in self.wanted(repair.document) if w.field == "date"}
        if lacking:
            return sum(lacking.values(), Decimal(0))
        return self.reissue_effort if repair.kind is RepairKind.REISSUE else None

    def wanted(self, document: str) -> tuple[Want, ...]:
        """What the applicable elements that a document serves want of it and do not find."""
        if document not in self._wanted:
            served = [e for e, documents in self.evidence.serves.items() if document in documents]
            lacking = [(e, r) for e in served if e in self.expected.elements for r in self.evidence.lacks(document, e)]
            self._wanted[document] = tuple(self.mending.want(e, r) for e, r in lacking)
        return self._wanted[document]

    def fill(self, document: str) -> Repair | None:
        """The repair that fills in a template, where the ruleset knows one."""
        wants = (w for w in self.wanted(document) if w.field == "blank")
        return next((self._answers(document, w)[0] for w in wants), None)

    def _answers(self, document: str, want: Want) -> tuple[Repair, ...]:
        """The repairs any of which answers what is wanted."""
        if want.field == "date":
            undated = self.documents[document].date is None
            kinds = (RepairKind.DATE, RepairKind.REISSUE) if undated else (RepairKind.REISSUE,)
            return tuple(Repair(document, kind) for kind in kinds)
        return tuple(Repair(document, _KINDS[want.field], code) for code in want.codes or ("",))


_KINDS = {
    "holds": RepairKind.HOLD,
    "addressees": RepairKind.ADDRESS,
    "number": RepairKind.NUMBER,
    "blank": RepairKind.FILL,
}
