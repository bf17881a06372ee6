"""What reaches stdout and stderr: the answer alone, and nothing where nobody reads."""

from __future__ import annotations

import errno
import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import short
from vsoko_rules.cli import app as command_line
from vsoko_rules.cli.app import app
from vsoko_rules.resources import shipped

pytestmark = pytest.mark.slow

CASES = sorted(shipped("cases").glob("*.yml"))
MANY = """
import json, os, sys
from vsoko_rules.cli.app import main
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["vsoko", *arguments]
    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        os.write(1, b"\\0%d\\0" % end.code)
"""
"""runs several commands one after another in a process whose stdout is a pipe, natives writing to it included"""


WRITING = (
    *("draft", "show", "report", "letters", "protocol", "new", "samples", "form", "convert"),
    *("rules docs", "rules init", "rules import", "rules freeze", "rules schema"),
)
"""commands that print nothing but the names of the files that they wrote"""


def answers(runs: Sequence[Sequence[str]]) -> list[str]:
    """What each of these commands prints to stdout; nothing may reach stderr and none may fail."""
    command = [sys.executable, "-c", MANY, json.dumps(runs)]
    done = subprocess.run(command, cwd=short.ROOT, capture_output=True, check=False)
    assert done.stderr.decode("utf-8") == ""
    parts = done.stdout.decode("utf-8").split("\0")
    assert len(parts) == 2 * len(runs) + 1
    failed = [(run, code) for run, code in zip(runs, parts[1::2], strict=True) if code not in ("0", "1")]
    assert not failed
    return parts[:-1:2]


def test_json_alone_reaches_stdout() -> None:
    """Solvers, engines and readers are native, and some like to introduce themselves: with every case both engines,
    with some the solver too."""
    (checked,) = answers([["check", *map(str, CASES), "--json"]])
    assert len({each["case"]["sha256"] for each in json.loads(checked)["results"]}) == len(CASES)
    for answer in answers([[command, str(case), "--json"] for command in ("explain", "plan") for case in CASES[1::5]]):
        assert json.loads(answer)["results"][0]["case"]["sha256"]


def test_every_command_says_nothing_but_the_answer(tmp_path: Path) -> None:
    """The list of `tests/short.py`, which CI runs on every Python and at the lowest versions, a process a command."""
    short.prepare(tmp_path)
    runs = [run.format(out=tmp_path).split() for run in (*short.RUNS, *short.INTAKE)]
    for run, answer in zip(runs, answers(runs), strict=True):
        if "--json" in run:
            assert json.loads(answer).keys() == {"results", "errors"}
        if run[0] in WRITING or " ".join(run[:2]) in WRITING:
            named = [str(tmp_path) in line for line in answer.splitlines()]
            assert named, run
            assert all(named), run


def test_results_are_read_as_every_shell_writes_them(tmp_path: Path) -> None:
    """`vsoko check … --json > FILE` is UTF-16 in PowerShell 5.1."""
    (printed,) = answers([["check", str(CASES[0]), "--json", "--engine", "plain"]])
    runs: list[list[str]] = []
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path = tmp_path / f"{encoding}.json"
        path.write_text(printed, encoding=encoding)
        runs += [["protocol", str(path), "-o", str(path.with_suffix(".docx"))], ["compare", str(path), str(path)]]
    for run, answer in zip(runs, answers(runs), strict=True):
        assert run[-1] in answer if run[0] == "protocol" else answer


def every_command() -> Iterator[tuple[str, Any]]:
    """The words by which each command is called, and its function."""
    yield from ((str(c.name), c.callback) for c in app.registered_commands)
    for group in app.registered_groups:
        commands = group.typer_instance.registered_commands if group.typer_instance else []
        yield from ((f"{group.name} {c.name}", c.callback) for c in commands)


@pytest.mark.parametrize(("words", "function"), list(every_command()))
def test_no_command_is_left_out(words: str, function: Any) -> None:
    runs = [
        run
        for run in (*short.RUNS, *short.INTAKE, *short.PAGE, *short.SERVER, short.OPEN)
        if run.startswith(words + " ") or run == words
    ]
    assert runs
    assert "as_json" not in function.__annotations__ or any("--json" in run for run in runs)


@pytest.mark.parametrize("arguments", [["explain", str(CASES[0])], ["explain", str(CASES[0]), "--json"], ["--help"]])
def test_a_closed_pipe_ends_quietly(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "vsoko_rules", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


class ClosedOnWindows(io.StringIO):
    """Windows says `EINVAL` of a pipe that nobody reads any more."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self.descriptor = descriptor

    def write(self, _: str, /) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    def fileno(self) -> int:
        return self.descriptor


@contextmanager
def spare_descriptor(path: Path) -> Iterator[int]:
    with path.open("wb") as stream:
        yield stream.fileno()


@pytest.mark.parametrize("arguments", [["rules", "show", "B1-M02"], ["rules", "list"]])
def test_a_closed_pipe_on_windows_ends_quietly(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["vsoko", *arguments])
    with spare_descriptor(tmp_path / "out") as descriptor:
        monkeypatch.setattr(sys, "stdout", ClosedOnWindows(descriptor))
        with pytest.raises(SystemExit) as end:
            command_line.main()
    assert end.value.code == 0
    assert capsys.readouterr().err == ""


def test_a_bad_name_on_windows_is_no_closed_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(**options: Any) -> None:
        raise OSError(errno.EINVAL, "Invalid argument", "а?.yml")

    monkeypatch.setattr(command_line, "app", fails)
    with pytest.raises(SystemExit) as end:
        command_line.main()
    assert end.value.code == 4
    assert "Внутренняя ошибка" in capsys.readouterr().err
