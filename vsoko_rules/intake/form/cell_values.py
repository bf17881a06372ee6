"""What people type into cells, as the scalars of a case: Russian dates and numbers, yes and no, words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from vsoko_rules.errors import Place, Problem
from vsoko_rules.intake.form.form_tables import FormCell
from vsoko_rules.intake.form.layout import Type
from vsoko_rules.reading import typed
from vsoko_rules.reading.scalars import span
from vsoko_rules.reading.word_list import WordList, folded, parts

_WRONG: Final = "ячейка заполнена не так"
_FAULTS: Final = (
    "в ячейке ошибка: таблица не смогла посчитать значение",
    "в ячейке формула без значения: откройте файл в Excel или LibreOffice и сохраните",
)
_NO_DAY_ZERO: Final = "вместо даты число, а в файле .xls не видно, с какого дня считать"
_PERCENT: Final = "если это доля, впишите процент: 91,2, или сохраните файл как .xlsx"
_ADDRESS: Final = "адрес страницы на сайте или имя файла рядом с формой"
_NO_ADDRESS: Final = {
    "here": "это место на одном компьютере: другим документ по нему не открыть",
    "nowhere": "это не адрес и не файл: документ остался без адреса",
}
_MOST_LISTED: Final = 12
_CODE: Final = re.compile(r"[^\W_]+-[\w.\-]*\d[\w.\-]*")
"""what looks like the code of an element: «B1-M02», in any letters"""
_RANGE: Final = re.compile(r"\s[-–—]\s|…|\.\.")
_BETWEEN: Final = re.compile(r"[;,\s]+")
_READERS: Final = {"number": typed.typed_number, "whole": typed.typed_whole, "flag": typed.typed_flag}


class CellValues:
    """Turns cells into values; what does not fit becomes a problem, all of them in `problems`; what was understood
    with a guess is told in `notices`."""

    def __init__(self, words: Mapping[str, WordList], problems: list[Problem]) -> None:
        self._words = words
        self.problems = problems
        self.notices: list[Problem] = []
        self._refused: set[Place] = set()

    def one(self, cell: FormCell, kind: Type, words: str | None = None) -> str | None:
        """The single value of a cell; none where it is empty or does not fit."""
        text = cell.text
        if cell.fault is not None:
            self.refuse(cell, cell.fault, "значение", _FAULTS[cell.fault.startswith("=")])
        if text is None or kind == "text" or cell.fault is not None:
            return text
        if kind == "word":
            return self._word(text, cell, words)
        stripped = text.strip()
        if kind == "date":
            return self._date(stripped, cell)
        if kind in _READERS:
            value = _READERS[kind](stripped)
            if value is None and kind == "whole" and stripped.isalpha() and typed.typed_flag(stripped) == "false":
                value = "0"
                self.tell(cell, "понято как число", stripped, value)
            elif value is None:
                self.refuse(cell, stripped, typed.EXPECTED[kind])
            elif kind == "number" and cell.day_zero is None and 0 < abs(Decimal(value)) < 1:
                self.tell(cell, "прочитано без знака процента: в файле .xls он не виден", stripped, _PERCENT)
            return value
        return stripped

    def when(self, cell: FormCell) -> tuple[str, str] | None:
        """The date or the period in a cell, and which of them it is."""
        text = self.one(cell, "code")
        if text is None or cell.fault is not None:
            return None
        if typed.typed_date(text, cell.day_zero) is not None:
            return "date", self._date(text, cell) or ""
        if span(text) is not None:
            return "period", text
        self.refuse(cell, text, typed.EXPECTED["when"])
        return None

    def where(self, cell: FormCell) -> tuple[str, str] | None:
        """The address of a page or the path of a file in a cell, and which of them it is. A link leads where it leads,
        whatever stands in the cell."""
        text = cell.link or self.one(cell, "code")
        if text is None or (cell.fault is not None and cell.link is None):
            return None
        kind, found = typed.whereabouts(text)
        if kind in ("here", "nowhere"):
            self.notices.append(Problem(cell.place, _NO_ADDRESS[kind], text, _ADDRESS))
            return None
        if kind == "url" and found != text:
            self.tell(cell, "адрес понят так", text, found)
        return kind, found

    def several(self, cell: FormCell, words: str) -> list[tuple[str, str]]:
        """Fields and values in a cell that holds words of several lists."""
        return [
            (field, value) for code in self.many(cell, "words", words) for field, _, value in (code.partition(":"),)
        ]

    def notes(self, cell: FormCell) -> list[tuple[str, str]]:
        """Fields and values in a cell with notes: words that are not on the list are a comment."""
        text = self.one(cell, "text")
        if text is None or cell.fault is not None:
            return []
        known = self._words["notes"]
        said = [(part, known.code(part)) for part in parts(text)]
        fields = [(field, value) for _, code in said if code for field, _, value in (code.partition(":"),)]
        rest = "; ".join(part for part, code in said if code is None) if fields else text
        return [*fields, ("comment", rest)] if rest else fields

    def many(self, cell: FormCell, kind: Type, words: str | None = None) -> list[str]:
        """The values of a cell that may hold several."""
        if cell.text is None or cell.fault is not None:
            self.one(cell, "text")
            return []
        if kind == "codes":
            return [code for code in _BETWEEN.split(cell.text.strip()) if code]
        known = self._words.get(words or "")
        said = known.split(cell.text) if known is not None else _BETWEEN.split(cell.text.strip())
        return [code for part in said for code in self._words_or_codes(part, cell, words)]

    def word(self, name: str, text: str) -> str | None:
        """The code that a word of one list stands for."""
        known = self._words.get(name)
        return known.code(text) if known is not None else None

    def titles(self, name: str) -> dict[str, str]:
        """Codes by the folded words of one list."""
        known = self._words.get(name)
        return {folded(word): code for word, code in known.pairs} if known is not None else {}

    def _words_or_codes(self, text: str, cell: FormCell, words: str | None) -> list[str]:
        """What one part of a cell means. A code that no list knows stays: the ruleset that judges may know it."""
        if words == "elements" and self._words[words].code(text) is None:
            said = [word for word in _BETWEEN.split(text) if word]
            codes = [word for word in said if _CODE.fullmatch(word)]
            if codes == said or (codes == said[:1] and not _RANGE.search(text)):
                return codes
        code = self._word(text, cell, words)
        return [code] if code is not None else []

    def _word(self, text: str, cell: FormCell, words: str | None) -> str | None:
        known = self._words.get(words or "")
        code = known.code(text) if known is not None else text.strip()
        if code is None and known is not None:
            allowed = "одно из: " + "; ".join(known.word(code) for _, code in known.pairs)
            allowed = allowed if len(known.pairs) <= _MOST_LISTED else "слово из списка этой клетки"
            self.refuse(cell, text, allowed, "неизвестное слово", known.hint(text))
        return code

    def _date(self, text: str, cell: FormCell) -> str | None:
        day = typed.typed_date(text, cell.day_zero)
        if day is None and text.isdecimal() and cell.day_zero is None:
            self.refuse(cell, text, typed.EXPECTED["date"], _NO_DAY_ZERO)
        elif day is None:
            self.refuse(cell, text, typed.EXPECTED["date"])
        elif typed.is_guessed(text):
            self.tell(cell, "дата понята так", text, russian_date(day))
        return day

    def refuse(
        self, cell: FormCell, found: str | None, expected: str, message: str = _WRONG, hint: str | None = None
    ) -> None:
        """A cell that cannot be understood: one problem, whatever else is wrong in it."""
        if cell.place not in self._refused:
            self._refused.add(cell.place)
            self.problems.append(Problem(cell.place, message, found, expected, hint))

    def tell(self, cell: FormCell, message: str, found: str, meant: str) -> None:
        """A cell that was understood, though it leaves something to guess."""
        self.notices.append(Problem(cell.place, f"{message}: {meant}", found))


def russian_date(day: str) -> str:
    """An ISO date as people write it."""
    return ".".join(reversed(day.split("-")))
