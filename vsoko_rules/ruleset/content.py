"""The file of a ruleset: which entries it may hold, how a school is scored, what is taken or left of a parent."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal

from pydantic import Field

from vsoko_rules.reading.scalars import Code, Flag, Number, Positive, Share, Text, Whole
from vsoko_rules.reading.validation import Model
from vsoko_rules.ruleset.model import (
    Addressee,
    Advice,
    Block,
    Citation,
    Condition,
    Count,
    Element,
    FindingGrade,
    Kind,
    Provenance,
    RemarkKind,
    Stage,
)
from vsoko_rules.ruleset.requirements import Requirement, Rule
from vsoko_rules.ruleset.school_year import CycleDate, YearStart
from vsoko_rules.ruleset.text_quality import TextQuality

ScoreName = Literal["cycle", "indicators"]
"""the two scores, side by side and never blended"""

Part = Annotated[Number, Field(ge=0, le=1)]
"""A part of one line."""


class Thresholds(Model):
    """What a level asks of a score. All of it must hold."""

    at_least: Share
    """percent of the maximum, over all blocks"""
    each_block: Share = Decimal(0)
    """percent of the maximum that every assessed block must reach"""
    needs: tuple[Code, ...] = ()
    """elements that must be there, whatever the score"""
    every_block: Flag = False
    """true: not held while an expert's decisions leave nothing of a block"""


class Level(Provenance, Thresholds):
    """A level of the verdict, held when everything it asks is there. Listed best first; the last asks nothing."""

    id: Code
    title: Text
    plural: Text
    by_indicators: Thresholds | None = None
    """what it asks where indicators decide; none: the same"""

    def thresholds(self, by: ScoreName) -> Thresholds:
        """What the level asks of one of the two scores."""
        return self.by_indicators if by == "indicators" and self.by_indicators is not None else self


Natural = Annotated[Whole, Field(ge=0)]
"""A whole number from 0 up: points, persons."""


class CycleScoring(Provenance):
    """The cycle score: what one line is worth, from 0 to 1."""

    complete: Annotated[Number, Field(gt=0, le=1)]
    """a complete line"""
    remarked: Part
    """a complete line with remarks"""
    broken: Part
    """a broken line, had it every stage linked: of this the share of stages in its longest linked run counts"""
    scattered: Part
    """what a stage that has a document outside the longest run adds, as part of a stage inside it"""
    apart: tuple[Code, ...] = ()
    """stages that are reported beside the score and never added to it"""


class Direction(str, Enum):
    """What a measured value is held against."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    GROWTH = "growth"
    """above the value of the year before"""
    DECLINE = "decline"
    """below the value of the year before"""


class MeasuredWay(Model):
    """An indicator is earned by a measured value."""

    direction: Direction
    target: Annotated[Number, Field(decimal_places=3)] | None = None
    """in the indicator's unit; none: the target that the school has set itself"""


class Ways(Model):
    """How an indicator is earned: by one of these ways, or with `needs: all` only by all of them together."""

    element: Code | None = None
    """a document is credited for this element"""
    value: MeasuredWay | None = None
    mark: Flag = False
    """the expert marks it, with a comment and documents"""
    needs: Literal["any", "all"] = "any"

    @property
    def names(self) -> tuple[str, ...]:
        """The ways that are given, by name."""
        given = {"element": self.element is not None, "value": self.value is not None, "mark": self.mark}
        return tuple(name for name, there in given.items() if there)


class IndicatorVariant(Model):
    """What the example of an indicator becomes in a school that meets `when`."""

    when: Condition
    example: Text


class Indicator(Provenance):
    """A row of a region's list."""

    id: Code
    aliases: tuple[Code, ...] = ()
    block: Code
    stage: Code
    title: Text
    unit: Text | None = None
    data_sources: tuple[Text, ...] = ()
    applies: Condition = Condition()
    earned: Ways
    max: Positive = Decimal(1)
    """points for an earned indicator; a mark may give any part of them"""
    example: Text | None = None
    variants: tuple[IndicatorVariant, ...] = ()


class IndicatorScoring(Provenance):
    """The indicator score: a share per direction."""

    formula: Text


class Samples(Provenance):
    """How many pupils a conclusion needs (persons)."""

    informative: Natural
    """from here a distribution is informative"""
    approximate: Natural
    """from here it is approximate; below it a value that misses its target is not held against the school"""
    group: Natural
    """the smallest group of which a conclusion may be drawn"""


AtLeastTwo = Annotated[Whole, Field(ge=2)]
Percent = Annotated[Whole, Field(ge=50, le=100)]


class FormalLimits(Provenance):
    """From how many documents on it is odd that they share what each of them should have for itself."""

    same_address: AtLeastTwo
    """different documents at one address, that are neither annexes nor parts of one another"""
    same_number: AtLeastTwo
    """documents of one kind and number, each with another date"""
    same_date: AtLeastTwo
    """so many dated documents a school must have before anything is said of their dates …"""
    same_date_share: Percent
    """… and so many percent of them are of one day"""


class Exclusion(Model):
    """An entry of the parent ruleset that this one leaves out, and why."""

    id: Code
    reason: Text


class Selection(Model):
    """Of a list of the parent ruleset only these entries are taken, and why."""

    part: Literal["indicators"]
    ids: tuple[Code, ...]
    reason: Text


class RulesetFile(Model):
    """One YAML file of a ruleset. A ruleset is a folder: `ruleset.yml` and any further files, read together."""

    id: Code | None = None
    version: Text | None = None
    title: Text | None = None
    about: Text | None = None
    extends: Code | None = None
    abstract: Flag = False
    """true for a ruleset that is only a ground for others and scores nothing by itself"""
    label: Text | None = None
    """shown wherever the ruleset is shown"""
    stages: tuple[Stage, ...] = ()
    blocks: tuple[Block, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    addressees: tuple[Addressee, ...] = ()
    mended_by: Code | None = None
    """the addressee who acts on what is missing or wrong, unless a stage names another"""
    counts: tuple[Count, ...] = ()
    kinds: tuple[Kind, ...] = ()
    remarks: tuple[RemarkKind, ...] = ()
    elements: tuple[Element, ...] = ()
    rules: tuple[Rule, ...] = ()
    advice: tuple[Advice, ...] = ()
    findings: tuple[FindingGrade, ...] = ()
    cycle: CycleScoring | None = None
    indicators: tuple[Indicator, ...] = ()
    indicator_counts: dict[Code, Whole] = Field(default_factory=dict)
    """how many indicators the list has for each block; a ruleset with other numbers does not load"""
    indicator_scoring: IndicatorScoring | None = None
    year: YearStart | None = None
    """when the documents of a school year begin"""
    calendar: tuple[CycleDate, ...] = ()
    """by when the documents of each stage are issued"""
    step_over: tuple[Exclusion, ...] = ()
    """elements that this ruleset does not ask for: the lines step over their stage"""
    samples: Samples | None = None
    formal: FormalLimits | None = None
    text_quality: TextQuality | None = None
    """from which numbers on the text of a file that was sent cannot be trusted"""
    verdict_by: Literal["cycle", "indicators"] = "cycle"
    """which of the two scores gives the level; both are always shown, never blended"""
    levels: tuple[Level, ...] = ()
    sources: tuple[Citation, ...] = ()
    replaces: tuple[Literal["indicators", "levels"], ...] = ()
    """lists of the parent that are not inherited at all"""
    exclude: tuple[Exclusion, ...] = ()
    select: tuple[Selection, ...] = ()
