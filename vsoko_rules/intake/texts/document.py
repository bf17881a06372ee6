"""One file from bytes to a judged text: what runs in the process apart."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from vsoko_rules.intake.texts.file_text import FileText, Quality, TextLine
from vsoko_rules.intake.texts.formats import ARCHIVES, PICTURES, format_of, read_document
from vsoko_rules.intake.texts.gate import judged
from vsoko_rules.intake.texts.read_text import ReadText
from vsoko_rules.ruleset.text_quality import TextQuality

_LONGEST_TEXT: Final = 5_000_000
"""characters; no document of a school comes near it"""
_LETTER: Final = re.compile(r"[^\W\d_]")


def read_file(content: bytes, quality: TextQuality, ocr: Path | None) -> FileText:
    """The text of one file without its name and hash; an archive has only its format."""
    kind = format_of(content)
    if kind in ARCHIVES:
        return FileText("", "", kind)
    if not content:
        return FileText("", "", "", quality=Quality.NONE, reason="empty")
    read = read_document(content, kind)
    if ocr is not None and kind in PICTURES:
        read = _recognised(content, kind, ocr)
    if sum(len(line.text) for line in read.lines) > _LONGEST_TEXT:
        read = ReadText(fault="too_large")
    if read.fault is not None:
        return FileText("", "", kind, quality=Quality.NONE, reason=read.fault, left_out=read.fault == "own")
    level, reason = judged(read.lines, kind, quality)
    unread = _pictures(read.lines, read.pages, quality)
    if kind == "pdf" and level is Quality.NONE:
        reason, unread = "scan", ()
        if ocr is not None:
            read = _recognised(content, kind, ocr)
            level, reason = judged(read.lines, kind, quality)
    return FileText("", "", kind, read.lines, level, reason, read.recognised, read.links, (), unread, read.address)


def _recognised(content: bytes, kind: str, ocr: Path) -> ReadText:
    from vsoko_rules.intake.texts.picture_text import recognised

    try:
        return recognised(content, kind, ocr)
    except Exception:  # a library that met a picture which nobody foresaw
        return ReadText(fault="damaged")


def _pictures(lines: tuple[TextLine, ...], pages: int, quality: TextQuality) -> tuple[int, ...]:
    """Pages, counted from 1, with fewer letters than a page of text has."""
    letters = [0] * (pages + 1)
    for line in lines if pages else ():
        letters[line.page or 0] += len(_LETTER.findall(line.text))
    return tuple(number for number in range(1, pages + 1) if letters[number] < quality.page_letters)
