"""The second judge: the same rules on durable-rules 2.0.28, which joins facts in a network of its own, written in C.

That library is right on a narrow path and silently wrong beside it, so it is used only inside a fence:

- Facts hold nothing but short codes («c17»), whole numbers and truth values. Every code of a ruleset or a case becomes
  such a short one before it enters, and a fact is found again by its number: no text of a user reaches the C core.
- Rules are joins of positive patterns (see `lowering`). «For every row» is positive too: what each row asks for becomes
  a fact of its own, a demand, which the library joins with the fact that settles it.
- Actions only note what matched. What follows from it goes in as the next batch, until nothing follows: this is three
  times faster than one fact at a time, and nothing changes under an action that runs.
- A case is one session with a number of its own, deleted on every path. It begins with a heartbeat, since deleting a
  session in which nothing ran crashes, and ends with another, which must come through: when an action takes over ten
  seconds or the clock is set, the library drops the rest of its work without a word.
- Errors in actions are kept and raised after the call; the library would swallow them.
- The stock host runs timers in threads, which crash with deleted sessions; ours has none, and one case runs at a time.
"""

from __future__ import annotations

import itertools
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any, Final

from vsoko_rules.engine.durable_limits import Conditions
from vsoko_rules.engine.language import (
    Bindings,
    CompiledRule,
    Every,
    Fact,
    Facts,
    Filled,
    Firing,
    Firings,
    Given,
    Program,
    Value,
    Variable,
    rows,
)
from vsoko_rules.engine.lowering import PULSE, Lowered, LoweredRule, lower
from vsoko_rules.engine.relevance import Relevance, Relevant
from vsoko_rules.engine.short_codes import Batch, Codes, Row

Take = Callable[["_Case", list[str]], None]
"""what an action does with the numbers of the facts that matched"""

_NAME: Final = "vsoko"
_AT_ONCE: Final = 1000
"""matches that one action is given at most"""

_ONE_AT_A_TIME: Final = threading.Lock()
_SESSIONS: Final = itertools.count(1)


class Stopped(Exception):
    """The library left work undone, so its answer cannot be used."""


def available() -> bool:
    """Whether durable-rules can be imported. (On Python 3.13 it installs and then fails to import.)"""
    try:
        import_module("durable.engine")
    except ImportError:
        return False
    return True


class Durable:
    """Evaluates one program on any number of cases. Raises `Refused` for a program beyond the library's limits and
    `ImportError` where the library is missing. The compiled rules are freed with the object."""

    def __init__(self, program: Program) -> None:
        self.schema = program.schema  # not the program: whoever keeps engines by program could never let go of it
        self.lowered = lower(program)
        self.rules = program.rules
        self.everys = tuple(tuple(_Owing(every, rule) for every in rule.every) for rule in program.rules)
        self._relevance = Relevance(program)
        self._static: weakref.WeakKeyDictionary[Given, _Static] = weakref.WeakKeyDictionary()
        self._running: list[_Case] = []
        self._host = _compile(self.lowered, self._running)
        free = weakref.finalize(self, import_module("durable_rules_engine").delete_ruleset, _handle(self._host))
        free.atexit = False

    def infer(self, facts: Facts) -> Firings:
        """Everything the rules conclude from `facts`, to the fixed point. Raises `Stopped` rather than answer in part,
        and `ValueError` for facts that do not fit the schema."""
        with _ONE_AT_A_TIME, _quiet():
            case = _Case(self, facts)
            self._running.append(case)
            try:
                _run(self._host, case)
            finally:
                self._running.clear()
        return case.firings

    def prepared(self, given: Given) -> _Static:
        """The facts of the ruleset that rules read, made ready once for all schools of a kind."""
        static = self._static.get(given)
        if static is None:
            batch = Batch(Codes(self.lowered.codes), {}, [])
            for relation, kind in self.lowered.kinds.items():
                if self.schema[relation].filled is Filled.RULESET:
                    columns = self.schema[relation].columns
                    batch.rows += [batch.row(kind, fact, columns) for fact in given.facts.get(relation, ())]
            static = self._static[given] = _Static(batch, self._relevance.of(given))
        return static


engine = Durable
REQUIRES: Final = "Установите vsoko-rules[durable] на Python до 3.13."


class _Static:
    """Facts of the ruleset, ready to be sent, of which a case gets those that may matter to it."""

    def __init__(self, batch: Batch, relevant: Relevant) -> None:
        self.codes, self.met, self.rows = batch.codes, batch.met, batch.rows
        self.relevant = relevant

    def rows_for(self, stated: Sequence[Fact]) -> Iterator[Row]:
        relevant = self.relevant.to(stated)
        return (row for row, fact in zip(self.rows, self.met.values(), strict=True) if fact in relevant)


class _Owing:
    """What «for every row» asks under given bindings."""

    def __init__(self, every: Every, rule: CompiledRule) -> None:
        self.every = every
        self.open = len(rule.names) - len(rule.bound)
        fixed = [
            (column, term)
            for column, term in enumerate(every.over.terms, 1)
            if not (isinstance(term, Variable) and term.number in every.local)
        ]
        self.columns = tuple(column for column, _ in fixed)
        self.terms = tuple(term for _, term in fixed)

    def facts(self, bindings: Sequence[Value], given: Given) -> Iterator[Fact]:
        values = tuple(bindings[t.number] if isinstance(t, Variable) else t for t in self.terms)
        relation = self.every.over.relation
        near = given.index(relation, self.columns).get(values[0] if len(values) == 1 else values, [])
        for row in rows(self.every, [*bindings, *[None] * self.open], {relation: near}):
            yield self.every.has.fact(row)


class _Case:
    """One session: the facts that were sent, what the rules concluded, and what is still owed."""

    def __init__(self, engine: Durable, facts: Facts) -> None:
        static = engine.prepared(facts.given)
        self.engine = engine
        self.given = facts.given
        self.session = str(next(_SESSIONS))
        codes = Codes(static.codes, facts.stated)
        self.batch = Batch(
            codes, static.met.copy(), [{**row, "sid": self.session} for row in static.rows_for(facts.stated)]
        )
        for fact in facts.stated:
            relation = fact[0]
            if relation in engine.lowered.kinds and engine.schema[relation].filled is not Filled.RULESET:
                self.batch.rows.append(self.row(engine.lowered.kinds[relation], fact))
        self.firings: dict[int, set[Bindings]] = {}
        self.concluded: set[Fact] = set()
        self.demanded: dict[Fact, set[Firing]] = {}
        """for each fact that an `every` asked for, the firings that wait for it"""
        self.missing: dict[Firing, set[Fact]] = {}
        """for each firing that waits, what it waits for"""
        self.settled: set[Fact] = set()
        self.pulses = 0
        self.error: BaseException | None = None

    def rows(self) -> list[Row]:
        """What was not sent yet."""
        rows, self.batch.rows = self.batch.rows, []
        return rows

    def row(self, kind: str, fact: Fact) -> Row:
        row = self.batch.row(kind, fact, self.engine.schema[fact[0]].columns)
        row["sid"] = self.session
        return row

    def pulse(self) -> Row:
        return {**self.batch.row(PULSE, (PULSE,), ()), "sid": self.session}

    def beat(self, *_: object) -> None:
        """The library is at work: once at the beginning of the session, once at the end."""
        self.pulses += 1

    def match(self, ids: list[str], join: LoweredRule) -> None:
        """The patterns of a rule hold: conclude, or ask for the facts that an `every` of it needs."""
        facts = [self.batch.met[i] for i in ids]
        firing = Firing(join.rule, tuple(facts[at][column] for at, column in join.places))
        everys = self.engine.everys[join.rule]
        missing = {fact for e in everys for fact in e.facts(firing.bindings, self.given)} - self.settled
        if not missing:
            self.conclude(firing)
            return
        self.missing[firing] = missing
        for fact in sorted(missing):
            if fact not in self.demanded:
                self.demanded[fact] = set()
                self.batch.rows.append(self.row(self.engine.lowered.demands[fact[0]], fact))
            self.demanded[fact].add(firing)

    def settle(self, ids: list[str]) -> None:
        """A demand met its fact."""
        fact = self.batch.met[ids[0]]
        self.settled.add(fact)
        for firing in sorted(self.demanded[fact]):
            self.missing[firing].discard(fact)
            if not self.missing[firing]:
                self.conclude(firing)

    def conclude(self, firing: Firing) -> None:
        self.firings.setdefault(firing.rule, set()).add(firing.bindings)
        head = self.engine.rules[firing.rule].head.fact(firing.bindings)
        if head not in self.concluded and head[0] in self.engine.lowered.kinds:
            self.concluded.add(head)
            self.batch.rows.append(self.row(self.engine.lowered.kinds[head[0]], head))


def _compile(lowered: Lowered, running: list[_Case]) -> Any:
    """The host with its one ruleset. `running` holds the case whose session is open."""
    definition = {
        f"r{join.rule}": _rule(patterns, running, partial(_Case.match, join=join)) for join, patterns in lowered.joins
    }
    for name, patterns in lowered.service.items():
        definition[name] = _rule(patterns, running, _Case.beat if name == PULSE else _Case.settle)
    host = type("Host", (import_module("durable.engine").Host,), {"_run": lambda _: None})()
    host.register_rulesets({_NAME: definition})
    return host


def _rule(patterns: Sequence[Conditions], running: list[_Case], take: Take) -> dict[str, Any]:
    names = [f"m_{at}" for at in range(len(patterns))]

    def action(c: Any) -> None:
        case = running[0]
        try:
            for match in c.m:
                if case.error is None:
                    take(case, [match[name].id for name in names])
        except BaseException as error:  # the library would swallow even SystemExit
            case.error = error

    matches = [{name: {"$and": conditions}} for name, conditions in zip(names, patterns, strict=True)]
    return {"all": matches, "cap": _AT_ONCE, "dist": 0, "run": action}


def _run(host: Any, case: _Case) -> None:
    try:
        host.assert_fact(_NAME, case.pulse())  # alone, so that the session can be deleted whatever comes
        while case.error is None and (rows := case.rows()):  # an empty batch crashes
            host.assert_facts(_NAME, rows)
        host.assert_fact(_NAME, case.pulse())
    finally:
        if case.pulses:
            host.delete_state(_NAME, case.session)
    if case.error is not None:
        raise case.error
    if case.pulses != 2 or case.rows():
        raise Stopped("durable-rules stopped before the end of the session")


def _handle(host: Any) -> int:
    handle: int = host.get_ruleset(_NAME)._handle
    return handle


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warning that the library causes at each action on Python 3.12."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r".*utcfromtimestamp", DeprecationWarning, r"durable\.engine\Z")
        yield
