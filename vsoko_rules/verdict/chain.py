"""The graph: which lines hold, where each breaks first, and how.

A digraph of credited documents is laid over the expected elements: a node is a document in its role for one element,
an edge a sound reference. A line holds when one path of *documents* runs from its goal to an order through every
stage; that each neighbouring pair of stages is linked somehow is not enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import networkx as nx

from vsoko_rules.case.facts import served
from vsoko_rules.case.records import Case
from vsoko_rules.engine.inference import Derivations
from vsoko_rules.ruleset.ruleset import Expectation, LineSpec, Ruleset

Node = tuple[str, str]
"""a document (or `EXPERT`) in its role for an element: (element, document)"""

Reach = tuple[str, ...]
"""a path of documents from a goal to one of a later stage, one a stage"""

EXPERT = ""
"""stands for a document where an expert decided that the stage holds; never the id of a document"""


class Outcome(str, Enum):
    """What became of an element, a cell of a line, or a line."""

    MET = "met"
    PARTIAL = "partial"
    MISSING = "missing"
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not_applicable"
    NOT_CHECKED = "not_checked"


class BreakKind(str, Enum):
    """Why a line breaks where it breaks."""

    NO_DOCUMENT = "no_document"
    REQUIREMENTS = "requirements"
    NOT_BASED = "not_based"
    DATED_BEFORE = "dated_before"


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A document that was offered where a line breaks, and what keeps it from holding the line."""

    document: str
    lacks: tuple[str, ...]
    """requirements it does not meet, in the order of the ruleset"""
    instead: tuple[str, ...]
    """documents it is based on, none of which the line had reached"""
    early: tuple[str, ...]
    """documents the line had reached and this one is based on, although it is dated before them"""


@dataclass(frozen=True, slots=True)
class Break:
    """The first break of a line. `documents` nearest first; `decided` when an expert decided so."""

    stage: str
    element: str
    kind: BreakKind
    documents: tuple[NearMiss, ...]
    reached: tuple[str, ...]
    """documents of the stage before that the line had reached"""
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One stage of one line. `documents`: those that hold it, or for a cell that does not hold, those offered."""

    stage: str
    element: str
    outcome: Outcome
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """One line laid over the documents of a case."""

    spec: LineSpec
    cells: tuple[Cell, ...]
    break_: Break | None
    path: tuple[str, ...]
    """for a complete line, one document a stage, the first in the order of ids; an expert's stage has none"""

    @property
    def complete(self) -> bool:
        """Whether a path of documents runs through every stage."""
        return self.break_ is None


class Evidence:
    """The documents of a case as the rules see them, ready to be traced."""

    def __init__(self, case: Case, ruleset: Ruleset, expected: Expectation, derived: Derivations) -> None:
        self.expected = expected
        self.stages = {e.id: e.stage for e in expected.elements.values()}
        self.documents = {d.id: d for d in case.documents}
        self.serves: dict[str, list[str]] = {}
        for document in sorted(case.documents, key=lambda d: d.id):
            for element in served(document, ruleset):
                if document.id not in self.serves.setdefault(element, []):
                    self.serves[element].append(document.id)
        concluded = derived.by_relation
        self.meets = {(paper, element, requirement) for _, paper, element, requirement in concluded.get("meets", ())}
        self.ordered = {(paper, ground) for _, paper, ground in concluded.get("ordered", ())}
        self.credited: dict[str, list[str]] = {}
        for _, document_id, element in concluded.get("credited", ()):
            self.credited.setdefault(element, []).append(document_id)
        self.graph: nx.DiGraph[Node] = nx.DiGraph()
        self.graph.add_edges_from(
            ((before, ground), (element, document_id))
            for _, document_id, element, ground, before in concluded.get("linked", ())
        )
        self._requirements = tuple(ruleset.requirements)

    def lacks(self, document: str, element: str) -> tuple[str, ...]:
        """Requirements of an applicable element that a document does not meet, in the order of the ruleset."""
        requires = self.expected.elements[element].requires
        missing = {r for r in requires if (document, element, r) not in self.meets}
        return tuple(r for r in self._requirements if r in missing) if missing else ()

    def usable(self, element: str) -> list[str]:
        """Documents offered for an element that are more than a template with blanks."""
        return [d for d in self.serves.get(element, ()) if not self.documents[d].blank]

    def outcome_of(self, element: str, reviewed: bool) -> Outcome:
        """What the documents alone make of one element of the ruleset, whatever stands before it on its lines.

        `reviewed`: somebody went through its block. An expert's decision is not looked at here.
        """
        if element not in self.expected.elements:
            return Outcome.NOT_APPLICABLE
        if self.credited.get(element):
            return Outcome.MET
        if not reviewed or self.unread.intersection(self.serves.get(element, ())):
            return Outcome.NOT_CHECKED
        return Outcome.PARTIAL if self.usable(element) else Outcome.MISSING

    @cached_property
    def unread(self) -> frozenset[str]:
        """Scans that no one could read yet: they wait for a person and are never counted as missing."""
        credited = {d for found in self.credited.values() for d in found}
        return frozenset(d.id for d in self.documents.values() if d.scan and not d.blank and d.id not in credited)

    def circles(self) -> list[tuple[str, ...]]:
        """Groups of documents that rest on one another in a circle, sorted."""
        references: nx.DiGraph[str] = nx.DiGraph()
        references.add_edges_from((d.id, ground) for d in self.documents.values() for ground in d.based_on)
        groups = (tuple(sorted(c)) for c in nx.strongly_connected_components(references))
        return sorted(g for g in groups if len(g) > 1 or references.has_edge(g[0], g[0]))


def trace(
    spec: LineSpec, evidence: Evidence, decisions: Mapping[str, Outcome], granted: frozenset[str] = frozenset()
) -> Trace:
    """Follow one applicable line from its goal as far as documents carry it.

    `decisions` are an expert's outcomes for elements: «met» lets the line through, anything else stops it there.
    `granted` documents are taken to meet every requirement and to rest on what the line had reached: the most that
    documents nobody could read yet may turn out to be.
    """
    return _Walk(spec, evidence, decisions, granted).trace()


class _Walk:
    def __init__(
        self, spec: LineSpec, evidence: Evidence, decisions: Mapping[str, Outcome], granted: frozenset[str]
    ) -> None:
        self.spec = spec
        self.evidence = evidence
        self.decisions = decisions
        self.granted = granted
        self.reached: list[dict[str, Reach]] = []
        """for each stage passed, each document reached with a path of documents from the goal to it"""

    def trace(self) -> Trace:
        cells: list[Cell] = []
        stages = self.evidence.stages
        for element in self.spec.elements:
            here = self.here(element)
            if not here:
                return self.broken(cells, element)
            self.reached.append(here)
            cells.append(Cell(stages[element], element, Outcome.MET, tuple(d for d in sorted(here) if d != EXPERT)))
        return Trace(self.spec, tuple(cells), None, tuple(d for d in _first(self.reached[-1]) if d != EXPERT))

    def here(self, element: str) -> dict[str, Reach]:
        """Documents that hold the stage of `element`, each with a path to it."""
        evidence = self.evidence
        decision = self.decisions.get(element)
        any_path = _first(self.reached[-1]) if self.reached else ()
        if decision is Outcome.MET:
            return {d: (*any_path, d) for d in (EXPERT, *evidence.serves.get(element, ()))}
        if decision is not None:
            return {}
        offered = evidence.serves.get(element, ()) if self.granted else ()
        found = {d: (*any_path, d) for d in offered if d in self.granted}
        for document in evidence.credited.get(element, ()):
            path = self.before(element, document) if self.reached else ()
            if path is not None:
                found[document] = (*path, document)
        return found

    def before(self, element: str, document: str) -> Reach | None:
        """A path to a reached document on which `document` soundly rests, or none."""
        last = self.reached[-1]
        if EXPERT in last:
            return last[EXPERT]
        previous = self.spec.elements[len(self.reached) - 1]
        for ground in sorted(last):
            if self.sound(previous, ground, element, document):
                return last[ground]
        return self.through(element, document)

    def sound(self, before: str, ground: str, element: str, document: str) -> bool:
        """Whether a document rests soundly on a reached one. A ground that is granted or that an expert let through
        was credited by no rule, so the reference itself decides."""
        if self.evidence.graph.has_edge((before, ground), (element, document)):
            return True
        if ground in self.granted:
            return ground in self.evidence.documents[document].based_on
        return self.decisions.get(before) is Outcome.MET and (document, ground) in self.evidence.ordered

    def through(self, element: str, document: str) -> Reach | None:
        """As `before`, for a document that rests on an earlier stage on which the stage before rests as well."""
        for earlier in self.evidence.expected.elements[element].may_rest_on:
            if earlier not in self.spec.elements[: len(self.reached)]:
                continue
            at = self.spec.elements.index(earlier)
            for ground in sorted(self.reached[at]):
                if self.sound(earlier, ground, element, document) and (carried := self.carried(ground, at)):
                    return _first(carried)
        return None

    def carried(self, ground: str, at: int) -> dict[str, Reach]:
        """Documents of the last stage passed to which a path leads through `ground` of stage number `at`."""
        layer = {ground: self.reached[at][ground]}
        taken = {EXPERT, *self.granted}  # rest on whatever the line had reached
        for number in range(at + 1, len(self.reached)):
            before, element = self.spec.elements[number - 1 : number + 1]
            further: dict[str, Reach] = {}
            for d in self.reached[number]:
                rests = (g for g in sorted(layer) if d in taken or g == EXPERT or self.sound(before, g, element, d))
                if (first := next(rests, None)) is not None:
                    further[d] = (*layer[first], d)
            layer = further
        return layer

    def broken(self, cells: list[Cell], element: str) -> Trace:
        break_ = self.find_break(element)
        offered = tuple(self.evidence.serves.get(element, ()))
        decision = self.decisions.get(element)
        there = self.evidence.usable(element) if decision is None else break_.kind is not BreakKind.NO_DOCUMENT
        outcome = Outcome.PARTIAL if there else Outcome.MISSING
        if decision is Outcome.NOT_CHECKED or (decision is None and self.evidence.unread.intersection(offered)):
            outcome = Outcome.NOT_CHECKED
        cells.append(Cell(break_.stage, element, outcome, offered))
        for later in self.spec.elements[len(cells) :]:
            documents = tuple(self.evidence.serves.get(later, ()))
            cells.append(Cell(self.evidence.stages[later], later, Outcome.BLOCKED, documents))
        return Trace(self.spec, tuple(cells), break_, ())

    def find_break(self, element: str) -> Break:
        stage = self.evidence.stages[element]
        reached = tuple(d for d in sorted(self.reached[-1]) if d != EXPERT) if self.reached else ()
        near = [self.near_miss(d, element, reached) for d in self.evidence.serves.get(element, ())]
        near.sort(key=lambda n: (len(n.lacks), not n.early, n.document))
        decision = self.decisions.get(element)
        if decision is not None:
            kind = BreakKind.NO_DOCUMENT if decision is Outcome.MISSING else BreakKind.REQUIREMENTS
            return Break(stage, element, kind, tuple(near), reached, decided=True)
        return Break(stage, element, _kind(near), tuple(near), reached)

    def near_miss(self, document: str, element: str, reached: Sequence[str]) -> NearMiss:
        grounds = self.evidence.documents[document].based_on
        allowed = {*reached, *self.reached_earlier(element)}
        early = tuple(g for g in sorted(allowed) if g in grounds and (document, g) not in self.evidence.ordered)
        linked = any(g == document or (g in grounds and g not in early) for g in reached) or not self.reached
        instead = () if linked or early else tuple(sorted(set(grounds)))
        return NearMiss(document, self.evidence.lacks(document, element), instead, early)

    def reached_earlier(self, element: str) -> set[str]:
        """Documents reached at the earlier stages on which a document of `element` may rest."""
        earlier = self.evidence.expected.elements[element].may_rest_on
        layers = zip(self.spec.elements, self.reached, strict=False)
        return {d for passed, layer in layers if passed in earlier for d in layer if d != EXPERT}


def _first(layer: Mapping[str, Reach]) -> Reach:
    """The path to the first document of a layer, in the order of ids."""
    return layer[min(layer)]


def _kind(near: Sequence[NearMiss]) -> BreakKind:
    """The kind of a break from the documents offered there, nearest first."""
    if not near:
        return BreakKind.NO_DOCUMENT
    if near[0].lacks:
        return BreakKind.REQUIREMENTS
    return BreakKind.DATED_BEFORE if near[0].early else BreakKind.NOT_BASED


def weakest_stage(traces: Sequence[Trace], components: Sequence[str]) -> str | None:
    """The stage at which most of the lines break first; of equals the earlier. None when all hold."""
    broken = [t.break_.stage for t in traces if t.break_ is not None]
    return max(components, key=broken.count) if broken else None
