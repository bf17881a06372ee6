"""Workbooks (.xlsx, .xls, .ods) as text: each row a line, sheet after sheet."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Final

from vsoko_rules.errors import InputError
from vsoko_rules.intake.texts.file_text import TextLine, TextLink
from vsoko_rules.intake.texts.office_parts import OfficeParts, local
from vsoko_rules.intake.texts.read_text import ReadText, Unreadable, table_row, tidy
from vsoko_rules.reading.archive import LOCKED
from vsoko_rules.reading.workbook import Sheet, parse_workbook
from vsoko_rules.writing.spreadsheet import MADE_BY

_PROPERTIES: Final = "docProps/core.xml"
_MOST_ROWS: Final = 20_000
"""of one sheet that are read as text; a document of a school has far fewer"""


def read(content: bytes) -> ReadText:
    """The rows of a workbook that hold something, and where their cells lead. Raises `Unreadable`."""
    if _is_own(content):
        raise Unreadable("own")
    try:
        sheets = parse_workbook(content, "")
    except InputError as exc:
        raise Unreadable("locked" if exc.problems[0].message == LOCKED else "damaged") from None
    lines = [line for sheet in sheets for line in _lines(sheet)]
    links = [TextLink(tidy(_cell(sheet, at) or ""), target) for sheet in sheets for at, target in sheet.links.items()]
    return ReadText(tuple(lines), tuple(links))


def _is_own(content: bytes) -> bool:
    """Whether this program made a workbook: a form, a book of confirmations, a report."""
    if not zipfile.is_zipfile(BytesIO(content)):
        return False
    root = OfficeParts(content).xml(_PROPERTIES)
    return root is not None and any(local(part) == "keywords" and part.text == MADE_BY for part in root)


def _lines(sheet: Sheet) -> list[TextLine]:
    """The rows of a sheet up to the last cell that holds something."""
    lines: list[TextLine] = []
    for row in sheet.rows[:_MOST_ROWS]:
        width = max((at for at, cell in enumerate(row, 1) if cell), default=0)
        lines += table_row((cell or "" for cell in row[:width]), sheet=sheet.name)
    return lines


def _cell(sheet: Sheet, at: tuple[int, int]) -> str | None:
    row, column = at
    return sheet.rows[row][column] if row < len(sheet.rows) and column < len(sheet.rows[row]) else None
