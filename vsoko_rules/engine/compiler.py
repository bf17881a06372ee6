"""From a rule written as data to one that engines can run: all faults are found at once, each with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vsoko_rules.engine.language import (
    MOST_PATTERNS,
    ColumnType,
    Comparison,
    CompiledRule,
    Every,
    Filled,
    Pattern,
    Schema,
    Term,
    Variable,
)

_WHERE = re.compile(r"(\$?[\w.\-]+)\s*(>=|<=|!=|>|<|=)\s*(\$?[\w.\-]+)\Z")
_VARIABLE = re.compile(r"\$[a-z_][a-z0-9_]*\Z")
_INTEGER = re.compile(r"-?\d{1,9}\Z")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a rule, and where inside it: a path of keys and indexes from the rule."""

    path: tuple[str | int, ...]
    message: str
    found: str | None = None
    expected: str | None = None


class Refused(Exception):
    """A rule cannot be compiled; `faults` say why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f.message for f in faults))
        self.faults = tuple(faults)


def compile_rule(
    schema: Schema,
    rule_id: str,
    when: Sequence[Mapping[str, Any]],
    where: Sequence[str],
    then: Mapping[str, Mapping[str, Any]],
) -> CompiledRule:
    """Check one rule written as data and number its variables. Raises `Refused` with every fault found."""
    return _Compiler(schema, rule_id).compile(when, where, then)


class _Compiler:
    def __init__(self, schema: Schema, rule_id: str) -> None:
        self.schema = schema
        self.rule_id = rule_id
        self.faults: list[Fault] = []
        self.numbers: dict[str, int] = {}
        self.types: dict[int, ColumnType] = {}

    def compile(
        self, when: Sequence[Mapping[str, Any]], where: Sequence[str], then: Mapping[str, Mapping[str, Any]]
    ) -> CompiledRule:
        patterns = [
            p for i, entry in enumerate(when) if "every" not in entry and (p := self.pattern(entry, ("when", i)))
        ]
        bound = tuple(range(len(self.numbers)))
        every = [
            e
            for i, entry in enumerate(when)
            if "every" in entry and (e := self.universal(entry, ("when", i), len(bound)))
        ]
        comparisons = [c for i, text in enumerate(where) if (c := self.comparison(text, ("where", i), len(bound)))]
        head = self.pattern(then, ("then",), open_columns=False)
        if head is not None:
            self.check_head(head, len(bound))
        if not patterns:
            self.fault(("when",), "в правиле нет ни одного условия", expected="хотя бы одно условие")
        elif not any(self.schema[p.relation].filled is not Filled.RULESET for p in patterns):
            self.fault(("when",), "правило не смотрит в документы школы", expected="условие о том, что есть у школы")
        if len(when) > MOST_PATTERNS:
            self.fault(("when",), "слишком много условий", str(len(when)), f"не больше {MOST_PATTERNS}")
        if self.faults or head is None:
            raise Refused(self.faults)
        return CompiledRule(
            self.rule_id, tuple(patterns), tuple(every), tuple(comparisons), head, tuple(self.numbers), bound
        )

    def fault(
        self, path: tuple[str | int, ...], message: str, found: str | None = None, expected: str | None = None
    ) -> None:
        self.faults.append(Fault(path, message, found, expected))

    def pattern(self, entry: Any, path: tuple[str | int, ...], open_columns: bool = True) -> Pattern | None:
        if not isinstance(entry, Mapping) or len(entry) != 1:
            found = ", ".join(entry) if isinstance(entry, Mapping) else str(entry)
            self.fault(path, "условие записано не так", found, "одно отношение: «serves: {document: $d, …}»")
            return None
        ((name, columns),) = entry.items()
        relation = self.schema.get(name)
        if relation is None:
            self.fault((*path, name), "неизвестное отношение", name, "одно из: " + ", ".join(sorted(self.schema)))
            return None
        if not isinstance(columns, Mapping):
            self.fault((*path, name), "столбцы записаны не так", str(columns), "набор «столбец: значение»")
            return None
        for column in columns:
            if column not in relation.columns:
                expected = "один из: " + ", ".join(relation.columns)
                self.fault((*path, name, column), f"у отношения «{name}» нет такого столбца", column, expected)
        terms: list[Term] = []
        for column, column_type in relation.columns.items():
            if column in columns:
                terms.append(self.term(columns[column], column_type, (*path, name, column)))
            elif open_columns:
                terms.append(self.variable(f"_{len(self.numbers)}", column_type, path))
            else:
                self.fault((*path, name), "в выводе назван не каждый столбец", column, ", ".join(relation.columns))
                return None
        return Pattern(name, tuple(terms))

    def universal(self, entry: Mapping[str, Any], path: tuple[str | int, ...], bound: int) -> Every | None:
        if set(entry) != {"every", "has"}:
            self.fault(path, "условие «для каждого» записано не так", ", ".join(entry), "ключи every и has")
            return None
        over = self.pattern(entry["every"], (*path, "every"))
        has = self.pattern(entry["has"], (*path, "has"), open_columns=False)
        if over is None or has is None:
            return None
        if self.schema[over.relation].filled is not Filled.RULESET:
            self.fault((*path, "every"), "«для каждого» — только по тому, что задаёт методика", over.relation)
        if self.schema[has.relation].filled is Filled.RULESET:
            self.fault((*path, "has"), "проверяется то, что задаёт сама методика", has.relation)
        local = {t.number for t in over.terms if isinstance(t, Variable) and t.number >= bound}
        for term in has.terms:
            if isinstance(term, Variable) and term.number >= bound and term.number not in local:
                name = list(self.numbers)[term.number]
                self.fault((*path, "has"), "переменная нигде не получает значения", name)
        return Every(over, has, tuple(sorted(local)))

    def comparison(self, text: str, path: tuple[str | int, ...], bound: int) -> Comparison | None:
        match = _WHERE.match(text)
        if match is None:
            self.fault(path, "сравнение записано не так", text, "например «$later >= $earlier» или «$n < 20»")
            return None
        left, sign, right = match.groups()
        sides = [self.side(side, path, bound) for side in (left, right)]
        if None in sides:
            return None
        (left_term, left_type), (right_term, right_type) = (side for side in sides if side is not None)
        kinds = {left_type, right_type}
        ordered = sign not in ("=", "!=")
        if len(kinds) > 1 or (ordered and kinds != {ColumnType.INT}):
            self.fault(path, "так сравнивать нельзя", text, "числа между собой; коды — только знаками = и !=")
            return None
        return Comparison(left_term, sign, right_term)

    def side(self, text: str, path: tuple[str | int, ...], bound: int) -> tuple[Term, ColumnType] | None:
        if not text.startswith("$"):
            return (int(text), ColumnType.INT) if _INTEGER.match(text) else (text, ColumnType.CODE)
        number = self.numbers.get(text)
        if number is None or number >= bound:
            self.fault(path, "переменная сравнения не встречается в условиях", text)
            return None
        return Variable(number), self.types[number]

    def term(self, written: Any, column_type: ColumnType, path: tuple[str | int, ...]) -> Term:
        if isinstance(written, str) and written.startswith("$"):
            if not _VARIABLE.match(written):
                self.fault(path, "имя переменной записано не так", written, "«$» и латинские буквы")
            return self.variable(written, column_type, path)
        if column_type is ColumnType.BOOL and written in ("true", "false", True, False):
            return written in ("true", True)
        if column_type is ColumnType.INT and _INTEGER.match(str(written)) and not isinstance(written, bool):
            return int(written)
        if column_type is ColumnType.CODE and isinstance(written, str) and written:
            return written
        kinds = {ColumnType.BOOL: "true или false", ColumnType.INT: "целое число", ColumnType.CODE: "код"}
        self.fault(path, "значение столбца другого вида", str(written), kinds[column_type] + " или переменная")
        return ""

    def variable(self, name: str, column_type: ColumnType, path: tuple[str | int, ...]) -> Variable:
        number = self.numbers.setdefault(name, len(self.numbers))
        if self.types.setdefault(number, column_type) is not column_type:
            self.fault(path, "переменная стоит в столбцах разного вида", name)
        return Variable(number)

    def check_head(self, head: Pattern, bound: int) -> None:
        if self.schema[head.relation].filled is not Filled.RULES:
            derived = ", ".join(sorted(r.name for r in self.schema.values() if r.filled is Filled.RULES))
            self.fault(("then",), "такой вывод правилу не положен", head.relation, "одно из: " + derived)
        names = list(self.numbers)
        for term in head.terms:
            if isinstance(term, Variable) and term.number >= bound:
                self.fault(("then",), "переменная вывода не встречается в условиях", names[term.number])
