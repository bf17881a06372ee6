"""What was handed over of a study that was made with files: archives and single files, looked into, never unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from io import BytesIO
from pathlib import PurePosixPath

from vsoko_rules.accepted_files import ARCHIVE, CASES, STUDIES, YAML, either
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.texts.folder import why_left_out
from vsoko_rules.reading.archive import fault_of, member_name
from vsoko_rules.region.region_words import region_words

Files = Iterable[tuple[str, bytes]]
"""names and contents"""
_Members = Mapping[str, Callable[[], bytes]]


class Bundle:
    """Files that lie together: those of an archive by their paths in it, or those that came one by one."""

    def __init__(self, members: _Members) -> None:
        self._members = members
        self._inside = cache(self._opened)

    @property
    def yaml(self) -> list[str]:
        """Files that may be cases in YAML."""
        return [name for name in self._cases() if name.lower().endswith(YAML)]

    @property
    def workbooks(self) -> list[str]:
        """Files that may be forms, and may be documents as well."""
        return [name for name in self._cases() if not name.lower().endswith(YAML)]

    def _cases(self) -> Iterable[str]:
        last = ((name, PurePosixPath(name).name) for name in self._members)
        return (name for name, own in last if own.lower().endswith(CASES) and not own.startswith((".", "~$")))

    def documents(self) -> list[str]:
        """Everything else that is there, but for what no document is, in the order of names."""
        steps = ((name, name.split("/")) for name in self._members)
        return sorted(name for name, parts in steps if not any(map(why_left_out, parts)))

    def place(self, path: str) -> tuple[str, str] | None:
        """Where a file is: what it lies in, the archive inside of this one or itself, and its path in that."""
        if path in self._members:
            return path, ""
        for above in PurePosixPath(path).parents:
            whole = above.as_posix()
            if whole.lower().endswith(ARCHIVE) and whole in self._members:
                inside = path[len(whole) + 1 :]
                return (whole, inside) if inside in self._inside(whole) else None
        return None

    def content(self, path: str) -> bytes:
        """What is in a file that has a place, or in a case."""
        found = self.place(path)
        assert found is not None
        whole, inside = found
        return self._inside(whole)[inside]() if inside else self._members[whole]()

    def _opened(self, path: str) -> _Members:
        """The files of an archive inside of this one; none where it must not be unpacked."""
        content = self._members[path]()
        return {} if fault_of(content) is not None or not zipfile.is_zipfile(BytesIO(content)) else _members(content)


def bundles(files: Files) -> list[Bundle]:
    """Archives, each by itself, and what came one by one together. Raises `InputError` for an archive that must not be
    unpacked, and where there is no file of a school."""
    single: dict[str, Callable[[], bytes]] = {}
    found = []
    for name, content in files:
        if name.lower().endswith(ARCHIVE):
            found.append(Bundle(_looked_into(name, content)))
        else:
            single[name] = partial(bytes, content)
    found.insert(0, Bundle(single))
    if not any(bundle.yaml or bundle.workbooks for bundle in found):
        message = region_words()["incoming"]["nothing"]
        raise InputError([Problem(Place("файлы"), message, expected=either(STUDIES))])
    return found


def _looked_into(name: str, content: bytes) -> _Members:
    if not zipfile.is_zipfile(BytesIO(content)):
        raise InputError([Problem(Place(name), region_words()["incoming"]["no_archive"])])
    if (fault := fault_of(content)) is not None:
        raise InputError([Problem(Place(name), fault[1])])
    return _members(content, name)


def _members(content: bytes, name: str = "") -> _Members:
    """The files of an archive that was looked at. Raises `InputError`."""
    archive = zipfile.ZipFile(BytesIO(content))
    return {path: partial(archive.read, member) for path, member in named_parts(archive, name).items()}


def named_parts(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The files of an archive of that name, by their paths. Raises `InputError` where two have one: programs differ on
    which of them it means."""
    parts: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        path = member_name(member)
        if member.is_dir():
            continue
        if path in parts:
            raise InputError([Problem(Place(f"{name}/{path}"), region_words()["incoming"]["two_parts"])])
        parts[path] = member
    return parts
