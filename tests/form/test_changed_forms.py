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
from vsoko_rules.case.document_records import Document
from vsoko_rules.case.reader import check_case
from vsoko_rules.case.records import Case
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
        if sheet.title.startswith(("Документы", "Школа")):
            shuffled(sheet, 7)
    assert form.read().content == case.content


def test_columns_and_sheets_that_were_added(tmp_path: Path) -> None:
    form, case = full(tmp_path)
    for name in ("Документы", "Школа"):
        sheet = form.sheet(name)
        for at in (sheet.max_column, 7, 2):
            sheet.insert_cols(at)
            sheet.cell(3, at).value = "Моя пометка"
            sheet.cell(8, at).value = "что-то своё"
    form.book.create_sheet("Заметки", 0)["B2"] = "спросить у завуча"
    assert form.read().content == case.content


def test_columns_that_were_moved_and_rows_above_the_table(tmp_path: Path) -> None:
    form, case = full(tmp_path)
    sheet = form.sheet("Документы")
    order = list(range(1, sheet.max_column + 1))
    random.Random(3).shuffle(order)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    for number, values in enumerate(rows, 3):
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
    sheet = form.sheet("Документы")
    for row in sheet.iter_rows(min_row=KEYS + 1, max_row=12):
        for cell in row:
            cell.font, cell.fill, cell.number_format = Font(bold=True), PatternFill("solid", "FFAA00"), "0.00"
    title = form.column("Документы", "title")
    sheet.cell(KEYS + 1, title).value = f"  {sheet.cell(KEYS + 1, title).value}\u00a0"
    sheet.cell(KEYS + 2, form.column("Документы", "id")).value += " "
    assert form.read().content == case.content


def test_only_what_is_seen_is_left(tmp_path: Path) -> None:
    """Somebody copies the visible cells into another workbook: headings are left, hidden rows, columns and the sheet
    of words are not. The codes and the order of documents are lost, which nobody sees."""
    reviewed = {"reviewed": ["B1", "B2"], "filled_by": {"role": "expert", "name": "Эксперт 1"}}
    form, case = full(tmp_path, counts={"students": 412}, ruleset="bashkortostan-2022", **reviewed)
    form.book.remove(form.sheet("Списки"))
    for sheet in form.book.worksheets[1:]:
        keys = [str(cell.value).rpartition(".")[2] for cell in sheet[KEYS]]
        for at in reversed(range(len(keys))):
            if keys[at] in ("order", "key") or (
                keys[at] in ("id", "label", "count", "listed") and sheet.title == "Документы"
            ):
                sheet.delete_cols(at + 1)
        sheet.delete_rows(KEYS)
    read = form.read().content
    titles = {d.id: d.title for d in (*read.documents, *case.content.documents)}

    def told(document: Document) -> tuple[object, ...]:
        grounds = [titles[ground] for ground in document.based_on]
        return document.title, document.number, document.date, document.serves, document.holds, grounds

    assert [told(d) for d in read.documents] == [told(d) for d in case.content.documents]
    assert read.model_copy(update={"documents": ()}) == case.content.model_copy(update={"documents": ()})


def test_cells_merged_over_several_rows(tmp_path: Path) -> None:
    form = empty(tmp_path)
    goals = ["B1-G01", "B1-G02", "B1-G03"]
    first = form.document(title="Цели блока", when="01.09.2021", serves=goals[0], contents="измеримое целевое значение")
    for goal in goals[1:]:
        form.document(serves=goal)
    for key in ("title", "when", "contents"):
        at = form.column("Документы", key)
        form.sheet("Документы").merge_cells(start_row=first, end_row=first + 2, start_column=at, end_column=at)
    (document,) = form.read().content.documents
    assert document.serves == tuple(goals)
    assert document.holds == ("target",)


def test_only_the_title_is_merged(tmp_path: Path) -> None:
    form = empty(tmp_path)
    first = form.document(title="Цели блока", number="7", when="01.09.2021", serves="B1-G01")
    form.document(serves="B1-G02", where="shkola.example/2")
    at = form.column("Документы", "title")
    form.sheet("Документы").merge_cells(start_row=first, end_row=first + 1, start_column=at, end_column=at)
    (document,) = form.read().content.documents
    assert (document.serves, document.number, document.url) == (("B1-G01", "B1-G02"), "7", "http://shkola.example/2")


def test_a_row_that_was_copied_with_its_hidden_code_is_another_document(tmp_path: Path) -> None:
    form, case = full(tmp_path)
    sheet, row = form.sheet("Документы"), form.free_row("Документы")
    for cell in sheet[KEYS + 1]:
        if cell.data_type != "f":
            sheet.cell(row, cell.column).value = cell.value
    form.fill("Документы", row, title="Новый приказ")
    added = form.read().content.documents[-1]
    assert (added.title, added.serves) == ("Новый приказ", case.content.documents[0].serves)


def test_the_sheets_of_blocks_say_nothing(tmp_path: Path) -> None:
    form, case = full(tmp_path)
    form.book.remove(form.sheet("B6"))
    form.sheet("B1").delete_rows(1, 6)
    assert form.read().content == case.content


def test_a_sheet_without_headings_is_not_passed_over(tmp_path: Path) -> None:
    form, _ = full(tmp_path)
    form.sheet("Документы").delete_rows(3, 2)
    (problem,) = form.problems()
    assert "лист «Документы»" in problem
    assert "не найдены заголовки" in problem


def test_a_column_that_is_there_twice(tmp_path: Path) -> None:
    form, _ = full(tmp_path)
    sheet, at = form.sheet("Документы"), form.column("Документы", "title")
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
    row = form.document(title="Приказ", serves="B1-M02", notes="Документ разорван")
    case = form.read()
    assert case.content.documents[0].remarks == ("torn",)
    with pytest.raises(InputError) as caught:
        check_case(case, ruleset())
    problems = [str(problem) for problem in caught.value.problems]
    assert any(f"ячейка {form.cell('Документы', row, 'notes')}: пометки с таким кодом нет" in each for each in problems)
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
