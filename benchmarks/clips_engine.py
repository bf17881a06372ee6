"""The same rules in CLIPS 6.4 (clipspy), translated mechanically: the yardstick for the engines of the project.

A relation becomes a deftemplate with slots c1, c2 …, a rule a defrule, «for every row» a `forall`, the ruleset's own
facts a deffacts that `reset` asserts. Codes become strings. Facts go in and out through files: clipspy takes four times
as long to carry them one by one. CLIPS gives back only what is concluded; the engines of the project also give back
every reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import clips

from vsoko_rules.engine.language import (
    ColumnType,
    Comparison,
    CompiledRule,
    Fact,
    Facts,
    Filled,
    Given,
    Pattern,
    Program,
    Relation,
    Value,
    Variable,
)

_TYPES = {ColumnType.CODE: "STRING", ColumnType.INT: "INTEGER", ColumnType.BOOL: "SYMBOL"}
_SIGNS = {">=": ">=", "<=": "<=", ">": ">", "<": "<", "=": "eq", "!=": "neq"}
_SLOT = re.compile(r'c\d+ ("?)(.*?)\1\)')
_RENEWED_AFTER = 50
"""an environment grows with every school, so it is made anew after this many"""


class Clips:
    """Evaluates one program for schools of one kind. Facts are exchanged through files in `folder`."""

    def __init__(self, program: Program, given: Given, folder: Path) -> None:
        self._constructs = [_template(relation) for relation in program.schema.values()]
        self._constructs.append(f"(deffacts given {_text(f for facts in given.facts.values() for f in facts)})")
        self._constructs += [_rule(number, rule) for number, rule in enumerate(program.rules)]
        self._into, self._out = folder / "in.fct", folder / "out.fct"
        concluded = " ".join(r.name for r in program.schema.values() if r.filled is Filled.RULES)
        self._save = f'(save-facts "{self._out.as_posix()}" visible {concluded})'
        self._environment = self._build()
        self._used = 0

    def load(self, facts: Facts) -> None:
        """Start anew with the facts of one case."""
        if self._used >= _RENEWED_AFTER:
            self._environment, self._used = self._build(), 0
        self._used += 1
        self._environment.reset()
        if facts.stated:  # CLIPS refuses an empty file
            self._into.write_text(_text(facts.stated), encoding="utf-8")
            self._environment.load_facts(str(self._into))

    def run(self) -> int:
        """Carry the rules to the fixed point; returns how often one fired."""
        return int(self._environment.run())

    def concluded(self) -> set[Fact]:
        """What is concluded, as facts of the project."""
        self._environment.eval(self._save)
        return {_fact(line) for line in self._out.read_text(encoding="utf-8").splitlines()}

    def _build(self) -> clips.Environment:
        environment = clips.Environment()
        for construct in self._constructs:
            environment.build(construct)
        return environment


def _template(relation: Relation) -> str:
    slots = " ".join(f"(slot c{n} (type {_TYPES[kind]}))" for n, kind in enumerate(relation.columns.values(), 1))
    return f"(deftemplate {relation.name} {slots})"


def _rule(number: int, rule: CompiledRule) -> str:
    parts = [_pattern(pattern) for pattern in rule.patterns]
    parts += [f"(forall {_pattern(every.over)} {_pattern(every.has)})" for every in rule.every]
    parts += [f"(test {_comparison(comparison)})" for comparison in rule.where]
    return f"(defrule r{number} {' '.join(parts)} => (assert {_pattern(rule.head)}))"


def _pattern(pattern: Pattern) -> str:
    return f"({pattern.relation} {' '.join(f'(c{n} {_term(term)})' for n, term in enumerate(pattern.terms, 1))})"


def _comparison(comparison: Comparison) -> str:
    return f"({_SIGNS[comparison.sign]} {_term(comparison.left)} {_term(comparison.right)})"


def _term(term: Variable | Value) -> str:
    if isinstance(term, Variable):
        return f"?v{term.number}"
    if isinstance(term, bool):
        return "TRUE" if term else "FALSE"
    return str(term) if isinstance(term, int) else f'"{term}"'


def _text(facts: Iterable[Fact]) -> str:
    return "".join(
        f"({name} {' '.join(f'(c{n} {_term(value)})' for n, value in enumerate(values, 1))})" for name, *values in facts
    )


def _fact(line: str) -> Fact:
    return (line[1 : line.index(" ")], *(_value(quote, text) for quote, text in _SLOT.findall(line)))


def _value(quote: str, text: str) -> Value:
    if quote:
        return text
    return text == "TRUE" if text in ("TRUE", "FALSE") else int(text)
