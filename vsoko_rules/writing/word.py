"""The one writer of Word documents: whatever is saved is on A4, in Russian, with numbered pages and tables that fit.

`WordWriter` makes a document of headings, texts and tables; `finished` is for one that a template made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from vsoko_rules.words import tied, words
from vsoko_rules.writing.office import FONT, LANGUAGE, LONG_SIDE, SHORT_SIDE, fitted, packed

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

NOTE, CELL, HEAD = "Примечание", "Ячейка", "Шапка таблицы"
"""styles that python-docx does not bring"""

SHADE: Final = "E3E9F0"
"""behind the head of a table"""
_INK, _MUTED = "1F3A5F", "555D68"
_HEADINGS: Final = {"Heading 1": 15, "Heading 2": 13, "Heading 3": 11.5, "Heading 4": 10.5, "Title": 20}
"""points"""
_MARGINS: Final = {"left_margin": 20, "right_margin": 15, "top_margin": 18, "bottom_margin": 18}
"""millimetres"""
_LETTER: Final = {(12240, 15840), (15840, 12240)}
"""the sheet on which Word begins in America, in twentieths of a point"""
_LEAST: Final = 0.06
"""of the width of a page: no column is narrower unless it was"""


class WordWriter:
    """A document that is being written from top to bottom."""

    def __init__(self, title: str, on: datetime, landscape: bool = False) -> None:
        import docx

        self._word = docx.Document()
        self._on = on
        self._word.core_properties.title, self._word.core_properties.author = title, ""
        dress(self._word, landscape=landscape)

    def heading(self, text: str, level: int) -> None:
        """A heading; level 0 is the title of the document."""
        self._word.add_heading(text, level)

    def text(self, text: str, style: str = "Normal") -> None:
        """A paragraph."""
        self._word.add_paragraph(text, style)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A table as wide as the page; `widths` are shares of it, in any unit."""
        table = self._word.add_table(rows=1 + len(rows), cols=len(head), style="Table Grid")
        styles = {name: self._word.styles[name].style_id for name in (HEAD, CELL)}  # each look-up searches all styles
        cells = table._cells  # each access through `rows` walks the whole table
        for n, value in enumerate([*head, *(value for row in rows for value in row)]):
            paragraph = cells[n].paragraphs[0]
            paragraph.add_run(value)
            paragraph._p.style = styles[HEAD if n < len(head) else CELL]
            if n < len(head):
                cells[n]._tc.get_or_add_tcPr().append(_element("shd", val="clear", fill=SHADE))
        width = _text_width(self._word.sections[0])
        _set_widths(table, [width * own / sum(widths) for own in widths])
        self._word.add_paragraph(style=NOTE)

    def content(self) -> bytes:
        """The finished file."""
        return finished(self._word, self._on)


def dress(word: Document, font: str = FONT, size: float = 10, table_size: float = 8, landscape: bool = False) -> None:
    """Give a new document the page and the styles of all papers; sizes in points."""
    from docx.enum.section import WD_ORIENT
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt, RGBColor

    section = word.sections[0]
    sides = (LONG_SIDE, SHORT_SIDE) if landscape else (SHORT_SIDE, LONG_SIDE)
    section.page_width, section.page_height = (Mm(side) for side in sides)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    for name, margin in _MARGINS.items():
        setattr(section, name, Mm(margin))
    styles: Any = word.styles
    for name in (NOTE, CELL, HEAD):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    for name in ("Normal", *_HEADINGS):
        put_font(styles[name], font)
    styles["Normal"].font.size = Pt(size)
    styles["Normal"].paragraph_format.space_after, styles["Normal"].paragraph_format.line_spacing = Pt(5), 1.08
    for name, points in _HEADINGS.items():
        style = styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(points), True, False
        style.font.color.rgb = RGBColor.from_string(_INK)
        style.paragraph_format.space_before = Pt(0 if name == "Title" else 10)
        style.paragraph_format.space_after, style.paragraph_format.keep_with_next = Pt(4), True
    border = styles["Title"].element.find(f".//{_name('pBdr')}")
    if border is not None:
        border.getparent().remove(border)
    styles[NOTE].font.size, styles[NOTE].font.color.rgb = Pt(9), RGBColor.from_string(_MUTED)
    for name in (CELL, HEAD):
        styles[name].font.size, styles[name].paragraph_format.line_spacing = Pt(table_size), 1.0
        styles[name].paragraph_format.space_before = styles[name].paragraph_format.space_after = Pt(1.5)
    styles[HEAD].font.bold = True


def finished(word: Document, on: datetime) -> bytes:
    """The file of a document. `on` is the date in its properties."""
    from docx.shared import Mm

    for section in word.sections:
        width, height = section.page_width, section.page_height
        if width is None or height is None or (width.twips, height.twips) in _LETTER:
            sides = (SHORT_SIDE, LONG_SIDE) if width is None or height is None or width < height else (297, 210)
            section.page_width, section.page_height = (Mm(side) for side in sides)
    _speak_russian(word)
    _number(word)
    _tie(word)
    for table, section in _tables(word):
        _fit(table, _text_width(section))
        _keep_rows(table)
    properties = word.core_properties
    properties.created = properties.modified = on
    properties.revision = 1
    stream = BytesIO()
    word.save(stream)
    return packed(stream.getvalue())


def _speak_russian(word: Document) -> None:
    styles = word.styles.element
    defaults = styles.xpath("w:docDefaults/w:rPrDefault/w:rPr")
    if defaults and not defaults[0].xpath("w:lang"):
        defaults[0].append(_element("lang"))
    for language in styles.iter(_name("lang")):
        language.set(_name("val"), LANGUAGE)


def _margins(word: Document) -> list[Any]:
    """Headers and footers as they will be saved: docxtpl puts others in the place of those that sections remember."""
    rels = word.part.rels.values()
    return [rel.target_part.element for rel in rels if rel.reltype.endswith(("/header", "/footer"))]


def _tie(word: Document) -> None:
    """No line breaks after «№» and before a unit, whoever wrote the text."""
    for part in (word.element.body, *_margins(word)):
        for text in part.iter(_name("t")):
            text.text = tied(text.text or "")


def _number(word: Document) -> None:
    """Number the pages of a document that does not do so itself."""
    fields = (field for part in _margins(word) for field in part.iter(_name("fldSimple"), _name("instrText")))
    if any("PAGE" in _said(field) for field in fields):
        return
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    section = word.sections[0]
    section.footer.is_linked_to_previous = False
    (reference,) = section._sectPr.xpath("w:footerReference[@w:type='default']")
    footer: Any = word.part.rels[reference.get(qn("r:id"))].target_part.element
    paragraphs = footer.findall(_name("p"))
    last = paragraphs[-1] if paragraphs and not "".join(paragraphs[-1].itertext()).strip() else footer.add_p()
    paragraph = Paragraph(last, section.footer)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    put_numbers(paragraph, words()["paper"]["page"].format(page="[PAGE]", pages="[NUMPAGES]"))


def put_numbers(paragraph: Any, text: str, shown: str = "1") -> None:
    """Add a text in which `[PAGE]` and `[NUMPAGES]` stand for the number of the page and of all pages.

    `shown` stands in their place until Word counts.
    """
    for piece in re.split(r"(\[(?:PAGE|NUMPAGES)\])", text):
        if piece in ("[PAGE]", "[NUMPAGES]"):
            field = _element("fldSimple", instr=piece[1:-1])
            run, number = _element("r"), _element("t")
            number.text = shown
            run.append(number)
            field.append(run)
            paragraph._p.append(field)
        elif piece:
            paragraph.add_run(piece)


def _said(field: Any) -> str:
    return str(field.get(_name("instr")) or field.text or "")


def _tables(word: Document) -> Iterator[tuple[Any, Section]]:
    """Every table that stands in the text itself, with the section it stands in."""
    from docx.table import Table

    sections, at = list(word.sections), 0
    for part in word.element.body:
        if part.tag == _name("tbl"):
            yield Table(part, word), sections[min(at, len(sections) - 1)]
        elif part.xpath("self::w:p/w:pPr/w:sectPr"):
            at += 1


def _text_width(section: Section) -> int:
    """What the margins of a page leave, in the units of python-docx."""
    assert section.page_width is not None
    return int(section.page_width - (section.left_margin or 0) - (section.right_margin or 0))


def _fit(table: Any, room: int) -> None:
    """Give a table the columns that the cells of its first row are wide, where they leave the page narrowed to it: a
    loop over cells of a template leaves others behind.

    The width of a cell goes before its colour, as the format wants it and docxtpl forgets.
    """
    for width in table._tbl.iter(_name("tcW")):
        width.getparent().insert(0, width)
    first = table._tbl.tr_lst[0].tc_lst if table._tbl.tr_lst else []
    widths = [cell.width for cell in first]
    if not widths or any(width is None for width in widths) or any(cell.grid_span > 1 for cell in first):
        return
    _set_widths(table, fitted(widths, [min(width, _LEAST * room) for width in widths], room))


def _set_widths(table: Any, widths: Sequence[float]) -> None:
    """Set the widths of all columns; a cell over several columns is as wide as they."""
    from docx.shared import Emu

    table.autofit = False
    grid = table._tbl.tblGrid
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        grid.add_gridCol().w = Emu(int(width))
    for row in table._tbl.tr_lst:
        at = 0
        for cell in row.tc_lst:
            cell.width = Emu(int(sum(widths[at : at + cell.grid_span])))
            at += cell.grid_span


def _keep_rows(table: Any) -> None:
    """No row is split between pages, and the first one is said again on each."""
    rows = table._tbl.tr_lst
    for row in rows:
        properties = row.get_or_add_trPr()
        if not properties.xpath("w:cantSplit"):
            properties.insert(0, _element("cantSplit"))
    if len(rows) > 1 and not rows[0].trPr.xpath("w:tblHeader"):
        rows[0].trPr.append(_element("tblHeader"))


def put_font(style: Any, font: str) -> None:
    """Give a style a font for all scripts, in place of that of the theme."""
    style.font.name = font
    fonts = style.element.rPr.rFonts
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(_name(name), font)


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{tag}")


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(_name(name), value)
    return made
