"""Finding the files of schools."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vsoko_rules.accepted_files import CASES, either
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.study.archive_contents import CONTENTS, ArchiveContents, plain, read_contents
from vsoko_rules.writing.files import refusal


@dataclass(frozen=True, slots=True)
class SchoolFile:
    """The file of a school: where it is, and what it is called in results, the same on every machine."""

    path: str
    name: str


@dataclass
class SchoolFiles:
    """Files of schools in the order of their names. Only the names are held."""

    base: str
    names: list[str] = field(default_factory=list)
    unreadable: dict[str, Problem] = field(default_factory=dict)
    """folders that could not be listed, by their names"""
    beside: set[str] = field(default_factory=set)
    """files that an unpacked archive says are none of schools (see `archive_contents`)"""

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[SchoolFile]:
        for name in self.names:
            yield SchoolFile(os.path.join(self.base, name), _printable(name))  # noqa: PTH118 (100,000 of them)


def collect(inputs: Sequence[Path], excluded: Path | None = None) -> SchoolFiles:
    """Every file of a school among `inputs` and in the folders among them, each once.

    Names are paths relative to what all inputs have in common. Hidden files, Excel's lock files and what lies in
    `excluded` are passed over, and in an archive of a study what it does not count. Raises `InputError` for an input
    that does not exist, for an archive that says nothing of use, or when there is nothing to read.
    """
    missing = [Problem(Place(str(path)), "нет такого файла или папки") for path in inputs if not path.exists()]
    if missing:
        raise InputError(missing)
    files = SchoolFiles(_base(inputs))
    barred = os.path.realpath(excluded) if excluded is not None else None
    names = {_name(path, files.base) for given in inputs for path in _walk(given.absolute(), barred, files)}
    files.names = sorted(names)
    if not names:
        place = Place(", ".join(str(path) for path in inputs))
        nothing = Problem(place, "нет ни одного файла школы", expected=either(CASES))
        if files.beside:
            hint = "Школа учитывается, когда отправила документы или согласован её результат. Или назовите сами файлы."
            nothing = Problem(place, "в этом архиве не учитывается ни одна школа", CONTENTS, hint=hint)
        raise InputError(files.unreadable.values() or [nothing])
    return files


def readable(folder: Path) -> SchoolFiles:
    """As `collect` of one folder or file, but a folder inside that cannot be listed is an `InputError`."""
    files = collect([folder])
    if files.unreadable:
        raise InputError(files.unreadable.values())
    return files


def _base(inputs: Sequence[Path]) -> str:
    """The folder that names are relative to; empty where inputs have nothing in common (two disks)."""
    folders = [path.absolute() if path.is_dir() else path.absolute().parent for path in inputs]
    try:
        return os.path.commonpath([os.path.normpath(folder) for folder in folders])
    except ValueError:
        return ""


def _name(path: str, base: str) -> str:
    return os.path.relpath(path, base).replace(os.sep, "/") if base else path.replace(os.sep, "/")


def _printable(name: str) -> str:
    """A name whose bytes are no UTF-8 can stand in no results; its odd bytes are shown by their numbers."""
    return name.encode("utf-8", "backslashreplace").decode()


def _walk(given: Path, barred: str | None, files: SchoolFiles) -> Iterator[str]:
    """The files of schools under `given`; folders behind links too, each real folder once."""
    if not given.is_dir():
        yield os.path.normpath(given)
        return

    def refused(exc: OSError) -> None:
        name = _printable(_name(os.path.normpath(exc.filename), files.base)) + "/"
        reason = "нет прав на чтение" if isinstance(exc, PermissionError) else refusal(exc)
        hint = "Проверьте права доступа."
        files.unreadable[name] = Problem(Place(name), "папка не читается", reason, hint=hint)

    seen = {barred, os.path.realpath(given)}
    beside: set[str] = set()
    for folder, folders, names in os.walk(os.path.normpath(given), onerror=refused, followlinks=True):
        folders[:] = [name for name in sorted(folders) if not name.startswith(".") and _new(folder, name, seen)]
        contents = read_contents(Path(folder)) if CONTENTS in names else ArchiveContents()
        yield from (os.path.join(folder, *name.split("/")) for name in contents.counted)  # noqa: PTH118
        beside |= {plain(os.path.join(folder, *name.split("/"))) for name in contents.beside}  # noqa: PTH118
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118
            if plain(path) in beside:
                files.beside.add(path)
            elif not name.startswith((".", "~$")) and name.lower().endswith(CASES):
                yield path


def _new(folder: str, name: str, seen: set[str | None]) -> bool:
    """Whether a folder was not gone through before, under this name or another."""
    real = os.path.realpath(os.path.join(folder, name))  # noqa: PTH118
    if real in seen:
        return False
    seen.add(real)
    return True
