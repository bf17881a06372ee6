"""What a person finds in the form: sheets, lists, protection, print. Read back with openpyxl."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.builders import Data
from tests.form.sheets import KEYS, Form, empty, full
from vsoko_rules.errors import OutputError
from vsoko_rules.intake.form.layout import layout
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.ruleset.load import available, load
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.writing.sheet_text import tab_name

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
MAIN = "Документы"


@pytest.fixture(scope="module", params=available())
def form(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Form]:
    name: str = request.param
    return name, empty(tmp_path_factory.mktemp("форма"), load(name))


def values(form: Form, sheet: str, key: str) -> list[Any]:
    """What stands in a column below its headings."""
    at = form.column(sheet, key)
    return [row[at - 1].value for row in form.sheet(sheet).iter_rows(min_row=KEYS + 1) if row[at - 1].value is not None]


def test_one_short_sheet_of_documents_and_a_view_for_each_block(form: tuple[str, Form]) -> None:
    name, made = form
    known = load(name)
    expected = known.expects(frozenset(EducationLevel), {})
    titles = [sheet.title for sheet in made.book.worksheets]
    assert titles[:3] == ["Как заполнять", "Школа", MAIN]
    assert titles[-4:] == ["Подробнее", *(["Показатели"] if known.indicators else []), "Процедуры", "Решения эксперта",
                           "Списки"][-4:]  # fmt: skip
    assert made.sheet("Списки").sheet_state == "hidden"
    heads = [cell.value for cell in made.sheet(MAIN)[KEYS - 1] if cell.value]
    assert len(heads) - len(["Порядок", "Код документа"]) == 10
    for block in known.blocks:
        assert values(made, block, "element") == [e.id for e in expected.elements.values() if e.block == block]
    assert not known.indicators or values(made, "Показатели", "code") == list(expected.indicators)


def offered(form: Form, sheet: str, key: str) -> list[str]:
    """The words of the drop-down list of the first cell of a column."""
    cell = form.cell(sheet, KEYS + 1, key)
    checks = [c for c in form.sheet(sheet).data_validations.dataValidation if c.type == "list" and cell in c.cells]
    (check,) = checks
    if "!" not in str(check.formula1):
        return [str(check.formula1)]
    where = str(check.formula1).split("!")[1].replace("$", "")
    return [cells[0].value for cells in form.sheet("Списки")[where]]


def test_lists_offer_names_and_sets(form: tuple[str, Form]) -> None:
    name, made = form
    known = load(name)
    elements = known.expects(frozenset(EducationLevel), {}).elements.values()
    assert offered(made, MAIN, "serves") == [f"{e.id} {e.title}" for e in elements]
    contents = offered(made, MAIN, "contents")
    held = [q.title for q in known.requirements.values() if q.given_by == "holds"]
    sets = [words for words in contents if ";" in words]
    assert contents[: len(sets)] == sets
    assert {word for words in sets for word in words.split("; ")} <= set(held)
    assert contents[len(sets) :][: len(held)] == held
    assert [f"кому: {a.dative}" for a in known.addressees.values()] == contents[-len(known.addressees) - 3 : -3]
    assert offered(made, MAIN, "based_on") == ["Документы_школы"]
    assert "скан без текста" in offered(made, MAIN, "notes")
    assert offered(made, "Решения", "outcome") == list(layout().words["outcomes"].values())


def test_headings_and_formulas_are_protected_and_answers_are_not(form: tuple[str, Form]) -> None:
    _, made = form
    for sheet in made.book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
    main = made.sheet(MAIN)
    assert main.protection.insertRows
    assert main.protection.deleteRows
    assert all(cell.protection.locked for cell in (*main[KEYS - 1], *main[KEYS]))
    locked = {
        key: main[made.cell(MAIN, KEYS + 1, key)].protection.locked for key in ("title", "when", "label", "listed")
    }
    assert locked == {"title": False, "when": False, "label": True, "listed": True}
    assert all(cell.protection.locked for row in made.sheet("B1").iter_rows() for cell in row)


@pytest.mark.skipif(OFFICE is None, reason="LIBREOFFICE IS NOT INSTALLED: the pages of the form are NOT TESTED here")
def test_the_blank_form_prints_on_a_few_pages(tmp_path: Path) -> None:
    """It took 105 when every block had its own wide sheet; the sheet of documents is as wide as one page."""
    (tmp_path / "форма.xlsx").write_bytes(write_form(load("bashkortostan-2022"), year=2022))
    assert OFFICE is not None
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        OFFICE,
        "--headless",
        profile,
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "форма.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "форма.pdf"), "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode()
    pages = text.split("\f")[:-1]
    assert len(pages) <= 20
    documents = [page for page in pages if "Название документа" in page]
    assert len(documents) == 2
    assert all("Примечание" in page for page in documents)


def test_cells_are_text_and_formulas_are_ours(tmp_path: Path) -> None:
    extra: Data = {
        "overrides": [{"of": "B1-A01", "outcome": "met", "by": "=1+1", "date": "2022-10-21", "comment": "@СУММ"}]
    }
    form, case = full(tmp_path, **extra)
    sheet = form.sheet(MAIN)
    assert all(sheet[form.cell(MAIN, KEYS + 1, key)].number_format == "@" for key in ("number", "when", "title"))
    formulas = [
        cell for each in form.book.worksheets for row in each.iter_rows() for cell in row if cell.data_type == "f"
    ]
    assert {cell.parent.title[:2] for cell in formulas} == {MAIN[:2], "B1", "B2", "B3", "B4", "B5", "B6", "C "}
    assert form.read().content == case.content


def test_a_form_says_for_which_ruleset_it_was_made(form: tuple[str, Form]) -> None:
    name, made = form
    stamps = {row[0].value: (row[1].value, row[2].value) for row in made.sheet("Списки").iter_rows(min_row=KEYS + 1)}
    assert stamps["ruleset"] == (load(name).version, name)
    told = [cell.value for row in made.sheet("Как заполнять").iter_rows(max_row=5) for cell in row]
    assert any(load(name).title in str(text) for text in told)


def test_what_excel_limits_is_within_its_limits(form: tuple[str, Form]) -> None:
    _, made = form
    for sheet in made.book.worksheets:
        assert len(sheet.title) <= 31
        for check in sheet.data_validations.dataValidation:
            assert len(check.promptTitle or "") <= 32
            assert len(check.prompt or "") <= 255
            assert len(check.formula1 or "") <= 255


def test_names_of_sheets_are_cut_at_a_word_and_never_clash() -> None:
    assert tab_name("B2 Внутришкольная система: профилактика", ()) == "B2 Внутришкольная система"
    taken = ["B1 Очень"]
    assert tab_name("b1 очень", taken) == "b1 очень 2"
    assert len(tab_name("д" * 80, ())) == 31


def test_a_list_that_no_cell_holds_is_refused(tmp_path: Path) -> None:
    form, case = full(tmp_path)
    document = case.content.documents[0].model_copy(update={"serves": tuple(f"B1-{'д' * 70}{n}" for n in range(600))})
    with pytest.raises(OutputError, match="не помещается в ячейку"):
        write_form(load("bashkortostan-2022"), case=case.content.model_copy(update={"documents": (document,)}))
    assert form.path.exists()


def test_a_form_asks_for_the_numbers_of_its_levels_and_keeps_any_that_is_stated() -> None:
    asked = [
        " ".join(str(cell.value) for row in openpyxl.load_workbook(BytesIO(content))["Школа"] for cell in row)
        for content in (
            write_form(load(available()[0]), levels=[EducationLevel.NOO, EducationLevel.OOO]),
            write_form(load(available()[0]), levels=[*EducationLevel]),
            write_form(load(available()[0]), levels=[EducationLevel.NOO], counts={"graduates_11": 0}),
        )
    ]
    assert ["9-х классов" in text for text in asked] == [True, True, False]
    assert ["11-х классов" in text for text in asked] == [False, True, True]
