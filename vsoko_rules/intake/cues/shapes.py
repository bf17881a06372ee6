"""The shapes that dates, numbers of documents, shares and blanks have in a text, whatever is said around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Final

from vsoko_rules.reading.typed import typed_words

_CENTURY: Final = 2000
_DATE: Final = re.compile(
    r"(?<![\d.,/])[«\"„“]?[\s_]{0,2}(\d{1,2})[\s_]{0,2}[»\"“”]?\s?[./]\s?(\d{1,2})\s?[./]\s?(\d{4}|\d{2})(?![\d.]\d|\d)"
    r"(?:\s?г(?:ода|\.)?(?!\w))?"
)
_SPELLED: Final = re.compile(
    r"(?<![\d.,])[«\"„“'<]?[\s_]{0,3}(\d{1,2})[\s_]{0,3}[»\"“”'>]?[\s_]{1,8}([А-Яа-я]{3,8})[\s_]{1,8}(\d{4})(?!\d)"
    r"(?:[\s_]?г(?:ода|\.)?(?!\w))?"
)
_DAY: Final = re.compile(r"(?<![\d.,])[«\"„“]?(\d{1,2})[»\"“”]?\s{1,3}([А-Яа-я]{3,8})(?!\w)")
_SHORT_DAY: Final = re.compile(r"(?<![\d.,/])(\d{2})\.(\d{2})(?![\d.]\d|\d)")
_MONTH: Final = re.compile(r"(?<!\w)([А-Яа-я]{3,8})\s{1,3}(\d{4})(?!\d)(?:\s?г(?:ода|\.)?(?!\w))?")
_YEARS: Final = re.compile(r"(?<![\d.,])(20\d\d)\s?[/–—-]\s?(20\d\d|\d\d)(?!\d)")
_YEAR: Final = re.compile(r"(?<![\d.,/–-])(?:19|20)\d\d(?![\d/–-])")
_PERCENT: Final = re.compile(r"(?<![\d.,])\d{1,5}(?:[.,]\d{1,4})?\s?(?:%|процент(?:а|ов)?(?!\w))")
_SIGN: Final = re.compile(r"№|(?<!\w)N[oо]?\.?(?=[\s_]{0,3}\d)")
_VALUE: Final = re.compile(
    r"[\s_]{0,4}([^\W_]{1,12}(?:\s?[/\\]\s?[^\W_]{1,12}|[-–‑.]{1,2}[^\W_]{1,12}|\s[-–]\s?[А-Яа-яёЁ]{1,3}(?![\w.])){0,6})"
)
_BLANK: Final = re.compile(r"_{2,}|…{2,}|\.{6,}")


class Shape(str, Enum):
    """What a piece of a text is, apart from words: what a phrase of a cue may ask for in angle brackets."""

    DATE = "date"
    """a day of the calendar with its year"""
    DAY = "day"
    """a day of a month; in a phrase a date or a month of a year as well"""
    MONTH = "month"
    """a month of a year"""
    NUMBER = "number"
    """«№» with a number after it"""
    PERCENT = "percent"
    YEARS = "years"
    """a school year"""
    YEAR = "year"
    """a calendar year"""
    BLANK = "blank"
    """a place left open"""


@dataclass(frozen=True, slots=True)
class Shaped:
    """A piece of a line that has a shape. `value` is the date as ISO, or the number without its sign."""

    shape: Shape
    start: int
    end: int
    value: str | None = None


def shaped(line: str) -> list[Shaped]:
    """Every piece of a line that has a shape, from left to right; none covers another."""
    if not any(ch.isdigit() or ch in "№_…" or ch == "." for ch in line):
        return []
    found: list[Shaped] = []
    taken = bytearray(len(line))
    for piece in _candidates(line):
        if not any(taken[piece.start : piece.end]):
            taken[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
            found.append(piece)
    return sorted(found, key=lambda piece: piece.start)


def _candidates(line: str) -> Iterator[Shaped]:
    yield from _numbers(line)
    yield from _dates(line)
    for match in _YEARS.finditer(line):
        if int(match[2][-2:]) == (int(match[1]) + 1) % 100:
            yield Shaped(Shape.YEARS, *match.span(), f"{match[1]}/{match[2][-2:]}")
    for match in _PERCENT.finditer(line):
        yield Shaped(Shape.PERCENT, *match.span())
    for match in _MONTH.finditer(line):
        if _month(match[1]) is not None:
            yield Shaped(Shape.MONTH, *match.span(), f"{_name(match[1])} {match[2]}")
    for match in _DAY.finditer(line):
        if _month(match[2]) is not None and 1 <= int(match[1]) <= 31:
            yield Shaped(Shape.DAY, *match.span())
    for match in _SHORT_DAY.finditer(line):
        if 1 <= int(match[1]) <= 31 and 1 <= int(match[2]) <= 12:
            yield Shaped(Shape.DAY, *match.span())
    for match in _YEAR.finditer(line):
        yield Shaped(Shape.YEAR, *match.span(), match[0])
    for match in _BLANK.finditer(line):
        yield Shaped(Shape.BLANK, *match.span())


def _numbers(line: str) -> Iterator[Shaped]:
    for sign in _SIGN.finditer(line):
        match = _VALUE.match(line, sign.end())
        if match is None or not any(ch.isdigit() for ch in match[1]):
            continue
        value, end = _less_date(match[1], match.start(1))
        if value:
            yield Shaped(Shape.NUMBER, sign.start(), end, value)


def _less_date(value: str, start: int) -> tuple[str, int]:
    """A number and where it ends: a date that follows it with nothing but a space between is none of it."""
    kept = value.rstrip(" .-–")
    return re.sub(r"\s+", "", kept).replace("–", "-").replace("‑", "-"), start + len(kept)


def _dates(line: str) -> Iterator[Shaped]:
    for match in _DATE.finditer(line):
        year = int(match[3]) + (_CENTURY if len(match[3]) == 2 else 0)
        day = _day(year, int(match[2]), int(match[1]))
        if day is not None and (len(match[3]) == 4 or len(match[1]) == len(match[2]) == 2):
            yield Shaped(Shape.DATE, *_trimmed(line, *match.span()), day)
    for match in _SPELLED.finditer(line):
        number = _month(match[2])
        day = _day(int(match[3]), number, int(match[1])) if number is not None else None
        if day is not None:
            yield Shaped(Shape.DATE, *_trimmed(line, *match.span()), day)


def _month(word: str) -> int | None:
    """The number of a month by its name in any case, spelled in whole: «март» and «марта», none for «маршрут»."""
    return _months().get(word.casefold())


def _name(word: str) -> str:
    return typed_words().months[(_month(word) or 1) - 1][0]


@cache
def _months() -> dict[str, int]:
    return {form: number for number, forms in enumerate(typed_words().months, 1) for form in forms}


def _day(year: int, number: int, day: int) -> str | None:
    try:
        return date(year, number, day).isoformat() if 1990 <= year <= 2100 else None
    except ValueError:
        return None


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    while line[start] in " \t\xa0_":
        start += 1
    return start, end
