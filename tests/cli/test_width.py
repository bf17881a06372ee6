"""What is printed fits the window, measured in columns as a terminal counts them, and is folded once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextvars import copy_context
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.text import Text

from tests.ruleset.small import MAIN, TESTS
from tests.ruleset.small import folder as ruleset_folder
from tests.short import CASE, ROOT
from vsoko_rules.cli import app as command_line
from vsoko_rules.cli import screen
from vsoko_rules.templates import folded_at

pytestmark = pytest.mark.slow

WIDTHS = (60, 80, 120)
BOUNDLESS = 100_000
PLAIN = ("--engine", "plain")
LISTED = "cases/pokazateli-tver.yml"
RUNS: tuple[tuple[str, ...], ...] = (
    ("check", CASE, *PLAIN), ("check", LISTED, *PLAIN), ("explain", CASE, *PLAIN),
    ("explain", CASE, "--line", "B1-G02-M02", *PLAIN), ("explain", LISTED, "--of", "B2-I03", *PLAIN),
    ("explain", CASE, "--if", "+B4-A01", *PLAIN), ("plan", CASE, "--block", "B4", *PLAIN), ("compare", CASE, CASE),
    ("agree", CASE, "{second}"), ("exchange", "{study}"),
    ("study", CASE, LISTED, "-o", "{study}"), ("rules", "list"), ("rules", "show", "B1-M02"), ("rules", "show", "B1"),
    ("rules", "check"), ("rules", "diff", "bashkortostan-2022", "tver-2022"), ("rules", "test", "{small}", *PLAIN),
)  # fmt: skip
HELP = [("help",), ("help", "check"), ("help", "study"), ("help", "agree"), ("help", "rules", "graph")]
SCRIPT = """
import json, sys
from contextvars import copy_context
from itertools import pairwise
from vsoko_rules.cli import app
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["vsoko", *arguments]
    copy_context().run(app._run)
"""


@pytest.mark.parametrize("columns", WIDTHS)
def test_answers_fit_the_window(columns: int) -> None:
    command = [sys.executable, "-c", SCRIPT, json.dumps([RUNS[0], *HELP])]
    environment = os.environ | {"COLUMNS": str(columns), "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    lines = done.stdout.decode("utf-8").splitlines()
    assert len(lines) > 100
    assert [line for line in lines if cell_len(line) > columns] == []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A study, the case of a second expert and a ruleset with two rule tests; their names fit any window."""
    folder = tmp_path_factory.mktemp("w")
    second = folder / "второй.yml"
    text = (ROOT / CASE).read_text(encoding="utf-8")
    second.write_text(text.replace("mark: 1", "mark: 0"), encoding="utf-8")
    small = ruleset_folder(folder / "своя", ruleset=MAIN, rules_test=TESTS)
    return {"study": str(folder / "итоги"), "second": str(second), "small": str(small)}


def answer(arguments: Sequence[str], columns: int, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a command prints, in lines, but for the table of blocks: the layout of that is another at each width."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys, "argv", ["vsoko", *arguments])
    assert copy_context().run(command_line._run) in (0, 1)
    lines: list[str] = capsys.readouterr().out.splitlines()
    assert [line for line in lines if cell_len(line) > columns and " " in line.strip()] == []
    table = [n for n, line in enumerate(lines) if line.split(" ")[0] == "Блок" or line.startswith("● держится")]
    if arguments[0] == "check":
        del lines[table[0] : table[1]]
    return lines


def paragraphs(whole: Sequence[str], folded: Sequence[str]) -> Iterator[list[str]]:
    """The lines into which each line of an answer is folded; the words are the same."""
    rest = iter(folded)
    for line in whole:
        lines = [next(rest)]
        while len(" ".join(lines).split()) < len(line.split()):
            lines.append(next(rest))
        assert " ".join(lines).split() == line.split()
        yield lines
    assert not list(rest)


@pytest.mark.parametrize("command", RUNS, ids=lambda command: " ".join(command[:4]))
def test_every_line_but_the_last_of_a_paragraph_is_filled(
    command: Sequence[str], made: dict[str, str], capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    arguments = [part.format(**made) for part in command]
    if "{study}" in command and not Path(made["study"]).exists():
        answer(["study", CASE, LISTED, "-o", made["study"], *PLAIN], BOUNDLESS, capsys, monkeypatch)
    if command[0] == "study":
        answer(arguments, BOUNDLESS, capsys, monkeypatch)
    whole = answer(arguments, BOUNDLESS, capsys, monkeypatch)
    for columns in WIDTHS:
        for lines in paragraphs(whole, answer(arguments, columns, capsys, monkeypatch)):
            for line, after in pairwise(lines):
                longest = cell_len(after.split(" ")[len(after) - len(after.lstrip(" "))])
                assert cell_len(line) >= columns / 2 or cell_len(line) + 1 + longest > columns, lines


@pytest.mark.parametrize("columns", [60, 80])
def test_names_in_the_table_of_blocks_are_cut_or_stand_above(
    columns: int, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys, "argv", ["vsoko", "check", CASE, *PLAIN])
    copy_context().run(command_line._run)
    lines = capsys.readouterr().out.replace("\u00a0", " ").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("B5  "))
    if columns == 80:
        assert lines[at] == "B5  Профессиональное развитие педаг…  3 из 3  90 %       ●   ●   ●   ●   ●   ●"
    else:
        assert lines[at] == "B5  Профессиональное развитие педагогических работников"
        assert lines[at + 1] == "    3 из 3  90 %       ●   ●   ●   ●   ●   ●"


def test_files_do_not_depend_on_the_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    runs = (
        ("check", CASE, *PLAIN, "-o", "{out}/check.txt"), ("compare", CASE, CASE, "-o", "{out}/compare.txt"),
        ("report", CASE, *PLAIN, "--format", "txt", "-o", "{out}"),
    )  # fmt: skip
    written = {}
    for columns in ("", "60"):
        monkeypatch.setenv("COLUMNS", columns)
        out = tmp_path / f"at{columns}"
        for run in runs:
            monkeypatch.setattr(sys, "argv", ["vsoko", *(part.format(out=out) for part in run)])
            assert copy_context().run(command_line._run) in (0, 1)
        written[columns] = {path.name: path.read_bytes() for path in out.iterdir()}
    assert len(written[""]) == len(runs)
    assert written[""] == written["60"]


def test_what_is_folded_here_keeps_its_colours_and_paths(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    path = "школы/" + "очень-длинное-имя-" * 4 + "файла.yml"
    copy_context().run(screen.show, lambda: f"  [red]{'слово ' * 12}[/]\n  vsoko check {path}\n")
    first, second, command, argument = capsys.readouterr().out.splitlines()
    assert (cell_len(first), second) == (55, "    слово слово слово")
    assert (command, argument) == ("  vsoko check", f"    {path}")
    lines = list(screen._folded(Text.from_markup(f"[red]{'слово ' * 12}[/]"), 60))
    assert [str(line.spans[0].style) for line in lines] == ["red", "red"]
    with folded_at(BOUNDLESS):
        assert len(list(screen._folded(Text("слово " * 12), 100))) == 1
