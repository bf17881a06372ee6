"""A check of dependencies that looked at nothing does not pass for one that found nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "known_faults.py"
SKIPPED = {"name": "segno", "skip_reason": "Dependency not found"}
SOUND = {"name": "django", "version": "5.2.9", "vulns": []}
FAULTY = {"name": "lxml", "version": "5.2", "vulns": [{"id": "X-1", "fix_versions": ["5.3"], "aliases": []}]}


@pytest.mark.parametrize(
    ("found", "status", "said"),
    [
        (None, 0, ["Known faults are NOT checked: pip-audit has not answered"]),
        (
            [SKIPPED, {**SKIPPED, "name": "vsoko-rules"}],
            0,
            ["0 of 1 packages checked, 0 known faults", "NOT checked: segno"],
        ),
        ([SOUND], 0, ["1 of 1 packages checked, 0 known faults"]),
        ([SOUND, FAULTY], 1, ["2 of 2 packages checked, 1 known faults", "lxml 5.2: X-1, mended in 5.3"]),
    ],
)
def test_what_is_said(tmp_path: Path, found: Any, status: int, said: list[str]) -> None:
    if found is not None:
        (tmp_path / "faults.json").write_text(json.dumps({"dependencies": found, "fixes": []}), encoding="utf-8")
    done = subprocess.run([sys.executable, TOOL, tmp_path / "faults.json"], capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout.splitlines()) == (status, said)
