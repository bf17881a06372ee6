"""Laying a line over the documents of a case, from its goal as far as they carry it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.lines import LineSpec
from vsoko_rules.verdict.chain import EXPERT, Cell, Lack, Trace
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.first_break import find_break
from vsoko_rules.verdict.layers import Layer, Layers, Reading


def trace(spec: LineSpec, reading: Reading, most: Trace | None = None, reviewed: bool = True) -> Trace:
    """Follow one applicable line from its goal as far as documents carry it.

    `most` is the same line with everything granted: where it passes the break, the break is not checked yet. In a block
    that nobody went through (`reviewed`) nothing is missing either, only not checked.
    """
    bare = all(told.keys().isdisjoint(spec.elements) for told in (reading.evidence.serves, reading.decisions))
    if most is not None or not bare:
        return _trace(Layers(spec, reading), most, reviewed)
    known = _bare.setdefault(reading.evidence.expected, {})
    if (spec.id, reviewed) not in known:
        known[spec.id, reviewed] = _trace(Layers(spec, reading), None, reviewed)
    return known[spec.id, reviewed]


_bare: WeakKeyDictionary[Expectation, dict[tuple[str, bool], Trace]] = WeakKeyDictionary()
"""lines for which a school has nothing at all: the same for every school of a kind"""


def _trace(line: Layers, most: Trace | None, reviewed: bool) -> Trace:
    reached, elements = line.reached(), line.elements
    complete = len(reached) == len(elements)
    path = min(reached[-1].values())[1] if complete else ()
    return Trace(
        spec=line.spec,
        cells=tuple(_cells(line, reached, most, reviewed)),
        break_=None if complete else find_break(line, reached),
        path=tuple([d for d in path if d != EXPERT]),
        remarks=tuple(_remarks(line, path)),
        run=elements if complete else _longest_run(line, len(reached)),
        there=tuple([e for e in elements if _there(line, e)]),
        steps=len(elements),
    )


def _remarks(line: Layers, path: Sequence[str]) -> Iterator[Lack]:
    """What is remarked of the documents of a path through a whole line."""
    for element, document in zip(line.elements, path, strict=False):
        if document != EXPERT and (lacks := line.remarks(document, element)):
            yield Lack(element, document, lacks)


def _longest_run(line: Layers, first: int) -> tuple[str, ...]:
    """The longest run of linked stages; `first` is the length of the one that begins at the goal."""
    best, at = first, 0
    for start in range(1, len(line.elements)):
        if len(line.elements) - start <= best:
            break
        length = len(line.reached(start))
        if length > best:
            best, at = length, start
    return line.elements[at : at + best]


def _there(line: Layers, element: str) -> bool:
    """Whether an element has anything at all; an expert's decision goes over what the documents say."""
    decision = line.decisions.get(element)
    if decision is None:
        return bool(line.evidence.usable(element))
    return decision in (Outcome.MET, Outcome.PARTIAL)


def _cells(line: Layers, reached: Sequence[Layer], most: Trace | None, reviewed: bool) -> Iterator[Cell]:
    """Every stage of the line, those left out as well."""
    stages, serves = line.evidence.stages, line.evidence.serves
    number, met = 0, Outcome.MET
    for element in line.spec.elements:
        if element not in line.elements:
            yield Cell(stages[element], element, Outcome.NOT_APPLICABLE, ())
            continue
        if number < len(reached):
            yield Cell(stages[element], element, met, tuple([d for d in sorted(reached[number]) if d != EXPERT]))
        else:
            outcome = _broken(line, element, most, reviewed) if number == len(reached) else Outcome.BLOCKED
            yield Cell(stages[element], element, outcome, tuple(serves.get(element, ())))
        number += 1


def _broken(line: Layers, element: str, most: Trace | None, reviewed: bool) -> Outcome:
    """What became of the element at which the line breaks."""
    decision = line.decisions.get(element)
    if decision is Outcome.NOT_CHECKED or (decision is None and (not reviewed or _passes(most, element))):
        return Outcome.NOT_CHECKED
    there = bool(line.evidence.usable(element)) if decision is None else decision is not Outcome.MISSING
    return Outcome.PARTIAL if there else Outcome.MISSING


def _passes(most: Trace | None, element: str) -> bool:
    """Whether the line would pass `element` with everything granted that waits to be checked."""
    cells = most.cells if most is not None else ()
    return any(cell.element == element and cell.outcome is Outcome.MET for cell in cells)
