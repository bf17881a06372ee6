"""A sheet that would fill the memory is refused before it is opened: without the guard the process dies."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from vsoko_rules.errors import InputError
from vsoko_rules.reading.extent import reach
from vsoko_rules.reading.workbook import MOST_CELLS, read_workbook

HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="A">'
)
TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"
CELL = '<table:table-cell office:value-type="string"{}><text:p>x</text:p></table:table-cell>'
ROW = "<table:table-row{}>{}</table:table-row>"
EMPTY = '<table:table-cell table:number-columns-repeated="16384"/>'


def workbook(folder: Path, *cells: tuple[int, int]) -> Path:
    book: Any = openpyxl.Workbook()
    for row, column in cells:
        book.active.cell(row, column).value = "x"
    book.save(folder / "таблица.xlsx")
    return folder / "таблица.xlsx"


def ods(folder: Path, rows: str) -> Path:
    path = folder / "таблица.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", HEAD + rows + TAIL)
    return path


def reached(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return reach(archive)


def test_the_reach_of_a_sheet(tmp_path: Path) -> None:
    assert reached(workbook(tmp_path, (1, 1))) == 1
    assert reached(workbook(tmp_path, (1, 1), (10, 3))) == 30
    assert reached(workbook(tmp_path, (1, 30), (2, 1))) == 60
    assert reached(ods(tmp_path, ROW.format("", CELL.format("") * 3) * 2)) == 6
    far = ROW.format("", CELL.format("")) + ROW.format(' table:number-rows-repeated="1048575"', EMPTY)
    assert reached(ods(tmp_path, far)) == 1, "LibreOffice ends every sheet with empty rows"


SHEET = '<worksheet><sheetData><row r="1">{}</row></sheetData></worksheet>'


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        (SHEET.format('<c x=">" r="XFD1048576"><v>1</v></c>'), 16_384 * 1_048_576),
        (SHEET.format("<c x='>' r='XFD1048576'><v>1</v></c>"), 16_384 * 1_048_576),
        (SHEET.format("<c><v>1</v></c>" * 9).replace('r="1"', 'r="1000"'), 9_000),
        (SHEET.format('<c r="B1"/><c><v>1</v></c>'), 3),
    ],
)
def test_a_reach_that_hides(tmp_path: Path, sheet: str, cells: int) -> None:
    for name, encoding in (("xl/worksheets/sheet1.xml", "utf-8"), ("xl/worksheets/sheet1", "utf-16")):
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
            archive.writestr(name, sheet.encode(encoding))
        assert reached(tmp_path / "a.xlsx") == cells


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<!DOCTYPE a [<!ENTITY x "XFD1048576">]><a/>', "DOCTYPE"),
        ('<?xml version="1.0" encoding="no-such"?><a/>', "encoding"),
        ("<a><b></a>", "mismatched tag"),
    ],
)
def test_xml_that_is_not_sound_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", content)
    with pytest.raises(InputError, match=reason):
        read_workbook(tmp_path / "a.xlsx")


def test_formats_far_away_do_not_count(tmp_path: Path) -> None:
    book: Any = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active.cell(1_048_576, 16_384).number_format = "0.00"
    book.save(tmp_path / "формат.xlsx")
    assert len(read_workbook(tmp_path / "формат.xlsx")[0].rows) == 1


@pytest.mark.parametrize("far", [(1_048_576, 16_384), (1_048_576, 2), (3_000, 1_000)])
def test_a_stray_value_far_away(tmp_path: Path, far: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="занято слишком много места"):
        read_workbook(workbook(tmp_path, (1, 1), far))


@pytest.mark.parametrize(
    "rows",
    [
        ROW.format(' table:number-rows-repeated="1048575"', CELL.format(' table:number-columns-repeated="16384"')),
        ROW.format(' table:number-rows-repeated="1000000"', EMPTY) + ROW.format("", CELL.format("") * 3),
    ],
)
def test_repeated_cells(tmp_path: Path, rows: str) -> None:
    with pytest.raises(InputError, match="занято слишком много места"):
        read_workbook(ods(tmp_path, rows))


def test_a_large_table_is_read(tmp_path: Path) -> None:
    assert MOST_CELLS > 20_000 * 60
    assert len(read_workbook(workbook(tmp_path, (1, 1), (20_000, 60)))[0].rows) == 20_000
