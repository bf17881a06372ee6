"""Reading tables that people fill in: .xlsx, .xls and .ods, after a look at what the file would unpack to."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from vsoko_rules.errors import InputError, Place, Problem, VsokoError

MOST_BYTES: Final = 20_000_000
MOST_MEMBERS: Final = 2_000
MOST_UNPACKED: Final = 100_000_000
"""bytes"""
MOST_RATIO: Final = 100
"""unpacked to packed; small files are let through, their ratio says nothing"""
_SMALL: Final = 1_000_000
_ENCRYPTED: Final = 0x1
SUFFIXES: Final = (".xlsx", ".xlsm", ".xls", ".ods")


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


def read_workbook(path: Path, error: type[VsokoError] = InputError) -> tuple[Sheet, ...]:
    """Every sheet of a workbook. Raises `error` when it is no workbook, is encrypted, or would unpack to too much."""
    from python_calamine import CalamineError, CalamineWorkbook

    shown = str(path)
    guard(path, error)
    try:
        workbook = CalamineWorkbook.from_path(path)
        found = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names
        ]
    except CalamineError as exc:
        expected = "таблица Excel или LibreOffice: .xlsx, .xls, .ods"
        raise error([Problem(Place(shown), "таблица не читается", str(exc), expected)]) from None
    return tuple(Sheet(shown, name, [[_text(cell) for cell in row] for row in rows]) for name, rows in found)


def guard(path: Path, error: type[VsokoError] = InputError) -> None:
    """Look at the directory of a zipped document before it is opened. Raises `error` for what must not be unpacked."""
    shown = Place(str(path))
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
            members = archive.infolist()
    except zipfile.BadZipFile as exc:
        raise error([Problem(shown, "файл повреждён", str(exc))]) from None
    fault = _fault(members, size)
    if fault is not None:
        raise error([Problem(shown, fault)])


def _fault(members: Sequence[zipfile.ZipInfo], size: int) -> str | None:
    unpacked = sum(m.file_size for m in members)
    if len(members) > MOST_MEMBERS:
        return f"в файле слишком много частей: {len(members)}, допустимо {MOST_MEMBERS}"
    if unpacked > MOST_UNPACKED or (unpacked > _SMALL and unpacked > size * MOST_RATIO):
        return f"файл распаковывается в {unpacked} байт; такой файл не открывается"
    if any(m.flag_bits & _ENCRYPTED for m in members):
        return "файл защищён паролем; снимите защиту и сохраните его заново"
    names = (PurePosixPath(m.filename.replace("\\", "/")) for m in members)
    if any(".." in name.parts or name.is_absolute() for name in names):
        return "в файле есть части с путём за его пределы; такой файл не открывается"
    return None


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
