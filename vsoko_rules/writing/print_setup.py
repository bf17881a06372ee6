"""How a sheet of a workbook is printed: on A4, as wide as a page, never too small to read, pages numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from vsoko_rules.words import tied, words
from vsoko_rules.writing.office import LONG_SIDE, SHORT_SIDE, fitted
from vsoko_rules.writing.sheet_text import LONGEST_HEADER, header_text

SMALLEST: Final = 85
"""percent of its size at which print can still be read: of 10 points 8 are left, LibreOffice taking some more"""

_A4: Final = 9
"""the number of this sheet in Excel"""
_INCH, _SIDE, _TOP, _TOP_WITH_HEADER, _BOTTOM = 25.4, 10, 13, 18, 15
"""millimetres of an inch and of the margins"""
_DOT: Final = _INCH / 96
"""millimetres of a pixel"""
_SPARE: Final = 12
"""pixels left free, because programs round widths each in its own way"""


@dataclass(frozen=True, slots=True)
class PrintSetup:
    """What differs from sheet to sheet.

    `footer` is the title of the workbook and the number of the page where there is none; `landscape` is chosen by the
    widths of the columns where it is none. `repeat`: rows on every page; `area`: first row and column, last row and
    column.
    """

    footer: str = ""
    header: str = ""
    landscape: bool | None = None
    repeat: tuple[int, int] | None = None
    area: tuple[int, int, int, int] | None = None
    silent: bool = False
    """whether the sheet has no print area: a hidden one is printed by LibreOffice as soon as it has"""

    def apply(self, sheet: Any, widths: Sequence[int], title: str) -> None:
        """Set up a sheet of XlsxWriter with columns of these widths in characters, 0 of those that are hidden."""
        landscape = self.landscape if self.landscape is not None else _room(False) * 100 < SMALLEST * _across(widths)
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(_A4)
        above = _TOP_WITH_HEADER if self.header else _TOP
        left, top, bottom = (length / _INCH for length in (_SIDE, above, _BOTTOM))
        sheet.set_margins(left=left, right=left, top=top, bottom=bottom)
        sheet.set_header(tied(self.header), {"scale_with_doc": False})
        sheet.set_footer(tied(self.footer or _usual_footer(title)), {"scale_with_doc": False})
        if self.repeat is not None:
            sheet.repeat_rows(*self.repeat)
        area = self.area or _used(sheet)
        if area is not None and not self.silent:
            sheet.print_area(*area)
        sheet.fit_to_pages(1, 0)


def page_widths(widths: Sequence[int], headings: Sequence[str]) -> list[int]:
    """The widths of the columns of a table, in characters, narrowed so that a landscape page holds it at a size that
    can be read. No column is narrower than the longest word of its heading, unless it was."""
    room = _room(True) * 100 // SMALLEST
    least = [
        min(width, max(map(len, heading.split()), default=1) + 1)
        for width, heading in zip(widths, headings, strict=True)
    ]
    dots = fitted([_dots(width) for width in widths], [_dots(width) for width in least], room)
    return [max(1, int(own - 5) // 7) if width else 0 for own, width in zip(dots, widths, strict=True)]


def _usual_footer(title: str) -> str:
    pages = words()["paper"]["page"].format(page="&P", pages="&N")
    room = LONGEST_HEADER - len("&L&10&R&10") - len(pages)
    return f"&L&10{header_text(title, room)}&R&10{pages}"


def _used(sheet: Any) -> tuple[int, int, int, int] | None:
    """The cells that hold something."""
    if sheet.dim_rowmax is None or sheet.dim_colmax is None:
        return None
    return (0, 0, sheet.dim_rowmax, sheet.dim_colmax)


def _room(landscape: bool) -> int:
    """Pixels across a sheet of A4 within its margins."""
    side = LONG_SIDE if landscape else SHORT_SIDE
    return int((side - 2 * _SIDE) / _DOT) - _SPARE


def _across(widths: Sequence[int]) -> int:
    return sum(_dots(width) for width in widths)


def _dots(width: int) -> int:
    """Pixels of a column of so many characters."""
    return 7 * width + 5 if width else 0
