"""Reading files of users as bytes, and looking into zipped ones before anything in them is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final

from vsoko_rules.errors import InputError, Place, Problem, VsokoError

MOST_BYTES: Final = 20_000_000
MOST_MEMBERS: Final = 2_000
MOST_UNPACKED: Final = 100_000_000
"""bytes"""
MOST_RATIO: Final = 100
"""unpacked to packed; small files are let through, their ratio says nothing"""
LOCKED: Final = "файл защищён паролем; снимите защиту и сохраните его заново"

DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
"""what the standard library raises for a damaged archive"""

_SMALL: Final = 1_000_000
_ENCRYPTED: Final = 0x1


def read_bytes(
    path: Path, error: type[VsokoError] = InputError, name: str | None = None, most: int = MOST_BYTES
) -> bytes:
    """The content of a file of at most `most` bytes. Raises `error` with what keeps it from being read; `name` is how
    the file is called in messages."""
    place = Place(name if name is not None else str(path))
    try:
        if path.is_dir():
            raise error([Problem(place, "это папка, а не файл")])
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except FileNotFoundError:
        raise error([Problem(place, "файла нет")]) from None
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise error([Problem(place, "файл не открывается", reason)]) from exc
    if len(content) > most:
        raise error([Problem(place, "файл слишком велик", expected=f"не больше {most // 1_000_000} МБ")])
    return content


def read_archive(path: Path, error: type[VsokoError] = InputError, name: str | None = None) -> bytes:
    """The content of a file that, if it is zipped, may be unpacked. Raises `error` where it may not."""
    content = read_bytes(path, error, name)
    guard(content, name if name is not None else str(path), error)
    return content


def guard(content: bytes, name: str, error: type[VsokoError]) -> None:
    """Look at the directory of a zipped document. Raises `error` for what must not be unpacked."""
    if not zipfile.is_zipfile(BytesIO(content)):
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            fault = _fault(archive.infolist(), len(content))
    except DAMAGED as exc:
        raise error([Problem(Place(name), "файл повреждён", str(exc))]) from None
    if fault is not None:
        raise error([Problem(Place(name), fault)])


def _fault(members: Sequence[zipfile.ZipInfo], size: int) -> str | None:
    unpacked = sum(m.file_size for m in members)
    if len(members) > MOST_MEMBERS:
        return f"в файле слишком много частей: {len(members)}, допустимо {MOST_MEMBERS}"
    if unpacked > MOST_UNPACKED or (unpacked > _SMALL and unpacked > size * MOST_RATIO):
        return f"файл распаковывается в {unpacked} байт; такой файл не открывается"
    if any(m.flag_bits & _ENCRYPTED for m in members):
        return LOCKED
    names = (PurePosixPath(m.filename.replace("\\", "/")) for m in members)
    if any(".." in name.parts or name.is_absolute() for name in names):
        return "в файле есть части с путём за его пределы; такой файл не открывается"
    return None
