"""Plain texts (.txt)."""

from __future__ import annotations

from vsoko_rules.intake.texts.encodings import decoded
from vsoko_rules.intake.texts.read_text import ReadText, paragraph


def read(content: bytes) -> ReadText:
    """The lines of a plain text."""
    return ReadText(tuple(paragraph(decoded(content))))
