"""Documents of Word 97 to 2003 (.doc), read by what is installed of two libraries.

office-oxide is the better one and has no wheel for some systems; legacy-doc is plain Python and knows no tables.
"""

from __future__ import annotations

from importlib.util import find_spec

from vsoko_rules.intake.texts import html_text
from vsoko_rules.intake.texts.read_text import ReadText, Unreadable, paragraph


def read(content: bytes) -> ReadText:
    """The text of an old Word document. Raises `Unreadable`, with «doc» where nothing is installed that reads it."""
    if find_spec("office_oxide") is not None:
        return _by_office_oxide(content)
    if find_spec("legacy_doc") is not None:
        return _by_legacy_doc(content)
    raise Unreadable("doc")


def _by_office_oxide(content: bytes) -> ReadText:
    from office_oxide import Document, OfficeOxideError

    try:
        page = Document.from_bytes(content, "doc").to_html()
    except OfficeOxideError as exc:
        raise Unreadable(_code(str(exc))) from None
    return html_text.read(f"<html><body>{page}</body></html>".encode())


def _by_legacy_doc(content: bytes) -> ReadText:
    from legacy_doc import LegacyDocError, extract_text

    try:
        text = extract_text(content).text
    except LegacyDocError as exc:
        raise Unreadable(_code(str(exc))) from None
    return ReadText(tuple(paragraph(text)))


def _code(message: str) -> str:
    """What a library says of a file that it cannot read."""
    return "locked" if "encrypt" in message.lower() or "password" in message.lower() else "damaged"
