"""The file of a ruleset: which entries it may hold, and what it takes or leaves of its parent."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vsoko_rules.reading.scalars import Code, Flag, Text, Whole
from vsoko_rules.reading.validation import Model
from vsoko_rules.ruleset.model import (
    Addressee,
    Advice,
    Block,
    Count,
    Element,
    FindingGrade,
    Kind,
    Remark,
    Requirement,
    Rule,
    Source,
    Stage,
    YearStart,
)
from vsoko_rules.ruleset.scales import CycleScoring, Indicator, IndicatorScoring, Level, Samples


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
    counts: tuple[Count, ...] = ()
    kinds: tuple[Kind, ...] = ()
    remarks: tuple[Remark, ...] = ()
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
    step_over: tuple[Exclusion, ...] = ()
    """elements that this ruleset does not ask for: the lines step over their stage"""
    samples: Samples | None = None
    verdict_by: Literal["cycle", "indicators"] = "cycle"
    """which of the two scores gives the level; both are always shown, never blended"""
    levels: tuple[Level, ...] = ()
    sources: tuple[Source, ...] = ()
    replaces: tuple[Literal["indicators", "levels"], ...] = ()
    """lists of the parent that are not inherited at all"""
    exclude: tuple[Exclusion, ...] = ()
    select: tuple[Selection, ...] = ()
