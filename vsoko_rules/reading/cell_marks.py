"""What a zipped workbook says of its cells besides their values: where links lead, which numbers are percents, which
cells are merged, from which day dates are counted. The parts are read in a stream, never whole.

An .xls says nothing of this here: its percents are bare fractions, its links are their words.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from xml.parsers import expat
from zipfile import ZipFile

from vsoko_rules.reading.archive import MOST_UNPACKED

DAY_ZERO: Final = date(1899, 12, 30)
"""a date without its format is the number of days since then"""

_DAY_ZERO_1904: Final = date(1904, 1, 1)
_CHUNK: Final = 1 << 16
_WORKBOOK: Final = "xl/workbook.xml"
_ODS: Final = "content.xml"
_PERCENT_FORMATS: Final = ("9", "10")
"""numbers of the formats «0%» and «0.00%», which no part spells out"""
_QUOTED: Final = re.compile(r'"[^"]*"|\\.')
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_FORMULA: Final = re.compile(r'\s*(?:of:)?=?\s*HYPERLINK\(\s*"([^"]+)"', re.IGNORECASE)

At = tuple[int, int]
"""a cell: row and column numbered from 0"""
Attributes = Mapping[str, str]


@dataclass(slots=True)
class SheetMarks:
    """What is said of the cells of one sheet."""

    links: dict[At, str] = field(default_factory=dict)
    """the address to which a cell leads"""
    percents: set[At] = field(default_factory=set)
    """numbers that are shown a hundredfold, with a sign of percent"""
    merged: list[tuple[At, At]] = field(default_factory=list)
    """first and last cell of merged ones; of .ods alone"""
    faults: dict[At, str] = field(default_factory=dict)
    """cells without a value: the error in them, or a formula that was never calculated"""


@dataclass(slots=True)
class BookMarks:
    """What is said of the cells of a workbook, by the name of the sheet."""

    sheets: dict[str, SheetMarks] = field(default_factory=dict)
    day_zero: date = DAY_ZERO

    def of(self, sheet: str) -> SheetMarks:
        """Of one sheet; nothing where the workbook says nothing of it."""
        return self.sheets.get(sheet) or SheetMarks()


def read_marks(archive: ZipFile) -> BookMarks:
    """The marks of an .xlsx or .ods. Raises `ValueError` for a part that is no sound XML or unpacks to too much."""
    names = set(archive.namelist())
    if _WORKBOOK in names:
        return _of_xlsx(archive, names)
    book = BookMarks()
    if _ODS in names:
        _feed(archive, _ODS, _Ods(book))
    return book


def _feed(archive: ZipFile, name: str, reader: Any) -> None:
    """Read one part, chunk by chunk, into a reader with `start`, `end` and `text`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, given: reader.start(_local(tag), {_local(k): v for k, v in given.items()})
    parser.EndElementHandler = lambda tag: reader.end(_local(tag))
    parser.CharacterDataHandler = reader.text
    read = 0
    try:
        with archive.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                read += len(chunk)
                if read > MOST_UNPACKED:
                    raise ValueError(name)
                parser.Parse(chunk)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:
        raise ValueError(str(error)) from None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Tags:
    """Hands the attributes of each tag to one function, and nothing else."""

    def __init__(self, start: Callable[[str, Attributes], None]) -> None:
        self.start = start

    def end(self, tag: str) -> None:
        """Only beginnings are read."""

    def text(self, text: str) -> None:
        """Only tags are read."""


def _tags(archive: ZipFile, name: str) -> list[tuple[str, Attributes]]:
    """Every tag of a small part with its attributes, in order; none where there is no such part."""
    found: list[tuple[str, Attributes]] = []
    if name in archive.namelist():
        _feed(archive, name, _Tags(lambda tag, given: found.append((tag, given))))
    return found


def _of_xlsx(archive: ZipFile, names: set[str]) -> BookMarks:
    book = BookMarks()
    percents = _percent_styles(archive)
    targets = _targets(archive, _WORKBOOK)
    for tag, given in _tags(archive, _WORKBOOK):
        if tag == "workbookPr" and given.get("date1904") in ("1", "true", "on"):
            book.day_zero = _DAY_ZERO_1904
        elif tag == "sheet" and (part := targets.get(given.get("id", ""))) in names and part is not None:
            reader = _XlsxSheet(percents)
            _feed(archive, part, reader)
            own = _targets(archive, part) if reader.linked else {}
            reader.marks.links |= {at: own[key] for at, key in reader.linked.items() if key in own}
            book.sheets[given.get("name", "")] = reader.marks
    return book


def _targets(archive: ZipFile, part: str) -> dict[str, str]:
    """What a part refers to, by the keys that it uses: other parts by their names, addresses outside as they are."""
    folder, name = posixpath.split(part)
    found = {}
    for tag, given in _tags(archive, f"{folder}/_rels/{name}.rels"):
        if tag == "Relationship":
            target, outside = given.get("Target", ""), given.get("TargetMode") == "External"
            found[given.get("Id", "")] = target if outside else posixpath.normpath(f"/{folder}/{target}").lstrip("/")
            if not outside and target.startswith("/"):
                found[given.get("Id", "")] = target.lstrip("/")
    return found


def _percent_styles(archive: ZipFile) -> set[str]:
    """The numbers of the cell styles that show percents."""
    formats, percents, count, inside = set(_PERCENT_FORMATS), set(), 0, False
    for tag, given in _tags(archive, "xl/styles.xml"):
        if tag == "numFmt" and "%" in _QUOTED.sub("", given.get("formatCode", "")):
            formats.add(given.get("numFmtId", ""))
        elif tag in ("cellXfs", "cellStyles"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            percents |= {str(count)} if given.get("numFmtId") in formats else set()
            count += 1
    return percents


class _XlsxSheet:
    """Reads a sheet of Excel."""

    def __init__(self, percents: set[str]) -> None:
        self.marks = SheetMarks()
        self.linked: dict[At, str] = {}
        """cells with a link, and the key of its target"""
        self._percents = percents
        self._row = self._column = -1
        self._failed = False
        self._texts = {"f": "", "v": "", "t": ""}
        self._inside: str | None = None

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "row":
            number = given.get("r", "")
            self._row, self._column = int(number) - 1 if number.isdecimal() else self._row + 1, -1
        elif tag == "c":
            at = _REFERENCE.fullmatch(given.get("r", ""))
            self._row, self._column = _cell(at) if at else (self._row, self._column + 1)
            self._failed, self._texts = given.get("t") == "e", dict.fromkeys(self._texts, "")
            if given.get("s") in self._percents and given.get("t", "n") == "n":
                self.marks.percents.add((self._row, self._column))
        elif tag in self._texts:
            self._inside = tag
        elif tag == "hyperlink" and "id" in given and (at := _REFERENCE.match(given.get("ref", ""))):
            self.linked[_cell(at)] = given["id"]

    def text(self, text: str) -> None:
        if self._inside is not None:
            self._texts[self._inside] += text

    def end(self, tag: str) -> None:
        if tag in self._texts:
            self._inside = None
        elif tag == "c":
            at, formula, value = (self._row, self._column), self._texts["f"], self._texts["v"] + self._texts["t"]
            if called := _FORMULA.match(formula):
                self.marks.links[at] = called[1]
            elif self._failed or (formula and not value):
                self.marks.faults[at] = value if self._failed else f"={formula}"


def _cell(at: re.Match[str]) -> At:
    column = 0
    for letter in at[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(at[2]) - 1, column - 1


class _Ods:
    """Reads the sheets of LibreOffice. A cell that is repeated is marked as often as it is repeated."""

    def __init__(self, book: BookMarks) -> None:
        self._book = book
        self._marks = SheetMarks()
        self._row = self._column = self._rows = self._columns = 0
        self._failed = False

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "null-date":
            self._book.day_zero = _day(given.get("date-value", ""))
        elif tag == "table":
            self._marks = self._book.sheets[given.get("name", "")] = SheetMarks()
            self._row = self._rows = 0
        elif tag == "table-row":
            self._row, self._column, self._columns = self._row + self._rows, 0, 0
            self._rows = _times(given, "number-rows-repeated")
        elif tag in ("table-cell", "covered-table-cell"):
            self._column, self._columns = self._column + self._columns, _times(given, "number-columns-repeated")
            self._mark(given)
        elif tag == "a" and "href" in given:
            self._marks.links[self._row, self._column] = given["href"]

    def _mark(self, given: Attributes) -> None:
        row, column = self._row, self._column
        self._failed = given.get("value-type") == "error"
        if given.get("value-type") == "percentage":
            self._marks.percents.update(self._cells())
        if called := _FORMULA.match(given.get("formula", "")):
            self._marks.links[row, column] = called[1]
        down, across = _times(given, "number-rows-spanned"), _times(given, "number-columns-spanned")
        if (down, across) != (1, 1):
            self._marks.merged.append(((row, column), (row + down - 1, column + across - 1)))

    def _cells(self) -> Iterator[At]:
        rows = range(self._row, self._row + self._rows)
        return ((row, column) for row in rows for column in range(self._column, self._column + self._columns))

    def end(self, tag: str) -> None:
        if tag in ("table-cell", "covered-table-cell"):
            self._failed = False

    def text(self, text: str) -> None:
        if self._failed and text.strip():
            self._marks.faults[self._row, self._column] = text.strip()


def _times(given: Attributes, key: str) -> int:
    number = given.get(key, "1")
    return int(number) if number.isdecimal() and number.isascii() and len(number) < 8 else 1


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return DAY_ZERO
