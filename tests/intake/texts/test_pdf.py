"""PDF: paragraphs put together, rows of tables as rows, pages that are pictures told apart."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from tests.intake.texts.made import ORDER, lines, page_of_pdf, read
from vsoko_rules.intake.texts.file_text import FileText, Quality

typst: Any = pytest.importorskip("typst")

PARAGRAPH = (
    "В соответствии с планом функционирования внутренней системы оценки качества на 2021/2022 учебный год, "
    "утверждённым приказом директора школы от 06.09.2021 № 172-од, в целях получения объективных сведений о достижении "
    "обучающимися планируемых результатов освоения образовательных программ общего образования приказываю следующее."
)


@cache
def typeset(source: str) -> bytes:
    content: bytes = typst.compile(source.encode(), ignore_system_fonts=True)
    return content


@cache
def document() -> FileText:
    rows = "[Мероприятие], [Срок], [Провести работы], [до 15.03.2022], [Собрать сведения], [до 20.05.2022],"
    return read(typeset(
        '#set text(lang: "ru", hyphenate: true, size: 12pt)\n#set page(width: 11cm, height: 20cm)\n'
        "#set par(justify: true)\n"
        f"#align(center)[ПРИКАЗ]\n\n{PARAGRAPH}\n\n"
        "+ Провести работы с\n  15.03.2022 по 20.05.2022.\n+ Собрать сведения.\n\n"
        f"#table(columns: (6cm, 3cm), stroke: none, {rows})\n#pagebreak()\n{ORDER[3]}\n#pagebreak()\n#rect()\n"
    ))  # fmt: skip


def test_a_paragraph_over_several_lines_is_one() -> None:
    assert document().quality is Quality.GOOD
    assert lines(document())[:2] == ["ПРИКАЗ", PARAGRAPH]


def test_items_of_a_list_stay_apart() -> None:
    assert lines(document())[2:4] == ["1. Провести работы с 15.03.2022 по 20.05.2022.", "2. Собрать сведения."]


def test_cells_of_several_lines_and_blocks_side_by_side() -> None:
    text = read(typeset(
        "#set page(width: 14cm)\n#grid(columns: (5cm, 7cm), [РАССМОТРЕНО\\ на заседании\\ педагогического совета],\n"
        f"[УТВЕРЖДЕНО\\ приказом директора\\ от 01.09.2021 № 172-од])\n\n= Положение\n\n{PARAGRAPH}"
    ))  # fmt: skip
    assert lines(text) == [
        "РАССМОТРЕНО на заседании педагогического совета | УТВЕРЖДЕНО приказом директора от 01.09.2021 № 172-од",
        "Положение", PARAGRAPH,
    ]  # fmt: skip


def test_rows_of_a_table_have_cells() -> None:
    rows = [line.cells for line in document().lines if line.cells]
    assert rows == [
        ("Мероприятие", "Срок"), ("Провести работы", "до 15.03.2022"), ("Собрать сведения", "до 20.05.2022"),
    ]  # fmt: skip


def test_pages_are_counted_and_those_without_text_are_named() -> None:
    assert document().lines[-1].page == 2
    assert document().unread_pages == (3,)


def test_a_scan_is_not_read() -> None:
    text = read(page_of_pdf(b"0 0 600 800 re f"))
    assert (text.format, text.quality, text.reason, text.unread_pages) == ("pdf", Quality.NONE, "scan", ())


def test_a_font_without_a_map() -> None:
    """The letters are there and look right on paper; the file does not say which they are."""
    writer, stream = PdfWriter(clone_from=PdfReader(io.BytesIO(typeset(PARAGRAPH)))), io.BytesIO()
    resources: Any = writer.pages[0]["/Resources"]
    for font in resources["/Font"].values():
        del font.get_object()["/ToUnicode"]
    writer.write(stream)
    text = read(stream.getvalue())
    assert text.quality is not Quality.GOOD
    assert text.reason in ("garbled", "foreign", "scan")


def test_a_file_that_only_printing_is_forbidden_in_is_read(tmp_path: Path) -> None:
    writer, stream = PdfWriter(clone_from=PdfReader(io.BytesIO(typeset(PARAGRAPH)))), io.BytesIO()
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(stream)
    assert read(stream.getvalue()).quality is Quality.GOOD
