"""The documents of a case as the rules see them: what serves what, what is credited, what rests on what."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

import networkx as nx

from vsoko_rules.case.facts import served
from vsoko_rules.case.records import Case, Document
from vsoko_rules.engine.inference import Derivations
from vsoko_rules.ruleset.ruleset import Expectation, Ruleset

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
        self.serves: dict[str, list[str]] = {}
        """for each element the documents offered for it, in the order of ids"""
        self.elements: dict[str, tuple[str, ...]] = {d.id: served(d, ruleset) for d in case.documents}
        for document in sorted(case.documents, key=lambda d: d.id):
            for element in self.elements[document.id]:
                if document.id not in self.serves.setdefault(element, []):
                    self.serves[element].append(document.id)
        self.meets = {fact[1:] for fact in derived.by_relation.get("meets", ())}
        self.ordered = {fact[1:] for fact in derived.by_relation.get("ordered", ())}
        self.rests: dict[str, tuple[str, ...]] = {}
        for _, document_id, ground in derived.by_relation.get("rests", ()):
            self.rests[document_id] = (*self.rests.get(document_id, ()), ground)
        self.credited: dict[str, list[str]] = {}
        credited = derived.by_relation.get("credited", ())
        self.unread = self._unread({document_id for _, document_id, _ in credited})
        self.unknown = self.unread | {d.id for d in case.documents if d.undetermined and not d.template}
        """documents of which too little is known to say what they lack"""
        for _, document_id, element in credited:
            if document_id not in self.unread:
                self.credited.setdefault(element, []).append(document_id)
        self.graph: nx.DiGraph[Node] = nx.DiGraph()
        self.graph.add_edges_from(
            ((before, ground), (element, document_id))
            for _, document_id, element, ground, before in derived.by_relation.get("linked", ())
            if self.unread.isdisjoint((document_id, ground))
        )
        self._requirements = ruleset.requirements
        self._of_presence = frozenset(r.id for r in ruleset.requirements.values() if r.of_presence)
        self._orders = frozenset(d.id for d in case.documents if self._is_order(d, ruleset))
        self._known = ruleset.elements

    def lacks(self, document: str, element: str) -> tuple[str, ...]:
        """Breaking requirements of an applicable element that a document does not meet, in the order of the ruleset."""
        return self._unmet(document, element, self.expected.breaking[element])

    def remarks(self, document: str, element: str) -> tuple[str, ...]:
        """Requirements of grade «remark» that a document does not meet, in the order of the ruleset."""
        return self._unmet(document, element, self.expected.remarked[element])

    def _unmet(self, document: str, element: str, requirements: frozenset[str]) -> tuple[str, ...]:
        missing = {r for r in requirements if (document, element, r) not in self.meets}
        return tuple(r for r in self._requirements if r in missing) if missing else ()

    def blocks_of(self, document: str) -> frozenset[str]:
        """The blocks that a document serves."""
        return frozenset(self._known[e].block for e in self.elements.get(document, ()) if e in self._known)

    def usable(self, element: str) -> list[str]:
        """Documents offered for an element that are there at all: published, and more than a form with blanks."""
        needed = self._of_presence & self.expected.breaking[element]
        return [d for d in self.serves.get(element, ()) if all((d, element, r) in self.meets for r in needed)]

    def outcome_of(self, element: str, reviewed: bool, hoped: Evidence | None = None) -> Outcome:
        """What the documents alone make of one element of the ruleset, whatever stands before it on its lines.

        `reviewed`: somebody went through its block. `hoped`: the same documents with every open claim granted; what
        they would credit is not checked yet. An expert's decision is not looked at here.
        """
        if element not in self.expected.elements:
            return Outcome.NOT_APPLICABLE
        if self.credited.get(element):
            return Outcome.MET
        if not reviewed or self.unknown.intersection(self.serves.get(element, ())):
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

    def _is_order(self, document: Document, ruleset: Ruleset) -> bool:
        """Whether a document is of the kind that ends a line: where no kind is stated, by what it serves."""
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
        if ground not in self._orders or document not in self.documents[ground].based_on:
            return False
        ranks = [max((self.rank.get(e, -1) for e in self.elements[d]), default=-1) for d in (document, ground)]
        return -1 < ranks[0] < ranks[1]

    def circles(self) -> list[tuple[str, ...]]:
        """Groups of documents that rest on one another in a circle, sorted."""
        references: nx.DiGraph[str] = nx.DiGraph()
        references.add_edges_from(
            (d.id, ground) for d in self.documents.values() for ground in d.based_on if not self._approved(d.id, ground)
        )
        groups = (tuple(sorted(c)) for c in nx.strongly_connected_components(references))
        return sorted(g for g in groups if len(g) > 1 or references.has_edge(g[0], g[0]))
