"""The numbers of studies. They stand in `reports/study/parameters.yml`, each with its origin."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field, model_validator

from vsoko_rules.errors import RulesetError
from vsoko_rules.reading.scalars import Code, Number, Text, Whole
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.model import Provenance
from vsoko_rules.study.coefficients import half_up

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


class ScaleReading(Model):
    """What values from a bound on mean in words; none: from the lowest on."""

    id: Code
    at_least: Number | None = None
    title: Text


class CoefficientScale(Provenance):
    """A published scale of coefficients: what their values mean, the highest first."""

    coefficients: Annotated[tuple[Code, ...], Field(min_length=1)]
    """`kappa`, `alpha` …"""
    digits: Annotated[Whole, Field(ge=1, le=4)]
    """decimals in which the scale is published; values are rounded to them before they are read, and shown so"""
    source: Text
    summary: Text
    readings: Annotated[tuple[ScaleReading, ...], Field(min_length=2)]

    def reading(self, value: float) -> ScaleReading:
        """What a value means."""
        shown = half_up(value, self.digits)
        return next(r for r in self.readings if r.at_least is None or shown >= r.at_least)

    @model_validator(mode="after")
    def _falls(self) -> CoefficientScale:
        """Bounds fall, and the last reading has none."""
        bounds = [reading.at_least for reading in self.readings]
        known = [bound for bound in bounds[:-1] if bound is not None]
        if bounds[-1] is not None or len(known) < len(bounds) - 1 or known != sorted(set(known), reverse=True):
            raise ValueError("пороги шкалы должны убывать, у последней ступени порога нет")
        return self


class AgreementSettings(Provenance):
    """How agreement is shown: confidence of intervals in percent, how much a terminal lists, and what values mean."""

    confidence: Annotated[Whole, Field(ge=50, le=99)]
    most_indicators: Positive
    most_disputes: Positive
    scales: tuple[CoefficientScale, ...]

    def scale_of(self, coefficient: str) -> CoefficientScale | None:
        """The scale of a coefficient; none where there is none."""
        return next((scale for scale in self.scales if coefficient in scale.coefficients), None)


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
