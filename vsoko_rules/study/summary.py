"""From the results of a study to its summary: region, districts, schools; the open version names no school."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vsoko_rules import __version__
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.study.figures import (
    SCORES,
    BlockCounts,
    DetailedCounts,
    SchoolCounts,
    commonest,
    merge,
    portion,
    portions,
    score,
    spreads,
    weakest,
)
from vsoko_rules.study.parameters import OpenVersion, parameters
from vsoko_rules.study.results import Record, about, records

SCHEMA_VERSION = 1

Titles = Mapping[str, Any]
"""what a ruleset calls things (see `pages.ruleset_words`)"""


@dataclass
class _Group:
    """The schools of one year under one ruleset."""

    titles: Titles
    year: int
    region: DetailedCounts = field(default_factory=DetailedCounts)
    districts: dict[str, SchoolCounts] = field(default_factory=dict)
    """in detail as long as there are not too many schools"""
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """by school: the file that is counted"""
    repeated: list[dict[str, str]] = field(default_factory=list)

    def add(self, record: Record) -> None:
        school, file = record["school"], record["case"]["file"]
        counted = self.files.setdefault(school["id"], file)
        if counted != file:
            self.repeated.append({"school": school["id"], "counted": counted, "left_out": file})
            return
        district = school["municipality"]
        self.region.add(record)
        if self.region.schools <= parameters().summary.most_schools:
            self.districts.setdefault(district, DetailedCounts()).add(record)
            self.rows.setdefault(district, []).append(_row(record))
        else:
            self._abridge()
            self.districts.setdefault(district, SchoolCounts()).add(record)

    def _abridge(self) -> None:
        """Too many schools for one document: let go of their rows, and of the details of districts."""
        if self.rows:
            self.rows.clear()
            self.districts = {name: _together(SchoolCounts(), [counts]) for name, counts in self.districts.items()}


def summarize(folder: Path, open_version: OpenVersion | None = None) -> list[dict[str, Any]]:
    """Summaries of the study in `folder`: one for each ruleset and year. With `open_version` no school is named.

    A school that several files describe in one year is counted once, by the first of them, and listed as repeated.
    Raises `InputError` when there is no finished study in `folder`, or its results are damaged.
    """
    return summed(records(folder), study_titles(folder), open_version, str(folder))


def summed(
    results: Iterable[Record], titles: Mapping[str, Titles], open_version: OpenVersion | None = None, where: str = ""
) -> list[dict[str, Any]]:
    """Summaries of the results of schools, in the order in which they come; `titles` are the words of their rulesets by
    SHA-256. Raises `InputError` for a result under another ruleset; `where` says in it where the results stand."""
    groups: dict[tuple[str, int], _Group] = {}
    for record in results:
        key = (record["ruleset"]["sha256"], record["year"])
        if key[0] not in titles:
            message = "результат получен по методике, о которой итоги не говорят"
            raise InputError([Problem(Place(where), message, record["ruleset"]["id"])])
        if key not in groups:
            groups[key] = _Group(titles[key[0]], record["year"])
        groups[key].add(record)
    ordered = sorted(groups.values(), key=lambda group: (group.titles["id"], group.year))
    return [_summary(group, open_version) for group in ordered]


def study_titles(folder: Path) -> dict[str, Titles]:
    """The words of each ruleset of a study, by SHA-256. Raises `InputError` when there is no study in `folder`."""
    return {titles["sha256"]: titles for titles in about(folder)["rulesets"]}


def _row(record: Record) -> dict[str, Any]:
    school, level = record["school"], record["level"]
    return {
        "id": school["id"],
        "name": school["name"],
        "level": level["id"] if level else None,
        "certain": level is None or level["low"] == level["high"],
        **{name: score(record[name]["points"], record[name]["max"]) for name in SCORES},
        "lines_held": record["tally"]["complete"],
        "lines_remarked": record["tally"]["remarked"],
        "lines": record["tally"]["total"],
        "weakest": {b["id"]: b["weakest"] for b in record["blocks"] if b["weakest"]},
        "report": record["study"]["report"],
    }


def _summary(group: _Group, opened: OpenVersion | None) -> dict[str, Any]:
    titles, districts = group.titles, group.districts
    merged: list[str] = []
    if opened is not None:
        merged = small_districts({name: counts.schools for name, counts in districts.items()}, opened.smallest_group)
    shown = opened is None or group.region.schools >= opened.smallest_group
    listed = {name: counts for name, counts in sorted(districts.items()) if name not in merged and shown}
    hidden = [districts[name] for name in merged]
    detailed = all(isinstance(counts, DetailedCounts) for counts in hidden)
    rest = _together(DetailedCounts() if detailed else SchoolCounts(), hidden)
    return {
        "schema": SCHEMA_VERSION,
        "version": __version__,
        "ruleset": {key: titles[key] for key in ("id", "version", "sha256", "title", "label")},
        "year": group.year,
        "titles": titles,
        "score": titles["verdict_by"],
        "open": None if opened is None else opened.model_dump(mode="json"),
        "shown": shown,
        "region": _described(group.region, titles) if shown else {"schools": group.region.schools},
        "districts": [
            {"name": name, **_described(counts, titles), "rows": group.rows.get(name, []) if opened is None else []}
            for name, counts in listed.items()
        ],
        "merged": {"count": len(merged), **_described(rest, titles)} if merged and shown else None,
        "repeated": group.repeated if opened is None else [],
    }


def small_districts(sizes: Mapping[str, int], smallest: int) -> list[str]:
    """Districts that the open version shows only together.

    Those with fewer schools than `smallest`; and if these together are fewer, or only one, the next smallest with them:
    otherwise the region less the districts shown would give the hidden one away.
    """
    order = sorted(sizes, key=lambda name: (sizes[name], name))
    merged = [name for name in order if sizes[name] < smallest]
    for name in order[len(merged) :]:
        if not merged or (len(merged) > 1 and sum(sizes[m] for m in merged) >= smallest):
            break
        merged.append(name)
    return merged


def _together(whole: SchoolCounts, parts: Iterable[SchoolCounts]) -> SchoolCounts:
    for part in parts:
        merge(whole, part)
    return whole


def _described(counts: SchoolCounts, titles: Titles) -> dict[str, Any]:
    """Everything that was counted, as JSON data."""
    levels = [(level["id"], counts.levels[level["id"]]) for level in titles["levels"]]
    if counts.levels[None]:
        levels.append((None, counts.levels[None]))
    return {
        "schools": counts.schools,
        "levels": [
            {"id": level, "n": n, "of": counts.schools, "percent": percent}
            for (level, n), percent in zip(levels, portions([n for _, n in levels]), strict=True)
        ],
        "uncertain": counts.uncertain,
        **spreads(counts),
        "weakest": weakest(counts.breaks, titles["components"]),
        **(_details(counts, titles) if isinstance(counts, DetailedCounts) else {}),
    }


def _details(counts: DetailedCounts, titles: Titles) -> dict[str, Any]:
    most = parameters().summary.most_listed
    return {
        "blocks": [_block(b, counts.blocks[b], titles) for b in titles["blocks"] if b in counts.blocks],
        "kinds": dict(commonest(counts.kinds)),
        "lacking": _shared(counts.lacking, counts.schools),
        "remarks": _shared(counts.remarks, counts.schools),
        "findings": [
            {"kind": kind, "about": about, "severity": severity, "n": n, "of": counts.schools}
            for (kind, about, severity), n in commonest(counts.findings, most)
        ],
    }


def _shared(schools: Counter[str], of: int) -> list[dict[str, Any]]:
    """The commonest requirements, each with how many of the schools lack it."""
    most = parameters().summary.most_listed
    return [{"requirement": r, "n": n, "of": of, "percent": portion(n, of)} for r, n in commonest(schools, most)]


def _block(name: str, block: BlockCounts, titles: Titles) -> dict[str, Any]:
    """A block: what its lines come to, in lines and in percent of them; the percents sum to 100."""
    parts = {"held": block.held, **{stage: block.breaks[stage] for stage in titles["components"]}}
    parts["unchecked"] = block.unchecked
    return {
        "id": name,
        "schools": block.applicable,
        "lines": block.lines,
        "held": block.held,
        "remarked": block.remarked,
        "unchecked": block.unchecked,
        "breaks": {stage: block.breaks[stage] for stage in titles["components"]},
        "percent": dict(zip(parts, portions(list(parts.values())), strict=True)),
        "break_schools": {stage: block.schools[stage] for stage in titles["components"]},
        "weakest": weakest(block.breaks, titles["components"]),
    }
