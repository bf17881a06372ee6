"""The kind of a document and its title, from its head."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Final

from vsoko_rules.intake.cues.recognition import Hit
from vsoko_rules.intake.proposals.portions import Portion
from vsoko_rules.intake.proposals.signs import Sign
from vsoko_rules.ruleset.cues import CueFile, KindCue, RequisiteCue

_MOST_LINES: Final = 4
_LONGEST: Final = 250
_LEADERS: Final = "...."
"""dots that lead to the number of a page"""
_ENDS: Final = (".", ":", ";")


def kind_of(portion: Portion, cues: CueFile) -> tuple[str | None, list[Sign], Hit | None]:
    """The kind for which most speaks, everything that speaks for some kind, and where the winning one is said first.

    Every cue counts once; of kinds for which as much speaks, the one that is said first wins."""
    weights: dict[str | None, Decimal] = defaultdict(Decimal)
    first: dict[str | None, Hit] = {}
    seen: set[str] = set()
    signs: list[Sign] = []
    for hit in portion.hits:
        cue = hit.cue
        if not isinstance(cue, KindCue) or not portion.stands(hit, None) or cue.id in seen:
            continue
        seen.add(cue.id)
        signs.append(Sign(cue, f"kind {cue.kind or ''}", hit.first, hit.last))
        if cues.proposes(cue):
            weights[cue.kind] += cue.weight
            first.setdefault(cue.kind, hit)
    if not weights:
        return None, signs, None
    best = max(weights, key=lambda kind: (weights[kind], -first[kind].first))
    return best, signs, first[best]


def title_of(portion: Portion, heading: Hit | None) -> range:
    """The lines of the title: those that begin with «О …» in the head of an order, else the heading and what goes on
    with it, else the first line that is none of the school's name and of what approves the document."""
    aside = _aside(portion)
    begin = _first(portion, heading, aside)
    end = min(begin + 1, portion.last)
    while end < min(portion.body, begin + _MOST_LINES, portion.last) and _goes_on(portion, begin, end, aside):
        end += 1
    return range(begin, end)


def _aside(portion: Portion) -> set[int]:
    """Lines of which a title has none."""
    zones = portion.zone("own", "approved", "letterhead", "starts")
    pages = (hit for hit in portion.hits if isinstance(hit.cue, KindCue) and hit.cue.untitled)
    return {line for hit in (*zones, *pages) for line in range(portion.tokens[hit.first].line, hit.line + 1)}


def _first(portion: Portion, heading: Hit | None, aside: set[int]) -> int:
    after = portion.tokens[heading.first].line if heading is not None else portion.first
    after = portion.first if after >= portion.body else after
    titled = (portion.tokens[hit.first].line for hit in portion.zone("titled") if not portion.tokens[hit.first].item)
    below = next((line for line in titled if after <= line < portion.body), None)
    orders = {portion.tokens[hit.first].line for hit in portion.zone("starts")}
    orders |= _numbered(portion) if below is not None else set()
    told = heading is not None and (portion.tokens[heading.first].line < portion.body or below is None)
    if told and after not in orders:
        inside = after > portion.first and portion.line(after).text.lstrip().startswith("(") and after - 1 not in aside
        return after - inside
    if below is not None:
        return below
    plain = (n for n in portion.lines() if n not in aside and portion.line(n).text.strip())
    return next(plain, portion.first)


def _numbered(portion: Portion) -> set[int]:
    """Lines that say what number a document has, its kind before it: «Гимназия. Приказ № 115 от 15 июня»."""
    own = (hit for hit in portion.zone("own") if isinstance(hit.cue, RequisiteCue) and "number" in hit.cue.gives)
    return {portion.tokens[hit.first].line for hit in own}


def _goes_on(portion: Portion, begin: int, line: int, aside: set[int]) -> bool:
    """Whether a line still belongs to the title that begins at line `begin`."""
    above, text = portion.line(line - 1).text.strip(), portion.line(line).text.strip()
    if line in aside or not text or above.endswith(_ENDS) or len([c for c in portion.line(line).cells if c]) > 1:
        return False
    marked = any(t.item for t in portion.tokens if t.line == line) or _LEADERS in text
    again = any(isinstance(hit.cue, KindCue) and portion.tokens[hit.first].line == line for hit in portion.hits)
    goes = text[0].islower() or text[0] in "«(" or (above.isupper() and (text.isupper() or again))
    length = sum(len(portion.line(n).text) for n in range(begin, line + 1))
    return goes and not marked and length <= _LONGEST
