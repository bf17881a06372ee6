"""Rich text (.rtf), which programs save as .doc as well."""

from __future__ import annotations

from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from vsoko_rules.intake.texts.file_text import TextLine
from vsoko_rules.intake.texts.read_text import ReadText, paragraph, table_row

_CELL = "|"


def read(content: bytes) -> ReadText:
    """The text of a file of rich text. One that does not name its encoding is taken for a Russian one."""
    text: str = rtf_to_text(content.decode("cp1251", "replace"), "cp1251", "replace")  # type: ignore[no-untyped-call]
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # signs beyond 16 bits come in halves
    return ReadText(tuple(line for part in whole.splitlines() for line in _lines(part)))


def _lines(text: str) -> Iterator[TextLine]:
    if text.rstrip().endswith(_CELL) and text.count(_CELL) > 1:
        yield from table_row(text.rstrip().removesuffix(_CELL).split(_CELL))
    else:
        yield from paragraph(text.rstrip().removesuffix(_CELL))
