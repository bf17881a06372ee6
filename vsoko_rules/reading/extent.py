"""How far the cells of a zipped workbook reach, seen without opening it.

A reader lays out every cell between the first and the last one. One stray value in the last cell of a sheet,
XFD1048576, asks for half a terabyte and ends the process; no error can be caught. So the reach is looked at first.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.parsers import expat
from zipfile import ZipFile

from vsoko_rules.reading.archive import unpack

_REFERENCE: Final = re.compile(r"([A-Za-z]*)(\d+)\Z")
_XML: Final = (b"<", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LONGEST_MARK: Final = 3
_ODS: Final = "content.xml"
_LONGEST_NUMBER: Final = 9


def reach(archive: ZipFile) -> int:
    """The number of cells of the largest sheet, those between its cells among them. Raises `ValueError` for a part
    that is no sound XML."""
    largest = 0
    for member in archive.infolist():
        if not member.filename.startswith("docProps/"):
            counted = _OdsReach() if member.filename == _ODS else _XlsxReach()
            largest = max(largest, _reach(unpack(archive, member), counted))
    return largest


def _reach(pieces: Iterator[bytes], counted: _XlsxReach | _OdsReach) -> int:
    """The cells of one part; none where it is no XML. It is parsed piece by piece and never held whole."""
    begins = b""
    for piece in pieces:
        begins = (begins + piece).lstrip()
        if len(begins) >= _LONGEST_MARK:
            break
    if not begins.startswith(_XML):
        return 0
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = counted.start
    parser.EndElementHandler = counted.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(begins)
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: of an encoding that nobody knows
        raise ValueError(str(error)) from None
    return counted.cells()


def _refuse_doctype(*_: object) -> None:
    raise ValueError("DOCTYPE")


class _XlsxReach:
    """Counts a sheet of Excel. A cell without content counts with no reader."""

    def __init__(self) -> None:
        self._row = self._column = self._rows = self._columns = 0
        self._pending = False
        """whether a cell has begun that nothing was seen in yet"""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self._row, self._column = _number(attributes.get("r"), self._row + 1), 0
        elif name == "c":
            at = _REFERENCE.match(attributes.get("r", ""))
            self._column = _column(at[1]) if at else self._column + 1
            self._row = _number(at[2], self._row) if at else self._row
            self._pending = True
        elif self._pending:
            self._rows, self._columns = max(self._rows, self._row), max(self._columns, self._column)
            self._pending = False

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "c":
            self._pending = False

    def cells(self) -> int:
        return self._rows * self._columns


class _OdsReach:
    """Counts the sheets of LibreOffice. Rows and cells are counted as often as they are repeated."""

    def __init__(self) -> None:
        self._largest = self._rows = self._columns = 0
        self._above = self._column = self._times = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        own = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "table":
            self._largest = self.cells()
            self._rows = self._columns = self._above = self._column = self._times = 0
        elif name == "table-row":
            self._above, self._column = self._above + self._times, 0
            self._times = _number(own.get("number-rows-repeated"), 1)
        elif name in ("table-cell", "covered-table-cell"):
            self._column += _number(own.get("number-columns-repeated"), 1)
            if "value-type" in own:
                self._rows = self._above + self._times
                self._columns = max(self._columns, self._column)

    def end(self, tag: str) -> None:
        """Nothing ends before the next table begins."""

    def cells(self) -> int:
        return max(self._largest, self._rows * self._columns)


def _number(text: str | None, otherwise: int) -> int:
    return int(text[:_LONGEST_NUMBER]) if text is not None and text.isdecimal() and text.isascii() else otherwise


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
