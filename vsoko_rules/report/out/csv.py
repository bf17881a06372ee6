"""Tables as CSV that Excel in Russian opens right: UTF-8 with a byte order mark, semicolons, CRLF, decimal commas."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Final

from vsoko_rules.report.composition import Composer
from vsoko_rules.report.tabulation import Cell, ReportTable, tables
from vsoko_rules.report.terms import Reader
from vsoko_rules.words import UNSEEN

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_FULL_WIDTH: Final = ("＝", "＋", "－", "＠")
"""which some versions of Excel take for the usual signs"""


def files(composers: Sequence[Composer], _: Reader | None, __: Path | None) -> dict[str, bytes]:
    """The tables of one assessment, a file each, named by their titles."""
    (composer,) = composers
    results = tables(composer.view())
    return {f"-{table.title.lower().replace(' ', '-')}.csv": csv_file(table) for table in results}


def csv_file(table: ReportTable) -> bytes:
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
    return f"'{text}" if UNSEEN.sub("", text).lstrip(" \u00a0").startswith(_FORMULA + _FULL_WIDTH) else text
