"""Reading a case from whatever it was written in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from vsoko_rules.case.reader import CaseFile, read_case
from vsoko_rules.reading.workbook import SUFFIXES

YAML: Final = (".yml", ".yaml")
READABLE: Final = (*YAML, *SUFFIXES)
"""endings of the files that can be read"""

_SIGNATURES: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""how .xlsx and .ods begin, and .xls"""


def read_any(path: Path, name: str | None = None) -> CaseFile:
    """Read a case from YAML or from a form, whatever the file is called. Raises `InputError`."""
    if is_form(path):
        from vsoko_rules.intake.form.reading import read_form

        return read_form(path, name)
    return read_case(path, name)


def is_form(path: Path) -> bool:
    """Whether the file is a workbook, by its first bytes or, where it cannot be opened, by its name."""
    try:
        with path.open("rb") as stream:
            begins = stream.read(4)
    except (OSError, ValueError):
        begins = b""
    return begins in _SIGNATURES or path.suffix.lower() in SUFFIXES
