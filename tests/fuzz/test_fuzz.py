"""A few damaged inputs of each kind with every run of the tests; `.ci/run` tries 500, `python -m tests.fuzz` 10,000."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.__main__ import fuzz
from tests.fuzz.targets import TARGETS
from tests.fuzz.watch import fault, run

pytestmark = pytest.mark.slow

FEW = {"templates": 4, "rulesets": 40, "json": 20}
"""inputs of a kind, by what one costs"""


@pytest.mark.parametrize("kind", TARGETS)
def test_nothing_knocks_the_program_over(kind: str) -> None:
    faults, codes = fuzz(kind, FEW.get(kind, 8), seed=2026)
    assert faults == []
    assert len(codes) > 1, "the damage must not always be the same"


def test_a_failure_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("vsoko_rules.workspace.opening.read_case_file", fails)
    code, said = run(["check", str(tmp_path / "x.yml")], 60)
    assert "exit 4" in str(fault(code, said, 0, tmp_path))


def test_an_endless_command_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never_ends(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr("vsoko_rules.workspace.opening.read_case_file", never_ends)
    code, said = run(["check", str(tmp_path / "x.yml")], 0.5)
    assert "processor time" in str(fault(code, said, 0, tmp_path))


def test_a_file_left_half_written_is_noticed(tmp_path: Path) -> None:
    (tmp_path / ".a.tmp").write_bytes(b"half")
    assert "half-written" in str(fault(2, "words", 0, tmp_path))
