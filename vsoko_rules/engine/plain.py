"""The engine that is always there: rules evaluated floor by floor with hash joins.

Relations that rules conclude are sorted into strata: what a relation rests on lies below it or, where rules are
recursive, in the same stratum. A rule that looks only at finished relations is joined once, from its most constant
pattern. A recursive rule is joined again from the facts that are new in its own stratum, until none are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from vsoko_rules.engine.joins import Known, Take
from vsoko_rules.engine.language import (
    CompiledRule,
    Every,
    Fact,
    Facts,
    Filled,
    Firings,
    Pattern,
    Program,
    Variable,
    key_of,
)
from vsoko_rules.engine.ways import Planner, Way


@dataclass(frozen=True, slots=True)
class _Scan:
    """A way that begins with the facts of a relation which hold certain constants."""

    relation: str
    given: bool
    """whether the ruleset fills the relation"""
    columns: tuple[int, ...]
    key: Take
    wanted: Any
    way: Way

    def most(self, known: Known) -> int:
        """How many facts the way begins with at most."""
        return len(self.rows(known) if self.given else known.facts.get(self.relation, ()))

    def begin(self, known: Known) -> None:
        rows = self.rows(known)
        if not self.given and self.columns:
            key, wanted = self.key, self.wanted
            rows = [fact for fact in rows if key(fact) == wanted]
        self.way.follow(known, rows)

    def rows(self, known: Known) -> Sequence[Fact]:
        if self.given:
            return known.index(self.relation, self.columns).get(self.wanted, ())
        return known.facts.get(self.relation, ())


class _Stratum:
    """Rules that conclude relations which rest on one another, or only on finished ones."""

    def __init__(self) -> None:
        self.scans: list[tuple[_Scan, ...]] = []
        """for each rule that is joined once the scans that may begin it"""
        self.entries: list[tuple[str, Take | None, Way]] = []
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

    def infer(self, facts: Facts) -> Firings:
        """Everything the rules conclude from `facts`, to the fixed point."""
        known = Known(self.filled, facts)
        for stratum in self._strata:
            for scans in stratum.scans:
                if all(map(known.has, scans[0].way.needs)):
                    min(scans, key=lambda scan: scan.most(known)).begin(known)
            while known.fresh:
                fresh, known.fresh = known.fresh, {}
                for relation, concluded in fresh.items():
                    known.insert(relation, concluded)
                for relation, unlike, way in stratum.entries:
                    if (begun := fresh.get(relation)) and all(map(known.has, way.needs)):
                        way.follow(known, begun if unlike is None else _one_of_each(unlike, begun))
        return known.firings

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
            stratum.entries.append((pattern.relation, None, Planner(self.filled, rule).way(number, pattern)))
        for every in (e for e in rule.every if e.has.relation in circle):
            asking = key_of(_outside(every))  # all rows are asked for each match, whichever of them came
            stratum.entries.append((every.has.relation, asking, Planner(self.filled, rule).way(number, every.has)))

    def _scan(self, number: int, rule: CompiledRule, first: Pattern) -> _Scan:
        constants = {c: t for c, t in enumerate(first.terms, 1) if not isinstance(t, Variable)}
        columns = tuple(constants)
        wanted = key_of(tuple(range(len(columns))))(tuple(constants.values()))
        way = Planner(self.filled, rule).way(number, first, found_by=constants)
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


def _one_of_each(alike: Take, facts: Sequence[Fact]) -> Iterable[Fact]:
    """Of the facts with one key one."""
    return dict(zip(map(alike, facts), facts, strict=True)).values()


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


def _outside(every: Every) -> tuple[int, ...]:
    """The columns of `has` that do not run freely over the rows."""
    terms = every.has.terms
    free = {Variable(number) for number in every.local if terms.count(Variable(number)) == 1}
    return tuple(at for at, term in enumerate(terms, 1) if term not in free)
