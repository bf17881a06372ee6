"""From chosen repairs to changes of the case that can be carried out one after another, with dates and references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import networkx as nx

from vsoko_rules.advice.changes import AddCode, AddDocument, CaseChange, SetBlank, SetDate, SetNumber, changed
from vsoko_rules.advice.plan.choice import Choice
from vsoko_rules.advice.plan.repairs import Dating, Repair, RepairKind, Repairs
from vsoko_rules.case.records import Document
from vsoko_rules.engine.names import EngineName
from vsoko_rules.verdict.assessment import Assessment, reassess
from vsoko_rules.verdict.chain import Outcome


class Carrying:
    """One choice, carried out: `order` of the documents, and the `changes` of each."""

    def __init__(self, repairs: Repairs, choice: Choice) -> None:
        self.repairs = repairs
        self.by_document: dict[str, list[Repair]] = {}
        for repair in choice.repairs:
            self.by_document.setdefault(repair.document, []).append(repair)
        self.written = {document.id: document for document, _ in choice.new}
        self.new = {document.id: self._written(document.id, elements) for document, elements in choice.new}
        self._ground()
        self.references = self._references()
        self.order = self._order()
        self.days = self._days()

    def changes(self, document: str) -> tuple[CaseChange, ...]:
        """What is done to one document."""
        day = self.days.get(document, self.repairs.last_day)
        if document in self.new:
            return (AddDocument(self.new[document].model_copy(update={"date": day})),)
        return tuple(self._change(repair, day) for repair in self.by_document[document])

    def all_changes(self) -> tuple[CaseChange, ...]:
        """Everything, in order. New documents come first as far as others cite them."""
        return tuple(change for document in self.order for change in self.changes(document))

    def _written(self, code: str, elements: Sequence[str]) -> Document:
        expected = self.repairs.expected
        return self.repairs.mending.complete([expected.elements[e] for e in elements], code, self.repairs.last_day, ())

    def _change(self, repair: Repair, day: date) -> CaseChange:
        if repair.kind is RepairKind.HOLD:
            return AddCode(repair.document, "holds", repair.code)
        if repair.kind is RepairKind.ADDRESS:
            return AddCode(repair.document, "addressees", repair.code)
        if repair.kind is RepairKind.CITE:
            return AddCode(repair.document, "based_on", repair.code)
        if repair.kind is RepairKind.FILL:
            return SetBlank(repair.document, False)
        if repair.kind is RepairKind.NUMBER:
            return SetNumber(repair.document, repair.document)
        return SetDate(
            repair.document, self.repairs.own_day(repair.document) if repair.kind is RepairKind.DATE else day
        )

    # --- References of new documents

    def _ground(self) -> None:
        """Stage by stage, let each new document cite what the lines through it have reached before it."""
        present: list[str] = []
        repaired = [self._change(r, self.repairs.last_day) for listed in self.by_document.values() for r in listed]
        for stage in self.repairs.ruleset.stages:
            here = [d for d in self.new if self._stage(d) == stage]
            if here and stage in self.repairs.ruleset.components[1:]:
                changes = [*(AddDocument(self.new[d]) for d in present), *repaired]
                before = self.repairs.assessment
                now = reassess(before, changed(before.case, changes), EngineName.PLAIN)
                for d in here:
                    grounds = self._reached(d, now)
                    self.new[d] = self.new[d].model_copy(update={"based_on": grounds})
            present += here

    def _stage(self, document: str) -> str:
        return self.repairs.expected.elements[self.new[document].serves[0]].stage

    def _reached(self, document: str, now: Assessment) -> tuple[str, ...]:
        """Documents of the stage before on which a new one may rest, in the order of ids."""
        found: set[str] = set()
        for line in (each for block in now.blocks for each in block.lines if each.trace is not None):
            for element in self.new[document].serves:
                if line.trace is not None and element in line.spec.elements[1:]:
                    cell = line.trace.cells[line.spec.elements.index(element) - 1]
                    found.update(cell.documents if cell.outcome is Outcome.MET else ())
        return tuple(g for g in sorted(found) if self.repairs.in_order(document, Dating.LATE, g, self._dating(g)))

    def _dating(self, document: str) -> Dating:
        kinds = {r.kind for r in self.by_document.get(document, ())}
        if document in self.new or RepairKind.REISSUE in kinds:
            return Dating.LATE
        return Dating.OWN if RepairKind.DATE in kinds else Dating.AS_IS

    # --- Order and dates

    def _references(self) -> Mapping[str, tuple[str, ...]]:
        """For each document that is written or repaired, the others of them on which it is based."""
        acted = {*self.new, *self.by_document}
        found: dict[str, tuple[str, ...]] = {}
        for document in acted:
            added = (r.code for r in self.by_document.get(document, ()) if r.kind is RepairKind.CITE)
            own = self.new[document].based_on if document in self.new else self.repairs.documents[document].based_on
            found[document] = tuple(g for g in dict.fromkeys((*own, *added)) if g in acted and g != document)
        return found

    def _order(self) -> tuple[str, ...]:
        """Documents in an order in which each comes after those it rests on; else by stage, block and id."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.references)
        graph.add_edges_from((g, d) for d, grounds in self.references.items() for g in grounds)
        whole = nx.condensation(graph)
        groups = {n: sorted(whole.nodes[n]["members"], key=self._rank) for n in whole}
        order = nx.lexicographical_topological_sort(whole, key=lambda n: self._rank(groups[n][0]))
        self.together = [groups[n] for n in order]
        return tuple(d for group in self.together for d in group)

    def _rank(self, document: str) -> tuple[int, int, str]:
        """Where a document stands among those that do not rest on one another."""
        elements = list(self.repairs.expected.elements.values())
        known = {e.id: number for number, e in enumerate(elements)}
        aliases = self.repairs.ruleset.aliases
        found = self.new.get(document) or self.repairs.documents[document]
        numbers = sorted(known[e] for e in (aliases.get(c, c) for c in found.serves) if e in known)
        first = numbers[0] if numbers else len(known)
        stages = list(self.repairs.ruleset.stages)
        return (stages.index(elements[first].stage) if numbers else len(stages), first, document)

    def _days(self) -> Mapping[str, date]:
        """A day for each document that is dated anew: one after another while the window lasts."""
        days: dict[str, date] = {}
        day = self.repairs.first_day
        for group in self.together:
            dated = [d for d in group if self._dating(d) is Dating.LATE]
            days |= dict.fromkeys(dated, day)
            if dated:
                day = min(day + timedelta(days=1), self.repairs.last_day)
        return days
