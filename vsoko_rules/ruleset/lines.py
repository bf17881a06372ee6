"""The lines of a ruleset: every path of elements from a goal to the order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

import networkx as nx

from vsoko_rules.ruleset.content import RulesetFile


@dataclass(frozen=True, slots=True)
class LineSpec:
    """One expected path of elements, one for each component stage, from a goal to the order."""

    id: str
    block: str
    elements: tuple[str, ...]


def expected_chain(content: RulesetFile) -> nx.DiGraph[str]:
    """The digraph of elements: an edge from each element to those that follow it."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(e.id for e in content.elements)
    graph.add_edges_from((before, e.id) for e in content.elements for before in e.follows)
    return graph


def lines(content: RulesetFile, components: tuple[str, ...]) -> tuple[LineSpec, ...]:
    """Every path of elements through all component stages. The graph must be free of cycles."""
    graph = expected_chain(content)
    stage = {e.id: e.stage for e in content.elements}
    block = {e.id: e.block for e in content.elements}
    rank = {e.id: number for e, number in zip(content.elements, count(), strict=False)}
    found: list[LineSpec] = []
    taken: set[str] = set()
    for goal in (e.id for e in content.elements if components and e.stage == components[0]):
        for path in sorted(_paths(graph, goal, stage, components), key=lambda p: [rank[e] for e in p]):
            found.append(LineSpec(_line_id(path, taken), block[goal], path))
            taken.add(found[-1].id)
    return tuple(found)


def _paths(
    graph: nx.DiGraph[str], start: str, stage: Mapping[str, str], components: tuple[str, ...]
) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = [(start,)]
    for component in components[1:]:
        paths = [(*p, after) for p in paths for after in graph.successors(p[-1]) if stage[after] == component]
    return paths


def _line_id(path: tuple[str, ...], taken: set[str]) -> str:
    """The goal and as many further elements as tell the line from the others: `B4-G03-M04`."""
    suffixes = [element.split("-", 1)[-1] for element in path[1:]]
    names = ("-".join([path[0], *suffixes[:n]]) for n in range(1, len(path)))
    return next((name for name in names if name not in taken), "-".join([path[0], *suffixes]))
