"""A form that a person filled in with another program: openpyxl here, LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.builders import Data
from tests.form.sheets import KEYS, Form, empty, full
from vsoko_rules.case.reader import CaseFile, check_case, read_case
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.ruleset.load import load
from vsoko_rules.ruleset.model import EducationLevel

pytestmark = pytest.mark.slow

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
HERE = Path(__file__).parent


def fill(form: Form) -> None:
    """As a deputy head fills it: by names, with what people type, one document over several rows."""
    form.fill_school(
        school__counts__students="87 чел.", filled_by__role="Школа (самопроверка)", school__levels="НОО и ООО"
    )
    first = form.document(
        title="Программа развития школы", number="№ 54 от 31.08.2021", serves="B1-G01", where="Открыть",
        contents="измеримое целевое значение",
    )  # fmt: skip
    form.sheet("Документы")[form.cell("Документы", first, "where")].hyperlink = "https://shkola.example/pr.pdf"
    form.document(serves="B1-G02")
    form.document(
        title="Приказ о ВПР", kind="приказ", number="12-од", when="14 февраля 2022 г.",
        serves="Мониторинг результатов ВПР", contents="цели; задачи; сроки, ответственные",
        based_on="Программа развития", where="документы\\приказ 12.pdf",
    )  # fmt: skip
    form.document(contents="подпись")
    form.document(
        title="Справка", number="б/н", when="15.06.22", serves="B1-A01", contents="результаты; НОО",
        based_on="приказ № 12-од", quote="+1 балл",
    )  # fmt: skip
    form.document(title="Рекомендации", when="июнь 2022", serves="B1-RC01", contents="Учителям; goals",
                  based_on="см. выше",
                  notes="Скан без текста; спросить у завуча")  # fmt: skip
    form.document(title="приказ о ВПР", number="№ 12-ОД", when="14.02.2022", serves="B2-M01; B2-M02")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> CaseFile:
    form = empty(tmp_path_factory.mktemp("form"))
    fill(form)
    return form.read()


def test_documents_are_known_by_name_and_number(filled: CaseFile) -> None:
    programme, order, report, advice = filled.content.documents
    assert (programme.number, programme.date, programme.url) == (
        "54",
        date(2021, 8, 31),
        "https://shkola.example/pr.pdf",
    )
    assert programme.serves == ("B1-G01", "B1-G02")
    assert order.serves == ("B1-M02", "B2-M01", "B2-M02")
    assert order.holds == ("goals", "tasks", "deadlines", "responsible", "signature")
    assert (order.date, order.file, order.based_on) == (date(2022, 2, 14), "документы/приказ 12.pdf", (programme.id,))
    assert (report.numbered, report.date, report.based_on) == (False, date(2022, 6, 15), (order.id,))
    assert (report.covers, report.quote) == ((EducationLevel.NOO,), "+1 балл")
    assert (advice.period, advice.addressees, advice.holds) == ("июнь 2022", ("teachers",), ("goals",))
    assert (advice.based_on, advice.scan, advice.comment) == ((report.id,), True, "спросить у завуча")


def test_what_was_guessed_is_told_with_its_cell(filled: CaseFile) -> None:
    told = [str(notice) for notice in filled.notices]
    assert [text.split("ячейка ")[1].split(": ")[0] for text in told] == [f"F{KEYS + 5}", f"C{KEYS + 7}"]
    assert "дата понята так: 15.06.2022; найдено: «15.06.22»" in told[0]
    assert f"один документ в двух строках; впервые: лист «Документы», ячейка C{KEYS + 3}" in told[1]
    assert check_case(filled, load("bashkortostan-2022"))[:2] == filled.notices


def test_the_school(filled: CaseFile) -> None:
    case = filled.content
    assert (case.school.counts["students"], case.school.levels) == (87, ("НОО", "ООО"))
    assert case.filled_by is not None
    assert case.filled_by.role == "school"


def test_a_school_without_a_code_is_known_by_its_name_and_the_period_is_filled_in(tmp_path: Path) -> None:
    form = empty(tmp_path)
    form.fill_school(school__id=None, school__name="МБОУ «ООШ с. Берёзовка»")
    assert form.read().content.school.id == "мбоу-оош-с-берёзовка"
    assert form.read().content.study.start < form.read().content.study.end


def test_what_is_no_address_is_told_and_left_out(tmp_path: Path) -> None:
    form = empty(tmp_path)
    rows = [
        form.document(title=f"Д {n}", serves="C-01", where=said) for n, said in enumerate(("на сайте", "C:\\d\\п.doc"))
    ]
    form.document(title="Д 3", serves="C-01", where="shkola.example/vsoko")
    case = form.read()
    assert [d.url for d in case.content.documents] == [None, None, "http://shkola.example/vsoko"]
    cells = [str(n.place.cell).partition("ячейка ")[2] for n in case.notices]
    assert cells[:2] == [form.cell("Документы", row, "where") for row in rows]


def test_lists_of_documents_and_elements_are_never_cut_short(tmp_path: Path) -> None:
    form = empty(tmp_path)
    form.fill_school(school__counts__young_teachers="нет")
    form.document(title="Приказ", number="1", when="01.09.2021", serves="B1-M01, B1-M02 и B1-M03")
    form.document(title="Справка", number="2", when="01.10.2021", serves="B1-A01", based_on="приказ № 1, № 1")
    row = form.document(title="План", when="01.11.2021", serves="B1-G01 – B1-G04", based_on="Приказ № 1, Справка № 9")
    found = form.problems()
    assert [
        form.cell("Документы", row, key) in problem for problem, key in zip(found, ("serves", "based_on"), strict=True)
    ]
    form.fill("Документы", row, serves="B1-P01", based_on="№ 1, № 2")
    order, report, plan = form.read().content.documents
    assert order.serves == ("B1-M01", "B1-M02", "B1-M03")
    assert (report.based_on, plan.based_on) == ((order.id, order.id), (order.id, report.id))
    assert form.read().content.school.counts["young_teachers"] == 0


def test_indicators_take_percents_and_documents_by_name(tmp_path: Path) -> None:
    form = empty(tmp_path, load("tver-2022"))
    form.document(title="Анализ", number="7", serves="B1-A01")
    row = form.row("Показатели", "code", "B1-I01")
    form.fill("Показатели", row, value=0.912, previous="79,5", target="80 %", documents="№ 7", mark=1)
    cell = form.sheet("Показатели")[form.cell("Показатели", row, "value")]
    cell.number_format = "0%"
    entry = form.read().content.indicators["B1-I01"]
    assert (entry.value, entry.previous, entry.target, entry.mark) == tuple(map(Decimal, ("91.2", "79.5", "80", "1")))
    assert entry.documents == ("doc-B1-A01",)


def test_blocks_that_were_gone_through(tmp_path: Path) -> None:
    form = empty(tmp_path)
    form.fill_school(reviewed__B1="да", reviewed__B2="нет")
    assert form.read().content.reviewed == ("B1",)


def test_details_go_to_the_document_that_they_name(tmp_path: Path) -> None:
    form = empty(tmp_path)
    form.document(title="План работы", serves="B1-P01")
    form.document(title="Приказ об утверждении", number="3", serves="B1-D01")
    form.fill("Подробнее", KEYS + 1, document="План работы", approved_by="№ 3", valid__to="31.08.2023")
    plan, order = form.read().content.documents
    assert plan.approved_by == order.id
    assert plan.valid is not None
    assert plan.valid.end == date(2023, 8, 31)


def test_the_form_of_a_version_before_is_still_read() -> None:
    read = read_case_file(HERE / "old_form.xlsx")
    assert read.content == read_case(HERE / "old_form.yml").content
    assert read.notices == ()


def test_an_old_form_with_one_document_in_two_rows_and_as_above(tmp_path: Path) -> None:
    """Of two rows about one document the second has no code of its own, and may still be named by it."""
    book: Any = openpyxl.load_workbook(HERE / "old_form.xlsx")
    sheet = book["B1 Оценка качества подготовки"]
    keys = {str(cell.value).removeprefix("document."): cell.column for cell in sheet[5] if cell.value}
    rows = {row[keys["element"] - 1].value: row[0].row for row in sheet.iter_rows(min_row=6)}
    for row in rows.values():
        for key, column in keys.items():
            if key != "element" and not key.startswith("info."):
                sheet.cell(row, column).value = None
    for name in ("Документы", "Подтверждения"):
        book.remove(book[name])
    said = {
        "B1-G01": {"title": "Программа", "number": "№ 54", "date": "31.08.2021"},
        "B1-G02": {"title": "программа", "number": "54", "date": "31.08.2021 г."},
        "B1-G03": {"title": "см. выше", "holds.target": "+"},
        "B1-M02": {"title": "Приказ", "number": "7", "date": "01.02.2022", "based_on": "doc-B1-G02"},
    }
    for element, values in said.items():
        for key, value in values.items():
            sheet.cell(rows[element], keys[key]).value = value
    book.save(tmp_path / "форма.xlsx")
    read = read_case_file(tmp_path / "форма.xlsx")
    programme, order = (d for d in read.content.documents if d.id.startswith("doc-"))
    assert (programme.serves, programme.holds) == (("B1-G01", "B1-G02", "B1-G03"), ("target",))
    assert order.based_on == ("doc-B1-G01",)
    assert len(read.notices) == 2


def served_by_title(path: Path) -> dict[str, str]:
    """What the sheet of the first block shows of the elements that a document serves."""
    book: Any = openpyxl.load_workbook(path, data_only=True)
    block = next(sheet for sheet in book.worksheets if sheet.title.startswith("B1"))
    lines = block.iter_rows(min_row=KEYS + 1)
    return {str(line[0].value): str(line[4].value) for line in lines if line[4].value}


@pytest.mark.skipif(OFFICE is None, reason="LIBREOFFICE IS NOT INSTALLED: forms saved by it are NOT TESTED here")
def test_a_form_that_libreoffice_saved(tmp_path: Path) -> None:
    """Saved as each of its formats the form says the same, and the sheets of blocks fill themselves."""
    source, out = tmp_path / "исходная форма", tmp_path / "сохранено в офисе"
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
    row = form.free_row("Документы")
    form.fill("Документы", row, title="Ещё приказ", number="№ 9", serves="B1-M01")
    form.fill("Документы", row + 1, serves="B1-M02")
    titles = empty(tmp_path)
    titles.document(title="Справка", number="7", serves="Мониторинг результатов ВПР")
    titles.document(title="План", number="8", serves="B1-M01; мониторинг результатов ВПР; B1-M03")
    titles.book.save(source / "по названиям.xlsx")
    form.book.save(form.path)
    expected = read_case_file(form.path)
    assert len(expected.content.documents) == len(case.content.documents) + 1
    assert OFFICE is not None
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for ending in ("ods", "xls", "xlsx"):
        command = [OFFICE, "--headless", profile, "--convert-to", ending, "--outdir", str(out)]
        command += [str(path) for path in source.iterdir()]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        assert read_case_file(out / f"форма школы.{ending}").content == expected.content
    book: Any = openpyxl.load_workbook(out / "форма школы.xlsx", data_only=True)
    block = next(sheet for sheet in book.worksheets if sheet.title.startswith("B1"))
    assert served_by_title(out / "по названиям.xlsx") == {
        "B1-M01": "План № 8", "B1-M02": "Справка № 7 и ещё 1", "B1-M03": "План № 8"
    }  # fmt: skip
    served = {str(line[0].value): str(line[4].value) for line in block.iter_rows(min_row=KEYS + 1)}
    assert served["B1-M01"].endswith(" и ещё 1")
    assert served["B1-M02"].endswith(" и ещё 1")
    listed = [line[14].value for line in book["Документы"].iter_rows(min_row=KEYS + 1) if line[14].value]
    assert listed[-1] == "Ещё приказ № 9"
    assert len(listed) == len(expected.content.documents)
