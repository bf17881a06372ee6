"""Exchange of practice: who is strong in a link of a block helps those whose lines break there.

Neighbours first: pairs inside each municipality, then across for those whom no neighbour can help. Each time it is an
assignment of least cost, by network simplex of NetworkX: each need goes to at most one helper, no helper takes more
than its capacity, and each further school costs a helper more than the one before, so that the load spreads. Costs are
whole numbers from `reports/study/parameters.yml`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

import networkx as nx

from vsoko_rules.study.parameters import ExchangeCosts
from vsoko_rules.study.results import Record

SCHEMA_VERSION = 1

Topic = tuple[str, str]
"""a block and a stage"""


@dataclass(frozen=True, slots=True)
class ExchangeSchool:
    """A school as the exchange sees it. `students` none: not stated."""

    id: str
    name: str
    municipality: str
    levels: frozenset[str]
    students: int | None


@dataclass(frozen=True, slots=True)
class Need:
    """A school whose lines of a block break at a stage more often than at any other; `lines` of `of` break there."""

    school: ExchangeSchool
    topic: Topic
    lines: int
    of: int


Strong = Mapping[Topic, Sequence[ExchangeSchool]]
"""schools that may help with each topic"""
Choice = tuple[int, ExchangeSchool]
"""what a pair costs, without what the load of the helper adds, and the helper"""


@dataclass(frozen=True, slots=True)
class Pair:
    """A need, who helps, and what that costs without what the load of the helper adds; none where nobody can."""

    need: Need
    helper: ExchangeSchool | None = None
    cost: int | None = None


def exchange(records: Iterable[Record], settings: ExchangeCosts) -> list[Pair]:
    """Pairs for every need, in the order of municipality, school and block."""
    schools: dict[str, ExchangeSchool] = {}
    needs: list[Need] = []
    strong: dict[Topic, list[ExchangeSchool]] = defaultdict(list)
    for record in records:
        school = school_of(record)
        if schools.setdefault(school.id, school) is not school:
            continue
        for block in record["blocks"]:
            if block["components"] and block["reviewed"]:
                needs += _needs(school, block)
                for stage in _strong(block):
                    strong[block["id"], stage].append(school)
    needs.sort(key=lambda n: (n.school.municipality, n.school.id, n.topic))
    return _neighbours_first(needs, strong, settings)


def _neighbours_first(needs: Sequence[Need], strong: Strong, settings: ExchangeCosts) -> list[Pair]:
    """Each municipality by itself, then what is left, over all of them."""
    load: Counter[str] = Counter()
    chosen: dict[Need, Choice] = {}
    near: dict[tuple[Topic, str], list[ExchangeSchool]] = defaultdict(list)
    for topic, helpers in strong.items():
        for helper in helpers:
            near[topic, helper.municipality].append(helper)
    for municipality, own in groupby(needs, lambda n: n.school.municipality):
        around = {topic: near.get((topic, municipality), []) for topic in strong}
        _take(list(own), around, load, chosen, settings)
    left = sorted((n for n in needs if n not in chosen), key=lambda n: Fraction(-n.lines, n.of))
    for begin in range(0, len(left), settings.at_once):
        _take(left[begin : begin + settings.at_once], strong, load, chosen, settings)
    return [Pair(need, chosen[need][1], chosen[need][0]) if need in chosen else Pair(need) for need in needs]


def _take(
    needs: Sequence[Need],
    strong: Strong,
    load: Counter[str],
    chosen: dict[Need, Choice],
    settings: ExchangeCosts,
) -> None:
    """Assign helpers to `needs` and enter them into `load` and `chosen`."""
    for need, choice in zip(needs, assign(needs, strong, load, settings), strict=True):
        if choice is not None:
            chosen[need] = choice
            load[choice[1].id] += 1


def school_of(record: Record) -> ExchangeSchool:
    school = record["school"]
    students = school.get("counts", {}).get("students")
    return ExchangeSchool(school["id"], school["name"], school["municipality"], frozenset(school["levels"]), students)


def _needs(school: ExchangeSchool, block: Record) -> list[Need]:
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


def as_data(pairs: Sequence[Pair], settings: ExchangeCosts) -> dict[str, Any]:
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
        "block": need.topic[0],
        "stage": need.topic[1],
        "lines": need.lines,
        "of": need.of,
        "helper": None if helper is None else _named(helper),
        "same_municipality": helper is not None and helper.municipality == need.school.municipality,
        "cost": pair.cost,
    }


def _named(school: ExchangeSchool) -> dict[str, Any]:
    return {
        "id": school.id,
        "name": school.name,
        "municipality": school.municipality,
        "levels": sorted(school.levels),
        "students": school.students,
    }


def assign(
    needs: Sequence[Need], strong: Strong, load: Mapping[str, int], settings: ExchangeCosts
) -> list[Choice | None]:
    """For each need the helper chosen among `strong`, or none. `load`: how many schools each helps already."""
    free: dict[Topic, list[ExchangeSchool]] = {}
    for topic in {need.topic for need in needs}:
        free[topic] = [h for h in strong.get(topic, ()) if load.get(h.id, 0) < settings.capacity]
    options = [_candidates(n, need, free[need.topic], settings) for n, need in enumerate(needs)]
    served = [n for n, choices in enumerate(options) if choices]
    if not served:
        return [None] * len(needs)
    _, flow = nx.network_simplex(_graph({n: options[n] for n in served}, load, settings))
    return [
        next(((c, h) for c, h in choices if flow[n].get(("helper", h.id), {}).get(0)), None)
        for n, choices in enumerate(options)
    ]


def _graph(options: Mapping[int, Sequence[Choice]], load: Mapping[str, int], settings: ExchangeCosts) -> Any:
    """A unit of flow from each need to the sink: through a helper, or straight, which costs most."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    graph.add_node("sink", demand=len(options))
    for n, choices in options.items():
        graph.add_node(n, demand=-1)
        graph.add_edge(n, "sink", capacity=1, weight=settings.unserved)
        for cost, helper in choices:
            graph.add_edge(n, ("helper", helper.id), capacity=1, weight=cost)
    for helper_id in sorted({helper.id for choices in options.values() for _, helper in choices}):
        for taken in range(load.get(helper_id, 0), settings.capacity):
            graph.add_edge(("helper", helper_id), "sink", capacity=1, weight=taken * settings.load_step)
    return graph


def _candidates(number: int, need: Need, helpers: Sequence[ExchangeSchool], settings: ExchangeCosts) -> list[Choice]:
    """The helpers that cost least. Among equals each need starts at another place of the list, so that they spread."""
    ranked = []
    for place, helper in enumerate(helpers):
        if helper.id != need.school.id:
            turn = (place - number * settings.capacity) % len(helpers)
            ranked.append((cost(need.school, helper, settings), turn, helper))
    ranked.sort(key=lambda ranking: ranking[:2])
    return [(price, helper) for price, _, helper in ranked[: settings.candidates]]


def cost(needy: ExchangeSchool, helper: ExchangeSchool, settings: ExchangeCosts) -> int:
    """What a pair costs: another municipality, levels of education that the helper lacks, another size."""
    same = needy.municipality == helper.municipality
    place = settings.same_municipality if same else settings.other_municipality
    return place + len(needy.levels - helper.levels) * settings.level_missing + _size(needy, helper, settings)


def _size(needy: ExchangeSchool, helper: ExchangeSchool, settings: ExchangeCosts) -> int:
    """A step for each time the larger school is larger by the ratio; the most where a size is not stated."""
    if not needy.students or not helper.students:
        return settings.size_most
    small, large = sorted((needy.students, helper.students))
    ratio = Fraction(settings.size_percent, 100)
    reached, costs = small * ratio, 0
    while reached <= large and costs < settings.size_most and settings.size_step:
        reached, costs = reached * ratio, costs + settings.size_step
    return min(settings.size_most, costs)
