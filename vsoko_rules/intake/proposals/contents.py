"""What a document holds and whom it addresses: what cues say that its kind allows."""

from __future__ import annotations

from collections.abc import Mapping

from vsoko_rules.intake.cues.shapes import Shape
from vsoko_rules.intake.proposals.portions import Portion
from vsoko_rules.intake.proposals.signs import Sign
from vsoko_rules.ruleset.cues import ClaimCue


def contents_of(portion: Portion, kind: str | None, title: range, order: Mapping[str, int]) -> list[Sign]:
    """Every requirement that is seen to be met, and every addressee, once a cue: by the order of cues in the ruleset,
    whose first are the surest. Nothing stands where a place was left open."""
    open_lines = {token.line for token in portion.tokens if token.shape is Shape.BLANK}
    signs: list[Sign] = []
    seen: set[str] = set()
    for hit in portion.hits:
        cue = hit.cue
        if not isinstance(cue, ClaimCue) or cue.id in seen or not portion.stands(hit, kind, title):
            continue
        if hit.line in open_lines and not cue.over_blanks:
            continue
        seen.add(cue.id)
        claim = cue.requirement if cue.requirement is not None else f"addressees {cue.addressee}"
        signs.append(Sign(cue, claim or "", hit.first, hit.last))
    return sorted(signs, key=lambda each: order[each.cue.id])
