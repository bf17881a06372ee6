"""What Word documents and workbooks have in common: sheets of A4, Russian, the same bytes for the same content."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Final

LANGUAGE: Final = "ru-RU"
SHORT_SIDE, LONG_SIDE = 210, 297
"""of a sheet of A4, millimetres"""
FONT: Final = "Arial"
"""every system has it or one as wide, so that a page holds the same everywhere"""

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PROPERTIES: Final = "docProps/core.xml"
_LANGUAGE: Final = re.compile(rb"<dc:language>[^<]*</dc:language>|<dc:language/>")


def packed(content: bytes) -> bytes:
    """A finished file that says it is in Russian, without the time at which it was written."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            plain = zipfile.ZipInfo(member.filename, _EPOCH)
            plain.compress_type = zipfile.ZIP_DEFLATED
            part = old.read(member)
            new.writestr(plain, _in_russian(part) if member.filename == _PROPERTIES else part)
    return stream.getvalue()


def _in_russian(properties: bytes) -> bytes:
    said = f"<dc:language>{LANGUAGE}</dc:language></cp:coreProperties>".encode()
    return _LANGUAGE.sub(b"", properties).replace(b"</cp:coreProperties>", said)


def fitted(widths: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """The widths of columns that fit a page: the widest give way first, none below its least width.

    `widths`, `least` and `room` are in one unit. Where even the least are too wide, they stand.
    """
    low, high = 0.0, max(widths, default=0.0)
    if sum(widths) <= room:
        return list(widths)
    for _ in range(32):  # the largest width to which all wider columns come down, halving the doubt
        middle = (low + high) / 2
        low, high = (middle, high) if sum(_capped(widths, least, middle)) <= room else (low, middle)
    return _capped(widths, least, low)


def _capped(widths: Sequence[float], least: Sequence[float], most: float) -> list[float]:
    return [min(width, max(most, own)) for width, own in zip(widths, least, strict=True)]
