"""The kind of a document and its title, from its head."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Final

from vsoko_rules.intake.cues.recognition import Hit
from vsoko_rules.intake.proposals.evidence import Sign
from vsoko_rules.intake.proposals.portions import Portion
from vsoko_rules.ruleset.cues import CueFile, KindCue

_MOST_LINES: Final = 4
_LONGEST: Final = 250
_ORDER_ENDS: Final = (".", ":", ";")


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
        if cue.kind is not None:
            signs.append(Sign(cue, f"kind {cue.kind}", hit.first, hit.last))
        if cues.proposes(cue):
            weights[cue.kind] += cue.weight
            first.setdefault(cue.kind, hit)
    if not weights:
        return None, signs, None
    best = max(weights, key=lambda kind: (weights[kind], -first[kind].first))
    return best, signs, first[best]


def title_of(portion: Portion, heading: Hit | None) -> range:
    """The lines of the title: those that begin with «О …» in the head of an order, else from the heading on."""
    aside = {line for hit in portion.zone("own", "approved", "blank", "letterhead", "foreign") for line in _lines(portion, hit)}
    titled = [portion.tokens[hit.first].line for hit in portion.zone("titled") if hit.line < portion.body]
    after = portion.tokens[heading.first].line if heading is not None else portion.first
    below = [line for line in titled if line >= after]
    begin = below[0] if below else None
    if heading is not None and (begin is None or begin - after > _MOST_LINES):
        begin = after
    elif heading is not None and begin is not None and begin - after <= 1 and _is_title(portion, after):
        begin = after if begin - after == 1 and after not in aside else begin
    if begin is None:
        plain = (n for n in portion.lines() if n not in aside and portion.line(n).text.strip())
        begin = next(plain, portion.first)
    end = begin + 1
    while end < min(portion.body, begin + _MOST_LINES, portion.last) and _goes_on(portion, begin, end, aside):
        end += 1
    return range(begin, end)


def _lines(portion: Portion, hit: Hit) -> range:
    return range(portion.tokens[hit.first].line, hit.line + 1)


def _is_title(portion: Portion, line: int) -> bool:
    return len(portion.line(line).text) > len("ПОЛОЖЕНИЕ") // 2


def _goes_on(portion: Portion, begin: int, line: int, aside: set[int]) -> bool:
    """Whether a line still belongs to the title that begins at line `begin`."""
    above, text = portion.line(line - 1).text.rstrip(), portion.line(line).text.strip()
    if line in aside or not text or above.endswith(_ORDER_ENDS) or portion.line(line).cells and not portion.line(begin).cells:
        return False
    items = {token.line for token in portion.tokens if token.item and begin <= token.line <= line}
    length = sum(len(portion.line(n).text) for n in range(begin, line + 1))
    return line not in items and length <= _LONGEST and (":" not in text or text[:1].islower())
