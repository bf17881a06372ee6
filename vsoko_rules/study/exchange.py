"""Exchange of practice: who is strong in a link of a block helps those whose lines break there.

An assignment of least cost (network simplex of NetworkX) over all blocks at once: each need goes to at most one helper,
no helper takes more than its capacity, and each further school costs a helper more than the one before, so that the
load spreads. Costs are whole numbers from `reports/study/parameters.yml`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx

from vsoko_rules.study.parameters import Exchange
from vsoko_rules.study.tally import Record

SCHEMA_VERSION = 1

Subject = tuple[str, str]
"""a block and a stage"""


@dataclass(frozen=True, slots=True)
class School:
    """A school as the exchange sees it. `students` none: not stated."""

    id: str
    name: str
    municipality: str
    levels: frozenset[str]
    students: int | None


@dataclass(frozen=True, slots=True)
class Need:
    """A school whose lines of a block break at a stage more often than at any other; `lines` of `of` break there."""

    school: School
    subject: Subject
    lines: int
    of: int


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
        school = _school(record)
        if schools.setdefault(school.id, school) is not school:
            continue
        for block in record["blocks"]:
            if block["components"] and block["reviewed"]:
                needs += _needs(school, block)
                for stage in _strong(block):
                    strong[block["id"], stage].append(school)
    needs.sort(key=lambda n: (n.school.municipality, n.school.id, n.subject))
    return _assign(needs, strong, settings)


def _school(record: Record) -> School:
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


def _assign(needs: Sequence[Need], strong: Mapping[Subject, Sequence[School]], settings: Exchange) -> list[Pair]:
    options = [_candidates(n, need, strong.get(need.subject, ()), settings) for n, need in enumerate(needs)]
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_node("sink", demand=len(needs))
    for n, choices in enumerate(options):
        graph.add_node(n, demand=-1)
        graph.add_edge(n, "sink", capacity=1, weight=settings.unserved)
        for cost, helper in choices:
            graph.add_edge(n, ("helper", helper.id), capacity=1, weight=cost)
    for helper_id in sorted({helper.id for choices in options for _, helper in choices}):
        for taken in range(settings.capacity):
            place = ("place", helper_id, taken)
            graph.add_edge(("helper", helper_id), place, capacity=1, weight=taken * settings.load_step)
            graph.add_edge(place, "sink", capacity=1, weight=0)
    if not needs:
        return []
    _, flow = nx.network_simplex(graph)
    pairs = []
    for n, need in enumerate(needs):
        chosen = next(((c, h) for c, h in options[n] if flow[n].get(("helper", h.id))), None)
        pairs.append(Pair(need, chosen[1], chosen[0]) if chosen is not None else Pair(need, None))
    return pairs


def _candidates(number: int, need: Need, helpers: Sequence[School], settings: Exchange) -> list[tuple[int, School]]:
    """The helpers that cost least. Among equals each need starts at another place of the list, so that they spread."""
    ranked = []
    for place, helper in enumerate(helpers):
        if helper.id != need.school.id:
            turn = (place - number * settings.capacity) % len(helpers)
            ranked.append((cost(need.school, helper, settings), turn, helper))
    ranked.sort(key=lambda each: each[:2])
    return [(price, helper) for price, _, helper in ranked[: settings.candidates]]


def cost(needy: School, helper: School, settings: Exchange) -> int:
    """What a pair costs: another municipality, levels of education that the helper lacks, another size."""
    same = needy.municipality == helper.municipality
    place = settings.same_municipality if same else settings.other_municipality
    return place + len(needy.levels - helper.levels) * settings.level_missing + _size(needy, helper, settings)


def _size(needy: School, helper: School, settings: Exchange) -> int:
    """A step for each time the larger school is half as large again; the most where a size is not stated."""
    if not needy.students or not helper.students:
        return settings.size_most
    small, large = sorted((needy.students, helper.students))
    steps = 0
    while small * 3 <= large * 2:
        small, steps = small * 3 // 2 + 1, steps + 1
    return min(settings.size_most, steps * settings.size_step)


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
