"""What engines reason about: the facts a ruleset gives for a kind of school, and the facts a case states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vsoko_rules.engine.language import Fact, key_of

Index = dict[Any, list[Fact]]


class Given:
    """Facts of the ruleset, resolved for one kind of school. They never change while rules run, so they are indexed
    once for all schools of the kind."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        by_relation: dict[str, list[Fact]] = {}
        for fact in sorted(set(facts)):
            by_relation.setdefault(fact[0], []).append(fact)
        self.facts: Mapping[str, list[Fact]] = by_relation
        self._indexes: dict[tuple[str, tuple[int, ...]], Index] = {}

    def index(self, relation: str, columns: tuple[int, ...]) -> Index:
        """Facts of `relation` grouped by their values at `columns`."""
        found = self._indexes.get((relation, columns))
        if found is None:
            found = self._indexes[relation, columns] = {}
            key = key_of(columns)
            for fact in self.facts.get(relation, ()):
                found.setdefault(key(fact), []).append(fact)
        return found


class Facts:
    """All an engine is given for one case. `stated` is sorted and without repetition, whatever order it came in."""

    __slots__ = ("given", "stated")

    def __init__(self, given: Given, stated: Iterable[Fact]) -> None:
        self.given = given
        self.stated: tuple[Fact, ...] = tuple(sorted(set(stated)))
