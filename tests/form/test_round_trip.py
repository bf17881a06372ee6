"""«case → form → case is the identity»: nothing is lost on the way into a workbook, or into YAML, and back."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.builders import ruleset
from tests.form.cases import cases
from vsoko_rules.case.load import read_case
from vsoko_rules.case.model import Case
from vsoko_rules.case.write import as_yaml
from vsoko_rules.form.any import read_any
from vsoko_rules.form.reading import read_form
from vsoko_rules.form.writing import write_form
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.load import DEFAULT, load

SHIPPED = sorted(shipped("cases").glob("*.yml"))


@cache
def folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="папка с пробелом "))


def through_a_form(case: Case, under: str = DEFAULT) -> Case:
    path = folder() / "форма школы № 1.xlsx"
    path.write_bytes(write_form(load(under), case=case))
    return read_form(path).content


def through_yaml(case: Case) -> Case:
    path = folder() / "школа № 1.yml"
    path.write_text(as_yaml(case, ["Показывает: \n что угодно"]), encoding="utf-8", newline="\n")
    return read_case(path).content


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_case_to_form_to_case_is_the_identity(case: Case) -> None:
    assert through_a_form(case) == case


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_case_to_yaml_to_case_is_the_identity(case: Case) -> None:
    assert through_yaml(case) == case


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
@pytest.mark.parametrize("under", ["bashkortostan-2022", "tver-2022"])
def test_every_shipped_case_in_a_form_of_each_ruleset(path: Path, under: str) -> None:
    case = read_case(path).content
    assert through_a_form(case, under) == case


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
    assert read_any(tmp_path / "случай.dat").content == case
    assert read_any(SHIPPED[0]).content == case
