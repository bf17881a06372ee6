"""PDF with a text layer: lines page by page in the order in which they were written, paragraphs put together."""

from __future__ import annotations

import ctypes
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from vsoko_rules.intake.texts.file_text import TextLine
from vsoko_rules.intake.texts.read_text import ReadText, Unreadable, paragraph, table_row

_PASSWORD: Final = pdfium.FPDF_ERR_PASSWORD
_HYPHENS: Final = "\x02\ufffe\u00ad"
"""signs by which PDFium tells that a word goes on in the next line"""
_MOST_PAGES: Final = 1_000
_GAP: Final = 2.0
"""heights of a line: what is farther apart stands in cells of its own"""
_FULL: Final = 0.88
"""the part of the width of a page's text that a line fills if its paragraph goes on"""
_INDENT: Final = 8
"""points by which the first line of a paragraph is set in"""
_ENDED: Final = re.compile(r"[.:;!?»)_]$")
_BEGUN: Final = re.compile(r"(\d[\d.]{0,8}[.)]|[•–—−\-*·]|[а-яa-z]\))\s")


@dataclass(slots=True)
class _Printed:
    """One line as it is printed: its text, the cells it falls into, and where it begins and ends, points."""

    text: str
    cells: tuple[str, ...]
    left: float
    right: float


def read(content: bytes) -> ReadText:
    """The text layer of a PDF; no lines where there is none. Raises `Unreadable`."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as exc:
        raise Unreadable("locked" if getattr(exc, "err_code", None) == _PASSWORD else "damaged") from None
    with document:
        count = len(document)
        if count == 0:
            raise Unreadable("damaged")
        lines = [line for number in range(min(count, _MOST_PAGES)) for line in _page(document, number)]
    return ReadText(tuple(lines), pages=count)


def _page(document: Any, number: int) -> Iterator[TextLine]:
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return
    try:
        text = page.get_textpage()
        try:
            printed = list(_printed(text))
        finally:
            text.close()
    except pypdfium2.PdfiumError:
        return
    finally:
        page.close()
    yield from _lines(printed, number + 1)


def _printed(page: Any) -> Iterator[_Printed]:
    """The lines of a page with their places."""
    at, whole = 0, page.get_text_range(errors="replace")
    if len(whole) != page.count_chars():  # places cannot be told where signs are of more than 16 bits
        yield from (_Printed(line, (), 0, 0) for line in whole.splitlines())
        return
    for line in whole.splitlines(keepends=True):
        if line.strip():
            yield _placed(page, line.rstrip("\r\n"), at)
        at += len(line)


def _placed(page: Any, text: str, at: int) -> _Printed:
    count = pdfium.FPDFText_CountRects(page.raw, at, len(text))
    edges = [ctypes.c_double() for _ in range(4)]
    boxes = []
    for index in range(count):
        if pdfium.FPDFText_GetRect(page.raw, index, *edges):
            boxes.append(tuple(edge.value for edge in edges))
    if not boxes:
        return _Printed(text, (), 0, 0)
    boxes.sort()
    return _Printed(text, tuple(_cells(page, boxes)), boxes[0][0], max(box[2] for box in boxes))


def _cells(page: Any, boxes: list[tuple[float, ...]]) -> Iterator[str]:
    """The texts of a line that stand far apart; none where all stand together."""
    groups = [[boxes[0]]]
    for before, box in itertools.pairwise(boxes):
        if box[0] - before[2] > _GAP * max(box[1] - box[3], 1):
            groups.append([])
        groups[-1].append(box)
    if len(groups) > 1:
        for group in groups:
            left, right = min(b[0] for b in group), max(b[2] for b in group)
            top, bottom = max(b[1] for b in group), min(b[3] for b in group)
            yield page.get_text_bounded(left - 0.5, bottom - 0.5, right + 0.5, top + 0.5, errors="replace")


def _lines(printed: list[_Printed], number: int) -> Iterator[TextLine]:
    """Lines of the document: what is printed in several lines because the page is not wider is put together."""
    width = max((line.right for line in printed), default=0)
    text, last = "", None
    for line in printed:
        if last is not None and _goes_on(last, line, width):
            text = text[:-1] + line.text if text[-1:] in _HYPHENS else f"{text} {line.text}"
        else:
            yield from _whole(text, last, number)
            text = line.text
        last = line
    yield from _whole(text, last, number)


def _whole(text: str, last: _Printed | None, number: int) -> Iterator[TextLine]:
    if last is not None and text == last.text and len(last.cells) > 1:
        yield from table_row(last.cells, number)
    else:
        yield from paragraph(text.translate(dict.fromkeys(map(ord, _HYPHENS))), number)


def _goes_on(last: _Printed, line: _Printed, width: float) -> bool:
    """Whether a line goes on with the paragraph of the one before it."""
    if last.text[-1:] in _HYPHENS:
        return True
    if len(last.cells) > 1 or len(line.cells) > 1 or _BEGUN.match(line.text) or not line.text.strip():
        return False
    full = width > 0 and last.right >= _FULL * width
    small = line.text.lstrip()[:1].islower()
    return full and (small or (line.left <= last.left + _INDENT and not _ENDED.search(last.text.strip())))
