"""Words that stand for codes, as people write them into cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from vsoko_rules.errors import did_you_mean

SEPARATORS: Final = re.compile(r"[;\n]")
_SPACE: Final = re.compile(r"\s+")


class WordList:
    """One list: a code for each word. A code says itself; words are compared without regard to case and spaces."""

    def __init__(self, words: Iterable[tuple[str, str]], also: Iterable[tuple[str, str]] = ()) -> None:
        """`words` are pairs of a word and its code; `also` are other words that are understood and not offered."""
        self.pairs = tuple(words)
        known = (*self.pairs, *also)
        self._exact = {code for _, code in known}
        self._codes = {folded(word): code for word, code in reversed(known)}
        self._codes |= {folded(code): code for _, code in reversed(known)} | {folded(w): c for w, c in self.pairs}
        self._words = {code: word for word, code in self.pairs if self._clear(word, code)}

    def word(self, code: str) -> str:
        """The word for `code`; the code itself where no word says it without doubt."""
        return self._words.get(code, code)

    def code(self, word: str) -> str | None:
        """The code for what somebody wrote."""
        return word.strip() if word.strip() in self._exact else self._codes.get(folded(word))

    def split(self, cell: str) -> list[str]:
        """What somebody wrote into one cell, word by word: divided by semicolons or lines, or by commas and «и» where
        that gives words that are known."""
        return [word for part in parts(cell) for word in self._divided(part)]

    def hint(self, word: str) -> str | None:
        """What was perhaps meant by an unknown word."""
        words = {folded(self.word(code)): self.word(code) for code in self._exact}
        return did_you_mean(word, [*self._exact, *words.values()]) or did_you_mean(folded(word), list(words))

    def _divided(self, part: str) -> list[str]:
        words = [word.strip() for word in re.split(r",|\sи\s", part) if word.strip()]
        return words if self.code(part) is None and any(self.code(word) is not None for word in words) else [part]

    def _clear(self, word: str, code: str) -> bool:
        """Whether the word, written into a cell, is read as the code again."""
        return bool(word.strip()) and not SEPARATORS.search(word) and self.code(word) == code


def parts(cell: str) -> list[str]:
    """What stands between the semicolons and lines of a cell."""
    return [part.strip() for part in SEPARATORS.split(cell) if part.strip()]


def folded(word: str) -> str:
    """A word as it is compared: without regard to case and spaces."""
    return _SPACE.sub(" ", word).strip().casefold()
