"""What was read of a file: its lines in the order of reading, how far they can be trusted, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Quality(str, Enum):
    """How far the text of a file can be trusted."""

    GOOD = "good"
    UNRELIABLE = "unreliable"
    """there is text, and it is not what a reader of the document sees; nothing is proposed from it"""
    NONE = "none"
    """there is no text, or it could not be read"""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A paragraph, or a row of a table with its cells joined by « | », as it stands in the file."""

    text: str
    page: int | None = None
    """counted from 1, in a file that has pages"""
    sheet: str | None = None
    """in a workbook"""
    cells: tuple[str, ...] = ()
    """of a row of a table"""
    aside: bool = False
    """in a header or a footer, so that it stands on every page and belongs to none of what is around it"""


@dataclass(frozen=True, slots=True)
class TextLink:
    """A link of a page or a document: its words, and the address or the file of the folder to which it leads."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class FileText:
    """One file of what was sent. `reason` is a code of `reports/intake/reading.yml`, none for a good text."""

    file: str
    """the path in what was sent, its parts joined by «/»: a file of an archive is «архив.zip/приказ.docx»"""
    sha256: str
    format: str
    """«docx», «pdf», … by the content of the file, not by its name; empty where nothing tells"""
    lines: tuple[TextLine, ...] = ()
    quality: Quality = Quality.GOOD
    reason: str | None = None
    recognised: bool = False
    """read from a picture (OCR): its numbers always wait for a person"""
    links: tuple[TextLink, ...] = ()
    copies: tuple[str, ...] = ()
    """paths at which the same file lies once more"""
    unread_pages: tuple[int, ...] = ()
    """of a good text: pages that hold a picture and no text, so that nothing is known of what stands there"""
    address: str | None = None
    """where it was published: of a saved page its own address, of a file the one to which a saved page leads"""
    left_out: bool = False
    """true: no document at all (a lock file, a part of a saved page, a file of this program), so that nobody has to
    read it"""
