"""A choice of repairs, put in order: what each new document cites, which comes after which, and on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
    SetField,
    SetNumber,
    changed,
)
from vsoko_rules.advice.mending import address_for, complete_document, grounds_before, number_for
from vsoko_rules.advice.plan.days import LATE, Dated
from vsoko_rules.advice.plan.repairs import NewDocument, Repair, RepairKind, Repairs
from vsoko_rules.case.document_records import Document
from vsoko_rules.case.facts import served
from vsoko_rules.engine.names import EngineName
from vsoko_rules.verdict.assessment import Assessment, reassess


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be done: repairs of documents that there are, and new documents with the elements they serve.

    `points` are promised, by the score that gives the level, and weighted.
    """

    repairs: tuple[Repair, ...]
    new: tuple[tuple[NewDocument, tuple[str, ...]], ...]
    points: Fraction


class Schedule:
    """One choice, carried out: the `order` of the documents, and the `changes` of the case."""

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

    def changes_of(self, document: str) -> tuple[CaseChange, ...]:
        """What is done to one document."""
        day = self._days.get(document, self.repairs.days.last_day)
        if document in self.new:
            return (AddDocument(self.new[document].model_copy(update={"date": day})),)
        return tuple(self._change(repair, day) for repair in self.by_document[document])

    def _change(self, repair: Repair, day: date) -> CaseChange:
        if repair.kind in _LISTS:
            return AddCode(repair.document, _LISTS[repair.kind], repair.code)
        if repair.kind is RepairKind.FILL:
            return SetBlank(repair.document, False)
        if repair.kind is RepairKind.NUMBER:
            return SetNumber(repair.document, number_for(self.repairs.documents[repair.document]))
        if repair.kind is RepairKind.PUBLISH:
            return SetField(repair.document, "url", address_for(repair.document))
        own = repair.kind is RepairKind.DATE
        return SetDate(repair.document, self.repairs.days.own_day(repair.document) if own else day)

    # --- References of new documents

    def _complete(self, code: str, elements: Sequence[str]) -> Document:
        asked = [self.expected.elements[e] for e in elements]
        return complete_document(self.repairs.ruleset, asked, code, self.repairs.days.last_day)

    def _ground_new_documents(self) -> None:
        """Stage by stage, let each new document cite what the lines through it have reached before it."""
        present: list[str] = []
        repaired = [self._change(r, self.repairs.days.last_day) for listed in self.by_document.values() for r in listed]
        for stage in self.repairs.ruleset.stages:
            here = [d for d in self.new if self._stage(d) == stage]
            if here and stage in self.repairs.ruleset.components[1:]:
                changes = [*(AddDocument(self.new[d]) for d in present), *repaired]
                now = reassess(self.before, changed(self.before.case, changes), EngineName.PLAIN)
                for d in here:
                    self.new[d] = self.new[d].model_copy(update={"based_on": self._grounds(d, now)})
            present += here

    def _stage(self, document: str) -> str:
        return self.expected.elements[self.new[document].serves[0]].stage

    def _grounds(self, document: str, now: Assessment) -> tuple[str, ...]:
        """Documents of the stage before on which a new one may rest, in the order of ids."""
        fitting = {d for d in now.evidence.documents if self.repairs.days.in_order(LATE, self._dated(d))}
        grounds = {d for e in self.new[document].serves for d in grounds_before(e, now, fitting)}
        return tuple(sorted(grounds))

    def _gives_day(self, document: str) -> tuple[str, Dated]:
        """Which document gives this one its day then, and the day."""
        if document in self.new:
            return document, LATE
        for giving in self.repairs.days.dated_by(document):
            kinds = {r.kind for r in self.by_document.get(giving, ())}
            if RepairKind.REISSUE in kinds:
                return giving, LATE
            if RepairKind.DATE in kinds:
                return giving, Dated(self.repairs.days.own_day(giving))
        return document, Dated(self.repairs.requisites.date(self.repairs.documents[document]))

    def _dated(self, document: str) -> Dated:
        return self._gives_day(document)[1]

    # --- Order and dates

    @cached_property
    def _grounds_then(self) -> Mapping[str, tuple[str, ...]]:
        """For each document the others on which it rests then."""
        rests = self.repairs.evidence.rests
        grounds = {d: rests.get(d, ()) for d in self.repairs.documents}
        grounds |= {d: new.based_on for d, new in self.new.items()}
        for document, repairs in self.by_document.items():
            added = [r.code for r in repairs if r.kind is RepairKind.CITE]
            for each in (document, *self.repairs.joined.get(document, ())):
                grounds[each] = (*grounds[each], *added)
        return {d: tuple(g for g in dict.fromkeys(listed) if g != d) for d, listed in grounds.items()}

    @cached_property
    def references(self) -> Mapping[str, tuple[str, ...]]:
        """For each document that is written or repaired, the others of them on which it is based."""
        touched = dict.fromkeys((*self.new, *self.by_document))
        return {d: tuple(g for g in self._grounds_then[d] if g in touched) for d in touched}

    @cached_property
    def _groups(self) -> list[list[str]]:
        """Documents in order; those that rest on one another in a circle together."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.references)
        graph.add_edges_from((g, d) for d, grounds in self.references.items() for g in grounds)
        for document, grounds in self._grounds_then.items():  # whoever is dated anew is dated after what it rests on
            for pair in ((self._gives_day(g), self._gives_day(document)) for g in grounds):
                if pair[0][1].late and pair[1][1].late and pair[0][0] != pair[1][0]:
                    graph.add_edge(pair[0][0], pair[1][0])
        whole = nx.condensation(graph)
        groups = {n: sorted(whole.nodes[n]["members"], key=self._rank) for n in whole}
        return [groups[n] for n in nx.lexicographical_topological_sort(whole, key=lambda n: self._rank(groups[n][0]))]

    def _rank(self, document: str) -> tuple[int, int, str]:
        """Where a document stands among those that do not rest on one another."""
        serves = served(self.new.get(document) or self.repairs.documents[document], self.repairs.ruleset)
        elements, stages = list(self.expected.elements), list(self.repairs.ruleset.stages)
        first = min(elements.index(e) for e in serves if e in elements)
        return stages.index(self.expected.elements[elements[first]].stage), first, document

    @cached_property
    def _days(self) -> Mapping[str, date]:
        """A day for each document that is dated anew: of the calendar, else one after another in the window."""
        days: dict[str, date] = {}
        day = self.repairs.days.first_day
        for group in self._groups:
            dated = [d for d in group if self._gives_day(d) == (d, LATE)]
            due = self.due(dated[0]) if dated else None
            day = day if due is None else min(max(day, due), self.repairs.days.last_day)
            days |= dict.fromkeys(dated, day)
            if dated and due is None:
                day = min(day + timedelta(days=1), self.repairs.days.last_day)
        return days

    def due(self, document: str) -> date | None:
        """By when a new document is issued, where the calendar says so."""
        return self.repairs.days.due(self._stage(document)) if document in self.new else None


_LISTS: Mapping[RepairKind, ListField] = {
    RepairKind.HOLD: "holds",
    RepairKind.ADDRESS: "addressees",
    RepairKind.CITE: "based_on",
}
"""repairs that add a code to a list of the document"""
