"""In which encoding a Russian text was saved: none of the old ones says so, and each makes other letters of it."""

from __future__ import annotations

import codecs
import re
from typing import Final

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OLD: Final = ("cp1251", "cp866", "koi8_r", "mac_cyrillic")
"""by how often they are met; of two that read alike the first is taken"""
_COMMON: Final = frozenset("оеаинтсрвл")
"""small letters that make up most of any Russian text"""
_COMMON_CAPITALS: Final = frozenset("ОЕАИНТСРВЛ")
_OF_CAPITALS: Final = 0.6
"""what a capital speaks for, where a small letter speaks for 1: the old encodings take one for the other"""
_BREAK: Final = re.compile("[а-яё][А-ЯЁ]|[а-яё][A-Za-z\u0080-\u00ff\u2500-\u259f]|[A-Za-z][А-Яа-яё]")
"""inside a word: a capital or a foreign sign after a small letter, which is how a wrong encoding looks"""
_ODD: Final = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u0080-\u009f\u00a1-\u00a6\u00ac-\u00af\u2200-\u25ff]|[ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЄЇЅѕїєґј]"
)
"""signs that a Russian text hardly ever holds: control signs, frames, letters of other Slavic alphabets"""
_SAMPLE: Final = 200_000
"""bytes that are looked at"""
_WIDE: Final = 0.2
"""the share of zero bytes from which a text is taken for one of 16 bits a letter"""


def decoded(content: bytes) -> str:
    """A text in whatever encoding it was saved: UTF-8, UTF-16, Windows, DOS, KOI8-R or Macintosh."""
    return content.decode(encoding_of(content), "replace")


def encoding_of(content: bytes) -> str:
    """The name of the encoding, as Python knows it."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    if wide := _wide(content[:_SAMPLE]):
        return wide
    sample = content[:_SAMPLE]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=len(content) <= _SAMPLE)
    except UnicodeDecodeError:
        return max(_OLD, key=lambda name: _likelihood(sample.decode(name, "replace")))
    return "utf-8"


def _wide(sample: bytes) -> str | None:
    """Which of the two orders of UTF-16 a text without a mark is in: its spaces and Latin signs have a zero byte, and
    Russian letters one of 4."""
    pairs = len(sample) // 2
    for name, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if pairs and (high.count(0) + high.count(4)) > pairs * 0.9 and high.count(0) > pairs * _WIDE / 4:
            return name
    return None


def _likelihood(text: str) -> float:
    """How much a text looks Russian: common letters speak for it, what is never written so against."""
    small, large = sum(map(_COMMON.__contains__, text)), sum(map(_COMMON_CAPITALS.__contains__, text))
    return small + _OF_CAPITALS * large - 3 * len(_BREAK.findall(text)) - 5 * len(_ODD.findall(text))
