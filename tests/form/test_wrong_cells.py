"""Every error of a form names its sheet and cell, what stands there and what was expected; all of them at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import case_file, chain_case, only_blocks, ruleset
from tests.form.sheets import KEYS, Form, empty
from vsoko_rules.case.reader import check_case
from vsoko_rules.errors import InputError
from vsoko_rules.intake.form.read_form import case_of_sheets
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.reading.placed import PlacedData
from vsoko_rules.reading.workbook import Sheet, parse_workbook

SMALL = only_blocks("B1", "C")
WRONG = {
    "when": ("32.13.2022", "найдено: «32.13.2022»; ожидалось: дата, например 14.02.2022, или период: 2021/22"),
    "serves": ("Мониторинг погоды", "неизвестное слово; найдено: «Мониторинг погоды»"),
    "contents": ("цели; пироги", "неизвестное слово; найдено: «пироги»; ожидалось: слово из списка"),
    "based_on": ("Программа", "так называется не один документ; найдено: «Программа»; ожидалось: одно из: «Программа"),
    "number": ("7 от 15.02.2022", "номер без даты: в столбце даты стоит другая"),
}
"""by column: what is typed, and what the message says of it"""


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> tuple[Form, list[str]]:
    """One wrong cell in each row of one form."""
    form = empty(tmp_path_factory.mktemp("form"), SMALL)
    form.document(title="Программа развития", number="1", when="01.09.2021", serves="B1-G01")
    form.document(title="Программа воспитания", number="2", when="01.09.2021", serves="B1-G02")
    for number, (key, (typed, _)) in enumerate(WRONG.items()):
        form.document(**{"title": f"Приказ {number}", "serves": "B1-M01", "when": "14.02.2022", key: typed})
    return form, form.problems()


def test_each_wrong_cell_is_named_once(wrong: tuple[Form, list[str]]) -> None:
    form, problems = wrong
    assert len(problems) == len(WRONG)
    for row, (key, (_, said)) in enumerate(WRONG.items(), KEYS + 3):
        where = f"форма.xlsx, лист «Документы», ячейка {form.cell('Документы', row, key)}: "
        (problem,) = (p for p in problems if p.startswith(where))
        assert said.replace("Программа; ", "") in problem


def test_a_document_that_is_not_there_is_named_in_words(tmp_path: Path) -> None:
    form = empty(tmp_path, SMALL)
    form.document(title="Программа развития школы", when="01.09.2021", serves="B1-G01")
    row = form.document(title="Приказ", when="14.02.2022", serves="B1-M01", based_on="Программа развития школ района")
    (problem,) = form.problems()
    assert problem == (
        f"форма.xlsx, лист «Документы», ячейка {form.cell('Документы', row, 'based_on')}: "
        "документа «Программа развития школ района» в форме нет; ожидалось: название или номер документа этой формы. "
        "Возможно, имелось в виду «Программа развития школы»."
    )


def test_dates_are_cited_as_they_were_typed(tmp_path: Path) -> None:
    form = empty(tmp_path, SMALL)
    form.fill_school(study__from="01.09.2022", study__to="31.08.2022 г.")
    (problem,) = form.problems()
    assert "найдено: «31.08.2022»; ожидалось: не раньше 01.09.2022" in problem


def test_a_cell_with_an_error_is_one_message(tmp_path: Path) -> None:
    form = empty(tmp_path, SMALL)
    row = form.document(title="Приказ", when="#N/A", serves="B1-M01", number="=A1+1")
    assert [problem.split(": ")[1].split(";")[0] for problem in form.problems()] == [
        "в ячейке формула без значения", "в ячейке ошибка"
    ]  # fmt: skip
    assert row == KEYS + 1


def test_letters_of_the_other_alphabet_are_named(tmp_path: Path) -> None:
    form = empty(tmp_path, SMALL)
    cyrillic, latin = "\u0412\u0031-\u041c02", "HOO"
    form.fill_school(school__levels=latin)
    assert "«H», «O» — латиница, нужны русские: «НОО»" in form.problems()[0]
    form.fill_school(school__levels="НОО; ООО")
    form.document(title="Приказ", when="14.02.2022", serves=cyrillic)
    with pytest.raises(InputError, match="«\u0412», «\u041c» — кириллица, нужны латинские: «B1-M02»"):
        check_case(form.read(), ruleset())


def test_all_of_them_at_once_in_the_order_of_the_form(tmp_path: Path) -> None:
    form = empty(tmp_path)
    form.fill_school(study__year="давно", filled_by__role="директор", filled_by__name="Эксперт 1")
    for number, element in enumerate(("B1-M01", "B1-M02")):
        form.document(title=f"Приказ {number}", serves=element, when="когда-то")
    form.fill("Решения", KEYS + 1, of="B1-A01", outcome="выполненно")
    found = form.problems()
    cells = [problem.split(": ")[0].split("ячейка ")[1] for problem in found]
    year, role = (
        form.cell("Школа", form.row("Школа", "key", key), "value") for key in ("study.year", "filled_by.role")
    )
    whens = [form.cell("Документы", KEYS + n, "when") for n in (1, 2)]
    rest = [form.cell("Решения", KEYS + 1, key) for key in ("outcome", "by", "date", "comment")]
    assert cells == [year, role, *whens, *rest]
    assert "Возможно, имелось в виду «выполнено»." in next(p for p in found if "выполненно" in p)
    assert sum("ячейка не заполнена" in problem for problem in found) == 3


def test_a_row_without_a_title_that_goes_on_with_nothing(tmp_path: Path) -> None:
    form = empty(tmp_path)
    row = form.document(number="12-од", serves="B1-M02")
    (problem,) = form.problems()
    assert (
        f"ячейка {form.cell('Документы', row, 'title')}: ячейка не заполнена; ожидалось: «Название документа»"
        in problem
    )


def test_two_rows_that_disagree_about_one_document(tmp_path: Path) -> None:
    form = empty(tmp_path)
    form.document(title="Приказ", number="1", when="14.02.2022", kind="приказ", serves="B1-M01")
    row = form.document(title="Приказ", number="1", when="14.02.2022", kind="план", serves="B1-M02")
    (problem,) = form.problems()
    assert f"ячейка {form.cell('Документы', row, 'kind')}: об одном и том же сказано по-разному" in problem


def test_a_row_that_says_nothing_that_can_be_read_is_one_message(tmp_path: Path) -> None:
    form = empty(tmp_path, SMALL)
    form.fill("Процедуры", KEYS + 1, grade="пятый")
    form.fill("Процедуры", KEYS + 2, id="p1", subject="Математика", grade=5)
    (problem,) = form.problems()
    assert f"ячейка D{KEYS + 1}: ячейка заполнена не так; найдено: «пятый»" in problem


def test_codes_that_the_ruleset_does_not_know(tmp_path: Path) -> None:
    form = empty(tmp_path)
    row = form.document(title="Отчёт", serves="B1-M02; B9-M01")
    form.fill("Решения", KEYS + 1, of="B9-A01", outcome="выполнено", by="Эксперт 1", date="21.10.2022", comment="Есть")
    with pytest.raises(InputError) as caught:
        check_case(form.read(), ruleset())
    found = str(caught.value)
    assert f"лист «Документы», ячейка {form.cell('Документы', row, 'serves')}: элемента с таким кодом нет" in found
    assert "лист «Решения эксперта», ячейка B5: элемента или показателя с таким кодом нет; найдено: «B9-A01»" in found


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
