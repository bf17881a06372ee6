"""What the seat of a school begins from, and what becomes of it when the centre changes what it knows of the school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from vsoko_rules.case.reader import case_of_data
from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.reading.scalars import Code
from vsoko_rules.region.region_records import RegionSchool
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.words import day
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.school_details import TypedDetails, change_details
from vsoko_rules.writing.yaml_edit import as_read

CODE: Final = "code"
"""the name of the field in which the code of a school is typed"""
_LONGEST_CODE: Final = 80


class StudyPeriod(NamedTuple):
    """The year of a study and the days from which and until which documents count."""

    year: int
    starts: date
    ends: date


def blank_school(school: RegionSchool, ruleset: str, period: StudyPeriod) -> Data:
    """The case of a school that has no documents yet, in the shape of a case file, scalars as texts. Raises
    `InputError` where the school cannot stand in a case."""
    study = {"year": period.year, "from": period.starts.isoformat(), "to": period.ends.isoformat()}
    said = {"ruleset": ruleset, "school": _stated(school), "study": study, "filled_by": {"role": "school"}}
    told: Data = as_read(plain_data(case_of_data(said, school.code).content))
    return told


def with_school(data: Data, school: RegionSchool) -> Data:
    """A case with another name, municipality, levels and numbers of its school; everything else stays."""
    kept = {key: value for key, value in data["school"].items() if key != "counts"}
    return {**data, "school": {**kept, **as_read(_stated(school))}}


def school_of_fields(
    code: str, typed: TypedDetails, control: bool, ruleset: Ruleset, period: StudyPeriod
) -> RegionSchool:
    """The school that fields of a page say. Raises `InputError` with a problem for each field in which something is
    wrong."""
    problems = [] if _is_code(code) else [_wrong_code(code)]
    days = {"year": str(period.year), "first": day(period.starts), "last": day(period.ends)}
    empty: Mapping[str, Any] = {"school": {}, "study": {}}
    try:
        said = change_details(ruleset, replace(typed, texts={**typed.texts, **days}))(empty)["school"]
    except InputError as wrong:
        raise InputError([*problems, *wrong.problems]) from wrong
    if problems:
        raise InputError(problems)
    counts = {name: int(number) for name, number in said.get("counts", {}).items()}
    levels = tuple(level for level in EducationLevel if level.value in said["levels"])
    return RegionSchool(code, said["name"], said["municipality"], levels, counts, control)


def _is_code(code: str) -> bool:
    try:
        TypeAdapter(Code).validate_python(code)
    except ValidationError:
        return False
    return len(code) <= _LONGEST_CODE


def _wrong_code(code: str) -> Problem:
    expected = f"до {_LONGEST_CODE} знаков без пробелов: буквы, цифры, точка, дефис, подчёркивание"
    return Problem(argument(CODE), "это не код школы", code or None, expected)


def _stated(school: RegionSchool) -> dict[str, Any]:
    stated: dict[str, Any] = {"id": school.code, "name": school.name, "municipality": school.municipality}
    stated["levels"] = [level.value for level in school.levels]
    return stated | ({"counts": dict(school.counts)} if school.counts else {})
