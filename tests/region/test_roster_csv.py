"""Schools and people from CSV: as Excel, LibreOffice and programs save it."""

from __future__ import annotations

import csv
import io

import pytest

from tests.region.tables import COUNTS, PERSON_HEADS, SCHOOL_HEADS
from vsoko_rules.errors import InputError
from vsoko_rules.region.roster import read_roster
from vsoko_rules.region.roster_preview import RosterPreview, RosterState

ROWS = [
    SCHOOL_HEADS,
    ["zar-1", "МБОУ «Заречная СОШ»; бывшая № 1", "Заречный район", "НОО, ООО"],
    ["007", "Приозёрская школа", "Приозёрский округ", "НОО"],
]


def written(delimiter: str, encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(ROWS)
    return out.getvalue().encode(encoding)


def read(content: bytes, name: str = "школы.csv") -> RosterPreview:
    return read_roster(content, name, COUNTS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_table_is_read_however_it_was_saved(delimiter: str, encoding: str) -> None:
    preview = read(written(delimiter, encoding))
    assert preview.problems == ()
    schools = {school.code: school for school in preview.accepted().new_schools}
    assert schools.keys() == {"zar-1", "007"}
    assert schools["zar-1"].name == "МБОУ «Заречная СОШ»; бывшая № 1"
    assert list(schools["zar-1"].levels) == ["НОО", "ООО"]


def test_a_wrong_cell_is_named_as_in_a_workbook() -> None:
    people = [PERSON_HEADS, ["Дубов Г. П.", "dubov", "дворник"]]
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(people)
    (problem,) = read(out.getvalue().encode(), "люди.csv").problems
    assert str(problem).startswith("люди.csv, лист «люди», ячейка C2: ")
    assert "«дворник»" in str(problem)


def test_zeros_of_a_code_stay_and_a_formula_has_no_value() -> None:
    text = written(";", "utf-8").decode().replace("007", '"=""007"""').replace("Приозёрская школа", "=ВПР(A2)")
    preview = read(text.encode())
    (problem,) = preview.problems
    assert "ячейка B3" in str(problem)
    assert "=ВПР(A2)" in str(problem)
    assert [e.state for e in preview.entries] == [RosterState.NEW, RosterState.WRONG]
    assert preview.entries[1].cells["code"] == "007"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'"zar;"1\nzar;', "не читается со строки 1"),
        ("Код школы;Название\x00".encode(), "знаки, которых в тексте не бывает"),
        (b"", "не найдена ни таблица школ"),
        (";".join(["x"] * 2_000_001).encode(), "слишком большая"),
        (b"a;" + b"b" * 200_000, "не читается со строки 1"),
    ],
    ids=["quotes", "nul", "empty", "large", "long cell"],
)
def test_what_is_no_table_is_one_error(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read(content)
    assert len(caught.value.problems) == 1
