"""The documents of a case as the rules see them: what serves what, what is credited, what rests on what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from enum import Enum

import networkx as nx

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.facts import served
from vsoko_rules.case.records import Case
from vsoko_rules.engine.inference import Derivations
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.ruleset import Ruleset

Node = tuple[str, str]
"""a document in its role for an element: (element, document)"""


class Outcome(str, Enum):
    """What became of an element, a cell of a line, or a line."""

    MET = "met"
    PARTIAL = "partial"
    MISSING = "missing"
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not_applicable"
    NOT_CHECKED = "not_checked"


class Evidence:
    """The documents of a case as the rules see them, ready to be traced."""

    def __init__(self, case: Case, ruleset: Ruleset, expected: Expectation, derived: Derivations) -> None:
        self.expected = expected
        self.rank = expected.rank
        self.stages = expected.stages
        self.documents = {d.id: d for d in case.documents}
        self._templates = {d.id for d in case.documents if d.template}
        self.elements: dict[str, tuple[str, ...]] = {d.id: served(d, ruleset) for d in case.documents}
        self.serves: dict[str, list[str]] = {}
        """for each element the documents offered for it, in the order of ids"""
        for document_id in sorted(self.elements):
            for element in dict.fromkeys(self.elements[document_id]):
                self.serves.setdefault(element, []).append(document_id)
        self._met = derived.concluded("meets")
        self.ordered = {(document_id, ground) for _, document_id, ground in derived.concluded("ordered")}
        self.rests: dict[str, tuple[str, ...]] = {}
        for _, document_id, ground in sorted(derived.concluded("rests")):
            self.rests[document_id] = (*self.rests.get(document_id, ()), ground)
        self.credited: dict[str, list[str]] = {}
        credited = sorted(derived.concluded("credited"))
        self.unread = self._unread({document_id for _, document_id, _ in credited})
        self.unknown = self.unread | {d.id for d in case.documents if d.evidence and d.undetermined and not d.template}
        """documents of which too little is known to say what they lack"""
        for _, document_id, element in credited:
            if document_id not in self.unread:
                self.credited.setdefault(element, []).append(document_id)
        self._grounds: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        for _, document_id, element, ground, before in derived.concluded("linked"):
            if document_id not in self.unread and ground not in self.unread:
                self._grounds[before, element, document_id].add(ground)
        self._usable: dict[str, list[str]] = {}
        self._remarks: dict[Node, tuple[str, ...]] = {}
        self._position = ruleset.position
        self._ruleset = ruleset

    def lacks(self, document: str, element: str) -> tuple[str, ...]:
        """Breaking requirements of an applicable element that a document does not meet, in the order of the ruleset."""
        return self._unmet(document, element, self.expected.breaking[element])

    def remarks(self, document: str, element: str) -> tuple[str, ...]:
        """Requirements of grade «remark» that a document does not meet, in the order of the ruleset."""
        remarks = self._remarks.get((element, document))  # asked for on each line of the element
        if remarks is None:
            remarks = self._unmet(document, element, self.expected.remarked[element])
            self._remarks[element, document] = remarks
        return remarks

    def _unmet(self, document: str, element: str, requirements: frozenset[str]) -> tuple[str, ...]:
        met = self._met
        missing = [r for r in requirements if ("meets", document, element, r) not in met]
        return tuple(sorted(missing, key=self._position.__getitem__)) if missing else ()

    def grounds(self, before: str, element: str, document: str) -> Collection[str]:
        """The grounds in their role for `before` from which an edge of the graph leads to a document for `element`."""
        return self._grounds.get((before, element, document), ())

    def blocks_of(self, document: str) -> frozenset[str]:
        """The blocks that a document serves."""
        known = self._ruleset.elements
        return frozenset(known[e].block for e in self.elements.get(document, ()) if e in known)

    def usable(self, element: str) -> list[str]:
        """Documents offered for an element that are there at all: published, and more than a form with blanks."""
        usable = self._usable.get(element)
        if usable is None:
            needed, offered = self.expected.presence[element], self.serves.get(element, ())
            usable = [d for d in offered if self._met.issuperset([("meets", d, element, r) for r in needed])]
            self._usable[element] = usable
        return usable

    def outcome_of(self, element: str, reviewed: bool, hoped: Evidence | None = None) -> Outcome:
        """What the documents alone make of one element of the ruleset, whatever stands before it on its lines.

        `reviewed`: somebody went through its block. `hoped`: the same documents with every open claim granted; what
        they would credit is not checked yet. An expert's decision is not looked at here.
        """
        if element not in self.expected.elements:
            return Outcome.NOT_APPLICABLE
        if self.credited.get(element):
            return Outcome.MET
        if not reviewed or not self.unknown.isdisjoint(self.serves.get(element, ())):
            return Outcome.NOT_CHECKED
        if hoped is not None and hoped.credited.get(element):
            return Outcome.NOT_CHECKED
        return Outcome.PARTIAL if self.usable(element) else Outcome.MISSING

    def _unread(self, credited: Collection[str]) -> frozenset[str]:
        """Scans that no one could read yet: they wait for a person, count for nothing and are never counted as missing.
        That number and date of a scan are known does not mean that somebody read what stands in it."""
        return frozenset(
            d.id
            for d in self.documents.values()
            if d.scan and d.id not in self._templates and not (d.id in credited and (d.holds or d.holds_for))
        )

    def _is_order(self, document: Document) -> bool:
        """Whether a document is of the kind that ends a line: where no kind is stated, by what it serves."""
        ruleset = self._ruleset
        last = len(ruleset.components) - 1
        if document.kind is None:
            return any(self.rank.get(e) == last for e in self.elements[document.id])
        return (
            bool(ruleset.components) and ruleset.kind_of(document.kind) in ruleset.stages[ruleset.components[-1]].kinds
        )

    def _approved(self, document: str, ground: str) -> bool:
        """Whether `document` names the later order by which it is approved, and which rests on it in its turn."""
        if self.documents[document].approved_by == ground:
            return True
        order = self.documents[ground]
        if document not in order.based_on or not self._is_order(order):
            return False
        ranks = [max((self.rank.get(e, -1) for e in self.elements[d]), default=-1) for d in (document, ground)]
        return -1 < ranks[0] < ranks[1]

    def circles(self) -> list[tuple[str, ...]]:
        """Groups of documents that rest on one another in a circle, sorted."""
        unended = self._unended()
        if not unended:
            return []
        references: nx.DiGraph[str] = nx.DiGraph()
        references.add_edges_from(
            (document, ground)
            for document, grounds in unended.items()
            for ground in grounds
            if not self._approved(document, ground)
        )
        groups = (tuple(sorted(c)) for c in nx.strongly_connected_components(references))
        return sorted(g for g in groups if len(g) > 1 or references.has_edge(g[0], g[0]))

    def _unended(self) -> dict[str, set[str]]:
        """The references that lead on and on: without documents that rest on nothing, then without those that rest on
        these alone, and so forth. In most cases nothing is left."""
        left = {d.id: set(d.based_on) for d in self.documents.values() if d.based_on}
        before = 0
        while len(left) != before:
            before = len(left)
            for document, grounds in list(left.items()):  # what is listed first most often ends at once
                if grounds.isdisjoint(left):
                    del left[document]
        return {d: grounds & left.keys() for d, grounds in left.items()}
