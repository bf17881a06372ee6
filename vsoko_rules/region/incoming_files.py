"""Documents that lie beside a case that is taken in: which of them may be kept, under the names that the case states.

They are guarded as what a school hands over itself; one that may not be kept is left out and told, the case is not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from vsoko_rules.case.reader import named_files
from vsoko_rules.case.records import Case
from vsoko_rules.region.bundles import Bundle
from vsoko_rules.region.handed_files import HandedFile, why_not_kept
from vsoko_rules.region.region_words import region_words
from vsoko_rules.workspace.received import is_safe


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that may be kept: its name as the case states it, and where it lies."""

    name: str
    path: str
    sha256: str
    size: int
    type: str


@dataclass(frozen=True, slots=True)
class IncomingFiles:
    """The files of a case. `left`: those that may not be kept, with the reason; `missing`: names of which nothing is
    there; `changed`: those that are not as they were when the case quoted them."""

    kept: tuple[IncomingFile, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all that may be kept."""
        return sum(file.size for file in self.kept)

    @property
    def found(self) -> tuple[str, ...]:
        """Names of all that are there."""
        return (*(file.name for file in self.kept), *(name for name, _ in self.left))

    def without(self, reason: str) -> IncomingFiles:
        """The same with everything left out."""
        left = (*self.left, *((file.name, reason) for file in self.kept))
        return IncomingFiles((), left, self.missing)


NO_FILES: Final = IncomingFiles()


def stated_paths(case: Case, name: str) -> list[str]:
    """Where in its bundle the files lie that a case names, which is called `name` there."""
    return [path_of(stated, name) for stated in named_files(case)]


def path_of(stated: str, name: str) -> str:
    """Where a file lies that the case of that name states."""
    return unicodedata.normalize("NFC", (PurePosixPath(name).parent / stated).as_posix())


def incoming_files(case: Case, name: str, bundle: Bundle) -> IncomingFiles:
    """The files beside a case, which is called `name` in a bundle."""
    kept: dict[str, IncomingFile] = {}
    left, missing = [], []
    for stated in named_files(case):
        path = path_of(stated, name)
        if bundle.place(path) is None:
            missing.append(stated)
            continue
        file = HandedFile(stated, bundle.content(path))
        if reason := _why_not(file, list(kept.values())):
            left.append((stated, reason))
        else:
            kept[stated] = IncomingFile(stated, path, file.sha256, len(file.content), file.type)
    changed = sorted({file for file, sha256 in _quoted(case) if file in kept and kept[file].sha256 != sha256})
    return IncomingFiles(tuple(kept.values()), tuple(left), tuple(missing), tuple(changed))


def _why_not(file: HandedFile, kept: list[IncomingFile]) -> str | None:
    words = region_words()["incoming"]
    if not is_safe(file.name):
        return str(words["unsafe_name"])
    if (problem := why_not_kept(file.name, file.content)) is not None:
        return problem
    for other in kept:
        if other.sha256 == file.sha256:
            return str(words["same_content"]).format(file=other.name)
        if _in_the_way(other.name.casefold(), file.name.casefold()):
            return str(words["same_name"]).format(file=other.name)
    return None


def _in_the_way(one: str, other: str) -> bool:
    """Whether two files cannot lie in one folder: one name, or one of them is a folder of the other."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _quoted(case: Case) -> Iterator[tuple[str, str]]:
    """The hashes that a case states of files."""
    for document in case.documents:
        for claim in document.evidence:
            if claim.place is not None and claim.place.file is not None and claim.place.sha256 is not None:
                yield claim.place.file, claim.place.sha256
