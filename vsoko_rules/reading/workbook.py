"""Reading tables that people fill in: .xlsx, .xls and .ods, after a look at what the file would unpack to."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from vsoko_rules.errors import InputError, Place, Problem, VsokoError
from vsoko_rules.reading.extent import reach

MOST_BYTES: Final = 20_000_000
MOST_MEMBERS: Final = 2_000
MOST_UNPACKED: Final = 100_000_000
"""bytes"""
MOST_CELLS: Final = 2_000_000
"""of one sheet, empty ones between the others among them"""
MOST_RATIO: Final = 100
"""unpacked to packed; small files are let through, their ratio says nothing"""
_SMALL: Final = 1_000_000
_ENCRYPTED: Final = 0x1
_LOCKED: Final = "файл защищён паролем; снимите защиту и сохраните его заново"
SUFFIXES: Final = (".xlsx", ".xlsm", ".xls", ".ods")

Range = tuple[tuple[int, int], tuple[int, int]]
"""the first and the last cell, each as row and column numbered from 0"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its cells as text, row by row, numbered from 0. An empty cell is none."""

    file: str
    name: str
    rows: Sequence[Sequence[str | None]]

    def place(self, row: int, column: int) -> Place:
        """The place of a cell."""
        return Place(self.file, cell=f"лист «{self.name}», ячейка {column_letters(column)}{row + 1}")


def column_letters(column: int) -> str:
    """The letters of a column numbered from 0: A, B, …, Z, AA."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_workbook(
    path: Path, error: type[VsokoError] = InputError, name: str | None = None, verbatim: bool = False
) -> tuple[Sheet, ...]:
    """Every sheet of a workbook. Raises `error` when it is no workbook, is encrypted, or would unpack to too much.

    `name` is how the file is called in messages. With `verbatim` text is handed over as it stands, spaces and all, and
    what was written into cells merged over several rows stands in each of these rows.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    shown = name if name is not None else str(path)
    guard(path, error, shown)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheets = [workbook.get_sheet_by_name(each) for each in workbook.sheet_names]
            far = _far(max((sheet.total_height * sheet.total_width for sheet in sheets), default=0))
            cells = [] if far else [sheet.to_python(skip_empty_area=False) for sheet in sheets]
            found = [(sheet.name, rows, _merged(sheet)) for sheet, rows in zip(sheets, cells, strict=False)]
    except PasswordError:
        raise error([Problem(Place(shown), _LOCKED)]) from None
    except (CalamineError, OSError, ValueError) as exc:
        expected = "таблица Excel или LibreOffice: .xlsx, .xls, .ods"
        raise error([Problem(Place(shown), "таблица не читается", str(exc), expected)]) from None
    if far:
        raise error([Problem(Place(shown), far)])
    text = _verbatim if verbatim else _text
    tables = [(name, [[text(cell) for cell in row] for row in rows], ranges) for name, rows, ranges in found]
    for _, rows, ranges in tables if verbatim else ():
        _spread(rows, ranges)
    return tuple(Sheet(shown, name, rows) for name, rows, _ in tables)


def guard(path: Path, error: type[VsokoError] = InputError, name: str | None = None) -> None:
    """Look at the directory of a zipped document before it is opened. Raises `error` for what must not be unpacked."""
    shown = Place(name if name is not None else str(path))
    try:
        size = path.stat().st_size
        zipped = zipfile.is_zipfile(path)
    except OSError as exc:
        raise error([Problem(shown, "файл не открывается", exc.strerror or str(exc))]) from None
    if not path.is_file():
        raise error([Problem(shown, "это папка, а не файл")])
    if size > MOST_BYTES:
        raise error([Problem(shown, "файл слишком велик", f"{size} байт", f"не больше {MOST_BYTES} байт")])
    if not zipped:
        return
    try:
        with zipfile.ZipFile(path) as archive:
            fault = _fault(archive.infolist(), size) or _far(reach(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as exc:
        raise error([Problem(shown, "файл повреждён", str(exc))]) from None
    if fault is not None:
        raise error([Problem(shown, fault)])


def _fault(members: Sequence[zipfile.ZipInfo], size: int) -> str | None:
    unpacked = sum(m.file_size for m in members)
    if len(members) > MOST_MEMBERS:
        return f"в файле слишком много частей: {len(members)}, допустимо {MOST_MEMBERS}"
    if unpacked > MOST_UNPACKED or (unpacked > _SMALL and unpacked > size * MOST_RATIO):
        return f"файл распаковывается в {unpacked} байт; такой файл не открывается"
    if any(m.flag_bits & _ENCRYPTED for m in members):
        return _LOCKED
    names = (PurePosixPath(m.filename.replace("\\", "/")) for m in members)
    if any(".." in name.parts or name.is_absolute() for name in names):
        return "в файле есть части с путём за его пределы; такой файл не открывается"
    return None


def _far(cells: int) -> str | None:
    if cells <= MOST_CELLS:
        return None
    return "на листе занято слишком много места: удалите то, что стоит далеко внизу или справа от таблицы"


def _merged(sheet: Any) -> list[Range]:
    try:
        return sheet.merged_cell_ranges or []
    except Exception:  # .ods says nothing of merged cells
        return []


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
