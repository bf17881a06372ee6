"""Quotes: a verbatim piece of a line with the words around it, and never the name of a person."""

from __future__ import annotations

from typing import Final

from vsoko_rules.intake.proposals.persons import Persons
from vsoko_rules.intake.proposals.proposal import Span
from vsoko_rules.intake.texts.file_text import TextLine

_LONGEST: Final = 160
_AROUND: Final = 60
_ENDS: Final = ".;!?"


def span_of(line: TextLine, number: int, start: int, end: int, persons: Persons) -> Span:
    """The sentence of a line around what was found from `start` to `end`; cut to what was found, or less, where a name
    stands in it."""
    names = persons.spans(line.text)
    left, right = _sentence(line.text, start, end)
    shortened = any(name[0] < right and name[1] > left for name in names)
    if shortened:
        left, right = _between(names, start, end)
    left, right = _stripped(line.text, left, right)
    before = line.text[max(_after(names, left), left - _AROUND, 0) : left]
    after = line.text[right : min(_before(names, right, len(line.text)), right + _AROUND)]
    return Span(
        quote=line.text[left:right],
        before=before.lstrip(),
        after=after.rstrip(),
        line=number,
        page=line.page,
        sheet=line.sheet,
        shortened=shortened,
    )


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    left = max((text.rfind(mark + " ", 0, start) + 2 for mark in _ENDS if mark + " " in text[:start]), default=0)
    stops = [at for mark in _ENDS if (at := text.find(mark, end)) >= 0]
    right = min(stops, default=len(text))
    return max(left, start - _LONGEST // 2), min(right, max(end, start + _LONGEST))


def _between(names: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """The longest part of what was found in which no name stands."""
    cuts = [(a, b) for a, b in names if a < end and b > start]
    edges = [start, *(edge for cut in cuts for edge in cut), end]
    free = [(edges[n], edges[n + 1]) for n in range(0, len(edges), 2) if edges[n + 1] > edges[n]]
    return max(free, key=lambda piece: piece[1] - piece[0], default=(start, start))


def _stripped(text: str, left: int, right: int) -> tuple[int, int]:
    while left < right and text[left] in " \t\xa0|":
        left += 1
    while right > left and text[right - 1] in " \t\xa0|,":
        right -= 1
    return left, right


def _after(names: list[tuple[int, int]], at: int) -> int:
    return max((end for _, end in names if end <= at), default=0)


def _before(names: list[tuple[int, int]], at: int, longest: int) -> int:
    return min((start for start, _ in names if start >= at), default=longest)
