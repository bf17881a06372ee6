"""Whole texts of explanations, as a reader meets them."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.report.explanation import Explanation
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.verdict.assessment import assess

CASES = Path(__file__).parents[2] / "cases"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("gorodskaya-sosh", {"block": "B2"}),
        ("gorodskaya-sosh", {"line": "B3-G01-M01"}),
        ("daty-narusheny", {"block": "B1"}),
        ("razryv-mezhdu-otchetami", {"line": "B1-G01-M01"}),
        ("resheniya-eksperta", {"block": "B3"}),
        ("krug-ssylok-i-skany", {"block": "B4"}),
        ("nichego-ne-opublikovano", {"block": "B6"}),
        ("pokazateli-tver", {"of": "B2-I03"}),
        ("pokazateli-tver", {"of": "B1-L01"}),
        ("gorodskaya-sosh", {"of": "B4-A01"}),
    ],
)
def test_explanations(name: str, asked: dict[str, str], snapshot: SnapshotAssertion) -> None:
    case = read_case(CASES / f"{name}.yml", f"cases/{name}.yml")
    assessment = assess(case, load(case.content.ruleset or DEFAULT), EngineName.PLAIN)
    assert Explanation(assessment, **asked).text() == snapshot


def test_the_reason_of_a_level(snapshot: SnapshotAssertion) -> None:
    case = read_case(CASES / "gorodskaya-sosh.yml", "cases/gorodskaya-sosh.yml")
    text = Explanation(assess(case, load(DEFAULT), EngineName.PLAIN)).text()
    assert text.split("Линия")[0] == snapshot
