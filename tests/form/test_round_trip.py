"""«case → form → case is the identity»: nothing is lost on the way into a workbook, or into YAML, and back."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.builders import only_blocks, ruleset, school_case
from tests.form.cases import HOSTILE, cases
from vsoko_rules.case.reader import read_case
from vsoko_rules.case.records import Case
from vsoko_rules.case.write import as_yaml
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.ruleset.ruleset import Ruleset

pytestmark = pytest.mark.slow

SHIPPED = sorted(shipped("cases").glob("*.yml"))


@cache
def folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="папка с пробелом "))


SMALL = only_blocks("B1", "C")
"""one block and the frame, of which the sheets of the others differ in names alone"""
WHOLE = ("pokazateli-oosh", "pokazateli-tver", "resheniya-eksperta", "odin-otchet-na-vse")
"""cases with marks, measured values, decisions, and a document in several blocks"""


def through_a_form(case: Case, under: Ruleset) -> Case:
    path = folder() / "форма школы № 1.xlsx"
    path.write_bytes(write_form(under, case=case))
    return read_case_file(path).content


def through_yaml(case: Case) -> Case:
    path = folder() / "школа № 1.yml"
    path.write_text(as_yaml(case, ["Показывает: \n что угодно"]), encoding="utf-8", newline="\n")
    return read_case(path).content


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(cases(SMALL))
def test_case_to_form_to_case_is_the_identity(case: Case) -> None:
    assert through_a_form(case, SMALL) == case


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(cases(SMALL))
def test_case_to_yaml_to_case_is_the_identity(case: Case) -> None:
    assert through_yaml(case) == case


def everything_hostile() -> Case:
    """Every hostile text as a title and a quote, numbers that no floating point holds, codes that differ by a case."""
    numbers = ["0.12345678901234567", "999999999999.12345", "-0.1", "100", "123456789012345678"]
    documents = [
        {"id": f"d{n}", "title": text, "quote": text, "number": text, "serves": ["B1-M01"]}
        for n, text in enumerate(HOSTILE)
    ]
    documents += [{"id": "codes", "title": "Т", "addressees": ["A", "a", "Учителя", "teachers"], "remarks": ["ё", "Ё"]}]
    return Case.model_validate(
        school_case(
            documents,
            procedures=[{"id": f"p{n}", "subject": "М", "grade": 5, "share": each} for n, each in enumerate(numbers)],
        )
    )


def test_everything_hostile_at_once() -> None:
    case = everything_hostile()
    assert through_a_form(case, SMALL) == case
    assert through_yaml(case) == case


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_every_shipped_case_in_a_form(path: Path) -> None:
    case = read_case(path).content
    assert through_a_form(case, load(DEFAULT)) == case


@pytest.mark.parametrize("name", WHOLE)
def test_a_case_in_a_form_with_the_indicators_of_every_block(name: str) -> None:
    case = read_case(shipped("cases") / f"{name}.yml").content
    assert through_a_form(case, load("tver-2022")) == case


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_every_shipped_case_in_yaml(path: Path) -> None:
    case = read_case(path).content
    assert through_yaml(case) == case


def test_a_form_is_the_same_to_the_byte() -> None:
    case = read_case(SHIPPED[0]).content
    assert write_form(ruleset(), case=case) == write_form(ruleset(), case=case)


def test_a_form_is_known_by_its_content_whatever_it_is_called(tmp_path: Path) -> None:
    case = read_case(SHIPPED[0]).content
    (tmp_path / "случай.dat").write_bytes(write_form(ruleset(), case=case))
    assert read_case_file(tmp_path / "случай.dat").content == case
    assert read_case_file(SHIPPED[0]).content == case
