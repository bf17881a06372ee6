"""Reading a case from whatever it was written in: YAML or a form."""

from __future__ import annotations

from pathlib import Path

from vsoko_rules.accepted_files import BOOKS
from vsoko_rules.case.reader import CaseFile, parse_case
from vsoko_rules.reading.archive import read_bytes, shown_name
from vsoko_rules.reading.workbook import is_workbook


def read_case_file(path: Path, name: str | None = None) -> CaseFile:
    """Read a case from a file, whatever it is called. Raises `InputError`."""
    return parse_case_file(read_bytes(path, name=name), name if name is not None else shown_name(path), path.parent)


def parse_case_file(content: bytes, name: str, folder: Path | None = None) -> CaseFile:
    """Read a case from bytes. `name` is how they are called in messages, `folder` where the files that the case names
    lie. Raises `InputError`."""
    if is_form(content, name):
        from vsoko_rules.intake.form.read_form import parse_form

        return parse_form(content, name, folder)
    return parse_case(content, name, folder)


def is_form(content: bytes, name: str) -> bool:
    """Whether a file is a workbook, by its first bytes or by its name."""
    return is_workbook(content) or name.lower().endswith(BOOKS)
