"""The commands: what they print, what they write, and what they give back to the shell."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import as_yaml, complete_case, document, without_document
from tests.documents.reading import word_text
from vsoko_rules.cli.app import main
from vsoko_rules.errors import ExitCode

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def vsoko(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command as the shell would, without a process of its own: `tests/cli` starts those."""
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["vsoko", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return subprocess.CompletedProcess(sys.argv, end.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    """One complete school."""
    home = tmp_path / "schools"
    home.mkdir()
    (home / "one.yml").write_text(as_yaml(complete_case()), encoding="utf-8")
    return home


@pytest.mark.parametrize("command", ["study", "compare", "agree", "exchange"])
def test_help_has_examples(command: str, vsoko: Run) -> None:
    found = vsoko(command, "--help")
    assert found.returncode == 0
    assert f"vsoko {command} " in found.stdout
    assert "Пример" in found.stdout


def test_a_study_from_end_to_end(schools: Path, tmp_path: Path, vsoko: Run) -> None:
    out = tmp_path / "out"
    found = vsoko("study", schools, "-o", out, "--jobs", 1, "--reports", "--open", "--engine", "plain")
    assert found.returncode == ExitCode.COMPLETE, found.stderr
    assert "сформирована — 1 (100\u00a0%)" in found.stdout
    assert found.stderr == "", "no progress bar where nobody sees it"
    names = {p.name for p in out.iterdir()}
    assert {"итоги.jsonl", "ошибки.jsonl", "исследование.json", "отчёты"} <= names
    assert {f"сводка{k}.{e}" for k in ("", "-открытая") for e in ("json", "html", "xlsx", "docx")} <= names
    whole = complete_case()
    short = without_document(whole, document(whole, "B1-A01")["id"])
    (schools / "two.yml").write_text(as_yaml(short), encoding="utf-8")
    found = vsoko("study", schools, "-o", out, "-j", 1, "--engine", "plain")
    assert found.returncode == ExitCode.BAD_INPUT, "two files of one school"
    assert "two.yml: школа с кодом «sosna-1» за 2022 год уже описана в файле one.yml" in found.stdout.replace(
        "\u00a0", " "
    )
    short["school"]["id"] = "sosna-2"
    (schools / "two.yml").write_text(as_yaml(short), encoding="utf-8")
    assert vsoko("study", schools, "-o", out, "-j", 1, "--engine", "plain").returncode == ExitCode.GAPS
    (schools / "bad.yml").write_text("oops", encoding="utf-8")
    found = vsoko("study", schools, "-o", out, "-j", 1, "--engine", "plain", "--json")
    assert found.returncode == ExitCode.BAD_INPUT
    answered = json.loads(found.stdout)
    assert answered["results"][0]["region"]["schools"] == 2
    assert answered["errors"][0]["place"]["file"] == "bad.yml"
    assert vsoko("exchange", out, "--html", tmp_path / "e.html").returncode == ExitCode.COMPLETE
    assert "Обмен опытом" in (tmp_path / "e.html").read_text("utf-8")


def test_the_extract_of_a_meeting_is_made_of_folders_too(schools: Path, tmp_path: Path, vsoko: Run) -> None:
    out, made = tmp_path / "out", tmp_path / "p.docx"
    vsoko("study", schools, "-o", out, "-j", 1, "--engine", "plain")
    assert vsoko("protocol", out / "итоги.jsonl", "-o", made).returncode == 0
    of_lines = made.read_bytes()
    assert vsoko("protocol", out, "-o", made).returncode == 0
    assert made.read_bytes() == of_lines
    assert vsoko("protocol", schools / "one.yml", "-o", made, "--engine", "plain").returncode == 0
    of_case = made.read_bytes()
    assert vsoko("protocol", schools, "-o", made, "--engine", "plain").returncode == 0
    assert made.read_bytes() == of_case
    refused = vsoko("protocol", out, "-r", "tver-2022", "-o", made)
    assert refused.returncode == ExitCode.BAD_INPUT
    assert "bashkortostan-2022 — one.yml; ожидалось: одна методика. Назовите методику (-r)" in refused.stderr
    for name in ("bad.yml", "worse.yml"):
        (schools / name).write_text("oops", encoding="utf-8")
    found = vsoko("protocol", schools, "-o", made)
    assert found.returncode == ExitCode.BAD_INPUT
    assert "bad.yml" in found.stderr
    assert "worse.yml" in found.stderr


def test_an_extract_is_of_one_ruleset(schools: Path, tmp_path: Path, vsoko: Run) -> None:
    """Which files are of which is one message; naming a ruleset chooses it, also among stored results."""
    other, made, stored = complete_case(), tmp_path / "p.docx", tmp_path / "both.json"
    other["school"]["id"] = "sosna-2"
    (schools / "two.yml").write_text(as_yaml({**other, "ruleset": "tver-2022"}), encoding="utf-8")
    mixed = vsoko("protocol", schools, "-o", made, "--engine", "plain")
    assert mixed.returncode == ExitCode.BAD_INPUT
    assert len(mixed.stderr.splitlines()) == 1
    assert f"bashkortostan-2022 — {schools / 'one.yml'}; tver-2022 — {schools / 'two.yml'}" in mixed.stderr
    assert not made.exists()
    assert vsoko("protocol", schools, "-r", "tver-2022", "-o", made, "--engine", "plain").returncode == 0
    both = ("-r", "tver-2022", "-r", "bashkortostan-2022", "--engine", "plain", "-o", stored)
    assert vsoko("check", schools / "one.yml", *both).returncode == 0
    assert len(vsoko("protocol", stored, "-o", made).stderr.splitlines()) == 1
    assert vsoko("protocol", stored, "-r", "tver-2022", "-o", made).returncode == 0
    assert "tver-2022" in word_text(made.read_bytes())


def test_user_errors_are_one_message_without_a_traceback(schools: Path, tmp_path: Path, vsoko: Run) -> None:
    for arguments in (
        ("study", tmp_path / "nowhere", "-o", tmp_path / "out"),
        ("study", schools, "-o", schools / "one.yml"),
        ("study", schools),
        ("compare", schools),
        ("compare", schools, tmp_path / "nowhere"),
        ("agree", schools),
        ("agree", "--read", tmp_path / "nowhere.yml"),
        ("exchange", schools),
    ):
        found = vsoko(*arguments)
        assert found.returncode == ExitCode.BAD_INPUT, (arguments, found.stderr)
        assert "Traceback" not in found.stderr
        assert "Внутренняя" not in found.stderr
        assert len(found.stderr.strip().splitlines()) == 1, found.stderr


def test_compare_and_agree(schools: Path, tmp_path: Path, vsoko: Run) -> None:
    later = tmp_path / "later"
    later.mkdir()
    whole = complete_case()
    (later / "one.yml").write_text(as_yaml(without_document(whole, document(whole, "B1-A01")["id"])), encoding="utf-8")
    html = tmp_path / "c.html"
    found = vsoko("compare", schools, later, "--html", html)
    assert found.returncode == ExitCode.COMPLETE, found.stderr
    assert (
        "появилось: Анализ результатов мониторинга качества подготовки — линия стала обрываться здесь" in found.stdout
    )
    assert "Стало хуже" in found.stdout
    assert vsoko("compare", schools, later, "--fail-on-new").returncode == ExitCode.GAPS
    assert vsoko("compare", later, schools, "--fail-on-new").returncode == ExitCode.COMPLETE
    assert "<html" in html.read_text("utf-8")
    assert json.loads(vsoko("compare", later, schools, later, "--json").stdout)["results"][0]["trend"]["schools"] == 1
    form = tmp_path / "form.yml"
    found = vsoko("agree", schools, later, "--form", form, "--html", html)
    assert found.returncode == ExitCode.GAPS, found.stderr
    assert "Расхождения: 1" in found.stdout
    assert "Расхождения: 1" in html.read_text("utf-8")
    (agreed,) = json.loads(vsoko("agree", schools, later, "--json").stdout)["results"]
    assert agreed["disputes"][0]["over"] == ["outcome"]
    vsoko("agree", schools, later, "-o", tmp_path / "agree.json")
    assert json.loads((tmp_path / "agree.json").read_text("utf-8"))["results"][0]["open"] == 1
    decided = form.read_text("utf-8").replace(
        "    outcome:\n    comment:\n    date:\n", "    outcome: met\n    comment: Есть\n    date: 2022-11-15\n"
    )
    form.write_text(decided, encoding="utf-8")
    found = vsoko("agree", "--read", form, "-o", tmp_path / "agreed")
    assert found.returncode == ExitCode.COMPLETE, found.stderr
    assert [p.name for p in (tmp_path / "agreed").iterdir()] == ["sosna-1.overrides.yml"]
    assert vsoko("agree", "--read", form, "-o", tmp_path / "agreed.json").returncode == ExitCode.COMPLETE
    assert json.loads((tmp_path / "agreed.json").read_text("utf-8"))["results"][0]["open"] == 0
    found = vsoko("agree", schools, later, "--read", form, "--write")
    assert found.returncode == ExitCode.COMPLETE, found.stderr
    assert "Разногласий было 1, осталось 0." in found.stdout


def test_new_from_a_filled_file(schools: Path, tmp_path: Path, vsoko: Run) -> None:
    filled, out = schools / "one.yml", tmp_path / "second.xlsx"
    assert vsoko("new", "--from", filled, "--second-expert", "-o", out).returncode == ExitCode.COMPLETE
    assert vsoko("check", out, "--engine", "plain").returncode == ExitCode.GAPS
    for wrong, message in (
        (("--from", filled), "не сказано, для кого составить файл"),
        (("--from", filled, "--second-expert", "--next-year"), "не сказано, для кого составить файл"),
        (("--next-year", "-o", tmp_path / "x.yml"), "не сказано, из какого файла составить новый"),
        (("--from", filled, "--next-year"), "не сказано, куда записать файл"),
    ):
        found = vsoko("new", *wrong)
        assert (found.returncode, message in found.stderr) == (ExitCode.BAD_INPUT, True), found.stderr
    found = vsoko("agree", schools, schools, "--write")
    assert (found.returncode, "нечего вносить" in found.stderr) == (ExitCode.BAD_INPUT, True)
