"""Workbooks of schools and people as regions keep them, made for tests."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Final

from openpyxl import Workbook

from vsoko_rules.region.region_records import RegionPerson, RegionRole, RegionSchool
from vsoko_rules.region.roster import read_roster
from vsoko_rules.region.roster_preview import RosterPreview
from vsoko_rules.ruleset.model import EducationLevel

NOO, OOO, SOO = EducationLevel
COUNTS: Final = {"students": "Количество обучающихся", "graduates_9": "Количество выпускников 9-х классов"}

Rows = Sequence[Sequence[object]]

SCHOOL_HEADS: Final = ("Код школы", "Название школы", "Муниципалитет", "Уровни образования", "Контрольная")
PERSON_HEADS: Final = ("ФИО", "Логин", "Роль", "Муниципалитет", "Школа", "Свой муниципалитет", "Своя школа")

SCHOOLS: Final = (
    RegionSchool("zar-1", "Заречная СОШ", "Заречный район", (NOO, OOO, SOO), {"students": 410}, control=True),
    RegionSchool("oz-1", "Озёрная ООШ", "Озёрный округ", (NOO, OOO), {"graduates_9": 0}),
)
PEOPLE: Final = (
    RegionPerson("ivolgina", "Иволгина Анна Примеровна", RegionRole.EXPERT, home_municipalities=("Заречный район",)),
    RegionPerson("sosnin", "Соснин Борис Примерович", RegionRole.METHODIST, ("Озёрный округ",)),
    RegionPerson("zar1@school.example", "Липина Вера Примеровна", RegionRole.SCHOOL, school="zar-1"),
    RegionPerson("dubov", "Дубов Глеб Примерович", RegionRole.CENTRE),
)


def book(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook with sheets as lists of rows."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def previewed(
    sheets: Mapping[str, Rows] | bytes,
    schools: Sequence[RegionSchool] = (),
    people: Sequence[RegionPerson] = (),
) -> RosterPreview:
    """What is understood of a workbook."""
    content = sheets if isinstance(sheets, bytes) else book(sheets)
    return read_roster(content, "таблица.xlsx", COUNTS, schools, people)


def school_rows(*rows: Sequence[object], heads: Sequence[str] = SCHOOL_HEADS) -> dict[str, Rows]:
    """A workbook with schools alone."""
    return {"Школы": [heads, *rows]}


def person_rows(*rows: Sequence[object], heads: Sequence[str] = PERSON_HEADS) -> dict[str, Rows]:
    """A workbook with people alone."""
    return {"Люди": [heads, *rows]}
