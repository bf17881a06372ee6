"""Lines of a text as tokens: words without the differences that do not matter, shapes, and the marks that divide.

What does not matter: case, «ё» or «е», Latin letters among Cyrillic ones that look alike, letters set apart
(«П Р И К А З»), quotes, brackets, dashes, commas, spaces of any kind, and the number or bullet of a point. Every token
knows its piece of the line, so that what is found is shown as it stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vsoko_rules.intake.cues.shapes import Shape, shaped

_HIDDEN: Final = "\xad\u200b\u200c\u200d\u2060\ufeff"
"""what stands inside words and is not seen"""
_POINT: Final = re.compile(
    r"\s*(?:[-–—−•●▪*·]\s*|(?:\d{1,2}(?:\.\d{1,2}){1,4}\.?(?![\d.])|\d{1,2}[.)](?!\d)|[IVXХ]{1,5}[.)]|[а-яa-z]\))"
    r"(?!\s?%)\s*){1,2}"
)
_PIECE: Final = re.compile(rf"[^\W_]+(?:[-‑{_HIDDEN}]+[^\W_]+)*|[:;%|№!?.]")
_APART: Final = re.compile(r"(?<![^\W_])[^\W\d_](?:\s{1,3}[^\W\d_]){3,}(?![^\W_])")
_UNSEEN: Final = dict.fromkeys(map(ord, _HIDDEN))
_LOOKS: Final = str.maketrans("abcehkmoptxy", "авсенкмортху")
_ABBREVIATED: Final = 3
"""a full stop after fewer letters ends an abbreviation rather than a sentence"""
_COLUMNS: Final = re.compile(r"[ \xa0]{4,}|\s*\t\s*")
_LONGEST_WORD: Final = 40


@dataclass(slots=True, eq=False)
class Token:
    """A word, a mark or a shape of one line."""

    text: str
    """as it is compared; the name of the shape where it is one"""
    line: int
    start: int
    end: int
    shape: Shape | None = None
    value: str | None = None
    opens: bool = False
    """the first of a line or of a cell"""
    follows: bool = False
    """the first of a line that goes on with the sentence of the line before"""
    closes: bool = False
    """the last of a line or of a cell"""
    item: bool = False
    """the first of a numbered point, or of one with a bullet"""
    cell: int | None = None
    """the number of the cell in a row of a table"""


def tokens(lines: Iterable[tuple[int, str, Sequence[str]]]) -> list[Token]:
    """The tokens of lines, each given with its number, its text, and its cells where it is a row of a table."""
    result: list[Token] = []
    for number, text, cells in lines:
        parts = [*_parts(text, cells)]
        for cell, (start, end) in enumerate(parts):
            part = _part(text[start:end], number)
            for token in part:
                token.start += start
                token.end += start
                token.cell = cell if len(parts) > 1 else None
            if part:
                part[0].opens = part[-1].closes = True
                if len(part) > 1 and part[-1].text in (".", ":", ";"):
                    part[-2].closes = True
                part[0].follows = part[0].follows and len(parts) == 1
            result += part
    return result


def by_columns(result: list[Token], until: int) -> list[Token]:
    """The tokens with neighbouring rows above line `until` read column by column, as an approval block is read."""
    ordered: list[Token] = []
    block: list[Token] = []
    for token in result:
        if token.cell is None or token.line >= until:
            ordered += sorted(block, key=lambda each: each.cell or 0)
            block = []
            ordered.append(token)
        else:
            block.append(token)
    return ordered + sorted(block, key=lambda each: each.cell or 0)


def _parts(text: str, cells: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the cells of a row stand in its text; of any other line the parts that wide spaces divide."""
    if not cells:
        at = 0
        for gap in _COLUMNS.finditer(text.rstrip()):
            if gap.start() > at:
                yield at, gap.start()
            at = gap.end()
        yield at, len(text)
        return
    at = 0
    for cell in cells:
        start = max(text.find(cell, at), at)
        at = min(start + len(cell), len(text))
        yield start, at


def _part(piece: str, line: int) -> list[Token]:
    """The tokens of a line or a cell, without what it is among others."""
    point = _POINT.match(piece)
    shapes = shaped(piece)
    begin = point.end() if point and not any(s.start < point.end() for s in shapes) else 0
    found: list[Token] = []
    at = begin
    for shape in shapes:
        if shape.start >= at:
            found += _words(piece, line, at, shape.start)
            found.append(Token(shape.shape.value, line, shape.start, shape.end, shape.shape, shape.value))
            at = shape.end
    found += _words(piece, line, at, len(piece))
    if found:
        found[0].item = begin > 0
        found[0].follows = not begin and piece.lstrip(' \t\xa0«"(')[:1].islower()
    return found


def _words(piece: str, line: int, at: int, until: int) -> Iterator[Token]:
    apart = {match.start(): match for match in _APART.finditer(piece, at, until)} if until - at > _ABBREVIATED else {}
    while match := _PIECE.search(piece, at, until):
        spaced = apart.get(match.start())
        if spaced is not None:
            yield from _spaced(spaced, line)
            at = spaced.end()
            continue
        at = match.end()
        if match[0] != "." or _ends_sentence(piece, match.start()):
            yield Token(normal(match[0]), line, match.start(), at)


def _spaced(match: re.Match[str], line: int) -> Iterator[Token]:
    """Words whose letters are set apart: a space of three divides them."""
    for word in re.finditer(r"\S(?:\s{1,2}\S)*", match[0]):
        letters = normal("".join(word[0].split()))
        yield Token(letters, line, match.start() + word.start(), match.start() + word.end())


def _ends_sentence(piece: str, at: int) -> bool:
    before = 0
    while before < _ABBREVIATED and at > before and piece[at - before - 1].isalpha():
        before += 1
    after = piece[at + 1 : at + 8].lstrip(' \xa0»")')[:1]
    return before == _ABBREVIATED and (not after or after.isupper() or after.isdigit())


def normal(word: str) -> str:
    """A word as it is compared with others."""
    plain = word.translate(_UNSEEN).casefold().replace("‑", "-").replace("ё", "е")[:_LONGEST_WORD]
    return plain if plain.isascii() or not any("a" <= ch <= "z" for ch in plain) else plain.translate(_LOOKS)
