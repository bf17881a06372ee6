"""What the rule language takes, and the faults it finds: each with its place inside the rule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.small import SCHEMA
from vsoko_rules.engine.compiler import Refused, compile_rule
from vsoko_rules.engine.language import (
    COMPARE,
    MOST_PATTERNS,
    ColumnType,
    Comparison,
    CompiledRule,
    Every,
    Filled,
    Pattern,
    Relation,
    Variable,
)
from vsoko_rules.engine.vocabulary import SCHEMA as FIELD

LIES = {"lies": {"paper": "$p", "folder": "$f"}}
TOLD = {"told": {"topic": "t", "subject": "$p"}}
WANTS = {"wants": {"folder": "$f", "mark": "$m"}}
EVERY = {"every": WANTS, "has": {"has": {"paper": "$p", "mark": "$m"}}}


def compiled(when: Any, where: Any = (), then: Any = TOLD) -> CompiledRule:
    return compile_rule(SCHEMA, "a-rule", when, where, then)


def test_relations_are_the_same_where_they_say_the_same() -> None:
    columns = {"paper": ColumnType.CODE}
    assert Relation("lies", Filled.CASE, columns) == Relation("lies", Filled.CASE, columns)
    assert Relation("lies", Filled.CASE, columns) != Relation("lies", Filled.RULES, columns)


def test_a_rule_in_full() -> None:
    rule = compiled([EVERY, {"paper": {"paper": "$p", "signed": "true", "day": "$n"}}, LIES], ["$n >= -3"])
    p, n, f, m = map(Variable, range(4))
    assert rule.id == "a-rule"
    assert rule.patterns == (Pattern("paper", (p, True, n)), Pattern("lies", (p, f)))
    assert rule.every == (Every(Pattern("wants", (f, m)), Pattern("has", (p, m)), (3,)),)
    assert rule.where == (Comparison(n, ">=", -3),)
    assert rule.head == Pattern("told", ("t", p))
    assert rule.names == ("$p", "$n", "$f", "$m")
    assert rule.bound == (0, 1, 2)


def test_open_columns_are_variables_of_their_own() -> None:
    rule = compiled([{"paper": {"paper": "$p"}}, {"lies": {}}])
    assert rule.patterns == (
        Pattern("paper", (Variable(0), Variable(1), Variable(2))),
        Pattern("lies", (Variable(3), Variable(4))),
    )
    assert [name[0] for name in rule.names] == ["$", "_", "_", "_", "_"]


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [
        ("day", "007", 7),
        ("day", "-5", -5),
        ("day", 12, 12),
        ("signed", "false", False),
        ("signed", True, True),
        ("signed", False, False),
        ("paper", "10", "10"),
        ("paper", "Приказ-1", "Приказ-1"),
    ],
)
def test_constants_are_typed_by_their_column(column: str, written: object, value: object) -> None:
    (pattern,) = compiled([{"paper": {column: written}}], then={"told": {"topic": "t", "subject": "s"}}).patterns
    term = pattern.terms[list(SCHEMA["paper"].columns).index(column)]
    assert (type(term), term) == (type(value), value)


@pytest.mark.parametrize("sign", sorted(COMPARE))
@pytest.mark.parametrize("space", ["", " ", "   "])
def test_comparisons(sign: str, space: str) -> None:
    pattern = {"paper": {"paper": "$p", "day": "$n"}}
    assert compiled([pattern], [f"$n{space}{sign}{space}20"]).where == (Comparison(Variable(2), sign, 20),)


@pytest.mark.parametrize(
    ("left", "sign", "right", "holds"),
    [(1, "<", 2, True), (2, "<", 2, False), (2, "<=", 2, True), ("a", "!=", "b", True), ("a", "=", "b", False)],
)
def test_comparison_holds(left: Any, sign: str, right: Any, holds: bool) -> None:
    assert Comparison(left, sign, right).holds(()) is holds
    assert Comparison(Variable(0), sign, Variable(1)).holds((left, right)) is holds


def test_a_pattern_as_a_fact() -> None:
    assert Pattern("paper", (Variable(1), True, 7)).fact(("x", "y")) == ("paper", "y", True, 7)


FAULTS: list[tuple[str, Any, Any, Any, tuple[str | int, ...], str]] = [
    # what, when, where, then, path of the fault, part of the message
    ("nothing", [], [], {"told": {"topic": "t", "subject": "s"}}, ("when",), "нет ни одного условия"),
    ("only the ruleset", [WANTS], [], {"told": {"topic": "t", "subject": "$f"}}, ("when",), "не смотрит в документы"),
    ("too many", [LIES] * (MOST_PATTERNS + 1), [], TOLD, ("when",), "слишком много условий"),
    ("two relations", [LIES | WANTS], [], TOLD, ("when", 0), "записано не так"),
    ("no relation", [LIES, {}], [], TOLD, ("when", 1), "записано не так"),
    ("unknown relation", [LIES, {"holds": {}}], [], TOLD, ("when", 1, "holds"), "неизвестное отношение"),
    ("no columns", [LIES, {"has": "x"}], [], TOLD, ("when", 1, "has"), "столбцы записаны не так"),
    ("null columns", [LIES, {"has": None}], [], TOLD, ("when", 1, "has"), "столбцы записаны не так"),
    ("unknown column", [LIES, {"has": {"size": 1}}], [], TOLD, ("when", 1, "has", "size"), "нет такого столбца"),
    ("not a number", [LIES, {"paper": {"day": "x"}}], [], TOLD, ("when", 1, "paper", "day"), "другого вида"),
    ("too long", [LIES, {"paper": {"day": "1234567890"}}], [], TOLD, ("when", 1, "paper", "day"), "другого вида"),
    ("truth for number", [LIES, {"paper": {"day": True}}], [], TOLD, ("when", 1, "paper", "day"), "другого вида"),
    ("not a truth", [LIES, {"paper": {"signed": "yes"}}], [], TOLD, ("when", 1, "paper", "signed"), "другого вида"),
    ("empty code", [LIES, {"has": {"mark": ""}}], [], TOLD, ("when", 1, "has", "mark"), "другого вида"),
    ("a list for a code", [LIES, {"has": {"mark": ["a"]}}], [], TOLD, ("when", 1, "has", "mark"), "другого вида"),
    ("bad name", [LIES, {"has": {"mark": "$Марка"}}], [], TOLD, ("when", 1, "has", "mark"), "имя переменной"),
    ("no name", [LIES, {"has": {"mark": "$"}}], [], TOLD, ("when", 1, "has", "mark"), "имя переменной"),
    ("two kinds", [LIES, {"paper": {"day": "$p"}}], [], TOLD, ("when", 1, "paper", "day"), "разного вида"),
    ("every alone", [LIES, {"every": WANTS}], [], TOLD, ("when", 1), "«для каждого» записано не так"),
    ("every and more", [LIES, EVERY | {"or": 1}], [], TOLD, ("when", 1), "«для каждого» записано не так"),
    ("every of text", [LIES, EVERY | {"every": "x"}], [], TOLD, ("when", 1, "every"), "записано не так"),
    ("every of nothing", [LIES, EVERY | {"every": None}], [], TOLD, ("when", 1, "every"), "записано не так"),
    ("has a list", [LIES, EVERY | {"has": [LIES]}], [], TOLD, ("when", 1, "has"), "записано не так"),
    (
        "every of the case",
        [LIES, EVERY | {"every": {"has": {"mark": "$m"}}}],
        [],
        TOLD,
        ("when", 1, "every"),
        "методика",
    ),
    ("has of the ruleset", [LIES, EVERY | {"has": WANTS}], [], TOLD, ("when", 1, "has"), "задаёт сама методика"),
    (
        "has an open column",
        [LIES, EVERY | {"has": {"has": {"mark": "$m"}}}],
        [],
        TOLD,
        ("when", 1, "has", "has"),
        "назван не каждый столбец",
    ),
    (
        "has an unbound variable",
        [LIES, EVERY | {"has": {"has": {"paper": "$p", "mark": "$z"}}}],
        [],
        TOLD,
        ("when", 1, "has"),
        "нигде не получает значения",
    ),
    (
        "has a variable of another every",
        [LIES, EVERY, {"every": {"twins": {}}, "has": {"has": {"paper": "$p", "mark": "$m"}}}],
        [],
        TOLD,
        ("when", 2, "has"),
        "нигде не получает значения",
    ),
    ("not a comparison", [LIES], ["$p"], TOLD, ("where", 0), "сравнение записано не так"),
    ("three sides", [LIES], ["$p = $f = $p"], TOLD, ("where", 0), "сравнение записано не так"),
    ("an expression", [LIES], ["__import__('os') = $p"], TOLD, ("where", 0), "сравнение записано не так"),
    ("order of codes", [LIES], ["$p < $f"], TOLD, ("where", 0), "так сравнивать нельзя"),
    ("code and number", [LIES], ["$p = 7"], TOLD, ("where", 0), "так сравнивать нельзя"),
    ("unknown side", [LIES], ["$z = x"], TOLD, ("where", 0), "не встречается в условиях"),
    ("side of a row", [LIES, EVERY], ["$m = x"], TOLD, ("where", 0), "не встречается в условиях"),
    ("no conclusion", [LIES], [], {}, ("then",), "записано не так"),
    ("two conclusions", [LIES], [], TOLD | {"good": {}}, ("then",), "записано не так"),
    ("an open conclusion", [LIES], [], {"told": {"topic": "t"}}, ("then", "told"), "назван не каждый столбец"),
    ("a conclusion of the case", [LIES], [], LIES, ("then",), "правилу не положен"),
    (
        "a conclusion about nothing",
        [LIES],
        [],
        {"told": {"topic": "t", "subject": "$z"}},
        ("then",),
        "не встречается в условиях",
    ),
    (
        "a conclusion about a row",
        [LIES, EVERY],
        [],
        {"told": {"topic": "t", "subject": "$m"}},
        ("then",),
        "не встречается в условиях",
    ),
]


@pytest.mark.parametrize(
    ("when", "where", "then", "path", "message"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_faults(when: Any, where: Any, then: Any, path: tuple[str | int, ...], message: str) -> None:
    with pytest.raises(Refused) as refused:
        compiled(when, where, then)
    assert [path for fault in refused.value.faults if message in fault.message and fault.path == path] == [path]


def test_all_faults_of_a_rule_are_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        compiled([LIES, {"has": {"size": "1"}}, {"holds": {}}], ["?", "$z = 1"], {"told": {"topic": "t"}})
    assert [fault.path for fault in refused.value.faults] == [
        ("when", 1, "has", "size"),
        ("when", 2, "holds"),
        ("where", 0),
        ("where", 1),
        ("then", "told"),
    ]
    assert "неизвестное отношение" in str(refused.value)


def test_vocabulary_is_sound() -> None:
    """Each relation under its own name, with at least one column."""
    assert all(name == relation.name and relation.columns for name, relation in FIELD.items())
