"""Cues of intake: by which words a document shows what it is, as data of a ruleset.

They stand in the folder `cues` of a ruleset and are read only when files of a school are, or when the ruleset itself is
checked. How a phrase is written is told in `vsoko_rules.intake.cues.phrases`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from vsoko_rules.reading.scalars import Code, Flag, NotNegative, Share, Text, Whole
from vsoko_rules.reading.validation import Model
from vsoko_rules.ruleset.model import Provenance

Counted = Annotated[Whole, Field(ge=0)]

Where = Literal["any", "title", "head", "heading", "above", "end", "point", "columns"]
"""in which part of a document a cue counts: anywhere, in its title, before its substance begins, there outside points
and tables, above its title, in its last lines, at the beginning of a point, in the headings of a table whose column is
filled in"""

Zone = Literal[
    "starts", "annex", "letterhead", "titled", "ground", "foreign", "own", "approved", "closing", "blank", "period"
]
"""what a requisite cue marks: where a document begins, where an annex does, the name of the school above it, its title,
the ground of an order, what belongs to somebody else's document, the document's own number and date, those of the order
that approves it, a date at its end, a place left open, the time of which it speaks"""


class Precision(Model):
    """How often a cue was right and wrong on the documents on which it was counted."""

    right: Counted
    wrong: Counted

    @property
    def share(self) -> float:
        """Percent of what it found that was right; 0 where it found nothing."""
        found = self.right + self.wrong
        return 100 * self.right / found if found else 0


class Cue(Provenance):
    """Words by which something is recognised, with sentences that show it and sentences that only look like it."""

    id: Code
    phrases: Annotated[tuple[Text, ...], Field(min_length=1)]
    unless: tuple[Text, ...] = ()
    """phrases that make the cue void in the line in which they stand"""
    kinds: tuple[Code, ...] = ()
    """kinds of documents in which it counts; none given: in all"""
    where: Where = "any"
    examples: Annotated[tuple[Text, ...], Field(min_length=1)]
    """sentences in which it is found"""
    counter_examples: Annotated[tuple[Text, ...], Field(min_length=1)]
    """sentences that look alike, and in which it is not found"""
    measured: Precision | None = None
    """none: it only highlights"""


class KindCue(Cue):
    """By what a kind of document is recognised. What stands earlier in a document decides among equals."""

    kind: Code | None = None
    """none: a document of none of the kinds of the ruleset, so that no kind is proposed"""
    weight: NotNegative
    untitled: Flag = False
    """true: the line in which it stands is no title"""


class RequisiteCue(Cue):
    """Where the number and the date of a document stand, and where those of others do."""

    zone: Zone
    gives: tuple[Literal["number", "date"], ...] = ("number", "date")
    """what is taken of what stands in it"""
    rank: Counted = 0
    """of several that a document has, the least counts"""


class ClaimCue(Cue):
    """By what a requirement is seen to be met, or an addressee to be named."""

    requirement: Code | None = None
    addressee: Code | None = None
    over_blanks: Flag = False
    """true: it counts in a line in which a place was left open, as one to sign on is"""


class ServesCue(Cue):
    """What speaks for elements of a ruleset, or for none of them."""

    elements: tuple[Code, ...] = ()
    blocks: tuple[Code, ...] = ()
    stages: tuple[Code, ...] = ()
    unrelated: Flag = False
    """true: it speaks for a document that belongs to no element"""
    weight: NotNegative = Decimal(0)
    """how much it speaks for them where it stands in the text …"""
    in_title: NotNegative = Decimal(0)
    """… and where it stands in the title"""


_SERVED = ("elements", "blocks", "stages")


class CueThresholds(Provenance):
    """From which share of right findings (percent) on a cue proposes and does not only highlight."""

    kinds: Share
    requisites: Share
    claims: Share
    serves: Share
    related: NotNegative
    """how much must speak for an element before it is proposed; a document with less belongs to none"""
    substance: dict[Code, tuple[Code, ...]] = Field(default_factory=dict)
    """for kinds of documents, requirements of which one is enough to doubt that a document belongs to none"""


class PersonWords(Provenance):
    """By which endings a name of a person is recognised beside capital letters and initials."""

    patronymics: tuple[Text, ...]
    surnames: tuple[Text, ...]
    common: tuple[Text, ...] = ()
    """words that end so and are no names, in the forms in which they stand in a text"""


class CueFile(Model):
    """One file of the folder `cues` of a ruleset."""

    kinds: tuple[KindCue, ...] = ()
    requisites: tuple[RequisiteCue, ...] = ()
    claims: tuple[ClaimCue, ...] = ()
    serves: tuple[ServesCue, ...] = ()
    thresholds: CueThresholds | None = None
    persons: PersonWords | None = None

    def only(self, known: Mapping[str, Set[str | None]]) -> CueFile:
        """The cues that speak of `known` codes: a ruleset that leaves out an entry needs no cues of it."""
        claims = (
            c for c in self.claims if c.requirement in known["requirements"] and c.addressee in known["addressees"]
        )
        serves = []
        for cue in self.serves:
            kept = {key: tuple(c for c in getattr(cue, key) if c in known[key]) for key in _SERVED}
            if cue.unrelated or any(kept.values()):
                serves.append(cue.model_copy(update=kept) if any(kept[k] != getattr(cue, k) for k in _SERVED) else cue)
        kinds = tuple(cue for cue in self.kinds if cue.kind in known["kinds"])
        return self.model_copy(update={"kinds": kinds, "claims": tuple(claims), "serves": tuple(serves)})

    @property
    def all(self) -> tuple[Cue, ...]:
        """Every cue, list by list."""
        return (*self.kinds, *self.requisites, *self.claims, *self.serves)

    def proposes(self, cue: Cue) -> bool:
        """Whether what a cue finds is proposed, and not only highlighted."""
        if cue.measured is None or self.thresholds is None:
            return False
        return cue.measured.share >= self.threshold(cue)

    def threshold(self, cue: Cue) -> float:
        """The share of right findings (percent) that is asked of a cue."""
        asked = self.thresholds
        if asked is None:
            return 0
        lists = {KindCue: asked.kinds, RequisiteCue: asked.requisites, ClaimCue: asked.claims, ServesCue: asked.serves}
        return float(lists[type(cue)])
