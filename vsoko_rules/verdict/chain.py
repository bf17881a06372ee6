"""The graph: which lines hold, where each breaks first, and how.

A digraph of credited documents is laid over the expected elements: a node is a document in its role for one element,
an edge a sound reference. A line holds when one path of *documents* runs from its goal to an order through every
stage; that each neighbouring pair of stages is linked somehow is not enough. A stage that a decision leaves out is
stepped over: the next one may rest on the one before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final
from weakref import WeakKeyDictionary

from vsoko_rules.ruleset.ruleset import Expectation, LineSpec
from vsoko_rules.verdict.evidence import Evidence, Outcome

Reach = tuple[int, tuple[str, ...]]
"""a path of documents from a goal to one of a later stage, one a stage, behind the number of remarks on the way; of
several paths to a document the least is kept"""

_BEGINNING: Final[Reach] = (0, ())

Layer = dict[str, Reach]
"""documents that hold one stage of a line, each with a path to it"""

EXPERT = ""
"""stands for a document where an expert decided that the stage holds; never the id of a document"""


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
    elsewhere: tuple[str, ...]
    """of these, the ones that serve other blocks alone"""
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
class Lack:
    """A document that holds an element and misses requirements that are only remarked."""

    element: str
    document: str
    lacks: tuple[str, ...]
    """requirements of grade «remark», in the order of the ruleset"""


@dataclass(frozen=True, slots=True)
class Trace:
    """One line laid over the documents of a case."""

    spec: LineSpec
    cells: tuple[Cell, ...]
    break_: Break | None
    path: tuple[str, ...]
    """for a complete line, one document a stage, with the fewest remarks and of those the first in the order of ids; an
    expert's stage has none"""
    remarks: tuple[Lack, ...]
    """for a complete line, what is remarked of the documents of its path as they are proven"""
    run: tuple[str, ...]
    """elements of the longest run of neighbouring stages that hold and are linked; of equals the first"""
    there: tuple[str, ...]
    """elements for which there is a document, published and more than a form with blanks"""
    steps: int
    """how many stages the line has, those left out by a decision not counted"""

    @property
    def complete(self) -> bool:
        """Whether a path of documents runs through every stage."""
        return self.break_ is None


@dataclass(frozen=True, slots=True)
class Reading:
    """How documents are read when a line is traced: as proven, or with what waits to be checked granted."""

    evidence: Evidence
    decisions: Mapping[str, Outcome]
    """an expert's outcomes for elements: «met» lets the line through, «not applicable» steps over the stage, anything
    else stops the line there"""
    granted: frozenset[str] = frozenset()
    """documents taken to meet every requirement and to rest on what the line had reached: the most that documents
    nobody could read yet may turn out to be"""


def trace(spec: LineSpec, reading: Reading, most: Trace | None = None, reviewed: bool = True) -> Trace:
    """Follow one applicable line from its goal as far as documents carry it.

    `most` is the same line with everything granted: where it passes the break, the break is not checked yet. In a block
    that nobody went through (`reviewed`) nothing is missing either, only not checked.
    """
    if most is not None or any(e in reading.evidence.serves or e in reading.decisions for e in spec.elements):
        return _Walk(spec, reading, most, reviewed).trace()
    known = _bare.setdefault(reading.evidence.expected, {})
    if (spec.id, reviewed) not in known:
        known[spec.id, reviewed] = _Walk(spec, reading, None, reviewed).trace()
    return known[spec.id, reviewed]


_bare: WeakKeyDictionary[Expectation, dict[tuple[str, bool], Trace]] = WeakKeyDictionary()
"""lines for which a school has nothing at all: the same for every school of a kind"""


class _Walk:
    def __init__(self, spec: LineSpec, reading: Reading, most: Trace | None, reviewed: bool) -> None:
        self.spec = spec
        self.evidence = reading.evidence
        self.decisions = reading.decisions
        self.granted = reading.granted
        self.most = most
        self.reviewed = reviewed
        self._carried: dict[tuple[str, int, tuple[str, ...]], Layer] = {}
        self.elements = tuple(e for e in spec.elements if reading.decisions.get(e) is not Outcome.NOT_APPLICABLE)

    def trace(self) -> Trace:
        reached = self.layers(0)
        complete = len(reached) == len(self.elements)
        path = min(reached[-1].values())[1] if complete else ()
        break_ = None if complete else self.find_break(reached)
        remarks = tuple(
            Lack(e, d, lacks)
            for e, d in zip(self.elements, path, strict=False)
            if d != EXPERT and (lacks := self.remarks(d, e))
        )
        return Trace(
            spec=self.spec,
            cells=tuple(self.cells(reached)),
            break_=break_,
            path=tuple(d for d in path if d != EXPERT),
            remarks=remarks,
            run=self.elements if complete else self.longest_run(len(reached)),
            there=tuple(e for e in self.elements if self.there(e)),
            steps=len(self.elements),
        )

    def layers(self, start: int) -> list[Layer]:
        """For each stage from number `start` as far as the line is linked, the documents that hold it."""
        reached: list[Layer] = []
        for element in self.elements[start:]:
            here = self.here(element, reached, start)
            if not here:
                break
            reached.append(here)
        return reached

    def longest_run(self, first: int) -> tuple[str, ...]:
        """The longest run of linked stages; `first` is the length of the one that begins at the goal."""
        best, at = first, 0
        for start in range(1, len(self.elements)):
            if len(self.elements) - start <= best:
                break
            length = len(self.layers(start))
            if length > best:
                best, at = length, start
        return self.elements[at : at + best]

    def there(self, element: str) -> bool:
        """Whether an element has anything at all; an expert's decision goes over what the documents say."""
        decision = self.decisions.get(element)
        if decision is None:
            return bool(self.evidence.usable(element))
        return decision in (Outcome.MET, Outcome.PARTIAL)

    def here(self, element: str, reached: Sequence[Layer], start: int) -> Layer:
        """Documents that hold the stage of `element`, each with a path to it."""
        evidence = self.evidence
        decision = self.decisions.get(element)
        if decision is not None and decision is not Outcome.MET:
            return {}
        layer: Layer = {}
        if decision is Outcome.MET or self.granted:
            any_path = min(reached[-1].values()) if reached else _BEGINNING
            offered = evidence.serves.get(element, ())
            if decision is Outcome.MET:
                return {d: _longer(any_path, d, 0) for d in (EXPERT, *offered)}
            layer = {d: _longer(any_path, d, 0) for d in offered if d in self.granted}
        for document in evidence.credited.get(element, ()):
            path = self.before(element, document, reached, start) if reached else _BEGINNING
            if path is not None:
                layer[document] = _longer(path, document, len(self.remarks(document, element)))
        return layer

    def remarks(self, document: str, element: str) -> tuple[str, ...]:
        """What is remarked of a document that holds an element; nothing where an expert decided or it is granted."""
        if document in self.granted or self.decisions.get(element) is Outcome.MET:
            return ()
        return self.evidence.remarks(document, element)

    def before(self, element: str, document: str, reached: Sequence[Layer], start: int) -> Reach | None:
        """The best path to a reached document on which `document` soundly rests, or none."""
        last = reached[-1]
        if EXPERT in last:
            return min(last.values())
        previous = self.elements[start + len(reached) - 1]
        paths = [path for ground, path in last.items() if self.sound(previous, ground, element, document)]
        best = min(paths, default=None)
        if best is None or best[0]:  # a way round may have fewer remarks
            best = min((path for path in (best, self.through(element, document, reached, start)) if path), default=None)
        return best

    def sound(self, before: str, ground: str, element: str, document: str) -> bool:
        """Whether a document rests soundly on a reached one. No rule links a ground that is granted, that an expert let
        through or that stands before a stage left out: there the reference itself decides."""
        if self.evidence.linked(before, ground, element, document):
            return True
        skipped = before not in self.evidence.expected.elements[element].follows
        if skipped and (ground == document or self.over(before, ground, element, document)):
            return True
        if ground in self.granted:
            return ground in self.evidence.rests.get(document, ())
        return (skipped or self.decisions.get(before) is Outcome.MET) and (document, ground) in self.evidence.ordered

    def over(self, before: str, ground: str, element: str, document: str) -> bool:
        """Whether documents of the stages left out between two elements carry the reference from one to the other:
        who has a document that is not asked for may rest on it."""
        elements = self.spec.elements
        carried = {document}
        for left in reversed(elements[elements.index(before) + 1 : elements.index(element)]):
            if left in self.elements:
                return False
            offered = self.evidence.serves.get(left, ())
            carried |= {d for d in offered if any((c, d) in self.evidence.ordered for c in carried)}
        between = carried - {document}
        return any((d, ground) in self.evidence.ordered or d == ground or d in self.granted for d in between)

    def through(self, element: str, document: str, reached: Sequence[Layer], start: int) -> Reach | None:
        """As `before`, for a document that rests on an earlier stage on which the stage before rests as well."""
        passed = self.elements[start : start + len(reached)]
        found: list[Reach] = []
        for earlier in self.evidence.expected.elements[element].may_rest_on:
            if earlier not in passed:
                continue
            at = passed.index(earlier)
            for ground in sorted(reached[at]):
                if self.sound(earlier, ground, element, document):
                    found += self.carried(ground, at, reached, passed).values()
        return min(found, default=None)

    def carried(self, ground: str, at: int, reached: Sequence[Layer], passed: tuple[str, ...]) -> Layer:
        """Documents of the last stage passed to which a path leads through `ground` of stage number `at`. The same for
        whatever document asks."""
        key = (ground, at, passed)
        if key not in self._carried:
            self._carried[key] = self._carry(ground, at, reached, passed)
        return self._carried[key]

    def _carry(self, ground: str, at: int, reached: Sequence[Layer], passed: tuple[str, ...]) -> Layer:
        layer = {ground: reached[at][ground]}
        taken = {EXPERT, *self.granted}  # rest on whatever the line had reached
        for number in range(at + 1, len(reached)):
            before, element = passed[number - 1], passed[number]
            further: Layer = {}
            for d in reached[number]:
                free = d in taken
                paths = [p for g, p in layer.items() if free or g == EXPERT or self.sound(before, g, element, d)]
                if paths:
                    further[d] = _longer(min(paths), d, 0 if free else len(self.remarks(d, element)))
            layer = further
        return layer

    def cells(self, reached: Sequence[Layer]) -> list[Cell]:
        """Every stage of the line, those left out as well."""
        cells: list[Cell] = []
        stages, number = self.evidence.stages, 0
        for element in self.spec.elements:
            offered = tuple(self.evidence.serves.get(element, ()))
            if element not in self.elements:
                cells.append(Cell(stages[element], element, Outcome.NOT_APPLICABLE, ()))
                continue
            if number < len(reached):
                held = tuple(d for d in sorted(reached[number]) if d != EXPERT)
                cells.append(Cell(stages[element], element, Outcome.MET, held))
            else:
                outcome = self.broken(element) if number == len(reached) else Outcome.BLOCKED
                cells.append(Cell(stages[element], element, outcome, offered))
            number += 1
        return cells

    def broken(self, element: str) -> Outcome:
        """What became of the element at which the line breaks."""
        decision = self.decisions.get(element)
        if decision is Outcome.NOT_CHECKED or (decision is None and (not self.reviewed or self._passes(element))):
            return Outcome.NOT_CHECKED
        there = bool(self.evidence.usable(element)) if decision is None else decision is not Outcome.MISSING
        return Outcome.PARTIAL if there else Outcome.MISSING

    def _passes(self, element: str) -> bool:
        """Whether the line would pass `element` with everything granted that waits to be checked."""
        cells = self.most.cells if self.most is not None else ()
        return any(cell.element == element and cell.outcome is Outcome.MET for cell in cells)

    def find_break(self, reached: Sequence[Layer]) -> Break:
        element = self.elements[len(reached)]
        stage = self.evidence.stages[element]
        before = tuple(d for d in sorted(reached[-1]) if d != EXPERT) if reached else ()
        near = [self.near_miss(d, element, reached, before) for d in self.evidence.serves.get(element, ())]
        near.sort(key=lambda n: (len(n.lacks), not n.early, n.document))
        decision = self.decisions.get(element)
        if decision is not None:
            kind = BreakKind.NO_DOCUMENT if decision is Outcome.MISSING else BreakKind.REQUIREMENTS
            return Break(stage, element, kind, tuple(near), before, decided=True)
        return Break(stage, element, _kind(near), tuple(near), before)

    def near_miss(self, document: str, element: str, reached: Sequence[Layer], before: Sequence[str]) -> NearMiss:
        grounds = self.evidence.rests.get(document, ())
        allowed = {*before, *self.reached_earlier(element, reached)}
        early = tuple(g for g in sorted(allowed) if g in grounds and (document, g) not in self.evidence.ordered)
        linked = any(g == document or (g in grounds and g not in early) for g in before) or not reached
        instead = () if linked or early else tuple(sorted(set(grounds)))
        blocks = {g: self.evidence.blocks_of(g) for g in instead}
        elsewhere = tuple(g for g in instead if blocks[g] and self.spec.block not in blocks[g])
        return NearMiss(document, self.evidence.lacks(document, element), instead, elsewhere, early)

    def reached_earlier(self, element: str, reached: Sequence[Layer]) -> set[str]:
        """Documents reached at the earlier stages on which a document of `element` may rest."""
        earlier = self.evidence.expected.elements[element].may_rest_on
        layers = zip(self.elements, reached, strict=False)
        return {d for passed, layer in layers if passed in earlier for d in layer if d != EXPERT}


def _longer(path: Reach, document: str, remarks: int) -> Reach:
    return path[0] + remarks, (*path[1], document)


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
