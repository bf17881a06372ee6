"""An archive of the folders of schools on a disk, as large as it may be: looked into school by school, a file at a time
in memory, never unpacked."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Final

from vsoko_rules.accepted_files import YAML, either
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.texts.folder import why_left_out
from vsoko_rules.reading.archive import DAMAGED, open_regular, parts_fault, readable, shown_name, unpack
from vsoko_rules.region.bundles import Bundle, named_parts
from vsoko_rules.region.region_words import region_words

_MEGABYTE: Final = 1_000_000
_CHUNK: Final = 1 << 20


class SchoolArchive:
    """The folders of schools in an archive: each that has a file of a school in it and none above it that has."""

    def __init__(self, archive: zipfile.ZipFile, name: str, sha256: str) -> None:
        self.name = name
        self.sha256 = sha256
        self._archive = archive
        parts = named_parts(archive, name)
        above = {path: [each.as_posix() for each in PurePosixPath(path).parents][::-1] for path in parts}
        tops = {folders[-1] for path, folders in above.items() if _may_be_case(path)}
        self._folders: dict[str, dict[str, zipfile.ZipInfo]] = {}
        self.strangers: list[str] = []
        for path, member in sorted(parts.items()):
            folder = next(filter(tops.__contains__, above[path]), None)
            if folder is not None:
                self._folders.setdefault(folder, {})[path] = member
            elif not any(map(why_left_out, path.split("/"))):
                self.strangers.append(path)

    def __len__(self) -> int:
        return len(self._folders)

    def bundles(self, largest: int, most: int) -> Iterator[Bundle | Problem]:
        """Folder by folder, its files; why not where a file of it has more than `largest` bytes or all more than
        `most`."""
        words = region_words()["incoming"]
        for folder, members in self._folders.items():
            place = Place(folder if folder != "." else self.name)
            sizes = {path: member.file_size for path, member in members.items()}
            path = max(sizes, key=lambda path: sizes[path])
            if sizes[path] > largest:
                expected = words["megabytes"].format(most=largest // _MEGABYTE)
                yield Problem(Place(path), words["large_file"], expected=expected)
            elif sum(sizes.values()) > most:
                yield Problem(place, words["too_large"].format(most=most // _MEGABYTE))
            else:
                yield Bundle({path: partial(self._read, path, member) for path, member in members.items()})

    def _read(self, path: str, member: zipfile.ZipInfo) -> bytes:
        """What is in a file, as large as it says it is. Raises `InputError`."""
        try:
            content = b"".join(unpack(self._archive, member, member.file_size))
        except DAMAGED as exc:
            raise InputError([Problem(Place(path), region_words()["incoming"]["damaged"])]) from exc
        if len(content) != member.file_size:
            raise InputError([Problem(Place(path), region_words()["incoming"]["damaged"])])
        return content


@contextmanager
def school_archive(path: Path) -> Iterator[SchoolArchive]:
    """An archive to be looked into in the block. Raises `InputError` for what is none, or must not be unpacked, and
    where it holds no file of a school."""
    words, name = region_words()["incoming"], shown_name(path)
    with open_regular(path, Place(name)) as stream:
        with readable(Place(name)):
            digest = _digest(stream)
        try:
            archive = zipfile.ZipFile(stream)
        except DAMAGED as exc:
            raise InputError([Problem(Place(name), words["no_archive"])]) from exc
        with archive:
            if (fault := parts_fault(archive.infolist())) is not None:
                raise InputError([Problem(Place(name), fault[1])])
            made = SchoolArchive(archive, name, digest)
            if not made:
                raise InputError([Problem(Place(name), words["nothing"], expected=either(YAML))])
            yield made


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := stream.read(_CHUNK):
        digest.update(piece)
    return digest.hexdigest()


def _may_be_case(path: str) -> bool:
    own = PurePosixPath(path).name
    return own.lower().endswith(YAML) and not own.startswith(".")
