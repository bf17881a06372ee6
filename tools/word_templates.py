"""Makes the Word templates in `reports/docx/` from the plain descriptions in `tools/word/`, the drafts among them.

The .docx files are templates that anybody may edit in Word where the program is installed. Here they are made: change
the description and run `python tools/word_templates.py`; a test holds each template against what its description makes.
`--into FOLDER` writes them there, `NAME…` makes those alone (`letter`, `draft/order`).

A description is a list as `word_builder.py` says, with the texts `h1…h4`, `title`, `p`, `note`, `bullet`, `numbered`,
`right`, `centre`, and tables: `{table: {widths: [mm, …], head: […], for: loop, heading: field, cells: […]}}`, where a
cell may be `{for: loop, text: …, fill: …}` and a heading stands across the table wherever its field is not empty.
Those of drafts are described in `word_drafts.py`.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from docx.table import _Cell

from vsoko_rules.reading.yaml import read
from vsoko_rules.writing.office import FONT
from vsoko_rules.writing.word import CELL, HEAD, NOTE, SHADE, dress, put_numbers
from word_builder import Builder, filled, keep_row, put_caption, put_runs
from word_drafts import DraftBuilder

ROOT = Path(__file__).resolve().parents[1]
SOURCES, TARGETS = ROOT / "tools" / "word", ROOT / "reports" / "docx"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
"""what Word folds headings by"""
NAMES = {"p": "Normal", "bullet": "List Bullet", "numbered": "List Number", "note": NOTE}
NAMES |= {f"h{n}": f"Heading {n}" for n in range(1, 5)} | {"title": "Title", "right": "Normal", "centre": "Normal"}
ALIGNED = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "centre": WD_ALIGN_PARAGRAPH.CENTER}


class ReportBuilder(Builder):
    """The template of a report, a letter or a protocol."""

    def dress(self) -> None:
        """Page and styles of all papers, header and footer."""
        sizes = {name: float(self.said[name]) for name in ("size", "table_size") if name in self.said}
        dress(self.word, self.said.get("font", FONT), landscape=self.said.get("landscape") == "true", **sizes)
        section = self.word.sections[0]
        for text, part in ((self.said.get("header"), section.header), (self.said.get("footer"), section.footer)):
            paragraph = part.paragraphs[0]
            paragraph.style = self.word.styles[NOTE]
            put_numbers(paragraph, filled(text or ""))

    def bytes(self) -> bytes:
        """The finished file, which knows the names by which Word folds headings."""
        root = serialize_part_xml(self.word.element).decode()
        declared = root.replace("<w:document ", f'<w:document xmlns:w15="{W15}" ', 1)
        ignored = re.sub(r'mc:Ignorable="([^"]*)"', r'mc:Ignorable="\1 w15"', declared, count=1)
        self.word.part._element = parse_xml(ignored.encode())
        return super().bytes()

    def text(self, kind: str, text: str, more: Mapping[str, Any]) -> None:
        """A paragraph; a heading may be `folded`."""
        assert {*more} <= {"folded"}, f"unknown part: {kind}, {more}"
        paragraph: Any = self.word.add_paragraph(style=NAMES[kind])
        if kind in ALIGNED:
            paragraph.alignment = ALIGNED[kind]
        put_runs(paragraph, text)
        if more:
            paragraph._p.get_or_add_pPr().append(parse_xml(f'<w15:collapsed xmlns:w15="{W15}"/>'))

    def table(self, said: Mapping[str, Any]) -> None:
        """A table with a shaded head."""
        cells: list[Any] = said["cells"]
        widths = [float(width) for width in said["widths"]]
        rows = [(HEAD, said["head"], True), (CELL, cells, False)]
        loop = said.get("for")
        table = self.word.add_table(rows=0, cols=sum(_wide(cell) for cell in cells), style="Table Grid")
        table.autofit = False
        for style, texts, is_head in rows:
            if not is_head and loop:
                put_runs(table.add_row().cells[0].paragraphs[0], f"{{%tr for {loop} %}}")
            if not is_head and "heading" in said:
                self._heading(table, said["heading"])
            self._row(table.add_row(), texts, widths, style, is_head)
            if not is_head and loop:
                put_runs(table.add_row().cells[0].paragraphs[0], "{%tr endfor %}")
        sides = "".join(f'<w:{side} w:w="60" w:type="dxa"/>' for side in ("left", "right"))
        margins = f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"
        table._tbl.tblPr.insert_element_before(parse_xml(margins), "w:tblLook", "w:tblCaption")
        put_caption(table, said["about"])
        self.word.add_paragraph(style=NOTE)

    def _heading(self, table: Any, field: str) -> None:
        """A row across the table where a field says that a part of it begins."""
        put_runs(table.add_row().cells[0].paragraphs[0], f"{{%tr if {field} %}}")
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        paragraph = row.cells[0].merge(row.cells[-1]).paragraphs[0]
        paragraph.style = self.word.styles[CELL]
        paragraph.paragraph_format.keep_with_next = True
        put_runs(paragraph, f"**{{{{ {field} }}}}**")
        put_runs(table.add_row().cells[0].paragraphs[0], "{%tr endif %}")

    def _row(self, row: Any, texts: Sequence[Any], widths: Sequence[float], style: str, is_head: bool) -> None:
        keep_row(row, is_head)
        if is_head and any(isinstance(text, dict) and text.get("turned") for text in texts):
            row.height = Mm(25)
        cells = iter(row.cells)
        for said, width in zip(texts, widths, strict=True):
            loop = said.get("for") if isinstance(said, dict) else None
            if loop:
                put_runs(next(cells).paragraphs[0], f"{{%tc for {loop} %}}")
            self._cell(next(cells), said, width, style, is_head)
            if loop:
                put_runs(next(cells).paragraphs[0], "{%tc endfor %}")

    def _cell(self, cell: _Cell, said: Any, width: float, style: str, is_head: bool) -> None:
        cell.width = Mm(width)
        texts = said["text"] if isinstance(said, dict) else said
        for number, text in enumerate(texts.split("\n")):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.style = self.word.styles[style]
            fill = said.get("fill") if isinstance(said, dict) and number == 0 else None
            if fill:
                put_runs(paragraph, f"{{% cellbg {fill} %}}")
            put_runs(paragraph, text)
        if is_head:
            more = f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{SHADE}"/>'
            cell._tc.get_or_add_tcPr().append(parse_xml(more))
            if isinstance(said, dict) and said.get("turned"):
                cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:textDirection {nsdecls("w")} w:val="btLr"/>'))


def _wide(cell: Any) -> int:
    """How many cells of the template a cell takes: a loop needs one before it and one after it."""
    return 3 if isinstance(cell, dict) and "for" in cell else 1


def described() -> dict[str, Path]:
    """The description of every template, by its name."""
    paths = sorted([*SOURCES.glob("*.yml"), *SOURCES.glob("draft/*.yml")])
    return {path.relative_to(SOURCES).with_suffix("").as_posix(): path for path in paths}


def made(name: str, path: Path) -> bytes:
    """One template."""
    said: dict[str, Any] = read(path).data
    if not name.startswith("draft/"):
        return ReportBuilder(said).bytes()
    shared: dict[str, Any] = read(SOURCES / "parts" / "draft.yml").data
    return DraftBuilder({**shared, **said}).bytes()


def main() -> None:
    """Make the named templates, or all."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("names", nargs="*", metavar="NAME")
    options.add_argument("--into", type=Path, default=TARGETS, metavar="FOLDER")
    asked = options.parse_args()
    if unknown := {*asked.names} - {*described()}:
        options.error(f"no template is called {', '.join(sorted(unknown))}")
    for name, path in described().items():
        if not asked.names or name in asked.names:
            target: Path = asked.into / f"{name}.docx"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(made(name, path))


if __name__ == "__main__":
    main()
