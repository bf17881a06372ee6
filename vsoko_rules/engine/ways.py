"""The ways to join a rule: which pattern comes first, which is looked up next and by which of its columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from vsoko_rules.engine.joins import Known, Match, Step, Take, compare, exists, join, universal
from vsoko_rules.engine.language import COMPARE, CompiledRule, Every, Fact, Filled, Pattern, Value, Variable, key_of


@dataclass(frozen=True, slots=True)
class Way:
    """One way to join a rule: from the facts of one of its patterns to what it concludes."""

    rule: int
    needs: tuple[str, ...]
    """relations without facts of which nothing can match"""
    constants: Match
    """the relation that is concluded first of all"""
    steps: tuple[Step, ...]
    bindings: Take
    head: Take

    def follow(self, known: Known, facts: Iterable[Fact]) -> None:
        constants = self.constants
        matches: Iterable[Match] = [constants + fact for fact in facts]
        for step in self.steps:
            matches = step(known, matches)
        if complete := list(matches):
            known.conclude(self.rule, map(self.bindings, complete), constants[0], map(self.head, complete))


class Planner:
    """Plans a way through one rule, and knows where each of its values stands in a match."""

    def __init__(self, filled: Mapping[str, Filled], rule: CompiledRule) -> None:
        self.filled = filled
        self.rule = rule
        terms = [t for p in (*rule.patterns, rule.head) for t in p.terms]
        terms += [t for e in rule.every for t in (*e.over.terms, *e.has.terms)]
        terms += [t for c in rule.where for t in (c.left, c.right)]
        relations = (rule.head.relation, *(p.relation for p in rule.patterns), *(e.has.relation for e in rule.every))
        self.constants: dict[tuple[type, Value], int] = {}
        """where each constant stands"""
        for term in (*relations, *terms):
            if not isinstance(term, Variable):
                self.constants.setdefault((type(term), term), len(self.constants))
        self.variables: dict[int, int] = {}
        self.width = len(self.constants)
        self.steps: list[Step] = []

    def way(self, number: int, first: Pattern, found_by: Collection[int] = ()) -> Way:
        """Begin with the facts that match `first`, then join the rest, most bound columns first. `found_by`: columns by
        which those facts were looked up, so that nothing is left to check there."""
        self.add(first, [(column, term) for column, term in enumerate(first.terms, 1) if column not in found_by])
        rest = [p for p in self.rule.patterns if p is not first]
        while rest:
            pattern = max(rest, key=self.boundness)
            rest.remove(pattern)
            self.join(pattern)
        for comparison in self.rule.where:
            sign, left, right = comparison.sign, self.place(comparison.left), self.place(comparison.right)
            self.steps.append(compare(COMPARE[sign], left, right))
        self.steps += map(self.universal, self.rule.every)
        head = key_of((0, *map(self.place, self.rule.head.terms)))
        bound = tuple(self.variables[variable] for variable in self.rule.bound)
        constants = tuple(value for _, value in self.constants)
        needs = tuple(dict.fromkeys(p.relation for p in self.rule.patterns))
        return Way(number, needs, constants, tuple(self.steps), _tuple_of(bound), head)

    def place(self, term: Variable | Value) -> int:
        """Where the value of a constant or of a bound variable stands."""
        return self.variables[term.number] if isinstance(term, Variable) else self.constants[type(term), term]

    def bound(self, term: Variable | Value) -> bool:
        return not isinstance(term, Variable) or term.number in self.variables

    def boundness(self, pattern: Pattern) -> tuple[int, int, bool]:
        """How many columns are bound; of equals the narrower relation comes first, then what a case states, which is
        little."""
        of_case = self.filled[pattern.relation] is Filled.CASE
        return sum(map(self.bound, pattern.terms)), -len(pattern.terms), of_case

    def add(self, pattern: Pattern, unchecked: list[tuple[int, Variable | Value]]) -> None:
        """A fact of `pattern` is appended to the match; the columns of `unchecked` may hold other values yet."""
        self.steps += [compare(COMPARE["="], one, other) for one, other in self.append(pattern, unchecked)]

    def append(self, pattern: Pattern, unchecked: list[tuple[int, Variable | Value]]) -> list[tuple[int, int]]:
        """As `add`; returns the places that must hold the same."""
        alike = []
        for column, term in unchecked:
            if self.bound(term):
                alike.append((self.place(term), self.width + column))
            elif isinstance(term, Variable):
                self.variables[term.number] = self.width + column
        self.width += 1 + len(pattern.terms)
        return alike

    def join(self, pattern: Pattern) -> None:
        if all(map(self.bound, pattern.terms)):
            self.steps.append(exists(pattern.relation, self.whole(pattern)))
        else:
            columns, key, unbound = self.lookup(pattern)
            self.steps.append(join(pattern.relation, columns, key))
            self.add(pattern, unbound)

    def lookup(self, pattern: Pattern) -> tuple[tuple[int, ...], Take, list[tuple[int, Variable | Value]]]:
        """The columns by which `pattern` is looked up, the key to look with, and the columns that stay unchecked. What
        changes with the case is looked up by variables alone, so that rules which ask for other constants look into the
        same index."""
        terms = list(enumerate(pattern.terms, 1))
        bound = [(column, term) for column, term in terms if self.bound(term)]
        if self.filled[pattern.relation] is not Filled.RULESET:
            bound = [(column, term) for column, term in bound if isinstance(term, Variable)] or bound
        columns = tuple(column for column, _ in bound)
        key = key_of(tuple(self.place(term) for _, term in bound))
        return columns, key, [(column, term) for column, term in terms if column not in columns]

    def whole(self, pattern: Pattern) -> Take:
        """Makes the fact that a pattern is of which everything is bound."""
        return _tuple_of((self.constants[str, pattern.relation], *map(self.place, pattern.terms)))

    def universal(self, every: Every) -> Step:
        variables, width = self.variables.copy(), self.width
        for variable in every.local:  # a way that begins with `has` brought a value for one row; all rows are asked
            self.variables.pop(variable, None)
        columns, key, unbound = self.lookup(every.over)
        alike = self.append(every.over, unbound)
        whole = self.whole(every.has)
        self.variables, self.width = variables, width
        return universal(every.over.relation, columns, key, alike, every.has.relation, whole)


def _tuple_of(places: tuple[int, ...]) -> Take:
    """As `key_of`, but one place gives a tuple of one."""
    if len(places) != 1:
        return key_of(places)
    place = places[0]
    return lambda match: (match[place],)
