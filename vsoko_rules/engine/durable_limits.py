"""Where durable-rules would hang, crash or read foreign memory: what is counted before a program reaches it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from vsoko_rules.engine.compiler import Fault
from vsoko_rules.engine.language import MOST_PATTERNS, Program

MOST_CONDITIONS: Final = 28
"""joins in one pattern; the library holds 31 entries, three of which are taken (and, u, end)"""

MOST_COLUMNS: Final = 240
"""columns of a relation; an object has at most 253 keys"""

MOST_SIBLINGS: Final = 500
"""different next conditions after the same beginning; the library hangs at 512"""

MOST_ALIKE: Final = 250
"""patterns with the same conditions; the library crashes at 256"""

MOST_OPEN: Final = 64
"""conditions true of one fact that the library keeps open at a time (error 303)"""

Condition = dict[str, Any]
Conditions = list[Condition]


def rule_faults(program: Program) -> Iterator[Fault]:
    """Rules and relations that are each too wide for it."""
    for rule in program.rules:
        if len(rule.patterns) > MOST_PATTERNS:
            excess = f"{rule.id}: {len(rule.patterns)}"
            yield Fault(("when",), "условий больше, чем принимает durable-rules", excess, f"не больше {MOST_PATTERNS}")
        for pattern in (*rule.patterns, *(every.has for every in rule.every)):
            widest = len(pattern.terms) + len(rule.where)
            if widest > MOST_CONDITIONS:
                excess = f"{rule.id}, {pattern.relation}: {widest}"
                message = "столбцов и сравнений больше, чем принимает durable-rules"
                yield Fault(("when",), message, excess, f"не больше {MOST_CONDITIONS}")
    for relation in program.schema.values():
        if len(relation.columns) > MOST_COLUMNS:
            yield Fault((), "столбцов больше, чем принимает durable-rules", relation.name, f"не больше {MOST_COLUMNS}")


class _Node:
    """A place in the tree into which the library sorts conditions: patterns that begin alike share their beginning."""

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.columns: set[str] = set()
        self.others = 0
        self.ends = 0

    def add(self, conditions: Iterable[Condition]) -> None:
        node = self
        for condition in conditions:
            node = node._step(condition)
        node.ends += 1

    def _step(self, condition: Condition) -> _Node:
        ((key, right),) = condition.items()
        named = right if key.startswith("$") else condition
        alone = any(isinstance(value, dict) for value in named.values())  # refers to a fact: never shared
        path = f"{len(self.next)}" if alone else json.dumps(condition)
        if path not in self.next:
            if alone or named is not condition:
                self.others += 1
            else:
                self.columns.add(key)  # of the constants of one column one at most is true
            self.next[path] = _Node()
        return self.next[path]

    def open(self) -> int:
        """How many conditions may be open at a time for one fact, at worst."""
        true = len(self.columns) + self.others
        return max([true, *(true - 1 + node.open() for node in self.next.values())])

    def nodes(self) -> Iterator[_Node]:
        yield self
        for node in self.next.values():
            yield from node.nodes()


def crowding(patterns: Iterable[Conditions]) -> Iterator[Fault]:
    """Where patterns, in their order, are too many for it together."""
    root = _Node()
    for pattern in patterns:
        root.add(pattern)
    nodes = list(root.nodes())
    for number, most, message in (
        (root.open(), MOST_OPEN, "один факт подходит под слишком много условий разных правил"),
        (max(len(node.next) for node in nodes), MOST_SIBLINGS, "слишком много условий с одинаковым началом"),
        (max(node.ends for node in nodes), MOST_ALIKE, "слишком много одинаковых условий в разных правилах"),
    ):
        if number > most:
            yield Fault(("when",), f"{message} для durable-rules", str(number), f"не больше {most}")
