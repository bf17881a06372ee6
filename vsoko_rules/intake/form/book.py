"""Drawing the sheets of a form with XlsxWriter: looks, drop-down lists, protection, print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timezone
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any, Final

import xlsxwriter

from vsoko_rules.errors import OutputError, Place, Problem
from vsoko_rules.intake.form.cell_text import LONGEST, escaped
from vsoko_rules.intake.form.layout import Column, layout
from vsoko_rules.intake.form.offers import Offers
from vsoko_rules.intake.form.plan import FIRST_ROW, Formula, Plan, Row, Value
from vsoko_rules.intake.form.style import Styles
from vsoko_rules.reading.workbook import column_letters

_FIRST_DATE: Final = date(1900, 3, 1)
"""Excel counts a day that never was before it"""
_MOST_EXACT: Final = 10**15
"""whole numbers up to here stay themselves in a cell"""
_PROTECTION: Final = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_rows": True, "insert_columns": True,
    "delete_rows": True, "delete_columns": True, "sort": True, "autofilter": True,
}  # fmt: skip
_NAMING: Final = ("info.title", "label", "title", "subject", "outcome", "word")
_PAGE: Final = 790
"""pixels across a landscape sheet of A4 without its margins, and some to spare for other fonts"""
_LONGEST_HEADER: Final = 200
_SMALLEST: Final = 70
"""percent of its size at which print can still be read"""
_TITLES, _ABOUT, _GROUPS, _HEADINGS, _KEYS = range(FIRST_ROW)


class Book:
    """A workbook that is being drawn."""

    def __init__(self, properties: dict[str, str]) -> None:
        self._stream = BytesIO()
        self.workbook = xlsxwriter.Workbook(self._stream, {"in_memory": True, "strings_to_formulas": False})
        self.workbook.set_properties({**properties, "created": datetime(2022, 1, 1, tzinfo=timezone.utc)})
        self.workbook.set_size(2400, 1400)
        self.styles = Styles(self.workbook)
        self.offers = Offers(layout().names["lists"])

    def content(self) -> bytes:
        """The finished file."""
        self.workbook.close()
        return self._stream.getvalue()

    def sheet(self, plan: Plan) -> None:
        """Draw one sheet of rows."""
        sheet = self.workbook.add_worksheet(plan.name)
        self._head(sheet, plan)
        rows = [*plan.rows, *([Row({})] * plan.spare)]
        shown = [column for column in plan.columns if column.type != "service"]
        for number, row in enumerate(rows, FIRST_ROW):
            if row.values:
                sheet.set_row(number, max(height(_seen(row.values.get(c.key)), c.width) for c in shown))
            for at, column in enumerate(plan.columns):
                self._cell(sheet, number, at, row, row.cells.get(column.key, column))
        self._offer(sheet, plan, rows)
        if plan.kind == "list":
            self.offers.write(sheet, len(plan.columns) + 1)
        self._finish(sheet, plan, len(rows))

    def _head(self, sheet: Any, plan: Plan) -> None:
        shown = [n for n, c in enumerate(plan.columns) if c.type != "service"]
        last = max(_named(plan.columns), shown[0] + 1)
        width = sum(c.width for c in plan.columns[shown[0] : last + 1])
        upright = any(c.upright for c in plan.columns)
        sheet.write_string(_TITLES, shown[0], plan.title, self.styles.of("title"))
        sheet.merge_range(_ABOUT, shown[0], _ABOUT, last, plan.about, self.styles.of("about"))
        sheet.set_row(_TITLES, 24)
        sheet.set_row(_ABOUT, height(plan.about, width) + 6)
        sheet.set_row(_HEADINGS, 140 if upright else 44)
        sheet.set_row(_KEYS, None, None, {"hidden": True})
        for at, column in enumerate(plan.columns):
            before = plan.columns[at - 1].group if at else None
            group = layout().groups[column.group] if column.group not in (None, before) else ""
            sheet.write_string(_GROUPS, at, group, self.styles.of("group" if column.group else "plain"))
            sheet.write_string(
                _HEADINGS, at, column.heading, self.styles.of("upright" if column.upright else "heading")
            )
            sheet.write_string(_KEYS, at, f"{plan.kind}.{column.key}", self.styles.of("info"))
            sheet.set_column(at, at, column.width, None, {"hidden": True} if column.type == "service" else {})

    def _cell(self, sheet: Any, number: int, at: int, row: Row, column: Column) -> None:
        value = row.values.get(column.key)
        style = self.styles.cell(column, row)
        if isinstance(value, Formula):
            sheet.write_formula(number, at, value.text, style, value.shown)
        else:
            _write(sheet, number, at, value, style)

    def _offer(self, sheet: Any, plan: Plan, rows: Sequence[Row]) -> None:
        for at, column in enumerate(plan.columns):
            own = [(n, row.cells[column.key]) for n, row in enumerate(rows) if column.key in row.cells]
            for number, single in own:
                self.offers.add(sheet, FIRST_ROW + number, FIRST_ROW + number, at, single, plan.lists)
            if rows and not own:
                self.offers.add(sheet, FIRST_ROW, FIRST_ROW + len(rows) - 1, at, column, plan.lists)

    def _finish(self, sheet: Any, plan: Plan, rows: int) -> None:
        columns, named = plan.columns, _named(plan.columns)
        first = next(n for n, c in enumerate(columns) if c.type != "service")
        sheet.freeze_panes(FIRST_ROW, named + 1)
        sheet.protect("", _PROTECTION)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letters(len(columns))}{FIRST_ROW + rows}"})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.set_header("&L&11&B" + plan.title.replace("&", "&&")[:_LONGEST_HEADER])
        sheet.set_footer("&L&9&A&R&9" + layout().footer)
        sheet.repeat_rows(_GROUPS, _HEADINGS)
        sheet.print_area(_GROUPS, first, FIRST_ROW + rows - 1, len(columns) - 1)
        groups = [column.group for column in columns]
        breaks = [groups.index(page) for page in layout().pages if page in groups and groups.index(page) > first]
        if breaks:
            sheet.repeat_columns(first, first)
            sheet.print_across()
            sheet.set_v_pagebreaks(breaks)
            sheet.set_print_scale(_scale(columns, breaks))
        else:
            sheet.fit_to_pages(1, 0)
        if plan.hidden:
            sheet.hide()


def height(text: str, width: int) -> float:
    """Points that a cell `width` characters wide needs for `text`, at most those of twelve lines."""
    fit = width + width // 8
    lines = sum(1 + max(0, len(line) - 1) // fit for line in text.split("\n"))
    return 3 + 13.2 * min(lines, 12)


def _named(columns: Sequence[Column]) -> int:
    """The last of the columns that say what a row is about: they stay in sight, and stand on every page."""
    return next((n for n, c in enumerate(columns) if c.key in _NAMING), 0)


def _scale(columns: Sequence[Column], breaks: Sequence[int]) -> int:
    """Percent at which each page of columns, with the repeated first one, fits a landscape sheet of A4; a page that
    would become too small to read goes on to the next sheet."""
    pixels = [0 if c.type == "service" else 7 * c.width + 5 for c in columns]
    edges = [0, *breaks, len(columns)]
    pages = [sum(pixels[a:b]) for a, b in pairwise(edges)]
    repeated = next(width for width in pixels if width)
    return max(_SMALLEST, min(100, 100 * _PAGE // (max(pages) + repeated)))


def _seen(value: Value | Formula) -> str:
    """What a cell shows."""
    return value.shown if isinstance(value, Formula) else str(value or "")


def _write(sheet: Any, number: int, at: int, value: Value, style: Any) -> None:
    if value is None:
        sheet.write_blank(number, at, None, style)
    elif isinstance(value, date) and value >= _FIRST_DATE:
        sheet.write_datetime(number, at, value, style)
    elif isinstance(value, date):
        sheet.write_string(number, at, value.isoformat(), style)
    elif isinstance(value, int | Decimal) and _exact(value):
        sheet.write_number(number, at, float(value), style)
    else:
        text = escaped(format(value, "f") if isinstance(value, int | Decimal) else value)
        if len(text) > LONGEST or sheet.write_string(number, at, text, style):
            place = Place(sheet.get_name())
            raise OutputError([Problem(place, "не помещается в ячейку", text, f"не больше {LONGEST} знаков")])


def _exact(value: int | Decimal) -> bool:
    """Whether a cell keeps the number as it is: XlsxWriter writes sixteen digits."""
    return -_MOST_EXACT < value < _MOST_EXACT and Decimal(f"{float(value):.16G}") == value
