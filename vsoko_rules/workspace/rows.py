"""The documents of a school as rows of a table: as people type them, and changed as they were seen.

Fields that a row does not show (evidence, contents for single elements) stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any, Final

from vsoko_rules.case.document_records import Document
from vsoko_rules.errors import InputError, LostUpdate, Place, Problem
from vsoko_rules.intake.form.document_names import DocumentNames, NamedDocument
from vsoko_rules.workspace.asked import NamedChoice
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.listed_entries import Typed, changing, entry_at, etag, filled
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.readable_addresses import readable_address
from vsoko_rules.workspace.row_reader import BOXES, FLAGS, SINGLE, TEXTS, RowReader, named_document

_PART: Final = "documents"


class StaleRow(LostUpdate):
    """A row was changed or removed since it was seen. `entry` is what the case holds of it now."""

    def __init__(self, entry: Any) -> None:
        said = "строку тем временем удалили" if entry is None else "строку изменили после того, как вы её открыли"
        super().__init__([Problem(Place("строка"), said)])


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row as it stands in a form of a page: texts by field, codes by field."""

    id: str
    etag: str
    texts: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]
    problems: Mapping[str, Problem] = field(default_factory=dict)
    """by the field in which something is wrong"""


def shown_row(school: OpenedSchool, row: str) -> TypedRow:
    """A document as people type it. Raises `InputError` where there is none."""
    document = school.case.documents.get(row)
    if document is None:
        raise InputError([Problem(Place(row), "такого документа нет")])
    return TypedRow(row, etag(entry_at(school.data, _PART, row)), row_texts(document), row_codes(document))


def row_texts(document: Document) -> dict[str, str]:
    """What stands in the text fields of a row."""
    valid = document.valid
    days = {"valid_from": valid.start if valid else None, "valid_to": valid.end if valid else None}
    return {
        **{name: getattr(document, name) or "" for name in (*TEXTS, *SINGLE, "number")},
        "when": day_text(document.date) if document.date else document.period or "",
        "where": readable_address(document.url or "") or document.file or "",
        **{name: day_text(day) if day else "" for name, day in days.items()},
    }


def row_codes(document: Document) -> dict[str, tuple[str, ...]]:
    """What is chosen in the other fields of a row."""
    boxes = tuple(f"{name}:{getattr(each, 'value', each)}" for name in BOXES for each in getattr(document, name))
    marks = tuple(name for name in FLAGS if getattr(document, name))
    return {"box": boxes, "serves": document.serves, "based_on": document.based_on, "marks": marks}


def day_text(day: date) -> str:
    """A date as it is typed: 14.02.2022."""
    return f"{day:%d.%m.}{day.year:04}"


def empty_row(row: str, serves: Sequence[str] = ()) -> TypedRow:
    """A row for a document that there is not yet."""
    return typed_row(row, "", {"serves": serves})


def ground_choices(school: OpenedSchool) -> tuple[NamedChoice, ...]:
    """The documents of a school by the names under which they can be chosen."""
    documents = school.case.content.documents
    names = DocumentNames(named_document(d) for d in documents)
    return tuple(NamedChoice(d.id, names.called(d.id)) for d in documents)


def called(school: OpenedSchool, row: str) -> NamedDocument | None:
    """How a document is known by name; none where there is none."""
    document = school.case.documents.get(row)
    return named_document(document) if document is not None else None


def typed_row(row: str, mark: str, typed: Typed, problems: Iterable[Problem] = ()) -> TypedRow:
    """A row as somebody typed it, to be shown again with what is wrong with it."""
    names = (*TEXTS, *SINGLE, "number", "when", "where", "valid_from", "valid_to")
    codes = ("box", "serves", "based_on", "marks")
    return TypedRow(
        row,
        mark,
        {name: next(iter(typed.get(name, ())), "") for name in names},
        {name: tuple(typed.get(name, ())) for name in codes},
        {problem.place.file: problem for problem in problems},
    )


def put_row(school: OpenedSchool, row: str, mark: str, typed: Typed) -> Callable[[Data], Data]:
    """The change of one row; without a mark, the one that adds it under the code `row`. Raises `InputError` with a
    problem for each field in which something is wrong, and `StaleRow` where the row is not the one that was seen."""
    fields = RowReader(school, row).read(typed)
    return changing(_PART, row, mark or etag(None), lambda entry: filled(entry or {"id": row}, fields), StaleRow)


def remove_row(row: str, mark: str) -> Callable[[Data], Data]:
    """The change that removes a document, and what other documents say of it. Raises `StaleRow`."""
    remove = changing(_PART, row, mark, lambda _: {}, StaleRow)

    def change(data: Data) -> Data:
        rest = remove(data)
        return {**rest, _PART: [_without(each, row) for each in rest[_PART]]} if _PART in rest else rest

    return change


def next_code(school: OpenedSchool) -> str:
    """A code for a new document, which none has had here."""
    return next(code for n in count(1) if (code := f"d{n:02}") not in school.case.documents)


def _without(entry: Mapping[str, Any], row: str) -> dict[str, Any]:
    """An entry that no longer names the document `row`."""
    kept = {key: value for key, value in entry.items() if not (key in SINGLE and value == row)}
    if row in (kept.get("based_on") or ()):
        kept["based_on"] = [code for code in kept["based_on"] if code != row]
        kept = {key: value for key, value in kept.items() if key != "based_on" or value}
    if "evidence" in kept:
        kept["evidence"] = [c for c in kept["evidence"] if str(c.get("claim", "")).split()[-1:] != [row]]
    return kept
