"""What a bundle of cases and documents is taken for, before anything of it is taken in."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from vsoko_rules.case.write import as_yaml
from vsoko_rules.errors import InputError
from vsoko_rules.region.bundles import bundles
from vsoko_rules.region.incoming_cases import IncomingState, IncomingStudy, IntoStudy, incoming_study
from vsoko_rules.resources import shipped
from vsoko_rules.workspace.opening import open_case, open_ruleset

ORDER = (shipped("cases") / "papka-shkoly" / "Блок 1" / "Приказ 112-од.docx").read_bytes()


def case(*files: str) -> bytes:
    """A school whose first documents name files."""
    content = open_case(shipped("cases") / "samoproverka.yml").content
    named = tuple(d.model_copy(update={"file": f}) for d, f in zip(content.documents, files, strict=False))
    documents = (*named, *content.documents[len(named) :])
    return as_yaml(content.model_copy(update={"documents": documents})).encode()


def packed(**files: bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def read(*files: tuple[str, bytes], who: str | None = "self") -> IncomingStudy:
    year = open_case(shipped("cases") / "samoproverka.yml").content.study.year
    into = IntoStudy(("self", "A"), who, (), open_ruleset("bashkortostan-2022"), year)
    return incoming_study(bundles(files), into)


def test_files_lie_where_the_case_states_them() -> None:
    """Each archive is by itself, and what came one by one lies together."""
    files = {"ш/a.yml": case("Приказ.docx"), "ш/Приказ.docx": ORDER, "Приказ.docx": ORDER}
    study = read(("1.zip", packed(**files)))
    assert [(file.name, file.path) for file in study.cases[0].files.kept] == [("Приказ.docx", "ш/Приказ.docx")]
    assert study.strangers == ["Приказ.docx"]
    loose = read(("a.yml", case("Приказ.docx")), ("Приказ.docx", ORDER))
    assert [file.name for file in loose.cases[0].files.kept] == ["Приказ.docx"]
    apart = read(("a.yml", case("Приказ.docx")), ("1.zip", packed(**{"Приказ.docx": ORDER})))
    assert (apart.cases[0].files.missing, apart.strangers) == (("Приказ.docx",), ["Приказ.docx"])


def test_names_that_macos_wrote_are_found() -> None:
    study = read(("1.zip", packed(**{"a.yml": case("Йод.docx"), "И\u0306од.docx": ORDER})))
    assert [file.name for file in study.cases[0].files.kept] == ["Йод.docx"]


@pytest.mark.parametrize("inside", [b"PK\3\4 no archive", packed(**{"../Приказ.docx": ORDER})])
def test_an_archive_inside_that_must_not_be_unpacked_holds_nothing(inside: bytes) -> None:
    study = read(("1.zip", packed(**{"a.yml": case("Архив.zip/Приказ.docx"), "Архив.zip": inside})))
    assert study.cases[0].files.missing == ("Архив.zip/Приказ.docx",)
    assert study.strangers == ["Архив.zip"]


def test_what_is_hidden_or_of_the_program_is_no_document() -> None:
    hidden = {"__MACOSX/._a.docx": b"x", "case.schema.json": b"{}", ".DS_Store": b"x", "~$a.docx": b"x"}
    study = read(("1.zip", packed(**{"a.yml": case(), **hidden})))
    assert (study.strangers, len(study.cases)) == ([], 1)


def test_a_broken_form_is_told_and_a_table_is_a_document() -> None:
    """A workbook that nobody can read may be a form; one that is none, beside cases of YAML, is no case."""
    import openpyxl

    table: Any = BytesIO()
    openpyxl.Workbook().save(table)
    files = {"a.yml": case(), "таблица.xlsx": table.getvalue(), "форма.xlsx": b"PK\3\4"}
    study = read(("1.zip", packed(**files)))
    assert {each.file: each.state for each in study.cases} == {
        "a.yml": IncomingState.NEW, "форма.xlsx": IncomingState.WRONG,
    }  # fmt: skip
    assert study.strangers == ["таблица.xlsx"]
    (alone,) = read(("таблица.xlsx", table.getvalue())).cases
    assert alone.state is IncomingState.WRONG


def test_one_school_may_have_a_case_for_each_seat() -> None:
    files = {"s/школа.yml": case(), "s/эксперт-A.yml": case(), "s/эксперт-B.yml": case(), "школы/x.yml": case()}
    study = read(("1.zip", packed(**files)), who=None)
    told = {each.file: (each.who, each.state.value) for each in study.cases}
    assert told == {
        "s/школа.yml": ("self", "new"), "s/эксперт-A.yml": ("A", "new"), "s/эксперт-B.yml": ("", "wrong"),
        "школы/x.yml": ("", "wrong"),
    }  # fmt: skip


def test_nothing_to_read_is_told() -> None:
    with pytest.raises(InputError, match="нет ни одного файла школы"):
        bundles([("1.zip", packed(**{"Приказ.docx": ORDER}))])
