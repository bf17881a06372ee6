"""A region's own ruleset: nothing is copied, a small ruleset extends a shipped one and changes what is its own.

Its list of indicators may come from a spreadsheet. Columns and the words allowed in them are in
`reports/rulesets/import.yml`, so that a methodist reads the same words in the guide and in the error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from vsoko_rules.errors import InputError, Place, Problem, RulesetError
from vsoko_rules.reading.scalars import Code, Flag, Text
from vsoko_rules.reading.typed import typed_flag, typed_number
from vsoko_rules.reading.validation import Model, expected, look_alikes, validated
from vsoko_rules.reading.word_list import WordList, parts
from vsoko_rules.reading.workbook import Sheet, read_workbook
from vsoko_rules.reading.yaml import read
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.content import Indicator
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.templates import plain, render
from vsoko_rules.writing.yaml_text import as_text


def skeleton(parent: Ruleset, ruleset_id: str) -> dict[str, str]:
    """The files of a new ruleset that extends `parent`: names relative to its folder, and their texts.

    What can be changed stands in them as comments with examples: levels and weights, names, exclusions, indicators.
    """
    given = {"parent": parent, "id": ruleset_id, "columns": columns()}
    return {name: render(f"rulesets/{name}.j2", plain, **given) for name in ("ruleset.yml", "ПРОЧТИ.md")}


INDICATORS_FILE = "indicators.yml"
"""where a region keeps its list"""


class ListColumn(Model):
    """A column of the spreadsheet: its heading, what it means, and which words stand for which codes."""

    key: Code
    heading: Text
    about: Text
    needed: Flag = False
    many: Flag = False
    """several values divided by semicolons, lines or commas"""
    type: Literal["text", "number", "flag"] = "text"
    words: dict[str, Code] = Field(default_factory=dict)


class ListColumns(Model):
    """The whole list of columns, in the order of the sample."""

    columns: tuple[ListColumn, ...]


def columns() -> tuple[ListColumn, ...]:
    """The columns an indicator list may have."""
    source = read(shipped("reports") / "rulesets" / "import.yml", RulesetError)
    return validated(ListColumns, source, RulesetError).columns


def import_indicators(path: Path, parent: Ruleset) -> str:
    """The indicators of a spreadsheet as a file of a ruleset that extends `parent`.

    The first sheet whose first rows have the needed headings is read. Raises `InputError` with a problem for each cell
    that does not fit.
    """
    known = columns()
    needed = {column.key for column in known if column.needed}
    for sheet in read_workbook(path):
        for number, row in enumerate(sheet.rows[:20]):
            heads = _headings(row, known)
            below = _headings(sheet.rows[number + 1], known) if number + 1 < len(sheet.rows) else {}
            if needed <= heads.keys() and not needed <= below.keys():  # merged headings stand in several rows
                return _file(_Table(sheet, number, heads, known, parent).entries(), parent)
    headings = ", ".join(f"«{column.heading}»" for column in known if column.needed)
    problem = Problem(Place(str(path)), "не найдена таблица показателей", expected=f"строка заголовков: {headings}")
    raise InputError([problem])


def _headings(row: Sequence[str | None], known: Sequence[ListColumn]) -> dict[str, int]:
    written = {(cell or "").casefold(): n for n, cell in enumerate(row)}
    return {c.key: written[c.heading.casefold()] for c in known if c.heading.casefold() in written}


class _Table:
    def __init__(
        self, sheet: Sheet, heading: int, heads: Mapping[str, int], known: Sequence[ListColumn], parent: Ruleset
    ) -> None:
        self.sheet = sheet
        self.heading = heading
        self.heads = heads
        self.known = {column.key: column for column in known}
        self.parent = parent
        self.problems: list[Problem] = []

    def entries(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        seen: dict[str, Place] = {}
        for number in range(self.heading + 1, len(self.sheet.rows)):
            cells = {key: self._cell(number, key) for key in self.heads}
            faults = [(key, fault) for key, at in self.heads.items() if (fault := self.sheet.faults.get((number, at)))]
            self.problems += [
                Problem(self._place(number, key), "в ячейке ошибка", fault, "значение") for key, fault in faults
            ]
            if not any(cells.values()) or faults:
                continue
            entry = self._entry(number, cells)
            place = self._place(number, "id")
            if (first := seen.setdefault(str(entry.get("id")), place)) != place:
                expected_once = f"один раз; впервые — {first}"
                self.problems.append(Problem(place, "код повторяется", str(entry.get("id")), expected_once))
            rows.append(entry)
        if self.problems:
            raise InputError(self.problems)
        return rows

    def _cell(self, number: int, key: str) -> str | None:
        row, column = self.sheet.rows[number], self.heads[key]
        return row[column] if column < len(row) else None

    def _place(self, number: int, key: str) -> Place:
        return self.sheet.place(number, self.heads.get(key, 0))

    def _entry(self, number: int, cells: Mapping[str, str | None]) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        for key, text in cells.items():
            if text is not None:
                parts = key.split(".")
                inner = entry
                for part in parts[:-1]:
                    inner = inner.setdefault(part, {})
                inner[parts[-1]] = self._value(number, self.known[key], text)
        self._validate(number, entry)
        return entry

    def _value(self, number: int, column: ListColumn, text: str) -> Any:
        words = WordList(column.words.items())
        if not column.many:
            return self._coded(number, column, words, text)
        divided = words.split(text) if column.words else [part for cell in parts(text) for part in cell.split(",")]
        return [self._coded(number, column, words, part.strip()) for part in divided if part.strip()]

    def _coded(self, number: int, column: ListColumn, words: WordList, text: str) -> str:
        """One value of a cell, read as a form reads it."""
        if column.type == "number":
            return typed_number(text) or text
        code = words.code(text) if column.words else text
        if column.type == "flag":
            code = code or typed_flag(text)
        if code is None:
            allowed = "одно из: " + ", ".join(column.words)
            place = self._place(number, column.key)
            self.problems.append(Problem(place, "неизвестное слово", text, allowed, words.hint(text)))
        return code if code is not None else next(iter(column.words.values()))

    def _validate(self, number: int, entry: Mapping[str, Any]) -> None:
        try:
            indicator = Indicator.model_validate(entry)
        except ValidationError as exc:
            self.problems += [self._unfit(number, details) for details in exc.errors(include_url=False)]
            return
        named = [
            ("block", "блока", indicator.block, self.parent.blocks),
            ("stage", "звена", indicator.stage, self.parent.stages),
            ("earned.element", "элемента", indicator.earned.element, self.parent.elements),
            *(("sources", "источника", source, self.parent.sources) for source in indicator.sources),
        ]
        for key, what, code, among in named:
            if code is not None and code not in among:
                known = f"код {what} из методики {self.parent.id}"
                self.problems.append(Problem(self._place(number, key), f"{what} с таким кодом нет", code, known))
        if not indicator.earned.names:
            place = self._place(number, "earned.element")
            self.problems.append(
                Problem(place, "не сказано, как получить показатель", expected="элемент, значение или отметка")
            )

    def _unfit(self, number: int, details: ErrorDetails) -> Problem:
        """What a model says of a cell."""
        key = ".".join(str(step) for step in details["loc"] if isinstance(step, str))
        column = next((head for head in self.heads if f"{head}.".startswith(f"{key}.")), key.split(".")[0])
        shown = None if details["type"] == "missing" else str(details["input"])
        return Problem(
            self._place(number, column), "ячейка заполнена не так", shown, expected(details), look_alikes(details)
        )


def _file(entries: Sequence[Mapping[str, Any]], parent: Ruleset) -> str:
    """The file of a ruleset: the parent's list is replaced, and the number of rows of each block is stated."""
    counts = {
        block.id: sum(e["block"] == block.id for e in entries) for block in parent.blocks.values() if not block.frame
    }
    content = {"replaces": ["indicators"], "indicator_counts": counts, "indicators": list(entries)}
    return as_text(content)
