"""Exchange of practice: who is strong in a link of a block helps those whose lines break there.

Neighbours first: pairs inside each municipality, then across for those whom no neighbour can help. Costs are whole
numbers from `reports/study/parameters.yml`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from vsoko_rules.study.assignment import Need, School, Subject, assign
from vsoko_rules.study.parameters import Exchange
from vsoko_rules.study.tally import Record

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """A need and who helps; none where nobody can. `cost` without what the load of the helper adds."""

    need: Need
    helper: School | None
    cost: int = 0


def exchange(records: Iterable[Record], settings: Exchange) -> list[Pair]:
    """Pairs for every need, in the order of municipality, school and block."""
    schools: dict[str, School] = {}
    needs: list[Need] = []
    strong: dict[Subject, list[School]] = defaultdict(list)
    for record in records:
        school = school_of(record)
        if schools.setdefault(school.id, school) is not school:
            continue
        for block in record["blocks"]:
            if block["components"] and block["reviewed"]:
                needs += _needs(school, block)
                for stage in _strong(block):
                    strong[block["id"], stage].append(school)
    needs.sort(key=lambda n: (n.school.municipality, n.school.id, n.subject))
    return _neighbours_first(needs, strong, settings)


def _neighbours_first(
    needs: Sequence[Need], strong: Mapping[Subject, Sequence[School]], settings: Exchange
) -> list[Pair]:
    """Each municipality by itself, then what is left, over all of them."""
    load: Counter[str] = Counter()
    chosen: dict[Need, tuple[int, School]] = {}
    near: dict[tuple[Subject, str], list[School]] = defaultdict(list)
    for subject, helpers in strong.items():
        for helper in helpers:
            near[subject, helper.municipality].append(helper)
    for municipality, own in groupby(needs, lambda n: n.school.municipality):
        around = {subject: near.get((subject, municipality), []) for subject in strong}
        _take(list(own), around, load, chosen, settings)
    left = sorted((n for n in needs if n not in chosen), key=lambda n: Fraction(-n.lines, n.of))
    for begin in range(0, len(left), settings.at_once):
        _take(left[begin : begin + settings.at_once], strong, load, chosen, settings)
    return [Pair(need, chosen[need][1], chosen[need][0]) if need in chosen else Pair(need, None) for need in needs]


def _take(
    needs: Sequence[Need],
    strong: Mapping[Subject, Sequence[School]],
    load: Counter[str],
    chosen: dict[Need, tuple[int, School]],
    settings: Exchange,
) -> None:
    """Assign helpers to `needs` and enter them into `load` and `chosen`."""
    for need, found in zip(needs, assign(needs, strong, load, settings), strict=True):
        if found is not None:
            chosen[need] = found
            load[found[1].id] += 1


def school_of(record: Record) -> School:
    school = record["school"]
    students = school.get("counts", {}).get("students")
    return School(school["id"], school["name"], school["municipality"], frozenset(school["levels"]), students)


def _needs(school: School, block: Record) -> list[Need]:
    broken = [x["break"]["stage"] for x in block["lines"] if x["break"] and x["outcome"] in ("partial", "missing")]
    if block["weakest"] not in broken:
        return []
    total = sum(x["outcome"] != "not_applicable" for x in block["lines"])
    return [Need(school, (block["id"], block["weakest"]), broken.count(block["weakest"]), total)]


def _strong(block: Record) -> list[str]:
    """Stages that hold on every line, with everything before them."""
    held = []
    for component in block["components"]:
        if component["outcome"] != "met":
            break
        held.append(component["stage"])
    return held


def as_data(pairs: Sequence[Pair], settings: Exchange) -> dict[str, Any]:
    """The pairs as JSON data."""
    load: dict[str, int] = defaultdict(int)
    for pair in pairs:
        if pair.helper is not None:
            load[pair.helper.id] += 1
    return {
        "schema": SCHEMA_VERSION,
        "settings": settings.model_dump(mode="json"),
        "needs": len(pairs),
        "served": sum(p.helper is not None for p in pairs),
        "helpers": len(load),
        "most_helped": max(load.values(), default=0),
        "pairs": [_pair(pair) for pair in pairs],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    need, helper = pair.need, pair.helper
    return {
        "school": _named(need.school),
        "block": need.subject[0],
        "stage": need.subject[1],
        "lines": need.lines,
        "of": need.of,
        "helper": None if helper is None else _named(helper),
        "same_municipality": helper is not None and helper.municipality == need.school.municipality,
        "cost": None if helper is None else pair.cost,
    }


def _named(school: School) -> dict[str, Any]:
    return {
        "id": school.id,
        "name": school.name,
        "municipality": school.municipality,
        "levels": sorted(school.levels),
        "students": school.students,
    }
