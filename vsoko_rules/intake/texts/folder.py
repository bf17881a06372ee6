"""What lies in a folder or an archive: every file once, in the order of names, and nothing outside of it."""

from __future__ import annotations

import os
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final

from vsoko_rules.errors import InputError
from vsoko_rules.intake.texts.encodings import decoded
from vsoko_rules.reading.archive import DAMAGED, ArchiveFault, fault_of, member_name, read_bytes
from vsoko_rules.reading.paths import leads_inside

MOST_FILES: Final = 20_000
"""of one folder"""
MOST_BYTES: Final = 50_000_000
"""of one file"""
_HIDDEN: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db"})
_LOCKS: Final = ("~$", ".~lock.", "~wrl")
_OWN: Final = frozenset({".yml", ".yaml", ".json", ".jsonl", ".sqlite"})
_ARCHIVE_FAULTS: Final = {
    ArchiveFault.DAMAGED: "archive_damaged",
    ArchiveFault.PACKED: "archive",
    ArchiveFault.LOCKED: "archive_locked",
    ArchiveFault.OUTSIDE: "archive_outside",
}


@dataclass(frozen=True, slots=True)
class SentFile:
    """One file of what was sent. `fault` says why it is not even opened, `left_out` that nobody needs to."""

    file: str
    path: Path | None = None
    fault: str | None = None
    left_out: bool = False

    def content(self) -> bytes | str:
        """What is in it, or a code of `reports/intake/reading.yml`."""
        if self.path is None or self.fault is not None:
            return self.fault or "special"
        try:
            if self.path.stat().st_size > MOST_BYTES:
                return "too_large"
            return read_bytes(self.path, most=MOST_BYTES)
        except (InputError, OSError):
            return "closed"


def sent_files(path: Path) -> list[SentFile]:
    """What lies at `path`, which must be there: one file, or all of a folder, in the order of their names."""
    if not path.is_dir():
        return [_one(path, path, path.name)]
    found = sorted(_walk(path), key=lambda sent: (sent.file.casefold(), sent.file))
    if len(found) > MOST_FILES:
        found[MOST_FILES:] = [SentFile(f"{found[MOST_FILES].file} …", fault="too_many")]
    return found


def _walk(folder: Path) -> Iterator[SentFile]:
    closed: list[OSError] = []
    for at, folders, files in os.walk(folder, onerror=closed.append):
        for name in [*folders]:
            whole = Path(at) / name
            if (hidden := why_left_out(name)) is not None:
                folders.remove(name)
                yield SentFile(_shown(folder, whole) + "/", fault=hidden, left_out=True)
            elif whole.is_symlink():
                folders.remove(name)
                if not leads_inside(whole, folder):
                    yield SentFile(_shown(folder, whole) + "/", fault="outside")
        yield from (_one(Path(at) / name, folder, _shown(folder, Path(at) / name)) for name in files)
    for error in closed:
        yield SentFile(_shown(folder, Path(error.filename)) + "/", fault="closed")


def _one(path: Path, folder: Path, file: str) -> SentFile:
    hidden = why_left_out(PurePosixPath(file).name)
    if hidden is not None:
        return SentFile(file, fault=hidden, left_out=True)
    try:
        if path.is_symlink() and path != folder and not leads_inside(path, folder):
            return SentFile(file, fault="outside")
        if not stat.S_ISREG(path.stat().st_mode):
            return SentFile(file, fault="special")
    except (OSError, ValueError):
        return SentFile(file, fault="closed")
    return SentFile(file, path)


def why_left_out(name: str) -> str | None:
    """The code of why a file of this name is no document; none where it may be one."""
    small = name.casefold()
    if small.startswith(_LOCKS):
        return "lock"
    if small.startswith(".") or small in _HIDDEN:
        return "hidden"
    return "own" if PurePosixPath(small).suffix in _OWN else None


def _shown(folder: Path, path: Path) -> str:
    """The path of a file in the folder, its letters whole. A name that is no UTF-8 is read by its letters."""
    name = path.relative_to(folder).as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        name = decoded(os.fsencode(name))
    return unicodedata.normalize("NFC", name)


def archive_fault(file: str, content: bytes) -> str | None:
    """Why an archive is not opened, a code of `reports/intake/reading.yml`; none where it is. What is broken is perhaps
    no archive: half a Word document looks like one, and its name says what it is."""
    fault = fault_of(content)
    if fault is None and not zipfile.is_zipfile(BytesIO(content)):
        return "archive_damaged" if file.lower().endswith(".zip") else "damaged"
    if fault is None:
        return None
    return _ARCHIVE_FAULTS.get(fault[0], "archive_swollen")


def archived(content: bytes) -> Iterator[tuple[str, bytes | str]]:
    """The files of an archive that may be opened: their paths in it, and what is in them or a code."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = [(member_name(member), member) for member in archive.infolist() if not member.is_dir()]
        for name, member in sorted(members, key=lambda pair: (pair[0].casefold(), pair[0])):
            try:
                yield name, archive.read(member)
            except (*DAMAGED, RuntimeError):
                yield name, "damaged"
