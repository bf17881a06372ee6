"""What a school says of itself: a new school, and changes of what it said. Fields are typed as people type them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from vsoko_rules.case.reader import case_of_data
from vsoko_rules.case.records import Case
from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.intake.form.school_sheet import code_of_name
from vsoko_rules.reading.typed import EXPECTED, typed_date, typed_whole
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.words import day
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.writing.files import output_name, write_new
from vsoko_rules.writing.yaml_edit import as_read
from vsoko_rules.writing.yaml_text import as_text

TEXTS: Final = ("name", "municipality")
DAYS: Final = {"first": "from", "last": "to"}


@dataclass(frozen=True, slots=True)
class TypedDetails:
    """The fields as they stand on a page, with what is wrong in them."""

    texts: Mapping[str, str]
    levels: tuple[str, ...]
    problems: Mapping[str, Problem] = field(default_factory=dict)


def blank_details(ruleset: Ruleset, today: date) -> TypedDetails:
    """What is filled in for a new school: the period of the study to which `today` belongs."""
    year = ruleset.usual_year(today)
    first, last = ruleset.usual_study(year)
    return TypedDetails({"year": str(year), "first": day(first), "last": day(last)}, ())


def details_of(case: Case) -> TypedDetails:
    """What a case says."""
    school, study = case.school, case.study
    counts = {f"count_{code}": str(number) for code, number in school.counts.items()}
    days = {"first": day(study.start), "last": day(study.end)}
    texts = {"name": school.name, "municipality": school.municipality, "year": str(study.year), **days, **counts}
    return TypedDetails(texts, tuple(level.value for level in school.levels))


def typed_details(typed: Mapping[str, Sequence[str]], problems: Sequence[Problem] = ()) -> TypedDetails:
    """The fields as somebody typed them."""
    texts = {name: " ".join(values[0].split()) for name, values in typed.items() if values and name != "levels"}
    return TypedDetails(texts, tuple(typed.get("levels", ())), {p.place.file: p for p in problems})


def create_school(folder: Path, ruleset: Ruleset, typed: TypedDetails) -> Path:
    """Write the file of a new school into a folder; returns it. Raises `InputError` and `OutputError`."""
    school, study = _read(typed, ruleset)
    code = code_of_name(school["name"]) or "school"
    said = {"ruleset": ruleset.id, "school": {"id": code, **school}, "study": study, "filled_by": {"role": "school"}}
    data = plain_data(case_of_data(said).content)
    name = output_name(code, ".yml", [path.name for path in folder.iterdir()] if folder.is_dir() else [])
    write_new(folder / name, as_text(data).encode())
    return folder / name


def change_details(ruleset: Ruleset, typed: TypedDetails) -> Callable[[Data], Data]:
    """The change of what a school says of itself. Raises `InputError`."""
    school, study = _read(typed, ruleset)

    def change(data: Data) -> Data:
        said = {key: value for key, value in data["school"].items() if key != "counts" or school["counts"]}
        stated = {key: value for key, value in as_read(school).items() if value}
        return {**data, "school": {**said, **stated}, "study": {**data["study"], **as_read(study)}}

    return change


class _DetailsReader:
    """Reads the fields; what is wrong is collected, field by field."""

    def __init__(self, typed: TypedDetails) -> None:
        self.typed = typed
        self.problems: list[Problem] = []

    def refuse(self, name: str, message: str, expected: str) -> None:
        """Say that a field does not hold what is expected."""
        found = self.typed.texts.get(name) or None
        self.problems.append(Problem(argument(name), message, found, expected))

    def school(self, counts: Collection[str]) -> dict[str, Any]:
        """The school, with what is known of its numbers."""
        for name, message in (("name", "не указано название"), ("municipality", "не указан муниципалитет")):
            if not self.typed.texts.get(name):
                self.refuse(name, message, "непустой текст")
        levels = [level.value for level in EducationLevel if level.value in self.typed.levels]
        if not levels:
            self.refuse("levels", "не отмечен уровень образования", "хотя бы один")
        numbers = {code: self._count(code) for code in counts if self.typed.texts.get(f"count_{code}")}
        return {name: self.typed.texts.get(name) for name in TEXTS} | {"levels": levels, "counts": numbers}

    def _count(self, code: str) -> str | None:
        number = typed_whole(self.typed.texts[f"count_{code}"])
        if number is None or number.startswith("-"):
            self.refuse(f"count_{code}", "это не численность", "целое число от 0")
        return number

    def study(self) -> dict[str, Any]:
        """The year and the period of the study."""
        year = typed_whole(self.typed.texts.get("year", ""))
        if year is None:
            self.refuse("year", "это не год", "год, например 2026")
        days = {key: typed_date(self.typed.texts.get(name, ""), None) for name, key in DAYS.items()}
        for name, key in DAYS.items():
            if days[key] is None:
                self.refuse(name, "это не дата", EXPECTED["date"])
        if days["from"] and days["to"] and days["from"] > days["to"]:
            self.refuse("last", "период кончается раньше, чем начинается", "день после начала периода")
        return {"year": year, **days}


def _read(typed: TypedDetails, ruleset: Ruleset) -> tuple[dict[str, Any], dict[str, Any]]:
    """The school and the study. Raises `InputError` with a problem for each field in which something is wrong."""
    reader = _DetailsReader(typed)
    school, study = reader.school(ruleset.counts), reader.study()
    if reader.problems:
        raise InputError(reader.problems)
    return school, study
