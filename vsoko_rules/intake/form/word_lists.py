"""Words that stand for codes: the lists that a form offers, and what people write into its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Final

from vsoko_rules.case.records import Case
from vsoko_rules.errors import nearest
from vsoko_rules.intake.form.layout import layout
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset

_SEPARATORS: Final = re.compile(r"[;\n]")
_SPACE: Final = re.compile(r"\s+")


class WordList:
    """One list: a code for each word. A code says itself; words are compared without regard to case and spaces."""

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        """`words` are pairs of a word and its code."""
        self.pairs = tuple(words)
        self._exact = {code for _, code in self.pairs}
        self._codes = {folded(code): code for _, code in self.pairs}
        self._codes |= {folded(word): code for word, code in self.pairs}
        self._words = {code: word for word, code in self.pairs if self._clear(word, code)}

    def word(self, code: str) -> str:
        """The word for `code`; the code itself where no word says it without doubt."""
        return self._words.get(code, code)

    def code(self, word: str) -> str | None:
        """The code for what somebody wrote."""
        return word.strip() if word.strip() in self._exact else self._codes.get(folded(word))

    def split(self, cell: str) -> list[str]:
        """What somebody wrote into one cell, word by word: divided by semicolons or lines, or by commas where that
        gives words that are known."""
        parts = [part.strip() for part in _SEPARATORS.split(cell) if part.strip()]
        return [word for part in parts for word in self._divided(part)]

    def near(self, word: str) -> str | None:
        """The word that was perhaps meant."""
        close = nearest(folded(word), self._codes)
        return self.word(self._codes[close]) if close is not None else None

    def _divided(self, part: str) -> list[str]:
        words = [word.strip() for word in part.split(",") if word.strip()]
        return words if self.code(part) is None and any(self.code(word) is not None for word in words) else [part]

    def _clear(self, word: str, code: str) -> bool:
        """Whether the word, written into a cell, is read as the code again."""
        return bool(word.strip()) and not _SEPARATORS.search(word) and self.code(word) == code


def folded(word: str) -> str:
    """A word as it is compared: without regard to case and spaces."""
    return _SPACE.sub(" ", word).strip().casefold()


def word_lists(ruleset: Ruleset, case: Case | None = None) -> dict[str, WordList]:
    """Every list by its name, as a ruleset has them; a code that only `case` knows stands for itself."""
    words = layout().words
    documents = case.documents if case else ()
    strange: dict[str, set[str]] = {
        "requirements": {c for d in documents for held in (d.holds, *d.holds_for.values()) for c in held},
        "addressees": {code for d in documents for code in d.addressees},
        "remarks": {code for d in documents for code in d.remarks},
    }
    titles: dict[str, Mapping[str, str]] = {
        "requirements": {q.id: q.title for q in ruleset.requirements.values() if q.given_by == "holds"},
        "addressees": {a.id: a.title for a in ruleset.addressees.values()},
        "remarks": {r.id: r.title for r in ruleset.remarks.values()},
        **words,
        "counts": {c.id: c.title for c in ruleset.counts.values()},
        "blocks": {b.id: f"{b.id}. {b.name}" for b in ruleset.blocks.values()},
        "levels": {level.value: level.value for level in EducationLevel},
    }
    return {name: WordList(_pairs(codes, strange.get(name, set()))) for name, codes in titles.items()}


def _pairs(titles: Mapping[str, str], strange: set[str]) -> list[tuple[str, str]]:
    """WordList and codes; codes without a title, or with one that another has too, stand for themselves."""
    shared = Counter(folded(title) for title in titles.values())
    pairs = [(title if shared[folded(title)] == 1 else code, code) for code, title in titles.items()]
    return pairs + [(code, code) for code in sorted(strange) if code not in titles]


def sets_of_levels() -> list[str]:
    """Every set of education levels as one word, whole sets first."""
    levels = [level.value for level in EducationLevel]
    return ["; ".join(c) for size in range(len(levels), 0, -1) for c in combinations(levels, size)]
