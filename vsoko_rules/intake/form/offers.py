"""Drop-down lists and other checks of what is typed into a form. The words stand in columns of the hidden sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from vsoko_rules.intake.form.layout import Column, layout
from vsoko_rules.intake.form.plan import FIRST_ROW
from vsoko_rules.reading.workbook import column_letters

_LONGEST_NOTE: Final = 255
_LONGEST_TITLE: Final = 32
_FIRST_DAY: Final = date(1990, 1, 1)
_ENFORCED: Final = ("word", "flag")
"""types whose cells hold one word of the list and nothing else"""


class Offers:
    """The lists of one workbook, each written once, beside the table of the hidden sheet."""

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self._ranges: dict[tuple[str, ...], int] = {}
        self._first = len(layout().columns("list")) + 1

    def add(
        self, sheet: Any, first: int, last: int, at: int, column: Column, lists: Mapping[str, Sequence[str]]
    ) -> None:
        """Check the cells of a column from one row to another."""
        options = self._check(column, lists)
        if column.note is not None and column.type not in ("info", "service"):
            note = {"input_title": column.heading[:_LONGEST_TITLE], "input_message": column.note[:_LONGEST_NOTE]}
            options = {**(options or {"validate": "any"}), **note}
        if options is not None:
            words = layout().refused
            sheet.data_validation(first, at, last, at, {"error_title": words["title"], **options})

    def write(self, sheet: Any, first: int) -> None:
        """Write every list into its own column of the hidden sheet."""
        for words, number in self._ranges.items():
            for row, word in enumerate(words):
                sheet.write_string(FIRST_ROW + row, first + number, word)

    def _check(self, column: Column, lists: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
        refused = layout().refused
        if column.type == "date":
            return {"validate": "date", "criteria": ">=", "value": _FIRST_DAY, "error_message": refused["date"]}
        if column.type == "number":
            limits = {"criteria": "between", "minimum": -1_000_000, "maximum": 1_000_000}
            return {"validate": "decimal", **limits, "error_message": refused["number"]}
        if column.type == "whole":
            return {"validate": "integer", "criteria": ">=", "value": 0, "error_message": refused["whole"]}
        offered = self._offered(column, lists)
        if not offered:
            return None
        enforced = column.type in _ENFORCED
        return {
            "validate": "list", "source": self._range(offered), "show_error": enforced, "error_message": refused["list"]
        }  # fmt: skip

    def _offered(self, column: Column, lists: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        if column.type == "flag":
            return (layout().yes[0], layout().no[0])
        return tuple(lists.get(column.words or column.suggest or "", ()))

    def _range(self, words: tuple[str, ...]) -> str:
        number = self._ranges.setdefault(words, len(self._ranges))
        letters = column_letters(self._first + number)
        return f"='{self._sheet}'!${letters}${FIRST_ROW + 1}:${letters}${FIRST_ROW + len(words)}"
