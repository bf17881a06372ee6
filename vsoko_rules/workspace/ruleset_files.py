"""The files of a ruleset as data: kept where a ruleset must stay what it was, and opened again from there."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from vsoko_rules.ruleset.load import load_chain
from vsoko_rules.ruleset.ruleset import Ruleset

Files = Sequence[Mapping[str, str]]
"""for the ruleset and each parent, nearest first, the texts of its files by their paths"""

_UNPACKED: Final[list[tempfile.TemporaryDirectory[str]]] = []
"""folders that live as long as the program: cues are read when somebody asks for them"""


def files_of(ruleset: Ruleset) -> list[dict[str, str]]:
    """The files of a ruleset and its parents."""
    return [
        {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in sorted(folder.rglob("*.yml"))}
        for folder in ruleset.folders
    ]


def ruleset_of_files(files: Files) -> Ruleset:
    """The ruleset that such files make. Raises `RulesetError`."""
    unpacked = tempfile.TemporaryDirectory(prefix="vsoko-ruleset-")
    _UNPACKED.append(unpacked)
    folders = []
    for number, texts in enumerate(files):
        folder = Path(unpacked.name) / str(number)
        for name, text in texts.items():
            path = folder.joinpath(*PurePosixPath(name).parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        folders.append(folder)
    return load_chain(folders)
