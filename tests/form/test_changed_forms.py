"""A form after people have worked with it: it still reads, or says why not."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from tests.builders import LEVELS, child_ruleset, ruleset
from tests.form.sheets import KEYS, Form, empty, full
from vsoko_rules.case.reader import check_case
from vsoko_rules.case.records import Case, Document
from vsoko_rules.errors import InputError
from vsoko_rules.intake.form.write_form import write_form


def shuffled(sheet: Any, seed: int) -> None:
    """Put the rows below the headings into another order."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=KEYS + 1)]
    random.Random(seed).shuffle(rows)
    for number, values in enumerate(rows, KEYS + 1):
        for at, value in enumerate(values, 1):
            sheet.cell(number, at).value = value


def test_rows_that_were_moved(tmp_path: Path) -> None:
    form, case = full(tmp_path)
    for sheet in form.book.worksheets:
        if sheet.title.startswith(("B", "C", "Документы", "Школа")):
            shuffled(sheet, 7)
    assert form.read().content == case.content


def test_columns_and_sheets_that_were_added(tmp_path: Path) -> None:
    form, case = full(tmp_path)
    for name in ("B1", "B4", "Документы", "Школа"):
        sheet = form.sheet(name)
        for at in (sheet.max_column, 7, 2):
            sheet.insert_cols(at)
            sheet.cell(4, at).value = "Моя пометка"
            sheet.cell(8, at).value = "что-то своё"
    form.book.create_sheet("Заметки", 0)["B2"] = "спросить у завуча"
    assert form.read().content == case.content


def test_columns_that_were_moved_and_rows_above_the_table(tmp_path: Path) -> None:
    form, case = full(tmp_path)
    sheet = form.sheet("B1")
    order = list(range(1, sheet.max_column + 1))
    random.Random(3).shuffle(order)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    for number, values in enumerate(rows, 4):
        for at, source in enumerate(order, 1):
            sheet.cell(number, at).value = values[source - 1]
    sheet.insert_rows(1, 3)
    assert form.read().content == case.content


def test_sheets_that_were_renamed_and_moved(tmp_path: Path) -> None:
    form, case = full(tmp_path)
    for number, sheet in enumerate(form.book.worksheets):
        sheet.title = f"Лист {number}"
    form.book.move_sheet(form.book.worksheets[3], offset=4)
    assert form.read().content == case.content


def test_pasted_formatting_and_spaces(tmp_path: Path) -> None:
    form, case = full(tmp_path)
    sheet = form.sheet("B2")
    for row in sheet.iter_rows(min_row=KEYS + 1, max_row=12):
        for cell in row:
            cell.font, cell.fill, cell.number_format = Font(bold=True), PatternFill("solid", "FFAA00"), "0.00"
    title = form.column("B2", "title")
    sheet.cell(KEYS + 1, title).value = f"  {sheet.cell(KEYS + 1, title).value}\u00a0"
    sheet.cell(KEYS + 2, form.column("B2", "id")).value += " "
    assert form.read().content == case.content


def test_only_what_is_seen_is_left(tmp_path: Path) -> None:
    """Somebody copies the visible cells into another workbook: headings are left, hidden rows, columns and the sheet
    of words are not. Only the order of documents is lost."""
    reviewed = {"reviewed": ["B1", "B2"], "filled_by": {"role": "expert", "name": "Эксперт 1"}}
    form, case = full(tmp_path, counts={"students": 412}, ruleset="bashkortostan-2022", **reviewed)
    form.book.remove(form.sheet("Списки"))
    for sheet in form.book.worksheets[1:]:
        hidden = [n for n, cell in enumerate(sheet[KEYS], 1) if str(cell.value).endswith((".order", "_order", ".key"))]
        sheet.delete_rows(KEYS)
        for at in reversed(hidden):
            sheet.delete_cols(at)
    read = form.read().content
    assert {d.id: d for d in read.documents} == {d.id: sorted_holds(d, read) for d in case.content.documents}
    assert read.model_copy(update={"documents": ()}) == case.content.model_copy(update={"documents": ()})


def sorted_holds(document: Document, like: Case) -> Document:
    """The document with its marks in the order in which the same document of another case has them."""
    other = next(d for d in like.documents if d.id == document.id)
    assert set(other.holds) == set(document.holds)
    return document.model_copy(update={"holds": other.holds})


def test_cells_merged_over_several_rows(tmp_path: Path) -> None:
    form = empty(tmp_path)
    first, last = form.row("B1", "element", "B1-G01"), form.row("B1", "element", "B1-G04")
    form.fill("B1", first, id="celi", title="Цели блока", holds__target="да")
    for key in ("id", "title", "holds.target"):
        at = form.column("B1", key)
        form.sheet("B1").merge_cells(start_row=first, end_row=last, start_column=at, end_column=at)
    row = form.row("B1", "element", "B1-M02")
    form.fill("B1", row, id="d1", title="Приказ", kind="приказ")
    at = form.column("B1", "title")
    form.sheet("B1").merge_cells(start_row=row, end_row=row, start_column=at, end_column=at + 1)
    celi, order = form.read().content.documents
    assert celi.serves == ("B1-G01", "B1-G02", "B1-G03", "B1-G04")
    assert celi.holds == ("target",)
    assert (order.title, order.kind) == ("Приказ", None)


def test_a_sheet_that_was_removed_says_nothing(tmp_path: Path) -> None:
    form, case = full(tmp_path)
    form.book.remove(form.sheet("B6"))
    left = [d for d in case.content.documents if not d.serves[0].startswith("B6")]
    assert list(form.read().content.documents) == left


def test_a_sheet_without_headings_is_not_passed_over(tmp_path: Path) -> None:
    form, _ = full(tmp_path)
    form.sheet("B3").delete_rows(4, 2)
    (problem,) = form.problems()
    assert "лист «B3 Работа с одаренными" in problem
    assert "не найдены заголовки" in problem


def test_a_column_that_is_there_twice(tmp_path: Path) -> None:
    form, _ = full(tmp_path)
    sheet, at = form.sheet("B1"), form.column("B1", "title")
    sheet.cell(KEYS, sheet.max_column + 1).value = sheet.cell(KEYS, at).value
    assert any("столбец повторяется" in problem for problem in form.problems())


@pytest.mark.parametrize("kept", [("Школа",), ("B1",)])
def test_a_workbook_that_is_no_form(tmp_path: Path, kept: tuple[str, ...]) -> None:
    form, _ = full(tmp_path)
    for sheet in form.book.worksheets:
        if not sheet.title.startswith(kept):
            form.book.remove(sheet)
    found = form.problems()
    if kept == ("Школа",):
        assert found == []
    else:
        assert any("это не форма ВСОКО" in problem for problem in found)


def test_some_other_workbook(tmp_path: Path) -> None:
    form, _ = full(tmp_path)
    form.book = openpyxl.Workbook()
    form.book.active["A1"] = "Ведомость"
    (problem,) = form.problems()
    assert problem.startswith("форма.xlsx: это не форма ВСОКО; ожидалось: лист «Школа»")


def test_a_form_of_another_version_reads_and_names_the_codes_that_are_gone(tmp_path: Path) -> None:
    older = child_ruleset(tmp_path, "remarks: [{id: torn, title: Документ разорван}]\n", "region")
    form = Form(tmp_path, write_form(older))
    form.fill_school(
        school__id="s1", school__name="Школа", school__municipality="Район", study__year=2022,
        study__from="01.09.2021", study__to="31.10.2022", ruleset="bashkortostan-2022",
    )  # fmt: skip
    row = form.row("B1", "element", "B1-M02")
    form.fill("B1", row, id="d1", title="Приказ", remarks="Документ разорван")
    case = form.read()
    assert case.content.documents[0].remarks == ("torn",)
    with pytest.raises(InputError) as caught:
        check_case(case, ruleset())
    problems = [str(problem) for problem in caught.value.problems]
    assert any(f"ячейка {form.cell('B1', row, 'remarks')}: нет такого кода: пометка" in each for each in problems)
    assert any("форма составлена для другой версии методики" in each for each in problems)


def test_a_form_of_another_version_that_still_fits_is_a_notice(tmp_path: Path) -> None:
    form, _ = full(tmp_path, ruleset="bashkortostan-2022")
    lists = form.sheet("Списки")
    stamp = next(row for row in lists.iter_rows() if row[0].value == "ruleset")
    stamp[1].value = "2021.9"
    (notice,) = check_case(form.read(), ruleset())
    assert "форма составлена для другой версии методики; найдено: «2021.9»; ожидалось: 2022.3" in str(notice)


def test_levels_are_those_of_the_school(tmp_path: Path) -> None:
    case = Case.model_validate(
        {
            "school": {"id": "s", "name": "Ш", "municipality": "М", "levels": ["НОО"]},
            "study": {"year": 2022, "from": "2021-09-01", "to": "2022-10-31"},
        }
    )
    form = Form(tmp_path, write_form(ruleset(), case=case))
    codes = {cell.value for row in form.sheet("B4").iter_rows() for cell in row}
    assert "B4-G01" in codes
    assert "B4-M05" not in codes
    assert form.read().content.school.levels == ("НОО",)
    assert set(LEVELS) > set(form.read().content.school.levels)
