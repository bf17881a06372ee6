"""Pages of a site: what is seen of them, where their links lead, and where they were saved from."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from lxml import etree, html

from vsoko_rules.intake.texts.encodings import encoding_of
from vsoko_rules.intake.texts.file_text import TextLine, TextLink
from vsoko_rules.intake.texts.office_parts import DEEP
from vsoko_rules.intake.texts.read_text import ReadText, Unreadable, paragraph, table_row, tidy

_UNSEEN: Final = frozenset(
    [
        "head",
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "iframe",
        "object",
        "select",
        "button",
        "math",
    ]
)
_ASIDE: Final = frozenset(["nav", "header", "footer", "aside"])
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
"""what begins and ends a line"""
_LONGEST_CELL: Final = 500
"""characters; a longer cell is no cell but a part of a page that is laid out as a table"""
_SAVED_FROM: Final = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{1,40})""", re.IGNORECASE)
_HEAD: Final = 4096
_NOT_SHOWN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)
_NO_FILES: Final = re.compile(r"(javascript|mailto|tel|data|about|blob):|#|\Z", re.IGNORECASE)
"""links that lead to no document"""


def read(content: bytes) -> ReadText:
    """The text of a page. Raises `Unreadable` where there is no page."""
    return _page(content, _encoding(content), None)


def read_single_file(content: bytes) -> ReadText:
    """The text of a page that was saved with its pictures in one file (.mht). Raises `Unreadable`."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            address = part.get("Content-Location") or message.get("Snapshot-Content-Location")
            if isinstance(page, bytes):
                return _page(page, part.get_content_charset() or _encoding(page), str(address) if address else None)
    raise Unreadable("damaged")


def _encoding(content: bytes) -> str:
    """As its first bytes or the page itself says, if that holds; else by its letters."""
    guessed = encoding_of(content)
    named = _CHARSET.search(content[:_HEAD])
    if named is None or guessed.startswith("utf"):
        return guessed
    try:
        content.decode(named[1].decode("ascii", "replace"))
    except (LookupError, ValueError):
        return guessed
    return named[1].decode()


def _page(content: bytes, encoding: str, address: str | None) -> ReadText:
    try:
        text = content.decode(encoding, "replace")
    except LookupError:
        text = content.decode(encoding_of(content), "replace")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        raise Unreadable("damaged") from None
    if any(DEEP in entry.message for entry in parser.error_log):
        raise Unreadable("deep")  # the parser leaves out what stands deeper, in silence
    reader = _PageReader()
    reader.read(root)
    base = next((href for node in root.iter("base") if (href := node.get("href"))), None)
    return ReadText(
        tuple(reader.lines), tuple(_links(root, base)), address=address or _own_address(root, base, content)
    )


def _own_address(root: Any, base: str | None, content: bytes) -> str | None:
    """Where a page says that it was saved from."""
    saved = _SAVED_FROM.search(content[:_HEAD])
    canonical = next((node.get("href") for node in root.iter("link") if node.get("rel") == "canonical"), None)
    found = (saved[1].decode("utf-8", "replace") if saved else None, canonical, base)
    return next((address for address in found if address and _ADDRESS.match(address)), None)


def _links(root: Any, base: str | None) -> Iterator[TextLink]:
    for node in root.iter("a", "area"):
        target = (node.get("href") or "").strip()
        if not _NO_FILES.match(target):
            try:
                whole = urljoin(base, target) if base else target
            except ValueError:
                continue
            yield TextLink(tidy("".join(node.itertext())), whole)


class _PageReader:
    """Collects lines from tag to tag, in a walk that goes as deep as a page without being called by itself."""

    def __init__(self) -> None:
        self.lines: list[TextLine] = []
        self._text: list[str] = []
        self._rows: list[tuple[int, list[str]]] = []
        """rows of tables that are open: how many lines there were before, and their cells"""
        self._aside = 0
        self._mark = ""
        """of an item of a list whose text is still to come"""
        self._counts: list[int | None] = []
        """of lists that are open: the last number, none in a list without numbers"""

    def read(self, root: Any) -> None:
        """Everything under `root`."""
        unseen: Any = None
        for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event == "start" and unseen is None:
                if _is_unseen(node):
                    unseen = node
                else:
                    self._start(node)
            elif event == "end" and unseen is None:
                self._end(node)
            if event != "start":
                unseen = None if node is unseen else unseen
                if unseen is None and node is not root:
                    self._text.append(_flat(node.tail))
        self._flush()

    def _start(self, node: Any) -> None:
        if node.tag in _BLOCKS:
            self._flush()
        self._aside += _is_aside(node)
        if node.tag == "tr":
            self._rows.append((len(self.lines), []))
        elif node.tag in ("ol", "ul"):
            start = node.get("start") or "1"
            self._counts.append((int(start) - 1 if start.isdecimal() else 0) if node.tag == "ol" else None)
        elif node.tag == "li" and self._counts and self._counts[-1] is not None:
            self._counts[-1] += 1
            self._mark = f"{self._counts[-1]}. "
        self._text.append(node.text or "" if node.tag == "pre" else _flat(node.text))

    def _end(self, node: Any) -> None:
        if node.tag in _BLOCKS:
            self._flush()
        if node.tag in ("td", "th") and self._rows:
            start, cells = self._rows[-1]
            cells.append(" ".join(line.text for line in self.lines[start + sum(map(bool, cells)) :]))
            self._join(start, cells)
        elif node.tag == "tr" and self._rows:
            self._close_row()
        elif node.tag in ("ol", "ul") and self._counts:
            self._counts.pop()
        self._aside -= _is_aside(node)

    def _join(self, start: int, cells: list[str]) -> None:
        """Make one line of what stands in the last cell, unless the cell is too long to be one."""
        before = start + sum(map(bool, cells[:-1]))
        if len(cells[-1]) <= _LONGEST_CELL:
            self.lines[before:] = [TextLine(cells[-1], aside=self._aside > 0)] if cells[-1] else []

    def _close_row(self) -> None:
        start, cells = self._rows.pop()
        if len(self.lines) - start == sum(map(bool, cells)) and len(cells) > 1:
            self.lines[start:] = table_row(cells, aside=self._aside > 0)

    def _flush(self) -> None:
        text, self._text = "".join(self._text), []
        if tidy(text):
            text, self._mark = self._mark + text.lstrip(), ""
        self.lines.extend(paragraph(text, aside=self._aside > 0))


def _flat(text: str | None) -> str:
    """Line ends of the source are spaces on the page."""
    return " ".join(text.split("\n")) if text else ""


def _is_aside(node: Any) -> bool:
    """Whether something stands on every page; the header of an article holds its title."""
    inner = node.tag == "header" and next(node.iterancestors("article", "main"), None) is not None
    return node.tag in _ASIDE and not inner


def _is_unseen(node: Any) -> bool:
    return (
        not isinstance(node.tag, str)
        or node.tag in _UNSEEN
        or node.get("hidden") is not None
        or _NOT_SHOWN.search(node.get("style") or "") is not None
    )
