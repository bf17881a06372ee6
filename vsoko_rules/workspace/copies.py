"""Copies of a school's case: given away as files, and taken in from files."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Final

from vsoko_rules.accepted_files import YAML
from vsoko_rules.case.reader import check_case
from vsoko_rules.case.write import as_yaml, plain_data
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.case_file import parse_case_file
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.opening import open_ruleset
from vsoko_rules.workspace.received import safe_name
from vsoko_rules.writing.files import write_new
from vsoko_rules.writing.yaml_edit import as_read

FORM: Final = ".xlsx"
_OWN: Final = ("school", "study", "ruleset", "filled_by")
"""what a school keeps of itself when everything else comes from a file"""


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


def replaced_by(name: str, content: bytes, school: OpenedSchool) -> Callable[[Data], Data]:
    """The change that puts in place of all documents, decisions and marks those that a file of the same school holds,
    YAML or a form; what the school is stays. Raises `InputError` for what is no case, for a file of another school, and
    for codes that the ruleset does not have."""
    case = parse_case_file(content, name)
    own = school.case.content.school
    if case.content.school.id != own.id:
        hint = "Код школы стоит в файле в сведениях о школе."
        problem = Problem(Place(name), "это файл другой школы", case.content.school.id, own.id, hint=hint)
        raise InputError([problem])
    check_case(case, school.ruleset)
    given = as_read(plain_data(case.content))

    def change(data: Data) -> Data:
        kept = {key: data[key] for key in _OWN if key in data}
        return kept | {key: value for key, value in given.items() if key not in _OWN}

    return change
