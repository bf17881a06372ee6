"""Tables as CSV that Excel in Russian opens right: UTF-8 with a byte order mark, semicolons, CRLF, decimal commas."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Final

from vsoko_rules.report.paper import Paper
from vsoko_rules.report.tables import Cell, Table, tables

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_FULL_WIDTH: Final = ("＝", "＋", "－", "＠")
"""which some versions of Excel take for the usual signs"""


def csv_files(paper: Paper) -> dict[str, bytes]:
    """The tables of one assessment by the title of each."""
    return {table.title: csv_file(table) for table in tables(paper)}


def csv_file(table: Table) -> bytes:
    """One table."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(title) for title in table.columns])
    writer.writerows([_text(cell) for cell in row] for row in table.rows)
    return stream.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return safe(cell) if isinstance(cell, str) else str(cell).replace(".", ",")


def safe(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula: one that begins like it gets an apostrophe."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA + _FULL_WIDTH) else text
