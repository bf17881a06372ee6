"""What happens when engines do not conclude the same, and how an engine is added."""

from __future__ import annotations

import json
import subprocess
import sys
from types import ModuleType

import pytest

from tests.engine.small import fired
from vsoko_rules.case.facts import facts
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine import plain
from vsoko_rules.engine.inference import conclude
from vsoko_rules.engine.language import Facts, Firings, Program
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import EnginesDisagree, ExitCode, InputError
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.load import DEFAULT, load_folder

CASE = shipped("cases") / "gorodskaya-sosh.yml"

STUB = """
import sys
from types import ModuleType
from vsoko_rules.engine.plain import Plain

class Forgetful(Plain):
    def infer(self, facts):
        first, *others = sorted(super().infer(facts).items())
        return dict([(first[0], set(sorted(first[1])[1:])), *others])

stub = ModuleType("vsoko_rules.engine.durable")
stub.engine, stub.available, stub.REQUIRES = Forgetful, lambda: True, ""
sys.modules["vsoko_rules.engine.durable"] = stub
sys.argv = ["vsoko", "check", sys.argv[1], "--engine", "both", "--json"]
from vsoko_rules.cli.app import main
main()
"""


class Forgetful(plain.Plain):
    """Leaves out the first two things that follow."""

    def infer(self, facts: Facts) -> Firings:
        (rule, bindings), *others = sorted(super().infer(facts).items())
        return dict([(rule, set(sorted(bindings)[2:])), *others])


@pytest.fixture
def rules() -> Program:
    """A program of its own, for which no engine was made yet."""
    return load_folder(shipped("rulesets") / DEFAULT).program


def stub(monkeypatch: pytest.MonkeyPatch, engine: type[plain.Plain], available: bool = True) -> None:
    module = ModuleType("vsoko_rules.engine.durable")
    vars(module).update(engine=engine, available=lambda: available, REQUIRES="Установите его.")
    monkeypatch.setitem(sys.modules, module.__name__, module)


def test_the_first_difference_is_named(monkeypatch: pytest.MonkeyPatch, rules: Program) -> None:
    stub(monkeypatch, Forgetful)
    case = facts(read_case(CASE).content, load_folder(shipped("rulesets") / DEFAULT))
    with pytest.raises(EnginesDisagree) as raised:
        conclude(rules, case, EngineName.BOTH)
    (problem,) = raised.value.problems
    first = min(fired(plain.Plain(rules), case))
    rule = rules.rules[first.rule]
    assert problem.message == f"движки разошлись: правило «{rule.id}» сработало только в plain"
    assert problem.found == ", ".join(f"{n}={v}" for n, v in zip(rule.names, first.bindings, strict=False))


def test_engines_that_agree_conclude_once(monkeypatch: pytest.MonkeyPatch, rules: Program) -> None:
    stub(monkeypatch, plain.Plain)
    case = facts(read_case(CASE).content, load_folder(shipped("rulesets") / DEFAULT))
    both, alone = conclude(rules, case), conclude(rules, case, EngineName.PLAIN)
    assert (both.engine, alone.engine) == ("both", "plain")
    assert both.firings == alone.firings


def test_an_engine_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, rules: Program) -> None:
    stub(monkeypatch, plain.Plain, available=False)
    case = facts(read_case(CASE).content, load_folder(shipped("rulesets") / DEFAULT))
    assert conclude(rules, case).engine == "plain"
    for asked in (EngineName.DURABLE, EngineName.BOTH):
        with pytest.raises(InputError, match=r"движок durable не установлен.*Установите его"):
            conclude(rules, case, asked)


def test_a_process_whose_engines_disagree_gives_no_result() -> None:
    """An internal error: exit code 4, the difference on stderr, no result on stdout."""
    done = subprocess.run([sys.executable, "-c", STUB, str(CASE)], capture_output=True, check=False)
    assert done.returncode == ExitCode.INTERNAL
    assert json.loads(done.stdout)["results"] == []
    assert "движки разошлись: правило «" in done.stderr.decode("utf-8", "replace")
