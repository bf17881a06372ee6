"""The generated case of the benchmarks is a sound case."""

from __future__ import annotations

from pathlib import Path

import pytest

from large import large_case
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.verdict.assessment import assess


@pytest.mark.parametrize("documents", [0, 1, 120])
def test_the_generated_case_is_read_and_assessed(documents: int, tmp_path: Path) -> None:
    path = tmp_path / "generated.yml"
    path.write_text(large_case(load(DEFAULT), documents), encoding="utf-8")
    assessment = assess(read_case(path), load(DEFAULT), EngineName.PLAIN)
    assert len(assessment.case.documents) == documents
    assert assessment.cycle.max > 0
    if documents == 120:
        assert 0 < assessment.cycle.points < assessment.cycle.max
