"""Within one assessment no two findings share a fingerprint, in any shipped case."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import assessed, school_case
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.verdict.assessment import assess

CASES = sorted((Path(__file__).parents[2] / "cases").glob("*.yml"))


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_in_shipped_cases(path: Path) -> None:
    case = read_case(path)
    found = assess(case, load(case.content.ruleset or DEFAULT), EngineName.PLAIN).all_findings()
    fingerprints = [finding.fingerprint for finding in found]
    assert len(set(fingerprints)) == len(fingerprints)


def test_two_documents_with_one_fault_are_told_apart() -> None:
    twins = [{"id": f"d{n}", "title": "Цели", "serves": ["B1-G01"], "blank": True} for n in (1, 2)]
    warned = [f for f in assessed(school_case(twins)).all_findings() if f.rule == "template-with-blanks"]
    assert [f.fingerprint for f in warned] == [
        "warning:template-with-blanks:B1-G01",
        "warning:template-with-blanks:B1-G01#2",
    ]
