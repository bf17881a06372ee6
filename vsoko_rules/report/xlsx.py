"""The workbook: a sheet about the file, then a sheet for each table. Text never becomes a formula or a link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from vsoko_rules.report.paper import Paper
from vsoko_rules.report.tables import Cell, Table, about, settings, tables, titled

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST: Final = 32_767
"""characters that Excel allows in a cell"""
_FOOTER: Final = 255
_A4: Final = 9
_LINE, _HIGHEST = 13.5, 409.0
"""points: a line of text, and the highest row that Excel allows"""
_TITLE_ROWS: Final = 1

_FACES: Final[dict[str, dict[str, Any]]] = {
    "text": {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C8CDD3"},
    "number": {"valign": "top", "border": 1, "border_color": "#C8CDD3", "num_format": "0.##"},
    "whole": {"valign": "top", "border": 1, "border_color": "#C8CDD3", "num_format": "0"},
    "head": {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#E3E9F0"},
    "name": {"bold": True, "valign": "top", "text_wrap": True},
    "value": {"valign": "top", "text_wrap": True},
}


def workbook(paper: Paper, on: datetime) -> bytes:
    """The workbook of one assessment. `on` is what its properties give as its date: reports never tell the time."""
    from xlsxwriter import Workbook

    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    said = settings()["about"]
    book.set_properties(
        {
            "title": titled(said["title"], paper),
            "subject": said["subject"],
            "author": f"vsoko {paper.view.marked.tool}",
            "created": on,
        }
    )
    faces = {name: book.add_format({"font_name": "Calibri", "font_size": 10, **face}) for name, face in _FACES.items()}
    footer = _footer(said["footer"], paper)
    _about(book, said["sheet"], paper, faces, footer)
    for table in tables(paper):
        _sheet(book, table, faces, footer)
    book.close()
    return stream.getvalue()


def _about(book: Workbook, name: str, paper: Paper, faces: dict[str, Any], footer: str) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    for number, (title, value) in enumerate(about(paper)):
        sheet.write_string(number, 0, title, faces["name"])
        sheet.write_string(number, 1, value[:LONGEST], faces["value"])
    _printed(sheet, footer)


def _sheet(book: Workbook, table: Table, faces: dict[str, Any], footer: str) -> None:
    sheet = book.add_worksheet(table.title)
    for column, (title, width) in enumerate(zip(table.columns, table.widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, faces["head"])
    sheet.set_row(0, _height(table.columns, table.widths))
    for number, row in enumerate(table.rows, _TITLE_ROWS):
        for column, value in enumerate(row):
            if value is None:
                sheet.write_blank(number, column, None, faces["text"])
            elif isinstance(value, str):
                sheet.write_string(number, column, value[:LONGEST], faces["text"])
            else:
                sheet.write_number(number, column, value, faces["whole" if isinstance(value, int) else "number"])
        sheet.set_row(number, _height(row, table.widths))
    sheet.freeze_panes(_TITLE_ROWS, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    _printed(sheet, footer)


def _height(row: Sequence[Cell], widths: Sequence[int]) -> float:
    """How high a row has to be for its longest text (points): not every program finds that out on opening."""
    lines = max(
        sum(-(-len(part) // max(width - 1, 1)) or 1 for part in cell.split("\n"))
        for cell, width in zip(row, widths, strict=True)
        if isinstance(cell, str)
    )
    return min(lines * _LINE, _HIGHEST)


def _printed(sheet: Worksheet, footer: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(footer)


def _footer(text: str, paper: Paper) -> str:
    """The footer: `&` of a name doubled, for it has a meaning there; a name too long for a footer cut."""
    name, year = paper.view.school.name.replace("&", "&&"), paper.view.school.year
    room = _FOOTER - len(text)
    return text.format(school=name[:room].rstrip("&") if len(name) > room else name, year=year)
