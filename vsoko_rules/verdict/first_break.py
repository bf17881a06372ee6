"""Where a line breaks first, and what keeps the documents offered there from holding it."""

from __future__ import annotations

from collections.abc import Sequence

from vsoko_rules.verdict.chain import EXPERT, Break, BreakKind, NearMiss
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.layers import Layer, Layers


def find_break(line: Layers, reached: Sequence[Layer]) -> Break:
    """The break of a line behind the stages that it `reached`."""
    evidence, element = line.evidence, line.elements[len(reached)]
    before = tuple(d for d in sorted(reached[-1]) if d != EXPERT) if reached else ()
    near = [_near_miss(d, element, line, reached, before) for d in evidence.serves.get(element, ())]
    near.sort(key=lambda n: (len(n.lacks), not n.early, n.document))
    decision, kind = line.decisions.get(element), _kind(near)
    if decision is not None:
        kind = BreakKind.NO_DOCUMENT if decision is Outcome.MISSING else BreakKind.REQUIREMENTS
    return Break(evidence.stages[element], element, kind, tuple(near), before, decided=decision is not None)


def _near_miss(document: str, element: str, line: Layers, reached: Sequence[Layer], before: Sequence[str]) -> NearMiss:
    evidence = line.evidence
    grounds = evidence.rests.get(document, ())
    allowed = {*before, *_reached_earlier(element, line, reached)}
    early = tuple(g for g in sorted(allowed) if g in grounds and (document, g) not in evidence.ordered)
    linked = any(g == document or (g in grounds and g not in early) for g in before) or not reached
    instead = () if linked or early else tuple(sorted(set(grounds)))
    blocks = {g: evidence.blocks_of(g) for g in instead}
    elsewhere = tuple(g for g in instead if blocks[g] and line.spec.block not in blocks[g])
    return NearMiss(document, evidence.lacks(document, element), instead, elsewhere, early)


def _reached_earlier(element: str, line: Layers, reached: Sequence[Layer]) -> set[str]:
    """Documents reached at the earlier stages on which a document of `element` may rest."""
    earlier = line.evidence.expected.elements[element].may_rest_on
    layers = zip(line.elements, reached, strict=False)
    return {d for passed, layer in layers if passed in earlier for d in layer if d != EXPERT}


def _kind(near: Sequence[NearMiss]) -> BreakKind:
    """The kind of a break from the documents offered there, nearest first."""
    if not near:
        return BreakKind.NO_DOCUMENT
    if near[0].lacks:
        return BreakKind.REQUIREMENTS
    return BreakKind.DATED_BEFORE if near[0].early else BreakKind.NOT_BASED
