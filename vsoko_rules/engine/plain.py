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

Step = Callable[["_Run", Iterable[Match]], Iterable[Match]]
"""from matches to longer ones, or to those of them that satisfy a condition"""


class _Run:
    """The changing state of one case. Indexes and sets are made when a way first looks into them: most rules have
    nothing to look at in most cases."""

    def __init__(self, engine: Plain, facts: Facts) -> None:
        self.filled = engine.filled
        self.given = facts.given
        self.facts: dict[str, list[Fact]] = {}
        """what the case states and what is concluded and no longer new, by relation"""
        for relation, stated in groupby(facts.stated, operator.itemgetter(0)):
            self.facts[relation] = list(stated)
        self.fresh: dict[str, list[Fact]] = {}
        """concluded and not yet among the facts, by relation"""
        self.firings: list[Fired] = []
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
        return self.known(relation)

    def known(self, relation: str) -> set[Fact]:
        """As `members`, for a relation that rules or the case fill."""
        members = self._members.get(relation)
        if members is None:
            members = self._members[relation] = set(self.facts.get(relation, ()))
        return members

    def has(self, relation: str) -> bool:
        """Whether there is any fact of a relation."""
        return relation in self.facts or relation in self.given.facts

    def insert(self, relation: str, facts: Sequence[Fact]) -> None:
        """What was new is looked up from now on."""
        self.facts.setdefault(relation, []).extend(facts)
        for index, key in self._grown.get(relation, ()):
            _extend(index, key, facts)


def _extend(index: Index, key: Take, facts: Sequence[Fact]) -> None:
    for fact in facts:
        index[key(fact)].append(fact)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to join a rule: from the facts of one of its patterns to what it concludes."""

    rule: int
    needs: tuple[str, ...]
    """relations without facts of which nothing can match"""
    constants: Match
    steps: tuple[Step, ...]
    bindings: Take
    head: Take

    def follow(self, run: _Run, facts: Iterable[Fact]) -> None:
        constants = self.constants
        matches: Iterable[Match] = [constants + fact for fact in facts]
        for step in self.steps:
            matches = step(run, matches)
        complete = list(matches)
        if not complete:
            return
        run.firings += zip(repeat(self.rule), map(self.bindings, complete), strict=False)
        relation = constants[0]
        known = run.known(relation)
        new = set(map(self.head, complete)) - known
        known |= new
        run.fresh.setdefault(relation, []).extend(new)


@dataclass(frozen=True, slots=True)
class _Scan:
    """A way that begins with the facts of a relation which hold certain constants."""

    relation: str
    given: bool
    """whether the ruleset fills the relation"""
    columns: tuple[int, ...]
    key: Take
    wanted: Any
    way: _Way

    def most(self, run: _Run) -> int:
        """How many facts the way begins with at most."""
        return len(self.rows(run) if self.given else run.facts.get(self.relation, ()))

    def begin(self, run: _Run) -> None:
        key, wanted = self.key, self.wanted
        self.way.follow(run, self.rows(run) if self.given else [f for f in self.rows(run) if key(f) == wanted])

    def rows(self, run: _Run) -> Sequence[Fact]:
        if self.given:
            return run.index(self.relation, self.columns).get(self.wanted, ())
        return run.facts.get(self.relation, ())


class _Stratum:
    """Rules that conclude relations which rest on one another, or only on finished ones."""

    def __init__(self) -> None:
        self.scans: list[tuple[_Scan, ...]] = []
        """for each rule that is joined once the scans that may begin it"""
        self.entries: list[tuple[str, Take | None, _Way]] = []
        """for recursive rules: the relation whose new facts begin a way; of facts with the same key one is enough"""


class Plain:
    """Evaluates one program on any number of cases."""

    def __init__(self, program: Program) -> None:
        self.filled = {name: relation.filled for name, relation in program.schema.items()}
        strata: dict[int, _Stratum] = {}
        foundations = _foundations(program)
        for number, rule in enumerate(program.rules):
            foundation = foundations[rule.head.relation]
            stratum = strata.setdefault(len(foundation), _Stratum())
            self._admit(stratum, number, rule, {r for r in foundation if foundations[r] == foundation})
        self._strata = [strata[depth] for depth in sorted(strata)]

    def infer(self, facts: Facts) -> frozenset[Fired]:
        """Everything the rules conclude from `facts`, to the fixed point."""
        run = _Run(self, facts)
        for stratum in self._strata:
            for scans in stratum.scans:
                if all(map(run.has, scans[0].way.needs)):
                    min(scans, key=lambda scan: scan.most(run)).begin(run)
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
            begins = [
                max((p for p in rule.patterns if (self._filled(p) is Filled.RULESET) is given), key=self._promise)
                for given in {self._filled(p) is Filled.RULESET for p in rule.patterns}
            ]
            stratum.scans.append(tuple(self._scan(number, rule, pattern) for pattern in begins))
        for pattern in recursive:
            stratum.entries.append((pattern.relation, None, _Planner(self, rule).way(number, pattern)))
        for every in (e for e in rule.every if e.has.relation in circle):
            asking = key_of(_outside(every))  # all rows are asked for each match, whichever of them came
            stratum.entries.append((every.has.relation, asking, _Planner(self, rule).way(number, every.has)))

    def _scan(self, number: int, rule: CompiledRule, first: Pattern) -> _Scan:
        constants = {c: t for c, t in enumerate(first.terms, 1) if not isinstance(t, Variable)}
        columns = tuple(constants)
        wanted = key_of(tuple(range(len(columns))))(tuple(constants.values()))
        way = _Planner(self, rule).way(number, first, found_by=constants)
        return _Scan(first.relation, self._filled(first) is Filled.RULESET, columns, key_of(columns), wanted, way)

    def _filled(self, pattern: Pattern) -> Filled:
        return self.filled[pattern.relation]

    def _promise(self, pattern: Pattern) -> tuple[int, bool]:
        """How few facts a pattern is likely to match: constants are looked up, and a case states little."""
        return sum(not isinstance(t, Variable) for t in pattern.terms), self._filled(pattern) is Filled.CASE


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
        relations = (rule.head.relation, *(p.relation for p in rule.patterns), *(e.has.relation for e in rule.every))
        self.constants: dict[tuple[type, Value], int] = {}
        """where each constant stands, the relation that is concluded first of all"""
        for term in (*relations, *terms):
            if not isinstance(term, Variable):
                self.constants.setdefault((type(term), term), len(self.constants))
        self.variables: dict[int, int] = {}
        self.width = len(self.constants)
        self.steps: list[Step] = []

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
        needs = tuple(dict.fromkeys(p.relation for p in self.rule.patterns))
        return _Way(number, needs, constants, tuple(self.steps), _tuple_of(bound), head)

    def place(self, term: Variable | Value) -> int:
        """Where the value of a constant or of a bound variable stands."""
        return self.variables[term.number] if isinstance(term, Variable) else self.constants[type(term), term]

    def bound(self, term: Variable | Value) -> bool:
        return not isinstance(term, Variable) or term.number in self.variables

    def boundness(self, pattern: Pattern) -> tuple[int, int]:
        """How many columns are bound; of equals the narrower relation comes first."""
        return sum(map(self.bound, pattern.terms)), -len(pattern.terms)

    def add(self, pattern: Pattern, unchecked: list[tuple[int, Variable | Value]]) -> None:
        """A fact of `pattern` is appended to the match; the columns of `unchecked` may hold other values yet."""
        for column, term in unchecked:
            if self.bound(term):
                self.compare("=", self.place(term), self.width + column)
            elif isinstance(term, Variable):
                self.variables[term.number] = self.width + column
        self.width += 1 + len(pattern.terms)

    def join(self, pattern: Pattern) -> None:
        if all(map(self.bound, pattern.terms)):
            self.steps.append(_exists(pattern.relation, self.whole(pattern)))
        else:
            columns, key, unbound = self.lookup(pattern)
            self.steps.append(_join(pattern.relation, columns, key))
            self.add(pattern, unbound)

    def lookup(self, pattern: Pattern) -> tuple[tuple[int, ...], Take, list[tuple[int, Variable | Value]]]:
        """The bound columns of `pattern`, the key by which it is looked up, and the columns that stay open."""
        terms = list(enumerate(pattern.terms, 1))
        columns = tuple(column for column, term in terms if self.bound(term))
        key = key_of(tuple(self.place(term) for _, term in terms if self.bound(term)))
        return columns, key, [(c, t) for c, t in terms if not self.bound(t)]

    def whole(self, pattern: Pattern) -> Take:
        """Makes the fact that a pattern is of which everything is bound."""
        return _tuple_of((self.constants[str, pattern.relation], *map(self.place, pattern.terms)))

    def compare(self, sign: str, left: int, right: int) -> None:
        self.steps.append(_compare(COMPARE[sign], left, right))

    def universal(self, every: Every) -> Step:
        variables, width, steps = self.variables.copy(), self.width, self.steps
        for variable in every.local:  # a way that begins with `has` brought a value for one row; all rows are asked
            self.variables.pop(variable, None)
        columns, key, unbound = self.lookup(every.over)
        self.steps = []
        self.add(every.over, unbound)
        asked = tuple(self.steps)  # only for a relation with one local variable in two columns
        has = self.whole(every.has)
        self.variables, self.width, self.steps = variables, width, steps
        return _universal(every.over.relation, columns, key, asked, every.has.relation, has)


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


def _join(relation: str, columns: tuple[int, ...], key: Take) -> Step:
    def join(run: _Run, matches: Iterable[Match]) -> Iterator[Match]:
        rows = run.index(relation, columns).get
        return (match + fact for match in matches for fact in rows(key(match), ()))

    return join


def _exists(relation: str, whole: Take) -> Step:
    def exists(run: _Run, matches: Iterable[Match]) -> Iterator[Match]:
        there = run.members(relation)
        return (match for match in matches if whole(match) in there)

    return exists


def _compare(holds: Callable[[Any, Any], bool], left: int, right: int) -> Step:
    def compare(_: _Run, matches: Iterable[Match]) -> Iterator[Match]:
        return (match for match in matches if holds(match[left], match[right]))

    return compare


def _universal(over: str, columns: tuple[int, ...], key: Take, asked: tuple[Step, ...], has: str, whole: Take) -> Step:
    def universal(run: _Run, matches: Iterable[Match]) -> Iterator[Match]:
        rows, there = run.index(over, columns).get, run.members(has)
        for match in matches:
            longer: Iterable[Match] = [match + row for row in rows(key(match), ())]
            for step in asked:
                longer = step(run, longer)
            for each in longer:
                if whole(each) not in there:
                    break
            else:
                yield match

    return universal
