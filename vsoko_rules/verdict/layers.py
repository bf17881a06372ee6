"""The graph: how far documents carry a line.

A digraph of credited documents is laid over the expected elements: a node is a document in its role for one element,
an edge a sound reference. A line holds when one path of *documents* runs from its goal to an order through every
stage; that each neighbouring pair of stages is linked somehow is not enough. A stage that a decision leaves out is
stepped over: the next one may rest on the one before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from vsoko_rules.ruleset.lines import LineSpec
from vsoko_rules.verdict.chain import EXPERT
from vsoko_rules.verdict.evidence import Evidence, Outcome
from vsoko_rules.verdict.frozen import frozen

Reach = tuple[int, tuple[str, ...]]
"""a path of documents from a goal to one of a later stage, one a stage, behind the number of remarks on the way; of
several paths to a document the least is kept"""

_BEGINNING: Final[Reach] = (0, ())

Layer = dict[str, Reach]
"""documents that hold one stage of a line, each with a path to it"""


@frozen
class Reading:
    """How documents are read when a line is traced: as proven, or with what waits to be checked granted."""

    evidence: Evidence
    decisions: Mapping[str, Outcome]
    """an expert's outcomes for elements: «met» lets the line through, «not applicable» steps over the stage, anything
    else stops the line there"""
    granted: frozenset[str] = frozenset()
    """documents taken to meet every requirement and to rest on what the line had reached: the most that documents
    nobody could read yet may turn out to be"""


class Layers:
    """One line under one reading. `elements`: those of its stages that no decision leaves out."""

    def __init__(self, spec: LineSpec, reading: Reading) -> None:
        self.spec = spec
        self.evidence = reading.evidence
        self.granted = reading.granted
        self.elements = spec.elements
        self.decisions = {e: reading.decisions[e] for e in spec.elements if e in reading.decisions}
        if self.decisions:
            left_out = Outcome.NOT_APPLICABLE
            self.elements = tuple(e for e in spec.elements if self.decisions.get(e) is not left_out)
        self._carried: dict[tuple[str, int, tuple[str, ...]], Layer] = {}

    def reached(self, start: int = 0) -> list[Layer]:
        """For each stage from number `start` as far as the line is linked, the documents that hold it."""
        reached: list[Layer] = []
        for element in self.elements[start:]:
            here = self._here(element, reached, start)
            if not here:
                break
            reached.append(here)
        return reached

    def remarks(self, document: str, element: str) -> tuple[str, ...]:
        """What is remarked of a document that holds an element; nothing where an expert decided or it is granted."""
        if document in self.granted or self.decisions.get(element) is Outcome.MET:
            return ()
        return self.evidence.remarks(document, element)

    def _here(self, element: str, reached: Sequence[Layer], start: int) -> Layer:
        """Documents that hold the stage of `element`, each with a path to it."""
        layer: Layer = {}
        if self.granted or element in self.decisions:
            decision = self.decisions.get(element)
            if decision is not None and decision is not Outcome.MET:
                return {}
            any_path = min(reached[-1].values()) if reached else _BEGINNING
            offered = self.evidence.serves.get(element, ())
            if decision is Outcome.MET:
                return {d: _longer(any_path, d, 0) for d in (EXPERT, *offered)}
            layer = {d: _longer(any_path, d, 0) for d in offered if d in self.granted}
        for document in self.evidence.credited.get(element, ()):
            path = self._before(element, document, reached, start) if reached else _BEGINNING
            if path is not None:
                layer[document] = _longer(path, document, len(self.remarks(document, element)))
        return layer

    def _before(self, element: str, document: str, reached: Sequence[Layer], start: int) -> Reach | None:
        """The best path to a reached document on which `document` soundly rests, or none."""
        last = reached[-1]
        if EXPERT in last:
            return min(last.values())
        previous = self.elements[start + len(reached) - 1]
        linked = self.evidence.grounds(previous, element, document)
        paths = [path for g, path in last.items() if g in linked or self._otherwise(previous, g, element, document)]
        best = min(paths, default=None)
        if best is None or best[0]:  # a way round may have fewer remarks
            around = self._through(element, document, reached, start)
            return around if best is None else best if around is None else min(best, around)
        return best

    def _sound(self, before: str, ground: str, element: str, document: str) -> bool:
        """Whether a document rests soundly on a reached one."""
        linked = ground in self.evidence.grounds(before, element, document)
        return linked or self._otherwise(before, ground, element, document)

    def _otherwise(self, before: str, ground: str, element: str, document: str) -> bool:
        """Whether a document rests soundly on a reached one although no rule links them: on a ground that is granted,
        that an expert let through or that stands before a stage left out. There the reference itself decides."""
        skipped = before not in self.evidence.expected.elements[element].follows
        if skipped and (ground == document or self._over(before, ground, element, document)):
            return True
        if ground in self.granted:
            return ground in self.evidence.rests.get(document, ())
        return (skipped or self.decisions.get(before) is Outcome.MET) and (document, ground) in self.evidence.ordered

    def _over(self, before: str, ground: str, element: str, document: str) -> bool:
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

    def _through(self, element: str, document: str, reached: Sequence[Layer], start: int) -> Reach | None:
        """As `_before`, for a document that rests on an earlier stage on which the stage before rests as well."""
        passed = self.elements[start : start + len(reached)]
        found: list[Reach] = []
        for earlier in self.evidence.expected.elements[element].may_rest_on:
            if earlier not in passed:
                continue
            at = passed.index(earlier)
            for ground in sorted(reached[at]):
                if self._sound(earlier, ground, element, document):
                    found += self._through_ground(ground, at, reached, passed).values()
        return min(found, default=None)

    def _through_ground(self, ground: str, at: int, reached: Sequence[Layer], passed: tuple[str, ...]) -> Layer:
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
                paths = [p for g, p in layer.items() if free or g == EXPERT or self._sound(before, g, element, d)]
                if paths:
                    further[d] = _longer(min(paths), d, 0 if free else len(self.remarks(d, element)))
            layer = further
        return layer


def _longer(path: Reach, document: str, remarks: int) -> Reach:
    return path[0] + remarks, (*path[1], document)
