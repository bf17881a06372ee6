"""What people type into cells, as the scalars of a case: Russian dates and numbers, yes and no, words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from vsoko_rules.errors import Problem
from vsoko_rules.intake.form.form_tables import FormCell
from vsoko_rules.intake.form.layout import Type, layout
from vsoko_rules.intake.form.word_lists import WordList, folded

_RUSSIAN_DATE: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s*г\.?)?")
_DAY_ZERO: Final = date(1899, 12, 30)
"""a date that lost its format, by pasting, is the number of days since then"""
_BETWEEN: Final = re.compile(r"[;,\s]+")
_SPACES: Final = re.compile(r"\s+")
_LONGEST_NUMBER: Final = 40

_EXPECTED: Final = {
    "date": "дата, например 14.02.2022",
    "number": "число, например 82,5",
    "whole": "целое число",
    "flag": "да или нет",
}


class CellValues:
    """Turns cells into values; what does not fit becomes a problem, all of them in `problems`."""

    def __init__(self, words: Mapping[str, WordList], problems: list[Problem]) -> None:
        self._words = words
        self.problems = problems

    def one(self, cell: FormCell, kind: Type, words: str | None = None) -> str | None:
        """The single value of a cell; none where it is empty or does not fit."""
        text = cell.text
        if text is None or kind == "text":
            return text
        if kind == "word":
            return self._word(text, cell, words)
        stripped = text.strip()
        if kind in _EXPECTED:
            value = _READERS[kind](stripped)
            if value is None:
                self._refuse(cell, stripped, _EXPECTED[kind])
            return value
        return stripped

    def many(self, cell: FormCell, kind: Type, words: str | None = None) -> list[str]:
        """The values of a cell that may hold several."""
        if cell.text is None:
            return []
        if kind == "codes":
            return [code for code in _BETWEEN.split(cell.text.strip()) if code]
        known = self._words.get(words or "")
        parts = known.split(cell.text) if known is not None else _BETWEEN.split(cell.text.strip())
        return [code for part in parts if (code := self._word(part, cell, words)) is not None]

    def word(self, name: str, text: str) -> str | None:
        """The code that a word of one list stands for."""
        known = self._words.get(name)
        return known.code(text) if known is not None else None

    def titles(self, name: str) -> dict[str, str]:
        """Codes by the folded words of one list."""
        known = self._words.get(name)
        return {folded(word): code for word, code in known.pairs} if known is not None else {}

    def _word(self, text: str, cell: FormCell, words: str | None) -> str | None:
        known = self._words.get(words or "")
        code = known.code(text) if known is not None else text.strip()
        if code is None and known is not None:
            near = known.near(text)
            hint = f"Возможно, имелось в виду «{near}»." if near else None
            allowed = "одно из: " + "; ".join(known.word(code) for _, code in known.pairs)
            self.problems.append(Problem(cell.place, "неизвестное слово", text, allowed, hint))
        return code

    def _refuse(self, cell: FormCell, text: str, expected: str) -> None:
        self.problems.append(Problem(cell.place, "ячейка заполнена не так", text, expected))


def _date(text: str) -> str | None:
    russian = _RUSSIAN_DATE.fullmatch(text)
    if text.isdecimal() and len(text) == 5:
        return (_DAY_ZERO + timedelta(int(text))).isoformat()
    try:
        if russian:
            return date(int(russian[3]), int(russian[2]), int(russian[1])).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _number(text: str) -> str | None:
    plain = _SPACES.sub("", text).replace(",", ".").replace("−", "-").removesuffix("%")
    try:
        number = Decimal(plain) if len(plain) <= _LONGEST_NUMBER and plain.isascii() else None
    except InvalidOperation:
        return None
    fits = number is not None and number.is_finite() and abs(number.adjusted()) <= _LONGEST_NUMBER
    return format(number, "f") if fits else None


def _whole(text: str) -> str | None:
    number = _number(text)
    return number if number is not None and "." not in number else None


def _flag(text: str) -> str | None:
    folded = text.casefold()
    if folded in layout().yes:
        return "true"
    return "false" if folded in layout().no else None


_READERS: Final = {"date": _date, "number": _number, "whole": _whole, "flag": _flag}
