"""Counting results: what is true of many schools, without holding any of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import lru_cache
from sys import intern
from typing import Any, Final, TypeVar

from vsoko_rules.shares import apportioned, cut, rounded
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.results import Record

SCORES: Final = ("cycle", "indicators")
"""as the result of a school names them; which of them decides is said by its ruleset"""
Sortable = TypeVar("Sortable", str, tuple[str, str], tuple[str, str, str])
_FINEST: Final = 1_000_000
_NOT_BROKEN: Final = ("not_applicable", "not_checked")
_QUARTERS: Final = {
    "least": Fraction(0), "first": Fraction(1, 4), "median": Fraction(1, 2), "third": Fraction(3, 4),
    "most": Fraction(1),
}  # fmt: skip


@dataclass
class BlockCounts:
    """One block over many schools. Lines are counted, not schools, except in `schools` and `applicable`."""

    lines: int = 0
    held: int = 0
    remarked: int = 0
    """complete lines with remarks, counted in `held` too"""
    unchecked: int = 0
    breaks: Counter[str] = field(default_factory=Counter)
    """by stage: lines that break there first"""
    schools: Counter[str] = field(default_factory=Counter)
    """by stage: schools of which at least one line breaks there first"""
    applicable: int = 0
    """schools to which the block applies"""

    def add(self, block: Record) -> None:
        """Count one school's block."""
        lines = [line for line in block["lines"] if line["outcome"] != "not_applicable"]
        self.applicable += bool(lines)
        self.lines += len(lines)
        self.held += block["tally"]["complete"]
        self.remarked += block["tally"]["remarked"]
        self.unchecked += sum(not line["complete"] and line["outcome"] == "not_checked" for line in lines)
        broken = Counter(_broken(block))
        self.breaks.update(broken)
        self.schools.update(broken.keys())


@dataclass
class SchoolCounts:
    """The least that is said of a group of schools. Scores count schools by percent, none where nothing applies."""

    schools: int = 0
    levels: Counter[str | None] = field(default_factory=Counter)
    uncertain: int = 0
    """schools whose level may still change when the rest is checked"""
    held: int = 0
    """complete lines of all schools"""
    lines: int = 0
    """lines that apply to all schools"""
    complete: Counter[Fraction] = field(default_factory=Counter)
    """schools by the percent of their lines that are complete"""
    cycle: Counter[Fraction] = field(default_factory=Counter)
    indicators: Counter[Fraction] = field(default_factory=Counter)
    breaks: Counter[str] = field(default_factory=Counter)
    """by stage: lines of all blocks that break there first"""

    def add(self, record: Record) -> None:
        """Count one school."""
        self.schools += 1
        level = record["level"]
        self.levels[intern(level["id"]) if level is not None else None] += 1
        self.uncertain += level is not None and level["low"] != level["high"]
        tally = record["tally"]
        self.held, self.lines = self.held + tally["complete"], self.lines + tally["total"]
        if tally["total"]:
            self.complete[_percent(tally["complete"], tally["total"])] += 1
        for score in SCORES:
            if record[score]["max"]:
                getattr(self, score)[_percent(record[score]["points"], record[score]["max"])] += 1
        self.breaks.update(stage for block in record["blocks"] for stage in _broken(block))


@dataclass
class DetailedCounts(SchoolCounts):
    """A group of schools, counted in detail."""

    blocks: dict[str, BlockCounts] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    """by kind of break: lines"""
    lacking: Counter[str] = field(default_factory=Counter)
    """by requirement: schools where a document misses it"""
    remarks: Counter[str] = field(default_factory=Counter)
    """by requirement: schools where a document of a complete line misses it"""
    findings: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """by kind, element or rule, and severity: schools"""

    def add(self, record: Record) -> None:
        """Count one school."""
        super().add(record)
        for block in record["blocks"]:
            self.blocks.setdefault(intern(block["id"]), BlockCounts()).add(block)
            self.kinds.update(intern(line["break"]["kind"]) for line in _open(block))
        self.lacking.update({requirement for block in record["blocks"] for requirement in _lacks(block)})
        findings = [*record["findings"], *(f for block in record["blocks"] for f in block["findings"])]
        self.remarks.update({intern(r) for f in findings if f["kind"] == "remark" for r in f["lacks"]})
        self.findings.update(set(map(_kind, findings)))


def merge(whole: Any, part: Any) -> None:
    """Count in `whole` everything that `part` counted, field by field; fields that `part` lacks stay as they are."""
    for name in (each.name for each in fields(whole) if hasattr(part, each.name)):
        value = getattr(part, name)
        if isinstance(value, Counter):
            getattr(whole, name).update(value)
        elif isinstance(value, dict):
            for block, counts in value.items():
                merge(whole.blocks.setdefault(block, BlockCounts()), counts)
        else:
            setattr(whole, name, getattr(whole, name) + value)


def _broken(block: Record) -> Iterator[str]:
    """The stage where each broken line of a block breaks first."""
    for line in block["lines"]:
        if line["break"] is not None and not line["complete"] and line["outcome"] not in _NOT_BROKEN:
            yield intern(line["break"]["stage"])


def _open(block: Record) -> Iterator[Record]:
    return (x for x in block["lines"] if x["break"] is not None and x["outcome"] in ("partial", "missing"))


def _lacks(block: Record) -> Iterator[str]:
    """Requirements that the nearest documents of a block miss."""
    for line in _open(block):
        yield from map(intern, line["break"]["lacks"])
    for item in block["items"]:
        if item["outcome"] == "partial":
            yield from map(intern, next(iter(item["lacks"].values()), ()))


@lru_cache(maxsize=4096)
def _percent(points: str | int | float, most: str | int | float) -> Fraction:
    return exact(points) * 100 / exact(most)


def exact(value: str | int | float) -> Fraction:
    """The fraction that a number of a result stands for: results are written as decimals."""
    return Fraction(value).limit_denominator(_FINEST)


def _kind(finding: Record) -> tuple[str, str, str]:
    """What is alike in the findings of different schools: not their documents."""
    return intern(finding["kind"]), intern(finding["rule"] or finding["element"] or ""), intern(finding["severity"])


def score(points: str | int | float, most: str | int | float) -> float | None:
    """The percent of a school's score, cut: it is held against thresholds. None where nothing applies."""
    return float(cut(_percent(points, most))) if most else None


def portion(part: int, whole: int) -> float | None:
    """A share in statistics that stands alone, rounded; none of nothing."""
    share = rounded(part, whole)
    return None if share is None else float(share)


def portions(parts: Sequence[int]) -> list[float]:
    """The shares of the parts of a whole, summing to 100."""
    return [float(share) for share in apportioned(parts)]


def spreads(counts: SchoolCounts) -> dict[str, Any]:
    """Complete lines of all schools, and how the shares of them and both scores spread."""
    return {
        "held": counts.held,
        "lines": counts.lines,
        "complete": spread(counts.complete),
        "cycle": spread(counts.cycle),
        "indicators": spread(counts.indicators),
    }


def spread(values: Mapping[Fraction, int]) -> dict[str, Any] | None:
    """How a score spreads over schools: five observed values, cut as the scores themselves, and columns of a histogram,
    never one average."""
    if not values:
        return None
    points = {name: quantile(values, at) for name, at in _QUARTERS.items()}
    step = parameters().summary.histogram_step
    return {
        "n": sum(values.values()),
        **{name: None if value is None else float(cut(value)) for name, value in points.items()},
        "step": step,
        "columns": histogram(values, step),
    }


def quantile(values: Mapping[Fraction, int], at: Fraction) -> Fraction | None:
    """The smallest value that at least the share `at` (0…1) of the observations do not exceed: always an observed one.

    (R. J. Hyndman, Y. Fan, «Sample quantiles in statistical packages», 1996, definition 1.)
    """
    wanted, passed = at * sum(values.values()), 0
    for value in sorted(values):
        passed += values[value]
        if passed >= wanted and passed:
            return value
    return None


def histogram(values: Mapping[Fraction, int], step: int) -> list[int]:
    """How many observations fall into each `step` percent; the last column includes 100."""
    columns = [0] * -(-100 // step)
    for value, number in values.items():
        columns[min(int(value // step), len(columns) - 1)] += number
    return columns


def weakest(breaks: Mapping[str, int], components: Sequence[str]) -> str | None:
    """The stage where most lines break first; of equals the earlier; none where all hold."""
    return max(components, key=lambda stage: breaks.get(stage, 0)) if any(breaks.values()) else None


def commonest(counter: Counter[Sortable], most: int | None = None) -> list[tuple[Sortable, int]]:
    """The `most` commonest, of equals in their order."""
    return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
