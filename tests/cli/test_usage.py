"""What is typed wrong, and help, are in Russian, whatever version of Typer is installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_streams import every_command
from vsoko_rules.cli import russian
from vsoko_rules.cli.app import main
from vsoko_rules.errors import ExitCode
from vsoko_rules.report.render import Format

LATIN = re.compile(r"[A-Za-z][A-Za-z-]*[A-Za-z]")
NAMES = {
    *("CSV", "DOT", "Dask", "Excel", "Graphviz", "HTML", "JSON", "Markdown", "Mermaid", "PDF", "PowerShell", "SQLite"),
    "Schema",
    *(
        "Ctrl",
        "Tab",
        "Word",
        "ZIP",
        "rus",
        "traineddata",
        "YAML",
        "bashkortostan",
        "tver",
        "vsoko",
        "ods",
        "xls",
        "yml",
        "xlsx",
        "docx",
        "docs",
    ),
}
"""names of programs, formats and rulesets"""
UNFIT = "значение не подходит; найдено: «{}»; ожидалось: {}."
MEANT = "Возможно, имелось в виду «{}»."
ENGINES = "auto (все, какие есть), plain (встроенный), durable (durable-rules), both (оба, с проверкой друг друга)"
SCHEMAS = "case (файл школы), result (результат проверки), ruleset (методика), cues (признаки методики)"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["vsoko", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chek"], "нет такой команды: chek. Возможно, имелось в виду «check»."),
        (["rules", "zzz"], "нет такой команды: zzz."),
        (["help", "explian"], "нет такой команды: explian. Возможно, имелось в виду «explain»."),
        (["help", "check", "zzz"], "у команды vsoko check нет своих команд: zzz."),
        (["--quiet"], "не указана команда."),
        (["check"], "не указано обязательное: «ФАЙЛ|ПАПКА…»."),
        (["rules", "graph"], "не указано обязательное: «БЛОК»."),
        (["study", "x"], "не указано обязательное: «--output»."),
        (["report", "x", "--formt", "pdf"], "нет такого параметра: --formt. Возможно, имелось в виду «--format»."),
        (["check", "-z"], "нет такого параметра: -z."),
        (["check", "--engine"], "после параметра --engine нужно значение: ДВИЖОК."),
        (["check", "x", "--json=3"], "у параметра --json не бывает значения."),
        (["report", "x", "y", "z"], "лишнее: «y», «z»."),
        (["plan", "x", "--engine", "plane"], f"--engine: {UNFIT.format('plane', ENGINES)} {MEANT.format('plain')}"),
        (["study", "x", "-o", "y", "-j", "0"], f"--jobs: {UNFIT.format('0', 'целое число не меньше 1')}"),
        (["open", "--port", "99999999"], f"--port: {UNFIT.format('99999999', 'целое число от 0 до 65535')}"),
        (["rules", "schema", "resalt"], f"ЧТО: {UNFIT.format('resalt', SCHEMAS)} {MEANT.format('result')}"),
    ],
)
def test_wrong_usage(
    arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *arguments) == ExitCode.BAD_INPUT
    printed = capsys.readouterr()
    assert printed.err.startswith(f"Команда указана не так: {message} Подсказка: vsoko ")
    assert printed.err.endswith(" --help.\n")
    assert printed.out == ""


def test_no_kind_of_mistake_is_told_in_english() -> None:
    """Every error that Typer knows, with the English that it brings: only names of parameters are left."""
    kinds: list[Any] = [kind for kind in vars(russian.click).values() if isinstance(kind, type)]
    errors = [kind for kind in kinds if issubclass(kind, russian.click.UsageError)]
    assert len(errors) >= 6
    for kind in errors:
        made = kind.__new__(kind)
        made.__dict__ |= {"message": "Got unexpected thing", "ctx": None, "param": None, "option_name": "--engine"}
        told = russian.wrong_usage(made)
        assert not set(LATIN.findall(told)) - {"vsoko", "help", "engine"}, told


@pytest.mark.parametrize("words", ["", "rules", *(name for name, _ in every_command())])
def test_help_is_in_russian(words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside examples, options and values in Latin letters there are only names; brackets and dots are single."""
    monkeypatch.setenv("COLUMNS", "500")
    assert run(monkeypatch, "help", *words.split()) == 0
    shown = capsys.readouterr().out
    assert run(monkeypatch, *words.split(), "--help") == 0
    assert capsys.readouterr().out == shown
    assert shown.split("\n")[1].startswith(f" Использование: vsoko {words}".rstrip())
    assert not re.search(r"\[\[|\]\]|[{}]|\.\.", shown.replace("*.test.yml", ""))
    text = re.sub(r"vsoko( [^ \n]+)+|\S*[-/.=_:+>]\S*", "", shown)
    allowed = (
        NAMES
        | {kind.value for kind in Format}
        | {part for name, _ in every_command() for part in name.split()}
        | {"rules", "B1", "help"}
    )
    values = set(LATIN.findall(" ".join(re.findall(r"\w+ \(|умолчанию:? \w+", shown))))  # each with its meaning
    assert not set(LATIN.findall(text)) - allowed - values


def test_options_are_named_in_errors(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run(monkeypatch, "plan", "cases/bez-ssylok.yml", "--budget", "x", "--engine", "plain")
    assert capsys.readouterr().err.startswith("--budget: число дней не подходит; найдено: «x»")


def test_quiet_says_nothing_but_errors_and_data(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for arguments in (["-q", "rules", "list"], ["rules", "list", "--quiet"], ["samples", str(tmp_path / "s"), "-q"]):
        assert run(monkeypatch, *arguments) == 0
        assert capsys.readouterr() == ("", "")
    assert run(monkeypatch, "-q", "rules", "schema", "result") == 0
    assert capsys.readouterr().out.startswith("{")
    assert run(monkeypatch, "-q", "check", str(tmp_path / "nothing.yml")) == ExitCode.BAD_INPUT
    assert "nothing.yml" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_version(option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, option) == 0
    assert re.fullmatch(r"vsoko \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(("line", "completed"), [("vsoko che", "check"), ("vsoko check --engine bo", "both")])
def test_shells_complete_commands_and_values(line: str, completed: str) -> None:
    asked = {"_VSOKO_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    command = [sys.executable, "-c", "from vsoko_rules.cli import main; main()"]
    done = subprocess.run(command, env=os.environ | asked, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [completed]


@pytest.mark.parametrize("shell", ["bash", "tcsh", None])
def test_completion_is_installed_and_told_in_russian(
    shell: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(russian.completion, "_get_shell_name", lambda: shell)
    monkeypatch.setattr(russian.completion, "install", lambda shell: (shell, tmp_path / "vsoko.sh"))
    code = run(monkeypatch, "--install-completion")
    printed = capsys.readouterr()
    if shell == "bash":
        assert code == 0
        assert printed.out.startswith(f"Дополнение команд записано: {tmp_path / 'vsoko.sh'}.")
    else:
        assert code == ExitCode.BAD_INPUT
        assert f"оболочка: {shell or 'не определилась'}; дополнение команд есть для bash" in printed.err
