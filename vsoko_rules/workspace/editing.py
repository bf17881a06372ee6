"""Changing stored cases: the whole or a part, never over a change that someone else made since."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from vsoko_rules.case.reader import CaseFile, case_of_data
from vsoko_rules.errors import InputError, LostUpdate, OutputError, Place, Problem
from vsoko_rules.intake.case_file import is_form
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.reading.yaml import parse
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.writing.files import write, write_new
from vsoko_rules.writing.yaml_edit import edited
from vsoko_rules.writing.yaml_text import as_text

COPY: Final = ".bak"
"""the ending of the copy of a file as it was before it was changed; no command takes it for a case"""

_KNOWN_BY: Final = {"documents": "id", "procedures": "id", "overrides": "of"}
"""what a case lists, and by which key an entry is known"""


def save_case(path: str | Path, data: Mapping[str, Any], revision: str | None) -> CaseFile:
    """Write a case to a YAML file; comments and line breaks around what did not change stay.

    `data` has the shape of a case file. `revision` is the `sha256` of the case as it was opened, none for a new file.
    Raises `InputError` for data that are no case, `LostUpdate` where the file was changed since, and `OutputError`.
    """
    path = Path(path)
    case_of_data(data, str(path), path.parent)
    with _alone(path):
        if revision is None:
            write_new(path, as_text(data).encode())
        else:
            write(path, edited(_unchanged(path, revision), data, str(path)))
        return open_case(path)


def edit_case(path: str | Path, change: Mapping[str, Any], revision: str) -> CaseFile:
    """Change a part of a case in a YAML file, such as `{"documents": {"d03": {"date": "2022-02-14"}}}`.

    Mappings are merged key by key, entries of lists are named by their codes, none takes away, and everything else is
    put in the place of what was there. Raises as `save_case`.
    """
    path = Path(path)
    return save_case(path, patched(parse(_unchanged(path, revision), str(path), InputError).data, change), revision)


def patched(data: Any, change: Any) -> Any:
    """Plain data of a case with a change; neither is touched."""
    if not isinstance(change, Mapping):
        return change
    result = dict(data) if isinstance(data, Mapping) else {}
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        elif key in _KNOWN_BY and isinstance(value, Mapping):
            result[key] = _patched_list(result.get(key) or [], value, _KNOWN_BY[key])
        else:
            result[key] = patched(result.get(key), value)
    return result


def _patched_list(entries: list[Any], changes: Mapping[str, Any], known_by: str) -> list[Any]:
    """Entries with changes named by their codes; a code that none has is a new entry at the end."""
    rest = dict(changes)
    result = []
    for entry in entries:
        code = entry.get(known_by) if isinstance(entry, Mapping) else None
        change = rest.pop(code, {}) if isinstance(code, str) else {}
        if change is not None:
            result.append(patched(entry, change))
    return result + [{known_by: code, **change} for code, change in rest.items() if change is not None]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """New content for a stored case; `revision` is the `sha256` of the case as it was opened."""

    path: Path
    revision: str
    content: bytes


def rewrite_all(rewrites: Sequence[Rewrite]) -> dict[Path, Path]:
    """Put new content into stored cases, into all of them or none; beside each stays a copy of what it was.

    Returns the copies by the files. Raises `LostUpdate` where a file was changed since, and `OutputError`.
    """
    copies: dict[Path, Path] = {}
    with ExitStack() as locks:
        for path in sorted(rewrite.path for rewrite in rewrites):
            locks.enter_context(_alone(path))
        before = {rewrite.path: _as_opened(rewrite.path, rewrite.revision) for rewrite in rewrites}
        written: list[Path] = []
        try:
            for path, content in before.items():
                copy = _free_name(path)
                write_new(copy, content)
                copies[path] = copy
            for rewrite in rewrites:
                write(rewrite.path, rewrite.content)
                written.append(rewrite.path)
        except OutputError:
            for path in written:
                write(path, before[path])
            for copy in copies.values():
                copy.unlink(missing_ok=True)
            raise
    return copies


def rewrite(step: Rewrite) -> None:
    """Put new content into a stored case, without a copy. Raises as `rewrite_all`."""
    with _alone(step.path):
        _as_opened(step.path, step.revision)
        write(step.path, step.content)


def _free_name(path: Path) -> Path:
    """A name for a copy that is not taken: «школа.yml.bak», «школа.yml.2.bak»."""
    names = (path.with_name(f"{path.name}{f'.{n}' if n > 1 else ''}{COPY}") for n in count(1))
    return next(name for name in names if not name.exists())


def _unchanged(path: Path, revision: str) -> bytes:
    """What the file holds. Raises `LostUpdate` where that is not `revision`, `InputError` for a form."""
    content = _as_opened(path, revision)
    if is_form(content, path.name):
        raise InputError([Problem(Place(str(path)), "изменить можно только файл YAML", path.suffix, ".yml")])
    return content


def _as_opened(path: Path, revision: str) -> bytes:
    content = read_bytes(path)
    if hashlib.sha256(content).hexdigest() != revision:
        hint = "Откройте его заново и повторите изменение."
        raise LostUpdate([Problem(Place(str(path)), "файл изменили после того, как он был открыт", hint=hint)])
    return content


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Nobody else on this machine writes this file meanwhile. The lock lies apart: folders of cases stay clean."""
    name = hashlib.sha256(os.path.realpath(path).encode(errors="surrogatepass")).hexdigest()[:24]
    with FileLock(Path(tempfile.gettempdir()) / f"vsoko-{name}.lock", mode=0o666):
        yield
