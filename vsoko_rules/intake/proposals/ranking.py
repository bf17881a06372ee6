"""Which elements a document may serve: what speaks for its stage, and what for the element or its block."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from typing import Final

from vsoko_rules.intake.cues.recognition import Hit
from vsoko_rules.intake.cues.tokens import normal
from vsoko_rules.intake.proposals.portions import Portion
from vsoko_rules.intake.proposals.signs import Sign
from vsoko_rules.ruleset.cues import ClaimCue, CueFile, ServesCue
from vsoko_rules.ruleset.ruleset import Ruleset

MOST_ELEMENTS: Final = 3
_STEM: Final = 6
"""letters that the forms of a word share"""


class Ranking:
    """What speaks for the elements of a ruleset in one document."""

    def __init__(
        self, portion: Portion, kind: str | None, title: range, ruleset: Ruleset, order: Ranking | None = None
    ) -> None:
        self._cues: CueFile = ruleset.cues
        self._elements = ruleset.elements
        self._open = {
            stage.id for stage in ruleset.stages.values() if (kind in stage.kinds if kind else not stage.kinds)
        }
        """stages that take documents of this kind; for one whose kind is not known those that take any"""
        self._stems = _stems(" ".join(portion.line(number).text for number in title))
        """of the words of its title"""
        self._weights: dict[str, dict[str, Decimal]] = {
            part: defaultdict(Decimal) for part in ("elements", "blocks", "stages")
        }
        self._against = Decimal(0)
        self._best: dict[tuple[str, str], tuple[Decimal, Hit]] = {}
        self.hits: list[tuple[Hit, bool]] = []
        """every cue that was found, once, and whether it stands in the title"""
        self._take(portion, kind, title)
        self._addressed(portion, kind, title)
        if order is not None and not any(inside and _topical(hit) for hit, inside in self.hits):
            self._share(order)

    def _addressed(self, portion: Portion, kind: str | None, title: range) -> None:
        """Let whom a document addresses speak for the elements that must address them."""
        for hit in portion.hits:
            cue = hit.cue
            if not isinstance(cue, ClaimCue) or cue.addressee is None or not self._cues.proposes(cue):
                continue
            if not portion.stands(hit, kind, title):
                continue
            for element in self._elements.values():
                if cue.addressee in element.addressees and ("elements", element.id) not in self._best:
                    self._weights["elements"][element.id] += self._least
                    self._best["elements", element.id] = (self._least, hit)

    def _share(self, order: Ranking) -> None:
        """Let what speaks for the subject of an order speak for its annex, whose title names none."""
        for part in ("elements", "blocks"):
            for code, weight in order._weights[part].items():
                self._weights[part][code] += weight
                self._best.setdefault((part, code), order._best[part, code])
        self._against += order._against

    def _take(self, portion: Portion, kind: str | None, title: range) -> None:
        found: dict[str, tuple[Hit, bool]] = {}
        for hit in portion.hits:
            if not isinstance(hit.cue, ServesCue) or not portion.stands(hit, kind, title):
                continue
            inside = portion.tokens[hit.first].line in title
            if hit.cue.id not in found or (inside and not found[hit.cue.id][1]):
                found[hit.cue.id] = (hit, inside)
        self.hits = [*found.values()]
        for hit, inside in self.hits:
            if self._cues.proposes(hit.cue):
                self._weigh(hit, inside)

    def _weigh(self, hit: Hit, inside: bool) -> None:
        cue = hit.cue
        assert isinstance(cue, ServesCue)
        weight = max(cue.in_title, cue.weight) if inside else cue.weight
        if cue.unrelated:
            self._against += weight
            return
        for part, weights in self._weights.items() if weight else ():
            for code in getattr(cue, part):
                weights[code] += weight
                if weight > self._best.get((part, code), (Decimal(0),))[0]:
                    self._best[part, code] = (weight, hit)

    def elements(self) -> list[tuple[str, Sign]]:
        """Up to three elements, best first, each with the cue that says most for it; none where too little speaks for
        any, or more for a document that belongs to none."""
        rows = []
        for number, element in enumerate(self._elements.values()):
            topic = self._weight("elements", element.id) + self._weight("blocks", element.block)
            stage = self._weight("stages", element.stage)
            fits = stage > 0 or (element.stage in self._open and not self._weights["stages"])
            if fits and topic >= self._least and topic > self._against:
                alike = len(self._stems & _stems(f"{element.title} {element.subject or ''}"))
                rows.append((-(stage + topic), -alike, number, element.id))
        near = [code for weight, _, _, code in sorted(rows) if weight <= min(rows)[0] / 2]
        return [(code, self._sign(code, self._elements[code].block)) for code in self._varied(near)]

    def _varied(self, codes: list[str]) -> list[str]:
        """The first three; where all are of one stage, the last gives way to the first of another, since the words of a
        title tell a block better than a stage."""
        first, rest = codes[:MOST_ELEMENTS], codes[MOST_ELEMENTS:]
        stages = {self._elements[code].stage for code in first}
        other = next((code for code in rest if self._elements[code].stage not in stages), None)
        return [*first[:-1], other] if other is not None and len(stages) == 1 else first

    @property
    def doubtful(self) -> bool:
        """Whether nothing says that the document belongs to no element."""
        return not self._against

    def _weight(self, part: str, code: str) -> Decimal:
        return self._weights[part].get(code, Decimal(0))

    @property
    def _least(self) -> Decimal:
        return self._cues.thresholds.related if self._cues.thresholds is not None else Decimal(0)

    def _sign(self, element: str, block: str) -> Sign:
        places = (self._best.get(("elements", element)), self._best.get(("blocks", block)))
        hit = max((place for place in places if place is not None), key=lambda place: place[0])[1]
        return Sign(hit.cue, f"serves {element}", hit.first, hit.last)


def _stems(text: str) -> frozenset[str]:
    """Beginnings of the longer words of a text: what two texts share that speak of one thing in other forms."""
    return frozenset(word[:_STEM] for word in map(normal, re.findall(r"[^\W\d_]+", text)) if len(word) > _STEM)


def _topical(hit: Hit) -> bool:
    """Whether a cue speaks of a subject."""
    return isinstance(hit.cue, ServesCue) and bool(hit.cue.elements or hit.cue.blocks or hit.cue.unrelated)
