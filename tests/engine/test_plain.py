"""The engine that is always there, case by case. (`test_engines_agree` has what both engines must get right.)"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from tests.engine.small import Reference, concluded, fired, program, rule
from vsoko_rules.engine import joins
from vsoko_rules.engine.language import Fact, Facts, Given, key_of, rows
from vsoko_rules.engine.plain import Plain
from vsoko_rules.engine.ways import Way


def test_a_firing_holds_every_variable_of_the_patterns() -> None:
    """Open columns too: two firings that differ only there are two."""
    rules = program(rule({"paper": {"paper": "$p"}}, then={"told": {"topic": "paper", "subject": "$p"}}))
    facts = Facts(Given(()), [("paper", "x", True, 1), ("paper", "x", False, 2)])
    assert Plain(rules).infer(facts) == {0: {("x", True, 1), ("x", False, 2)}}


def test_truth_is_not_one() -> None:
    """In Python `True == 1`: a constant of one kind must not stand for the other."""
    rules = program(
        rule(
            {"paper": {"paper": "$p", "signed": "true", "day": 1}},
            then={"told": {"topic": "first", "subject": "$p"}},
        ),
        rule(
            {"paper": {"paper": "$p", "signed": "false", "day": 0}},
            then={"told": {"topic": "none", "subject": "$p"}},
        ),
    )
    stated = [("paper", "x", True, 1), ("paper", "y", True, 0), ("paper", "z", False, 0)]
    engine = Plain(rules)
    assert concluded(engine, rules, (), stated) == {("told", "first", "x"), ("told", "none", "z")}
    assert {type(v) for f in fired(engine, Facts(Given(()), stated)) for v in f.bindings} == {str}


def test_facts_are_put_in_order_once_for_all_who_look_there(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def make(key: Any) -> Any:
        made.append(key)
        return defaultdict(key)

    monkeypatch.setattr(joins, "defaultdict", make)
    where = {"paper": {"paper": "$p", "day": 1}}
    rules = program(
        *(rule(where, {"lies": {"paper": "$p"}}, then={"told": {"topic": t, "subject": "$p"}}) for t in ("a", "b"))
    )
    stated = [("paper", "x", True, 1), *(("lies", "x", f"folder {n}") for n in range(9))]
    assert concluded(Plain(rules), rules, (), stated) == {("told", "a", "x"), ("told", "b", "x")}
    assert len(made) == 1


def test_a_rule_that_looks_at_finished_relations_only_is_joined_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once for each relation that others conclude, as those are that rest on one another."""
    joined: Counter[int] = Counter()
    follow = Way.follow

    def counted(way: Way, known: joins.Known, facts: Iterable[Fact]) -> None:
        joined[way.rule] += 1
        follow(way, known, facts)

    monkeypatch.setattr(Way, "follow", counted)
    rules = program(
        rule({"marked": {"paper": "$p", "mark": "$m"}}, then={"told": {"topic": "$m", "subject": "$p"}}),
        rule({"good": {"paper": "$p"}}, then={"marked": {"paper": "$p", "mark": "good"}}),
        rule({"has": {"paper": "$p"}}, then={"marked": {"paper": "$p", "mark": "had"}}),
        rule({"has": {"paper": "$p"}}, then={"good": {"paper": "$p", "folder": "f"}}),
    )
    assert {("told", "good", "x"), ("told", "had", "x")} <= concluded(Plain(rules), rules, (), [("has", "x", "m")])
    assert set(joined.values()) == {1}


def test_rules_that_rest_on_one_another() -> None:
    """`good` and `marked` rest on each other; `told` rests on both and waits for them."""
    rules = program(
        rule({"good": {"paper": "$p"}}, {"marked": {"paper": "$p"}}, then={"told": {"topic": "t", "subject": "$p"}}),
        rule(
            {"cites": {"paper": "$p", "cited": "$q"}},
            {"marked": {"paper": "$q"}},
            then={"good": {"paper": "$p", "folder": "f"}},
        ),
        rule(
            {"cites": {"paper": "$p", "cited": "$q"}},
            {"good": {"paper": "$q"}},
            then={"marked": {"paper": "$p", "mark": "m"}},
        ),
        rule({"has": {"paper": "$p"}}, then={"marked": {"paper": "$p", "mark": "m"}}),
    )
    stated = [("has", "0", "m"), *(("cites", str(i + 1), str(i)) for i in range(5)), ("cites", "0", "2")]
    facts = Facts(Given(()), stated)
    assert Plain(rules).infer(facts) == Reference(rules).infer(facts)
    assert {f for f in concluded(Plain(rules), rules, (), stated) if f[0] == "told"} == {
        ("told", "t", str(i)) for i in range(6)
    }


def test_a_circle_does_not_hold_itself_up() -> None:
    rules = program(
        rule(
            {"lies": {"paper": "$p", "folder": "$f"}},
            {"good": {"paper": "$p", "folder": "$f"}},
            then={"good": {"paper": "$p", "folder": "$f"}},
        )
    )
    assert Plain(rules).infer(Facts(Given(()), [("lies", "x", "f")])) == {}


def test_no_facts() -> None:
    rules = program(rule({"has": {"paper": "$p"}}, then={"told": {"topic": "t", "subject": "$p"}}))
    assert Plain(rules).infer(Facts(Given(()), ())) == {}
    assert Plain(program()).infer(Facts(Given([("wants", "f", "m")]), [("has", "x", "m")])) == {}


def test_one_engine_serves_many_cases() -> None:
    rules = program(
        rule(
            {"lies": {"paper": "$p", "folder": "$f"}},
            {"wants": {"folder": "$f", "mark": "$m"}},
            {"has": {"paper": "$p", "mark": "$m"}},
            then={"marked": {"paper": "$p", "mark": "$m"}},
        )
    )
    engine = Plain(rules)
    for mark in ("date", "number", "date"):
        stated = [("lies", "x", "f"), ("has", "x", mark)]
        assert concluded(engine, rules, [("wants", "f", "date")], stated) == (
            {("marked", "x", "date")} if mark == "date" else set()
        )


def test_facts_come_sorted_and_once() -> None:
    stated = [("has", "y", "m"), ("has", "x", "m"), ("has", "y", "m"), ("cites", "x", "y")]
    assert Facts(Given(()), stated).stated == (("cites", "x", "y"), ("has", "x", "m"), ("has", "y", "m"))
    assert Given(stated).facts == {"cites": [("cites", "x", "y")], "has": [("has", "x", "m"), ("has", "y", "m")]}


def test_given_facts_by_columns() -> None:
    given = Given([("wants", "f", "a"), ("wants", "f", "b"), ("wants", "g", "a")])
    assert given.index("wants", (1,)) == {
        "f": [("wants", "f", "a"), ("wants", "f", "b")],
        "g": [("wants", "g", "a")],
    }
    assert given.index("wants", (1, 2))["g", "a"] == [("wants", "g", "a")]
    assert len(given.index("wants", ())[()]) == 3
    assert not given.index("twins", (1,))
    assert given.index("wants", (1,)) is given.index("wants", (1,))


@pytest.mark.parametrize(("columns", "key"), [((), ()), ((1,), "x"), ((2, 1), (7, "x"))])
def test_keys(columns: tuple[int, ...], key: object) -> None:
    assert key_of(columns)(("paper", "x", 7)) == key


def test_rows_of_an_every() -> None:
    """One for each row that fits what is bound; a variable that stands twice must fit itself."""
    compiled = rule(
        {"lies": {"paper": "$p", "folder": "$f"}},
        {"every": {"twins": {"one": "$t", "other": "$t"}}, "has": {"lies": {"paper": "$p", "folder": "$t"}}},
        {"every": {"wants": {"folder": "$f", "mark": "$m"}}, "has": {"has": {"paper": "$p", "mark": "$m"}}},
        then={"good": {"paper": "$p", "folder": "$f"}},
    )
    given = {
        "twins": [("twins", "a", "a"), ("twins", "a", "b")],
        "wants": [("wants", "f", "date"), ("wants", "g", "number")],
    }
    twins, wants = compiled.every
    assert [twins.has.fact(row) for row in rows(twins, ["x", "f", None, None], given)] == [("lies", "x", "a")]
    assert [wants.has.fact(row) for row in rows(wants, ["x", "f", None, None], given)] == [("has", "x", "date")]
    assert list(rows(wants, ["x", "f", None, None], {})) == []
