"""A form that a person filled in with another program: openpyxl here, LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.builders import Data
from tests.form.sheets import empty, full
from vsoko_rules.case.reader import check_case
from vsoko_rules.intake.form.read_form import read_form
from vsoko_rules.ruleset.load import load
from vsoko_rules.ruleset.model import EducationLevel

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def test_a_document_in_the_row_of_its_element(tmp_path: Path) -> None:
    form = empty(tmp_path)
    row = form.row("B1", "element", "B1-M02")
    form.fill(
        "B1", row, id="d03", title="Приказ о мониторинге", number="12-од", date=date(2022, 2, 14),
        holds__goals="да", holds__tasks="Есть", holds__deadlines="нет", covers="НОО, ООО", sample=120, quote="+1 балл",
    )  # fmt: skip
    case = form.read().content
    (document,) = case.documents
    assert (document.id, document.serves, document.number) == ("d03", ("B1-M02",), "12-од")
    assert document.date == date(2022, 2, 14)
    assert document.holds == ("goals", "tasks")
    assert document.covers == (EducationLevel.NOO, EducationLevel.OOO)
    assert (document.sample, document.quote) == (120, "+1 балл")
    assert (case.ruleset, case.school.name, case.study.start) == (
        "bashkortostan-2022", "МБОУ СОШ «Сосна»", date(2021, 9, 1)
    )  # fmt: skip


def test_what_people_write_for_dates_numbers_and_lists(tmp_path: Path) -> None:
    form = empty(tmp_path, load("tver-2022"))
    form.fill_school(school__counts__students="1 024", filled_by__role="Эксперт", filled_by__date="20.10.2022 г.")
    row = form.row("B1 показатели", "code", "B1-I01")
    form.fill("B1 показатели", row, value="82,5", previous=79, target="80 %", documents="d1; d2", mark=1)
    row = form.free_row("Документы")
    form.fill(
        "Документы", row, id="d1", title="Первый", serves="B1-M01, B2-M01;\nB3-M01", addressees="Учителя; parents"
    )
    form.fill("Документы", row + 1, id="d2", title="Второй", date="2022-02-14", addressees="teachers", based_on="d1")
    case = form.read().content
    entry = case.indicators["B1-I01"]
    assert (entry.value, entry.previous, entry.target, entry.mark) == tuple(map(Decimal, ("82.5", "79", "80", "1")))
    assert entry.documents == ("d1", "d2")
    assert case.school.counts["students"] == 1024
    assert case.filled_by is not None
    assert (case.filled_by.role, case.filled_by.date) == ("expert", date(2022, 10, 20))
    first, second = case.documents
    assert first.serves == ("B1-M01", "B2-M01", "B3-M01")
    assert first.addressees == ("teachers", "parents")
    assert second.addressees == ("teachers",)


def test_one_document_in_the_rows_of_several_elements(tmp_path: Path) -> None:
    form = empty(tmp_path)
    form.fill("B1", form.row("B1", "element", "B1-A01"), id="otchet", title="Отчёт", holds__results="да")
    form.fill("B1", form.row("B1", "element", "B1-RC01"), id="otchet", holds__guidance="да", addressees="учителя")
    form.fill("B2", form.row("B2", "element", "B2-A01"), id="otchet")
    (document,) = form.read().content.documents
    assert document.serves == ("B1-A01", "B1-RC01", "B2-A01")
    assert document.holds == ("results", "guidance")
    assert document.addressees == ("teachers",)


def test_documents_without_a_code_get_one(tmp_path: Path) -> None:
    form = empty(tmp_path)
    form.fill("B1", form.row("B1", "element", "B1-M02"), title="Первый приказ")
    form.fill("B1", form.free_row("B1"), element="B1-M02", title="Второй приказ")
    case = form.read().content
    assert [(d.id, d.title, d.serves) for d in case.documents] == [
        ("doc-B1-M02", "Первый приказ", ("B1-M02",)),
        ("doc-B1-M02-2", "Второй приказ", ("B1-M02",)),
    ]


def test_blocks_that_were_gone_through(tmp_path: Path) -> None:
    form = empty(tmp_path)
    form.fill_school(reviewed__B1="да", reviewed__B2="нет")
    assert form.read().content.reviewed == ("B1",)


@pytest.mark.skipif(OFFICE is None, reason="LIBREOFFICE IS NOT INSTALLED: forms saved by it are NOT TESTED here")
@pytest.mark.parametrize("ending", ["ods", "xls", "xlsx"])
def test_a_form_that_libreoffice_saved(tmp_path: Path, ending: str) -> None:
    source = tmp_path / "исходная форма"
    source.mkdir()
    extra: Data = {
        "indicators": {"B1-I01": {"value": "88.4", "unit": "%", "mark": "0", "comment": "Ниже цели"}},
        "procedures": [{"id": "p1", "subject": "Математика", "grade": "5", "share": "8.25"}],
        "overrides": [
            {
                "of": "B1-A01",
                "outcome": "met",
                "by": "Эксперт 1",
                "date": "2022-10-21",
                "comment": "=A1+1\nвторая строка",
            }
        ],
        "reviewed": ["B1", "B2"],
    }
    form, case = full(source, **extra)
    out = tmp_path / "сохранено в офисе"
    assert OFFICE is not None
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [OFFICE, "--headless", profile, "--convert-to", ending, "--outdir", str(out), str(form.path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    read = read_form(out / f"форма школы.{ending}")
    assert read.content == case.content
    check_case(read, load("bashkortostan-2022"))
