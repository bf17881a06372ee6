"""Finding the case files of a study."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.case_file import READABLE


@dataclass(frozen=True, slots=True)
class Found:
    """A case file: where it is, and what it is called in results, the same on every machine."""

    path: str
    name: str


class Files:
    """Case files in the order of their names. Only the names are held."""

    def __init__(self, base: str, names: list[str]) -> None:
        self._base = base
        self._names = names

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[Found]:
        return (Found(os.path.join(self._base, name), name) for name in self._names)  # noqa: PTH118 (100,000 of them)


def collect(inputs: Sequence[Path], excluded: Path | None = None) -> Files:
    """Every case file among `inputs` and in the folders among them, each once.

    Names are paths relative to what all inputs have in common. Hidden files, Excel's lock files and what lies in
    `excluded` are passed over. Raises `InputError` for an input that does not exist, or when nothing is found.
    """
    missing = [Problem(Place(str(path)), "нет такого файла или папки") for path in inputs if not path.exists()]
    if missing:
        raise InputError(missing)
    base = _base(inputs)
    barred = os.path.realpath(excluded) if excluded is not None else None
    names = sorted(_name(path, base) for given in inputs for path in _files(given.absolute(), barred))
    if not names:
        place = Place(", ".join(str(path) for path in inputs))
        raise InputError([Problem(place, "нет ни одного файла школы", expected=", ".join(READABLE))])
    return Files(base, [name for n, name in enumerate(names) if not n or name != names[n - 1]])


def _base(inputs: Sequence[Path]) -> str:
    """The folder that names are relative to; empty where inputs have nothing in common (two disks)."""
    folders = [path.absolute() if path.is_dir() else path.absolute().parent for path in inputs]
    try:
        return os.path.commonpath([os.path.normpath(folder) for folder in folders])
    except ValueError:
        return ""


def _name(path: str, base: str) -> str:
    return os.path.relpath(path, base).replace(os.sep, "/") if base else path.replace(os.sep, "/")


def _files(given: Path, barred: str | None) -> Iterator[str]:
    if not given.is_dir():
        yield os.path.normpath(given)
        return
    for folder, folders, files in os.walk(os.path.normpath(given)):
        folders[:] = [f for f in folders if not f.startswith(".") and os.path.realpath(Path(folder, f)) != barred]
        for file in files:
            if not file.startswith((".", "~$")) and file.lower().endswith(READABLE):
                yield os.path.join(folder, file)  # noqa: PTH118
