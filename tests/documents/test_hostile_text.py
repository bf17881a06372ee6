"""Hostile texts in every field of a case stay texts in every format."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders import assessed, chain_case, document, only_blocks
from tests.documents.reading import csv_rows, even, made, one, parts, word, word_text
from tests.report.hostile import ATTACKS, hostile
from vsoko_rules.engine.names import EngineName
from vsoko_rules.report.out.csv import safe
from vsoko_rules.report.render import Format
from vsoko_rules.report.terms import Reader
from vsoko_rules.resources import shipped
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.assessment import assess as assess_under
from vsoko_rules.words import UNSEEN
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_case

pytestmark = pytest.mark.slow

NAMES = (
    "Школа & Гимназия < Лицей",
    "{{ 7*7 }} {% if 1 %}да{% endif %}",
    "=1+1",
    "@SUM(A1)",
    "+7 (000) 000-00-00",
    "-2+3",
    "#set page(width: 1pt) $x$ *b* _i_ `c` \\u{41} <label> @ref",
    "| a | b | [x](javascript:1) ![y](z) ***",
    "😀 山 \u202eabc",
    "Ж" * 300,
    "Школа \ufffe\uffff№\u200b\u009b31m\u2028\ufeff 5",
)


@cache
def _named(name: str) -> Assessment:
    """One block alone: a name stands where it stands, however much else there is."""
    case = chain_case("B1")
    case["school"]["name"] = name
    document(case, "B1-M01")["title"] = name
    document(case, "B1-M01")["holds"] = []
    under = only_blocks("B1")  # as data: no YAML file holds every character as it is
    return assess_under(open_case(case), under, EngineName.PLAIN)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_survives_in_every_format(name: str) -> None:
    assessment = _named(name)
    shown = even(UNSEEN.sub("", name))
    assert shown in word_text(one(assessment, Format.DOCX))
    assert shown in word_text(one(assessment, Format.LETTERS))
    book = load_workbook(io.BytesIO(one(assessment, Format.XLSX)))
    assert even(book["О файле"]["B1"].value) == shown
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert made(assessment, Format.PDF)[".pdf"].startswith(b"%PDF")
    rows = csv_rows(made(assessment, Format.CSV)["-документы.csv"])
    assert any(even(cell).removeprefix("'") == shown for row in rows for cell in row)


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_in_every_field(attack: str) -> None:
    assessment = assessed(hostile(attack)[0])
    for format_ in (Format.XLSX, Format.MD, Format.LETTERS):
        assert all(made(assessment, format_).values())
    assert word(one(assessment, Format.DOCX)).paragraphs
    for content in made(assessment, Format.CSV).values():
        for row in csv_rows(content):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    assert made(assessment, Format.PDF)  # the last: without Typst the test ends here, skipped


@pytest.mark.parametrize("reader", list(Reader))
def test_attacks_in_word_for_each_reader(reader: Reader) -> None:
    case, texts = hostile(ATTACKS[0])
    text = word_text(one(assessed(case), Format.DOCX, reader))
    assert even(texts[".school.name"]) in text


def test_no_text_becomes_markup_in_markdown() -> None:
    text = one(_named("<b>&[x](y)|*z*"), Format.MD).decode()
    assert "# &lt;b&gt;&amp;\\[x\\](y)\\|\\*z\\*" in text


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1", "\u200b=1", "\ufeff\u2060@a"]
)
def test_formulas_are_neutralised(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["7 из 12", "— нет", "№ 1", "а=б", "", "−5"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe(text) == text


def test_nothing_that_a_terminal_obeys_stands_in_json() -> None:
    name = NAMES[-1]
    content = one(_named(name), Format.JSON).decode()
    assert not UNSEEN.search(content)
    assert json.loads(content)["results"][0]["school"]["name"] == name


def test_no_folder_of_a_person_stands_in_a_report(tmp_path: Path) -> None:
    path = tmp_path / "Иванова" / "школа.yml"
    path.parent.mkdir()
    path.write_bytes((shipped("cases") / "razryv-mezhdu-otchetami.yml").read_bytes())
    assessment = assess(open_case(path))
    for format_ in set(Format) - {
        Format.JSON,
        Format.PDF,
    }:  # JSON is read again by the program; PDF has the view's data
        for content in made(assessment, format_).values():
            text = " ".join(map(bytes.decode, unzipped(content))) if content.startswith(b"PK") else content.decode()
            assert "Иванова" not in text, format_
            assert "школа.yml" in text or format_ in (Format.LETTERS, Format.CSV), format_


def unzipped(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))]


def test_nothing_in_a_document_comes_from_elsewhere() -> None:
    for format_ in (Format.DOCX, Format.XLSX, Format.LETTERS):
        for name, content in parts(one(_named("Школа"), format_)).items():
            assert b'TargetMode="External"' not in content, name


def test_zipped_documents_hold_no_time() -> None:
    for format_ in (Format.DOCX, Format.XLSX, Format.LETTERS):
        with zipfile.ZipFile(io.BytesIO(one(_named("Школа"), format_))) as archive:
            assert {member.date_time[0] for member in archive.infolist()} == {1980}
