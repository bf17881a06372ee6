"""Which facts of the ruleset can matter to a case at all, for an engine that has to be sent every fact anew.

A rule in which a fact of the ruleset shares a variable with what the case states can only match where the case states
that value: of what an element requires nothing is sent when no document serves the element.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vsoko_rules.engine.language import CompiledRule, Fact, Filled, Given, Pattern, Program, Value, Variable


@dataclass(frozen=True, slots=True)
class _Use:
    """A pattern of a rule that looks at facts of the ruleset."""

    pattern: Pattern
    column: int
    """the column whose value the case has to state; 0: every fact that the pattern takes may matter"""
    stated: tuple[str, int]
    """the relation and the column in which the case states it"""

    def takes(self, fact: Fact) -> bool:
        terms = self.pattern.terms
        return all(isinstance(t, Variable) or t == value for t, value in zip(terms, fact[1:], strict=True))


class Relevance:
    """The uses that the rules of one program make of facts of the ruleset."""

    def __init__(self, program: Program) -> None:
        self.uses = [use for rule in program.rules for use in _uses(rule, program)]

    def of(self, given: Given) -> Relevant:
        """The same for the facts of one kind of school."""
        return Relevant(self.uses, given)


class Relevant:
    """Facts of the ruleset by what a case has to state for them to matter."""

    def __init__(self, uses: Sequence[_Use], given: Given) -> None:
        self.always: set[Fact] = set()
        self.by_value: dict[tuple[str, int], dict[Value, set[Fact]]] = {}
        for use in uses:
            for fact in filter(use.takes, given.facts.get(use.pattern.relation, ())):
                if use.column:
                    values = self.by_value.setdefault(use.stated, {})
                    values.setdefault(fact[use.column], set()).add(fact)
                else:
                    self.always.add(fact)

    def to(self, stated: Sequence[Fact]) -> set[Fact]:
        """The facts that may matter to a case which states these."""
        relevant = set(self.always)
        for (relation, column), values in self.by_value.items():
            for value in {fact[column] for fact in stated if fact[0] == relation}:
                relevant.update(values.get(value, ()))
        return relevant


def _uses(rule: CompiledRule, program: Program) -> Iterator[_Use]:
    filled = {p.relation: program.schema[p.relation].filled for p in rule.patterns}
    places: dict[Variable | Value, tuple[str, int]] = {
        term: (p.relation, column)
        for p in rule.patterns
        if filled[p.relation] is Filled.CASE
        for column, term in enumerate(p.terms, 1)
        if isinstance(term, Variable)
    }
    for pattern in rule.patterns:
        if filled[pattern.relation] is Filled.RULESET:
            shared = ((column, places[t]) for column, t in enumerate(pattern.terms, 1) if t in places)
            yield _Use(pattern, *next(shared, (0, ("", 0))))
