"""Names of written files, and writing them so that only whole files are ever seen."""

from __future__ import annotations

import errno
import hashlib
import secrets
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final

from vsoko_rules.errors import InputError, OutputError, Place, Problem

LONGEST_NAME: Final = 120
"""bytes in UTF-8; file systems allow 255, and temporary and copied files need room for their own endings"""

TEMPORARY: Final = ".tmp"
"""how files end that are being written; only a program killed on the spot leaves one"""

_PORTS: Final = (f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")
_RESERVED: Final = frozenset({"con", "prn", "aux", "nul", *_PORTS})
"""names that Windows gives to devices, with any ending"""

FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""how a system says that there is no more room"""

_REFUSALS: Final = {
    errno.ENOSPC: "на диске не осталось места",
    errno.EDQUOT: "исчерпана квота на диске",
    errno.EROFS: "диск доступен только для чтения",
    errno.EACCES: "нет прав на запись",
    errno.EPERM: "нет прав на запись",
    errno.ENOTDIR: "на пути стоит не папка, а файл",
    errno.EEXIST: "на этом месте стоит не папка, а файл",
    errno.EFBIG: "файл больше, чем разрешено",
    errno.ENAMETOOLONG: "слишком длинное имя",
}


def check_ending(path: Path, known: Sequence[str]) -> None:
    """Raises `InputError` where the ending of a file to be written is none of `known`, such as `.docx`."""
    if path.suffix.lower() not in known:
        expected = f"имя, которое кончается на {' или '.join(known)}"
        raise InputError([Problem(Place(str(path)), "такой файл не записывается", path.suffix or path.name, expected)])


def output_name(case_id: str, suffix: str, taken: Collection[str]) -> str:
    """A file name for the case `case_id` with the ending `suffix`, different from all in `taken` on any system.

    Made of the id alone: at most 120 bytes, never a device of Windows. Names that differ only in case count as one.
    """
    used = {_folded(name) for name in taken}
    plain = "".join(ch if ch.isalnum() or ch in "-._" else "_" for ch in case_id)
    stem = unicodedata.normalize("NFC", plain).strip(".")
    if not stem or stem.split(".")[0].casefold() in _RESERVED:
        stem = f"_{stem}"
    for number in count(1):
        tail = suffix if number == 1 else f"-{number}{suffix}"
        name = _shortened(stem, LONGEST_NAME - len(tail.encode()), case_id) + tail
        if _folded(name) not in used:
            return name
    raise AssertionError("count() does not end")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _shortened(stem: str, most: int, whole: str) -> str:
    """`stem` in at most `most` bytes; a cut one ends with a part of the digest of `whole`, so that it stays its own."""
    if len(stem.encode()) <= most:
        return stem
    mark = "-" + hashlib.sha256(whole.encode()).hexdigest()[:8]
    return stem.encode()[: most - len(mark)].decode(errors="ignore") + mark


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, over an older one of that name; folders on the way are made.

    Raises `OutputError` when it cannot be written.
    """
    _write(path, content, replace=True)


def write_new(path: Path, content: bytes) -> None:
    """As `write`, but never over an existing file: raises `OutputError` when there is one."""
    _write(path, content, replace=False)


def write_new_together(files: Mapping[Path, bytes]) -> list[Path]:
    """As `write_new`, all of them or none; returns their paths."""
    written: list[Path] = []
    try:
        for path, content in files.items():
            write_new(path, content)
            written.append(path)
    except OutputError:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise
    return written


def _write(path: Path, content: bytes, replace: bool) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not replace and path.exists():
            raise FileExistsError
        with replacing(path) as temporary:
            temporary.write_bytes(content)
    except (OSError, ValueError) as exc:
        raise OutputError([_problem(path, exc)]) from exc


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new, empty file beside `path`, which takes its place when the block ends well and is gone otherwise.

    Nobody can have put anything at its name: it is made anew or not at all, so no link is followed out of the folder.
    Raises `OSError`.
    """
    digest = hashlib.sha256(path.name.encode()).hexdigest()[:16]
    temporary = path.with_name(f".{digest}.{secrets.token_hex(8)}{TEMPORARY}")
    temporary.open("xb").close()
    try:
        yield temporary
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _problem(path: Path, exc: Exception) -> Problem:
    place = Place(str(path))
    if isinstance(exc, FileExistsError) and not path.parent.is_file():
        return Problem(place, "такой файл уже есть", hint="Укажите другое имя или удалите прежний файл.")
    if isinstance(exc, PermissionError):
        return Problem(place, "нет прав на запись", hint="Укажите папку, в которую можно писать, или закройте файл.")
    if isinstance(exc, IsADirectoryError):
        return Problem(place, "на этом месте папка, файл записать нельзя", hint="Укажите другое имя.")
    if isinstance(exc, (NotADirectoryError, FileExistsError)):
        return Problem(place, "на пути к файлу стоит не папка, а файл", hint="Укажите другую папку.")
    return Problem(place, "файл не записывается", refusal(exc), hint="Проверьте свободное место и путь.")


def refusal(exc: Exception) -> str:
    """Why the system would not write, in Russian where the reason is a known one."""
    known = _REFUSALS.get(exc.errno or 0) if isinstance(exc, OSError) else None
    return known or getattr(exc, "strerror", None) or str(exc)
