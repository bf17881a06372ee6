"""Cases kept as data in a database: opened as they are, and held against the guarded reader where they change.

Files that were handed over for such a case are known by their names in it, with type, size and hash; the disk of the
server is never asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from vsoko_rules.case.given import given_data
from vsoko_rules.case.reader import CaseFile, case_as_kept, case_of_data, named_files
from vsoko_rules.case.records import Case
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.reading.attached import AttachedFile, FileState
from vsoko_rules.workspace.case_parts import Data, PartChange
from vsoko_rules.workspace.opened_school import OpenedSchool

_MOST: Final = 8_000_000
"""letters of a case; one of 60 documents has some 30,000"""

Uses = Mapping[str, AttachedFile]
"""the files that were handed over for a seat, by the names under which its case knows them"""
NO_USES: Final[Uses] = {}


def use_of(size: int, kind: str, sha256: str) -> AttachedFile:
    """A file that was handed over. `kind` is its type by its first bytes, empty where they tell nothing."""
    return AttachedFile(FileState.THERE, size, kind or None, sha256)


def attached_uses(case: Case, uses: Uses) -> dict[str, AttachedFile]:
    """The files that a case names as they were handed over. Where none were, nobody could look; where some were, one
    that is not among them is not there."""
    absent = AttachedFile(FileState.ABSENT)
    return {file: uses.get(file, absent) for file in named_files(case)} if uses else {}


def kept_case(data: Data, name: str, sha256: str, uses: Uses) -> CaseFile:
    """The case that kept data hold. Raises `InputError`."""
    return with_uses(case_as_kept(data, name, sha256, {}), uses)


def given_case(data: Data, name: str, uses: Uses) -> CaseFile:
    """A case that data hold which no guarded reader has taken before. Raises `InputError`."""
    return with_uses(case_of_data(data, name), uses)


def changed_case(before: OpenedSchool, after: Data, changes: Sequence[PartChange], text: str, uses: Uses) -> CaseFile:
    """The case after changes; what is new in it goes through the guarded reader, the rest has gone through it. `text`
    is what will be kept. Raises `InputError`."""
    if len(text) > _MOST:
        raise InputError([Problem(Place(before.case.name), "сведений о школе слишком много", f"{len(text)} знаков")])
    given_data({"new": [change.after for change in changes]}, before.case.name)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return kept_case(after, before.case.name, digest, uses)


def with_uses(case: CaseFile, uses: Uses) -> CaseFile:
    """A case with the files that were handed over for it."""
    case.files = attached_uses(case.content, uses)
    return case
