"""From the results of a study to its summary: region, districts, schools; the open version names no school."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from vsoko_rules import __version__
from vsoko_rules.errors import InputError, Place, Problem, Remedy
from vsoko_rules.study.batch import STUDY
from vsoko_rules.study.lines import records
from vsoko_rules.study.parameters import OpenVersion, parameters
from vsoko_rules.study.store import RESULTS
from vsoko_rules.study.tally import BlockTally, Counts, Record, Tally, histogram, quantile, weakest

SCHEMA_VERSION = 1

_QUARTERS = {"least": Fraction(0), "first": Fraction(1, 4), "median": Fraction(1, 2), "third": Fraction(3, 4)}


@dataclass
class _Round:
    """One ruleset in one year."""

    titles: Mapping[str, Any]
    year: int
    region: Tally = field(default_factory=Tally)
    districts: dict[str, Counts] = field(default_factory=dict)
    """in detail as long as there are not too many schools"""
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    repeated: list[dict[str, str]] = field(default_factory=list)

    def add(self, record: Record) -> None:
        school, file = record["school"], record["case"]["file"]
        first = self.seen.setdefault(school["id"], file)
        if first != file:
            self.repeated.append({"school": school["id"], "counted": first, "left_out": file})
            return
        district = school["municipality"]
        self.region.add(record)
        if self.region.schools <= parameters().summary.most_schools:
            self.districts.setdefault(district, Tally()).add(record)
            self.rows.setdefault(district, []).append(_row(record))
        else:
            self._abridge()
            self.districts.setdefault(district, Counts()).add(record)

    def _abridge(self) -> None:
        """Too many schools for one document: let go of their rows, and of the details of districts."""
        if self.rows:
            self.rows.clear()
            self.districts = {name: _together(Counts(), [counts]) for name, counts in self.districts.items()}


def summarize(folder: Path, open_version: OpenVersion | None = None) -> list[dict[str, Any]]:
    """Summaries of the study in `folder`: one for each ruleset and year. With `open_version` no school is named.

    A school that several files describe in one year is counted once, by the first of them, and listed as repeated.
    Raises `InputError` when there is no study in `folder`.
    """
    about = study_titles(folder)
    rounds: dict[tuple[str, int], _Round] = {}
    for record in records(folder / RESULTS):
        key = (record["ruleset"]["sha256"], record["year"])
        if key not in rounds:
            rounds[key] = _Round(about[key[0]], record["year"])
        rounds[key].add(record)
    ordered = sorted(rounds.values(), key=lambda r: (r.titles["id"], r.year))
    return [_summary(each, open_version) for each in ordered]


def study_titles(folder: Path) -> dict[str, Mapping[str, Any]]:
    """The words of each ruleset of a study, by SHA-256. Raises `InputError` when there is no study in `folder`."""
    try:
        data = json.loads((folder / STUDY).read_text(encoding="utf-8"))
        if (folder / RESULTS).is_file():
            return {each["sha256"]: each for each in data["rulesets"]}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise InputError([Problem(Place(str(folder)), "здесь нет итогов исследования", remedy=Remedy.RUN_STUDY)])


def _row(record: Record) -> dict[str, Any]:
    school, level = record["school"], record["level"]
    lines = [x for block in record["blocks"] for x in block["lines"] if x["outcome"] != "not_applicable"]
    return {
        "id": school["id"],
        "name": school["name"],
        "level": level["id"] if level else None,
        "certain": level is None or level["low"] == level["high"],
        "cycle": _cut(record["cycle"]),
        "indicators": _cut(record["indicators"]),
        "lines_held": sum(x["complete"] for x in lines),
        "lines": len(lines),
        "weakest": {b["id"]: b["weakest"] for b in record["blocks"] if b["weakest"]},
        "report": record.get("study", {}).get("report"),
    }


def _cut(score: Record) -> float | None:
    """Percent with one decimal, cut and never rounded up."""
    return share(Fraction(score["points"]), Fraction(score["max"]))


def share(part: Fraction | int, whole: Fraction | int) -> float | None:
    """Percent with one decimal, cut; none of nothing."""
    return int(Fraction(part) * 1000 / Fraction(whole)) / 10 if whole else None


def _summary(found: _Round, opened: OpenVersion | None) -> dict[str, Any]:
    titles = found.titles
    districts = found.districts
    merged: list[str] = []
    if opened is not None:
        merged = small_districts({name: c.schools for name, c in districts.items()}, opened.smallest_group)
    listed = {name: counts for name, counts in sorted(districts.items()) if name not in merged}
    hidden = [districts[name] for name in merged]
    rest = _together(Tally() if all(isinstance(each, Tally) for each in hidden) else Counts(), hidden)
    shown = opened is None or found.region.schools >= opened.smallest_group
    return {
        "schema": SCHEMA_VERSION,
        "version": __version__,
        "ruleset": {key: titles[key] for key in ("id", "version", "sha256", "title", "label")},
        "year": found.year,
        "titles": titles,
        "open": None if opened is None else opened.model_dump(mode="json"),
        "shown": shown,
        "region": _described(found.region, titles) if shown else {"schools": found.region.schools},
        "districts": [
            {"name": name, **_described(counts, titles), "rows": found.rows.get(name, []) if opened is None else []}
            for name, counts in listed.items()
        ]
        if shown
        else [],
        "merged": {"count": len(merged), **_described(rest, titles)} if merged and shown else None,
        "repeated": found.repeated if opened is None else [],
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


def _together(whole: Counts, parts: Iterable[Counts]) -> Counts:
    for part in parts:
        whole.merge(part)
    return whole


def _described(counts: Counts, titles: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that was counted, as JSON data."""
    levels = [(level["id"], counts.levels[level["id"]]) for level in titles["levels"]]
    if counts.levels[None]:
        levels.append((None, counts.levels[None]))
    return {
        "schools": counts.schools,
        "levels": [{"id": i, "n": n, "of": counts.schools, "percent": share(n, counts.schools)} for i, n in levels],
        "uncertain": counts.uncertain,
        "cycle": spread(counts.cycle),
        "indicators": spread(counts.indicators),
        "weakest": weakest(counts.breaks, titles["components"]),
        **(_details(counts, titles) if isinstance(counts, Tally) else {}),
    }


def _details(tally: Tally, titles: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "blocks": [_block(b, tally.blocks[b], titles) for b in titles["blocks"] if b in tally.blocks],
        "kinds": dict(_commonest(tally.kinds)),
        "lacking": [
            {"requirement": r, "n": n, "of": tally.schools, "percent": share(n, tally.schools)}
            for r, n in _commonest(tally.lacking)[: parameters().summary.most_listed]
        ],
        "findings": [
            {"kind": kind, "about": about, "severity": severity, "n": n, "of": tally.schools}
            for (kind, about, severity), n in _commonest(tally.findings)[: parameters().summary.most_listed]
        ],
    }


def _block(name: str, block: BlockTally, titles: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "schools": block.applicable,
        "lines": block.lines,
        "held": block.held,
        "unchecked": block.unchecked,
        "breaks": {stage: block.breaks[stage] for stage in titles["components"]},
        "break_schools": {stage: block.schools[stage] for stage in titles["components"]},
        "weakest": weakest(block.breaks, titles["components"]),
    }


Key = TypeVar("Key", str, tuple[str, str, str])


def _commonest(counter: Counter[Key]) -> list[tuple[Key, int]]:
    return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))


def spread(values: Mapping[Fraction, int]) -> dict[str, Any] | None:
    """How a score spreads over schools: five observed values and columns of a histogram, never one average."""
    if not values:
        return None
    points = {name: quantile(values, at) for name, at in (*_QUARTERS.items(), ("most", Fraction(1)))}
    step = parameters().summary.histogram_step
    return {
        "n": sum(values.values()),
        **{name: None if value is None else share(value, 100) for name, value in points.items()},
        "step": step,
        "columns": histogram(values, step),
    }
