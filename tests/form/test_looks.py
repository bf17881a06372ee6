"""What a person finds in the form: sheets, lists, protection, print. Read back with openpyxl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders import Data
from tests.form.sheets import KEYS, Form, empty, full
from vsoko_rules.errors import OutputError
from vsoko_rules.intake.form.block_sheets import BlockSheets
from vsoko_rules.intake.form.layout import layout
from vsoko_rules.intake.form.word_lists import word_lists
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.ruleset.load import available, load
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.writing.sheet_text import tab_name


@pytest.fixture(scope="module", params=available())
def form(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Form]:
    name: str = request.param
    return name, empty(tmp_path_factory.mktemp("форма"), load(name))


def values(form: Form, sheet: str, key: str) -> list[Any]:
    """What stands in a column below its headings."""
    at = form.column(sheet, key)
    return [row[at - 1].value for row in form.sheet(sheet).iter_rows(min_row=KEYS + 1) if row[at - 1].value is not None]


def test_a_sheet_for_each_block_and_a_row_for_each_element_and_indicator(form: tuple[str, Form]) -> None:
    name, made = form
    known = load(name)
    expected = known.expects(frozenset(EducationLevel), {})
    for block in known.blocks:
        assert values(made, block, "element") == [e.id for e in expected.elements.values() if e.block == block]
        own = [i.id for i in expected.indicators.values() if i.block == block]
        assert not own or values(made, f"{block} показатели", "code") == own
    titles = [sheet.title for sheet in made.book.worksheets]
    assert titles[:2] == ["Как заполнять", "Школа"]
    assert titles[-5:] == ["Документы", "Подтверждения", "Процедуры", "Решения эксперта", "Списки"]
    assert made.sheet("Списки").sheet_state == "hidden"


def test_a_column_for_each_requirement_of_the_block(form: tuple[str, Form]) -> None:
    name, made = form
    known = load(name)
    expected = known.expects(frozenset(EducationLevel), {})
    for block in known.blocks:
        asked = {q for e in expected.elements.values() if e.block == block for q in e.requires}
        wanted = {q for q in asked if known.requirements[q].given_by == "holds"}
        keys = [str(cell.value) for cell in made.sheet(block)[KEYS]]
        assert {key.removeprefix("document.holds.") for key in keys if key.startswith("document.holds.")} == wanted


def offered(form: Form, sheet: str, key: str, row: int) -> list[str]:
    """The words of the drop-down list of a cell."""
    cell = form.cell(sheet, row, key)
    checks = [c for c in form.sheet(sheet).data_validations.dataValidation if c.type == "list" and cell in c.cells]
    (check,) = checks
    where = str(check.formula1).split("!")[1].replace("$", "")
    return [cells[0].value for cells in form.sheet("Списки")[where]]


def test_lists_for_every_closed_vocabulary(form: tuple[str, Form]) -> None:
    name, made = form
    known = load(name)
    row = made.row("B1", "element", "B1-M02")
    assert offered(made, "B1", "holds.goals", row) == ["да", "нет"]
    assert offered(made, "B1", "blank", row) == ["да", "нет"]
    assert offered(made, "B1", "addressees", row) == [a.title for a in known.addressees.values()]
    assert offered(made, "B1", "remarks", row) == [r.title for r in known.remarks.values()]
    assert offered(made, "B1", "covers", row)[0] == "НОО; ООО; СОО"
    assert offered(made, "B1", "element", row) == values(made, "B1", "element")
    assert offered(made, "Решения", "outcome", 6) == list(layout().words["outcomes"].values())
    assert offered(made, "Школа", "value", made.row("Школа", "key", "filled_by.role"))[0] == "эксперт"
    assert offered(made, "Школа", "value", made.row("Школа", "key", "reviewed.B1")) == ["да", "нет"]


def test_headings_are_protected_and_answers_are_not(form: tuple[str, Form]) -> None:
    _, made = form
    for sheet in made.book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
    sheet, row = made.sheet("B1"), made.row("B1", "element", "B1-M02")
    assert all(cell.protection.locked for cell in (*sheet[4], *sheet[KEYS]))
    locked = {
        key: sheet[made.cell("B1", row, key)].protection.locked for key in ("element", "info.title", "title", "date")
    }
    assert locked == {"element": True, "info.title": True, "title": False, "date": False}
    assert not sheet[made.cell("B1", made.free_row("B1"), "element")].protection.locked


def test_panes_and_print(form: tuple[str, Form]) -> None:
    _, made = form
    for sheet in made.book.worksheets[1:]:
        assert sheet.freeze_panes is not None
        assert sheet.row_dimensions[KEYS].hidden
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows == "$3:$4"
        assert "&P" in sheet.oddFooter.right.text
        assert sheet.print_area
    assert made.sheet("Школа").page_setup.fitToHeight == 0
    assert len(made.sheet("B1").col_breaks.brk) == 4
    assert made.sheet("B1").print_title_cols


def test_cells_are_text_dates_and_numbers_and_only_one_formula_is_ours(tmp_path: Path) -> None:
    extra: Data = {
        "overrides": [{"of": "B1-A01", "outcome": "met", "by": "=1+1", "date": "2022-10-21", "comment": "@СУММ"}]
    }
    form, case = full(tmp_path, **extra)
    row = form.row("B1", "element", "B1-M02")
    sheet = form.sheet("B1")
    assert sheet[form.cell("B1", row, "date")].is_date
    assert sheet[form.cell("B1", row, "number")].number_format == "@"
    assert sheet[form.cell("B1", row, "title")].number_format == "@"
    by = form.sheet("Решения")[form.cell("Решения", 6, "by")]
    assert (by.value, by.data_type) == ("=1+1", "s")
    formulas = [
        cell for each in form.book.worksheets for cells in each.iter_rows() for cell in cells if cell.data_type == "f"
    ]
    assert formulas
    assert all(str(cell.value).startswith("=IFERROR(INDEX('Документы'!") for cell in formulas)
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


def test_a_document_on_the_common_sheet_is_shown_beside_its_elements(tmp_path: Path) -> None:
    known = load("bashkortostan-2022")
    form, case = full(tmp_path)
    document = case.content.documents[0].model_copy(update={"serves": ("B1-G01", "B1-G02")})
    content = case.content.model_copy(update={"documents": (document,)})
    sheets = BlockSheets(
        known, known.expects(frozenset(EducationLevel), {}), content, word_lists(known, content)
    ).sheets
    shown = {
        row.values["element"]: row.values["info.elsewhere"]
        for sheet in sheets
        for row in sheet.rows
        if "element" in row.values
    }
    assert getattr(shown["B1-G02"], "shown", None) == document.id
    assert getattr(shown["B1-G03"], "shown", None) == ""
    assert form.path.exists()
