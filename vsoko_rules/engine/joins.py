"""Hash joins: the facts of one case as rules look them up, and the steps that make matches longer or fewer."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from vsoko_rules.engine.language import Bindings, Fact, Facts, Filled, Index, key_of

Match = tuple[Any, ...]
"""the constants of a rule, then the facts matched so far, one behind the other"""

Take = Callable[[Any], Any]
"""takes values out of a match or a fact; see `key_of`"""

Step = Callable[["Known", Iterable[Match]], Iterable[Match]]
"""from matches to longer ones, or to those of them that satisfy a condition"""


class Known:
    """The changing state of one case. Indexes and sets are made when a way first looks into them: most rules have
    nothing to look at in most cases."""

    def __init__(self, filled: Mapping[str, Filled], facts: Facts) -> None:
        self.filled = filled
        self.given = facts.given
        self.facts: dict[str, list[Fact]] = {}
        """what the case states and what is concluded and no longer new, by relation"""
        for relation, stated in groupby(facts.stated, operator.itemgetter(0)):
            self.facts[relation] = list(stated)
        self.fresh: dict[str, list[Fact]] = {}
        """concluded and not yet among the facts, by relation"""
        self.firings: dict[int, set[Bindings]] = {}
        self._indexes: dict[tuple[str, tuple[int, ...]], Index] = {}
        self._grown: dict[str, list[tuple[Index, Take]]] = {}
        """by relation the indexes that have to grow with it"""
        self._members: dict[str, set[Fact]] = {}

    def index(self, relation: str, columns: tuple[int, ...]) -> Index:
        """The facts of a relation by their values at `columns`."""
        index = self._indexes.get((relation, columns))
        if index is None:
            if self.filled[relation] is Filled.RULESET:
                index = self.given.index(relation, columns)
            else:
                index, key = defaultdict(list), key_of(columns)
                _extend(index, key, self.facts.get(relation, ()))
                self._grown.setdefault(relation, []).append((index, key))
            self._indexes[relation, columns] = index
        return index

    def members(self, relation: str) -> set[Fact] | frozenset[Fact]:
        """All facts of a relation, those included that are new."""
        if self.filled[relation] is Filled.RULESET:
            return self.given.members(relation)
        return self.concluded(relation)

    def concluded(self, relation: str) -> set[Fact]:
        """As `members`, for a relation that rules or the case fill."""
        members = self._members.get(relation)
        if members is None:
            members = self._members[relation] = set(self.facts.get(relation, ()))
        return members

    def has(self, relation: str) -> bool:
        """Whether there is any fact of a relation."""
        return relation in self.facts or relation in self.given.facts

    def conclude(self, rule: int, bindings: Iterable[Bindings], relation: str, facts: Iterable[Fact]) -> None:
        """A rule fired under `bindings`; `facts` of a relation follow, known ones among them."""
        self.firings.setdefault(rule, set()).update(bindings)
        known = self.concluded(relation)
        new = set(facts) - known
        known |= new
        self.fresh.setdefault(relation, []).extend(new)

    def insert(self, relation: str, facts: Sequence[Fact]) -> None:
        """What was new is looked up from now on."""
        self.facts.setdefault(relation, []).extend(facts)
        for index, key in self._grown.get(relation, ()):
            _extend(index, key, facts)


def _extend(index: Index, key: Take, facts: Sequence[Fact]) -> None:
    for fact in facts:
        index[key(fact)].append(fact)


def join(relation: str, columns: tuple[int, ...], key: Take) -> Step:
    """Each match with every fact of `relation` that has at `columns` what `key` takes out of the match."""

    def joined(known: Known, matches: Iterable[Match]) -> Iterator[Match]:
        rows = known.index(relation, columns).get
        return (match + fact for match in matches for fact in rows(key(match), ()))

    return joined


def exists(relation: str, whole: Take) -> Step:
    """The matches for which there is the fact that `whole` makes of them."""

    def existing(known: Known, matches: Iterable[Match]) -> Iterator[Match]:
        there = known.members(relation)
        return (match for match in matches if whole(match) in there)

    return existing


def compare(holds: Callable[[Any, Any], bool], left: int, right: int) -> Step:
    """The matches of which two values compare so."""

    def compared(_: Known, matches: Iterable[Match]) -> Iterator[Match]:
        return (match for match in matches if holds(match[left], match[right]))

    return compared


def universal(
    over: str, columns: tuple[int, ...], key: Take, alike: Sequence[tuple[int, int]], has: str, whole: Take
) -> Step:
    """The matches for which, of each row of `over` found as in `join`, there is the fact of `has` that `whole` makes of
    the match with the row. Rows that differ in two places of `alike` are not asked."""

    def settled(known: Known, matches: Iterable[Match]) -> Iterator[Match]:
        rows, there = known.index(over, columns).get, known.members(has)
        for match in matches:
            for row in rows(key(match), ()):
                longer = match + row
                if whole(longer) not in there and all(longer[one] == longer[other] for one, other in alike):
                    break
            else:
                yield match

    return settled
