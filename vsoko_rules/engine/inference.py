"""One question to one engine or to all of them, and the answer with all its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from itertools import chain
from typing import Protocol, cast
from weakref import WeakKeyDictionary

from vsoko_rules.engine.compiler import Refused
from vsoko_rules.engine.language import Fact, Facts, Firing, Firings, Program, rows
from vsoko_rules.engine.names import ENGINES, EngineName
from vsoko_rules.errors import EnginesDisagree, InputError, Problem, Remedy, RulesetError, argument


class Engine(Protocol):
    """Anything that carries a program to its fixed point on the facts of one case."""

    def infer(self, facts: Facts) -> Firings: ...


class EngineModule(Protocol):
    """What the module of an engine offers."""

    REQUIRES: str
    """what to do where the engine cannot be used, for a person"""
    engine: Callable[[Program], Engine]
    """makes the engine of one program; raises `Refused` for a program beyond its limits"""

    def available(self) -> bool: ...


class Derivations:
    """Everything that was concluded from `facts`, each conclusion with every rule and facts that support it."""

    def __init__(self, program: Program, facts: Facts, firings: Firings, engine: str) -> None:
        self.program = program
        self.facts = facts
        self.firings = firings
        self.engine = engine
        """which engines concluded it: `plain`, `durable` or `both`"""
        self._concluded: dict[str, frozenset[Fact]] = {}

    @cached_property
    def supports(self) -> Mapping[Fact, list[Firing]]:
        """For each concluded fact, sorted, the firings that conclude it, in the order of rules and bindings."""
        firings_of: dict[Fact, list[Firing]] = {}
        for relation in sorted(self.by_relation):
            firings_of |= self.supporting(relation)
        return firings_of

    @cached_property
    def by_relation(self) -> Mapping[str, list[Fact]]:
        """Concluded facts grouped by relation, sorted."""
        return {r: sorted(facts) for r in self.program.concluding if (facts := self.concluded(r))}

    def concluded(self, relation: str) -> frozenset[Fact]:
        """The concluded facts of one relation."""
        facts = self._concluded.get(relation)
        if facts is None:
            heads, fired = self.program.heads, self.firings
            rules = [rule for rule in self.program.concluding.get(relation, ()) if rule in fired]
            facts = frozenset(chain.from_iterable(heads[rule](fired[rule]) for rule in rules))
            self._concluded[relation] = facts
        return facts

    def supporting(self, relation: str) -> Mapping[Fact, list[Firing]]:
        """As `supports`, for the facts of one relation."""
        firings_of: dict[Fact, list[Firing]] = {fact: [] for fact in sorted(self.concluded(relation))}
        for rule in self.program.concluding.get(relation, ()):
            if fired := self.firings.get(rule):
                for fact, bindings in zip(self.program.heads[rule](fired), fired, strict=True):
                    firings_of[fact].append(Firing(rule, bindings))
        for firings in firings_of.values():
            firings.sort()
        return firings_of

    def premises(self, firing: Firing) -> tuple[Fact, ...]:
        """The facts on which one firing rests, in the order of the rule's conditions."""
        rule = self.program.rules[firing.rule]
        bindings = [*firing.bindings, *[None] * (len(rule.names) - len(firing.bindings))]
        facts = [pattern.fact(bindings) for pattern in rule.patterns]
        for every in rule.every:
            for local in rows(every, bindings, self.facts.given.facts):
                facts += [every.over.fact(local), every.has.fact(local)]
        return tuple(dict.fromkeys(facts))


_ENGINE = argument("engine")
_engines: WeakKeyDictionary[Program, dict[EngineName, Engine]] = WeakKeyDictionary()


def conclude(program: Program, facts: Facts, engine: EngineName = EngineName.AUTO) -> Derivations:
    """Everything `program` concludes from `facts`.

    Where several engines conclude, they must agree; raises `EnginesDisagree` naming the first difference. Raises
    `InputError` when an engine is asked for that cannot be used.
    """
    names = _chosen(engine)
    answers = {name: _engine(program, name).infer(facts) for name in names}
    first = answers[names[0]]
    for name, answer in answers.items():
        if answer != first:
            raise _difference(program, {names[0]: first, name: answer})
    return Derivations(program, facts, first, names[0].value if len(names) == 1 else EngineName.BOTH.value)


def _chosen(engine: EngineName) -> list[EngineName]:
    asked = [engine] if engine in ENGINES else ENGINES
    missing = [name for name in asked if not _module(name).available()]
    if missing and engine is not EngineName.AUTO:
        message = f"движок {missing[0].value} не установлен"
        hint = _module(missing[0]).REQUIRES
        raise InputError([Problem(_ENGINE, message, engine.value, hint=hint, remedy=Remedy.PLAIN_ENGINE)])
    return [name for name in asked if name not in missing]


def _module(name: EngineName) -> EngineModule:
    return cast(EngineModule, import_module(f"vsoko_rules.engine.{name.value}"))


def _engine(program: Program, name: EngineName) -> Engine:
    """The engine of that name for the program, made once, because compiling rules is costly.

    Raises `RulesetError` for rules that are past its limits.
    """
    ready = _engines.setdefault(program, {})
    if name not in ready:
        try:
            ready[name] = _module(name).engine(program)
        except Refused as refused:
            hint = f"Методика больше, чем может движок {name.value}."
            problems = [
                Problem(_ENGINE, f.message, f.found, f.expected, hint, Remedy.PLAIN_ENGINE) for f in refused.faults
            ]
            raise RulesetError(problems) from None
    return ready[name]


def _difference(program: Program, answers: Mapping[EngineName, Firings]) -> EnginesDisagree:
    fired = {name: frozenset(_listed(answer)) for name, answer in answers.items()}
    first = min(frozenset.union(*fired.values()) - frozenset.intersection(*fired.values()))
    rule = program.rules[first.rule]
    values = ", ".join(f"{name}={value}" for name, value in zip(rule.names, first.bindings, strict=False))
    which = next(name.value for name, firings in fired.items() if first in firings)
    message = f"движки разошлись: правило «{rule.id}» сработало только в {which}"
    return EnginesDisagree([Problem(_ENGINE, message, values)])


def _listed(firings: Firings) -> Iterator[Firing]:
    return (Firing(rule, bindings) for rule, fired in firings.items() for bindings in fired)
