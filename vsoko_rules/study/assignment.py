"""Who helps whom: an assignment of least cost, by network simplex of NetworkX.

Each need goes to at most one helper, no helper takes more than its capacity, and each further school costs a helper
more than the one before, so that the load spreads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx

from vsoko_rules.study.parameters import Exchange

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


Choice = tuple[int, School]
"""what a pair costs, without what the load of the helper adds, and the helper"""


def assign(
    needs: Sequence[Need], strong: Mapping[Subject, Sequence[School]], load: Mapping[str, int], settings: Exchange
) -> list[Choice | None]:
    """For each need the helper chosen among `strong`, or none. `load`: how many schools each helps already."""
    free: dict[Subject, list[School]] = {}
    for subject in {need.subject for need in needs}:
        free[subject] = [h for h in strong.get(subject, ()) if load.get(h.id, 0) < settings.capacity]
    options = [_candidates(n, need, free[need.subject], settings) for n, need in enumerate(needs)]
    served = [n for n, choices in enumerate(options) if choices]
    if not served:
        return [None] * len(needs)
    _, flow = nx.network_simplex(_graph({n: options[n] for n in served}, load, settings))
    return [
        next(((c, h) for c, h in choices if flow[n].get(("helper", h.id), {}).get(0)), None)
        for n, choices in enumerate(options)
    ]


def _graph(options: Mapping[int, Sequence[Choice]], load: Mapping[str, int], settings: Exchange) -> Any:
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


def _candidates(number: int, need: Need, helpers: Sequence[School], settings: Exchange) -> list[Choice]:
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
