"""Whatever is written for Word or Excel can be printed and signed: A4, Russian, numbered pages, nothing cut or tiny."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from openpyxl import Workbook, load_workbook

from tests.documents.papers import WRITERS, all_papers
from tests.documents.reading import parts, word
from tests.house.russian import faults

ROOT: Final = Path(__file__).parents[2] / "vsoko_rules"
A4: Final = {11906, 16838}
"""twentieths of a point"""
WRITING: Final = re.compile(r"\bdocument\(template|import document\n|\bSpreadsheet\(|\bWordWriter\(|\bfinished\(")
"""how a module makes a file of its own"""
SMALLEST: Final = 8
"""points"""


def of(kind: str) -> dict[str, bytes]:
    return {name: content for name, content in all_papers().items() if name.endswith(kind)}


def test_every_writer_is_in_the_list() -> None:
    writers = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in ROOT.rglob("*.py")
        if path.parent.name != "writing" and WRITING.search(path.read_text("utf-8"))
    }
    assert writers == set(WRITERS)
    assert {name.split(": ")[0] for name in all_papers()} == set(WRITERS)


def test_word_documents_are_on_a4_and_in_russian() -> None:
    for name, content in of(".docx").items():
        document = word(content)
        for section in document.sections:
            width, height = section.page_width, section.page_height
            assert width is not None
            assert height is not None
            assert {width.twips, height.twips} == A4, name
        assert document.core_properties.language == "ru-RU", name
        languages = document.styles.element.xpath("w:docDefaults//w:lang")
        assert [language.get(qn("w:val")) for language in languages] == ["ru-RU"], name


def test_pages_of_word_documents_are_numbered() -> None:
    for name, content in of(".docx").items():
        own = [part for file, part in parts(content).items() if re.match(r"word/(footer|header)", file)]
        assert any(re.search(rb'w:instr="\s*PAGE|>\s*PAGE', part) for part in own), name


def test_tables_of_word_documents_fit_repeat_their_heads_and_keep_rows_whole() -> None:
    for name, content in of(".docx").items():
        document = word(content)
        section = document.sections[-1]  # the one that holds the tables, where there are several
        assert section.page_width
        room = section.page_width.twips - (section.left_margin or 0) / 635 - (section.right_margin or 0) / 635
        for table in document.tables:
            assert sum(int(width) for width in table._tbl.xpath("./w:tblGrid/w:gridCol/@w:w")) <= room + 1, name
            rows = table._tbl.tr_lst
            assert all(row.xpath("./w:trPr/w:cantSplit") for row in rows), name
            assert len(rows) == 1 or rows[0].xpath("./w:trPr/w:tblHeader"), name


@cache
def book(content: bytes) -> Workbook:
    """A workbook as openpyxl reads it, which takes long."""
    return load_workbook(io.BytesIO(content))


def visible(content: bytes) -> Iterator[Any]:
    """The sheets of a workbook that people see."""
    return (sheet for sheet in book(content).worksheets if sheet.sheet_state == "visible")


def seen(sheet: Any) -> list[float]:
    """Widths in characters of the columns that are seen."""
    columns = sheet.column_dimensions.values()
    return [c.width for c in columns if c.width and not c.hidden for _ in range(c.min, c.max + 1)]


def test_sheets_are_printed_on_a4_as_wide_as_a_page_with_numbers() -> None:
    for name, content in of(".xlsx").items():
        assert book(content).properties.language == "ru-RU", name
        for sheet in visible(content):
            where, foot = (name, sheet.title), sheet.oddFooter
            assert sheet.page_setup.paperSize == 9, where
            assert "&P" in f"{foot.left.text}{foot.center.text}{foot.right.text}", where
            assert sheet.print_area, where
            assert not sheet.auto_filter.ref or sheet.print_title_rows, where
            if not sheet.col_breaks.brk:
                assert sheet.sheet_properties.pageSetUpPr.fitToPage, where
                assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0), where


def test_print_of_sheets_can_be_read() -> None:
    """The font at the scale at which the columns fit a page; a pixel is 1/96 of an inch, a character 7 of them."""
    for name, content in of(".xlsx").items():
        for sheet in visible(content):
            long_side = sheet.page_setup.orientation == "landscape"
            room = ((297 if long_side else 210) / 25.4 - sheet.page_margins.left - sheet.page_margins.right) * 96
            scale = min(1, room / sum(7 * width for width in seen(sheet)))
            sizes = {cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value is not None}
            assert min(sizes) * scale >= SMALLEST, (name, sheet.title, scale)


@pytest.mark.parametrize("kind", [".docx", ".xlsx"])
def test_no_file_tells_when_it_was_written(kind: str) -> None:
    for name, content in of(kind).items():
        assert b"2026" not in parts(content)["docProps/core.xml"], name


def test_what_stands_in_them_is_printed_russian() -> None:
    """Cells of a form are answers, which stay as they are typed."""
    as_typed = {"№ parts from its number", "a unit parts from its number"}
    found = {
        (name, kind): where
        for name, content in all_papers().items()
        for kind, where in faults(_text(name, content)).items()
        if not ("form.xlsx" in name and kind in as_typed)
    }
    assert not found


def _text(name: str, content: bytes) -> str:
    """Every paragraph and cell is a line; of a formula what comes of it is read, not how."""
    if name.endswith(".docx"):
        body = word(content)
        return "\n".join(Paragraph(p, body._body).text for p in body.element.body.iter(qn("w:p")))
    cells = (cell.value for sheet in book(content) for row in sheet.iter_rows() for cell in row)
    return "\n".join(cell for cell in cells if isinstance(cell, str) and not cell.startswith("="))
