"""The one writer of workbooks: tables with headings, styles by name, drop-down lists, protection, print.

Text stays text: it never becomes a formula, a link or a number, whatever it begins with. The same content gives the
same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from vsoko_rules.errors import OutputError, Place, Problem
from vsoko_rules.reading.workbook import column_letters
from vsoko_rules.words import tied
from vsoko_rules.writing.cell_text import LONGEST, escaped
from vsoko_rules.writing.cells import MARGIN, Formula, InputCheck, Link, TableColumn, Value, row_height
from vsoko_rules.writing.office import packed
from vsoko_rules.writing.print_setup import PrintSetup, page_widths
from vsoko_rules.writing.styles import ANSWERS, BASE, DATE_FORMAT, LINKED, STYLES

MADE_BY: Final = "vsoko"
"""the keyword of every workbook of this program: it is no document of a school"""
MOMENT: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook names no zone)
"""when a workbook was made, as far as its properties tell: none tells the time"""


_OPTIONS: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_FIRST_DATE: Final = date(1900, 3, 1)
"""Excel counts a day that never was before it"""
_MOST_EXACT: Final = 10**15
"""whole numbers up to here stay themselves in a cell"""
_LONGEST_LINK: Final = 2079
"""characters of an address that Excel allows"""
_TURNED: Final = 6.5
"""points of a letter in a heading that is turned"""
_PROMPT_TITLE, _PROMPT, _INLINE_LIST = 32, 255, 255
"""characters that Excel allows in the prompt of a cell, and in a list that stands in the check itself"""
_ALLOWED: Final = (
    "format_cells", "format_columns", "format_rows", "insert_rows", "insert_columns", "delete_rows", "delete_columns",
    "sort", "autofilter",
)  # fmt: skip
"""what a person may do on a protected sheet"""
_HEIGHTS: Final = "format_rows"


class Spreadsheet:
    """A workbook that is being written.

    `lists_on` is the name of a sheet, and the first row and column on it, where the words of drop-down lists are
    written; without it they stand in the checks themselves. A text too long for a cell is cut with `cut`, else it
    raises `OutputError`.
    """

    def __init__(
        self,
        title: str,
        subject: str = "",
        author: str = "",
        created: datetime = MOMENT,
        lists_on: tuple[str, int, int] | None = None,
        cut: bool = False,
    ) -> None:
        import xlsxwriter

        self._stream = BytesIO()
        self._book = xlsxwriter.Workbook(self._stream, {**_OPTIONS, "default_format_properties": {**BASE}})
        known = {"title": title, "subject": subject, "author": author, "created": created, "keywords": MADE_BY}
        self._book.set_properties(known)
        self._book.set_size(2400, 1400)
        self._styles: dict[tuple[Any, ...], Any] = {}
        self._lists: dict[tuple[str, ...], int] = {}
        self._lists_on = lists_on
        self._sheets: list[SheetWriter] = []
        self._title = title
        self.cut = cut

    def sheet(self, name: str, gridlines: bool = True) -> SheetWriter:
        """A new sheet; `name` must fit a tab (see `sheet_text.tab_name`)."""
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(1 if gridlines else 2)
        self._sheets.append(SheetWriter(self, sheet))
        return self._sheets[-1]

    def content(self) -> bytes:
        """The finished file."""
        if self._lists_on is not None and self._lists:
            name, row, column = self._lists_on
            sheet = self._book.get_worksheet_by_name(name)
            for words, number in self._lists.items():
                sheet.write_column(row, column + number, words)
        for written in self._sheets:
            written.finish(self._title)
        self._book.close()
        return packed(self._stream.getvalue())

    def style(self, name: str, **changes: Any) -> Any:
        """The format of XlsxWriter for a style with changes, each made once."""
        key = (name, *sorted(changes.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format({**STYLES[name], **changes})
        return self._styles[key]

    def name(self, name: str, formula: str) -> None:
        """Give a name to the range of a formula."""
        self._book.define_name(name, formula)

    def list_source(self, words: tuple[str, ...]) -> str | list[str]:
        """Where a drop-down list finds its words; a list that no check can hold is left out."""
        if self._lists_on is None:
            return list(words) if len(",".join(words)) <= _INLINE_LIST else []
        name, row, column = self._lists_on
        letters = column_letters(column + self._lists.setdefault(words, len(self._lists)))
        return f"='{name}'!${letters}${row + 1}:${letters}${row + len(words)}"


class SheetWriter:
    """One sheet of a workbook. Rows and columns are numbered from 0."""

    def __init__(self, book: Spreadsheet, sheet: Any) -> None:
        self._book = book
        self._sheet = sheet
        self._widths: list[int] = []
        """characters; 0 of a hidden column"""
        self._print = PrintSetup()
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def put(self, row: int, column: int, value: Value | Formula, style: str = "plain", **changes: Any) -> None:
        """Write one cell. Raises `OutputError` for a text that is too long."""
        if isinstance(value, date) and "num_format" not in STYLES[style]:
            changes = {"num_format": DATE_FORMAT, **changes}
        look = self._book.style(style, **changes)
        if value is None:
            self._sheet.write_blank(row, column, None, look)
        elif isinstance(value, Formula):
            self._sheet.write_formula(row, column, value.text, look, self._text(value.shown))
        elif isinstance(value, Link) and len(value.address) <= _LONGEST_LINK:
            linked = self._book.style(style, **{**changes, "font_color": LINKED, "underline": 1})
            self._sheet.write_url(row, column, value.address, linked, self._text(value.text))
        elif isinstance(value, Link):
            self._sheet.write_string(row, column, self._text(value.text), look)
        elif isinstance(value, date) and value >= _FIRST_DATE:
            self._sheet.write_datetime(row, column, value, look)
        elif isinstance(value, int | float | Decimal) and _is_exact(value):
            self._sheet.write_number(row, column, float(value), look)
        else:
            text = format(value, "f") if isinstance(value, int | float | Decimal) else str(value)
            self._sheet.write_string(row, column, self._text(text if style in ANSWERS else tied(text)), look)

    def _text(self, value: str) -> str:
        text = escaped(value)
        if len(text) > LONGEST and not self._book.cut:
            place = Place(self._sheet.get_name())
            raise OutputError([Problem(place, "не помещается в ячейку", text, f"не больше {LONGEST} знаков")])
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

    def merge(self, row: int, first: int, last: int, text: str, style: str) -> None:
        """Write one text across columns."""
        self._sheet.merge_range(row, first, row, last, "", self._book.style(style))
        self.put(row, first, text, style)

    def widths(self, widths: Sequence[int]) -> None:
        """Set the widths of the columns from the first on, in characters; 0 hides a column."""
        self._widths = list(widths)
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width or None, None, {} if width else {"hidden": True})

    def height(self, row: int, points: float) -> None:
        """Set the height of a row."""
        self._sheet.set_row(row, points)

    def hide_row(self, row: int) -> None:
        """A row that nobody sees."""
        self._sheet.set_row(row, None, None, {"hidden": True})

    def hide(self) -> None:
        """A sheet that nobody sees."""
        self._sheet.hide()

    def freeze(self, row: int, column: int) -> None:
        """Rows above and columns before stay in sight."""
        self._sheet.freeze_panes(row, column)

    def table(self, columns: Sequence[TableColumn], rows: Iterable[Sequence[Value]], frozen: int = 0) -> None:
        """A table from the first cell on: headings that stay in sight, with `frozen` columns, repeat in print and
        filter. Columns wider than a page together are narrowed."""
        headings = [column.heading for column in columns]
        lying = ["" if column.upright else column.heading for column in columns]
        widths = page_widths([column.width for column in columns], lying)
        self.widths(widths)
        turned = max((len(column.heading) for column in columns if column.upright), default=0)
        self.height(0, max(row_height(zip(lying, widths, strict=True)), _TURNED * turned + 2 * MARGIN))
        for at, (heading, column) in enumerate(zip(headings, columns, strict=True)):
            self.put(0, at, heading, "upright" if column.upright else "heading")
        last = 1
        for last, row in enumerate(rows, 1):
            self.height(last, row_height(zip(row, widths, strict=True)))
            for at, (value, column) in enumerate(zip(row, columns, strict=True)):
                self.put(last, at, value, column.style)
        for at, column in enumerate(columns):
            if column.check is not None:
                self.check(1, last, at, column.check)
        self.freeze(1, frozen)
        self._print = replace(self._print, repeat=(0, 0), area=(0, 0, last, len(columns) - 1))
        self._sheet.autofilter(0, 0, last, len(columns) - 1)

    def check(self, first: int, last: int, column: int, check: InputCheck) -> None:
        """Check what is typed into the cells of a column from one row to another."""
        options: dict[str, Any] = {"error_title": check.refusal_title, "error_message": check.refusal}
        if check.prompt:
            title, prompt = check.prompt_title[:_PROMPT_TITLE], check.prompt[:_PROMPT]
            options |= {"input_title": title, "input_message": prompt}
        if check.kind == "list":
            source = check.source or self._book.list_source(check.words)
            options |= {"validate": "list", "source": source, "show_error": check.enforced}
            if not source:
                return
        else:
            options |= _LIMITS[check.kind]
        self._sheet.data_validation(first, column, last, column, options)

    def protect(self, rows: bool = True) -> None:
        """Guard locked cells against slips; there is no password. `rows`: whether they may be added and deleted."""
        allowed = _ALLOWED if rows else [what for what in _ALLOWED if not what.endswith("_rows") or what == _HEIGHTS]
        self._sheet.protect("", dict.fromkeys(allowed, True))

    def print_setup(
        self,
        footer: str = "",
        header: str = "",
        *,
        landscape: bool | None = None,
        repeat: tuple[int, int] | None = None,
        area: tuple[int, int, int, int] | None = None,
        silent: bool = False,
    ) -> None:
        """Print otherwise than every sheet is: see `PrintSetup`."""
        repeat, area = repeat or self._print.repeat, area or self._print.area
        self._print = PrintSetup(footer, header, landscape, repeat, area, silent)

    def finish(self, title: str) -> None:
        """Set up how the sheet is printed; `title` is the workbook's."""
        self._print.apply(self._sheet, self._widths, title)


_LIMITS: Final[dict[str, dict[str, Any]]] = {
    "any": {"validate": "any"},
    "date": {"validate": "date", "criteria": ">=", "value": date(1990, 1, 1)},
    "number": {"validate": "decimal", "criteria": "between", "minimum": -1_000_000, "maximum": 1_000_000},
    "whole": {"validate": "integer", "criteria": ">=", "value": 0},
}


def _is_exact(value: float | Decimal) -> bool:
    """Whether a cell keeps the number as it is: XlsxWriter writes sixteen digits."""
    return isinstance(value, float) or (-_MOST_EXACT < value < _MOST_EXACT and Decimal(f"{float(value):.16G}") == value)
