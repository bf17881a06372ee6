"""What is typed wrong is said in Russian, whatever version of Typer is installed."""

from __future__ import annotations

import sys

import pytest

from vsoko_rules.cli.app import main
from vsoko_rules.errors import ExitCode


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rulez"], "нет такой команды: rulez. Возможно, имелось в виду «rules»"),
        (["rules", "zzz"], "нет такой команды: zzz"),
        (["check"], "не указано обязательное: ФАЙЛ|ПАПКА…"),
        (["check", "--nope"], "нет такого параметра: --nope"),
        (["study", "x"], "не указано обязательное: --output"),
        (["check", "--engine"], "параметр указан не так: --engine"),
        (["plan", "x", "--engine", "clips"], "неверное значение: --engine (auto, plain, durable или both)"),
        (["rules", "graph", "B1", "-f", "png"], "неверное значение: --format (mermaid или dot)"),
    ],
)
def test_wrong_usage(
    arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["vsoko", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    printed = capsys.readouterr()
    assert end.value.code == ExitCode.BAD_INPUT
    assert printed.err.startswith(f"Команда указана не так: {message}. Подсказка: vsoko ")
    assert printed.out == ""


def test_options_are_named_in_errors(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["vsoko", "plan", "cases/bez-ssylok.yml", "--budget", "x", "--engine", "plain"])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err.startswith("--budget: число дней не подходит; найдено: «x»")
