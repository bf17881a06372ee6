"""The cues of a ruleset, ready to be found in texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from vsoko_rules.errors import RulesetError
from vsoko_rules.intake.cues.checking import cue_faults
from vsoko_rules.intake.cues.matching import Matcher
from vsoko_rules.intake.cues.phrases import Phrase, parse_phrase
from vsoko_rules.intake.cues.tokens import Token
from vsoko_rules.ruleset.cues import Cue, CueFile, RequisiteCue
from vsoko_rules.ruleset.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue that was found, and where: its first and its last token."""

    cue: Cue
    first: int
    last: int
    line: int
    """the line in which it ends"""


class Recogniser:
    """All cues of a ruleset."""

    def __init__(self, cues: CueFile) -> None:
        self.cues = cues
        self.places = {cue.id: number for number, cue in enumerate(cues.all)}
        """the place of each cue in the ruleset"""
        phrases: list[Phrase] = []
        self._owners: list[tuple[Cue, bool]] = []
        for cue in cues.all:
            for text in (*cue.phrases, *cue.unless):
                self._owners.append((cue, text in cue.unless))
                phrases.append(parse_phrase(text))
        self._matcher = Matcher(phrases, [_across(cue) for cue, _ in self._owners])

    def find(self, tokens: Sequence[Token]) -> list[Hit]:
        """Every cue in a text, in the order in which they begin; one that its own `unless` makes void is left out."""
        void: dict[str, set[int]] = defaultdict(set)
        hits: list[Hit] = []
        for match in self._matcher.scan(tokens).matches:
            cue, denies = self._owners[match.phrase]
            if denies:
                void[cue.id].update(range(tokens[match.first].line, tokens[match.last].line + 1))
            else:
                hits.append(Hit(cue, match.first, match.last, tokens[match.last].line))
        kept = (h for h in hits if not void[h.cue.id].intersection(range(tokens[h.first].line, h.line + 1)))
        return sorted(kept, key=lambda hit: (hit.first, hit.last, hit.cue.id))


def _across(cue: Cue) -> bool:
    """Whether its phrases pass over ends of lines: an approval block is written in several."""
    return isinstance(cue, RequisiteCue) and cue.zone in ("own", "approved", "closing", "annex")


@lru_cache(maxsize=4)
def recogniser(ruleset: Ruleset) -> Recogniser:
    """The cues of `ruleset`. Raises `RulesetError` with every fault of them."""
    faults = cue_faults(ruleset)
    if faults:
        raise RulesetError(faults)
    return Recogniser(ruleset.cues)
