"""Counting results: what is true of many schools, without holding any of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Record = Mapping[str, Any]
"""the result of one school, as it stands in the results file"""


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
        stages = set()
        for line in counted:
            self.lines += 1
            if line["complete"]:
                self.held += 1
            elif line["outcome"] == "not_checked":
                self.unchecked += 1
            elif line["break"] is not None:
                self.breaks[line["break"]["stage"]] += 1
                stages.add(line["break"]["stage"])
        self.schools.update(stages)


@dataclass
class Tally:
    """Many schools counted. `cycle` and `indicators` count schools by percent, none where nothing applies."""

    schools: int = 0
    levels: Counter[str | None] = field(default_factory=Counter)
    uncertain: int = 0
    """schools whose level may still change when the rest is checked"""
    cycle: Counter[Fraction] = field(default_factory=Counter)
    indicators: Counter[Fraction] = field(default_factory=Counter)
    blocks: dict[str, BlockTally] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    """by kind of break: lines"""
    lacking: Counter[str] = field(default_factory=Counter)
    """by requirement: schools where a document misses it"""
    findings: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """by kind, element or rule, and severity: schools"""

    def add(self, record: Record) -> None:
        """Count one school."""
        self.schools += 1
        level = record["level"]
        self.levels[level["id"] if level is not None else None] += 1
        self.uncertain += level is not None and level["low"] != level["high"]
        for score, counter in (("cycle", self.cycle), ("indicators", self.indicators)):
            if record[score]["max"]:
                counter[_percent(record[score])] += 1
        lacks: set[str] = set()
        found: set[tuple[str, str, str]] = set()
        for block in record["blocks"]:
            self.blocks.setdefault(block["id"], BlockTally()).add(block)
            lacks.update(self._block(block))
            found.update(map(_finding, block["findings"]))
        found.update(map(_finding, record["findings"]))
        self.lacking.update(lacks)
        self.findings.update(found)

    def _block(self, block: Record) -> set[str]:
        """Count kinds of breaks; returns the requirements that the nearest documents of the block miss."""
        lacks: set[str] = set()
        for line in block["lines"]:
            if line["break"] is not None and line["outcome"] in ("partial", "missing"):
                self.kinds[line["break"]["kind"]] += 1
                lacks.update(line["break"]["lacks"])
        for item in block["items"]:
            if item["outcome"] == "partial":
                lacks.update(next(iter(item["lacks"].values()), ()))
        return lacks


def _percent(score: Record) -> Fraction:
    return Fraction(score["points"]) * 100 / Fraction(score["max"])


def _finding(finding: Record) -> tuple[str, str, str]:
    """What is alike in the findings of different schools: not their documents."""
    return finding["kind"], finding["rule"] or finding["element"] or "", finding["severity"]


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


def weakest(blocks: Mapping[str, BlockTally], components: Sequence[str]) -> str | None:
    """The stage where most lines break first; of equals the earlier; none where all hold."""
    breaks = sum((b.breaks for b in blocks.values()), Counter[str]())
    return max(components, key=lambda stage: breaks[stage]) if breaks else None
