"""Two engines that share nothing but the rule language conclude the same as a reference that anyone can check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.small import BOOL, CODE, INT, Reference, concluded, fired, program, rule
from vsoko_rules.engine import durable
from vsoko_rules.engine.compiler import compile_rule
from vsoko_rules.engine.inference import Engine
from vsoko_rules.engine.language import ColumnType, Fact, Facts, Filled, Given, Program, Relation, Schema
from vsoko_rules.engine.plain import Plain

HOSTILE = (
    '"}, {"sid": "0", "k": "pulse',
    "\\",
    "\\u0000",
    "\x00",
    "c0",
    "c1",
    "u",
    "$m",
    "{{ x }}",
    "%s%n%x",
    "true",
    "1",
    "-1",
    "nil",
    "ё" * 80,
    "Приказ-о-проведении",
    "ﷺ😀",
    "a,b]}",
    "'; --",
    "line\nbreak\r\t",
)
"""codes that would break the JSON, the format strings or the type juggling of a careless engine"""

VALUES: dict[ColumnType, Sequence[Any]] = {
    CODE: ('"},{', "Приказ"),
    INT: (7, -1),
    BOOL: (False, True),
}
FAR = (10**15, -(10**15), 2**63, 2**63 + 1, -(2**63) - 1, 10**22)


@pytest.fixture(params=["plain", "durable"])
def make(request: pytest.FixtureRequest) -> Any:
    """Each engine in turn."""
    return Plain if request.param == "plain" else request.getfixturevalue("second_judge")


# Random rules over random relations


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    columns = st.lists(st.sampled_from([CODE, CODE, INT, BOOL]), min_size=1, max_size=3)
    found: dict[str, Relation] = {}
    for filled, most, widest in ((Filled.RULESET, 2, 3), (Filled.CASE, 2, 3), (Filled.RULES, 3, 2)):
        for number in range(draw(st.integers(1, most))):
            name = f"{filled.value}{number}"
            types = draw(columns)[:widest]
            found[name] = Relation(name, filled, {f"k{i}": column for i, column in enumerate(types)})
    return found


def drawn_columns(draw: st.DrawFn, relation: Relation, names: dict[ColumnType, list[str]]) -> dict[str, Any]:
    """Constants, and variables from `names`, for the columns of a pattern."""
    columns: dict[str, Any] = {}
    for column, kind in relation.columns.items():
        constants = [str(v).lower() if kind is BOOL else v for v in VALUES[kind]]
        columns[column] = draw(st.sampled_from([*names[kind] * 4, constants[0]]))
    return columns


def used_names(columns: dict[str, Any], relation: Relation, found: dict[ColumnType, list[str]]) -> None:
    for column, kind in relation.columns.items():
        name = columns.get(column)
        if isinstance(name, str) and name.startswith("$") and name not in found[kind]:
            found[kind].append(name)


@st.composite
def rules_of(draw: st.DrawFn, schema: Schema) -> dict[str, Any]:
    """A rule as data: some patterns, perhaps an `every`, perhaps comparisons, and a conclusion."""

    def one(*filled: Filled) -> Relation:
        return draw(st.sampled_from([r for kind in filled for r in schema.values() if r.filled is kind]))

    free = {kind: [f"${kind.value}_{i}" for i in range(2)] for kind in ColumnType}
    bound: dict[ColumnType, list[str]] = {kind: [] for kind in ColumnType}
    relations = [one(Filled.CASE, Filled.CASE, Filled.RULES)]
    relations += [one(Filled.CASE, *Filled) for _ in range(draw(st.integers(0, 2)))]
    when: list[dict[str, Any]] = []
    for relation in draw(st.permutations(relations)):
        columns = drawn_columns(draw, relation, free)
        used_names(columns, relation, bound)
        dropped = draw(st.sets(st.sampled_from(sorted(columns)), max_size=1))
        when.append({relation.name: columns})
        for column in dropped:  # an open column; its variable may stand elsewhere
            del columns[column]
    bound = {kind: [] for kind in ColumnType}
    for entry in when:
        ((name, columns),) = entry.items()
        used_names(columns, schema[name], bound)
    for number in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2]))):
        over, has = one(Filled.RULESET), one(Filled.RULES, Filled.CASE)
        local = {kind: [*names, f"$row{number}_{kind.value}"] for kind, names in bound.items()}
        columns = drawn_columns(draw, over, local)
        inside = {kind: list(names) for kind, names in bound.items()}
        used_names(columns, over, inside)
        when.append({"every": {over.name: columns}, "has": {has.name: drawn_columns(draw, has, inside)}})
    where = []
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        kind = draw(st.sampled_from([CODE, INT]))
        signs = ["=", "!="] if kind is CODE else [">=", "<=", "!=", ">", "<", "="]
        constants = ["Приказ"] if kind is CODE else ["7", "-1"]
        sides = [draw(st.sampled_from([*bound[kind] * 2, *constants])) for _ in range(2)]
        where.append(f"{sides[0]} {draw(st.sampled_from(signs))} {sides[1]}")
    head = one(Filled.RULES)
    return {"when": when, "where": where, "then": {head.name: drawn_columns(draw, head, bound)}}


@st.composite
def programs(draw: st.DrawFn) -> Program:
    schema = draw(schemas())
    written = draw(st.lists(rules_of(schema), min_size=1, max_size=5))
    compiled = [compile_rule(schema, f"r{i}", r["when"], r["where"], r["then"]) for i, r in enumerate(written)]
    return Program(schema, tuple(compiled))


@st.composite
def facts_of(draw: st.DrawFn, schema: Schema, filled: Filled) -> list[Fact]:
    found: list[Fact] = []
    for relation in schema.values():
        if relation.filled is filled:
            wide = {**VALUES, INT: (*VALUES[INT], 2**63)} if filled is Filled.CASE else VALUES
            columns = [st.sampled_from(wide[kind]) for kind in relation.columns.values()]
            few = draw(st.sampled_from([5, 3, 1, 0, 6]))
            found += [(relation.name, *row) for row in draw(st.lists(st.tuples(*columns), min_size=few, max_size=few))]
    return draw(st.permutations(found))


@given(st.data())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_engines_agree_with_the_reference(data: st.DataObject) -> None:
    """«The verdict must agree. Random rulesets and cases must give equal derivations in both»: three, here."""
    rules = data.draw(programs())
    reference = Reference(rules)
    engines: list[Engine] = [Plain(rules)]
    if durable.available():  # where it is not, test_the_second_judge_is_there says so
        engines.append(durable.Durable(rules))
    for _ in range(2):
        ruleset = Given(data.draw(facts_of(rules.schema, Filled.RULESET)))
        for _ in range(2):
            facts = Facts(ruleset, data.draw(facts_of(rules.schema, Filled.CASE)))
            expected = reference.infer(facts)
            for engine in engines:
                assert engine.infer(facts) == expected, type(engine).__name__


def test_the_second_judge_is_there(second_judge: type[durable.Durable]) -> None:
    """Skipped aloud where the test above has only two to compare."""
    assert second_judge is durable.engine


@given(st.data())
@settings(
    max_examples=settings().max_examples // 4,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_order_changes_nothing(data: st.DataObject) -> None:
    """The order of facts and the order of rules never matter."""
    rules = data.draw(programs())
    ruleset = data.draw(facts_of(rules.schema, Filled.RULESET))
    stated = data.draw(facts_of(rules.schema, Filled.CASE))
    backward = Program(rules.schema, rules.rules[::-1])
    last = len(rules.rules) - 1
    engines: list[tuple[Engine, Engine]] = [(Plain(rules), Plain(backward))]
    if durable.available():
        engines.append((durable.Durable(rules), durable.Durable(backward)))
    for one, other in engines:
        once = one.infer(Facts(Given(ruleset), stated))
        again = other.infer(Facts(Given(ruleset[::-1] * 2), stated[::-1] * 2))
        assert once == {last - number: bindings for number, bindings in again.items()}


# What each engine must get right, one thing at a time


def test_repeated_variables(make: Any) -> None:
    rules = program(
        rule({"cites": {"paper": "$p", "cited": "$p"}}, then={"told": {"topic": "itself", "subject": "$p"}}),
        rule(
            {"lies": {"paper": "$p"}},
            {"cites": {"paper": "$q", "cited": "$q"}},
            then={"told": {"topic": "$p", "subject": "$q"}},
        ),
    )
    stated = [("cites", "x", "x"), ("cites", "x", "y"), ("cites", "xx", "x"), ("lies", "z", "f")]
    assert concluded(make(rules), rules, (), stated) == {("told", "itself", "x"), ("told", "z", "x")}


def test_one_fact_may_match_two_patterns(make: Any) -> None:
    """durable-rules wants different facts unless told otherwise."""
    rules = program(
        rule(
            {"cites": {"paper": "$p", "cited": "$q"}},
            {"cites": {"paper": "$q", "cited": "$p"}},
            then={"told": {"topic": "$p", "subject": "$q"}},
        )
    )
    assert concluded(make(rules), rules, (), [("cites", "x", "x")]) == {("told", "x", "x")}


@pytest.mark.parametrize(
    ("where", "days"),
    [
        (["$n >= 7"], {7, 10}),
        (["7 <= $n"], {7, 10}),
        (["$n > 7"], {10}),
        (["$n < 0"], {-10}),
        (["$n <= -10"], {-10}),
        (["$n != 7", "$n != 10"], {-10}),
        (["$n = 7"], {7}),
        (["$n >= 7", "$n < 8"], {7}),
        (["$n >= $n"], {-10, 7, 10}),
        (["$n != $n"], set()),
        (["1 > 2"], set()),
        (["2 > 1"], {-10, 7, 10}),
    ],
)
def test_comparisons(make: Any, where: list[str], days: set[int]) -> None:
    pattern = {"paper": {"paper": "$p", "day": "$n"}}
    rules = program(rule(pattern, where=where, then={"told": {"topic": "day", "subject": "$p"}}))
    stated = [("paper", f"p{day}", True, day) for day in (-10, 7, 10)]
    assert concluded(make(rules), rules, (), stated) == {("told", "day", f"p{day}") for day in days}


@pytest.mark.parametrize("where", ["$x >= $y", "$y <= $x"])
def test_comparison_between_facts(make: Any, where: str) -> None:
    rules = program(
        rule(
            {"cites": {"paper": "$p", "cited": "$q"}},
            {"paper": {"paper": "$p", "day": "$x"}},
            {"paper": {"paper": "$q", "day": "$y"}},
            where=[where],
            then={"told": {"topic": "$p", "subject": "$q"}},
        )
    )
    stated: list[Fact] = [("paper", "old", True, 9), ("paper", "new", True, 10), ("paper", "same", False, 10)]
    stated += [("cites", p, q) for p in ("old", "new", "same") for q in ("old", "new", "same")]
    expected = {(p, q) for p in ("old", "new", "same") for q in ("old", "new", "same")} - {
        ("old", "new"),
        ("old", "same"),
    }
    assert concluded(make(rules), rules, (), stated) == {("told", p, q) for p, q in expected}


def test_numbers_of_any_size_compare(make: Any) -> None:
    """The library would cut them off at 64 bits."""
    rules = program(
        rule(
            {"paper": {"paper": "$p", "day": "$x"}},
            {"paper": {"paper": "$q", "day": "$y"}},
            where=["$x < $y"],
            then={"told": {"topic": "$p", "subject": "$q"}},
        )
    )
    days = sorted((*FAR, 10**15 - 1, 0, 2**63 - 1, -(2**63)))
    stated = [("paper", f"p{i}", True, day) for i, day in enumerate(days)]
    pairs = {(i, j) for j in range(len(days)) for i in range(j)}
    assert concluded(make(rules), rules, (), stated) == {("told", f"p{i}", f"p{j}") for i, j in pairs}


def test_recursion(make: Any) -> None:
    rules = program(
        rule({"cites": {"paper": "$p", "cited": "$q"}}, then={"reaches": {"paper": "$p", "reached": "$q"}}),
        rule(
            {"reaches": {"paper": "$p", "reached": "$q"}},
            {"reaches": {"paper": "$q", "reached": "$r"}},
            then={"reaches": {"paper": "$p", "reached": "$r"}},
        ),
    )
    ring = [("cites", str(i), str((i + 1) % 6)) for i in range(6)]
    assert concluded(make(rules), rules, (), ring) == {("reaches", str(i), str(j)) for i in range(6) for j in range(6)}


GOOD_WHEN_ALL_MARKED = rule(
    {"lies": {"paper": "$p", "folder": "$f"}},
    {"every": {"wants": {"folder": "$f", "mark": "$m"}}, "has": {"marked": {"paper": "$p", "mark": "$m"}}},
    then={"good": {"paper": "$p", "folder": "$f"}},
)
MARKED = rule({"has": {"paper": "$p", "mark": "$m"}}, then={"marked": {"paper": "$p", "mark": "$m"}})


def test_every_row_must_hold(make: Any) -> None:
    rules = program(GOOD_WHEN_ALL_MARKED, MARKED)
    wanted = [("wants", "f", "date"), ("wants", "f", "number"), ("wants", "other", "stamp")]
    stated = [
        ("lies", "x", "f"),
        ("lies", "y", "f"),
        ("has", "x", "date"),
        ("has", "x", "number"),
        ("has", "y", "date"),
    ]
    assert concluded(make(rules), rules, wanted, stated) == {
        ("marked", "x", "date"),
        ("marked", "x", "number"),
        ("marked", "y", "date"),
        ("good", "x", "f"),
    }


def test_every_of_no_rows_holds(make: Any) -> None:
    rules = program(GOOD_WHEN_ALL_MARKED, MARKED)
    assert concluded(make(rules), rules, (), [("lies", "x", "f")]) == {("good", "x", "f")}


def test_every_may_rest_on_what_follows_from_it(make: Any) -> None:
    """The least fixed point: a circle does not hold itself up, but a chain runs down."""
    rules = program(
        rule(
            {"lies": {"paper": "$p", "folder": "$f"}},
            {"every": {"twins": {"one": "$f", "other": "$g"}}, "has": {"good": {"paper": "$p", "folder": "$g"}}},
            then={"good": {"paper": "$p", "folder": "$f"}},
        )
    )
    twins = [("twins", "a", "b"), ("twins", "b", "c"), ("twins", "x", "y"), ("twins", "y", "x")]
    stated = [("lies", "p", folder) for folder in ("a", "b", "c", "x", "y")]
    assert concluded(make(rules), rules, twins, stated) == {("good", "p", folder) for folder in ("a", "b", "c")}


def test_two_everys_and_what_the_case_states(make: Any) -> None:
    rules = program(
        rule(
            {"lies": {"paper": "$p", "folder": "$f"}},
            {"every": {"wants": {"folder": "$f", "mark": "$m"}}, "has": {"has": {"paper": "$p", "mark": "$m"}}},
            {"every": {"twins": {"one": "$t", "other": "$t"}}, "has": {"lies": {"paper": "$p", "folder": "$t"}}},
            then={"good": {"paper": "$p", "folder": "$f"}},
        )
    )
    given_ = [("wants", "f", "date"), ("twins", "g", "g"), ("twins", "g", "h")]
    stated = [("lies", "x", "f"), ("lies", "x", "g"), ("lies", "y", "f"), ("has", "x", "date"), ("has", "y", "date")]
    expected = {("good", "x", "f"), ("good", "x", "g")}
    assert concluded(make(rules), rules, given_, stated) == expected


def test_nothing_stated(make: Any) -> None:
    rules = program(GOOD_WHEN_ALL_MARKED, MARKED)
    assert make(rules).infer(Facts(Given(()), ())) == {}
    assert make(program()).infer(Facts(Given(()), [("lies", "x", "f")])) == {}


def test_a_fact_that_no_rule_matches(make: Any) -> None:
    rules = program(rule({"has": {"paper": "$p", "mark": "date"}}, then={"told": {"topic": "date", "subject": "$p"}}))
    stated = [("has", "x", "stamp"), ("cites", "x", "y"), ("has", "y", "date")]
    assert concluded(make(rules), rules, (), stated) == {("told", "date", "y")}


def test_hostile_codes_come_back_as_they_went_in(make: Any) -> None:
    """No text of a user reaches the C core: each code joins with itself and with nothing else."""
    rules = program(
        rule(
            {"lies": {"paper": "$p", "folder": "$f"}},
            {"has": {"paper": "$q", "mark": "$f"}},
            then={"told": {"topic": "$p", "subject": "$q"}},
        ),
        *(rule({"lies": {"folder": code}}, then={"told": {"topic": "met", "subject": code}}) for code in HOSTILE[:1]),
    )
    stated = [("lies", code, code) for code in HOSTILE] + [("has", code, code) for code in HOSTILE]
    expected = {("told", code, code) for code in HOSTILE} | {("told", "met", HOSTILE[0])}
    assert concluded(make(rules), rules, [("wants", code, code) for code in HOSTILE], stated) == expected


@pytest.mark.parametrize("count", [1, 2000])
def test_many_matches_of_one_rule(make: Any, count: int) -> None:
    """More than the library hands over at once."""
    rules = program(MARKED, rule({"marked": {"paper": "$p"}}, then={"told": {"topic": "marked", "subject": "$p"}}))
    stated = [("has", f"p{i}", "date") for i in range(count)]
    assert len(fired(make(rules), Facts(Given(()), stated))) == 2 * count


def test_sixteen_patterns(make: Any) -> None:
    chain = [{"cites": {"paper": f"$p{chr(97 + i)}", "cited": f"$p{chr(98 + i)}"}} for i in range(16)]
    rules = program(rule(*chain, then={"told": {"topic": "$pa", "subject": "$pq"}}))
    stated = [("cites", str(i), str(i + 1)) for i in range(17)]
    assert concluded(make(rules), rules, (), stated) == {("told", "0", "16"), ("told", "1", "17")}
