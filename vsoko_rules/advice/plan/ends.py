"""What the lines of a block end with alike, as rows that a goal implies and that tell the solver its cost sooner.

Where a block does not reach its share while all its lines are broken, one of them has to be complete. Which one is
open, and between whole numbers each is complete in part, so that whatever all of them need is paid for in part only:
the proof that no plan is less work then takes a search. The stages with which all end are asked for whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from vsoko_rules.advice.plan.runs import Run
from vsoko_rules.advice.plan.solver import BinaryProgram


def require_one(program: BinaryProgram, lines: Sequence[Run]) -> None:
    """Ask for one of the lines of a block to be complete, and so for the end that all have in common."""
    program.at_least({line.complete: 1 for line in lines}, 1)
    if len(lines) > 1 and (end := shared_end(lines)):
        program.at_least({lines[0].part(end, program).complete: 1}, 1)


def shared_end(lines: Sequence[Run]) -> tuple[str, ...]:
    """The elements with which all lines end, as far as they apply. None but the first may rest on an element that is
    not among them: that would be a way into the end which it does not know of."""
    at_end = zip(*(reversed(line.spec.elements) for line in lines), strict=False)
    shared = {elements[0] for elements in takewhile(lambda elements: len(set(elements)) == 1, at_end)}
    end = tuple(e for e in lines[0].elements if e in shared)
    expected = lines[0].chains.repairs.expected.elements
    others = {e for line in lines for e in line.elements}
    for start in range(len(end)):
        outside = others.difference(end[start:])
        if outside.isdisjoint(ground for e in end[start + 1 :] for ground in expected[e].may_rest_on):
            return end[start:]
    return ()
