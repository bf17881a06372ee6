"""The numbers of studies. They stand in `reports/study/parameters.yml`, each with its origin."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from vsoko_rules.errors import RulesetError
from vsoko_rules.reading.scalars import Whole
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.model import Provenance

Positive = Annotated[Whole, Field(ge=1)]
Cost = Annotated[Whole, Field(ge=0)]


class OpenVersion(Provenance):
    """The open version of a summary: the fewest schools of a group that may be shown by name."""

    smallest_group: Positive


class SummaryLimits(Provenance):
    """How a summary lists and draws: width of a column in percent, and the longest list."""

    histogram_step: Annotated[Whole, Field(ge=1, le=50)]
    most_listed: Positive
    """the longest list of frequent gaps or changes"""
    most_rows_in_word: Positive
    """longer tables stand in the workbook only: Word takes minutes to open them"""
    most_schools: Positive
    """a larger study lists none (they stand in the results file) and counts municipalities without details"""


class ExchangeCosts(Provenance):
    """What pairs of schools cost; a pair is chosen so that the sum of costs is least."""

    capacity: Positive
    """schools that one school may help"""
    candidates: Positive
    """nearest helpers that are weighed for each need"""
    at_once: Positive
    """needs that are weighed together where no neighbour can help"""
    same_municipality: Cost
    other_municipality: Cost
    level_missing: Cost
    """for each level of education that the helper does not have"""
    size_percent: Annotated[Whole, Field(ge=101)]
    """how large the larger school is, in percent of the smaller, for one step of difference; for two its square"""
    size_step: Cost
    size_most: Cost
    load_step: Cost
    """for each school that the helper helps already"""
    unserved: Cost


class AgreementSettings(Provenance):
    """How agreement is shown: confidence of intervals in percent, and how much a terminal lists."""

    confidence: Annotated[Whole, Field(ge=50, le=99)]
    most_indicators: Positive
    most_disputes: Positive


class StudyParameters(Model):
    """All of them."""

    open: OpenVersion
    summary: SummaryLimits
    exchange: ExchangeCosts
    agreement: AgreementSettings


@cache
def parameters() -> StudyParameters:
    """The shipped parameters. Raises `RulesetError` when the file was edited into something else."""
    return validated(StudyParameters, read(shipped("reports") / "study" / "parameters.yml", RulesetError), RulesetError)
