"""What is printed fits the window, measured in columns as a terminal counts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from rich.cells import cell_len

from tests.short import CASE, ROOT

RUNS = (
    ["check", CASE], ["explain", CASE, "--block", "B1"], ["plan", CASE, "--block", "B4"], ["compare", CASE, CASE],
    ["rules", "list"], ["rules", "show", "B1-M02"], ["help"], ["help", "check"],
)  # fmt: skip
SCRIPT = """
import json, sys
from contextvars import copy_context
from vsoko_rules.cli import app
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["vsoko", *arguments]
    copy_context().run(app._run)
"""


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_answers_fit_the_window(columns: int) -> None:
    command = [sys.executable, "-c", SCRIPT, json.dumps(RUNS)]
    environment = os.environ | {"COLUMNS": str(columns), "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    lines = done.stdout.decode("utf-8").splitlines()
    assert len(lines) > 100
    assert [line for line in lines if cell_len(line) > columns] == []
