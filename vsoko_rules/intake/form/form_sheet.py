"""A sheet of a form before it is drawn: its columns, and its rows with what a case says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from vsoko_rules.intake.form.layout import FormColumn, Kind
from vsoko_rules.reading.typed import typed_words
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.writing.cells import Formula, Value

FIRST_ROW = 4
"""of the rows of a table, numbered from 0: title, explanation, headings and the hidden keys stand above"""

RowValues = dict[str, Value | Formula]
"""what stands in a row, by the key of the column"""


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row. `asked`: columns that are expected to be filled, none where nothing is known of it; `fixed`: columns
    that stay as they are; `cells`: what single cells hold if not what their column does."""

    values: Mapping[str, Value | Formula]
    asked: Collection[str] | None = None
    fixed: Collection[str] = ()
    cells: Mapping[str, FormColumn] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One sheet. `kind` says what its rows are; `lists` gives the words of its columns, by the name of a list."""

    name: str
    kind: Kind
    title: str
    about: str
    columns: Sequence[FormColumn]
    rows: Sequence[FormRow]
    spare: int = 0
    """empty rows below the others"""
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    hidden: bool = False
    named: Mapping[str, str] = field(default_factory=dict)
    """ranges with names, by which drop-down lists find their words"""
    fixed_rows: bool = False
    """whether rows are neither added nor deleted, because formulas stand in them"""


def fields_of(model: BaseModel, columns: Iterable[FormColumn], words: Mapping[str, WordList]) -> RowValues:
    """The fields of a part of a case as cells. Columns that are no fields are passed over."""
    data = _flat(model)
    return {c.key: cell_value(data[c.key], c, words) for c in columns if c.key in data}


def _flat(model: BaseModel, before: str = "") -> dict[str, object]:
    """The fields of a model by their keys; those of a part of it by both keys: «valid.from»."""
    found: dict[str, object] = {}
    for name, info in type(model).model_fields.items():
        key, value = before + (info.alias or name), getattr(model, name)
        found |= _flat(value, f"{key}.") if isinstance(value, BaseModel) else {key: value}
    return found


def cell_value(value: object, column: FormColumn, words: Mapping[str, WordList]) -> Value:
    """One field as a cell."""
    if isinstance(value, bool):
        return typed_words().yes[0] if value else None
    known = words.get(column.words or "")
    if isinstance(value, tuple | list):
        return "; ".join(known.word(code) if known is not None else code for code in value) or None
    if isinstance(value, str) and known is not None:
        return known.word(value)
    return value if isinstance(value, str | int | Decimal | date) else None
