"""Writing the form that a school or an expert fills in, empty or with what a case says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from vsoko_rules.case.records import Case
from vsoko_rules.intake.form.book import Book, height
from vsoko_rules.intake.form.layout import layout
from vsoko_rules.intake.form.school import lists, school
from vsoko_rules.intake.form.sheets import Sheets
from vsoko_rules.intake.form.vocabulary import Words, vocabularies
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset

_WIDTHS: Final = (44, 62, 22)
"""of the columns of the guide, in characters"""


def write_form(
    ruleset: Ruleset,
    levels: Collection[EducationLevel] = tuple(EducationLevel),
    counts: Mapping[str, int] | None = None,
    case: Case | None = None,
) -> bytes:
    """A workbook for a school with these levels and counts (persons); a case brings its own.

    Raises `OutputError` for a case with a list that no cell can hold.
    """
    if case is not None:
        levels, counts = case.school.levels, case.school.counts
    taught = [level for level in EducationLevel if level in levels]
    sheets = Sheets(ruleset, ruleset.expects(frozenset(taught), counts or {}), case)
    about = {"title": layout().properties["title"], "subject": _stamp(layout().properties["subject"], ruleset)}
    book = Book(about)
    words = vocabularies(ruleset, case)
    _guide(book, ruleset, taught, words)
    plans = [school(ruleset, taught, counts or {}, case), *sheets.plans]
    for plan in plans:
        book.sheet(plan)
    book.sheet(lists(ruleset, plans, words))
    return book.content()


def _stamp(text: str, ruleset: Ruleset) -> str:
    return text.format(id=ruleset.id, title=ruleset.title, version=ruleset.version)


def _guide(book: Book, ruleset: Ruleset, levels: Sequence[EducationLevel], words: Mapping[str, Words]) -> None:
    """The first sheet: how to fill the form in, and what its words mean."""
    guide, style = layout().guide, book.styles.of
    sheet = book.workbook.add_worksheet(layout().names["guide"])
    sheet.hide_gridlines(2)
    for at, width in enumerate((2, *_WIDTHS)):
        sheet.set_column(at, at, width)
    lines = [("title", guide.title), ("about", _stamp(guide.ruleset, ruleset))]
    lines += [("about", ruleset.label)] if ruleset.label else []
    lines.append(("about", guide.levels.format(levels=", ".join(levels))))
    for section in guide.sections:
        lines += [("heading_of_guide", section.heading), *(("plain", line) for line in section.lines)]
    for number, (look, text) in enumerate(lines):
        sheet.merge_range(number, 1, number, 3, "", style(look))
        sheet.write_string(number, 1, text, style(look))
        sheet.set_row(number, {"title": 28, "heading_of_guide": 26}.get(look, height(text, sum(_WIDTHS))))
    _tables(sheet, len(lines) + 1, ruleset, words, style)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&R&9" + layout().footer)


def _tables(sheet: Any, first: int, ruleset: Ruleset, words: Mapping[str, Words], style: Any) -> None:
    about = {q.id: q.ask for q in ruleset.requirements.values()}
    row = first
    for name, title in layout().guide.vocabularies.items():
        sheet.merge_range(row, 1, row, 3, title, style("heading_of_guide"))
        for at, heading in enumerate(layout().guide.headings, 1):
            sheet.write_string(row + 1, at, heading, style("heading"))
        row += 2
        for word, code in words[name].pairs:
            sheet.set_row(row, max(height(word, _WIDTHS[0]), height(about.get(code, ""), _WIDTHS[1])))
            told = about.get(code, "") if name == "requirements" else ""
            for at, text in enumerate((word, told, code), 1):
                sheet.write_string(row, at, text, style("cell"))
            row += 1
        row += 1
