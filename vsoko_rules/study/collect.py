"""Finding the case files of a study."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from vsoko_rules.case.load import CaseFile, read_case
from vsoko_rules.errors import InputError, Place, Problem

_YAML: Final = (".yml", ".yaml")
_FORMS: Final = "vsoko_rules.form.read"
"""the reader of XLSX forms, where it is installed: `read_form(path, name) -> CaseFile`"""

Reader = Callable[[Path, "str | None"], CaseFile]


@dataclass(frozen=True, slots=True)
class Found:
    """A case file: where it is, and what it is called in results, the same on every machine."""

    path: str
    name: str


def suffixes() -> tuple[str, ...]:
    """Endings of the files that can be read here."""
    return (*_YAML, ".xlsx") if find_spec(_FORMS) is not None else _YAML


def read_any(path: Path, name: str | None = None) -> CaseFile:
    """Read a case from YAML or, where forms can be read, from a form. Raises `InputError`."""
    if path.suffix.lower() not in _YAML and path.suffix.lower() in suffixes():
        read_form: Reader = import_module(_FORMS).read_form
        return read_form(path, name)
    return read_case(path, name)


def collect(inputs: Sequence[Path], excluded: Path | None = None) -> list[Found]:
    """Every case file among `inputs` and in the folders among them, each once, in the order of their names.

    Names are paths relative to the folder, or to what all inputs have in common. Hidden files, Excel's lock files and
    what lies in `excluded` are passed over. Raises `InputError` for an input that does not exist, or when nothing is
    found.
    """
    missing = [Problem(Place(str(path)), "нет такого файла или папки") for path in inputs if not path.exists()]
    if missing:
        raise InputError(missing)
    base = _base(inputs)
    barred = excluded.resolve() if excluded is not None else None
    found: dict[Path, Found] = {}
    for path in (p for given in inputs for p in _files(given, barred)):
        resolved = path.resolve()
        found.setdefault(resolved, Found(str(path), _name(path, base)))
    if not found:
        place = Place(", ".join(str(path) for path in inputs))
        raise InputError([Problem(place, "нет ни одного файла школы", expected=", ".join(suffixes()))])
    return sorted(found.values(), key=lambda each: (each.name, each.path))


def _base(inputs: Sequence[Path]) -> Path | None:
    """The folder that names are relative to; none where inputs have nothing in common (two disks)."""
    folders = [path.absolute() if path.is_dir() else path.absolute().parent for path in inputs]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:
        return None


def _name(path: Path, base: Path | None) -> str:
    whole = path.absolute()
    return whole.relative_to(base).as_posix() if base is not None and whole.is_relative_to(base) else whole.as_posix()


def _files(given: Path, barred: Path | None) -> Iterator[Path]:
    if not given.is_dir():
        yield given
        return
    for folder, folders, files in os.walk(given):
        here = Path(folder)
        folders[:] = [f for f in folders if not f.startswith(".") and (here / f).resolve() != barred]
        for file in files:
            if not file.startswith((".", "~$")) and file.lower().endswith(suffixes()):
                yield here / file
