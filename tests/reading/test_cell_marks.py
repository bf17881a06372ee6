"""What a workbook says of its cells besides their values; a cell is never dropped in silence."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from vsoko_rules.errors import InputError
from vsoko_rules.reading import cell_marks
from vsoko_rules.reading.workbook import Sheet, parse_workbook

ODS = """<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:xlink="l" xmlns:calcext="c">
<office:body><office:spreadsheet><table:calculation-settings><table:null-date table:date-value="1904-01-01"/>
</table:calculation-settings><table:table table:name="Лист1">
<table:table-row><table:table-cell office:value-type="percentage" office:value="0.912"
 table:number-columns-repeated="2"/><table:table-cell office:value-type="string" calcext:value-type="error">
<text:p>#N/A</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="1"
 office:value-type="string"><text:p><text:a xlink:href="https://a.example/1">Открыть</text:a></text:p>
</table:table-cell></table:table-row>
<table:table-row><table:covered-table-cell/><table:table-cell office:value-type="string"><text:p>б</text:p>
</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def sheet_of(book: Any) -> Sheet:
    stream = BytesIO()
    book.save(stream)
    (sheet,) = parse_workbook(stream.getvalue(), "а.xlsx", verbatim=True)
    return sheet


def test_a_number_shown_as_a_percent_is_the_percent_that_is_seen() -> None:
    book = openpyxl.Workbook()
    row = book.worksheets[0]
    row.append([0.912, 0.57, 1.5, 0.912, 0.1 + 0.2])
    for cell, form in zip(row[1], ("0%", "0.00%", '#,##0.0" %"%', '0.0" %"', "0%"), strict=True):
        cell.number_format = form
    assert list(sheet_of(book).rows[0]) == ["91.2%", "57%", "150%", "0.912", "30%"]


def test_links_lead_where_they_lead() -> None:
    book = openpyxl.Workbook()
    row = book.worksheets[0]
    row.append(["Открыть", '=HYPERLINK("https://b.example/2","Открыть")', "просто текст"])
    row["A1"].hyperlink = "https://a.example/1?x=1&y=2"
    assert sheet_of(book).links == {(0, 0): "https://a.example/1?x=1&y=2", (0, 1): "https://b.example/2"}


def test_errors_and_formulas_without_a_value_are_told() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["=A2+1", "#N/A", "текст"])
    assert sheet_of(book).faults == {(0, 0): "=A2+1", (0, 1): "#N/A"}


@pytest.mark.parametrize(("epoch", "zero"), [(None, date(1899, 12, 30)), (CALENDAR_MAC_1904, date(1904, 1, 1))])
def test_the_day_from_which_dates_are_counted(epoch: Any, zero: date) -> None:
    book = openpyxl.Workbook()
    book.epoch = epoch or book.epoch
    book.worksheets[0].append(["текст"])
    assert sheet_of(book).day_zero == zero


def ods(content: str) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return stream.getvalue()


def test_a_sheet_of_libreoffice_says_the_same() -> None:
    marks = cell_marks.read_marks(zipfile.ZipFile(BytesIO(ods(ODS))))
    assert marks.day_zero == date(1904, 1, 1)
    own = marks.of("Лист1")
    assert own.percents == {(0, 0), (0, 1)}
    assert own.links == {(1, 0): "https://a.example/1"}
    assert own.merged == [((1, 0), (2, 0))]
    assert own.faults == {(0, 2): "#N/A"}


def test_a_part_is_read_no_further_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_marks, "MOST_UNPACKED", len(ODS) // 2)
    with pytest.raises(InputError, match="таблица не читается"):
        parse_workbook(ods(ODS), "а.ods")
