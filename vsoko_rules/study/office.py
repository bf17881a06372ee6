"""A summary as a workbook and as a Word document. The same summary always gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from vsoko_rules.study.pages import words
from vsoko_rules.study.tables import Cell, Table, tables
from vsoko_rules.templates import clean

MOMENT: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (no zone is written)
_MOST_DOCX_ROWS: Final = 300
"""longer tables stay in the workbook: Word takes minutes to open them"""
_LONGEST_TAB: Final = 31
_FORBIDDEN_IN_TAB: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def summary_xlsx(summaries: Sequence[Mapping[str, Any]]) -> bytes:
    """One sheet a table; a sheet of notes first. Text stays text, whatever it begins with."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": words()["tables"]["title"], "created": MOMENT})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        taken: set[str] = set()
        about = book.add_worksheet(words()["tables"]["title"][:_LONGEST_TAB])
        about.set_column(0, 0, 100)
        for n, line in enumerate(line for s in summaries for line in notes(s)):
            about.write_string(n, 0, line)
        for summary in summaries:
            for table in tables(summary):
                _sheet(book.add_worksheet(_tab(table.name, summary, len(summaries) > 1, taken)), table, bold)
    return buffer.getvalue()


def _tab(name: str, summary: Mapping[str, Any], several: bool, taken: set[str]) -> str:
    base = f"{name} {summary['year']}" if several else name
    base = base.translate(_FORBIDDEN_IN_TAB)[:_LONGEST_TAB]
    tab, number = base, 2
    while tab.casefold() in taken:
        tab, number = f"{base[: _LONGEST_TAB - 4]} {number}", number + 1
    taken.add(tab.casefold())
    return tab


def _sheet(sheet: Any, table: Table, bold: Any) -> None:
    for column, title in enumerate(table.head):
        sheet.write_string(0, column, clean(title), bold)
    for n, row in enumerate(table.rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(n, column, clean(value))
            elif value is not None:
                sheet.write_number(n, column, value)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(table.head), 18)
    sheet.freeze_panes(1, 1)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.head) - 1)


def summary_docx(summaries: Sequence[Mapping[str, Any]]) -> bytes:
    """Headings and tables. Tables too long for Word are left to the workbook."""
    import docx

    document = docx.Document()
    properties = document.core_properties
    properties.created = properties.modified = MOMENT
    properties.author, properties.title = "", words()["tables"]["title"]
    document.add_heading(words()["tables"]["title"], 0)
    for summary in summaries:
        document.add_heading(f"{summary['ruleset']['title']}, {summary['year']}", 1)
        for table in tables(summary):
            if len(table.rows) <= _MOST_DOCX_ROWS:
                _docx_table(document, table)
        for line in notes(summary):
            document.add_paragraph(clean(line))
    buffer = io.BytesIO()
    document.save(buffer)
    return restamped(buffer.getvalue())


def _docx_table(document: Any, table: Table) -> None:
    document.add_heading(table.name, 2)
    if table.note:
        document.add_paragraph(table.note)
    grid = document.add_table(rows=1 + len(table.rows), cols=len(table.head), style="Table Grid")
    cells = grid._cells  # each access through `rows` walks the whole table
    for n, value in enumerate([*table.head, *(value for row in table.rows for value in row)]):
        cells[n].text = _shown(value)


def _shown(value: Cell) -> str:
    if value is None:
        return "—"
    return clean(value) if isinstance(value, str) else str(value).replace(".", ",")


def notes(summary: Mapping[str, Any]) -> list[str]:
    """What must be said beside the tables: the version, the ruleset, its label."""
    said, rules, opened = words()["tables"], summary["ruleset"], summary["open"]
    named = {key: rules[key] for key in ("title", "id", "version", "sha256")}
    lines = [said["source"].format(**named, tool=summary["version"])]
    if rules["label"]:
        lines.append(rules["label"])
    if opened is not None:
        lines.append(said["open"].format(smallest=opened["smallest_group"]))
    if not summary["shown"]:
        lines.append(said["hidden"])
    return lines


def restamped(content: bytes) -> bytes:
    """The same archive without the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()
