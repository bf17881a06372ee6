"""Writing the form that a school or an expert fills in, empty or with what a case says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from vsoko_rules.case.records import Case
from vsoko_rules.intake.form.block_views import block_views
from vsoko_rules.intake.form.document_sheets import DocumentSheets
from vsoko_rules.intake.form.drawing import draw
from vsoko_rules.intake.form.form_sheet import FIRST_ROW
from vsoko_rules.intake.form.layout import layout
from vsoko_rules.intake.form.listed_sheets import ListedSheets
from vsoko_rules.intake.form.school_sheet import lists_sheet, school_sheet
from vsoko_rules.intake.form.word_lists import word_lists
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.writing.cells import row_height
from vsoko_rules.writing.spreadsheet import SheetWriter, Spreadsheet

_WIDTHS: Final = (40, 74)
"""of the columns of the guide, in characters"""
_HEIGHTS: Final = {"title": 28, "subtitle": 26}
"""points"""


def write_form(
    ruleset: Ruleset,
    levels: Collection[EducationLevel] = tuple(EducationLevel),
    counts: Mapping[str, int] | None = None,
    case: Case | None = None,
    year: int | None = None,
) -> bytes:
    """A workbook for a school with these levels and counts (persons), for the study of `year` (this one by default); a
    case brings its own.

    Raises `OutputError` for a case with a list that no cell can hold.
    """
    if case is not None:
        levels, counts = case.school.levels, case.school.counts
    taught = [level for level in EducationLevel if level in levels]
    words = word_lists(ruleset, case)
    expected = ruleset.expects(frozenset(taught), counts or {})
    documents = DocumentSheets(ruleset, expected, case, words)
    main = documents.main()
    views = list(block_views(ruleset, expected, documents, main, layout().names.values()))
    others = ListedSheets(ruleset, expected, case, words, documents.names).sheets()
    year = case.study.year if case is not None else year or ruleset.usual_year(date.today())  # noqa: DTZ011
    school = school_sheet(ruleset, taught, counts or {}, case, year)
    sheets = [school, main, *views, documents.details(), *others]
    lists_on = (layout().names["lists"], FIRST_ROW, len(layout().columns("list")) + 1)
    about = layout().properties
    book = Spreadsheet(about["title"], _stamp(about["subject"], ruleset), lists_on=lists_on)
    _guide(book, ruleset, taught, words)
    for sheet in [*sheets, lists_sheet(ruleset, sheets, words)]:
        draw(book, sheet)
    return book.content()


def _stamp(text: str, ruleset: Ruleset) -> str:
    return text.format(id=ruleset.id, title=ruleset.title, version=ruleset.version)


def _guide(
    book: Spreadsheet, ruleset: Ruleset, levels: Sequence[EducationLevel], words: Mapping[str, WordList]
) -> None:
    """The first sheet: how to fill the form in, and what its words mean."""
    guide = layout().guide
    sheet = book.sheet(layout().names["guide"], gridlines=False)
    sheet.widths((2, *_WIDTHS))
    lines = [("title", guide.title), ("about", _stamp(guide.ruleset, ruleset))]
    lines += [("about", ruleset.label)] if ruleset.label else []
    lines.append(("about", guide.levels.format(levels=", ".join(levels))))
    for section in guide.sections:
        lines += [("subtitle", section.heading), *(("plain", line) for line in section.lines)]
    for number, (style, text) in enumerate(lines):
        sheet.merge(number, 1, 2, text, style)
        sheet.height(number, _HEIGHTS.get(style) or row_height([(text, sum(_WIDTHS))]))
    _meanings(sheet, len(lines), ruleset, words["requirements"])
    sheet.protect()
    sheet.print_setup("&R&9" + layout().footer, landscape=False)


def _meanings(sheet: SheetWriter, row: int, ruleset: Ruleset, words: WordList) -> None:
    """What each word for the contents of a document means, from a row on."""
    asks = {q.id: q.ask for q in ruleset.requirements.values()}
    for at, heading in enumerate(layout().guide.headings, 1):
        sheet.put(row, at, heading, "heading")
    for number, (word, code) in enumerate(words.pairs, row + 1):
        cells = (word, asks.get(code, ""))
        sheet.height(number, row_height(zip(cells, _WIDTHS, strict=True)))
        for at, text in enumerate(cells, 1):
            sheet.put(number, at, text, "cell")
