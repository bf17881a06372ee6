"""A written workbook, read back with a library that did not write it."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from vsoko_rules.errors import OutputError
from vsoko_rules.reading.workbook import parse_workbook
from vsoko_rules.writing.cell_text import LONGEST
from vsoko_rules.writing.cells import Formula, InputCheck, TableColumn, Value, row_height
from vsoko_rules.writing.sheet_text import header_text, tab_name
from vsoko_rules.writing.spreadsheet import Spreadsheet


def table(*rows: tuple[Value, ...], check: InputCheck | None = None, **options: Any) -> Spreadsheet:
    """A book with one table of as many columns as the first row has."""
    book = Spreadsheet("Книга", **options)
    columns = [TableColumn(f"Столбец {n}", 20, check=None if n else check) for n in range(len(rows[0]))]
    sheet = book.sheet("Лист")
    sheet.table(columns, rows, frozen=1)
    sheet.print_setup("&R&P")
    return book


def opened(book: Spreadsheet) -> Any:
    return openpyxl.load_workbook(io.BytesIO(book.content()))


@pytest.mark.parametrize(
    "text", ["=1+1", "+7 900", "-5", "@SUM(A1)", "\t=1", "\r=1", "https://a.example", "007", "1e5"]
)
def test_text_stays_text(text: str) -> None:
    content = table((text,)).content()
    cell = openpyxl.load_workbook(io.BytesIO(content))["Лист"]["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert parse_workbook(content, "a.xlsx", verbatim=True)[0].rows[1][0] in (text, "\\{D}=1")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(b'TargetMode="External"' in archive.read(name) for name in archive.namelist())


def test_numbers_and_dates_are_what_they_are() -> None:
    exact, inexact = Decimal("82.5"), Decimal("0.12345678901234567")
    row = opened(table((7, 0.5, exact, inexact, date(2022, 2, 14), date(1899, 1, 1), None)))["Лист"][2]
    assert [cell.value for cell in row[:4]] == [7, 0.5, 82.5, "0.12345678901234567"]
    assert row[4].value.date() == date(2022, 2, 14)
    assert [cell.value for cell in row[5:]] == ["1899-01-01", None]


def test_a_table_has_headings_that_stay_repeat_and_filter() -> None:
    sheet = opened(table(("а", "б"), ("в", "г")))["Лист"]
    assert [cell.value for cell in sheet[1]] == ["Столбец 0", "Столбец 1"]
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.auto_filter.ref) == ("B2", "$1:$1", "A1:B3")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 9)


def test_a_table_too_wide_to_be_read_in_print_is_narrowed() -> None:
    book = Spreadsheet("Книга")
    book.sheet("Лист").table(
        [TableColumn("Код", 9), TableColumn("Дата", 12), *[TableColumn("Текст", 90)] * 3], [["а"] * 5]
    )
    sheet = opened(book)["Лист"]
    own = [(int(c.width), c.max - c.min + 1) for c in sheet.column_dimensions.values()]
    assert own == [(9, 1), (12, 1), (49, 3)], "what is narrow stays as it is; together they are a page at 85 %"
    assert sheet.page_setup.orientation == "landscape"


def test_a_sheet_that_asks_for_nothing_is_printed_as_every_sheet() -> None:
    book = Spreadsheet("Книга & Ко")
    book.sheet("Лист").put(2, 3, "текст")
    sheet = opened(book)["Лист"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight, sheet.print_area) == (9, 0, "'Лист'!$A$1:$D$3")
    assert sheet.oddFooter.left.text == "Книга && Ко"
    assert sheet.oddFooter.right.text == "стр.\u00a0&P из\u00a0&N"


def test_a_drop_down_list_in_the_check_and_on_a_sheet() -> None:
    check = InputCheck("list", ("да", "нет"), refusal="Выберите из списка.")
    (rule,) = opened(table(("да",), check=check))["Лист"].data_validations.dataValidation
    assert (rule.formula1, rule.error, str(rule.sqref)) == ('"да,нет"', "Выберите из списка.", "A2")
    book = opened(table(("да",), check=check, lists_on=("Лист", 5, 3)))
    (rule,) = book["Лист"].data_validations.dataValidation
    assert rule.formula1 == "'Лист'!$D$6:$D$7"
    assert [book["Лист"][at].value for at in ("D6", "D7")] == ["да", "нет"]


def test_a_text_too_long_for_a_cell_is_refused_or_cut() -> None:
    with pytest.raises(OutputError, match="не помещается в ячейку"):
        table(("я" * (LONGEST + 1),))
    assert opened(table(("я" * (LONGEST + 1),), cut=True))["Лист"]["A2"].value == "я" * (LONGEST - 1) + "…"


def test_the_same_content_is_the_same_to_the_byte() -> None:
    assert table(("а", 1)).content() == table(("а", 1)).content()


def test_a_row_is_as_high_as_its_longest_text() -> None:
    assert row_height([("я" * 45, 20), ("я", 20), (None, 20)]) == row_height([("а\nб\nв", 20)]) > row_height([("а", 9)])
    assert row_height([(Formula("=A1", "а\nб"), 20)]) == row_height([("а\nб", 20)])
    assert row_height([("\n" * 99, 20)]) <= 409


def test_names_of_sheets_and_headers() -> None:
    assert tab_name("Итоги: 2022/23 [все]", ()) == "Итоги 2022 23 все"
    assert tab_name("Итоги", ["итоги"]) == "Итоги 2"
    assert header_text("А & Б", 100) == "А && Б"
    assert header_text("А & Б", 3) == "А "
