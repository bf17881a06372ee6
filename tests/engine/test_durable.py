"""The fence around durable-rules: what it must refuse, raise and free."""

from __future__ import annotations

import gc
import itertools
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.small import SCHEMA, concluded, fired, program, rule
from vsoko_rules.engine import durable
from vsoko_rules.engine.compiler import Refused
from vsoko_rules.engine.language import CompiledRule, Facts, Given, Pattern, Program, Variable
from vsoko_rules.engine.lowering import lower
from vsoko_rules.engine.plain import Plain
from vsoko_rules.engine.relevance import Relevance

pytestmark = pytest.mark.usefixtures("second_judge")

MARKED = rule({"has": {"paper": "$p", "mark": "$m"}}, then={"marked": {"paper": "$p", "mark": "$m"}})
STATED = [("has", "x", "date"), ("has", "y", "date")]
EXPECTED = {("marked", "x", "date"), ("marked", "y", "date")}


@pytest.fixture
def engine() -> durable.Durable:
    return durable.Durable(program(MARKED))


def agree(rules: Program, stated: list[tuple[Any, ...]]) -> int:
    """How many firings both engines find, and the same ones."""
    facts = Facts(Given(()), stated)
    found = durable.Durable(rules).infer(facts)
    assert found == Plain(rules).infer(facts)
    return sum(map(len, found.values()))


# Limits: the last program that is taken works, the next one is refused before the library sees it


def joined(count: int) -> Program:
    """Rules whose second condition can only be a join, so that each stays open for each fact."""
    told = [{"told": {"topic": f"t{number}", "subject": "$p"}} for number in range(count)]
    lies = {"lies": {"paper": "$p"}}
    return program(*(rule(lies, {"cites": {"paper": "$p", "cited": "$q"}}, then=then) for then in told))


def test_conditions_open_for_one_fact() -> None:
    assert agree(joined(63), [("lies", "x", "f"), ("cites", "x", "y")]) == 63
    with pytest.raises(Refused, match="под слишком много условий"):
        durable.Durable(joined(64))


def alike(count: int) -> Program:
    told = [{"told": {"topic": f"t{number}", "subject": "$p"}} for number in range(count)]
    return program(*(rule({"lies": {"paper": "$p"}}, then=then) for then in told))


def test_conditions_alike() -> None:
    assert agree(alike(250), [("lies", "x", "f")]) == 250
    with pytest.raises(Refused, match="слишком много одинаковых условий"):
        durable.Durable(alike(251))


def siblings(count: int) -> Program:
    marks = [f"mark{number}" for number in range(count)]
    then = {"told": {"topic": "met", "subject": "$p"}}
    return program(*(rule({"has": {"paper": "$p", "mark": mark}}, then=then) for mark in marks))


def test_conditions_with_one_beginning() -> None:
    rules = siblings(500)
    assert agree(rules, [("has", "x", "mark0"), ("has", "x", "mark499")]) == 2
    with pytest.raises(Refused, match="с одинаковым началом"):
        durable.Durable(siblings(501))


def test_patterns_in_a_rule() -> None:
    pattern = Pattern("lies", (Variable(0), Variable(1)))
    head = Pattern("good", (Variable(0), Variable(1)))
    wide = CompiledRule("wide", (pattern,) * 17, (), (), head, ("$p", "$f"), (0, 1))
    with pytest.raises(Refused, match="условий больше") as refused:
        durable.Durable(Program(SCHEMA, (wide,)))
    assert refused.value.faults[0].found == "wide: 17"


def test_comparisons_in_a_rule() -> None:
    columns = {"paper": "$p", "day": "$n"}
    pair = [{"paper": columns}, {"paper": {"paper": "$q", "day": "$m"}}]
    then = {"told": {"topic": "$p", "subject": "$q"}}
    most = 28 - len(SCHEMA["paper"].columns)
    stated = [("paper", "x", True, 1), ("paper", "y", True, 2)]
    assert agree(program(rule(*pair, where=["$n <= $m"] * most, then=then)), stated) == 3
    with pytest.raises(Refused, match="столбцов и сравнений больше"):
        durable.Durable(program(rule(*pair, where=["$n <= $m"] * (most + 1), then=then)))


def test_joined_patterns_end_with_what_is_always_true() -> None:
    """A false condition that stands last makes the library read foreign memory (its issue 381)."""
    for _, patterns in lower(joined(3)).joins:
        assert all(conditions[-1] == {"u": {"m_0": "u"}} for conditions in patterns[1:])


# Errors, clocks and warnings


def test_errors_in_actions_are_raised(engine: durable.Durable, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: object, firing: object) -> None:
        raise SystemExit(7)

    with monkeypatch.context() as broken:
        broken.setattr(durable._Case, "conclude", fail)
        with pytest.raises(SystemExit):
            engine.infer(Facts(Given(()), STATED))
    assert concluded(engine, program(MARKED), (), STATED) == EXPECTED


def test_work_left_undone_is_noticed(engine: durable.Durable, monkeypatch: pytest.MonkeyPatch) -> None:
    """An action that takes over ten seconds makes the library drop the rest of its work silently."""
    hours = itertools.count(0, 3600)
    with monkeypatch.context() as slow:
        slow.setattr("durable.engine._unix_now", lambda: next(hours))
        with pytest.raises(durable.Stopped):
            engine.infer(Facts(Given(()), STATED))
    assert concluded(engine, program(MARKED), (), STATED) == EXPECTED


def test_a_clock_set_back_later_does_no_harm(engine: durable.Durable, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = itertools.count(10**9, -3600)
    monkeypatch.setattr("durable.engine._unix_now", lambda: next(hours))
    assert concluded(engine, program(MARKED), (), STATED) == EXPECTED


def test_warning_of_python_3_12_is_silenced(engine: durable.Durable, monkeypatch: pytest.MonkeyPatch) -> None:
    """`datetime.utcfromtimestamp` is deprecated since 3.12; the library calls it at each action."""
    text = "datetime.datetime.utcfromtimestamp() is deprecated and scheduled for removal in a future version."

    def now() -> float:
        warnings.warn_explicit(text, DeprecationWarning, "engine.py", 1, module="durable.engine")
        return 0.0

    monkeypatch.setattr("durable.engine._unix_now", now)
    assert concluded(engine, program(MARKED), (), STATED) == EXPECTED
    with pytest.raises(DeprecationWarning):
        now()


@pytest.mark.parametrize("fact", [("has", "x"), ("has", "x", 1.5), ("has", "x", None), ("has", "x", b"date")])
def test_what_no_fact_should_hold(engine: durable.Durable, fact: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="not "):
        engine.infer(Facts(Given(()), [fact]))
    assert concluded(engine, program(MARKED), (), STATED) == EXPECTED


def test_absent_library_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable.engine", None)
    assert not durable.available()
    with pytest.raises(ImportError):
        durable.Durable(program(MARKED))


# Sessions, threads, memory


def test_no_threads_are_left(engine: durable.Durable) -> None:
    """The stock host starts timer threads, which crash with deleted sessions."""
    before = set(threading.enumerate())
    assert concluded(engine, program(MARKED), (), STATED) == EXPECTED
    assert set(threading.enumerate()) <= before


def test_cases_do_not_mix(engine: durable.Durable) -> None:
    for paper in ("x", "y", "x"):
        assert concluded(engine, program(MARKED), (), [("has", paper, "date")]) == {("marked", paper, "date")}


def resident() -> float:
    """Memory of this process, MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


@pytest.fixture
def growth() -> Iterator[None]:
    """Fails when the test keeps more than 10 MB."""
    before = resident()
    yield
    assert resident() - before < 10


linux = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is measured on Linux only")


@linux
@pytest.mark.usefixtures("growth")
def test_rulesets_are_freed() -> None:
    """Each would keep a quarter of a megabyte: 75 MB here."""
    for _ in range(300):
        assert concluded(durable.Durable(joined(9)), joined(9), (), [("lies", "x", "f")]) == set()


@linux
@pytest.mark.usefixtures("growth")
def test_sessions_are_freed(engine: durable.Durable) -> None:
    """Over 1,024 live sessions the library crashes."""
    for number in range(1100):
        assert len(fired(engine, Facts(Given(()), [("has", f"p{number}", f"m{i}") for i in range(9)]))) == 9


def test_only_facts_of_the_ruleset_that_may_matter_are_sent() -> None:
    """Of folders that nobody uses nothing is sent; what no rule ties to the case goes always."""
    tied = rule(
        {"lies": {"paper": "$p", "folder": "$f"}},
        {"wants": {"folder": "$f", "mark": "$m"}},
        then={"marked": {"paper": "$p", "mark": "$m"}},
    )
    free = rule(
        {"cites": {"paper": "$p"}},
        {"twins": {"one": "$o", "other": "z"}},
        then={"told": {"topic": "$o", "subject": "$p"}},
    )
    given = Given([("wants", "f", "date"), ("wants", "g", "date"), ("twins", "a", "z"), ("twins", "a", "b")])
    relevant = Relevance(program(tied, free)).of(given)
    assert relevant.to([("lies", "x", "f")]) == {("wants", "f", "date"), ("twins", "a", "z")}
    assert relevant.to([]) == {("twins", "a", "z")}
