"""What the benchmarks of growth are made of is sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from large import large_case, many_rules
from spreadsheet import LibreOffice, soffice, write_checklist
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.verdict.assessment import assess


@pytest.fixture
def school(tmp_path: Path) -> Path:
    path = tmp_path / "school.yml"
    path.write_text(large_case(load(DEFAULT), 100), encoding="utf-8")
    return path


def test_repeated_rules_change_no_verdict(school: Path, tmp_path: Path) -> None:
    more = load(many_rules(tmp_path, 3))
    assert len(more.rules) == 3 * len(load(DEFAULT).rules)
    one, three = (assess(read_case(school), rules, EngineName.PLAIN) for rules in (load(DEFAULT), more))
    assert one.cycle.points == three.cycle.points


@pytest.mark.skipif(soffice() is None, reason="LibreOffice is not installed")
def test_the_spreadsheet_credits_what_the_program_credits(school: Path, tmp_path: Path) -> None:
    book = tmp_path / "school.xlsx"
    write_checklist(assess(read_case(school), load(DEFAULT), EngineName.PLAIN), book)
    office = LibreOffice(soffice() or "", tmp_path)
    office.convert([book])
    office.check(book)
