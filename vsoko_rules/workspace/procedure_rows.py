"""Assessment procedures of a school as rows of a small table: added, changed, taken away."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final

from vsoko_rules.case.records import Procedure
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.listed_entries import EntryReader, Typed, TypedEntry, entry_at, etag, put_entry, remove_entry
from vsoko_rules.workspace.opened_school import OpenedSchool

FIELDS: Final = ("subject", "grade", "days_between", "share", "per_day")
_PART: Final = "procedures"
_LAST_GRADE: Final = 11


def procedure_rows(school: OpenedSchool) -> tuple[TypedEntry, ...]:
    """The procedures of a case as people type them, in the order of the file."""
    return tuple(_shown(school, procedure) for procedure in school.case.content.procedures)


def procedure_row(school: OpenedSchool, code: str) -> TypedEntry:
    """One of them. Raises `InputError` where there is none of that code."""
    for procedure in school.case.content.procedures:
        if procedure.id == code:
            return _shown(school, procedure)
    raise InputError([Problem(Place(code), "такой процедуры нет")])


def empty_procedure(school: OpenedSchool) -> TypedEntry:
    """A row for a procedure that there is not yet, under a code that none has."""
    known = {procedure.id for procedure in school.case.content.procedures}
    code = next(code for n in count(1) if (code := f"p{n:02}") not in known)
    return TypedEntry(code, etag(None), dict.fromkeys(FIELDS, ""))


def _shown(school: OpenedSchool, procedure: Procedure) -> TypedEntry:
    texts = {name: getattr(procedure, name) for name in FIELDS}
    shown = {name: "" if value is None else str(value) for name, value in texts.items()}
    shown["share"] = shown["share"].replace(".", ",")
    return TypedEntry(procedure.id, etag(entry_at(school.data, _PART, procedure.id)), shown)


def change_procedure(code: str, mark: str, typed: Typed) -> Callable[[Data], Data]:
    """The change that puts a procedure into the case. Raises `InputError` with a problem for each field in which
    something is wrong, and `StaleEntry`."""
    reader = EntryReader(typed)
    fields = {
        "subject": reader.text("subject", "не указан предмет", "предмет, например «Математика»"),
        "grade": reader.whole("grade", 1, _LAST_GRADE, "не указан класс"),
        "days_between": reader.whole("days_between", 0),
        "share": reader.number("share", 0),
        "per_day": reader.whole("per_day", 0),
    }
    reader.done()
    return put_entry(_PART, code, mark, fields)


def remove_procedure(code: str, mark: str) -> Callable[[Data], Data]:
    """The change that takes a procedure away. Raises `StaleEntry`."""
    return remove_entry(_PART, code, mark)
