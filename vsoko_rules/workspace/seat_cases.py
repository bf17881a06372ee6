"""Cases kept as data in a database: opened as they are, and held against the guarded reader where they change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from vsoko_rules.case.given import given_data
from vsoko_rules.case.reader import CaseFile, case_as_kept
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.reading.attached import AttachedFile
from vsoko_rules.workspace.case_parts import Data, PartChange
from vsoko_rules.workspace.opened_school import OpenedSchool

_MOST: Final = 8_000_000
"""letters of a case; one of 60 documents has some 30,000"""


def kept_case(data: Data, name: str, sha256: str, files: Mapping[str, AttachedFile]) -> CaseFile:
    """The case that kept data hold. Raises `InputError`."""
    return case_as_kept(data, name, sha256, files)


def changed_case(before: OpenedSchool, after: Data, changes: Sequence[PartChange], text: str) -> CaseFile:
    """The case after changes; what is new in it goes through the guarded reader, the rest has gone through it. `text`
    is what will be kept. Raises `InputError`."""
    if len(text) > _MOST:
        raise InputError([Problem(Place(before.case.name), "сведений о школе слишком много", f"{len(text)} знаков")])
    given_data({"new": [change.after for change in changes]}, before.case.name)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return case_as_kept(after, before.case.name, digest, before.case.files)
