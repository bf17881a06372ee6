"""Names of people in a text: seen by initials, and by capital letters with the endings that a ruleset lists.

What is found is left out of whatever is proposed. A word too many costs a few words of a quote; a name too many costs
the privacy of a person, so that whatever may be a name counts as one.
"""

from __future__ import annotations

import re
from typing import Final

from vsoko_rules.ruleset.cues import PersonWords

_WORD: Final = r"[А-ЯЁ][а-яё]{1,25}(?:-[А-ЯЁ][а-яё]{1,25})?"
_INITIAL: Final = r"[А-ЯЁ]\.[\s\xa0_]{0,3}"
_AFTER_INITIALS: Final = re.compile(rf"(?<!\w){_INITIAL}(?:{_INITIAL})?(?:{_WORD}|[А-ЯЁ]{{2,25}})(?!\w)")
_BEFORE_INITIALS: Final = re.compile(
    rf"(?<!\w)(?:{_WORD}|[А-ЯЁ]{{3,25}})[\s\xa0]{{1,3}}[А-ЯЁ]\.(?:[\s\xa0]{{0,2}}[А-ЯЁ]\.?)?(?!\w)"
)
"""sought apart: in «СОШ И.О. Фамилия» the initials fit both the word before them and the one after"""
_CAPITAL: Final = re.compile(rf"(?<![\w«„]){_WORD}(?!\w)")
_BEFORE: Final = re.compile(r"(?:^|[.!?:]\s*|\|\s*|^\s*\d[\d.)]*\s*)$")


class Persons:
    """Finds names."""

    def __init__(self, words: PersonWords | None) -> None:
        self._patronymics = tuple(words.patronymics) if words is not None else ()
        self._surnames = tuple(words.surnames) if words is not None else ()
        self._common = frozenset(word.casefold() for word in words.common) if words is not None else frozenset()

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in a line, from left to right."""
        found = [match.span() for by in (_AFTER_INITIALS, _BEFORE_INITIALS) for match in by.finditer(text)]
        found += self._full(text)
        return _joined(sorted(found))

    def _full(self, text: str) -> list[tuple[int, int]]:
        """Names without initials: words with capital letters, one of them a patronymic, or a lone surname."""
        words = [match for match in _CAPITAL.finditer(text) if match[0].casefold() not in self._common]
        found: list[tuple[int, int]] = []
        for number, word in enumerate(words):
            if word[0].endswith(self._patronymics) and len(word[0]) > 5:
                start, end = word.span()
                for other in reversed(words[max(0, number - 2) : number]):
                    start = other.start() if text[other.end() : start].strip() == "" else start
                for other in words[number + 1 : number + 2]:
                    end = other.end() if text[end : other.start()].strip() == "" else end
                found.append((start, end))
            elif word[0].endswith(self._surnames) and len(word[0]) > 4 and not _BEFORE.search(text[: word.start()]):
                start, end = word.span()
                for other in words[number + 1 : number + 2]:
                    end = other.end() if text[end : other.start()].strip() == "" else end
                found.append((start, end))
        return found

    def without(self, text: str) -> str:
        """A text with its names left out."""
        result, at = [], 0
        for start, end in self.spans(text):
            result.append(text[at:start])
            at = end
        return " ".join("".join((*result, text[at:])).split()).strip(" ,;–-/")


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for start, end in spans:
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
