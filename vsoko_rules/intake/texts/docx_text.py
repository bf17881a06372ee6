"""Word documents (.docx, .docm): paragraphs, tables, text boxes, content controls, headers, footers, footnotes.

Of tracked changes what was put in is read and what was taken out is not. Macros are never looked at.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, Final

from vsoko_rules.intake.texts.file_text import TextLine, TextLink
from vsoko_rules.intake.texts.list_numbers import WordNumbers
from vsoko_rules.intake.texts.office_parts import OfficeParts, attribute, child, local
from vsoko_rules.intake.texts.read_text import ReadText, Unreadable, paragraph, table_row, tidy

_GONE: Final = frozenset(
    [
        "del",
        "moveFrom",
        "delText",
        "instrText",
        "delInstrText",
        "fldData",
        "rPr",
        "pPr",
        "sectPr",
        "tblPr",
        "tblGrid",
        "trPr",
        "tcPr",
        "sdtPr",
        "sdtEndPr",
        "annotationRef",
        "rt",
        "binData",
    ]
)
"""what is no text of the document: properties, codes of fields, what was taken out"""
_SIGNS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ASIDE: Final = ("headerReference", "footerReference")
_PRIVATE: Final = range(0xE000, 0xF900)


def read(content: bytes) -> ReadText:
    """The text of a Word document. Raises `Unreadable`."""
    parts = OfficeParts(content)
    main = _main_part(parts)
    root = parts.xml(main)
    body = child(root, "body") if root is not None else None
    if body is None:
        raise Unreadable("damaged")
    folder = posixpath.dirname(main)
    reader = _WordReader(_targets(parts, main), parts.xml(f"{folder}/numbering.xml"), parts.xml(f"{folder}/styles.xml"))
    lines = list(reader.blocks(body))
    lines += _notes(parts, folder, reader)
    headers, footers = _asides(parts, main, folder, root)
    return ReadText((*headers, *lines, *footers), tuple(reader.links))


def _main_part(parts: OfficeParts) -> str:
    root = parts.xml("_rels/.rels")
    for relation in root if root is not None else ():
        if (attribute(relation, "Type") or "").endswith("/officeDocument"):
            return (attribute(relation, "Target") or "").lstrip("/")
    return "word/document.xml"


def _targets(parts: OfficeParts, part: str) -> dict[str, str]:
    """Where a part leads, by the keys that it uses."""
    folder, name = posixpath.split(part)
    root = parts.xml(f"{folder}/_rels/{name}.rels")
    return {attribute(r, "Id") or "": attribute(r, "Target") or "" for r in root} if root is not None else {}


def _notes(parts: OfficeParts, folder: str, reader: _WordReader) -> Iterator[TextLine]:
    for kind in ("footnotes", "endnotes"):
        root = parts.xml(f"{folder}/{kind}.xml")
        for note in root if root is not None else ():
            if attribute(note, "type") is None:  # the others are lines between the text and its notes
                yield from reader.blocks(note)


def _asides(parts: OfficeParts, main: str, folder: str, root: Any) -> tuple[list[TextLine], list[TextLine]]:
    """What stands above and below on every page, each text once."""
    targets = _targets(parts, main)
    found: tuple[list[TextLine], list[TextLine]] = [], []
    seen: set[str] = set()
    for reference in root.iter():
        if (kind := local(reference)) in _ASIDE:
            name = posixpath.normpath(posixpath.join(folder, targets.get(attribute(reference, "id") or "", "")))
            part = parts.xml(name) if name not in seen else None
            seen.add(name)
            known = {line.text for line in found[_ASIDE.index(kind)]}
            lines = _WordReader(_targets(parts, name), None, None, aside=True).blocks(part if part is not None else ())
            found[_ASIDE.index(kind)].extend(line for line in lines if line.text not in known)
    return found


class _WordReader:
    """Reads what paragraphs and tables stand in, whatever stands around them."""

    def __init__(self, targets: dict[str, str], numbering: Any, styles: Any, aside: bool = False) -> None:
        self.links: list[TextLink] = []
        self._targets = targets
        self._numbers = WordNumbers(numbering, styles)
        self._aside = aside

    def blocks(self, node: Any) -> Iterator[TextLine]:
        """The lines of everything in `node`."""
        for part in node:
            match local(part):
                case "p":
                    yield from self._paragraph(part)
                case "tbl":
                    yield from self._table(part)
                case "AlternateContent":
                    yield from self.blocks(_chosen(part))
                case name if name not in _GONE:
                    yield from self.blocks(part)

    def _paragraph(self, node: Any) -> Iterator[TextLine]:
        properties = child(node, "pPr")
        boxes: list[TextLine] = []
        text = "".join(self._inline(node, boxes))
        yield from boxes  # a box is anchored at what it stands beside or above
        if tidy(text):
            mark = self._numbers.mark(properties)
            yield from paragraph(f"{mark} {text}" if mark else text, aside=self._aside)

    def _inline(self, node: Any, boxes: list[TextLine]) -> Iterator[str]:
        for part in node:
            name = local(part)
            if name == "t":
                yield part.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "sym":
                yield _symbol(attribute(part, "char") or "")
            elif name == "txbxContent":
                boxes.extend(self.blocks(part))
            elif name == "AlternateContent":
                yield from self._inline(_chosen(part), boxes)
            elif name == "hyperlink":
                text = "".join(self._inline(part, boxes))
                self._link(text, self._targets.get(attribute(part, "id") or ""))
                yield text
            elif name not in _GONE and not (name == "r" and _hidden(part)):
                yield from self._inline(part, boxes)

    def _link(self, text: str, target: str | None) -> None:
        if target:
            self.links.append(TextLink(tidy(text), target))

    def _table(self, node: Any) -> Iterator[TextLine]:
        for row in _inside(node, "tr"):
            if child(row, "trPr", "del") is not None:
                continue
            cells = [list(self.blocks(cell)) for cell in _inside(row, "tc")]
            if len(cells) == 1:  # a frame around paragraphs
                yield from cells[0]
            else:
                yield from table_row((" ".join(line.text for line in cell) for cell in cells), aside=self._aside)


def _inside(node: Any, name: str) -> Iterator[Any]:
    """The rows or cells of a table, those in content controls among them."""
    for part in node:
        if local(part) == name:
            yield part
        elif local(part) not in _GONE:
            yield from _inside(part, name)


def _chosen(node: Any) -> Any:
    """Of what is written twice, for newer and older programs, the first."""
    choice = child(node, "Choice")
    return choice if choice is not None else child(node, "Fallback") or ()


def _hidden(run: Any) -> bool:
    mark = child(run, "rPr", "vanish")
    return mark is not None and attribute(mark, "val") not in ("0", "false", "off")


def _symbol(code: str) -> str:
    """A sign of a font with signs of its own, which only that font knows."""
    try:
        number = int(code, 16)
    except ValueError:
        return " "
    return " " if number in _PRIVATE or not 0x20 < number < 0xD800 else chr(number)
