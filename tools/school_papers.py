"""Files of every format that schools keep, of lines of text; a line that begins with | is a row of a table."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from html import escape
from io import BytesIO
from itertools import groupby
from typing import Final, Literal

import typst
import xlsxwriter

from vsoko_rules.writing.office import packed

Lines = Sequence[str]

ON: Final = datetime(2022, 10, 1, tzinfo=timezone.utc)
"""the date in the properties of every file"""

_EPOCH: Final = (2022, 10, 1, 0, 0, 0)

PARTS: Final = {
    "style.css": b"body { font-family: sans-serif; margin: 2em }\nnav { color: #555 }\n",
    "counter.js": b"// counts visits\n",
}
"""what a browser saves beside a page"""


def cells(line: str) -> list[str]:
    """The cells of a row."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _parts(lines: Lines) -> Iterator[tuple[bool, list[str]]]:
    """Runs of rows of one table (true) and of other lines."""
    for is_table, run in groupby(lines, key=lambda line: line.startswith("|")):
        yield is_table, list(run)


def _rows(run: Lines) -> list[list[str]]:
    rows = [cells(line) for line in run]
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_DOCX: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATION}" Target="word/document.xml"/></Relationships>'
    ),
}
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def docx(lines: Lines) -> bytes:
    """A Word document with nothing but its text: twenty times smaller than one with all styles."""
    body = []
    for is_table, run in _parts(lines):
        if is_table:
            rows = ("".join(f"<w:tc>{_word_paragraph(cell)}</w:tc>" for cell in row) for row in _rows(run))
            grid = "<w:gridCol/>" * len(_rows(run)[0])
            body.append(f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>")
            body += [f"<w:tr>{row}</w:tr>" for row in rows] + ["</w:tbl>"]
        else:
            body += [_word_paragraph(line) for line in run]
    text = f'<w:document xmlns:w="{_WORD}"><w:body>{"".join(body)}<w:p/><w:sectPr/></w:body></w:document>'
    parts = {**_DOCX, "word/document.xml": text}
    return archive({name: (_XML + part).encode() for name, part in parts.items()})


def _word_paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def xlsx(lines: Lines) -> bytes:
    """A workbook of one sheet; lines before the table stand in its first column."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": ON.replace(tzinfo=None)})
    sheet = book.add_worksheet("Лист1")
    for row, line in enumerate(lines):
        for column, cell in enumerate(cells(line)):
            sheet.write_string(row, column, cell)
    book.close()
    return packed(stream.getvalue())


def rtf(lines: Lines) -> bytes:
    """A document of WordPad; all letters as numbers, as Word writes them."""
    text = [r"{\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0\froman\fcharset204 Times New Roman;}}\lang1049\f0\fs24"]
    for is_table, run in _parts(lines):
        for row in _rows(run) if is_table else ():
            ends = "".join(rf"\cellx{2400 * (n + 1)}" for n in range(len(row)))
            text.append(rf"\trowd{ends}" + "".join(rf"\intbl {_numbered(c)}\cell" for c in row) + r"\row")
        if not is_table:
            text += [rf"\pard {_numbered(line)}\par" for line in run]
    return ("\n".join(text) + "}").encode("ascii")


def _numbered(text: str) -> str:
    return "".join(c if c.isascii() and c not in "\\{}" else rf"\u{ord(c)}?" for c in text)


_ODT: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.2">'
    "<office:body><office:text>{}</office:text></office:body></office:document-content>"
)
_ODT_TYPE: Final = "application/vnd.oasis.opendocument.text"
_MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODT_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def odt(lines: Lines) -> bytes:
    """A document of LibreOffice."""
    body = []
    for is_table, run in _parts(lines):
        if is_table:
            rows = _rows(run)
            table = "".join(
                "<table:table-row>"
                + "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row)
                + "</table:table-row>"
                for row in rows
            )
            columns = f'<table:table-column table:number-columns-repeated="{len(rows[0])}"/>'
            body.append(f"<table:table>{columns}{table}</table:table>")
        else:
            body += [f"<text:p>{escape(line)}</text:p>" for line in run]
    parts = {"content.xml": _ODT.format("".join(body)).encode(), "META-INF/manifest.xml": _MANIFEST.encode()}
    return archive({"mimetype": _ODT_TYPE.encode(), **parts}, pack=False)


def txt(lines: Lines) -> bytes:
    """A text of the Windows Notepad."""
    plain = (" ".join(cells(line)) if line.startswith("|") else line for line in lines)
    return ("\r\n".join(plain) + "\r\n").encode("cp1251")


_TYPST: Final = """
#set page(paper: "a4", margin: 2cm)
#set text(lang: "ru", size: 11pt, hyphenate: false)
#let parts = json(bytes(sys.inputs.parts))
#for part in parts {
  if part.table {
    table(columns: part.rows.first().len(), ..part.rows.flatten())
  } else {
    for line in part.rows { par(line) }
  }
}
"""
_TYPST_SCAN: Final = """
#set page(paper: "a4", margin: 0cm)
#image(bytes(json(bytes(sys.inputs.picture))), format: "png", width: 100%)
"""


def pdf(lines: Lines) -> bytes:
    """A document as Word prints it to PDF."""
    return _typeset(lines, "pdf")


def scan(lines: Lines) -> bytes:
    """A picture of a page in a PDF, without any text."""
    import json

    picture = json.dumps(list(_typeset(lines, "png")))
    return _compiled(_TYPST_SCAN, "pdf", {"picture": picture})


def _typeset(lines: Lines, kind: Literal["pdf", "png"]) -> bytes:
    import json

    parts = [
        {"table": is_table, "rows": _rows(run) if is_table else [" ".join(line.split()) for line in run]}
        for is_table, run in _parts(lines)
    ]
    return _compiled(_TYPST, kind, {"parts": json.dumps(parts, ensure_ascii=False)})


def _compiled(source: str, kind: Literal["pdf", "png"], inputs: dict[str, str]) -> bytes:
    day = int(ON.timestamp()) if kind == "pdf" else None
    return typst.compile(
        source.encode(), format=kind, ignore_system_fonts=True, sys_inputs=inputs, timestamp=day, ppi=72
    )


def page(lines: Lines, address: str, links: Mapping[str, Sequence[tuple[str, str]]]) -> bytes:
    """A page of a site as a browser saves it; `links` stand under the lines that begin as their keys."""
    title, body = escape(lines[0]), []
    for line in lines:
        body.append(f"<h2>{escape(line)}</h2>" if line.startswith("Блок") else f"<p>{escape(line)}</p>")
        listed = [pair for begins, pairs in links.items() if line.startswith(begins) for pair in pairs]
        if listed:
            items = (f'<li><a href="{escape(target)}">{escape(text)}</a></li>' for text, target in listed)
            body.append(f"<ul>{''.join(items)}</ul>")
    saved = f"<!-- saved from url=({len(address):04}){address} -->"
    head = f'<meta charset="utf-8"><title>{title}</title>'
    menu = "<nav><a href='/'>Главная</a> <a href='/news'>Новости</a> <a href='/svedeniya'>Сведения</a></nav>"
    text = "\n".join(["<!DOCTYPE html>", saved, f'<html lang="ru"><head>{head}</head><body>', menu, *body])
    return (text + "\n</body></html>\n").encode()


def archive(parts: Mapping[str, bytes], pack: bool = True) -> bytes:
    """A ZIP of files by their names."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as packed_up:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED if pack or name != "mimetype" else zipfile.ZIP_STORED
            packed_up.writestr(info, content)
    return stream.getvalue()


def lock() -> bytes:
    """What Word leaves beside a document that is open."""
    owner = "Приёмная"
    return (b"\x08" + owner.encode("cp1251")).ljust(55, b"\0") + owner.encode("utf-16-le").ljust(107, b"\0")


WRITERS: Final[Mapping[str, Callable[[Lines], bytes]]] = {
    ".docx": docx,
    ".xlsx": xlsx,
    ".rtf": rtf,
    ".odt": odt,
    ".txt": txt,
    ".pdf": pdf,
}
"""by the ending of a file"""
