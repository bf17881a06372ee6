"""What cannot run in one process says so, whoever asks for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("beside", ["tests/web/test_safety.py", "tests/web", "tests"])
def test_the_page_and_the_server_of_a_region_do_not_share_a_process(beside: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-q",
        "tests/hosted/test_safety_hosted.py",
        beside,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "tests/hosted and tests/web cannot share one process" in done.stderr
    assert (done.stdout, "Traceback" in done.stderr) == ("", False)
