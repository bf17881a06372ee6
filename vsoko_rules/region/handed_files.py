"""Files that a school hands over to a server: their names made safe, their kinds looked at, archives taken apart.

Either everything is taken or nothing: whoever hands a folder over hears at once of all that is wrong in it. What is in
a document is read elsewhere, in a process of its own; here nothing is opened but the directories of zipped files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final

from vsoko_rules.accepted_files import ARCHIVE, DOCUMENTS
from vsoko_rules.errors import MOST_PROBLEMS, InputError, Place, Problem
from vsoko_rules.intake.texts.folder import MOST_BYTES, archive_fault, archived, why_left_out
from vsoko_rules.intake.texts.formats import format_of, suffix
from vsoko_rules.intake.texts.saved_page import is_named_as_part
from vsoko_rules.reading.attached import AttachedFile, FileState, look_into
from vsoko_rules.words import documents_taken
from vsoko_rules.workspace.received import safe_name
from vsoko_rules.workspace.taken_in import reading_words

_PLAIN: Final = (".txt", ".mht", ".mhtml")
"""endings whose files begin as they like: they are texts, or they are none"""
_ZIPPED: Final = ("zip", "docx", "xlsx", "odt", "ods")
_LONGEST: Final = 290
"""letters of a name, with the path inside an archive; a number may still be put behind it"""
_MEGABYTE: Final = 1_000_000

_Part = tuple[str, bytes]
"""a file by its name"""


@dataclass(frozen=True)
class HandedFile:
    """A file that may be kept, under a name that is safe."""

    name: str
    content: bytes

    @cached_property
    def looked_at(self) -> AttachedFile:
        """Its type, size and hash."""
        return look_into(self.name, self.content)

    @property
    def type(self) -> str:
        """By its first bytes; empty where they tell nothing."""
        return self.looked_at.type or ""

    @property
    def sha256(self) -> str:
        """The hash of what is in it."""
        assert self.looked_at.sha256 is not None
        return self.looked_at.sha256


@dataclass(frozen=True, slots=True)
class HandedFiles:
    """What is to be kept, and what is no document at all, with the reason."""

    files: tuple[HandedFile, ...]
    left_out: tuple[tuple[str, str], ...]
    doubles: tuple[str, ...] = ()
    """names of what is in another of them as well"""


def handed_files(given: Iterable[_Part]) -> HandedFiles:
    """Files by the names that a browser gives them. Raises `InputError` with all that is wrong: none is taken then."""
    files: dict[str, HandedFile] = {}
    left_out: list[tuple[str, str]] = []
    doubles: list[str] = []
    problems: list[Problem] = []
    for name, content in _parts(given, problems):
        if reason := _why_no_document(name):
            left_out.append((name, reading_words(reason)))
        elif problem := _problem(name, content):
            problems.append(problem)
        else:
            file = HandedFile(name, content)
            if files.setdefault(file.sha256, file) is not file:
                doubles.append(name)
    if problems:
        raise InputError(problems[:MOST_PROBLEMS])
    return HandedFiles(tuple(files.values()), tuple(left_out), tuple(doubles))


def why_not_kept(name: str, content: bytes) -> str | None:
    """Why a file may not be kept under a name that is safe; none where it may."""
    if reason := _why_no_document(name):
        return reading_words(reason)
    problem = _problem(name, content)
    if problem is None:
        return None
    return f"{problem.message}: {problem.expected}" if problem.expected else problem.message


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name, or another where there is a file of that name already."""
    known, whole, number = {each.casefold() for each in taken}, PurePosixPath(name), 2
    while name.casefold() in known:
        name = str(whole.with_name(f"{whole.stem} ({number}){whole.suffix}"))
        number += 1
    return name


def _parts(given: Iterable[_Part], problems: list[Problem]) -> Iterator[_Part]:
    """Every file by itself, those of archives under the name of the archive."""
    for stated, content in given:
        name = safe_name(stated)
        if suffix(name) != ARCHIVE or why_left_out(name) is not None:
            yield name, content
        elif problem := _of_archive(name, content):
            problems.append(problem)
        else:
            yield from _members(name, content, problems)


def _members(name: str, content: bytes, problems: list[Problem]) -> Iterator[_Part]:
    for inside, part in archived(content):
        whole = "/".join([name, *(safe_name(step) for step in inside.split("/") if step)])
        if isinstance(part, str):
            problems.append(Problem(Place(whole), reading_words(part)))
        else:
            yield whole, part


def _of_archive(name: str, content: bytes) -> Problem | None:
    if len(content) > MOST_BYTES:
        return _too_large(name)
    fault = archive_fault(name, content)
    return Problem(Place(name), reading_words(fault)) if fault else None


def _why_no_document(name: str) -> str | None:
    """A code of `reports/intake/reading.yml`; none where it may be a document."""
    hidden = next((code for step in name.split("/") if (code := why_left_out(step))), None)
    return hidden or ("page_parts" if is_named_as_part(name) else None)


def _problem(name: str, content: bytes) -> Problem | None:
    """Why a file is not taken; none where it is."""
    ending = suffix(name)
    if len(name) > _LONGEST:
        return Problem(Place(name[:_LONGEST]), "имя файла слишком длинное", expected=f"до {_LONGEST} знаков с папками")
    if ending == ARCHIVE:
        return Problem(Place(name), reading_words("nested"))
    if ending not in DOCUMENTS:
        return Problem(Place(name), "файлы такого вида не принимаются", ending or "без окончания", documents_taken())
    if len(content) > MOST_BYTES:
        return _too_large(name)
    looked_at = look_into(name, content, digest=False)
    if looked_at.state is FileState.EMPTY:
        return Problem(Place(name), "файл пуст")
    plain = ending not in _PLAIN or format_of(content) in ("txt", "mht", "html")
    if looked_at.state is FileState.FOREIGN or not plain:
        hint = "Откройте файл в той программе, в которой он сделан, и сохраните заново."
        return Problem(Place(name), "файл повреждён или внутри не то, что обещает его имя", hint=hint)
    fault = archive_fault(name, content) if looked_at.type in _ZIPPED else None
    return Problem(Place(name), reading_words(fault)) if fault else None


def _too_large(name: str) -> Problem:
    return Problem(Place(name), "файл слишком велик", expected=f"до {MOST_BYTES // _MEGABYTE} МБ")
