"""The tool that puts faults into the core, tried on a small project of one module."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "mutants.py"
CODE = '''\
"""Two functions."""

LEAST = 3


def enough(number: int) -> bool:
    return number >= LEAST


def spare(number: int) -> int:
    return number - LEAST if number > LEAST else 0


def last(number: int) -> int:
    while number > LEAST:
        number -= LEAST
    return number
'''
TESTS = """\
import gc

from vsoko_rules.engine.sample import enough, last, spare

gc.freeze()


def test_enough():
    assert enough(3)
    assert not enough(2)


def test_spare():
    assert spare(5) == 2


def test_last():
    assert last(8) == 2
    assert last(6) == 3
"""
EQUIVALENT = """\
- in: vsoko_rules/engine/sample.py
  code: "return number - LEAST if number > LEAST else 0"
  becomes: "return number - LEAST if number >= LEAST else 0"
  why: nothing is left of three either way
"""


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOL), "engine", "--sample", "99", "--endless", "1", "--project", str(project)]
    command += arguments
    quick = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=quick)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process cannot fork here")
def test_faults_are_noticed_left_unnoticed_and_explained(tmp_path: Path) -> None:
    package, tests, tools = (tmp_path / name for name in ("vsoko_rules/engine", "tests/engine", "tools"))
    for folder in (package, tests, tools):
        folder.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "sample.py").write_text(CODE, encoding="utf-8")
    (tests / "test_sample.py").write_text(TESTS, encoding="utf-8")
    explained = tools / "equivalent_mutants.yml"
    explained.write_text(EQUIVALENT, encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 1, done.stderr
    head, *unnoticed = done.stdout.split("\n\n")
    assert head.splitlines()[1].split() == ["engine", "10", "9", "1", "0", "1", "90.0", "%"]
    assert "a test does not end" in done.stderr
    assert done.stderr.count("to be loaded anew") == 1, "all but the constant are changed where they are loaded"
    (fault,) = unnoticed
    assert fault.splitlines() == [
        "vsoko_rules/engine/sample.py:11  no test fails",
        "  - return number - LEAST if number > LEAST else 0",
        "  + return number - LEAST if number > LEAST else 1",
    ]
    assert (package / "sample.py").read_text(encoding="utf-8") == CODE

    (tests / "test_sample.py").write_text(TESTS + "    assert spare(3) == 0\n", encoding="utf-8")
    again = run(tmp_path, "--again")
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stdout.splitlines()[1].split() == ["engine", "10", "10", "0", "0", "1", "100.0", "%"]
    assert len(again.stderr.splitlines()) == 1, "what was noticed before is not tried again"
    named = run(tmp_path, "--only", "sample.py:11")
    assert named.stdout.splitlines()[1].split()[:3] == ["engine", "3", "3"]

    explained.write_text(EQUIVALENT.replace("LEAST else 0", "LEAST else 7"), encoding="utf-8")
    stale = run(tmp_path)
    assert stale.returncode == 1
    assert "number >= LEAST else 7" in stale.stderr


@pytest.mark.slow
def test_all_that_is_explained_is_still_there() -> None:
    command = [sys.executable, str(TOOL), "--sample", "0"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
