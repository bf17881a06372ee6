"""Files that a case names, looked at as far as their type and their hash; what stands in them is read elsewhere."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final

from vsoko_rules.errors import InputError
from vsoko_rules.reading.archive import DAMAGED, MOST_MEMBERS, NO_WAITING, fault_of, member_name, read_bytes

MOST_HASHED: Final = 500_000_000
"""bytes; of a larger file no hash is taken"""
HEAD: Final = 4096
"""bytes at the start of a file that tell its type"""
_CHUNK: Final = 1 << 20


class FileState(str, Enum):
    """What was found where a file is named."""

    THERE = "there"
    ABSENT = "absent"
    SPECIAL = "special"
    """a folder, a pipe, a device: never opened"""
    CLOSED = "closed"
    """there, and not to be opened by who asks"""
    EMPTY = "empty"
    FOREIGN = "foreign"
    """its first bytes are of another type than its name says"""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file as it was found. `type` by its first bytes, none where they tell nothing; `sha256` where it was asked."""

    state: FileState
    size: int = 0
    type: str | None = None
    sha256: str | None = None

    @property
    def published(self) -> bool:
        """Whether there is a document at all."""
        return self.state in (FileState.THERE, FileState.FOREIGN)


def look(path: Path, digest: bool = False) -> AttachedFile:
    """What there is at `path`, which must be known to be inside the folder of the case. With `digest` the SHA-256 of a
    regular file is taken, piece by piece."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # asked before it is opened: to open a device may do something
            return AttachedFile(FileState.SPECIAL)
        descriptor = os.open(path, os.O_RDONLY | NO_WAITING)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return _archived(path, digest) or AttachedFile(FileState.ABSENT)
    except OSError:
        return AttachedFile(FileState.CLOSED)
    with os.fdopen(descriptor, "rb") as stream:
        told = os.fstat(descriptor)
        if not stat.S_ISREG(told.st_mode):
            return AttachedFile(FileState.SPECIAL)
        head = stream.read(HEAD)
        found = type_of(head, path)
        state = _state(head, found, path.suffix.lower())
        sha256 = None
        if digest and told.st_size <= MOST_HASHED:
            hashed = hashlib.sha256(head)
            while piece := stream.read(_CHUNK):
                hashed.update(piece)
            sha256 = hashed.hexdigest()
    return AttachedFile(state, told.st_size, found, sha256)


def _archived(path: Path, digest: bool) -> AttachedFile | None:
    """What there is at a path that leads into an archive: «архив.zip/приказ.docx»; none where it leads into none."""
    try:
        archive = next((p for p in path.parents if p.suffix.lower() == ".zip" and p.is_file()), None)
        if archive is None:
            return None
        content = read_bytes(archive, most=MOST_HASHED)
        if fault_of(content) is not None:
            return None
        with zipfile.ZipFile(BytesIO(content)) as opened:
            wanted = path.relative_to(archive).as_posix()
            member = next((m for m in opened.infolist() if member_name(m) == wanted), None)
            part = opened.read(member) if member is not None else None
    except (*DAMAGED, RuntimeError, InputError):
        return None
    return look_into(path.name, part, digest) if part is not None else None


def look_into(name: str, content: bytes, digest: bool = True) -> AttachedFile:
    """What there is in a file of this name."""
    found = type_of(content[:HEAD], BytesIO(content))
    sha256 = hashlib.sha256(content).hexdigest() if digest else None
    state = _state(content[:HEAD], found, PurePosixPath(name).suffix.lower())
    return AttachedFile(state, len(content), found, sha256)


OFFICE: Final = "office 97"
"""documents, workbooks and presentations alike: their first bytes do not tell them apart"""
_STARTS: Final[Mapping[bytes, str]] = {
    b"{\\rtf": "rtf",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": OFFICE,
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF8": "gif",
    b"BM": "bmp",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
}
_PARTS: Final[Mapping[str, str]] = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
"""folders inside an office document"""
_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    ".pdf": ("pdf",),
    ".docx": ("docx",),
    ".xlsx": ("xlsx",),
    ".pptx": ("pptx",),
    ".odt": ("odt",),
    ".ods": ("ods",),
    ".doc": (OFFICE, "rtf", "html"),
    ".xls": (OFFICE, "html"),
    ".rtf": ("rtf",),
    ".html": ("html",),
    ".htm": ("html",),
    ".jpg": ("jpeg",),
    ".jpeg": ("jpeg",),
    ".png": ("png",),
    ".gif": ("gif",),
    ".bmp": ("bmp",),
    ".tif": ("tiff",),
    ".tiff": ("tiff",),
    ".zip": ("zip", "docx", "xlsx", "pptx", "odt", "ods"),
}
"""endings of names, and the types that go by them: programs save as .doc what is RTF or a page"""


def _state(head: bytes, found: str | None, suffix: str) -> FileState:
    if not head:
        return FileState.EMPTY
    return FileState.FOREIGN if suffix in _TYPES and found not in _TYPES[suffix] else FileState.THERE


def type_of(head: bytes, whole: Path | BytesIO) -> str | None:
    """The type of a file by its first bytes, and of a zipped one by the names in it; none where they tell nothing."""
    if head.startswith(b"PK\x03\x04"):
        return _zipped(head, whole)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for start, name in _STARTS.items():
        if head.startswith(start):
            return name
    text = head.replace(b"\0", b"").lower()  # a page may be of UTF-16
    return "html" if any(tag in text for tag in (b"<!doctype html", b"<html", b"<head", b"<body")) else None


def _zipped(head: bytes, whole: Path | BytesIO) -> str:
    """The type of a zipped document by its directory; nothing is unpacked."""
    for kind, mimetype in (("odt", b"opendocument.text"), ("ods", b"opendocument.spreadsheet")):
        if head[30:38] == b"mimetype" and mimetype in head[:160]:
            return kind
    try:
        with zipfile.ZipFile(whole) as archive:
            names = [member.filename for member in archive.infolist()[:MOST_MEMBERS]]
    except DAMAGED:
        return "zip"
    return next((kind for part, kind in _PARTS.items() if any(n.startswith(part) for n in names)), "zip")
