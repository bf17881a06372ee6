"""The phrases of cues: words, `abc*`, `..` (up to six words), `^` and `$` for the ends of a line, shapes in brackets.

    ^ приказ $                       a line that says nothing else
    утвержд* приказом .. <date> <number>
    контрол* за исполнением|выполнением
    цел*:                            with the colon after it

A mark (`: ; % №`) is a word of its own. Alternatives at one place are divided by «|», without spaces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from vsoko_rules.intake.cues.shapes import Shape
from vsoko_rules.intake.cues.tokens import normal

GAP: Final = 6
"""how many words «..» passes over at most"""

_PART: Final = re.compile(r"\S+")
_ATOM: Final = re.compile(r"(?P<word>[^\W_]+(?:-[^\W_]+)*)(?P<star>\*)?|<(?P<shape>[a-z]+)>|(?P<mark>[:;%№])")
_SHORTEST_PREFIX: Final = 2


class BadPhrase(Exception):
    """A phrase that cannot be read: what is wrong, what was found, and the character at which it stands, from 0."""

    def __init__(self, message: str, found: str, column: int, expected: str) -> None:
        super().__init__(message)
        self.message = message
        self.found = found
        self.column = column
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a phrase: a token fits that is one of `words`, begins with one of `prefixes`, or has a shape."""

    words: frozenset[str]
    prefixes: tuple[str, ...]
    shapes: frozenset[Shape]
    gap: bool
    """whether up to six words may stand before it"""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that was read."""

    steps: tuple[Step, ...]
    opens: bool = False
    """it begins a line or a cell"""
    closes: bool = False
    """it ends one"""


def parse_phrase(text: str) -> Phrase:
    """The phrase that `text` writes. Raises `BadPhrase`."""
    steps: list[Step] = []
    opens = closes = gap = False
    for part in _PART.finditer(text):
        written, at = part[0], part.start()
        if written.startswith("^"):
            if steps or opens or gap:
                raise BadPhrase("«^» стоит не в начале образца", written, at, "«^» первым знаком")
            opens, written, at = True, written[1:], at + 1
        if closes:
            raise BadPhrase("после «$» в образце ещё что-то стоит", written, at, "«$» последним знаком")
        if written.endswith("$"):
            closes, written = True, written[:-1]
        if written == "..":
            if gap or not steps:
                raise BadPhrase("две точки стоят не между словами", written, at, "слово с обеих сторон от двух точек")
            gap = True
        elif written:
            read = _steps(written, at, gap)
            steps += read
            gap = False
    if gap or not steps:
        raise BadPhrase("образец не кончается словом", text, len(text), "слово в конце образца")
    return Phrase(tuple(steps), opens, closes)


def _steps(written: str, at: int, gap: bool) -> list[Step]:
    """A word with its alternatives, and marks that stand close to it."""
    steps: list[Step] = []
    position = 0
    while position < len(written):
        words, prefixes, shapes = set[str](), set[str](), set[Shape]()
        while True:
            atom = _ATOM.match(written, position)
            if atom is None:
                expected = (
                    "слово, начало слова со звёздочкой, две точки, «^», «$», «:», «;», «%», «№», «<date>» и подобное"
                )
                raise BadPhrase("образец не читается", written[position:], at + position, expected)
            if atom["star"]:
                prefixes.add(_prefix(atom["word"], at + position))
            elif atom["shape"]:
                shapes |= _shapes(atom["shape"], at + position)
            else:
                words.add(normal(atom["word"] or atom["mark"]))
            position = atom.end()
            if written[position : position + 1] != "|":
                break
            position += 1
        steps.append(Step(frozenset(words), tuple(sorted(prefixes)), frozenset(shapes), gap))
        gap = False
    return steps


def _prefix(word: str, at: int) -> str:
    if len(word) < _SHORTEST_PREFIX:
        expected = f"не меньше {_SHORTEST_PREFIX} букв перед «*»"
        raise BadPhrase("слишком короткое начало слова", f"{word}*", at, expected)
    return normal(word)


def _shapes(name: str, at: int) -> set[Shape]:
    known = {shape.value: shape for shape in Shape}
    if name not in known:
        expected = "одно из: " + ", ".join(f"<{code}>" for code in known)
        raise BadPhrase("нет такого вида значений", f"<{name}>", at, expected)
    return {Shape.DAY, Shape.MONTH, Shape.DATE} if name == Shape.DAY.value else {known[name]}
