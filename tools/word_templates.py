"""Makes the first version of the Word templates in `reports/docx/` from the plain descriptions in `tools/word/`.

The .docx files are the templates: whoever wants another look opens them in Word and changes styles, texts, header and
footer there. Run this only to begin anew: `python tools/word_templates.py [NAME…]` overwrites them.

A description is a list of: `h1…h4`, `p`, `note`, `bullet`, `numbered`, `right`, `centre` (texts with Jinja fields,
`**bold**`), `{if: condition, do: […], else: […]}`, `{for: loop, do: […]}`, `page: break`, and tables:
`{table: {widths: [mm, …], head: […], for: loop, heading: field, cells: […]}}`, where a cell may be
`{for: loop, text: …, fill: …}` and a heading stands across the table wherever its field is not empty.
`[[name :: value=field]]` stands for a sentence of `reports/sentences.yml` with the field put in, as Word will have it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from vsoko_rules.reading.yaml import read
from vsoko_rules.report.out.docx import same_bytes
from vsoko_rules.words import sentences

ROOT = Path(__file__).resolve().parents[1]
SOURCES, TARGETS = ROOT / "tools" / "word", ROOT / "reports" / "docx"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
"""what Word folds headings by"""
INK, MUTED, SHADE = RGBColor(0x1F, 0x3A, 0x5F), RGBColor(0x55, 0x5D, 0x68), "E3E9F0"
SIZES = {"h1": 15, "h2": 13, "h3": 11.5, "h4": 10.5}
NAMES = {"p": "Normal", "bullet": "List Bullet", "numbered": "List Number", "note": "Примечание"}
NAMES |= {f"h{n}": f"Heading {n}" for n in range(1, 5)} | {"title": "Title", "right": "Normal", "centre": "Normal"}
ALIGNED = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "centre": WD_ALIGN_PARAGRAPH.CENTER}


SENTENCE = re.compile(r"\[\[(\w+)((?: :: \w+=.+?)*)\]\]")


def filled(text: str) -> str:
    """A text of a description with the sentences that it names."""

    def sentence(match: re.Match[str]) -> str:
        values = dict(part.split("=", 1) for part in match[2].split(" :: ")[1:])
        return sentences()[match[1]].format(**{name: f"{{{{ {field} }}}}" for name, field in values.items()})

    return SENTENCE.sub(sentence, text)


class Builder:
    """One template."""

    def __init__(self, said: Any) -> None:
        self.said = said
        self.word: Word = Document()
        self.size = float(said.get("size", "10"))
        self._styles(said.get("font", "Arial"))
        self._page(said.get("landscape") == "true")
        self._properties()
        self._body(said["body"])

    def bytes(self) -> bytes:
        """The finished file."""
        root = serialize_part_xml(self.word.element).decode()
        declared = root.replace("<w:document ", f'<w:document xmlns:w15="{W15}" ', 1)
        ignored = re.sub(r'mc:Ignorable="([^"]*)"', r'mc:Ignorable="\1 w15"', declared, count=1)
        self.word.part._element = parse_xml(ignored.encode())
        stream = BytesIO()
        self.word.save(stream)
        return same_bytes(stream.getvalue())

    def _styles(self, font: str) -> None:
        styles = self.word.styles
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "ru-RU")
        for name in ("Примечание", "Ячейка", "Шапка таблицы"):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        for name in ("Normal", "Title", *(f"Heading {n}" for n in range(1, 5))):
            _font(styles[name], font)
        styles["Normal"].font.size = Pt(self.size)
        styles["Normal"].paragraph_format.space_after = Pt(5)
        styles["Normal"].paragraph_format.line_spacing = 1.08
        for name, size in {**{NAMES[k]: s for k, s in SIZES.items()}, "Title": 20}.items():
            styles[name].font.size, styles[name].font.bold = Pt(size), True
            styles[name].font.italic = False
            styles[name].font.color.rgb = INK
            styles[name].paragraph_format.space_before = Pt(0 if name == "Title" else 10)
            styles[name].paragraph_format.space_after = Pt(4)
            styles[name].paragraph_format.keep_with_next = True
        border = styles["Title"].element.find(f".//{qn('w:pBdr')}")
        if border is not None:
            border.getparent().remove(border)
        styles["Примечание"].font.size, styles["Примечание"].font.color.rgb = Pt(9), MUTED
        for name in ("Ячейка", "Шапка таблицы"):
            styles[name].font.size = Pt(float(self.said.get("table_size", "8")))
            styles[name].paragraph_format.space_before = styles[name].paragraph_format.space_after = Pt(1.5)
            styles[name].paragraph_format.line_spacing = 1.0
        styles["Шапка таблицы"].font.bold = True

    def _page(self, landscape: bool) -> None:
        section = self.word.sections[0]
        sides = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
        section.page_width, section.page_height = sides
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.left_margin, section.right_margin = Mm(20), Mm(15)
        section.top_margin, section.bottom_margin = Mm(18), Mm(18)
        for text, part in ((self.said.get("header"), section.header), (self.said.get("footer"), section.footer)):
            paragraph = part.paragraphs[0]
            paragraph.style = self.word.styles["Примечание"]
            for piece in re.split(r"(\[\w+\])", filled(text or "")):
                if piece in ("[PAGE]", "[NUMPAGES]"):
                    field = parse_xml(
                        f'<w:fldSimple {nsdecls("w")} w:instr="{piece[1:-1]}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
                    )
                    paragraph._p.append(field)
                elif piece:
                    paragraph.add_run(piece)

    def _properties(self) -> None:
        properties = self.word.core_properties
        for name in ("title", "subject", "author", "keywords"):
            setattr(properties, name, filled(self.said[name]))
        properties.comments, properties.language = "", "ru-RU"
        properties.created = properties.modified = datetime(2022, 1, 1, tzinfo=timezone.utc)

    def _body(self, parts: Sequence[Any]) -> None:
        for part in parts:
            ((kind, said), *rest) = part.items()
            if kind in ("if", "for"):
                self._text("p", f"{{%p {kind} {said} %}}")
                self._body(part["do"])
                if "else" in part:
                    self._text("p", "{%p else %}")
                    self._body(part["else"])
                self._text("p", f"{{%p end{kind} %}}")
            elif kind == "table":
                self._table(said)
            elif kind == "page":
                self.word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            else:
                assert not rest or rest[0][0] == "folded", f"unknown part: {part}"
                paragraph = self._text(kind, said)
                if rest:
                    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w15:collapsed xmlns:w15="{W15}"/>'))

    def _text(self, kind: str, text: str) -> Any:
        paragraph = self.word.add_paragraph(style=NAMES[kind])
        if kind in ALIGNED:
            paragraph.alignment = ALIGNED[kind]
        _runs(paragraph, text)
        return paragraph

    def _table(self, said: Any) -> None:
        cells: list[Any] = said["cells"]
        widths = [float(width) for width in said["widths"]]
        rows = [("Шапка таблицы", said["head"], True), ("Ячейка", cells, False)]
        loop = said.get("for")
        table = self.word.add_table(rows=0, cols=sum(_wide(cell) for cell in cells), style="Table Grid")
        table.autofit = False
        for style, texts, is_head in rows:
            if not is_head and loop:
                _runs(table.add_row().cells[0].paragraphs[0], f"{{%tr for {loop} %}}")
            if not is_head and "heading" in said:
                self._heading(table, said["heading"])
            self._row(table.add_row(), texts, widths, style, is_head)
            if not is_head and loop:
                _runs(table.add_row().cells[0].paragraphs[0], "{%tr endfor %}")
        sides = "".join(f'<w:{side} w:w="60" w:type="dxa"/>' for side in ("left", "right"))
        margins = f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"
        table._tbl.tblPr.insert_element_before(parse_xml(margins), "w:tblLook", "w:tblCaption")
        caption = OxmlElement("w:tblCaption")
        caption.set(qn("w:val"), filled(said["about"]))
        table._tbl.tblPr.append(caption)
        self.word.add_paragraph(style="Примечание")

    def _heading(self, table: Any, field: str) -> None:
        """A row across the table where a field says that a part of it begins."""
        _runs(table.add_row().cells[0].paragraphs[0], f"{{%tr if {field} %}}")
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        paragraph = row.cells[0].merge(row.cells[-1]).paragraphs[0]
        paragraph.style = self.word.styles["Ячейка"]
        paragraph.paragraph_format.keep_with_next = True
        _runs(paragraph, f"**{{{{ {field} }}}}**")
        _runs(table.add_row().cells[0].paragraphs[0], "{%tr endif %}")

    def _row(self, row: Any, texts: Sequence[Any], widths: Sequence[float], style: str, is_head: bool) -> None:
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if is_head:
            properties.append(OxmlElement("w:tblHeader"))
            if any(isinstance(text, dict) and text.get("turned") for text in texts):
                row.height = Mm(25)
        cells = iter(row.cells)
        for said, width in zip(texts, widths, strict=True):
            loop = said.get("for") if isinstance(said, dict) else None
            if loop:
                _runs(next(cells).paragraphs[0], f"{{%tc for {loop} %}}")
            self._cell(next(cells), said, width, style, is_head)
            if loop:
                _runs(next(cells).paragraphs[0], "{%tc endfor %}")

    def _cell(self, cell: _Cell, said: Any, width: float, style: str, is_head: bool) -> None:
        cell.width = Mm(width)
        texts = said["text"] if isinstance(said, dict) else said
        for number, text in enumerate(texts.split("\n")):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.style = self.word.styles[style]
            fill = said.get("fill") if isinstance(said, dict) and number == 0 else None
            if fill:
                _runs(paragraph, f"{{% cellbg {fill} %}}")
            _runs(paragraph, text)
        if is_head:
            more = f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{SHADE}"/>'
            cell._tc.get_or_add_tcPr().append(parse_xml(more))
            if isinstance(said, dict) and said.get("turned"):
                cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:textDirection {nsdecls("w")} w:val="btLr"/>'))


def _wide(cell: Any) -> int:
    """How many cells of the template a cell takes: a loop needs one before it and one after it."""
    return 3 if isinstance(cell, dict) and "for" in cell else 1


def _runs(paragraph: Any, text: str) -> None:
    for number, piece in enumerate(filled(text).split("**")):
        if piece:
            paragraph.add_run(piece).bold = True if number % 2 else None


def _font(style: Any, font: str) -> None:
    style.font.name = font
    fonts = style.element.rPr.rFonts
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), font)


def main(names: Sequence[str]) -> None:
    """Make the named templates, or all."""
    for path in sorted(SOURCES.glob("*.yml")):
        if not names or path.stem in names:
            (TARGETS / f"{path.stem}.docx").write_bytes(Builder(read(path).data).bytes())


if __name__ == "__main__":
    main(sys.argv[1:])
