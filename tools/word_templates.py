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
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.table import _Cell

from vsoko_rules.reading.yaml import read
from vsoko_rules.words import sentences
from vsoko_rules.writing.office import FONT, packed
from vsoko_rules.writing.word import CELL, HEAD, NOTE, SHADE, dress, put_numbers

ROOT = Path(__file__).resolve().parents[1]
SOURCES, TARGETS = ROOT / "tools" / "word", ROOT / "reports" / "docx"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
"""what Word folds headings by"""
NAMES = {"p": "Normal", "bullet": "List Bullet", "numbered": "List Number", "note": NOTE}
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
        sizes = {name: float(said[name]) for name in ("size", "table_size") if name in said}
        dress(self.word, said.get("font", FONT), landscape=said.get("landscape") == "true", **sizes)
        self._page()
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
        return packed(stream.getvalue())

    def _page(self) -> None:
        section = self.word.sections[0]
        for text, part in ((self.said.get("header"), section.header), (self.said.get("footer"), section.footer)):
            paragraph = part.paragraphs[0]
            paragraph.style = self.word.styles[NOTE]
            put_numbers(paragraph, filled(text or ""))

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
        rows = [(HEAD, said["head"], True), (CELL, cells, False)]
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
        self.word.add_paragraph(style=NOTE)

    def _heading(self, table: Any, field: str) -> None:
        """A row across the table where a field says that a part of it begins."""
        _runs(table.add_row().cells[0].paragraphs[0], f"{{%tr if {field} %}}")
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        paragraph = row.cells[0].merge(row.cells[-1]).paragraphs[0]
        paragraph.style = self.word.styles[CELL]
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


def main(names: Sequence[str]) -> None:
    """Make the named templates, or all."""
    for path in sorted(SOURCES.glob("*.yml")):
        if not names or path.stem in names:
            (TARGETS / f"{path.stem}.docx").write_bytes(Builder(read(path).data).bytes())


if __name__ == "__main__":
    main(sys.argv[1:])
