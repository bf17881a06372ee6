"""What stands in the cells of a workbook, and how high a row has to be for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from textwrap import wrap
from typing import Literal

_LINE, MARGIN, _MOST_LINES = 13.2, 3, 30
"""points of a line of text and around the text; Excel allows a row no more than 409 points"""


@dataclass(frozen=True, slots=True)
class Link:
    """A text that opens an address, a file («external:…») or a cell of the workbook («internal:…») when clicked."""

    text: str
    address: str


Value = str | int | float | Decimal | date | Link | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that shows what stands elsewhere. `shown` is what it shows now."""

    text: str
    shown: str


@dataclass(frozen=True, slots=True)
class InputCheck:
    """What may be typed into a cell, and what Excel says of it. `words` are offered in a drop-down list; another word
    is refused where they are `enforced`."""

    kind: Literal["any", "list", "date", "number", "whole"] = "any"
    words: tuple[str, ...] = ()
    source: str = ""
    """a formula that gives the words"""
    enforced: bool = True
    refusal_title: str = ""
    refusal: str = ""
    prompt_title: str = ""
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: heading, width in characters, the style of its cells, what may be typed into them, whether
    the heading is turned."""

    heading: str
    width: int
    style: str = "cell"
    check: InputCheck | None = None
    upright: bool = False


def row_height(cells: Iterable[tuple[Value | Formula, int]], most_lines: int = _MOST_LINES) -> float:
    """Points that the longest of the texts needs, each in a column of so many characters: not every program finds that
    out on opening."""
    lines = (_lines(value.shown if isinstance(value, Formula) else value, width) for value, width in cells if width)
    return MARGIN + _LINE * min(max(lines, default=1), most_lines)


def _lines(value: Value, width: int) -> int:
    value = value.text if isinstance(value, Link) else value
    if not isinstance(value, str):
        return 1
    return sum(len(wrap(line, width + width // 20)) or 1 if len(line) > width else 1 for line in value.split("\n"))
