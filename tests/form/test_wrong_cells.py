"""Every error of a form names its sheet and cell, what stands there and what was expected; all of them at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import case_file, chain_case, only_blocks, ruleset
from tests.form.sheets import empty
from vsoko_rules.case.reader import check_case
from vsoko_rules.errors import InputError
from vsoko_rules.intake.form.read_form import case_of_sheets
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.reading.placed import PlacedData
from vsoko_rules.reading.workbook import Sheet, parse_workbook

SMALL = only_blocks("B1", "C")
WRONG = {
    "date": ("32.13.2022", "дата, например 14.02.2022"),
    "page": ("третья", "целое число"),
    "sample": ("12,5", "целое число"),
    "blank": ("наверное", "да или нет"),
    "holds.goals": ("возможно", "да или нет"),
    "addressees": ("учителям", "одно из: учителя; педагоги-психологи"),
    "covers": ("начальная", "одно из: НОО; ООО; СОО"),
    "id": ("_ _", "код до 80 знаков"),
}
"""by column: what is typed, and what the message expects instead"""
WRONG_IN_THE_WHOLE = {
    "based_on": ("d99", "код, который задан"),
    "file": ("../чужая/папка.pdf", "путь внутри папки"),
}
"""what is seen only when every cell is right"""


@pytest.mark.parametrize("wrong", [WRONG, WRONG_IN_THE_WHOLE], ids=["cells", "whole"])
def test_each_wrong_cell_is_named(tmp_path: Path, wrong: dict[str, tuple[str, str]]) -> None:
    """One wrong cell in each of as many rows of one form."""
    form = empty(tmp_path, SMALL)
    elements = [e.id for e in SMALL.elements.values() if e.block == "B1"]
    rows = [form.row("B1", "element", element) for element in elements[: len(wrong)]]
    for row, (key, (typed, _)) in zip(rows, wrong.items(), strict=True):
        form.fill("B1", row, **{"id": f"d{row}", "title": f"Приказ {row}", key.replace(".", "__"): typed})
    problems = form.problems()
    assert len(problems) == len(wrong)
    for row, (key, (typed, expected)) in zip(rows, wrong.items(), strict=True):
        where = f"форма.xlsx, лист «B1 Оценка качества подготовки», ячейка {form.cell('B1', row, key)}: "
        (problem,) = (p for p in problems if p.startswith(where))
        assert f"найдено: «{typed}»; ожидалось: {expected}" in problem


def test_all_of_them_at_once_in_the_order_of_the_form(tmp_path: Path) -> None:
    form = empty(tmp_path)
    form.fill_school(study__year="давно", filled_by__role="директор", filled_by__name="Эксперт 1")
    for number, element in enumerate(("B1-M01", "B1-M02", "B1-M03")):
        form.fill("B1", form.row("B1", "element", element), title=f"Приказ {number}", date="когда-то")
    form.fill("Решения", 6, of="B1-A01", outcome="выполненно")
    found = form.problems()
    assert [problem.split(": ")[0].split("ячейка ")[1] for problem in found] == [
        "C22", "C26", "L15", "L16", "L17", "C6", "D6", "E6", "F6",
    ]  # fmt: skip
    assert "Возможно, имелось в виду «выполнено»." in next(p for p in found if "выполненно" in p)
    assert sum("ячейка не заполнена" in problem for problem in found) == 3


def test_what_is_needed_and_not_there(tmp_path: Path) -> None:
    form = empty(tmp_path)
    row = form.row("B1", "element", "B1-M02")
    form.fill("B1", row, number="12-од")
    form.fill("B1", form.free_row("B1"), title="Документ ни к чему")
    form.fill("Документы", form.free_row("Документы"), title="Документ без кода")
    found = "\n".join(form.problems())
    assert found.count("\n") == 2
    assert f"ячейка {form.cell('B1', row, 'title')}: ячейка не заполнена; ожидалось: «Название документа»" in found
    assert found.count("у документа нет кода; ожидалось: код документа") == 2


def test_a_document_that_belongs_to_no_element(tmp_path: Path) -> None:
    form = empty(tmp_path)
    row = form.free_row("B1")
    form.fill("B1", row, id="d1", title="Документ ни к чему")
    (problem,) = form.problems()
    assert f"ячейка {form.cell('B1', row, 'element')}: не сказано, к чему относится документ" in problem


def test_two_rows_that_disagree_about_one_document(tmp_path: Path) -> None:
    form = empty(tmp_path)
    form.fill("B1", form.row("B1", "element", "B1-M01"), id="d1", title="Первый приказ")
    row = form.row("B1", "element", "B1-M02")
    form.fill("B1", row, id="d1", title="Второй приказ")
    (problem,) = form.problems()
    assert f"ячейка {form.cell('B1', row, 'title')}: об одном и том же сказано по-разному" in problem
    assert "найдено: «Второй приказ»; ожидалось: то же, что и раньше: «Первый приказ»" in problem


def test_a_row_that_says_nothing_that_can_be_read_is_one_message(tmp_path: Path) -> None:
    form = empty(tmp_path, SMALL)
    form.fill("Процедуры", 6, grade="пятый")
    form.fill("Процедуры", 7, id="p1", subject="Математика", grade=5)
    (problem,) = form.problems()
    assert "ячейка D6: ячейка заполнена не так; найдено: «пятый»" in problem


def test_codes_that_the_ruleset_does_not_know(tmp_path: Path) -> None:
    form = empty(tmp_path)
    row = form.free_row("Документы")
    form.fill("Документы", row, id="d1", title="Отчёт", serves="B1-M02; B9-M01")
    form.fill("Решения", 6, of="B9-A01", outcome="выполнено", by="Эксперт 1", date="21.10.2022", comment="Есть")
    with pytest.raises(InputError) as caught:
        check_case(form.read(), ruleset())
    found = str(caught.value)
    assert f"лист «Документы», ячейка {form.cell('Документы', row, 'serves')}: нет такого кода: элемент" in found
    assert "лист «Решения эксперта», ячейка B6: нет такого кода: элемент или показатель; найдено: «B9-A01»" in found


EDITS = ("cell", "delete row", "repeat row", "delete column", "repeat column", "drop sheet")


def edited(
    sheets: tuple[Sheet, ...], edit: str, number: int, at: int, column: int, value: str | None
) -> tuple[Sheet, ...]:
    """The sheets with one cell, row or column changed; the numbers are taken by the sizes."""
    number %= len(sheets)
    rows = [list(row) for row in sheets[number].rows]
    at, column = at % len(rows), column % len(rows[0])
    match edit:
        case "cell":
            rows[at][column] = value
        case "delete row":
            del rows[at]
        case "repeat row":
            rows.insert(at, rows[at])
        case "delete column":
            rows = [row[:column] + row[column + 1 :] for row in rows]
        case "repeat column":
            rows = [[*row[: column + 1], *row[column:]] for row in rows]
    kept = () if edit == "drop sheet" else (Sheet(sheets[number].file, sheets[number].name, rows),)
    return (*sheets[:number], *kept, *sheets[number + 1 :])


ODD = (
    "B1-M02",
    "да",
    "нет",
    "1e999",
    "-",
    ";",
    "d1",
    "44606",
    "14.02.2022",
    "НОО",
    "document.title",
    "Номер",
    "9" * 40,
)


@cache
def written() -> tuple[Sheet, ...]:
    """A form of one block with something on every sheet."""
    extra: dict[str, Any] = {
        "indicators": {"B1-I01": {"value": "1"}},
        "overrides": [{"of": "B1-A01", "outcome": "met", "by": "Э", "date": "2022-10-21", "comment": "Да"}],
        "procedures": [{"id": "p1", "subject": "Математика", "grade": "5"}],
    }
    content = write_form(SMALL, case=case_file({**chain_case("B1"), **extra}).content)
    return parse_workbook(content, "форма.xlsx", verbatim=True)


numbers = st.integers(0, 10_000)


@given(
    st.sampled_from(EDITS), numbers, numbers, numbers, st.one_of(st.none(), st.text(max_size=20), st.sampled_from(ODD))
)
def test_a_single_edit_is_valid_or_an_error_with_its_cell(
    edit: str, number: int, at: int, column: int, value: str | None
) -> None:
    changed = edited(written(), edit, number, at, column, value)
    try:
        check_case(case_of_sheets(changed, PlacedData("форма.xlsx", ""), None), ruleset())
    except InputError as error:
        for problem in error.problems:
            assert problem.place.file == "форма.xlsx"
            assert "\n" not in str(problem)
            assert problem.place.cell is not None or "не форма" in str(problem)
