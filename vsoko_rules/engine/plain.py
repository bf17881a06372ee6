"""The engine that is always there: incremental evaluation of rules with hash joins.

What the case states is known from the start, so a rule that looks only at it is joined once, from its most constant
pattern. Every other rule is entered through its derived patterns: each derived fact is taken from an agenda, added to
the indexes, and joined with what is already there. So each combination of facts is met when its last derived fact
arrives, no round is repeated, and recursion needs no special care.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vsoko_rules.engine.facts import Facts, Given, Index, key_of
from vsoko_rules.engine.language import (
    COMPARE,
    Comparison,
    CompiledRule,
    Every,
    Fact,
    Filled,
    Firing,
    Pattern,
    Program,
    Value,
    Variable,
)

Env = list[Any]
Step = Callable[["_Run", Env], None]
Entry = Callable[["_Run", Fact], None]


class _Run:
    """The changing state of one case."""

    __slots__ = ("agenda", "firings", "indexes", "known")

    def __init__(self, indexes: list[Index]) -> None:
        self.indexes = indexes
        self.known: set[Fact] = set()
        self.agenda: list[Fact] = []
        self.firings: set[Firing] = set()


class Plain:
    """Evaluates one program on any number of cases."""

    name = "plain"

    def __init__(self, program: Program) -> None:
        self._schema = program.schema
        self._indexes: dict[tuple[str, tuple[int, ...]], int] = {}
        self._scans: list[tuple[int, Any, Entry]] = []
        self._entries: dict[str, dict[tuple[int, Any] | None, list[Entry]]] = {}
        for number, rule in enumerate(program.rules):
            self._admit(number, rule)
        self._routes = {
            relation: (tuple({column for route in routes if route for column in route[:1]}), routes)
            for relation, routes in self._entries.items()
        }
        self._fed: dict[str, list[tuple[int, Callable[[Any], Any]]]] = {}
        for (relation, columns), index in self._indexes.items():
            if program.schema[relation].filled is not Filled.RULESET:
                self._fed.setdefault(relation, []).append((index, key_of(columns)))

    def infer(self, facts: Facts) -> frozenset[Firing]:
        """Everything the rules conclude from `facts`, to the fixed point."""
        run = _Run(self._open(facts.given))
        for fact in facts.stated:
            self._insert(run, fact)
        for index, key, entry in self._scans:
            for fact in run.indexes[index].get(key, ()):
                entry(run, fact)
        for fact in run.agenda:  # grows while it is walked
            self._insert(run, fact)
            columns, routes = self._routes.get(fact[0], ((), {}))
            for entry in routes.get(None, ()):
                entry(run, fact)
            for column in columns:
                for entry in routes.get((column, fact[column]), ()):
                    entry(run, fact)
        return frozenset(run.firings)

    def _open(self, given: Given) -> list[Index]:
        ruleset = Filled.RULESET
        return [
            given.index(relation, columns) if self._schema[relation].filled is ruleset else {}
            for relation, columns in self._indexes
        ]

    def _insert(self, run: _Run, fact: Fact) -> None:
        for index, key in self._fed.get(fact[0], ()):
            run.indexes[index].setdefault(key(fact), []).append(fact)

    def _index(self, relation: str, columns: tuple[int, ...]) -> int:
        return self._indexes.setdefault((relation, columns), len(self._indexes))

    def _admit(self, number: int, rule: CompiledRule) -> None:
        derived = [p for p in rule.patterns if self._schema[p.relation].filled is Filled.RULES]
        if not derived:
            first = max(
                (p for p in rule.patterns if self._schema[p.relation].filled is Filled.CASE),
                key=lambda p: sum(not isinstance(t, Variable) for t in p.terms),
            )
            constants = {c: t for c, t in enumerate(first.terms, 1) if not isinstance(t, Variable)}
            key = tuple(constants.values())
            index = self._index(first.relation, tuple(constants))
            self._scans.append((index, key[0] if len(key) == 1 else key, self._entry(number, rule, first)))
        for pattern in [*derived, *(e.has for e in rule.every)]:
            constant = next(((c, t) for c, t in enumerate(pattern.terms, 1) if not isinstance(t, Variable)), None)
            self._entries.setdefault(pattern.relation, {}).setdefault(constant, []).append(
                self._entry(number, rule, pattern)
            )

    def _entry(self, number: int, rule: CompiledRule, first: Pattern) -> Entry:
        """Enter `rule` through a fact that may match `first`, then join the rest, most bound columns first."""
        plan = _Plan(rule, first)
        rest = [p for p in rule.patterns if p is not first]
        joins: list[tuple[Pattern, tuple[int, ...], tuple[int, ...], tuple[tuple[int, int], ...]]] = []
        while rest:
            pattern = max(rest, key=plan.boundness)
            rest.remove(pattern)
            joins.append((pattern, *plan.join(pattern)))
        step = _emit(number, rule, plan)
        for every in rule.every:
            step = _universal(self, rule, every, plan, step)
        for comparison in rule.where:
            step = _compare(comparison, plan, step)
        for pattern, columns, slots, outs in reversed(joins):
            step = _join(self._index(pattern.relation, columns), key_of(slots), outs, pattern, step)
        return _match(first, plan, step)


class _Plan:
    """Where a rule keeps its values while it is joined: its variables first, then its constants."""

    def __init__(self, rule: CompiledRule, first: Pattern) -> None:
        self.template: Env = [None] * len(rule.names)
        self.constants: dict[tuple[type, Value], int] = {}
        self.bound = {t.number for t in first.terms if isinstance(t, Variable)}

    def slot(self, term: Variable | Value) -> int:
        if isinstance(term, Variable):
            return term.number
        slot = self.constants.setdefault((type(term), term), len(self.template))
        if slot == len(self.template):
            self.template.append(term)
        return slot

    def boundness(self, pattern: Pattern) -> int:
        return sum(not isinstance(t, Variable) or t.number in self.bound for t in pattern.terms)

    def join(self, pattern: Pattern) -> tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[int, int], ...]]:
        """Columns to look up by, the slots that hold their values, and the columns that bind new variables."""
        columns: list[int] = []
        slots: list[int] = []
        outs: list[tuple[int, int]] = []
        for column, term in enumerate(pattern.terms, 1):
            if isinstance(term, Variable) and term.number not in self.bound:
                outs.append((column, term.number))
            else:
                columns.append(column)
                slots.append(self.slot(term))
        self.bound.update(variable for _, variable in outs)
        return tuple(columns), tuple(slots), tuple(outs)


def _match(first: Pattern, plan: _Plan, step: Step) -> Entry:
    constants = [(c, t) for c, t in enumerate(first.terms, 1) if not isinstance(t, Variable)]
    binds = [(c, t.number) for c, t in enumerate(first.terms, 1) if isinstance(t, Variable)]
    template = plan.template
    repeated = len({number for _, number in binds}) < len(binds)

    def entry(run: _Run, fact: Fact) -> None:
        for column, value in constants:
            if fact[column] != value:
                return
        env = template.copy()
        for column, variable in binds:
            env[variable] = fact[column]
        if repeated and any(env[variable] != fact[column] for column, variable in binds):
            return
        step(run, env)

    return entry


def _join(index: int, key: Callable[[Any], Any], outs: tuple[tuple[int, int], ...], pattern: Pattern, step: Step) -> Step:
    repeated = len({variable for _, variable in outs}) < len(outs)

    def join(run: _Run, env: Env) -> None:
        for fact in run.indexes[index].get(key(env), ()):
            for column, variable in outs:
                env[variable] = fact[column]
            if repeated and any(env[variable] != fact[column] for column, variable in outs):
                continue
            step(run, env)

    def exists(run: _Run, env: Env) -> None:
        if key(env) in run.indexes[index]:
            step(run, env)

    return join if outs else exists


def _compare(comparison: Comparison, plan: _Plan, step: Step) -> Step:
    left, right = plan.slot(comparison.left), plan.slot(comparison.right)
    holds = COMPARE[comparison.sign]

    def compare(run: _Run, env: Env) -> None:
        if holds(env[left], env[right]):
            step(run, env)

    return compare


def _universal(engine: Plain, rule: CompiledRule, every: Every, plan: _Plan, step: Step) -> Step:
    bound = plan.bound
    plan.bound = set(rule.bound)  # by the time this runs every pattern is joined
    columns, slots, outs = plan.join(every.over)
    plan.bound = bound
    over, over_key = engine._index(every.over.relation, columns), key_of(slots)
    has_slots = tuple(plan.slot(term) for term in every.has.terms)
    has = engine._index(every.has.relation, tuple(range(1, len(has_slots) + 1)))
    has_key = key_of(has_slots)

    def universal(run: _Run, env: Env) -> None:
        there = run.indexes[has]
        for fact in run.indexes[over].get(over_key(env), ()):
            for column, variable in outs:
                env[variable] = fact[column]
            if has_key(env) not in there and all(env[variable] == fact[column] for column, variable in outs):
                return
        step(run, env)

    return universal


def _emit(number: int, rule: CompiledRule, plan: _Plan) -> Step:
    bound = len(rule.bound)
    relation = rule.head.relation
    slots = tuple(plan.slot(term) for term in rule.head.terms)

    def emit(run: _Run, env: Env) -> None:
        firing = Firing(number, tuple(env[:bound]))
        if firing not in run.firings:
            run.firings.add(firing)
            fact = (relation, *(env[slot] for slot in slots))
            if fact not in run.known:
                run.known.add(fact)
                run.agenda.append(fact)

    return emit
