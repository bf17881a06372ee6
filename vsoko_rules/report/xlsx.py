"""The workbook: a sheet about the file, then a sheet for each table. Text never becomes a formula or a link."""

from __future__ import annotations

from datetime import datetime

from vsoko_rules.report.paper import Paper
from vsoko_rules.report.tables import about, settings, tables, titled
from vsoko_rules.writing.spreadsheet import LONGEST_HEADER, Spreadsheet, TableColumn, header_text


def workbook(paper: Paper, on: datetime) -> bytes:
    """The workbook of one assessment. `on` is what its properties give as its date: reports never tell the time."""
    words = settings()["about"]
    author = f"vsoko {paper.view.marked.tool}"
    book = Spreadsheet(titled(words["title"], paper), words["subject"], author, on, cut=True)
    footer = _footer(words["footer"], paper)
    sheet = book.sheet(words["sheet"])
    sheet.widths((26, 90))
    for number, (title, value) in enumerate(about(paper)):
        sheet.put(number, 0, title, "name")
        sheet.put(number, 1, value)
    sheet.print_setup(footer)
    for table in tables(paper):
        sheet = book.sheet(table.title)
        columns = [TableColumn(title, width) for title, width in zip(table.columns, table.widths, strict=True)]
        sheet.table(columns, table.rows)
        sheet.print_setup(footer)
    return book.content()


def _footer(text: str, paper: Paper) -> str:
    """The footer; a name too long for it is cut."""
    school = paper.view.school
    return text.format(school=header_text(school.name, LONGEST_HEADER - len(text)), year=school.year)
