"""Makes the Word templates of drafts from `tools/word/draft/` and from what they share, `tools/word/parts/draft.yml`.

The key of a text is its style. Beside it stands how it differs from the style: `before`, `after` (points), `left`,
`right`, `first` (the first line; below zero it hangs out), `tabs` (millimetres; `edge`: the right edge of the text),
`line`, `keep` (with the next), `align`, `bold`, `size`. A table has `rows` rows, or one for each of a `for` loop;
`[ROW]` in its cells is the number of the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from vsoko_rules.writing.office import LANGUAGE, LONG_SIDE, SHORT_SIDE
from vsoko_rules.writing.word import put_font, put_numbers
from word_builder import Builder, keep_row, put_caption, put_runs

CELL, HEAD = "Ячейка", "Шапка"
INDENT = "108"
"""of a table, so that its texts, not its lines, begin where the text of the page does; twentieths of a point"""


class DraftBuilder(Builder):
    """The template of one kind of draft: the page for its author, then the document with its own pages and numbers."""

    def dress(self) -> None:
        """Page, styles, the page for the author, and the section that the document itself stands in."""
        self._styles()
        section: Any = self.word.sections[0]
        section.page_width, section.page_height = Mm(SHORT_SIDE), Mm(LONG_SIDE)
        for side, margin in self.said["page"].items():
            setattr(section, f"{side}_margin", Mm(float(margin)))
        self.body(self.said["guide"])
        self._own_section()

    def text(self, kind: str, text: str, more: Mapping[str, Any]) -> None:
        """A paragraph of the style `kind`, shaped by `more`."""
        paragraph = self.word.add_paragraph(style=kind)
        put_runs(paragraph, text)
        self._shape(paragraph.paragraph_format, more)
        for run in paragraph.runs:
            _letters(run.font, more)

    def table(self, said: Mapping[str, Any]) -> None:
        """A table with blank rows, or with a row for each of a loop."""
        table = self.word.add_table(rows=0, cols=len(said["head"]), style="Table Grid")
        table.autofit = False
        indent = OxmlElement("w:tblInd")
        indent.set(qn("w:w"), INDENT)
        indent.set(qn("w:type"), "dxa")
        table._tbl.tblPr.insert_element_before(indent, "w:tblLayout", "w:tblLook")
        put_caption(table, said["about"])
        for number, texts in enumerate([said["head"], *_rows(said)]):
            row = table.add_row()
            keep_row(row, is_head=number == 0)
            for cell, text, width in zip(row.cells, texts, said["widths"], strict=True):
                cell.width = Mm(float(width))
                cell.paragraphs[0].style = self.word.styles[CELL if number else HEAD]
                put_runs(cell.paragraphs[0], text)

    def _styles(self) -> None:
        styles: Any = self.word.styles
        for language in styles.element.iter(qn("w:lang")):
            for script in ("val", "eastAsia"):
                language.set(qn(f"w:{script}"), LANGUAGE)
        for name, said in self.said["styles"].items():
            if name != "Normal":
                styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
            put_font(styles[name], said.get("font", self.said["font"]))
            _letters(styles[name].font, said)
            self._shape(styles[name].paragraph_format, said)

    def _own_section(self) -> None:
        """A section of the document itself: its pages are numbered from 1 on, at the top, but for the first."""
        section: Any = self.word.add_section()
        if self.said.get("landscape") == "true":
            section.page_width, section.page_height = Mm(LONG_SIDE), Mm(SHORT_SIDE)
            section.orientation = WD_ORIENT.LANDSCAPE
        section.header_distance = Mm(float(self.said["header"]))
        start = OxmlElement("w:pgNumType")
        start.set(qn("w:start"), "1")
        section._sectPr.insert_element_before(start, "w:cols")
        section.header.is_linked_to_previous = False
        number = section.header.paragraphs[0]
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        put_numbers(number, "[PAGE]", shown="2")
        section.different_first_page_header_footer = True
        section.first_page_header.is_linked_to_previous = False

    def _shape(self, shape: Any, said: Mapping[str, Any]) -> None:
        """Set what is said of a paragraph, or of a style of paragraphs."""
        for key, name in (("after", "space_after"), ("before", "space_before")):
            if key in said:
                setattr(shape, name, Pt(float(said[key])))
        for key, name in (("left", "left_indent"), ("right", "right_indent"), ("first", "first_line_indent")):
            if key in said:
                setattr(shape, name, Mm(float(said[key])))
        for key, name in (("keep", "keep_with_next"), ("widows", "widow_control")):
            if key in said:
                setattr(shape, name, said[key] == "true")
        if "line" in said:
            shape.line_spacing = float(said["line"])
        if "align" in said:
            shape.alignment = getattr(WD_ALIGN_PARAGRAPH, said["align"].upper())
        for tab in said.get("tabs", ()):
            self._tab(shape, **tab)

    def _tab(self, shape: Any, at: str, leader: str = "") -> None:
        section: Any = self.word.sections[-1]
        edge = at == "edge"
        place = section.page_width - section.left_margin - section.right_margin if edge else Mm(float(at))
        align = WD_TAB_ALIGNMENT.RIGHT if edge else WD_TAB_ALIGNMENT.LEFT
        line = {"": WD_TAB_LEADER.SPACES, "underscore": WD_TAB_LEADER.LINES}[leader]
        shape.tab_stops.add_tab_stop(place, align, line)


def _rows(said: Mapping[str, Any]) -> list[list[str]]:
    """The texts of the rows of a table, those that begin and end its loop among them."""
    numbers = range(1, int(said.get("rows", 1)) + 1)
    rows = [[cell.replace("[ROW]", str(number)) for cell in said["cells"]] for number in numbers]
    if "for" not in said:
        return rows
    empty = [""] * (len(said["head"]) - 1)
    return [[f"{{%tr for {said['for']} %}}", *empty], *rows, ["{%tr endfor %}", *empty]]


def _letters(font: Any, said: Mapping[str, Any]) -> None:
    if "bold" in said:
        font.bold = said["bold"] == "true"
    if "size" in said:
        font.size = Pt(float(said["size"]))
