"""Rules written the way durable-rules takes them, and refused where its limits would be passed.

A fact becomes an object `{k: kind, c1: …, c2: …, u: 1}`, a pattern a list of conditions over it: the kind, equalities
with constants, conditions inside the fact, joins with earlier patterns, and last the join on `u`, which is always true.
(A joined condition that is false and stands last makes the library read foreign memory.) What «for every row» asks for
becomes a demand: a fact of kind `n3` that waits for the fact of kind `r3` with the same columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from vsoko_rules.engine.compiler import Refused
from vsoko_rules.engine.durable_limits import Condition, Conditions, crowding, rule_faults
from vsoko_rules.engine.language import (
    COMPARE,
    Comparison,
    CompiledRule,
    Pattern,
    Program,
    Value,
    Variable,
)
from vsoko_rules.engine.short_codes import Codes

PULSE: Final = "pulse"
"""kind of the fact that begins and ends a session"""

_OPERATORS: Final = {">=": "$gte", "<=": "$lte", ">": "$gt", "<": "$lt", "!=": "$neq"}
_TURNED: Final = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "!=": "!=", "=": "="}
_ALWAYS: Final[Condition] = {"u": {"m_0": "u"}}


@dataclass(frozen=True, slots=True)
class LoweredRule:
    """A rule of the library that stands for one of the program's."""

    rule: int
    """index in the program"""
    places: tuple[tuple[int, int], ...]
    """for each variable in `CompiledRule.bound`: which matched fact holds its value, and at which position"""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A program as durable-rules takes it: the patterns of each of its rules, in order of rules and of patterns."""

    codes: Codes
    """of all constants in the rules"""
    kinds: dict[str, str]
    """kind of a fact by relation, for the relations that some rule reads"""
    demands: dict[str, str]
    """kind of a demand by relation"""
    joins: tuple[tuple[LoweredRule, list[Conditions]], ...]
    service: dict[str, list[Conditions]]
    """by kind of demand, the rule that settles it; under `PULSE` the one of the heartbeat; and one that never fires"""


def lower(program: Program) -> Lowered:
    """Rewrite `program`. Raises `Refused` when it passes a limit of durable-rules."""
    numbers = {relation: number for number, relation in enumerate(program.schema)}
    codes = Codes()
    rules = program.rules
    read = {p.relation for rule in rules for p in (*rule.patterns, *(e.has for e in rule.every))}
    kinds = {relation: f"r{numbers[relation]}" for relation in numbers if relation in read}
    owed = {every.has.relation for rule in rules for every in rule.every}
    demands = {relation: f"n{numbers[relation]}" for relation in numbers if relation in owed}
    faults = list(rule_faults(program))
    joins = [
        _Lowering(rule, kinds, codes).lower(number)
        for number, rule in enumerate(rules)
        if all(_possible(comparison) for comparison in rule.where)
    ]
    service = {kind: _settle(kind, kinds[relation], program, relation) for relation, kind in demands.items()}
    service[PULSE] = [[{"k": PULSE}]]
    service["never"] = [[{"u": 1}], [{"k": "never"}, _ALWAYS]]  # so that a fact no rule matches raises nothing
    patterns = [pattern for _, rule in joins for pattern in rule]
    patterns += [pattern for rule in service.values() for pattern in rule]
    faults += crowding(patterns)
    if faults:
        raise Refused(faults)
    return Lowered(codes, kinds, demands, tuple(joins), service)


class _Lowering:
    """One rule, pattern by pattern."""

    def __init__(self, rule: CompiledRule, kinds: dict[str, str], codes: Codes) -> None:
        self.rule = rule
        self.kinds = kinds
        self.codes = codes
        self.known: dict[int, tuple[int, int]] = {}
        self.waiting = [c for c in rule.where if isinstance(c.left, Variable) or isinstance(c.right, Variable)]

    def lower(self, number: int) -> tuple[LoweredRule, list[Conditions]]:
        patterns = [self.pattern(at, pattern) for at, pattern in enumerate(in_order(self.rule.patterns))]
        return LoweredRule(number, tuple(self.known[variable] for variable in self.rule.bound)), patterns

    def pattern(self, at: int, pattern: Pattern) -> Conditions:
        equal: Conditions = [{"k": self.kinds[pattern.relation]}]
        inside: Conditions = []
        joined: Conditions = []
        here: dict[int, int] = {}
        for column, term in enumerate(pattern.terms, 1):
            if not isinstance(term, Variable):
                equal.append(_condition(column, "=", self.codes.value(term)))
            elif term.number in self.known:
                joined.append(_condition(column, "=", self.reference(term.number)))
            elif term.number in here:
                inside.append(_condition(column, "=", {"$m": f"c{here[term.number]}"}))
            else:
                here[term.number] = column
        for comparison in self.ready(here):
            (inside if self.local(comparison, here) else joined).append(self.compare(comparison, here))
        self.known.update({variable: (at, column) for variable, column in here.items()})
        return [*equal, *inside, *joined, _ALWAYS] if at else [*equal, *inside]

    def reference(self, variable: int) -> dict[str, str]:
        at, column = self.known[variable]
        return {f"m_{at}": f"c{column}"}

    def ready(self, here: dict[int, int]) -> list[Comparison]:
        """The comparisons whose last variable this pattern binds; they wait no longer."""
        ready = [
            c
            for c in self.waiting
            if all(t.number in here or t.number in self.known for t in _sides(c) if isinstance(t, Variable))
        ]
        self.waiting = [c for c in self.waiting if c not in ready]
        return ready

    def local(self, comparison: Comparison, here: dict[int, int]) -> bool:
        return all(t.number in here for t in _sides(comparison) if isinstance(t, Variable))

    def compare(self, comparison: Comparison, here: dict[int, int]) -> Condition:
        left, sign, right = comparison.left, comparison.sign, comparison.right
        if not (isinstance(left, Variable) and left.number in here):
            left, sign, right = right, _TURNED[sign], left
        assert isinstance(left, Variable)
        if not isinstance(right, Variable):
            return _condition(here[left.number], sign, self.codes.value(right))
        if right.number in here:
            return _condition(here[left.number], sign, {"$m": f"c{here[right.number]}"})
        return _condition(here[left.number], sign, self.reference(right.number))


def in_order(patterns: Sequence[Pattern]) -> Iterator[Pattern]:
    """The most constant pattern first, then always the one that shares most with those before: no needless products."""
    rest = list(patterns)
    bound: set[int] = set()
    while rest:
        pattern = max(rest, key=lambda p: _bonds(p, bound))
        rest.remove(pattern)
        bound.update(t.number for t in pattern.terms if isinstance(t, Variable))
        yield pattern


def _bonds(pattern: Pattern, bound: set[int]) -> tuple[int, int]:
    shared = sum(isinstance(t, Variable) and t.number in bound for t in pattern.terms)
    return shared, sum(not isinstance(t, Variable) for t in pattern.terms)


def _sides(comparison: Comparison) -> tuple[Variable | Value, Variable | Value]:
    return comparison.left, comparison.right


def _possible(comparison: Comparison) -> bool:
    """False for a comparison of two constants that does not hold: its rule is left out."""
    left, right = _sides(comparison)
    return isinstance(left, Variable) or isinstance(right, Variable) or COMPARE[comparison.sign](left, right)


def _condition(column: int, sign: str, right: Any) -> Condition:
    equality = {f"c{column}": right}
    return equality if sign == "=" else {_OPERATORS[sign]: equality}


def _settle(demand: str, kind: str, program: Program, relation: str) -> list[Conditions]:
    columns = range(1, len(program.schema[relation].columns) + 1)
    same: Conditions = [{f"c{column}": {"m_0": f"c{column}"}} for column in columns]
    return [[{"k": demand}], [{"k": kind}, *same, _ALWAYS]]
