"""What an archive of a study says of itself when it is unpacked: which of its files a study counts, one for a school.

Beside them lie what experts filled in for the same schools and documents of schools, which are no schools of their own.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from vsoko_rules.accepted_files import CASES
from vsoko_rules.errors import InputError, Problem
from vsoko_rules.reading.json_file import read_json
from vsoko_rules.reading.validation import Model, validated
from vsoko_rules.study.pages import words
from vsoko_rules.writing.json_text import json_text

CONTENTS: Final = "состав-архива.json"
"""a name without letters that systems write in two ways"""


class _Contents(Model):
    about: str = ""
    counted: tuple[str, ...]
    beside: tuple[str, ...]


@dataclass(slots=True)
class ArchiveContents:
    """Files that could be read as those of schools, by their paths in the archive."""

    counted: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    def add(self, name: str, counted: bool = False) -> None:
        """Take note of a file; of one that is never read as a school there is nothing to say."""
        if name.lower().endswith(CASES):
            (self.counted if counted else self.beside).append(name)

    def files(self) -> dict[str, bytes]:
        """What goes into the archive; nothing where every file is counted and the folder is read as it is."""
        if not self.beside:
            return {}
        data = {"about": words()["archive"], "counted": sorted(self.counted), "beside": sorted(self.beside)}
        return {CONTENTS: json_text(data).encode()}


def read_contents(folder: Path) -> ArchiveContents:
    """What an unpacked archive says. Raises `InputError` where it cannot be read, or leads out of the folder."""
    source = read_json(folder / CONTENTS)
    stated = validated(_Contents, source, InputError)
    for key in ("counted", "beside"):
        for number, name in enumerate(getattr(stated, key)):
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
                raise InputError([Problem(source.place((key, number)), "путь ведёт из папки", name)])
    return ArchiveContents([plain(name) for name in stated.counted], [plain(name) for name in stated.beside])


def plain(name: str) -> str:
    """A path as it is compared: some systems give names back with letters taken apart."""
    return unicodedata.normalize("NFC", name)
