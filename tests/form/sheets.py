"""A form opened with openpyxl, a library other than the one that wrote it, and edited as a person would."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from tests.builders import case_file, complete_case, ruleset
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.errors import InputError
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.ruleset.ruleset import Ruleset

KEYS = 4
"""the row of hidden keys, counted from 1"""


class Form:
    """A form in a folder, and what can be done to it."""

    def __init__(self, folder: Path, content: bytes) -> None:
        self.path = folder / "форма школы.xlsx"
        self.path.write_bytes(content)
        self.book: Any = openpyxl.load_workbook(self.path)
        self.next = KEYS + 1
        """the row of the next document"""

    def sheet(self, name: str) -> Any:
        """The sheet whose name begins so."""
        return next(sheet for sheet in self.book.worksheets if sheet.title.startswith(name))

    def column(self, name: str, key: str) -> int:
        """The number of the column with this hidden key, counted from 1."""
        keys = [cell.value for cell in self.sheet(name)[KEYS]]
        at: int = next(n for n, found in enumerate(keys, 1) if found and found.split(".", 1)[1] == key)
        return at

    def row(self, name: str, key: str, value: str) -> int:
        """The first row with this value in a column."""
        at = self.column(name, key)
        rows = self.sheet(name).iter_rows(min_row=KEYS + 1)
        number: int = next(row[0].row for row in rows if row[at - 1].value == value)
        return number

    def free_row(self, name: str) -> int:
        """The first row below those that are filled."""
        at = self.column(name, "title" if name == "Документы" else "id")
        rows = self.sheet(name).iter_rows(min_row=KEYS + 1)
        number: int = next(row[0].row for row in rows if row[at - 1].value is None)
        return number

    def fill(self, name: str, row: int, **values: Any) -> None:
        """Write into the cells of a row; `valid__from` is the column `valid.from`."""
        for key, value in values.items():
            self.sheet(name).cell(row, self.column(name, key.replace("__", "."))).value = value

    def document(self, **values: Any) -> int:
        """Fill the next row of the sheet of documents; its number."""
        row = self.next
        self.next += 1
        self.fill("Документы", row, **values)
        return row

    def cell(self, name: str, row: int, key: str) -> str:
        """The address of a cell."""
        address: str = self.sheet(name).cell(row, self.column(name, key)).coordinate
        return address

    def fill_school(self, **values: Any) -> None:
        """Write into the sheet about the school; `school__id` is the field `school.id`."""
        for key, value in values.items():
            self.fill("Школа", self.row("Школа", "key", key.replace("__", ".")), value=value)

    def read(self) -> CaseFile:
        """Save and read."""
        self.book.save(self.path)
        return read_case_file(self.path, "форма.xlsx")

    def problems(self) -> list[str]:
        """What the reader says of it, line by line."""
        try:
            self.read()
        except InputError as error:
            return [str(problem) for problem in error.problems]
        return []


@cache
def _empty(under: Ruleset) -> bytes:
    return write_form(under)


def empty(folder: Path, under: Ruleset | None = None) -> Form:
    """A form with nothing but the fields that every case needs."""
    form = Form(folder, _empty(under or ruleset()))
    form.fill_school(
        school__id="sosna-1", school__name="МБОУ СОШ «Сосна»", school__municipality="Лесной район", study__year=2022,
        study__from="01.09.2021", study__to="31.10.2022",
    )  # fmt: skip
    return form


def full(folder: Path, counts: dict[str, int] | None = None, **more: Any) -> tuple[Form, CaseFile]:
    """The form of a complete school, and the case that it was made from."""
    content, case = _full(json.dumps({**complete_case(counts=counts), **more}))
    return Form(folder, content), case


@cache
def _full(data: str) -> tuple[bytes, CaseFile]:
    case = case_file(json.loads(data))
    return write_form(ruleset(), case=case.content), case
