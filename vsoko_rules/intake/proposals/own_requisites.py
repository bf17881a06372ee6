"""The number and the date of a document itself. Those of documents that it cites never pass for its own: what stands
outside the places that a ruleset names is left out, and so is everything from the ground of an order on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vsoko_rules.intake.cues.recognition import Hit
from vsoko_rules.intake.cues.shapes import Shape
from vsoko_rules.intake.proposals.portions import Portion
from vsoko_rules.intake.proposals.signs import Sign
from vsoko_rules.ruleset.cues import CueFile, RequisiteCue

_SHAPES: Final = {"number": Shape.NUMBER, "date": Shape.DATE}
_NEAR: Final = 4
"""in how many lines the number and the date of one document stand together"""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a document says of itself."""

    chosen: tuple[Sign, ...]
    """its number and its date, or the time of which it speaks"""
    seen: tuple[Sign, ...]
    """every number and date that some cue takes for its own"""
    blank: bool


def stated_by(portion: Portion, kind: str | None, title: range, cues: CueFile) -> Stated:
    """The number and the date of a document of this kind."""
    places = [hit for hit in portion.zone("own", "approved", "closing") if portion.stands(hit, kind, title)]
    approving = [hit for hit in portion.zone("approved") if portion.stands(hit, kind, title) and cues.proposes(hit.cue)]
    foreign = {
        at
        for hit in portion.zone("foreign")
        if portion.stands(hit, kind, title)
        for at in _nearest(portion, hit)
        if _two_follow(portion, at) or not any(hit.first < own.first < at <= own.last for own in approving)
    }
    """a number or a date belongs to what is named last before it: «протокол № 1, утверждена приказом от …»"""
    blanks = (hit for hit in portion.zone("blank") if portion.stands(hit, kind, title))
    open_lines = {hit.line for hit in blanks if len([cell for cell in portion.line(hit.line).cells if cell]) <= 1}
    seen = [sign for hit in places if hit.line not in open_lines for sign in _values(portion, hit, foreign)]
    good = sorted((s for s in seen if cues.proposes(s.cue)), key=_rank)
    if open_lines and not good:
        return Stated((), tuple(seen), blank=True)
    chosen = [*_chosen(portion, good)]
    periods = [*_periods(portion, kind, title)]
    if not any(sign.claim.startswith("date ") for sign in chosen):
        chosen += [sign for sign in periods if cues.proposes(sign.cue)][:1]
    return Stated(tuple(chosen), (*seen, *periods), blank=False)


def _rank(sign: Sign) -> tuple[int, int]:
    return (sign.cue.rank if isinstance(sign.cue, RequisiteCue) else 0, sign.first)


def _nearest(portion: Portion, hit: Hit) -> Iterator[int]:
    """The first number and the first date in what was found: a second one may be that of another document."""
    for shape in _SHAPES.values():
        yield from [at for at in range(hit.first, hit.last + 1) if portion.tokens[at].shape is shape][:1]


def _two_follow(portion: Portion, at: int) -> bool:
    """Whether another date stands right after this one: two columns read together, the first is that of the first."""
    return any(token.shape is Shape.DATE for token in portion.tokens[at + 1 : at + 3])


def _values(portion: Portion, hit: Hit, foreign: set[int]) -> Iterator[Sign]:
    cue = hit.cue
    assert isinstance(cue, RequisiteCue)
    for name in cue.gives:
        places = [at for at in range(hit.first, hit.last + 1) if portion.tokens[at].shape is _SHAPES[name]]
        if places and places[-1] not in foreign and (value := portion.tokens[places[-1]].value):
            yield Sign(cue, f"{name} {value}", _beginning(portion, hit, places[-1]), places[-1])


def _beginning(portion: Portion, hit: Hit, place: int) -> int:
    """The first token of a hit that stands in the line of the value."""
    line = portion.tokens[place].line
    return next(at for at in range(hit.first, place + 1) if portion.tokens[at].line == line)


def _chosen(portion: Portion, good: list[Sign]) -> Iterator[Sign]:
    """One number and one date: those of the best place, or what stands near it in places of the same kind."""
    if not good:
        return
    best = good[0]
    zone = best.cue.zone if isinstance(best.cue, RequisiteCue) else None
    line = portion.tokens[best.last].line
    for name in _SHAPES:
        own = [
            sign
            for sign in good
            if sign.claim.startswith(f"{name} ")
            and isinstance(sign.cue, RequisiteCue)
            and sign.cue.zone == zone
            and abs(portion.tokens[sign.last].line - line) <= _NEAR
        ]
        yield from own[:1]


def _periods(portion: Portion, kind: str | None, title: range) -> Iterator[Sign]:
    shapes = (Shape.YEARS, Shape.MONTH, Shape.YEAR)
    for hit in portion.zone("period"):
        if portion.stands(hit, kind, title):
            for at in range(hit.first, hit.last + 1):
                if portion.tokens[at].shape in shapes:
                    yield Sign(hit.cue, f"period {portion.tokens[at].value}", hit.first, hit.last)
