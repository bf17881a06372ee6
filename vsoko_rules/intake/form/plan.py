"""What stands on each sheet of a form, before anything is drawn: columns, rows, values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from vsoko_rules.intake.form.layout import OPEN, Column, Kind, layout
from vsoko_rules.intake.form.vocabulary import Words
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.writing.spreadsheet import Formula, Value

FIRST_ROW = 5
"""of the rows of a table, numbered from 0: title, explanation, groups, headings and the hidden keys stand above"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: values by the key of their column. `asked`: columns that are expected to be filled, none where nothing
    is known of it; `fixed`: columns that stay as they are; `cells`: what single cells hold if not what their column
    does."""

    values: Mapping[str, Value | Formula]
    asked: Collection[str] | None = None
    fixed: Collection[str] = ()
    cells: Mapping[str, Column] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """One sheet. `kind` says what its rows are; `lists` gives the words of its columns, by the name of a list."""

    name: str
    kind: Kind
    title: str
    about: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    spare: int = 0
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    hidden: bool = False


def fields_of(model: BaseModel, columns: Iterable[Column], lists: Mapping[str, Words]) -> dict[str, Value]:
    """The fields of a part of a case as cells. Columns that are no fields are passed over."""
    return {c.key: cell(getattr(model, c.key), c, lists) for c in columns if hasattr(model, c.key)}


def cell(value: object, column: Column, lists: Mapping[str, Words]) -> Value:
    """One field as a cell."""
    if isinstance(value, bool):
        return layout().yes[0] if value else None
    if isinstance(value, tuple):
        words = lists.get(column.words or "")
        return "; ".join(words.word(code) if words is not None else code for code in value) or None
    if isinstance(value, str) and column.words is not None and column.words in lists:
        return lists[column.words].word(value)
    return value if isinstance(value, str | int | Decimal | date) else None


def opened(columns: Iterable[Column], ruleset: Ruleset, requirements: Collection[str]) -> list[Column]:
    """Columns with one for each of `requirements` in the place of the open one."""
    found: list[Column] = []
    for column in columns:
        if not column.key.endswith(OPEN):
            found.append(column)
            continue
        asked = [q for q in ruleset.requirements.values() if q.id in requirements]
        stem = column.key.removesuffix("*")
        found += [column.model_copy(update={"key": stem + q.id, "heading": _capital(q.title)}) for q in asked]
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
