"""What the cues of a ruleset say of one document of a file, before it is decided what is proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vsoko_rules.intake.cues.recognition import Hit
from vsoko_rules.intake.proposals.portions import Portion
from vsoko_rules.ruleset.cues import Cue


@dataclass(frozen=True, slots=True)
class Sign:
    """One cue with what it says: a claim in the words of a case, and the tokens from which its quote is taken."""

    cue: Cue
    claim: str
    first: int
    last: int

    @property
    def field(self) -> str:
        """The field of a document of which it speaks; the code of a requirement for what it holds."""
        return self.claim.split(" ", 1)[0]

    @property
    def value(self) -> str:
        """What stands there."""
        return self.claim.split(" ", 1)[-1]


@dataclass(slots=True)
class Examined:
    """A document with everything that was seen in it."""

    portion: Portion
    kind: str | None = None
    title: range = range(0)
    """the lines of its title"""
    signs: Sequence[Sign] = ()
    """of every cue, whether or not it is good enough to propose; of one field those first that are to be preferred"""
    chosen: Sequence[Sign] = ()
    """its number and date, or its period"""
    elements: Sequence[str] = ()
    """for which most speaks, best first"""
    topics: Sequence[tuple[Hit, bool]] = ()
    """cues that speak for elements, and whether each stands in the title"""
    unrelated: bool = False
    blank: bool = False
    links: list[tuple[str, int, Sign | None, bool]] = field(default_factory=list)
    """relations to other documents proposed together: the field, the number of the other, where it is named, and
    whether it only may be"""

    def own(self, name: str) -> str | None:
        """Its number or its date; none where it has none."""
        return next((sign.value for sign in self.chosen if sign.field == name), None)
