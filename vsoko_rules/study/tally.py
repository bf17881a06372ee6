"""Counting results: what is true of many schools, without holding any of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from sys import intern
from typing import Any, Final

Record = Mapping[str, Any]
"""the result of one school, as it stands in the results file"""

_NOT_BROKEN: Final = ("not_applicable", "not_checked")


@dataclass
class BlockTally:
    """One block over many schools. Lines are counted, not schools, except in `schools`."""

    lines: int = 0
    held: int = 0
    unchecked: int = 0
    breaks: Counter[str] = field(default_factory=Counter)
    """by stage: lines that break there first"""
    schools: Counter[str] = field(default_factory=Counter)
    """by stage: schools of which at least one line breaks there first"""
    applicable: int = 0
    """schools to which the block applies"""
    levels: Counter[str] = field(default_factory=Counter)

    def add(self, block: Record) -> None:
        """Count one school's block."""
        counted = [line for line in block["lines"] if line["outcome"] != "not_applicable"]
        self.applicable += bool(counted)
        if counted and block["level"] is not None:
            self.levels[block["level"]["id"]] += 1
        self.lines += len(counted)
        self.held += sum(line["complete"] for line in counted)
        self.unchecked += sum(not line["complete"] and line["outcome"] == "not_checked" for line in counted)
        broken = Counter(_broken(block))
        self.breaks.update(broken)
        self.schools.update(broken.keys())

    def merge(self, other: BlockTally) -> None:
        """Count everything that `other` counted."""
        self.lines += other.lines
        self.held += other.held
        self.unchecked += other.unchecked
        self.applicable += other.applicable
        self.breaks.update(other.breaks)
        self.schools.update(other.schools)
        self.levels.update(other.levels)


@dataclass
class Counts:
    """The least that is said of a group of schools. Scores count schools by percent, none where nothing applies."""

    schools: int = 0
    levels: Counter[str | None] = field(default_factory=Counter)
    uncertain: int = 0
    """schools whose level may still change when the rest is checked"""
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
        for score, counter in (("cycle", self.cycle), ("indicators", self.indicators)):
            if record[score]["max"]:
                counter[_percent(record[score]["points"], record[score]["max"])] += 1
        self.breaks.update(stage for block in record["blocks"] for stage in _broken(block))

    def merge(self, other: Counts) -> None:
        """Count everything that `other` counted."""
        self.schools += other.schools
        self.levels.update(other.levels)
        self.uncertain += other.uncertain
        self.cycle.update(other.cycle)
        self.indicators.update(other.indicators)
        self.breaks.update(other.breaks)


@dataclass
class Tally(Counts):
    """A group of schools, counted in detail."""

    blocks: dict[str, BlockTally] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    """by kind of break: lines"""
    lacking: Counter[str] = field(default_factory=Counter)
    """by requirement: schools where a document misses it"""
    findings: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """by kind, element or rule, and severity: schools"""

    def add(self, record: Record) -> None:
        """Count one school."""
        super().add(record)
        for block in record["blocks"]:
            self.blocks.setdefault(intern(block["id"]), BlockTally()).add(block)
            self.kinds.update(intern(line["break"]["kind"]) for line in _open(block))
        self.lacking.update({r for block in record["blocks"] for r in _lacks(block)})
        found = [*record["findings"], *(f for block in record["blocks"] for f in block["findings"])]
        self.findings.update(set(map(_finding, found)))

    def merge(self, other: Counts) -> None:
        """Count everything that `other` counted."""
        super().merge(other)
        if isinstance(other, Tally):
            for name, block in other.blocks.items():
                self.blocks.setdefault(name, BlockTally()).merge(block)
            self.kinds.update(other.kinds)
            self.lacking.update(other.lacking)
            self.findings.update(other.findings)


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
    return Fraction(points) * 100 / Fraction(most)


def _finding(finding: Record) -> tuple[str, str, str]:
    """What is alike in the findings of different schools: not their documents."""
    return intern(finding["kind"]), intern(finding["rule"] or finding["element"] or ""), intern(finding["severity"])


def quantile(values: Mapping[Fraction, int], share: Fraction) -> Fraction | None:
    """The smallest value that at least `share` (0…1) of the observations do not exceed: always an observed value.

    (R. J. Hyndman, Y. Fan, «Sample quantiles in statistical packages», 1996, definition 1.)
    """
    wanted, passed = share * sum(values.values()), 0
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
