"""Rows of an earlier year taken over: what each document is and what it is for, nothing that was found in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.fresh import next_year
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.form.document_names import plain
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.writing.yaml_edit import as_read


@dataclass(frozen=True, slots=True)
class LastYearRow:
    """One document of the earlier file as it would be taken over under `code`. `unknown`: elements that this school's
    ruleset does not have; `known`: whether a document of this title is there already."""

    document: Document
    code: str
    fields: Data
    unknown: tuple[str, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class LastYear:
    """What an earlier file has to be taken over."""

    year: int
    same_school: bool
    earlier: bool
    rows: tuple[LastYearRow, ...]


def last_year_rows(school: OpenedSchool, source: CaseFile) -> LastYear:
    """What there is to take over from an earlier case, as for a file of the next year (`case.fresh.next_year`)."""
    here, there = school.case.content, source.content
    titles = {plain(document.title) for document in here.documents}
    taken = set(school.case.documents)
    rows = []
    for document in next_year(there, here.study).documents:
        code = _code(document.id, taken)
        taken.add(code)
        rows.append(_row(school, document, code, plain(document.title) in titles))
    same = here.school.id == there.school.id
    return LastYear(there.study.year, same, there.study.year < here.study.year, tuple(rows))


def take_over(rows: Sequence[LastYearRow], chosen: Collection[str]) -> Callable[[Data], Data]:
    """The change that adds the documents that the earlier file has under these codes. Raises `InputError` where none is
    chosen."""
    added = [{**row.fields, "id": row.code} for row in rows if row.document.id in chosen]
    if not added:
        raise InputError([Problem(Place("прошлый год"), "не выбрано ни одной строки")])

    def change(data: Data) -> Data:
        return {**data, "documents": [*(data.get("documents") or ()), *added]}

    return change


def _row(school: OpenedSchool, document: Document, code: str, known: bool) -> LastYearRow:
    ruleset = school.ruleset
    current = dict.fromkeys(ruleset.aliases.get(element, element) for element in document.serves)
    serves = tuple(element for element in current if element in ruleset.elements)
    unknown = tuple(element for element in current if element not in ruleset.elements)
    fields: dict[str, Any] = as_read(plain_data(document.model_copy(update={"id": code, "serves": serves})))
    return LastYearRow(document, code, fields, unknown, known)


def _code(code: str, taken: Collection[str]) -> str:
    """The code that the document has, or the first free one."""
    return code if code not in taken else next(free for n in count(1) if (free := f"d{n:02}") not in taken)
