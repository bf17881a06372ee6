"""The rule language: positive rules over typed relations, checked once, before any engine sees them; and the facts.

A rule joins patterns (`when`), may compare numbers (`where`), may ask that something holds for *every* row of a
relation that the ruleset itself fills, and concludes one fact (`then`). There is no negation and nothing is executed
from text, so the order of facts never matters and two engines can be held against each other.
"""

from __future__ import annotations

import operator
from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import Enum
from functools import cached_property, partial
from itertools import repeat
from typing import Any, Final, NamedTuple

Value = str | int | bool
Fact = tuple[Any, ...]
"""relation name, then one value a column, in the order of the relation's columns; see `Relation.fact`"""

MOST_PATTERNS: Final = 16
"""patterns in one rule; durable-rules takes no more (error 304)"""


class ColumnType(str, Enum):
    """Facts hold codes, whole numbers and truth values; no text that a user typed ever enters an engine."""

    CODE = "code"
    INT = "int"
    BOOL = "bool"


class Filled(str, Enum):
    """Who fills a relation."""

    RULESET = "ruleset"
    CASE = "case"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Relation:
    """A kind of fact: its columns with their types, who fills it, and where it stands in a file."""

    name: str
    filled: Filled
    columns: Mapping[str, ColumnType]
    entries: str | None = None
    """the list of the case or of the ruleset in which facts stand, each in the entry that its first column names"""
    field: str | None = None
    """the key of the entry; for what rules conclude, the field of a document that has to change"""
    row: Any = dataclass_field(init=False, repr=False, compare=False)
    """the class of the facts: a named tuple with `relation` and the columns"""
    fact: Callable[..., Any] = dataclass_field(init=False, repr=False, compare=False)
    """makes a fact from the values of all columns, by position or by name"""

    def __post_init__(self) -> None:
        object.__setattr__(self, "row", namedtuple(self.name, ("relation", *self.columns)))
        object.__setattr__(self, "fact", partial(self.row, self.name))


Schema = Mapping[str, Relation]


@dataclass(frozen=True, slots=True)
class Variable:
    """Number of a variable in its rule; two places with one number must hold one value."""

    number: int


Term = Variable | Value


@dataclass(frozen=True, slots=True)
class Pattern:
    """A fact with some columns open. `terms` has one entry a column of the relation."""

    relation: str
    terms: tuple[Term, ...]

    def fact(self, bindings: Sequence[Any]) -> Fact:
        """The fact that the pattern is under `bindings` (one value a variable of the rule)."""
        return (self.relation, *(bindings[t.number] if isinstance(t, Variable) else t for t in self.terms))


@dataclass(frozen=True, slots=True)
class Every:
    """`has` must hold for every row of the ruleset's own relation that matches `over`."""

    over: Pattern
    has: Pattern
    local: tuple[int, ...]
    """variables that stand only inside: they run over the rows"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left` compared with `right`; `<`-like signs only between whole numbers."""

    left: Term
    sign: str
    right: Term

    def holds(self, bindings: Sequence[Any]) -> bool:
        left = bindings[self.left.number] if isinstance(self.left, Variable) else self.left
        right = bindings[self.right.number] if isinstance(self.right, Variable) else self.right
        return bool(COMPARE[self.sign](left, right))


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule that was checked. Variables are numbered; `names` has the name of each, anonymous ones begin with `_`."""

    id: str
    patterns: tuple[Pattern, ...]
    every: tuple[Every, ...]
    where: tuple[Comparison, ...]
    head: Pattern
    names: tuple[str, ...]
    bound: tuple[int, ...]
    """variables that the patterns bind: what a firing records"""


@dataclass(frozen=True, eq=False)
class Program:
    """Checked rules over one schema, in the order of the ruleset. Compared by identity: engines go by program."""

    schema: Schema
    rules: tuple[CompiledRule, ...]

    @cached_property
    def heads(self) -> tuple[Callable[[Collection[Bindings]], Iterator[Fact]], ...]:
        """For each rule a function from the bindings of its firings to the facts they conclude, in the same order."""
        return tuple(_head(rule) for rule in self.rules)

    @cached_property
    def concluding(self) -> Mapping[str, tuple[int, ...]]:
        """For each relation that rules conclude the numbers of those rules."""
        relations = dict.fromkeys(rule.head.relation for rule in self.rules)
        return {r: tuple(n for n, rule in enumerate(self.rules) if rule.head.relation == r) for r in relations}


def key_of(columns: tuple[int, ...]) -> Callable[[Any], Any]:
    """A function that takes the values at `columns` (positions in a fact or in bindings) as a dictionary key.

    No column gives one key for everything, one column its bare value, several a tuple.
    """
    return operator.itemgetter(*columns) if columns else lambda _: ()


def _head(rule: CompiledRule) -> Callable[[Collection[Bindings]], Iterator[Fact]]:
    """A function from the bindings of firings to the facts they conclude."""
    takes = [operator.itemgetter(t.number) if isinstance(t, Variable) else t for t in rule.head.terms]

    def facts(fired: Collection[Bindings]) -> Iterator[Fact]:
        columns = [map(take, fired) if callable(take) else repeat(take) for take in takes]
        return zip(repeat(rule.head.relation, len(fired)), *columns, strict=False)

    return facts


COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}


Bindings = tuple[Any, ...]
"""a value for each variable in `CompiledRule.bound`"""

Firings = Mapping[int, Set[Bindings]]
"""for each rule that held, by its number in the program, under which bindings: all that an engine reports"""


class Firing(NamedTuple):
    """One rule that held under one set of bindings."""

    rule: int
    """index in the program"""
    bindings: Bindings


def rows(every: Every, bindings: Sequence[Any], given: Mapping[str, Sequence[Fact]]) -> Iterator[list[Any]]:
    """The bindings that `every.over` allows: one for each row of the ruleset's relation in `given`.

    `bindings` has a value for each variable of the rule; those in `every.local` are overwritten.
    """
    for fact in given.get(every.over.relation, ()):
        local = list(bindings)
        seen: set[int] = set()
        for term, value in zip(every.over.terms, fact[1:], strict=True):
            if not isinstance(term, Variable):
                if term != value:
                    break
            elif term.number in every.local and term.number not in seen:
                seen.add(term.number)
                local[term.number] = value
            elif local[term.number] != value:
                break
        else:
            yield local


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
        self._members: dict[str, frozenset[Fact]] = {}

    def members(self, relation: str) -> frozenset[Fact]:
        """All facts of `relation`."""
        if relation not in self._members:
            self._members[relation] = frozenset(self.facts.get(relation, ()))
        return self._members[relation]

    def index(self, relation: str, columns: tuple[int, ...]) -> Index:
        """Facts of `relation` grouped by their values at `columns`."""
        index = self._indexes.get((relation, columns))
        if index is None:
            index = self._indexes[relation, columns] = {}
            key = key_of(columns)
            for fact in self.facts.get(relation, ()):
                index.setdefault(key(fact), []).append(fact)
        return index


class Facts:
    """All an engine is given for one case. `stated` is sorted and without repetition, whatever order it came in."""

    __slots__ = ("given", "stated")

    def __init__(self, given: Given, stated: Iterable[Fact]) -> None:
        self.given = given
        ordered = sorted(stated)
        self.stated: tuple[Fact, ...] = tuple(
            [f for f, before in zip(ordered, [(), *ordered], strict=False) if f != before]
        )
