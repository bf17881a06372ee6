"""The tables of a summary, as Word and Excel show them. Headings stand in `reports/study/words.yml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vsoko_rules.study.pages import words

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `name` fits the tab of a workbook."""

    name: str
    head: list[str]
    rows: list[list[Cell]]
    note: str | None = None


def tables(summary: Mapping[str, Any]) -> list[Table]:
    """Every table of one summary; none of an open version of too few schools."""
    if not summary["shown"]:
        return []
    said, titles, region = words()["tables"], summary["titles"], summary["region"]
    found = [
        _table(said["levels"], [[_level(x["id"], titles), x["n"], x["percent"]] for x in region["levels"]]),
        _breaks(said["breaks"], region, titles),
        _table(said["lacking"], [[titles["requirements"].get(x["requirement"], x["requirement"]), x["n"], x["percent"]]
                                 for x in region["lacking"]]),
        _table(said["scores"], list(_scores(region))),
        _districts(summary),
    ]  # fmt: skip
    schools = list(_schools(summary))
    return [*found, _table(said["schools"], schools)] if schools else found


def _table(said: Mapping[str, Any], rows: list[list[Cell]]) -> Table:
    return Table(said["name"], list(said["head"]), rows, said.get("note"))


def _level(level: str | None, titles: Mapping[str, Any]) -> str:
    return str(next((x["title"] for x in titles["levels"] if x["id"] == level), words()["tables"]["unscored"]))


def _breaks(said: Mapping[str, Any], region: Mapping[str, Any], titles: Mapping[str, Any]) -> Table:
    stages = titles["components"]
    first, lines, held = said["head"]
    head = [first, *(titles["stages"][s]["short"] for s in stages), held, lines]
    rows: list[list[Cell]] = [
        [titles["blocks"][b["id"]], *(b["breaks"][s] for s in stages), b["held"], b["lines"]] for b in region["blocks"]
    ]
    return Table(said["name"], head, rows, said["note"])


def _scores(region: Mapping[str, Any]) -> Iterator[list[Cell]]:
    for score, name in words()["tables"]["score"].items():
        spread = region[score]
        if spread:
            yield [name, *(spread[key] for key in ("n", "least", "first", "median", "third", "most"))]


def _districts(summary: Mapping[str, Any]) -> Table:
    said, titles = words()["tables"], summary["titles"]
    levels = [level["id"] for level in titles["levels"]]
    groups = [(d["name"], d) for d in summary["districts"]]
    if summary["merged"]:
        groups.append((said["merged"].format(count=summary["merged"]["count"]), summary["merged"]))
    rows: list[list[Cell]] = []
    for name, d in groups:
        counted = {x["id"]: x["n"] for x in d["levels"]}
        weak = titles["stages"][d["weakest"]]["title"] if d["weakest"] else None
        median = d["cycle"]["median"] if d["cycle"] else None
        rows.append([name, d["schools"], *(counted[level] for level in levels), median, weak])
    own = said["districts"]
    head = [*own["head"], *(level["title"] for level in titles["levels"]), *own["tail"]]
    return Table(own["name"], head, rows)


def _schools(summary: Mapping[str, Any]) -> Iterator[list[Cell]]:
    for d in summary["districts"]:
        for row in d["rows"]:
            level = _level(row["level"], summary["titles"])
            scores = [row["cycle"], row["indicators"], row["lines_held"], row["lines"]]
            yield [d["name"], row["id"], row["name"], level, *scores]
