"""Files that a person hands over on the page, kept beside the file of the school: no name leads out of the folder, no
file takes the place of another, and what is there already is not stored twice."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Final

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.texts.folder import why_left_out
from vsoko_rules.workspace.taken_in import reading_words
from vsoko_rules.writing.files import LONGEST_NAME, output_name, write_new

_FORBIDDEN: Final = frozenset('<>:"/\\|?*')
"""what Windows allows in no name"""
_LONGEST_ENDING: Final = 10
_BLOCK: Final = 1_000_000
"""bytes read at once"""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of files: names under which they were stored, of those that were there already, and what was left out
    with the reason."""

    stored: tuple[str, ...]
    known: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


def files_folder(case: Path) -> Path:
    """The folder of the documents of a school: beside its file, under its name, where `vsoko intake` looks as well."""
    return case.with_name(case.stem) if case.suffix else case.with_name(f"{case.name} — файлы")


def receive(case: Path, files: Iterable[tuple[str, bytes]]) -> Received:
    """Store files, given by their names and what is in them, in the folder of a school. Raises `InputError` where that
    folder lies elsewhere, and `OutputError`."""
    folder = files_folder(case)
    if not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(case.parent)):
        raise InputError([Problem(Place(str(folder)), "папка файлов школы лежит не рядом с файлом школы")])
    hashes = _hashes(folder)
    stored, known, left_out = [], [], []
    for name, content in files:
        own, digest = safe_name(name), hashlib.sha256(content).hexdigest()
        if reason := why_left_out(own):
            left_out.append((own, reading_words(reason)))
        elif digest in hashes:
            known.append(hashes[digest])
        else:
            path = next(p for p in _free(folder, own) if not p.exists())
            write_new(path, content)
            hashes[digest] = path.name
            stored.append(path.name)
    return Received(tuple(stored), tuple(known), tuple(left_out))


def safe_name(name: str) -> str:
    """A name that every system takes, of what a browser calls a file."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    letters = "".join("_" if ch in _FORBIDDEN else ch for ch in last if ch.isprintable())
    plain = PurePosixPath(" ".join(letters.split()).strip(" .") or "файл")
    ending = plain.suffix if len(plain.suffix) <= _LONGEST_ENDING else ""
    room = LONGEST_NAME - len(ending.encode())
    stem = plain.name.removesuffix(ending).encode()[:room].decode(errors="ignore").strip(" .")
    return f"{'_' if _is_device(stem) else ''}{stem}{ending}"


def is_safe(name: str) -> bool:
    """Whether every system takes a name, a path with its folders, as it is, however long; it leads nowhere else."""
    steps = name.split("/")
    plain = all(step and step == step.strip(" .") and not _FORBIDDEN & {*step} for step in steps)
    whole = name.isprintable() and name == unicodedata.normalize("NFC", name)
    return plain and whole and not any(map(_is_device, steps))


def _is_device(name: str) -> bool:
    first = name.partition(".")[0]
    return output_name(first, "", ()) == f"_{first}"


def _free(folder: Path, name: str) -> Iterator[Path]:
    whole = PurePosixPath(name)
    yield folder / name
    yield from (folder / f"{whole.stem} ({number}){whole.suffix}" for number in count(2))


def _hashes(folder: Path) -> dict[str, str]:
    """The files of a folder by their hashes."""
    if not folder.is_dir():
        return {}
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {_hash(path): path.relative_to(folder).as_posix() for path in reversed(paths)}


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            digest = hashlib.sha256()
            while block := stream.read(_BLOCK):
                digest.update(block)
            return digest.hexdigest()
    except OSError:
        return f"closed {path}"
