"""Cases of a study that was made with files, YAML or forms: what each of them is, before anything of it is taken in."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.write import plain_data
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.case_file import READABLE
from vsoko_rules.reading.archive import fault_of, member_name
from vsoko_rules.region.region_records import RegionSchool
from vsoko_rules.region.region_words import region_words
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.writing.yaml_edit import as_read

_ARCHIVE: Final = ".zip"

Files = Iterable[tuple[str, bytes]]
"""names and contents"""


class IncomingState(str, Enum):
    """What a file is: of a school that the study has, of a new one, or wrong."""

    KNOWN = "known"
    NEW = "new"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class IncomingCase:
    """A file that was handed over. `school` and `data`, in the shape of a case file with scalars as texts, are none
    where it cannot be read."""

    file: str
    state: IncomingState
    school: RegionSchool | None = None
    data: Data | None = None
    problems: tuple[Problem, ...] = ()


def case_contents(files: Files) -> Iterator[tuple[str, bytes]]:
    """The files of cases among those that were handed over and in the archives among them. Raises `InputError` for an
    archive that must not be unpacked, and where there is none."""
    found = False
    for name, content in files:
        for own, inside in _members(name, content) if name.lower().endswith(_ARCHIVE) else [(name, content)]:
            last = PurePosixPath(own).name
            if last.lower().endswith(READABLE) and not last.startswith((".", "~$")):
                found = True
                yield own, inside
    if not found:
        message = region_words()["incoming"]["nothing"]
        raise InputError([Problem(Place("файлы"), message, expected=", ".join((*READABLE, _ARCHIVE)))])


def _members(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if not zipfile.is_zipfile(BytesIO(content)):
        raise InputError([Problem(Place(name), region_words()["incoming"]["no_archive"])])
    if (fault := fault_of(content)) is not None:
        raise InputError([Problem(Place(name), fault[1])])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield member_name(member), archive.read(member)


def incoming_cases(files: Files, known: Collection[str], ruleset: Ruleset, year: int) -> Iterator[IncomingCase]:
    """What each file is; `known` are the codes of the schools of the study, `year` its year."""
    first: dict[str, str] = {}
    for name, content in files:
        try:
            case = open_case(content, name)
            assess(case, ruleset, EngineName.PLAIN)
            school = _school(case)
            _check(case, year, first.get(school.code))
        except InputError as wrong:
            yield IncomingCase(name, IncomingState.WRONG, problems=tuple(wrong.problems))
            continue
        first[school.code] = name
        state = IncomingState.KNOWN if school.code in known else IncomingState.NEW
        yield IncomingCase(name, state, school, as_read(plain_data(case.content)))


def _school(case: CaseFile) -> RegionSchool:
    own = case.content.school
    return RegionSchool(own.id, own.name, own.municipality, own.levels, dict(own.counts))


def _check(case: CaseFile, year: int, first: str | None) -> None:
    words, stated = region_words()["incoming"], case.content.study.year
    if stated != year:
        raise InputError([Problem(Place(case.name), words["other_year"], str(stated), str(year))])
    if first is not None:
        raise InputError([Problem(Place(case.name), words["twice"].format(file=first), case.content.school.id)])
