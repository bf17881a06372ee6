"""From lines as they are printed on a page to paragraphs and rows: PDF knows only where letters stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from vsoko_rules.intake.texts.file_text import TextLine
from vsoko_rules.intake.texts.read_text import paragraph, table_row

HYPHENS: Final = "\x02\ufffe\u00ad"
"""signs by which PDFium tells that a word goes on in the next line"""
_AFTER_DIGIT: Final = re.compile(f"(?<=[0-9])[{HYPHENS}]")
"""no word is broken after a digit: a number such as «172-од» was, at its own hyphen"""
_OWN_HYPHEN: Final = re.compile(r"\w-$")
_IN_WORD: Final = re.compile(f"[{HYPHENS}]")
_FULL: Final = 0.88
"""the part of the width of a page's text that a line fills if its paragraph goes on"""
_INDENT: Final = 8
"""points by which the first line of a paragraph is set in"""
_NEAR: Final = 4
"""points: edges as near as this are one edge"""
_LONGEST_CELL: Final = 800
"""characters; what is longer is a column of a page and no cell"""
_MOST_LINES: Final = 12
"""of a cell"""
_ENDED: Final = re.compile(r"[.:;!?»)_]$")
_BEGUN: Final = re.compile(r"(\d[\d.]{0,8}[.)]|[•–—−\-*·]|[а-яa-z]\))\s")


@dataclass(frozen=True, slots=True)
class Printed:
    """A line, or several that go on with one another: its text, the cells it falls into, and where it stands, points
    from the left and from the bottom of the page."""

    text: str
    cells: tuple[str, ...] = ()
    left: float = 0
    right: float = 0
    top: float = 0
    bottom: float = 0
    last_left: float = 0
    """of its last line"""
    last_right: float = 0
    height: float = 0
    """of a line"""
    lines: int = 1
    cell_left: float = 0
    """of the last cell"""


def laid_out(printed: Iterable[Printed], page: int) -> Iterator[TextLine]:
    """The paragraphs and rows of a page."""
    whole = list(printed)
    width = max((line.right for line in whole), default=0)
    blocks: list[Printed] = []
    for line in whole:
        if blocks and _goes_on(blocks[-1], line, width):
            blocks[-1] = _joined(blocks[-1], line)
        elif blocks and _goes_on_in_cell(blocks[-1], line):
            row = blocks[-1]
            cells = (*row.cells[:-1], f"{row.cells[-1]} {line.text}")
            blocks[-1] = replace(row, cells=cells, bottom=min(row.bottom, line.bottom))
        elif (start := _beside(blocks, line)) is not None:
            blocks[start:] = [_row(blocks[start:], line)]
        else:
            blocks.append(line)
    for block in blocks:
        if len(block.cells) > 1:
            yield from table_row((_whole(cell) for cell in block.cells), page)
        else:
            yield from paragraph(_whole(block.text), page)


def _whole(text: str) -> str:
    return _IN_WORD.sub("", _AFTER_DIGIT.sub("-", text))


def _goes_on(last: Printed, line: Printed, width: float) -> bool:
    """Whether a line goes on with the paragraph of the one before it."""
    if last.text[-1:] in HYPHENS:
        return True
    if len(last.cells) > 1 or len(line.cells) > 1 or _BEGUN.match(line.text) or line.top > last.bottom + last.height:
        return False
    full = width > 0 and last.last_right >= _FULL * width
    small = line.text.lstrip()[:1].islower()
    return full and (small or (line.left <= last.last_left + _INDENT and not _ENDED.search(last.text.strip())))


def _joined(last: Printed, line: Printed) -> Printed:
    whole = last.text[-1:] in HYPHENS or _OWN_HYPHEN.search(last.text)
    text = last.text + line.text if whole else f"{last.text} {line.text}"
    return replace(
        last,
        text=text,
        left=min(last.left, line.left),
        right=max(last.right, line.right),
        bottom=min(last.bottom, line.bottom),
        last_left=line.last_left,
        last_right=line.last_right,
        lines=last.lines + line.lines,
    )


def _goes_on_in_cell(row: Printed, line: Printed) -> bool:
    """Whether a line stands right below the last cell of a row, and not below the first."""
    return (
        len(row.cells) > 1
        and len(line.cells) < 2
        and row.cell_left > row.left + _INDENT
        and line.left >= row.cell_left - _NEAR
        and row.bottom - _NEAR <= line.top + line.height
        and line.top < row.top
    )


def _beside(blocks: Sequence[Printed], line: Printed) -> int | None:
    """From which block on everything stands to the left of a line that begins at the height of that block: they are
    cells of one row. None where there is no such block."""
    lines = characters = 0
    for start in range(len(blocks) - 1, -1, -1):
        block = blocks[start]
        lines, characters = lines + block.lines, characters + len(block.text)
        if line.height == 0 or block.right > line.left or lines > _MOST_LINES or characters > _LONGEST_CELL:
            return None
        if abs(block.top - line.top) <= max(block.height, line.height) / 2:
            return start
    return None


def _row(blocks: Sequence[Printed], line: Printed) -> Printed:
    """A row of what is on the left, and a line beside it."""
    first, *others = blocks
    cells = list(first.cells) or [first.text]
    cells[-1] = " ".join([cells[-1], *(other.text for other in others)])
    return replace(
        first,
        text=" ".join([*(block.text for block in blocks), line.text]),
        cells=(*cells, *(line.cells or (line.text,))),
        left=min(block.left for block in blocks),
        right=line.right,
        bottom=line.bottom,
        lines=sum(block.lines for block in blocks),
        cell_left=line.cell_left or line.left,
    )
