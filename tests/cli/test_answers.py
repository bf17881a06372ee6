"""Where an answer goes: files by their endings, and the browser."""

from __future__ import annotations

import json
import re
import shutil
import sys
import webbrowser
from contextvars import copy_context
from pathlib import Path

import pytest

from tests.ruleset.small import MAIN, TESTS, folder
from vsoko_rules.cli import app as command_line
from vsoko_rules.errors import Place, Problem
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset import docs
from vsoko_rules.verdict.ruletests import TestReport, TrialResult
from vsoko_rules.verdict.trials import Topic
from vsoko_rules.workspace import rulesets
from vsoko_rules.workspace.opening import open_ruleset

CASE = shipped("cases") / "gorodskaya-sosh.yml"
OTHER = shipped("cases") / "selskaya-oosh.yml"
PLAIN = ("--engine", "plain")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["vsoko", *map(str, arguments)])
    return copy_context().run(command_line._run)


@pytest.mark.parametrize(
    ("ending", "begins"),
    [(".json", b"{"), (".txt", "МБОУ".encode()), (".html", b"<!doctype html>"), (".xlsx", b"PK"), (".md", b"# ")],
)
def test_check_writes_what_the_ending_says(
    ending: str, begins: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / f"итог{ending}"
    assert run(monkeypatch, "check", CASE, *PLAIN, "-o", target) == 1
    assert target.read_bytes().lower().startswith(begins.lower())
    assert capsys.readouterr().out == f"Записано: {target}\n"


def test_answers_for_people_are_written_as_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for command, words in (
        (["check", CASE, OTHER, *PLAIN], "полных линий"),
        (["explain", CASE, "--block", "B1", *PLAIN], "B1"),
        (["plan", CASE, "--block", "B2", *PLAIN], "План"),
        (["compare", CASE, CASE], "Сравнение"),
        (["agree", CASE, CASE], "Согласие экспертов"),
    ):
        target = tmp_path / f"{command[0]}.txt"
        assert run(monkeypatch, *command, "-o", target) in (0, 1)
        text = target.read_text(encoding="utf-8")
        assert words in text
        assert "[bold]" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", CASE, "-o", "итог.rtf"], "найдено: «.rtf»; ожидалось: имя файла с окончанием .json, .txt, .html"),
        (["plan", CASE, "-o", "план"], "найдено: «план»; ожидалось: имя файла с окончанием .json, .txt."),
        (["agree", CASE, OTHER, "-o", "итог.html"], "найдено: «.html»; ожидалось: имя файла с окончанием .json, .txt."),
        (
            ["agree", CASE, OTHER, "-o", "итог"],
            "--output: значение не подходит; найдено: «итог»; ожидалось: имя",
        ),
        (["rules", "list", "-o", "список.md"], "найдено: «.md»; ожидалось: имя файла с окончанием .json, .txt."),
        (["check", CASE, OTHER, *PLAIN, "-o", "итог.docx"], "в файл .docx записывается одна школа по одной методике"),
    ],
)
def test_what_cannot_be_written_is_refused(
    arguments: list[object], message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *arguments) == 2
    assert message in capsys.readouterr().err
    assert not any(Path(str(argument)).exists() for argument in arguments[-1:])


def test_a_file_without_a_command_is_checked_and_opened(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    case = tmp_path / "наша школа.yml"
    shutil.copy(CASE, case)
    assert run(monkeypatch, case, *PLAIN) == 1
    page = tmp_path / "отчёт" / "sos-012.html"
    assert opened == [page.as_uri()]
    assert capsys.readouterr().out == f"Записано: {page}\n"
    assert run(monkeypatch, case, *PLAIN, "--no-browser", "-q") == 1
    assert len(opened) == 1
    assert run(monkeypatch, tmp_path / "нет.xlsx") == 2
    assert "нет.xlsx: файла нет" in capsys.readouterr().err
    assert len(opened) == 1


def test_json_and_text_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "-q", "check", CASE, *PLAIN, "--json", "-o", tmp_path / "a.txt") == 1
    assert json.loads(capsys.readouterr().out)["results"]
    assert (tmp_path / "a.txt").exists()


RULES = (
    (("list",), {"id", "version", "sha256", "title", "label", "blocks", "elements", "lines", "rules", "indicators"}),
    (("show", "B1-M02"), {"ruleset", "part", "code", "place", "entry"}),
    (("check",), {"ruleset", "remarks"}),
    (
        ("test", "{small}", *PLAIN),
        {"ruleset", "tests", "failed", "problems", "without_firing", "without_silent"}
        | {"sentences", "failed_sentences"},
    ),
    (("diff", "bashkortostan-2022", "tver-2022"), {"old", "new", "changes"}),
)


@pytest.mark.parametrize(("command", "keys"), RULES)
def test_rulesets_are_told_as_data_and_as_text(
    command: tuple[str, ...], keys: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:  # fmt: skip
    small = folder(tmp_path / "small", ruleset=MAIN, rules_test=TESTS)
    command = tuple(part.format(small=small) for part in command)
    assert run(monkeypatch, "rules", *command, "--json") == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["results"][0].keys() == keys
    assert run(monkeypatch, "rules", *command, "-o", tmp_path / "a.json") == 0
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == printed
    assert run(monkeypatch, "rules", *command, "-o", tmp_path / "a.txt") == 0
    capsys.readouterr()
    assert run(monkeypatch, "rules", *command) == 0
    assert capsys.readouterr().out == (tmp_path / "a.txt").read_text(encoding="utf-8")


def test_every_entry_of_a_ruleset_is_data() -> None:
    ruleset = open_ruleset("tver-2022")
    for codes in docs._collections(ruleset).values():
        told = [each for code in codes for each in rulesets.entry_data("tver-2022", code)]
        assert json.loads(json.dumps(told)) == told
    (level,) = rulesets.entry_data("tver-2022", "formed")
    assert isinstance(level["entry"]["at_least"], int)


def test_failed_rule_tests_are_data() -> None:
    ruleset = open_ruleset(None)
    topic, place = Topic("rule", "credited"), Place("a.test.yml", 3)
    silent = TrialResult(topic, "Молчит", place, False, None, ({"document": "d1"},), frozenset())
    report = TestReport((silent,), (Problem(place, "нет такого правила", "x"),), (topic,), ())
    told = rulesets.test_data(ruleset, report, ())
    (failed,), (problem,) = told["failed"], told["problems"]
    assert (failed["about"], failed["expected"], failed["got"]) == ("credited", None, [{"document": "d1"}])
    assert (failed["place"]["line"], problem["found"], told["without_firing"]) == (3, "x", ["credited"])


def test_codes_that_there_are_not_are_data_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "rules", "show", "B9-M99", "--json") == 2
    assert json.loads(capsys.readouterr().out)["errors"][0]["found"] == "B9-M99"


@pytest.mark.parametrize(
    ("option", "says"), [("--links", "записан верно, сеть не проверялась"), ("--decisions", "Решения эксперта")]
)
def test_check_shows_addresses_or_decisions_instead(
    option: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "check", CASE, option, *PLAIN) == 1
    shown = capsys.readouterr().out
    assert says in " ".join(shown.split())
    assert run(monkeypatch, "check", CASE, option, *PLAIN, "-o", tmp_path / "ответ.txt") == 1
    assert says in " ".join((tmp_path / "ответ.txt").read_text(encoding="utf-8").split())
    capsys.readouterr()
    assert run(monkeypatch, "check", CASE, option, *PLAIN, "-o", tmp_path / "ответ.html") == 2
    assert option in capsys.readouterr().err


def test_addresses_and_decisions_are_not_shown_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "check", CASE, "--links", "--decisions", *PLAIN) == 2
    assert "одно из двух" in capsys.readouterr().err


def test_a_ruleset_is_named_in_its_place_or_by_the_option_of_other_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    small = folder(tmp_path / "small", ruleset=MAIN, rules_test=TESTS)
    commands = (["show", "A-G"], ["check"], ["test", *PLAIN], ["graph", "A"])
    for command in commands:
        code = run(monkeypatch, "rules", *command, small)
        in_its_place = capsys.readouterr().out
        assert re.search("Малая методика|A-G|small", in_its_place)
        for named in (["-r", small], ["--ruleset", small], [small, "-r", small]):
            assert run(monkeypatch, "rules", *command, *named) == code
            assert capsys.readouterr().out == in_its_place
    assert run(monkeypatch, "rules", "docs", "-r", small, "-o", tmp_path / "docs") == 0
    assert "Малая методика" in (tmp_path / "docs" / "index.md").read_text(encoding="utf-8")
    assert run(monkeypatch, "rules", "freeze", "-r", small) == 0
    assert run(monkeypatch, "form", small, "-o", tmp_path / "1.xlsx") == 0
    assert run(monkeypatch, "form", "-r", small, "-o", tmp_path / "2.xlsx") == 0
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()
    assert run(monkeypatch, "rules", "check", small, "-r", "core") == 2
    assert "--ruleset: названы две методики" in capsys.readouterr().err
