"""PDF with a text layer: lines page by page, in the order in which they were written."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from vsoko_rules.intake.texts.file_text import TextLine
from vsoko_rules.intake.texts.pdf_layout import Printed, laid_out
from vsoko_rules.intake.texts.read_text import ReadText, Unreadable

_MOST_PAGES: Final = 1_000
_GAP: Final = 2.0
"""heights of a line: what is farther apart stands in cells of its own"""
_MARGIN: Final = 0.5
"""points around letters that are asked for"""

Box = tuple[float, float, float, float]
"""left, top, right and bottom of letters that stand together, points"""


def read(content: bytes) -> ReadText:
    """The text layer of a PDF; no lines where there is none. Raises `Unreadable`."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as exc:
        locked = getattr(exc, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(exc).lower()
        raise Unreadable("locked" if locked else "damaged") from None
    try:
        count = len(document)
        lines = [line for number in range(min(count, _MOST_PAGES)) for line in _page(document, number)]
    finally:
        document.close()
    if count == 0:
        raise Unreadable("damaged")
    return ReadText(tuple(lines), pages=count)


def _page(document: Any, number: int) -> Iterator[TextLine]:
    """The lines of a page; none of one that is broken."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return
    try:
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        page.close()
        return
    try:
        printed = list(_printed(text))
    finally:
        text.close()
        page.close()
    yield from laid_out(printed, number + 1)


def _printed(page: Any) -> Iterator[Printed]:
    """The lines of a page with their places."""
    at, whole = 0, page.get_text_range(errors="replace")
    placed = len(whole) == page.count_chars()  # else some signs are of more than 16 bits, and places cannot be told
    for line in whole.splitlines(keepends=True):
        text = line.rstrip("\r\n")
        if text.strip():
            yield _placed(page, text, at) if placed else Printed(text)
        at += len(line)


def _placed(page: Any, text: str, at: int) -> Printed:
    boxes = list(_boxes(page, at, len(text)))
    if not boxes:
        return Printed(text)
    rows = _visual_lines(boxes)
    last = rows[-1]
    cells, cell_left = _cells(page, boxes) if len(rows) == 1 else ((), 0.0)
    return Printed(
        text,
        cells,
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
        top=max(box[1] for box in rows[0]),
        bottom=min(box[3] for box in boxes),
        last_left=min(box[0] for box in last),
        last_right=max(box[2] for box in last),
        height=max(box[1] - box[3] for box in boxes),
        lines=len(rows),
        cell_left=cell_left,
    )


def _boxes(page: Any, at: int, length: int) -> Iterator[Box]:
    edges = [ctypes.c_double() for _ in range(4)]
    for index in range(pdfium.FPDFText_CountRects(page.raw, at, length)):
        if pdfium.FPDFText_GetRect(page.raw, index, *edges):
            left, top, right, bottom = (edge.value for edge in edges)
            yield left, top, right, bottom


def _visual_lines(boxes: Sequence[Box]) -> list[list[Box]]:
    """PDFium puts a word together that was broken at the end of a line: its parts stand below one another."""
    rows = [[boxes[0]]]
    for before, box in pairwise(boxes):
        if box[1] < before[3] and box[0] < before[0]:
            rows.append([])
        rows[-1].append(box)
    return rows


def _cells(page: Any, boxes: Sequence[Box]) -> tuple[tuple[str, ...], float]:
    """The texts of a line that stand far apart and where the last one begins; none where all stand together."""
    ordered = sorted(boxes)
    groups = [[ordered[0]]]
    for before, box in pairwise(ordered):
        if box[0] - before[2] > _GAP * max(box[1] - box[3], 1):
            groups.append([])
        groups[-1].append(box)
    if len(groups) == 1:
        return (), 0.0
    return tuple(_text(page, group) for group in groups), groups[-1][0][0]


def _text(page: Any, boxes: Sequence[Box]) -> str:
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    top, bottom = max(box[1] for box in boxes), min(box[3] for box in boxes)
    return str(
        page.get_text_bounded(left - _MARGIN, bottom - _MARGIN, right + _MARGIN, top + _MARGIN, errors="replace")
    )
