"""ZIP archives, written piece by piece: only one file of them is in memory. The same files give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from vsoko_rules.accepted_files import ARCHIVE

_UNIX: Final = 3
"""the system under which parts are said to be made, whatever it was"""
_PACKED: Final = frozenset({".docx", ".xlsx", ".odt", ".ods", ".pdf", ".jpg", ".jpeg", ".png", ARCHIVE})
"""endings of files that are packed already"""


@contextmanager
def packing(stream: IO[bytes]) -> Iterator[Callable[[str, bytes], None]]:
    """Writes an archive to a stream, which need not be able to go back: what it gives adds a file by its name."""
    with ZipFile(stream, "w") as archive:

        def add(name: str, content: bytes) -> None:
            member = ZipInfo(name)
            member.create_system = _UNIX
            packed = PurePosixPath(name).suffix.lower() in _PACKED
            archive.writestr(member, content, ZIP_STORED if packed else ZIP_DEFLATED)

        yield add
