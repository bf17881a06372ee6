"""Why something was concluded, and why something expected was not: from the same rules that both engines ran.

A proof is a tree: a conclusion, the rule that gives it, the facts under it, each down to its place in the case or in
the ruleset. What was not concluded is explained by the nearest rules: which of their conditions hold, which fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from vsoko_rules.advice.proof_records import OPEN, Attempt, Compared, Failed, Proof
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.engine.inference import Derivations
from vsoko_rules.engine.language import (
    Comparison,
    CompiledRule,
    Fact,
    Filled,
    Firing,
    Pattern,
    Relation,
    Variable,
    rows,
)
from vsoko_rules.errors import Place
from vsoko_rules.ruleset.ruleset import Ruleset


class Explainer:
    """Explains the conclusions of one case."""

    def __init__(self, case: CaseFile, ruleset: Ruleset, derived: Derivations) -> None:
        self.case = case
        self.ruleset = ruleset
        self.derived = derived
        self.rules = derived.program.rules
        self.schema = derived.program.schema
        self._leaves: dict[Fact, Proof] = {}
        self._beneath: dict[Firing, Sequence[Fact]] = {}
        """the facts under each firing; many proofs share them"""
        self._indexed: dict[tuple[str, int], dict[Any, list[Fact]]] = {}
        """by relation and column, the facts that have each value there"""
        self._attempts: dict[tuple[Fact, int], tuple[Attempt, ...]] = {}
        """what `why_not` found; many explanations ask the same"""

    @cached_property
    def _facts(self) -> Mapping[str, Sequence[Fact]]:
        stated: dict[str, list[Fact]] = {}
        for fact in self.derived.facts.stated:
            stated.setdefault(fact[0], []).append(fact)
        return {**self.derived.facts.given.facts, **stated, **self.derived.by_relation}

    @cached_property
    def _known(self) -> frozenset[Fact]:
        return frozenset(fact for facts in self._facts.values() for fact in facts)

    def holds(self, fact: Fact) -> bool:
        """Whether a fact was stated or concluded. `OPEN` columns match anything."""
        return fact in self._known or any(self._fits(fact, other) for other in self._alike(fact))

    def _alike(self, fact: Fact) -> Sequence[Fact]:
        """The facts among which all that fit `fact` are, in their order: those with the same value in its first column
        that is not open."""
        facts = self._facts.get(fact[0], ())
        number = next((n for n, value in enumerate(fact) if n and value is not OPEN), None)
        if number is None:
            return facts
        index = self._indexed.get((fact[0], number))
        if index is None:
            index = self._indexed[fact[0], number] = {}
            for other in facts:
                index.setdefault(other[number], []).append(other)
        return index.get(fact[number], ())

    def why(self, fact: Fact) -> tuple[Proof, ...]:
        """Every proof of a fact, the shortest first; none when it does not hold."""
        return tuple(sorted(self._proofs(fact, frozenset()), key=lambda p: (p.size, p.rule or "", p.fact)))

    def _proofs(self, fact: Fact, above: frozenset[Fact]) -> Iterator[Proof]:
        if self.schema[fact[0]].filled is not Filled.RULES:
            if fact in self._known:
                yield self._stated(fact)
            return
        if fact in above:
            return
        for firing in self.derived.supports.get(fact, ()):
            premises = self._premises(firing, above | {fact})
            if premises is not None:
                size = 1 + sum(p.size for p in premises)
                yield Proof(fact, self.rules[firing.rule].id, premises, None, size)

    def _stated(self, fact: Fact) -> Proof:
        if fact not in self._leaves:
            self._leaves[fact] = Proof(fact, None, (), self.place(fact), 1)
        return self._leaves[fact]

    def _premises(self, firing: Firing, above: frozenset[Fact]) -> tuple[Proof, ...] | None:
        premises: list[Proof] = []
        if firing not in self._beneath:
            self._beneath[firing] = self.derived.premises(firing)
        for premise in self._beneath[firing]:
            proofs = sorted(self._proofs(premise, above), key=lambda p: (p.size, p.rule or ""))
            if not proofs:
                return None
            premises.append(proofs[0])
        return tuple(premises)

    def place(self, fact: Fact) -> Place | None:
        """Where a stated fact stands in the case, or what the ruleset gives in the ruleset."""
        relation = self.schema[fact[0]]
        if relation.entries is None or len(fact) == 1:
            return None
        entry, code = fact[1], fact[2] if len(fact) > 2 else None
        if relation.filled is Filled.RULESET:
            number = self._numbers(self.ruleset.content, relation.entries).get(entry)
            return None if number is None else self.ruleset.source.place((relation.entries, number))
        if relation.entries == "documents":
            return self._in_document(entry, relation, code)
        if relation.entries == "indicators":
            listed = (c for c in self.case.content.indicators if self._present("indicator", c) == entry)
            return next((self.case.source.place((relation.entries, c)) for c in listed), None)
        number = self._numbers(self.case.content, relation.entries)[entry]
        return self.case.source.place((relation.entries, number, *filter(None, [relation.field])))

    def _in_document(self, document: str, relation: Relation, code: Any) -> Place | None:
        """The place of a code in a list of a document; of the key where the fact is of the document as a whole."""
        if document not in self.case.documents or relation.field is None:
            return None
        if len(relation.columns) != 2:
            return self.case.document_place(document, relation.field)
        column, stated = [*relation.columns][1], getattr(self.case.documents[document], relation.field)
        if stated is None or isinstance(stated, str):
            return self.case.document_place(document, relation.field) if stated else None
        listed = [self._present(column, c) for c in stated]
        return self.case.document_place(document, relation.field, listed.index(code)) if code in listed else None

    def _present(self, column: str, code: str) -> str:
        return self.ruleset.renamed.get(column, {}).get(code, code)

    @staticmethod
    def _numbers(content: object, entries: str) -> Mapping[str, int]:
        return {entry.id: number for number, entry in enumerate(getattr(content, entries))}

    def why_not(self, fact: Fact, depth: int = 4) -> tuple[Attempt, ...]:
        """The rules that could have concluded `fact`, those that lack least first; none when it holds.

        Of two that lack as much, a value that does not compare is nearer than a fact that is not there; then the rule
        that stands first. `OPEN` columns of `fact` may be anything. `depth` bounds how far conditions are explained in
        turn.
        """
        if (fact, depth) not in self._attempts:
            self._attempts[fact, depth] = () if self.holds(fact) else self._nearest_rules(fact, depth)
        return self._attempts[fact, depth]

    def _nearest_rules(self, fact: Fact, depth: int) -> tuple[Attempt, ...]:
        attempts = [a for rule in self.rules if (a := self._attempt(rule, fact, depth)) is not None]
        possible = [a for a in attempts if not any(self._fixed(lacking) for lacking in a.lacking)]
        return tuple(sorted(possible or attempts, key=lambda a: (a.missing, a.absent)))

    def _fixed(self, lacking: Fact | Compared) -> bool:
        """Whether only another ruleset could supply what is lacking: nothing a school can do."""
        return isinstance(lacking, tuple) and self.schema[lacking[0]].filled is Filled.RULESET

    def _attempt(self, rule: CompiledRule, fact: Fact, depth: int) -> Attempt | None:
        bindings: list[Any] = [OPEN] * len(rule.names)
        if rule.head.relation != fact[0]:
            return None
        for term, value in zip(rule.head.terms, fact[1:], strict=True):
            if value is OPEN:
                continue
            if not isinstance(term, Variable):
                if term != value:
                    return None
            elif bindings[term.number] not in (OPEN, value):
                return None
            else:
                bindings[term.number] = value
        holds, fails = self._nearest(rule, rule.patterns, bindings)
        failed = [self._failed(f, depth) if isinstance(f, tuple) else self._compared(rule, f, b) for f, b in fails]
        return Attempt(rule.id, tuple(dict.fromkeys(holds)), tuple(failed))

    def _failed(self, fact: Fact, depth: int) -> Failed:
        derived = self.schema[fact[0]].filled is Filled.RULES
        return Failed(
            self.schema[fact[0]].row(*fact), None, self.why_not(fact, depth - 1) if derived and depth > 0 else ()
        )

    def _compared(self, rule: CompiledRule, comparison: Comparison, bindings: Sequence[Any]) -> Failed:
        sides = (comparison.left, comparison.right)
        left, right = (bindings[side.number] if isinstance(side, Variable) else side for side in sides)
        columns = (
            column
            for pattern in rule.patterns
            for column, term in zip(self.schema[pattern.relation].columns, pattern.terms, strict=True)
            if isinstance(term, Variable) and term in sides
        )
        return Failed(None, Compared(left, comparison.sign, right, next(columns, "")))

    def _nearest(
        self, rule: CompiledRule, patterns: Sequence[Pattern], bindings: list[Any]
    ) -> tuple[list[Fact], list[tuple[Fact | Comparison, list[Any]]]]:
        """The way to join the patterns that fails least: the facts that hold, and what fails under which bindings."""
        if not patterns:
            return self._rest(rule, bindings)
        asked, rest = patterns[0].fact(bindings), patterns[1:]
        best: tuple[list[Fact], list[tuple[Fact | Comparison, list[Any]]]] | None = None
        for fact in self._alike(asked):
            if not self._fits(asked, fact):
                continue
            holds, fails = self._nearest(rule, rest, _bound(patterns[0], fact, bindings))
            if best is None or len(fails) < len(best[1]):
                best = ([fact, *holds], fails)
            if not fails:
                return best
        holds, fails = self._nearest(rule, rest, bindings)
        if best is None or len(fails) + 1 < len(best[1]):
            best = (holds, [(asked, bindings), *fails])
        return best

    def _rest(
        self, rule: CompiledRule, bindings: list[Any]
    ) -> tuple[list[Fact], list[tuple[Fact | Comparison, list[Any]]]]:
        holds: list[Fact] = []
        fails: list[tuple[Fact | Comparison, list[Any]]] = []
        for comparison in rule.where:
            values = [bindings[s.number] if isinstance(s, Variable) else s for s in (comparison.left, comparison.right)]
            if OPEN not in values and not comparison.holds(bindings):
                fails.append((comparison, bindings))
        for every in rule.every:
            for local in rows(every, bindings, self.derived.facts.given.facts):
                fact = every.has.fact(local)
                (holds.append(fact) if self.holds(fact) else fails.append((fact, local)))
        return holds, fails

    @staticmethod
    def _fits(asked: Fact, fact: Fact) -> bool:
        return all(column is OPEN or column == value for column, value in zip(asked, fact, strict=True))


def _bound(pattern: Pattern, fact: Fact, bindings: Sequence[Any]) -> list[Any]:
    extended = list(bindings)
    for term, value in zip(pattern.terms, fact[1:], strict=True):
        if isinstance(term, Variable):
            extended[term.number] = value
    return extended
