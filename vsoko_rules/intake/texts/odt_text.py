"""OpenDocument texts (.odt): paragraphs, lists, tables, text boxes, notes, headers and footers.

What was taken out under tracked changes lies apart from the text and is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vsoko_rules.intake.texts.file_text import TextLine, TextLink
from vsoko_rules.intake.texts.list_numbers import BULLET, counted
from vsoko_rules.intake.texts.office_parts import OfficeParts, attribute, child, local
from vsoko_rules.intake.texts.read_text import ReadText, Unreadable, paragraph, table_row, tidy

_GONE: Final = frozenset(
    ["tracked-changes", "annotation", "annotation-end", "note-citation", "forms", "sequence-decls"]
)
_ASIDE: Final = ("header", "footer")
_MOST_SPACES: Final = 1_000
_MOST_CELLS: Final = 1_000


def read(content: bytes) -> ReadText:
    """The text of an OpenDocument text. Raises `Unreadable`."""
    parts = OfficeParts(content)
    manifest = parts.xml("META-INF/manifest.xml")
    if manifest is not None and any(local(node) == "encryption-data" for node in manifest.iter()):
        raise Unreadable("locked")
    root, styles = parts.xml("content.xml"), parts.xml("styles.xml")
    body = child(root, "body", "text") if root is not None else None
    if body is None:
        raise Unreadable("damaged")
    levels = _levels(root) | (_levels(styles) if styles is not None else {})
    reader = _OdtReader(levels)
    lines = [*reader.blocks(body), *reader.notes]
    headers, footers = ([*_aside(styles, name)] if styles is not None else [] for name in _ASIDE)
    return ReadText((*headers, *lines, *footers), tuple(reader.links))


def _aside(styles: Any, name: str) -> Iterator[TextLine]:
    seen = set()
    for page in styles.iter():
        if local(page) == "master-page":
            for part in page:
                if local(part).startswith(name):
                    for line in _OdtReader({}, aside=True).blocks(part):
                        if line.text not in seen:
                            seen.add(line.text)
                            yield line


def _levels(root: Any) -> dict[tuple[str, int], Any]:
    """The levels of the styles of lists, by the name of the style and the number of the level."""
    found = {}
    for style in root.iter():
        if local(style) == "list-style":
            for level in style:
                number = attribute(level, "level") or ""
                if number.isdecimal():
                    found[attribute(style, "name") or "", int(number)] = level
    return found


class _OdtReader:
    def __init__(self, levels: dict[tuple[str, int], Any], aside: bool = False) -> None:
        self.links: list[TextLink] = []
        self.notes: list[TextLine] = []
        self._levels = levels
        self._aside = aside
        self._last: dict[tuple[str, int], int] = {}
        """the last number of each list, which another list may go on from"""

    def blocks(self, node: Any, mark: str = "") -> Iterator[TextLine]:
        """The lines of everything in `node`; `mark` stands before the first of them."""
        for part in node:
            match local(part):
                case "p" | "h":
                    yield from self._paragraph(part, mark)
                    mark = ""
                case "list":
                    yield from self._list(part)
                case "table":
                    yield from self._table(part)
                case name if name and name not in _GONE:
                    yield from self.blocks(part)

    def _paragraph(self, node: Any, mark: str) -> Iterator[TextLine]:
        boxes: list[TextLine] = []
        text = "".join(self._inline(node, boxes))
        yield from boxes
        if tidy(text):
            yield from paragraph(f"{mark} {text}" if mark else text, aside=self._aside)

    def _inline(self, node: Any, boxes: list[TextLine]) -> Iterator[str]:
        yield node.text or ""
        for part in node:
            match local(part):
                case "s":
                    times = attribute(part, "c") or "1"
                    yield " " * min(int(times), _MOST_SPACES) if times.isdecimal() and len(times) < 7 else " "
                case "tab":
                    yield "\t"
                case "line-break":
                    yield "\n"
                case "text-box":
                    boxes.extend(self.blocks(part))
                case "note":
                    self.notes.extend(self.blocks(part))
                case "a":
                    text = "".join(self._inline(part, boxes))
                    if target := attribute(part, "href"):
                        self.links.append(TextLink(tidy(text), target))
                    yield text
                case name if name and name not in _GONE:
                    yield from self._inline(part, boxes)
            yield part.tail or ""

    def _list(self, node: Any, style: str = "", depth: int = 1) -> Iterator[TextLine]:
        style = attribute(node, "style-name") or style
        level = self._levels.get((style, depth))
        goes_on = attribute(node, "continue-numbering") == "true" or attribute(node, "continue-list") is not None
        count = self._last.get((style, depth), 0) if goes_on else _whole(level, "start-value", 1) - 1
        for item in node:
            mark = ""
            if local(item) == "list-item":
                count = _whole(item, "start-value", count + 1)
                mark = _mark(level, count)
            yield from self._item(item, mark, style, depth)
        self._last[style, depth] = count

    def _item(self, item: Any, mark: str, style: str, depth: int) -> Iterator[TextLine]:
        for part in item:
            if local(part) == "list":
                yield from self._list(part, style, depth + 1)
            else:
                yield from self.blocks([part], mark)
                mark = ""

    def _table(self, node: Any) -> Iterator[TextLine]:
        for part in node:
            if local(part) == "table-row":
                yield from self._row(part)
            elif local(part) in ("table-rows", "table-header-rows", "table-row-group"):
                yield from self._table(part)

    def _row(self, row: Any) -> Iterator[TextLine]:
        cells: list[list[TextLine]] = []
        for cell in row:
            if local(cell) in ("table-cell", "covered-table-cell"):
                times = min(_whole(cell, "number-columns-repeated", 1), _MOST_CELLS - len(cells))
                cells += [list(self.blocks(cell))] * times
        if len(cells) == 1:
            yield from cells[0]
        else:
            yield from table_row((" ".join(line.text for line in cell) for cell in cells), aside=self._aside)


def _whole(node: Any, name: str, default: int) -> int:
    text = (attribute(node, name) or "") if node is not None else ""
    return int(text) if text.isdecimal() and len(text) < 7 else default


def _mark(level: Any, count: int) -> str:
    """What stands before an item of a list."""
    if level is None or local(level) == "list-level-style-image":
        return ""
    if local(level) == "list-level-style-bullet":
        return BULLET
    way = attribute(level, "num-format")
    if not way:
        return ""
    return f"{attribute(level, 'num-prefix') or ''}{counted(count, way)}{attribute(level, 'num-suffix') or ''}".strip()
