"""Rule tests are data: every `*.test.yml` of a shipped ruleset runs here, one test each, and so does their runner."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.ruleset.small import MAIN, TESTS, folder
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import RulesetError
from vsoko_rules.ruleset.load import available, load, load_folder
from vsoko_rules.verdict.ruletests import TestReport, run_tests, run_trial
from vsoko_rules.verdict.trials import Topic, Trial, trials

SHIPPED = ("core", *available())
"""parents first: a test that is inherited runs under the ruleset it stands beside"""

ALL = {str(trial.place): (name, trial) for name in reversed(SHIPPED) for trial in trials(load(name))[0]}


@cache
def shipped_report(name: str) -> TestReport:
    """All tests of a shipped ruleset, run with one engine."""
    return run_tests(load(name), EngineName.PLAIN)


@pytest.mark.parametrize(
    ("ruleset", "trial"), ALL.values(), ids=[f"{trial.topic.code}:{trial.place.line}" for _, trial in ALL.values()]
)
def test_rule(ruleset: str, trial: Trial) -> None:
    result = run_trial(trial, load(ruleset))
    assert result.passed, f"{result.place}: expected {result.expected}, got {result.got}"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_test_of_a_shipped_ruleset_can_be_run(name: str) -> None:
    assert trials(load(name))[1] == ()


def test_every_shipped_rule_and_requirement_has_a_test_that_fires_and_one_that_does_not() -> None:
    """A rule about indicators is tested beside a ruleset that lists some, so all shipped rulesets count together."""
    tested = {
        Topic("rule", code) for name in SHIPPED for code, rule in load(name).rules.items() if "meets" not in rule.then
    }
    tested |= {Topic("requirement", code) for name in SHIPPED for code in load(name).requirements}
    assert tested <= {trial.topic for _, trial in ALL.values() if trial.test.fires is not None}
    assert tested <= {trial.topic for _, trial in ALL.values() if trial.test.silent}


def test_every_shipped_rule_concludes_something_in_a_test() -> None:
    """Rules that find one requirement met in different ways each have a test of their own."""
    results = [result for name in SHIPPED for result in shipped_report(name).results]
    assert {rule for name in SHIPPED for rule in load(name).rules} == {r for result in results for r in result.rules}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_ruleset_alone_has_tests_of_all_rules_it_can_use(name: str) -> None:
    report = shipped_report(name)
    assert (report.without_firing, report.without_silent) == ((), ())
    assert report.passed


def report(tmp_path: Path, tests: str, main: str = MAIN) -> TestReport:
    return run_tests(load_folder(folder(tmp_path, ruleset=main, rules_test=tests)), EngineName.PLAIN)


def test_a_sound_test_file_passes(tmp_path: Path) -> None:
    found = report(tmp_path, TESTS)
    assert found.passed
    assert [(r.name, r.expected) for r in found.results] == [
        ("Заполнен", {"document": "d1", "element": "A-G"}),
        ("Бланк", None),
    ]
    assert found.results[0].got == ({"document": "d1", "element": "A-G", "requirement": "filled"},)
    assert str(found.results[1].place) == f"{tmp_path / 'rules.test.yml'}:7:11"


def test_a_rule_that_stays_silent_or_concludes_something_else_fails_the_test(tmp_path: Path) -> None:
    found = report(tmp_path, TESTS.replace("[{id: d1, serves: [A-G]}]", "[{id: d1, serves: [A-G], sample: 20}]"))
    assert [(r.name, r.got) for r in found.failed] == [("Заполнен", ())]
    assert not found.passed
    found = report(tmp_path, TESTS.replace("element: A-G}", "element: A-D}"))
    assert [r.name for r in found.failed] == ["Заполнен"]


def test_a_rule_that_fires_fails_a_test_that_expects_silence(tmp_path: Path) -> None:
    found = report(tmp_path, TESTS.replace(", blank: true", ""))
    assert [(r.name, len(r.got)) for r in found.failed] == [("Бланк", 1)]


def test_empty_columns_expect_anything_at_all(tmp_path: Path) -> None:
    assert report(tmp_path, TESTS.replace("{document: d1, element: A-G}", "{}")).passed
    silent = TESTS.replace("{document: d1, element: A-G}", "{}").replace("serves: [A-G]}", "serves: []}")
    assert [r.name for r in report(tmp_path, silent).failed] == ["Заполнен"]


def test_rules_without_a_firing_or_a_silent_test_are_named(tmp_path: Path) -> None:
    first, second = TESTS.split("  - rule: filled-in\n")[1:]
    head = "tests:\n  - rule: filled-in\n"
    assert report(tmp_path, head + first).without_silent == (Topic("rule", "filled-in"), Topic("requirement", "filled"))
    assert report(tmp_path, head + second).without_firing == (
        Topic("rule", "filled-in"),
        Topic("requirement", "filled"),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rule: filled-in\n    name: Заполнен", "rule: filled\n    name: Заполнен", "правила, которого нет в методике"),
        ("rule: filled-in", "requirement: fill", "требования, которого нет в методике; найдено: «fill»"),
        ("rule: filled-in", "rule: filled-in\n    requirement: filled", "не сказано, что проверяется"),
        ("  - rule: filled-in\n    name", "  - name", "не сказано, что проверяется"),
        ("element: A-G}", "element: A-X}", "неизвестный код; найдено: «A-X»"),
        ("document: d1,", "document: d2,", "неизвестный код; найдено: «d2»"),
        ("serves: [A-G]}", "serves: [A-G], holds: [task]}", "требования с таким кодом нет; найдено: «task»"),
        ("serves: [A-G]}", "serves: [A-G], addressees: [teacher]}", "адресата с таким кодом нет"),
        ("serves: [A-G]}", "serves: [A-G], remarks: [even]}", "пометки с таким кодом нет"),
        (
            "silent: true",
            "silent: true\n    indicators: {A-X: {mark: 1}}",
            "показателя с таким кодом нет; найдено: «A-X»",
        ),
        ("serves: [A-G]}", "serves: [A-X]}", "элемента с таким кодом нет; найдено: «A-X»"),
        ("element: A-G}", "elements: A-G}", "в выводе правила нет такого столбца; найдено: «elements»"),
        ("silent: true", "silent: false", "не сказано, чего ждать от правила"),
        ("silent: true", "silent: true\n    fires: {}", "не сказано, чего ждать от правила"),
    ],
)
def test_a_test_that_would_pass_by_mistake_is_a_problem(tmp_path: Path, old: str, new: str, message: str) -> None:
    found = report(tmp_path, TESTS.replace(old, new, 1))
    assert not found.passed
    assert len(found.results) == 1, "the other test runs all the same"
    (problem,) = found.problems
    assert message in str(problem)
    assert str(problem).startswith(f"{tmp_path / 'rules.test.yml'}:")


def test_a_malformed_test_file_names_every_place(tmp_path: Path) -> None:
    broken = TESTS.replace("silent: true", "silnet: true").replace("name: Заполнен", "nome: Заполнен")
    with pytest.raises(RulesetError) as raised:
        report(tmp_path, broken)
    text = str(raised.value)
    assert f"{tmp_path / 'rules.test.yml'}:9:5: неизвестный ключ; найдено: «silnet»" in text
    assert f"{tmp_path / 'rules.test.yml'}:3:5: неизвестный ключ; найдено: «nome»" in text


def test_a_child_runs_its_parents_tests_and_passes_over_rules_it_leaves_out(tmp_path: Path) -> None:
    folder(tmp_path / "small", ruleset=MAIN, rules_test=TESTS)
    head = "id: child\nversion: 2\ntitle: Д\nextends: small\n"
    whole = run_tests(load_folder(folder(tmp_path / "whole", ruleset=head)), EngineName.PLAIN)
    assert (len(whole.results), whole.passed) == (2, True)
    without = head + "exclude:\n  - {id: filled-in, reason: не нужно}\n"
    less = run_tests(load_folder(folder(tmp_path / "less", ruleset=without)), EngineName.PLAIN)
    assert (less.results, less.problems, less.passed) == ((), (), True)


def test_a_misspelt_code_in_a_parents_test_is_a_problem_of_the_child_too(tmp_path: Path) -> None:
    """Only what the ruleset leaves out of its parent's codes lets a test be passed over."""
    folder(tmp_path / "small", ruleset=MAIN, rules_test=TESTS.replace("serves: [A-G]}", "serves: [A-X]}", 1))
    head = "id: child\nversion: 2\ntitle: Д\nextends: small\n"
    found = run_tests(load_folder(folder(tmp_path / "child", ruleset=head)), EngineName.PLAIN)
    assert [p.found for p in found.problems] == ["A-X"]
    assert not found.passed


def test_a_parents_test_of_what_the_child_leaves_out_is_passed_over(tmp_path: Path) -> None:
    tests = TESTS.replace("serves: [A-G]}", "serves: [A-G], remarks: [odd]}", 1)
    folder(tmp_path / "small", ruleset=MAIN, rules_test=tests)
    head = "id: child\nversion: 2\ntitle: Д\nextends: small\nexclude: [{id: odd, reason: не замечаем}]\n"
    found = run_tests(load_folder(folder(tmp_path / "child", ruleset=head)), EngineName.PLAIN)
    assert ([r.name for r in found.results], found.problems, found.passed) == (["Бланк"], (), True)


def test_a_former_id_of_a_rule_still_names_it(tmp_path: Path) -> None:
    renamed = MAIN.replace("  - id: filled-in\n", "  - id: is-filled\n    aliases: [filled-in]\n")
    found = report(tmp_path, TESTS, renamed)
    assert found.passed
    assert {r.topic.code for r in found.results} == {"is-filled"}


def test_a_requirement_is_tested_whatever_rule_finds_it_met(tmp_path: Path) -> None:
    found = report(tmp_path, TESTS.replace("rule: filled-in", "requirement: filled"))
    assert found.passed
    assert [(r.topic, sorted(r.rules)) for r in found.results] == [
        (Topic("requirement", "filled"), ["filled-in"]),
        (Topic("requirement", "filled"), []),
    ]


def test_a_rule_that_gave_way_to_a_requirement_still_names_it(tmp_path: Path) -> None:
    renamed = MAIN.replace("  - id: filled\n", "  - id: filled\n    aliases: [old-rule]\n", 1)
    found = report(tmp_path, TESTS.replace("rule: filled-in", "rule: old-rule"), renamed)
    assert found.passed
    assert {r.topic for r in found.results} == {Topic("requirement", "filled")}


def test_the_same_test_twice_gives_the_same_result(tmp_path: Path) -> None:
    assert report(tmp_path, TESTS).results == report(tmp_path, TESTS).results
