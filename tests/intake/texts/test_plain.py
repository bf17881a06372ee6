"""Plain and rich texts in every encoding that Russian was ever saved in, and workbooks."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from tests.intake.texts.made import ORDER, lines, read
from vsoko_rules.intake.texts.encodings import encoding_of
from vsoko_rules.intake.texts.file_text import Quality
from vsoko_rules.writing.spreadsheet import Spreadsheet

WORDS = [part.replace("–", "-") for part in ORDER]
OLD = ["cp1251", "cp866", "koi8-r", "mac-cyrillic"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", *OLD])
def test_plain_texts(encoding: str) -> None:
    text = read("\r\n".join(WORDS).encode(encoding))
    assert (text.format, text.quality) == ("txt", Quality.GOOD)
    assert lines(text) == WORDS


@pytest.mark.parametrize("encoding", OLD)
@pytest.mark.parametrize("line", [*WORDS, "Справка", "План работы школы на 2021/2022 учебный год"])
def test_a_single_line_is_enough(line: str, encoding: str) -> None:
    content = line.encode(encoding)
    assert content.decode(encoding_of(content)) == line


def test_a_long_text_in_utf_8_that_is_cut_in_a_letter_where_the_sample_ends() -> None:
    assert encoding_of(("a" + "ж" * 200_000).encode()) == "utf-8"


def rtf(body: str) -> bytes:
    return ("{\\rtf1\\ansi\\ansicpg1251\\deff0{\\fonttbl{\\f0\\fcharset204 Times;}}\\f0 " + body + "}").encode("cp1251")


def hexed(text: str) -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode("cp1251"))


def test_rich_text_in_all_three_ways_of_writing_letters() -> None:
    coded = "".join(f"\\u{ord(ch)}?" for ch in "Приказ")
    body = "\\par ".join([hexed("Положение"), coded, *WORDS])
    text = read(rtf(body))
    assert (text.format, text.quality) == ("rtf", Quality.GOOD)
    assert lines(text) == ["Положение", "Приказ", *WORDS]


def test_tables_of_rich_text() -> None:
    row = f"\\trowd\\cellx1000\\cellx2000\\intbl {hexed('Срок')}\\cell {hexed('Кто')}\\cell\\row "
    text = read(rtf(row + "\\pard " + "\\par ".join(WORDS)))
    assert text.lines[0].cells == ("Срок", "Кто")
    assert lines(text)[0] == "Срок | Кто"


def test_a_picture_in_rich_text_is_no_text() -> None:
    assert lines(read(rtf("{\\pict\\pngblip 89504e470d0a}" + "\\par ".join(WORDS)))) == WORDS


def test_workbooks_of_this_program_are_no_documents() -> None:
    own = Spreadsheet("Форма для оценки ВСОКО")
    own.sheet("Школа").put(0, 0, "Название")
    text = read(own.content())
    assert (text.quality, text.reason, text.left_out) == (Quality.NONE, "own", True)


def test_rows_of_workbooks() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("План")
        sheet.write_row(0, 0, ["Мероприятие", "Срок", "Ответственный"])
        sheet.write_row(2, 1, ["15.03.2022", "заместитель директора"])
        sheet.write_url(3, 0, "https://school.example/plan.pdf", string="План работы")
    text = read(stream.getvalue())
    assert (text.format, text.quality) == ("xlsx", Quality.GOOD)
    assert lines(text) == ["Мероприятие | Срок | Ответственный", " | 15.03.2022 | заместитель директора", "План работы"]
    assert {line.sheet for line in text.lines} == {"План"}
    assert [(link.text, link.target) for link in text.links] == [("План работы", "https://school.example/plan.pdf")]
