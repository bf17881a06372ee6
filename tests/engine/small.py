"""A small field for tests of the engines: papers of folders, and a reference engine that is slow and plain to see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from vsoko_rules.engine.compiler import compile_rule
from vsoko_rules.engine.inference import Engine
from vsoko_rules.engine.language import (
    COMPARE,
    ColumnType,
    CompiledRule,
    Every,
    Fact,
    Facts,
    Filled,
    Firing,
    Firings,
    Given,
    Pattern,
    Program,
    Relation,
    Schema,
    Term,
    Variable,
)

CODE, INT, BOOL = ColumnType.CODE, ColumnType.INT, ColumnType.BOOL

SCHEMA: Schema = {
    r.name: r
    for r in (
        Relation("wants", Filled.RULESET, {"folder": CODE, "mark": CODE}),
        Relation("twins", Filled.RULESET, {"one": CODE, "other": CODE}),
        Relation("paper", Filled.CASE, {"paper": CODE, "signed": BOOL, "day": INT}),
        Relation("lies", Filled.CASE, {"paper": CODE, "folder": CODE}),
        Relation("has", Filled.CASE, {"paper": CODE, "mark": CODE}),
        Relation("cites", Filled.CASE, {"paper": CODE, "cited": CODE}),
        Relation("good", Filled.RULES, {"paper": CODE, "folder": CODE}),
        Relation("marked", Filled.RULES, {"paper": CODE, "mark": CODE}),
        Relation("reaches", Filled.RULES, {"paper": CODE, "reached": CODE}),
        Relation("told", Filled.RULES, {"topic": CODE, "subject": CODE}),
    )
}


def rule(*when: Mapping[str, Any], then: Mapping[str, Any], where: Iterable[str] = ()) -> CompiledRule:
    """One checked rule over `SCHEMA`."""
    return compile_rule(SCHEMA, "rule", when, tuple(where), then)


def program(*rules: CompiledRule) -> Program:
    return Program(SCHEMA, rules)


def fired(engine: Engine, facts: Facts) -> frozenset[Firing]:
    """Every rule that held, once for each set of bindings."""
    return frozenset(Firing(rule, b) for rule, bindings in engine.infer(facts).items() for b in bindings)


def concluded(engine: Engine, rules: Program, given: Iterable[Fact], stated: Iterable[Fact]) -> set[Fact]:
    """The facts that the rules conclude, whatever concludes them."""
    firings = fired(engine, Facts(Given(given), stated))
    assert all(len(bindings) == len(rules.rules[number].bound) for number, bindings in firings)
    return {rules.rules[number].head.fact(bindings) for number, bindings in firings}


class Reference:
    """Every rule against every combination of facts, again and again until nothing is new."""

    name = "reference"

    def __init__(self, rules: Program) -> None:
        self.rules = rules

    def infer(self, facts: Facts) -> Firings:
        given = [fact for rows in facts.given.facts.values() for fact in rows]
        known = {*given, *facts.stated}
        while True:
            firings = {f for number, r in enumerate(self.rules.rules) for f in _firings(number, r, known, given)}
            heads = {self.rules.rules[f.rule].head.fact(f.bindings) for f in firings}
            if heads <= known:
                return {rule: {f.bindings for f in firings if f.rule == rule} for rule in {f.rule for f in firings}}
            known |= heads


def _firings(number: int, r: CompiledRule, known: set[Fact], given: list[Fact]) -> Iterator[Firing]:
    for values in _combinations(r.patterns, known, {}):
        if all(COMPARE[c.sign](_value(c.left, values), _value(c.right, values)) for c in r.where) and all(
            _holds(every, known, given, values) for every in r.every
        ):
            yield Firing(number, tuple(values[variable] for variable in r.bound))


def _combinations(
    patterns: tuple[Pattern, ...], known: Iterable[Fact], values: dict[int, Any]
) -> Iterator[dict[int, Any]]:
    if not patterns:
        yield values
        return
    for fact in known:
        longer = _matched(patterns[0], fact, values)
        if longer is not None:
            yield from _combinations(patterns[1:], known, longer)


def _holds(every: Every, known: set[Fact], given: list[Fact], values: dict[int, Any]) -> bool:
    rows = (_matched(every.over, fact, values) for fact in given)
    return all(
        (every.has.relation, *(_value(t, row) for t in every.has.terms)) in known for row in rows if row is not None
    )


def _matched(pattern: Pattern, fact: Fact, values: dict[int, Any]) -> dict[int, Any] | None:
    if fact[0] != pattern.relation:
        return None
    longer = dict(values)
    for term, value in zip(pattern.terms, fact[1:], strict=True):
        if not isinstance(term, Variable):
            if term != value:
                return None
        elif longer.setdefault(term.number, value) != value:
            return None
    return longer


def _value(term: Term, values: dict[int, Any]) -> Any:
    return values[term.number] if isinstance(term, Variable) else term
