"""One question to one engine or to both, and the answer with all its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Protocol
from weakref import WeakKeyDictionary

from vsoko_rules.engine import durable
from vsoko_rules.engine.compiler import Refused
from vsoko_rules.engine.facts import Facts
from vsoko_rules.engine.language import Fact, Firing, Program, rows
from vsoko_rules.engine.names import EngineName
from vsoko_rules.engine.plain import Plain
from vsoko_rules.errors import EnginesDisagree, InputError, Problem, Remedy, RulesetError, argument


class Engine(Protocol):
    """Anything that carries a program to its fixed point on the facts of one case."""

    name: str

    def infer(self, facts: Facts) -> frozenset[Firing]: ...


class Derivations:
    """Everything that was concluded from `facts`, each conclusion with every rule and facts that support it."""

    def __init__(self, program: Program, facts: Facts, firings: frozenset[Firing], engine: str) -> None:
        self.program = program
        self.facts = facts
        self.firings = firings
        self.engine = engine
        """which engines concluded it: `plain`, `durable` or `both`"""

    @cached_property
    def supports(self) -> Mapping[Fact, list[Firing]]:
        """For each concluded fact, sorted, the firings that conclude it, in the order of rules and bindings."""
        found: dict[Fact, list[Firing]] = {}
        for relation in sorted(self.by_relation):
            found |= self.supporting(relation)
        return found

    @cached_property
    def by_relation(self) -> Mapping[str, list[Fact]]:
        """Concluded facts grouped by relation, sorted."""
        heads = self.program.heads
        found: dict[str, list[Fact]] = {}
        for fact in {heads[rule](bindings) for rule, bindings in self.firings}:
            found.setdefault(fact[0], []).append(fact)
        for facts in found.values():
            facts.sort()
        return found

    def supporting(self, relation: str) -> Mapping[Fact, list[Firing]]:
        """As `supports`, for the facts of one relation."""
        rules, heads = self.program.rules, self.program.heads
        found: dict[Fact, list[Firing]] = {fact: [] for fact in self.by_relation.get(relation, ())}
        for firing in self.firings:
            if rules[firing.rule].head.relation == relation:
                found[heads[firing.rule](firing.bindings)].append(firing)
        for firings in found.values():
            firings.sort()
        return found

    def premises(self, firing: Firing) -> tuple[Fact, ...]:
        """The facts on which one firing rests, in the order of the rule's conditions."""
        rule = self.program.rules[firing.rule]
        bindings = [*firing.bindings, *[None] * (len(rule.names) - len(firing.bindings))]
        found = [pattern.fact(bindings) for pattern in rule.patterns]
        for every in rule.every:
            for local in rows(every, bindings, self.facts.given.facts):
                found += [every.over.fact(local), every.has.fact(local)]
        return tuple(dict.fromkeys(found))


_ENGINE = argument("engine")
_engines: WeakKeyDictionary[Program, dict[str, Engine]] = WeakKeyDictionary()


def conclude(program: Program, facts: Facts, engine: EngineName = EngineName.AUTO) -> Derivations:
    """Everything `program` concludes from `facts`.

    With `both` the two engines must agree; raises `EnginesDisagree` naming the first difference. Raises `InputError`
    when durable-rules is asked for and cannot be imported.
    """
    chosen = engine
    if engine is EngineName.AUTO:
        chosen = EngineName.BOTH if durable.available() else EngineName.PLAIN
    elif engine is not EngineName.PLAIN and not durable.available():
        message = "движок durable-rules не установлен"
        hint = "Установите vsoko-rules[durable] на Python до 3.13."
        raise InputError([Problem(_ENGINE, message, engine.value, hint=hint, remedy=Remedy.PLAIN_ENGINE)])
    names = ("plain", "durable") if chosen is EngineName.BOTH else (chosen.value,)
    answers = [_engine(program, name).infer(facts) for name in names]
    if len(answers) == 2 and answers[0] != answers[1]:
        raise _difference(program, *answers)
    return Derivations(program, facts, answers[0], chosen.value)


def _engine(program: Program, name: str) -> Engine:
    """The engine of that name for the program, made once, because compiling rules is costly.

    Raises `RulesetError` for rules that are past the limits of durable-rules.
    """
    made = _engines.setdefault(program, {})
    if name not in made:
        try:
            made[name] = Plain(program) if name == "plain" else durable.Durable(program)
        except Refused as refused:
            hint = "Методика больше, чем может durable-rules."
            problems = [
                Problem(_ENGINE, f.message, f.found, f.expected, hint, Remedy.PLAIN_ENGINE) for f in refused.faults
            ]
            raise RulesetError(problems) from None
    return made[name]


def _difference(program: Program, plain: frozenset[Firing], other: frozenset[Firing]) -> EnginesDisagree:
    first = min(plain ^ other)
    rule = program.rules[first.rule]
    values = ", ".join(f"{name}={value}" for name, value in zip(rule.names, first.bindings, strict=False))
    which = "plain" if first in plain else "durable"
    message = f"движки разошлись: правило «{rule.id}» сработало только в {which}"
    return EnginesDisagree([Problem(_ENGINE, message, values)])
