"""Copies of a school's case: given away as files, and taken in from files."""

from __future__ import annotations

from itertools import count
from pathlib import Path, PurePosixPath

from vsoko_rules.case.write import as_yaml
from vsoko_rules.intake.case_file import YAML, parse_case_file
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.opening import open_ruleset
from vsoko_rules.workspace.received import safe_name
from vsoko_rules.writing.files import write_new

FORM = ".xlsx"


def copy_of(school: OpenedSchool, ending: str) -> bytes:
    """The case as a file of that ending: YAML, or a form that is filled in."""
    if ending == FORM:
        return write_form(school.ruleset, case=school.case.content)
    return as_yaml(school.case.content).encode()


def take_in(root: Path, name: str, content: bytes) -> Path:
    """Put a file of a school, YAML or a form, into a folder under a name that is free there; returns its path. Raises
    `InputError` for what is no case or names a ruleset that there is not."""
    case = parse_case_file(content, name)
    open_ruleset(case.content.ruleset)
    own = PurePosixPath(safe_name(name))
    ending = own.suffix.lower() if own.suffix.lower() in (*YAML, FORM) else YAML[0]
    names = (own.stem if number == 1 else f"{own.stem} ({number})" for number in count(1))
    path = next(path for stem in names if not (path := root / f"{stem}{ending}").exists())
    write_new(path, content)
    return path
