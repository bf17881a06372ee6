"""What changed in a long text, with a few words around: nobody compares two paragraphs by eye."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain
from typing import Final

_WORD: Final = re.compile(r"\s*\S+")

_LONG: Final = 60
"""signs: a longer text does not fit one line of a screen beside the word before it"""
_AROUND: Final = 4
"""words before and after what changed"""
_MOST_WORDS: Final = 16
"""words of one part: two lines of a screen"""
_ALIKE: Final = 0.5
"""a share of common words: two texts with fewer are told as another text, for what they share is chance"""


def is_long(*texts: str) -> bool:
    """Whether one of these texts is too long to be told whole."""
    return any(len(text) > _LONG for text in texts)


def opening_words(text: str) -> str:
    """The beginning of a long text; a short one whole."""
    words = _WORD.findall(text)
    return _cut(words, 0, len(words)) if is_long(text) else text


def text_changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The parts of two versions of a text that differ, each with a few words around; «…» stands for what is left out.
    Of a text that became quite another the first words that differ."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    groups = [*matcher.get_grouped_opcodes(_AROUND)]
    if matcher.ratio() < _ALIKE:
        groups = [[*chain.from_iterable(groups)]]
    for group in groups:
        first, last = group[0], group[-1]
        yield _cut(old, first[1], last[2]), _cut(new, first[3], last[4])


def _cut(words: Sequence[str], start: int, end: int) -> str:
    stop = min(end, start + _MOST_WORDS)
    text = "".join(words[start:stop]).strip()
    return ("… " if start else "") + text + (" …" if stop < len(words) else "")
