"""The workbook: a sheet about the file, then a sheet for each table. Text never becomes a formula or a link."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from vsoko_rules.report.composition import Composer
from vsoko_rules.report.tabulation import about, table_settings, tables, titled
from vsoko_rules.report.terms import Reader
from vsoko_rules.report.view import View
from vsoko_rules.writing.cells import TableColumn, row_height
from vsoko_rules.writing.sheet_text import LONGEST_HEADER, header_text
from vsoko_rules.writing.spreadsheet import Spreadsheet

_ABOUT: Final = (26, 70)
"""widths in characters"""


def files(composers: Sequence[Composer], _: Reader | None, __: Path | None) -> dict[str, bytes]:
    """One assessment as a workbook."""
    (composer,) = composers
    view, words = composer.view(), table_settings()["about"]
    on = composer.moment.replace(tzinfo=None)
    book = Spreadsheet(titled(words["title"], view), words["subject"], f"vsoko {view.marked.tool}", on, cut=True)
    footer = _footer(words["footer"], view)
    sheet = book.sheet(words["sheet"])
    sheet.widths(_ABOUT)
    for number, (title, value) in enumerate(about(view)):
        sheet.height(number, row_height(zip((title, value), _ABOUT, strict=True)))
        sheet.put(number, 0, title, "name")
        sheet.put(number, 1, value)
    sheet.print_setup(footer)
    for table in tables(view):
        sheet = book.sheet(table.title)
        drawn = zip(table.columns, table.widths, table.upright, strict=True)
        columns = [TableColumn(title, width, upright=upright) for title, width, upright in drawn]
        sheet.table(columns, table.rows)
        sheet.print_setup(footer)
    return {".xlsx": book.content()}


def _footer(text: str, view: View) -> str:
    """The footer; a name too long for it is cut."""
    name, year = header_text(view.school.name, LONGEST_HEADER - len(text)), view.school.year
    return text.format(school=name, year=year)
