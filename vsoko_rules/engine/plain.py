"""The engine that is always there: rules evaluated floor by floor with hash joins.

Relations that rules conclude are sorted into strata: what a relation rests on lies below it or, where rules are
recursive, in the same stratum. A rule that looks only at finished relations is joined once, from its most constant
pattern. A recursive rule is joined again from the facts that are new in its own stratum, until none are.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, repeat
from typing import Any, Final

from vsoko_rules.engine.language import (
    COMPARE,
    CompiledRule,
    Every,
    Fact,
    Facts,
    Filled,
    Fired,
    Index,
    Pattern,
    Program,
    Value,
    Variable,
    key_of,
)

Match = tuple[Any, ...]
"""the constants of a rule, then the facts matched so far, one behind the other"""

Take = Callable[[Any], Any]
"""takes values out of a match or a fact; see `key_of`"""

Step = Callable[[Sequence[Index], Iterable[Match]], Iterable[Match]]
"""from matches to longer ones, or to those of them that satisfy a condition"""


class _Run:
    """The changing state of one case."""

    def __init__(self, engine: Plain, facts: Facts) -> None:
        self.given = facts.given
        self.facts: dict[str, list[Fact]] = {}
        """what the case states and what is concluded and no longer new, by relation"""
        for relation, stated in groupby(facts.stated, operator.itemgetter(0)):
            self.facts[relation] = list(stated)
        self.columns = engine.indexed
        self.indexes: list[Index] = [_NOT_BUILT] * len(engine.indexed)
        self.grown: dict[str, list[tuple[Index, Take]]] = {}
        """by relation the indexes that have to grow with it"""
        self.known: dict[str, set[Fact]] = {}
        self.fresh: dict[str, list[Fact]] = {}
        """concluded and not yet among the facts, by relation"""
        self.firings: list[Fired] = []

    def index(self, number: int) -> Index:
        """An index, built when a way first looks into it: most rules have nothing to look at in most cases."""
        index = self.indexes[number]
        if index is _NOT_BUILT:
            relation, columns, filled = self.columns[number]
            if filled is Filled.RULESET:
                index = self.given.index(relation, columns)
            else:
                index, key = defaultdict(list), key_of(columns)
                _extend(index, key, self.facts.get(relation, ()))
                self.grown.setdefault(relation, []).append((index, key))
            self.indexes[number] = index
        return index

    def has(self, relation: str) -> bool:
        """Whether there is any fact of a relation."""
        return relation in self.facts or relation in self.given.facts

    def insert(self, relation: str, facts: Sequence[Fact]) -> None:
        """New facts become known to those who look."""
        self.facts.setdefault(relation, []).extend(facts)
        for index, key in self.grown.get(relation, ()):
            _extend(index, key, facts)


_NOT_BUILT: Final[Index] = {}


def _extend(index: Index, key: Take, facts: Sequence[Fact]) -> None:
    for fact in facts:
        index[key(fact)].append(fact)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to join a rule: from the facts of one of its patterns to what it concludes."""

    rule: int
    needs: tuple[str, ...]
    """relations without facts of which nothing can match"""
    reads: tuple[int, ...]
    """indexes that the steps look into"""
    constants: Match
    steps: tuple[Step, ...]
    bindings: Take
    head: Take

    def follow(self, run: _Run, facts: Iterable[Fact]) -> None:
        constants, rule, bindings = self.constants, self.rule, self.bindings
        for number in self.reads:
            run.index(number)
        matches: Iterable[Match] = (constants + fact for fact in facts)
        for step in self.steps:
            matches = step(run.indexes, matches)
        complete = list(matches)
        if not complete:
            return
        run.firings += zip(repeat(rule), map(bindings, complete), strict=False)
        relation = constants[0]
        known = run.known.setdefault(relation, set())
        new = set(map(self.head, complete)) - known
        known |= new
        run.fresh.setdefault(relation, []).extend(new)


class _Stratum:
    """Rules that conclude relations which rest on one another, or only on finished ones."""

    def __init__(self) -> None:
        self.scans: list[tuple[int, Any, _Way]] = []
        """for rules joined once: the index that a way begins in, and the key there"""
        self.entries: list[tuple[str, Take | None, _Way]] = []
        """for recursive rules: the relation whose new facts begin a way; of facts with the same key one is enough"""


class Plain:
    """Evaluates one program on any number of cases."""

    def __init__(self, program: Program) -> None:
        self._schema = program.schema
        self._indexes: dict[tuple[str, tuple[int, ...]], int] = {}
        strata: dict[int, _Stratum] = {}
        foundations = _foundations(program)
        for number, rule in enumerate(program.rules):
            foundation = foundations[rule.head.relation]
            stratum = strata.setdefault(len(foundation), _Stratum())
            self._admit(stratum, number, rule, {r for r in foundation if foundations[r] == foundation})
        self._strata = [strata[depth] for depth in sorted(strata)]
        self.indexed = [(relation, columns, program.schema[relation].filled) for relation, columns in self._indexes]
        """for each index its relation, the columns by which it goes, and who fills the relation"""

    def infer(self, facts: Facts) -> frozenset[Fired]:
        """Everything the rules conclude from `facts`, to the fixed point."""
        run = _Run(self, facts)
        for stratum in self._strata:
            for index, key, way in stratum.scans:
                if all(map(run.has, way.needs)) and (begun := run.index(index).get(key)):
                    way.follow(run, begun)
            while run.fresh:
                fresh, run.fresh = run.fresh, {}
                for relation, concluded in fresh.items():
                    run.insert(relation, concluded)
                for relation, unlike, way in stratum.entries:
                    if (begun := fresh.get(relation)) and all(map(run.has, way.needs)):
                        way.follow(run, begun if unlike is None else {unlike(fact): fact for fact in begun}.values())
        return frozenset(run.firings)

    def _admit(self, stratum: _Stratum, number: int, rule: CompiledRule, circle: set[str]) -> None:
        """Plan the ways of one rule; `circle` are the relations that rest on one another with the one it concludes."""
        recursive = [p for p in rule.patterns if p.relation in circle]
        if not recursive:
            first = max((p for p in rule.patterns if self._filled(p) is not Filled.RULESET), key=self._promise)
            constants = {c: t for c, t in enumerate(first.terms, 1) if not isinstance(t, Variable)}
            index = self.index(first.relation, tuple(constants))
            key = key_of(tuple(range(len(constants))))(tuple(constants.values()))
            stratum.scans.append((index, key, _Planner(self, rule).way(number, first, found_by=constants)))
        for pattern in recursive:
            stratum.entries.append((pattern.relation, None, _Planner(self, rule).way(number, pattern)))
        for every in (e for e in rule.every if e.has.relation in circle):
            asking = key_of(_outside(every))  # all rows are asked for each match, whichever of them came
            stratum.entries.append((every.has.relation, asking, _Planner(self, rule).way(number, every.has)))

    def _filled(self, pattern: Pattern) -> Filled:
        return self._schema[pattern.relation].filled

    def _promise(self, pattern: Pattern) -> tuple[int, bool]:
        """How few facts a pattern is likely to match: constants are looked up, and a case states little."""
        return sum(not isinstance(t, Variable) for t in pattern.terms), self._filled(pattern) is Filled.CASE

    def index(self, relation: str, columns: tuple[int, ...]) -> int:
        """The number of the index of `relation` by `columns`."""
        return self._indexes.setdefault((relation, columns), len(self._indexes))


engine = Plain
REQUIRES: Final = ""


def available() -> bool:
    """It needs nothing but Python."""
    return True


def _foundations(program: Program) -> dict[str, frozenset[str]]:
    """For each relation that rules conclude: those on which it rests in the end, itself included.

    What lies below has fewer; relations that rest on one another have the same.
    """
    resting = {name: {name} for name, relation in program.schema.items() if relation.filled is Filled.RULES}
    for rule in program.rules:
        looked_at = (p.relation for p in (*rule.patterns, *(e.has for e in rule.every)))
        resting[rule.head.relation].update(name for name in looked_at if name in resting)
    for middle, below in resting.items():
        for above in resting.values():
            if middle in above:
                above.update(below)
    return {name: frozenset(below) for name, below in resting.items()}


class _Planner:
    """Plans a way through one rule, and knows where each of its values stands in a match."""

    def __init__(self, engine: Plain, rule: CompiledRule) -> None:
        self.engine = engine
        self.rule = rule
        terms = [t for p in (*rule.patterns, rule.head) for t in p.terms]
        terms += [t for e in rule.every for t in (*e.over.terms, *e.has.terms)]
        terms += [t for c in rule.where for t in (c.left, c.right)]
        self.constants: dict[tuple[type, Value], int] = {(str, rule.head.relation): 0}
        for term in terms:
            if not isinstance(term, Variable):
                self.constants.setdefault((type(term), term), len(self.constants))
        self.variables: dict[int, int] = {}
        self.width = len(self.constants)
        self.steps: list[Step] = []
        self.reads: dict[int, None] = {}

    def way(self, number: int, first: Pattern, found_by: Collection[int] = ()) -> _Way:
        """Begin with the facts that match `first`, then join the rest, most bound columns first. `found_by`: columns by
        which those facts were looked up, so that nothing is left to check there."""
        self.add(first, [(column, term) for column, term in enumerate(first.terms, 1) if column not in found_by])
        rest = [p for p in self.rule.patterns if p is not first]
        while rest:
            pattern = max(rest, key=self.boundness)
            rest.remove(pattern)
            self.join(pattern)
        for comparison in self.rule.where:
            self.compare(comparison.sign, self.place(comparison.left), self.place(comparison.right))
        for every in self.rule.every:
            self.steps.append(self.universal(every))
        head = key_of((0, *map(self.place, self.rule.head.terms)))
        bound = tuple(self.variables[variable] for variable in self.rule.bound)
        constants = tuple(value for _, value in self.constants)
        needs = tuple({p.relation: None for p in self.rule.patterns if p is not first})
        reads = tuple(self.reads)
        return _Way(number, needs, reads, constants, tuple(self.steps), _tuple_of(bound), head)

    def place(self, term: Variable | Value) -> int:
        """Where the value of a constant or of a bound variable stands."""
        return self.variables[term.number] if isinstance(term, Variable) else self.constants[type(term), term]

    def bound(self, term: Variable | Value) -> bool:
        return not isinstance(term, Variable) or term.number in self.variables

    def boundness(self, pattern: Pattern) -> int:
        return sum(map(self.bound, pattern.terms))

    def add(self, pattern: Pattern, unchecked: list[tuple[int, Variable | Value]]) -> None:
        """A fact of `pattern` is appended to the match; the columns of `unchecked` may hold other values yet."""
        for column, term in unchecked:
            if self.bound(term):
                self.compare("=", self.place(term), self.width + column)
            elif isinstance(term, Variable):
                self.variables[term.number] = self.width + column
        self.width += 1 + len(pattern.terms)

    def lookup(self, pattern: Pattern) -> tuple[int, Take, list[tuple[int, Variable | Value]]]:
        """The index of `pattern` by its bound columns, the key into it, and the columns that stay open."""
        terms = list(enumerate(pattern.terms, 1))
        columns = tuple(column for column, term in terms if self.bound(term))
        key = key_of(tuple(self.place(term) for _, term in terms if self.bound(term)))
        index = self.engine.index(pattern.relation, columns)
        self.reads[index] = None
        return index, key, [(c, t) for c, t in terms if not self.bound(t)]

    def join(self, pattern: Pattern) -> None:
        index, key, unbound = self.lookup(pattern)
        if unbound:
            self.steps.append(_join(index, key))
            self.add(pattern, unbound)
        else:
            self.steps.append(_exists(index, key))

    def compare(self, sign: str, left: int, right: int) -> None:
        self.steps.append(_compare(COMPARE[sign], left, right))

    def universal(self, every: Every) -> Step:
        variables, width, steps = self.variables.copy(), self.width, self.steps
        for variable in every.local:  # a way that begins with `has` brought a value for one row; all rows are asked
            self.variables.pop(variable, None)
        over, over_key, unbound = self.lookup(every.over)
        self.steps = []
        self.add(every.over, unbound)
        asked = tuple(self.steps)  # only for a relation with one local variable in two columns
        has, has_key, _ = self.lookup(every.has)
        self.variables, self.width, self.steps = variables, width, steps
        return _universal(over, over_key, asked, has, has_key)


def _outside(every: Every) -> tuple[int, ...]:
    """The columns of `has` that do not run freely over the rows."""
    terms = every.has.terms
    free = {Variable(number) for number in every.local if terms.count(Variable(number)) == 1}
    return tuple(at for at, term in enumerate(terms, 1) if term not in free)


def _tuple_of(places: tuple[int, ...]) -> Take:
    """As `key_of`, but one place gives a tuple of one."""
    if len(places) != 1:
        return key_of(places)
    place = places[0]
    return lambda match: (match[place],)


def _join(index: int, key: Take) -> Step:
    def join(indexes: Sequence[Index], matches: Iterable[Match]) -> Iterator[Match]:
        rows = indexes[index].get
        return (match + fact for match in matches for fact in rows(key(match), ()))

    return join


def _exists(index: int, key: Take) -> Step:
    def exists(indexes: Sequence[Index], matches: Iterable[Match]) -> Iterator[Match]:
        there = indexes[index]
        return (match for match in matches if key(match) in there)

    return exists


def _compare(holds: Callable[[Any, Any], bool], left: int, right: int) -> Step:
    def compare(_: Sequence[Index], matches: Iterable[Match]) -> Iterator[Match]:
        return (match for match in matches if holds(match[left], match[right]))

    return compare


def _universal(over: int, over_key: Take, asked: tuple[Step, ...], has: int, has_key: Take) -> Step:
    def universal(indexes: Sequence[Index], matches: Iterable[Match]) -> Iterator[Match]:
        rows, there = indexes[over].get, indexes[has]
        for match in matches:
            longer: Iterable[Match] = [match + row for row in rows(over_key(match), ())]
            for step in asked:
                longer = step(indexes, longer)
            for each in longer:
                if has_key(each) not in there:
                    break
            else:
                yield match

    return universal
