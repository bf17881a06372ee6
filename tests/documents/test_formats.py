"""Every format says the same: level, points, each break. Read back with libraries that did not write the files."""

from __future__ import annotations

import io
import json
import re
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.builders import assessed, complete_case
from tests.documents.reading import (
    csv_rows,
    even,
    expected_breaks,
    made,
    one,
    parts,
    pdf_text,
    sheets,
    word,
    word_tables,
    word_text,
)
from tests.report.pages import SHIPPED, Page, made_anew, reviewable, shipped
from vsoko_rules.engine.names import EngineName
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.render import Format, Request, composed_files, render
from vsoko_rules.report.scores import lines
from vsoko_rules.report.terms import Reader
from vsoko_rules.report.wording import Titles
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.words import limit

pytestmark = pytest.mark.slow

CASES = ("gorodskaya-sosh", "preduprezhdeniya", "pokazateli-tver", "samoproverka")


class _MarkdownFile(SingleFileSnapshotExtension):
    file_extension = "md"
    _write_mode = WriteMode.TEXT


@cache
def _texts(name: str) -> dict[Format, str]:
    """What a reader sees in each format."""
    assessment = shipped(name)
    return {
        Format.HTML: Page(one(assessment, Format.HTML).decode()).text,
        Format.DOCX: word_text(one(assessment, Format.DOCX)),
        Format.XLSX: even(
            " ".join(str(c) for rows in sheets(one(assessment, Format.XLSX)).values() for r in rows for c in r)
        ),
        Format.PDF: pdf_text(one(assessment, Format.PDF)),
        Format.MD: even(one(assessment, Format.MD).decode().replace("\\", "")),
        Format.CSV: even(" ".join(c for f in made(assessment, Format.CSV).values() for r in csv_rows(f) for c in r)),
    }


def _squeezed(text: str) -> str:
    """Text without spaces and hyphens, at which a line may have been broken."""
    return re.sub(r"[\s\u00ad-]", "", text)


@pytest.mark.parametrize("name", CASES)
def test_the_same_level_and_points_everywhere(name: str) -> None:
    assessment = shipped(name)
    (data,) = json.loads(one(assessment, Format.JSON))["results"]
    for format_, text in _texts(name).items():
        assert assessment.verdict.level is not None
        assert assessment.verdict.level.title in text.casefold(), format_
        assert even(lines(assessment.tally, "count")) in text or even(lines(assessment.tally)) in text, format_
        for block in assessment.blocks:
            if block.components:
                assert even(lines(block.tally, "count")) in text, (format_, block.id)
    assert data["level"]["title"] == assessment.verdict.level.title if assessment.verdict.level else True
    assert data["cycle"]["points"] == pytest.approx(float(assessment.cycle.points), rel=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_each_break_everywhere(name: str) -> None:
    assessment = shipped(name)
    expected = expected_breaks(assessment)
    (data,) = json.loads(one(assessment, Format.JSON))["results"]
    lines = [line for block in data["blocks"] for line in block["lines"] if line["outcome"] != "not_checked"]
    assert {(line["id"], line["break"]["element"]) for line in lines if line["break"]} == expected
    texts = {format_: _squeezed(text) for format_, text in _texts(name).items()}
    for line, element in expected:
        for format_, text in texts.items():
            assert _squeezed(line) in text, (format_, line)
            if format_ not in (Format.XLSX, Format.CSV):
                assert _squeezed(element) in text, (format_, element)


@pytest.mark.parametrize("name", CASES)
def test_tables_hold_the_breaks_line_by_line(name: str) -> None:
    assessment = shipped(name)
    titles = {(line, assessment.expectation.elements[e].title) for line, e in expected_breaks(assessment)}
    head, *rows = sheets(one(assessment, Format.XLSX))["Линии"]
    where = head.index("Чего ждали")
    assert {(row[1], row[where]) for row in rows if row[where] != "—"} == titles
    csv_head, *csv_lines = csv_rows(made(assessment, Format.CSV)["-линии.csv"])
    assert csv_head == head
    assert csv_lines == [[str(cell or "") for cell in row] for row in rows]


@pytest.mark.parametrize("name", CASES)
def test_numbers_are_numbers(name: str) -> None:
    assessment = shipped(name)
    head, *rows = sheets(one(assessment, Format.XLSX))["Итог"]
    found = dict(zip(head, rows[-1], strict=True))
    bounds = assessment.score.bounds
    titles = {"Балл подтверждён": bounds.points, "Наибольший балл": bounds.max, "Балл после проверки": bounds.high}
    for title, exact in titles.items():
        shown = found[title]
        assert isinstance(shown, (int, float))
        assert 0 <= Fraction(exact) - Fraction(str(shown)) < Fraction(1, 10), "cut to tenths, never rounded up"


@pytest.mark.parametrize("name", sorted({*SHIPPED} - {*CASES}))
def test_every_other_shipped_case_in_every_format(name: str) -> None:
    for format_ in (Format.DOCX, Format.XLSX, Format.PDF, Format.MD, Format.LETTERS):
        assert all(made(shipped(name), format_).values())


def test_the_whole_markdown(snapshot: SnapshotAssertion) -> None:
    assessment = shipped("gorodskaya-sosh")
    content = reviewable(one(assessment, Format.MD).decode(), assessment)
    assert content == snapshot(extension_class=_MarkdownFile, name="gorodskaya-sosh")


@pytest.fixture(scope="module")
def thrice() -> list[Assessment]:
    """A verdict made by one engine, by the same once more, and by whichever there are."""
    return [made_anew("preduprezhdeniya", engine) for engine in (EngineName.PLAIN, EngineName.PLAIN, EngineName.AUTO)]


@pytest.mark.parametrize("format_", list(Format))
def test_the_same_bytes_whatever_the_engine(format_: Format, thrice: list[Assessment]) -> None:
    found = {tuple(made(assessment, format_).items()) for assessment in thrice}
    assert len(found) == 1


def test_documents_carry_title_language_and_page_numbers() -> None:
    assessment = shipped("gorodskaya-sosh")
    name = assessment.case.content.school.name
    for format_ in (Format.DOCX, Format.LETTERS):
        content = one(assessment, format_)
        document = word(content)
        assert name in even(document.core_properties.title)
        assert document.core_properties.author
        assert document.core_properties.language == "ru-RU"
        assert b'w:lang w:val="ru-RU"' in parts(content)["word/styles.xml"]
        footer = next(part for file, part in parts(content).items() if file.startswith("word/footer")).decode()
        assert re.findall(r'w:instr="(\w+)"', footer) == ["PAGE", "NUMPAGES"]
    pdf = PdfReader(io.BytesIO(one(assessment, Format.PDF)))
    assert pdf.metadata is not None
    assert name in even(pdf.metadata.title or "")
    root: Any = pdf.trailer["/Root"]
    assert root["/Lang"].startswith("ru")
    assert root["/MarkInfo"]["/Marked"]
    assert len(pdf.outline) > 5
    for number, page in enumerate(pdf.pages, 1):
        assert f"стр. {number} из {len(pdf.pages)}" in even(page.extract_text())


def test_heads_of_word_tables_repeat() -> None:
    for table in word(one(shipped("gorodskaya-sosh"), Format.DOCX)).tables:
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
        assert table._tbl.xpath("./w:tblPr/w:tblCaption")
        assert len(table._tbl.tblGrid) == len(table.rows[0].cells)


def test_heads_of_sheets_stay_and_repeat() -> None:
    files = parts(one(shipped("gorodskaya-sosh"), Format.XLSX))
    for name, content in files.items():
        if name.startswith("xl/worksheets/sheet") and name != "xl/worksheets/sheet1.xml":
            assert b'state="frozen"' in content
            assert b"autoFilter" in content
    assert (
        files["xl/workbook.xml"].decode().count("_xlnm.Print_Titles")
        == len(files["xl/workbook.xml"].split(b"<sheet ")) - 2
    )


def test_the_word_table_of_blocks() -> None:
    assessment = shipped("gorodskaya-sosh")
    (head, *rows), *_ = word_tables(one(assessment, Format.DOCX))
    assert head[:3] == ["Блок", "Итог", "Уровень"]
    assert len(head) == 3 + len(assessment.ruleset.components)
    assert len(rows) == sum(bool(block.components) for block in assessment.blocks)


def _seen(content: bytes, format_: Format) -> str:
    """What is read in a page, a Word document or a PDF."""
    reading = {Format.HTML: lambda page: Page(page.decode()).text, Format.DOCX: word_text, Format.PDF: pdf_text}
    return reading[format_](content)


@pytest.mark.parametrize("format_", [Format.HTML, Format.DOCX, Format.PDF])
def test_each_reader_has_a_report(format_: Format) -> None:
    assessment = shipped("gorodskaya-sosh")
    texts = {}
    for reader in Reader:
        texts[reader] = _seen(one(assessment, format_, reader), format_)
        assert even(lines(assessment.tally)) in texts[reader]
    if format_ is not Format.HTML:
        assert "Чем подтверждено" in texts[Reader.EXPERT]
    assert "Доказательства" not in texts[Reader.SCHOOL]
    assert "С чего начать" in texts[Reader.SCHOOL]
    for addressee in ("Учителя", "Классные руководители", "Администрация школы"):
        assert addressee in texts[Reader.METHODIST]


@pytest.mark.parametrize("format_", [Format.HTML, Format.DOCX, Format.PDF])
def test_full_proofs_are_an_appendix(format_: Format) -> None:
    """Conclusions in words: no codes of rules."""
    assessment = shipped("gorodskaya-sosh")
    text = _seen(render([assessment], format_.value, "expert", appendix=True), format_)
    assert "Доказательства: линия B1-G01-M01" in text
    assert "опирается на" in text
    for code in ("credited", "linked-by-reference"):
        assert code not in text
    if format_ is not Format.HTML:
        assert "Доказательства: линия" not in _seen(one(assessment, format_, Reader.EXPERT), format_)


def test_word_folds_the_proofs() -> None:
    document = render([shipped("gorodskaya-sosh")], "docx", "expert", appendix=True)
    content = parts(document)["word/document.xml"].decode()
    assert content.count("<w15:collapsed/>") == 19
    root = content[: content.index("<w:body>")]
    assert "xmlns:w15=" in root
    assert "w15" in re.search(r'mc:Ignorable="([^"]*)"', root)[1].split()  # type: ignore[index]


def test_a_letter_begins_with_three_things_and_then_lists_the_rest() -> None:
    assessment = shipped("gorodskaya-sosh")
    content = one(assessment, Format.LETTERS)
    view = Composer(assessment).view()
    bold = [run.text for p in word(content).paragraphs for run in p.runs if run.bold]
    named = [even(f"{task.fault[:1].upper()}{task.fault[1:]}: {task.subject}") for task in view.first]
    assert [even(text) for text in bold] == ["Предлагаем начать с этого:", *named, "Затем:"]
    text = word_text(content)
    assert "Руководителю МБОУ" in text
    for group in view.rest[: limit("letter_faults")]:
        assert even(group.tasks[0].subject) in text
    for odd in ("SHA-256", ".yml", "Проверьте текст"):
        assert odd not in text


def test_a_school_is_not_told_what_an_expert_has_to_mend() -> None:
    text = word_text(one(shipped("pokazateli-tver"), Format.LETTERS))
    assert "Поставлена отметка" not in text
    assert "Поставлена отметка" in word_text(one(shipped("pokazateli-tver"), Format.DOCX))


def test_a_school_without_young_teachers_is_not_told_of_them() -> None:
    text = word_text(one(shipped("selskaya-oosh"), Format.DOCX, Reader.METHODIST))
    assert "Молодым педагогам" not in text


@pytest.mark.parametrize("format_", [Format.HTML, Format.DOCX, Format.XLSX, Format.MD, Format.TXT, Format.CSV])
def test_a_number_never_parts_from_its_sign_and_its_unit(format_: Format) -> None:
    """Whoever wrote the text: the school's name and its documents have «№» with a common space."""
    case = complete_case()
    case["school"]["name"] = "МБОУ «Школа № 24»"
    for document in case["documents"]:
        document["title"] += " школы № 24 за 3 дня"
    composer = Composer(assessed(case))
    said = ""
    readers = [None, *Reader] if format_ in (Format.HTML, Format.DOCX) else [None]
    for reader in readers:
        for file in composed_files([composer], Request(format_, reader)):
            inside = parts(file.content) if format_ in (Format.DOCX, Format.XLSX) else {"": file.content}
            text = " ".join(part.decode() for name, part in inside.items() if not name.startswith("docProps"))
            said += text
            assert not re.findall(r"№ \S|\d %|3 дня", text), (format_, reader)
    assert "№\u00a024" in said


@pytest.mark.parametrize(
    ("number", "named"),
    [
        ("№ 112-од от 14.02.2022", "№\u00a0112-од от\u00a014.02.2022"),
        ("№112-од", "№\u00a0112-од от\u00a014.02.2022"),
        ("112-од", "№\u00a0112-од от\u00a014.02.2022"),
        ("б/н", "от\u00a014.02.2022"),
    ],
)
def test_a_document_is_named_once_however_its_number_is_typed(number: str, named: str) -> None:
    case = complete_case()
    case["documents"][0] |= {"number": number, "date": "2022-02-14", "title": "Приказ"}
    label = Titles(assessed(case)).documents[case["documents"][0]["id"]].label
    assert label == f"«Приказ» {named}"
