"""Reading files of users as bytes, and looking into zipped ones before anything in them is unpacked."""

from __future__ import annotations

import os
import stat
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from enum import Enum
from functools import cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Final

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
_CHUNK: Final = 1 << 16
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""the only ones that office programs write, and the only ones that Python unpacks piece by piece"""
_DAMAGED: Final = "файл повреждён"
_UTF8: Final = 0x800
"""the flag of a part whose name is in UTF-8"""
_NOT_REGULAR: Final = "это не обычный файл, а канал или устройство"

NO_WAITING: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""a pipe to which nobody writes opens at once and is then refused; Windows has its own flag for bytes as they are"""


class ArchiveFault(str, Enum):
    """Why an archive must not be unpacked."""

    DAMAGED = "damaged"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    LOCKED = "locked"
    PACKED = "packed"
    """in a way that no office program packs"""
    OUTSIDE = "outside"
    """a part would be written outside the folder"""


class _TooLarge(ValueError):
    """More comes out of an archive than may."""


def read_bytes(
    path: Path, error: type[VsokoError] = InputError, name: str | None = None, most: int = MOST_BYTES
) -> bytes:
    """The content of a file of at most `most` bytes. Raises `error` with what keeps it from being read; `name` is how
    the file is called in messages. `-` is the standard input."""
    if is_stdin(path):
        return _stdin()
    place = Place(name if name is not None else shown_name(path))
    with open_regular(path, place, error) as stream, readable(place, error):
        content = stream.read(most + 1)
    if len(content) > most:
        raise error([Problem(place, "файл слишком велик", expected=f"не больше {most // 1_000_000} МБ")])
    return content


def open_regular(path: Path, place: Place, error: type[VsokoError] = InputError) -> IO[bytes]:
    """A regular file, to be read and closed. Raises `error`, at that place, for what is none or cannot be opened."""
    with readable(place, error):
        if path.is_dir():
            raise error([Problem(place, "это папка, а не файл")])
        stream = os.fdopen(os.open(path, os.O_RDONLY | NO_WAITING), "rb")
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            stream.close()
            raise error([Problem(place, _NOT_REGULAR)])
        return stream


@contextmanager
def readable(place: Place, error: type[VsokoError] = InputError) -> Iterator[None]:
    """Tells what keeps a file from being opened or read in the block as an `error` at its place."""
    try:
        yield
    except FileNotFoundError:
        raise error([Problem(place, "файла нет")]) from None
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise error([Problem(place, "файл не открывается", reason)]) from exc


def is_stdin(path: Path) -> bool:
    """Whether a path stands for the standard input."""
    return str(path) == "-"


def shown_name(path: Path) -> str:
    """How a file is called in messages and results."""
    return "стандартный ввод" if is_stdin(path) else str(path)


@cache
def _stdin() -> bytes:
    """What was handed in; it can be read only once, and is asked for more often."""
    return sys.stdin.buffer.read()


def guard(content: bytes, name: str) -> None:
    """Look into a zipped document. Raises `InputError` for what must not be unpacked."""
    fault = fault_of(content)
    if fault is not None:
        kind, message = fault
        damaged = kind is ArchiveFault.DAMAGED and not message.startswith(_DAMAGED)
        raise InputError([Problem(Place(name), _DAMAGED, message) if damaged else Problem(Place(name), message)])


def fault_of(content: bytes) -> tuple[ArchiveFault, str] | None:
    """Why a zipped document must not be unpacked: the kind of fault, and what is told of it; none where it may, and
    where the content is not zipped."""
    if not zipfile.is_zipfile(BytesIO(content)):
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _fault(archive.infolist(), len(content)) or _untrue(archive)
    except _TooLarge as exc:
        return ArchiveFault.TOO_LARGE, str(exc)
    except DAMAGED as exc:
        return ArchiveFault.DAMAGED, str(exc)


def unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int = MOST_UNPACKED) -> Iterator[bytes]:
    """What a part of an archive really holds, piece by piece, whatever size it declares. Raises `ValueError` once it
    is more than `most` bytes, and what `DAMAGED` lists."""
    believed = copy(member)
    believed.file_size = most + 2 * _CHUNK  # else the rest is cut off unseen, after all of it was unpacked
    with archive.open(believed) as stream:
        while piece := stream.read(_CHUNK):
            most -= len(piece)
            if most < 0:
                raise _TooLarge(_too_large(MOST_UNPACKED))
            yield piece


def member_name(member: zipfile.ZipInfo) -> str:
    """The path of a part. Windows writes Russian names as DOS did, macOS in UTF-8 without saying so."""
    name = member.filename
    if not member.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp866")
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def repacked(content: bytes) -> bytes:
    """A guarded archive with just the parts that were looked at, each once, unpacked. Raises what `DAMAGED` lists."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in dict.fromkeys(old.namelist()):
            new.writestr(zipfile.ZipInfo(name), old.read(name))
    return stream.getvalue()


def _untrue(archive: zipfile.ZipFile) -> tuple[ArchiveFault, str] | None:
    """What is wrong with the parts themselves: each is unpacked and counted, since the directory may lie."""
    left = MOST_UNPACKED
    for member in archive.infolist():
        size = sum(map(len, unpack(archive, member, left)))
        if size != member.file_size:
            return ArchiveFault.DAMAGED, f"{_DAMAGED}: часть «{member.filename}» не того размера, который в нём указан"
        left -= size
    return None


def _too_large(size: int) -> str:
    return f"файл распаковывается в {size} байт и больше; такой файл не открывается"


def _fault(members: Sequence[zipfile.ZipInfo], size: int) -> tuple[ArchiveFault, str] | None:
    """What the directory says that must not be."""
    unpacked = sum(m.file_size for m in members)
    if len(members) > MOST_MEMBERS:
        return ArchiveFault.TOO_MANY, f"в файле слишком много частей: {len(members)}, допустимо {MOST_MEMBERS}"
    if unpacked > MOST_UNPACKED or (unpacked > _SMALL and unpacked > size * MOST_RATIO):
        return ArchiveFault.TOO_LARGE, _too_large(unpacked)
    return parts_fault(members)


def parts_fault(members: Sequence[zipfile.ZipInfo]) -> tuple[ArchiveFault, str] | None:
    """What the directory of an archive says of its parts that must not be, whatever their number and size."""
    if any(m.flag_bits & _ENCRYPTED for m in members):
        return ArchiveFault.LOCKED, LOCKED
    if any(m.compress_type not in _METHODS for m in members):
        return ArchiveFault.PACKED, "в файле есть части, сжатые необычным способом; сохраните его заново"
    names = (PurePosixPath(m.filename.replace("\\", "/")) for m in members)
    if any(".." in name.parts or name.is_absolute() for name in names):
        return ArchiveFault.OUTSIDE, "в файле есть части с путём за его пределы; такой файл не открывается"
    return None
