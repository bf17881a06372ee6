"""Where an answer goes: files by their endings, and the browser."""

from __future__ import annotations

import json
import shutil
import sys
import webbrowser
from contextvars import copy_context
from pathlib import Path

import pytest

from vsoko_rules.cli import app as command_line
from vsoko_rules.resources import shipped

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
