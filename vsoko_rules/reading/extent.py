"""How far the cells of a zipped workbook reach, seen without opening it.

A reader lays out every cell between the first and the last one. One stray value in the last cell of a sheet,
XFD1048576, asks for half a terabyte and ends the process; no error can be caught. So the reach is looked at first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from zipfile import ZipFile

_XLSX: Final = re.compile(rb"<(?:\w+:)?(row|c)\b([^>]*?)(/?)>")
_AT: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)(\d+)[\"']")
_ODS: Final = re.compile(rb"<(?:\w+:)?(table-row|covered-table-cell|table-cell|table)\b([^>]*?)/?>")
_TIMES: Final = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,9})")
_VALUE: Final = re.compile(rb"value-type\s*=")


def reach(archive: ZipFile) -> int:
    """The number of cells of the largest sheet, those between its cells among them."""
    found = [0]
    for name in archive.namelist():
        if name.endswith(".xml") and not name.startswith("docProps/"):
            content = archive.read(name)
            found.append(_xlsx(content) if name != "content.xml" else max(_ods(content)))
    return max(found)


def _xlsx(content: bytes) -> int:
    rows = columns = row = 0
    for tag in _XLSX.finditer(content):
        at = _AT.search(tag[2])
        if tag[1] == b"row":
            row = int(at[2]) if at else row + 1
        elif not tag[3] and not content.startswith(b"</", tag.end()):  # no reader counts a cell without content
            rows = max(rows, int(at[2]) if at else row)
            columns = max(columns, _column(at[1]) if at else 1)
    return rows * columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + letter - ord("A") + 1
    return number


def _ods(content: bytes) -> Iterator[int]:
    """The cells of each sheet. Rows and cells are counted as often as they are repeated."""
    rows = above = columns = column = times = 0
    yield 0
    for tag in _ODS.finditer(content):
        repeated = _TIMES.search(tag[2])
        number = int(repeated[1]) if repeated else 1
        if tag[1] == b"table":
            yield rows * columns
            rows = above = columns = column = times = 0
        elif tag[1] == b"table-row":
            above, column, times = above + times, 0, number
        else:
            column += number
            if _VALUE.search(tag[2]):
                rows, columns = above + times, max(columns, column)
    yield rows * columns
