"""Drawing the sheets of a form: headings, cells that wait for an answer, drop-down lists, print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from vsoko_rules.intake.form.document_sheets import NAMES
from vsoko_rules.intake.form.form_sheet import FIRST_ROW, FormRow, FormSheet
from vsoko_rules.intake.form.layout import FormColumn, layout
from vsoko_rules.reading.typed import typed_words
from vsoko_rules.writing.cells import InputCheck, row_height
from vsoko_rules.writing.sheet_text import header_text
from vsoko_rules.writing.spreadsheet import SheetWriter, Spreadsheet
from vsoko_rules.writing.styles import ASKED, DATE_FORMAT

_TITLES, _ABOUT, _HEADINGS, _KEYS = range(FIRST_ROW)
_NAMING: Final = ("info.title", "label", "title", "subject", "outcome", "word")
_MOST_LINES: Final = 12
"""of one row: what is longer is read in the cell"""
_ABOUT_WIDTH: Final = 100
"""characters in a line of the explanation above a table, at least"""
_LEAST_HEIGHT: Final = 18
"""points"""
_LONGEST_TITLE: Final = 200
_NUMBER_FORMATS: Final = {"date": DATE_FORMAT, "number": "General", "whole": "0"}
_CENTERED: Final = ("flag", "number", "whole", "date")


def draw(book: Spreadsheet, form: FormSheet) -> None:
    """Draw one sheet of rows."""
    sheet = book.sheet(form.name)
    widths = [0 if column.type == "service" else column.width for column in form.columns]
    sheet.widths(widths)
    _head(sheet, form, widths)
    rows = [*form.rows, *([FormRow({})] * form.spare)]
    for number, row in enumerate(rows, FIRST_ROW):
        if row.values:
            shown = [row.values.get(column.key) for column in form.columns]
            sheet.height(number, max(_LEAST_HEIGHT, row_height(zip(shown, widths, strict=True), _MOST_LINES)))
        else:
            sheet.height(number, _LEAST_HEIGHT)
        for at, column in enumerate(form.columns):
            style, changes = _style(row.cells.get(column.key, column), row)
            sheet.put(number, at, row.values.get(column.key), style, **changes)
    for name, source in form.named.items():
        book.name(name, source)
    _check(sheet, form, rows)
    _finish(sheet, form, widths, len(rows))


def _head(sheet: SheetWriter, form: FormSheet, widths: Sequence[int]) -> None:
    first = _first_seen(widths)
    last = next(
        (at for at in range(first + 1, len(widths)) if sum(widths[first : at + 1]) >= _ABOUT_WIDTH), len(widths) - 1
    )
    sheet.put(_TITLES, first, form.title, "title")
    sheet.merge(_ABOUT, first, last, form.about, "about")
    sheet.height(_TITLES, 24)
    sheet.height(_ABOUT, row_height([(form.about, sum(widths[first : last + 1]))]) + 6)
    headings = ((column.heading, width) for column, width in zip(form.columns, widths, strict=True))
    sheet.height(_HEADINGS, row_height(headings) + 4)
    sheet.hide_row(_KEYS)
    for at, column in enumerate(form.columns):
        sheet.put(_HEADINGS, at, column.heading, "heading")
        sheet.put(_KEYS, at, f"{form.kind}.{column.key}", "info")


def _style(column: FormColumn, row: FormRow) -> tuple[str, dict[str, Any]]:
    """The style of a cell: what is asked for stands out, what nobody asks for steps back. Answers are text unless they
    are dates or numbers, so that Excel turns nothing into a date or a formula."""
    if column.type in ("info", "service"):
        return ("section" if "value" in row.fixed else "info"), {}
    if column.key in row.fixed:
        return "info", {"bold": True}
    changes: dict[str, Any] = {"num_format": _NUMBER_FORMATS.get(column.type, "@"), "locked": False}
    if column.type in _CENTERED:
        changes["align"] = "center"
    if row.asked is not None and column.key in row.asked:
        changes["bg_color"] = ASKED
    return "input", changes


def _check(sheet: SheetWriter, form: FormSheet, rows: Sequence[FormRow]) -> None:
    for at, column in enumerate(form.columns):
        single = [(n, row.cells[column.key]) for n, row in enumerate(rows, FIRST_ROW) if column.key in row.cells]
        ranges = single or [(FIRST_ROW, column)] * bool(rows)
        for first, checked in ranges:
            if (check := _input_check(checked, form.lists)) is not None:
                sheet.check(first, first if single else FIRST_ROW + len(rows) - 1, at, check)


def _input_check(column: FormColumn, lists: Mapping[str, Sequence[str]]) -> InputCheck | None:
    """What may be typed into the cells of a column; none where anything may and nothing is said of it."""
    refused = layout().refused
    note = column.note if column.note is not None and column.type not in ("info", "service") else ""
    name = column.words or column.suggest or ""
    words = tuple(lists.get(name, ()))
    if column.type == "flag":
        words = (typed_words().yes[0], typed_words().no[0])
    check = InputCheck(refusal_title=refused["title"], prompt_title=column.heading, prompt=note)
    if column.type in ("date", "number", "whole"):
        return replace(check, kind=column.type, refusal=refused[column.type])
    if name == "documents":
        return replace(check, source=f"={NAMES}", enforced=False, kind="list")
    if words:
        return replace(
            check, words=words, enforced=column.type in ("word", "flag"), kind="list", refusal=refused["list"]
        )
    return check if note else None


def _finish(sheet: SheetWriter, form: FormSheet, widths: Sequence[int], rows: int) -> None:
    columns, first = form.columns, _first_seen(widths)
    sheet.freeze(FIRST_ROW, _naming(columns) + 1)
    sheet.protect(rows=not form.fixed_rows)
    last = max(at for at, width in enumerate(widths) if width)
    sheet.print_setup(
        "&L&9&A&R&9" + layout().footer,
        "&L&11&B" + header_text(form.title, _LONGEST_TITLE),
        repeat=(_HEADINGS, _HEADINGS),
        area=(_ABOUT, first, FIRST_ROW + rows - 1, last),
        silent=form.hidden,
    )
    if form.hidden:
        sheet.hide()


def _first_seen(widths: Sequence[int]) -> int:
    return next(at for at, width in enumerate(widths) if width)


def _naming(columns: Sequence[FormColumn]) -> int:
    """The last of the columns that say what a row is about: they stay in sight, and stand on every page."""
    return next((at for at, column in enumerate(columns) if column.key in _NAMING), 0)
