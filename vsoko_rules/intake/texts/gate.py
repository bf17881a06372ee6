"""Whether the text of a file can be trusted: is it what a reader of the document sees?"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from vsoko_rules.intake.texts.file_text import Quality, TextLine
from vsoko_rules.ruleset.text_quality import TextQuality

Verdict = tuple[Quality, str | None]
"""the quality, and a code of `reports/intake/reading.yml` where it is not good"""

_VOWELS: Final = frozenset("аеёиоуыэюя")
_WORD: Final = re.compile(r"[^\W\d_]+")
_CYRILLIC: Final = re.compile("[А-Яа-яЁё]")
_FOREIGN: Final = re.compile("[\u0450\u0452-\u045f\u0460-\u052f]")
_LATIN: Final = re.compile("[A-Za-z]")
_CAPITAL_INSIDE: Final = re.compile("[а-яёa-z][А-ЯЁA-Z]")
_ODD: Final = frozenset({"Co", "Cn", "Cc", "Cs"})
"""categories of signs that no document shows"""
_REPLACED: Final = "\ufffd"
_WITHOUT_SENTENCES: Final = frozenset({"xlsx", "xls", "ods"})
_GOOD: Final[Verdict] = (Quality.GOOD, None)


def judged(lines: Sequence[TextLine], kind: str, quality: TextQuality) -> Verdict:
    """How far a text of the format `kind` can be trusted."""
    text = "\n".join(line.text for line in lines)
    letters = Counter(ch for ch in text.lower() if ch.isalpha())
    odd = sum(unicodedata.category(ch) in _ODD or ch == _REPLACED for ch in text if ch != "\n")
    if letters.total() + odd < quality.least_letters:
        return Quality.NONE, "empty"
    if _share(odd, len(text)) > quality.most_odd:
        return Quality.UNRELIABLE, "garbled"
    if letters.total() < quality.judged_letters:
        return _GOOD if _share(_accented(letters), letters.total()) <= quality.most_accented else _garbled()
    return _by_shares(text, letters, kind, quality)


def _by_shares(text: str, letters: Counter[str], kind: str, quality: TextQuality) -> Verdict:
    if _share(_accented(letters), letters.total()) > quality.most_accented:
        return _garbled()
    cyrillic = sum(count for ch, count in letters.items() if _CYRILLIC.match(ch))
    if _share(cyrillic, letters.total()) < quality.least_cyrillic:
        return Quality.UNRELIABLE, "foreign"
    vowels = _share(sum(letters[ch] for ch in _VOWELS), cyrillic)
    if not quality.least_vowels <= vowels <= quality.most_vowels:
        return _garbled()
    if not quality.least_spaces <= _share(sum(map(str.isspace, text)), len(text)) <= quality.most_spaces:
        return Quality.UNRELIABLE, "spaces"
    words = _WORD.findall(text)
    if letters.total() > quality.most_word * len(words):
        return Quality.UNRELIABLE, "spaces"
    mixed = sum(bool(_CAPITAL_INSIDE.search(w) or (_CYRILLIC.search(w) and _LATIN.search(w))) for w in words)
    if _share(mixed, len(words)) > quality.most_mixed:
        return _garbled()
    if kind in _WITHOUT_SENTENCES or len(words) < quality.judged_words:
        return _GOOD
    common = frozenset(quality.common)
    known = sum(word.lower().replace("ё", "е") in common for word in words)
    return _GOOD if _share(known, len(words)) >= quality.least_common else _garbled()


def _garbled() -> Verdict:
    return Quality.UNRELIABLE, "garbled"


def _accented(letters: Counter[str]) -> int:
    """How many letters are Latin ones with marks, or Cyrillic ones of other languages: what Russian ones become in a
    wrong encoding."""
    return sum(count for ch, count in letters.items() if "\u00c0" <= ch <= "\u024f" or _FOREIGN.match(ch))


def _share(part: int, whole: int) -> Decimal:
    """Percent."""
    return Decimal(100 * part) / whole if whole else Decimal(0)
