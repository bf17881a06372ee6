"""The one reader of workbooks that people fill in: .xlsx, .xls and .ods, after a look at what they would unpack to."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeVar

from vsoko_rules.accepted_files import BOOKS, either
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.reading.apart import Overrun, shared
from vsoko_rules.reading.archive import DAMAGED, LOCKED, guard, read_bytes, repacked
from vsoko_rules.reading.cell_marks import At, BookMarks, read_marks
from vsoko_rules.reading.extent import reach
from vsoko_rules.reading.native import NativePanic, panic_contained

MOST_CELLS: Final = 2_000_000
"""of one sheet, empty ones between the others among them"""

_OLE: Final = b"\xd0\xcf\x11\xe0"
"""how .xls begins, and any workbook behind a password"""
_ZIP: Final = b"PK\x03\x04"
_MOST_MEMORY: Final = 2_000_000_000
"""bytes of the process that reads workbooks"""
_MOST_SECONDS: Final = 60
"""for one workbook, on a slow machine too"""
_TOO_FAR: Final = "на листе занято слишком много места: удалите то, что стоит далеко внизу или справа от таблицы"
_BINARY: Final = "книга .xlsb не читается; сохраните её как .xlsx"
_DAMAGED: Final = "файл повреждён"
_NO_TABLE: Final = "это не таблица"
T = TypeVar("T")
Range = tuple[At, At]
"""the first and the last cell"""
Tables = list[tuple[str, list[list[str | None]]]]
"""names of sheets and their rows"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its cells as text, row by row, numbered from 0. An empty cell is none."""

    file: str
    name: str
    rows: Sequence[Sequence[str | None]]
    links: Mapping[At, str] = field(default_factory=dict)
    """the addresses to which cells lead, where the format tells"""
    faults: Mapping[At, str] = field(default_factory=dict)
    """cells without a value: the error in them, or a formula that was never calculated"""
    day_zero: date | None = None
    """the day from which a date that lost its format is counted; none where the format does not tell"""

    def place(self, row: int, column: int) -> Place:
        """The place of a cell."""
        return Place(self.file, cell=f"лист «{self.name}», ячейка {column_letters(column)}{row + 1}")


@cache
def column_letters(column: int) -> str:
    """The letters of a column numbered from 0: A, B, …, Z, AA."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def is_workbook(content: bytes) -> bool:
    """Whether a file is a workbook, by its first bytes."""
    return content.startswith((_ZIP, _OLE))


def read_workbook(path: Path) -> tuple[Sheet, ...]:
    """Every sheet of a workbook in a file; see `parse_workbook`."""
    return parse_workbook(read_bytes(path), str(path))


def parse_workbook(
    content: bytes, name: str, verbatim: bool = False, accepted: Sequence[str] = BOOKS
) -> tuple[Sheet, ...]:
    """Every sheet of a workbook. Raises `InputError` when it is no workbook, is encrypted, or would unpack to too much.

    With `verbatim` text is handed over as it stands, spaces and all. What was written into cells merged over several
    rows stands in each of these rows. A number shown as a percent reads as one: «91.2%».
    """
    guard(content, name)
    tables = _unreachable(content) or _tables(content, verbatim)
    marks = _marks(content) if isinstance(tables, list) else None
    if isinstance(tables, list) and not isinstance(marks, str):
        return tuple(_sheet(name, title, rows, marks) for title, rows in tables)
    fault = marks if isinstance(marks, str) else str(tables)
    if fault in (LOCKED, _TOO_FAR, _BINARY):
        raise InputError([Problem(Place(name), fault)])
    expected = f"таблица Excel или LibreOffice: {either(accepted)}"
    raise InputError([Problem(Place(name), "таблица не читается", fault, expected)])


def _unreachable(content: bytes) -> str | None:
    """Why a zipped workbook must not be opened."""

    def why(archive: zipfile.ZipFile) -> str | None:
        if any(member.casefold() == "xl/workbook.bin" for member in archive.namelist()):
            return _BINARY
        return _TOO_FAR if reach(archive) > MOST_CELLS else None

    return _of_zip(content, why)


def _marks(content: bytes) -> BookMarks | str | None:
    """What a zipped workbook says of its cells besides their values, or what is wrong with it; none of another."""
    return _of_zip(content, read_marks)


def _of_zip(content: bytes, read: Callable[[zipfile.ZipFile], T]) -> T | str | None:
    if not zipfile.is_zipfile(BytesIO(content)):
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return read(archive)
    except DAMAGED as exc:
        return str(exc) or _DAMAGED


def _sheet(name: str, title: str, rows: list[list[str | None]], marks: BookMarks | None) -> Sheet:
    if marks is None:
        return Sheet(name, title, rows)
    own = marks.of(title)
    for row, column in own.percents:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = _percent(rows[row][column])
    _spread(rows, own.merged)
    return Sheet(name, title, rows, own.links, own.faults, marks.day_zero)


def _percent(text: str | None) -> str | None:
    """A fraction as the percent that a person sees: to fifteen digits, as spreadsheets count."""
    try:
        shown = Decimal(f"{float(text or ''):.15g}") * 100
    except ValueError:
        return text
    return f"{shown.normalize():f}%"


def _tables(content: bytes, verbatim: bool) -> Tables | str:
    """The tables of a workbook, or what is wrong with it. The reader is given a zipped one packed anew: of an archive
    with two directories it could open the one that nobody has looked at."""
    if content.startswith(_OLE):
        return _apart(content, verbatim)
    return _apart(repacked(content), verbatim) if zipfile.is_zipfile(BytesIO(content)) else _NO_TABLE


def _here(content: bytes, verbatim: bool) -> Tables | str:
    """The tables of a workbook, or what is wrong with it."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with panic_contained(), CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            sheets = [workbook.get_sheet_by_name(title) for title in workbook.sheet_names]
            if max((sheet.total_height * sheet.total_width for sheet in sheets), default=0) > MOST_CELLS:
                return _TOO_FAR
            return [(sheet.name, _rows(sheet, verbatim)) for sheet in sheets]
    except PasswordError:
        return LOCKED
    except (CalamineError, OSError, ValueError) as exc:
        return _NO_TABLE if "file format" in str(exc) else str(exc)
    except NativePanic:
        return _DAMAGED


def _apart(content: bytes, verbatim: bool) -> Tables | str:
    """As `_here`, in another process, one for all workbooks: a damaged number in an old workbook asks for so much
    memory that the process ends."""
    try:
        return shared(_MOST_SECONDS, _MOST_MEMORY).call(_here, content, verbatim)
    except Overrun:
        return _DAMAGED


def _rows(sheet: Any, verbatim: bool) -> list[list[str | None]]:
    text = _verbatim if verbatim else _text
    rows = [[text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    _spread(rows, _merged(sheet))
    return rows


def _merged(sheet: Any) -> Sequence[Range]:
    try:
        return sheet.merged_cell_ranges or ()
    except Exception:  # .ods says nothing of merged cells
        return ()


def _spread(rows: Sequence[list[str | None]], ranges: Sequence[Range]) -> None:
    """Repeat what stands in the first cell of each range in the rows below it."""
    for (top, column), (bottom, _) in ranges:
        for row in rows[top + 1 : bottom + 1]:
            if column < min(len(row), len(rows[top])):
                row[column] = rows[top][column]


def _verbatim(value: Any) -> str | None:
    return value or None if isinstance(value, str) else _text(value)


def _text(value: Any) -> str | None:
    """A cell as the text a person sees in it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\u00a0", " ").strip()
    return text or None
