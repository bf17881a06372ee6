"""The extract from the minutes of a district's meeting, from real results: counts by level, weakest stages, drafts.

Works on results as data (`check --json`), so that those of a study and those of single schools serve alike. The words
are in `reports/protocol/decisions.yml`; the layout is in `reports/docx/protocol.docx`. Each school is named once, in
the first annex; elsewhere it is the number that it has there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import vsoko_rules
from vsoko_rules.errors import InputError, Place, Problem, Remedy
from vsoko_rules.reading.yaml import read
from vsoko_rules.report.out.docx import document
from vsoko_rules.report.resolutions import Decided, resolutions
from vsoko_rules.report.school_results import (
    EXPECTED,
    Result,
    check_one_study,
    is_open,
    level_of,
    points_of,
    share_of,
)
from vsoko_rules.report.weak_stages import Weak, weak_stages
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.shares import apportioned
from vsoko_rules.words import day, percent, plural, words


class Pairing(NamedTuple):
    """A pair for the exchange of practice, by ids; no helper where no school of the study can help."""

    school: str
    block: str
    stage: str
    helper: str | None


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school of the district with its verdict."""

    number: int
    name: str
    municipality: str | None
    """where its schools begin; none if the study has but one"""
    level: str
    points: str
    indicators: str | None


@dataclass(frozen=True, slots=True)
class LevelRow:
    """How many schools have a level for certain, or none yet; the percents of all rows sum to 100."""

    title: str
    count: int
    total: int
    percent: str
    summary: str
    """the same as the minutes say it"""


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A direction of the study and its number of indicators, none where the ruleset lists none."""

    name: str
    indicators: int | None
    summary: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who shares practice in one stage of a block. Schools are numbers of the first annex."""

    block: str | None
    """where its stages begin"""
    stage: str
    pairs: tuple[str, ...]
    """each school that helps, and whom"""
    unserved: tuple[int, ...]
    """schools that nobody can help"""


@dataclass(frozen=True, slots=True)
class Protocol:
    """Everything that the extract shows."""

    municipality: str
    year: int
    start: str | None
    end: str | None
    """the window of the study, where it is known and one for all"""
    ruleset: str
    ruleset_id: str
    version: str
    label: str | None
    sha256: str
    tool: str
    count: int
    of_schools: str
    schools: tuple[SchoolRow, ...]
    blocks: tuple[BlockRow, ...]
    levels: tuple[LevelRow, ...]
    weakest: tuple[Weak, ...]
    decided: tuple[Decided, ...]
    sharing: tuple[Sharing, ...]
    """who shares practice with whom: a proposal"""
    notices: tuple[str, ...]


def protocol(
    results: Sequence[Result],
    ruleset: Ruleset,
    window: tuple[date, date] | None = None,
    pairs: Sequence[Pairing] = (),
) -> Protocol:
    """The extract for these results.

    Raises `InputError` when the results are not of one ruleset and one year.
    """
    try:
        check_one_study(results, ruleset)
        return _ProtocolWriter(results, ruleset, window, pairs).protocol()
    except (KeyError, TypeError, AttributeError) as exc:
        place = Place(", ".join(str(result["case"].get("file")) for result in results[:1]))
        raise InputError(
            [Problem(place, "итоги неполны или изменены", str(exc), EXPECTED, remedy=Remedy.ASSESS)]
        ) from exc


def protocol_file(content: Protocol, template: Path | None = None) -> bytes:
    """The extract as a Word document."""
    on = datetime(content.year, 12, 31, tzinfo=timezone.utc)
    return document(template or "protocol", {"protocol": content}, on)


class _ProtocolWriter:
    def __init__(
        self,
        results: Sequence[Result],
        ruleset: Ruleset,
        window: tuple[date, date] | None,
        pairs: Sequence[Pairing],
    ) -> None:
        self.results = sorted(results, key=lambda r: (r["school"]["municipality"], _in_order(r["school"]["name"])))
        self.numbers = {r["school"]["id"]: number for number, r in enumerate(self.results, 1)}
        self.ruleset = ruleset
        self.window = window
        self.pairs = pairs
        self.said: Any = read(shipped("reports") / "protocol" / "decisions.yml").data

    def protocol(self) -> Protocol:
        first, marked = self.results[0], self.ruleset
        weakest = weak_stages(self.results, self.ruleset)
        other = any(result["ruleset"]["sha256"] != marked.sha256 for result in self.results)
        return Protocol(
            municipality=", ".join(dict.fromkeys(r["school"]["municipality"] for r in self.results)),
            year=first["year"],
            start=day(self.window[0]) if self.window else None,
            end=day(self.window[1]) if self.window else None,
            ruleset=marked.title,
            ruleset_id=marked.id,
            version=first["ruleset"]["version"],
            label=marked.label,
            sha256=first["ruleset"]["sha256"],
            tool=vsoko_rules.__version__,
            count=len(self.results),
            of_schools=plural(len(self.results), words()["plural"]["of_school"]),
            schools=self._schools(),
            blocks=tuple(self._block(b.id, b.name) for b in marked.blocks.values() if not b.frame),
            levels=self._levels(),
            weakest=weakest,
            decided=resolutions(self.said, self._facts(), [self._stage_facts(weak) for weak in weakest]),
            sharing=tuple(self._sharing()),
            notices=(str(self.said["other_version"]),) if other else (),
        )

    def _schools(self) -> tuple[SchoolRow, ...]:
        named = [r["school"]["municipality"] for r in self.results]
        several, rows, before = len(set(named)) > 1, [], None
        for result, municipality in zip(self.results, named, strict=True):
            rows.append(self._school(result, municipality if several and municipality != before else None))
            before = municipality
        return tuple(rows)

    def _school(self, result: Result, municipality: str | None) -> SchoolRow:
        school, level, tally = result["school"], result["level"], result["tally"]
        title = level["title"] if level else words()["number"]["unscored"]
        shown = self.said["not_certain"].format(level=title) if is_open(result) else title
        has_rows = any(block["indicators"]["rows"] for block in result["blocks"])
        indicators = points_of(result["indicators"]) if has_rows else None
        share = percent(share_of(result["cycle"]))
        lines = self.said["lines"].format(complete=tally["complete"], total=tally["total"], percent=share)
        number = self.numbers[school["id"]]
        return SchoolRow(number, school["name"], municipality, shown, lines if share else "—", indicators)

    def _block(self, code: str, name: str) -> BlockRow:
        rows = sum(indicator.block == code for indicator in self.ruleset.indicators.values())
        noun = plural(rows, self.said["of_indicators"])
        return BlockRow(
            name, rows or None, self.said["direction"].format(name=name, rows=rows, noun=noun) if rows else name
        )

    def _levels(self) -> tuple[LevelRow, ...]:
        """A row for each level, and where there are such, for schools that are open and that are not scored."""
        sure = [level_of(result) for result in self.results]
        said = self.said["levels"]
        rows = [
            (x.title, said.get(x.id) or self.said["other_level"].format(title=x.title), sure.count(x.id))
            for x in self.ruleset.levels
        ]
        opened = sum(map(is_open, self.results))
        for name, count in (("open", opened), ("unscored", len(sure) - opened - sum(count for *_, count in rows))):
            if count:
                rows.append((self.said[name], self.said[name], count))
        shares = apportioned([count for *_, count in rows])
        return tuple(self._level(*row, percent(share) or "") for row, share in zip(rows, shares, strict=True))

    def _level(self, title: str, phrase: str, count: int, share: str) -> LevelRow:
        summary = self.said["some" if count else "none"].format(phrase=phrase, count=count, percent=share)
        return LevelRow(title, count, len(self.results), share, summary)

    @staticmethod
    def _stage_facts(weak: Weak) -> dict[str, Any]:
        about = {"id": weak.id, "stage": weak.stage, "points": weak.points, "percent": weak.percent}
        return {**about, "blocks": "; ".join(weak.blocks)}

    def _facts(self) -> dict[str, Any]:
        lacking: dict[str, set[int]] = {element: set() for element in self.ruleset.elements}
        for number, result in enumerate(self.results, 1):
            for item in (item for block in result["blocks"] for item in block["items"]):
                if item["outcome"] in ("missing", "partial"):
                    lacking[item["element"]].add(number)
        year, best = self.results[0]["year"], self.ruleset.levels[0].id
        return {
            "year": year,
            "next_year": year + 1,
            "count": len(self.results),
            "formed": sum(level_of(result) == best for result in self.results),
            "helped": sum(pair.helper is not None for pair in self.pairs),
            "lacking": lacking,
        }

    def _sharing(self) -> Iterator[Sharing]:
        order = {code: n for n, code in enumerate([*self.ruleset.blocks, *self.ruleset.stages])}
        pairs = sorted(self.pairs, key=lambda p: (order[p.block], order[p.stage], self.numbers[p.school]))
        for block, of_block in groupby(pairs, lambda p: p.block):
            heading: str | None = self.ruleset.blocks[block].name
            for stage, own in groupby(of_block, lambda p: p.stage):
                yield self._stage(heading, stage, list(own))
                heading = None

    def _stage(self, heading: str | None, stage: str, pairs: Sequence[Pairing]) -> Sharing:
        helped: dict[int, list[int]] = {}
        for pair in pairs:
            if pair.helper is not None:
                helped.setdefault(self.numbers[pair.helper], []).append(self.numbers[pair.school])
        said = self.said["pair"]
        told = (said.format(helper=n, helped=", ".join(map(str, schools))) for n, schools in sorted(helped.items()))
        unserved = tuple(self.numbers[pair.school] for pair in pairs if pair.helper is None)
        return Sharing(heading, self.ruleset.stages[stage].title, tuple(told), unserved)


def _in_order(name: str) -> list[tuple[int, str]]:
    """By this key «школа № 9» comes before «школа № 10»."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]
