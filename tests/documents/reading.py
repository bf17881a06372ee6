"""Reading documents back as other programs do."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import deque
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document
from docx.document import Document as Word
from docx.table import Table
from docx.text.paragraph import Paragraph
from openpyxl import load_workbook

from vsoko_rules.report.composition import Composer
from vsoko_rules.report.render import Format, Request, composed_files
from vsoko_rules.report.terms import Reader
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.evidence import Outcome

Rows = list[list[Any]]


def made(
    assessment: Assessment, format_: Format, reader: Reader | None = None, template: Path | None = None
) -> dict[str, bytes]:
    """The files of one assessment by the endings of their names. Skips aloud where PDF is asked for and Typst is not
    there."""
    if format_ is Format.PDF and find_spec("typst") is None:
        pytest.skip("typst is not there: PDF is not tested")
    files = composed_files([_composer(assessment)], Request(format_, reader, template))
    return {file.suffix: file.content for file in files}


def _composer(assessment: Assessment) -> Composer:
    """The composition of an assessment, one for all its formats: the plan in it is most of the work."""
    known = next((c for c in _composed if c.assessment is assessment), None)
    if known is None:
        known = Composer(assessment)
        _composed.append(known)
    return known


_composed: deque[Composer] = deque(maxlen=20)
"""the last ones: as many as cases are shipped, and a few"""


def one(assessment: Assessment, format_: Format, reader: Reader | None = None, template: Path | None = None) -> bytes:
    """The only file."""
    (content,) = made(assessment, format_, reader, template).values()
    return content


def word(content: bytes) -> Word:
    """A Word document."""
    return Document(io.BytesIO(content))


def word_text(content: bytes) -> str:
    """All text of a Word document, in order, white space made even."""
    return even(" ".join(_texts(word(content))))


def word_tables(content: bytes) -> list[Rows]:
    """The tables of a Word document."""
    return [[[even(cell.text) for cell in row.cells] for row in table.rows] for table in word(content).tables]


def _texts(document: Word) -> list[str]:
    found: list[str] = []
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            found.append(part.text)
        elif isinstance(part, Table):
            found += [cell.text for row in part.rows for cell in row.cells]
    return found


@lru_cache(maxsize=4)
def sheets(content: bytes) -> dict[str, Rows]:
    """The sheets of a workbook as openpyxl, which did not write it, reads them. That takes long, and a test asks for
    the same one again and again."""
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def csv_rows(content: bytes) -> list[list[str]]:
    """The rows of a CSV file, which must be as Excel in Russian wants it."""
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def pdf_text(content: bytes) -> str:
    """All text of a PDF, white space made even, words that were broken at a line end put together."""
    return even(" ".join(pdf_pages(content)).replace("\u00ad\n", "").replace("-\n", "").replace("\n", " "))


def pdf_pages(content: bytes, most: int | None = None) -> list[str]:
    """The text of each page of a PDF, of the first `most`; a word that was broken at a line end keeps its hyphen.
    (pypdf would take ten times as long.)"""
    with pypdfium2.PdfDocument(content) as document:
        pages = [document[number].get_textpage() for number in range(min(len(document), most or len(document)))]
        return [page.get_text_range().replace("\r\n", "\n").replace("\ufffe", "\u00ad\n") for page in pages]


def even(text: str) -> str:
    """Every run of white space as one space."""
    return " ".join(str(text).split())


def parts(content: bytes) -> dict[str, bytes]:
    """The files in a zipped document."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def expected_breaks(assessment: Assessment) -> set[tuple[str, str]]:
    """Each broken line with the element it breaks at."""
    lines = [line for block in assessment.blocks for line in block.lines]
    found = [
        (line.spec.id, line.trace.break_) for line in lines if line.trace and line.outcome is not Outcome.NOT_CHECKED
    ]
    return {(name, break_.element) for name, break_ in found if break_ is not None}
