"""Hypothetical changes of a case, made on a copy: what a school could write, add, date or cite.

Each change is a small record with `apply`; a case is immutable, so the one that was read is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, Protocol, get_args

from vsoko_rules.case.claims import added
from vsoko_rules.case.document_records import RELATIONS, Document
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.case.records import Case, IndicatorEntry, Study
from vsoko_rules.errors import Place
from vsoko_rules.reading.validation import Positioned

ListField = Literal["holds", "addressees", "based_on"]
"""fields of a document that list codes"""

SingleField = Literal["kind", "period", "url", "approved_by", "annex_of", "amends"]
"""fields of a document that hold one text or the code of one document"""

SINGLE_FIELDS: Final[tuple[SingleField, ...]] = get_args(SingleField)

_GAP: Final = re.compile(r"_{2,}")
"""a place left open in a form"""


class CaseChange(Protocol):
    """One change. `apply` gives a changed copy; a change of a document that is not there changes nothing."""

    def apply(self, case: Case) -> Case: ...


@dataclass(frozen=True, slots=True)
class AddDocument:
    """A further document. References to documents that are not there are left out of it."""

    document: Document

    def apply(self, case: Case) -> Case:
        known = {d.id for d in case.documents}
        grounds = tuple(ground for ground in self.document.based_on if ground in known)
        return case.model_copy(
            update={"documents": (*case.documents, self.document.model_copy(update={"based_on": grounds}))}
        )


@dataclass(frozen=True, slots=True)
class RemoveDocument:
    """A document less, and with it every reference to it."""

    document: str

    def apply(self, case: Case) -> Case:
        kept = tuple(_unrelated(d, self.document) for d in case.documents if d.id != self.document)
        entries = {code: self._unproven(entry) for code, entry in case.indicators.items()}
        return case.model_copy(update={"documents": kept, "indicators": entries})

    def _unproven(self, entry: IndicatorEntry) -> IndicatorEntry:
        return entry.model_copy(update={"documents": tuple(d for d in entry.documents if d != self.document)})


@dataclass(frozen=True, slots=True)
class AddCode:
    """What a document now holds, an addressee it names, or a document of the case on which it is based."""

    document: str
    field: ListField
    code: str

    def apply(self, case: Case) -> Case:
        if self.field == "based_on" and all(d.id != self.code for d in case.documents):
            return case
        return _edited(case, self.document, lambda d: _with(d, self.field, self.code))


@dataclass(frozen=True, slots=True)
class RemoveCode:
    """A requirement, an addressee or a reference that a document no longer has."""

    document: str
    field: ListField
    code: str

    def apply(self, case: Case) -> Case:
        return _edited(case, self.document, lambda d: _without(d, self.field, self.code))


@dataclass(frozen=True, slots=True)
class SetNumber:
    """Another number of a document, or none."""

    document: str
    number: str | None

    def apply(self, case: Case) -> Case:
        return _edited(case, self.document, lambda d: _replaced(d, "number", self.number))


@dataclass(frozen=True, slots=True)
class SetDate:
    """Another date of a document, or none."""

    document: str
    day: date | None

    def apply(self, case: Case) -> Case:
        return _edited(case, self.document, lambda d: _replaced(d, "date", self.day))


@dataclass(frozen=True, slots=True)
class SetBlank:
    """A template is filled in (`blank` false), or a document was a template all along."""

    document: str
    blank: bool

    def apply(self, case: Case) -> Case:
        return _edited(case, self.document, self._set)

    def _set(self, document: Document) -> Document:
        if self.blank:
            return document.model_copy(update={"blank": True})
        filled = document.model_copy(update={"blank": False, "title": _GAP.sub("…", document.title)})
        return filled.model_copy(update={"quote": None}) if filled.template else filled


@dataclass(frozen=True, slots=True)
class SetField:
    """Another kind, period or address of a document, another document that approves it, to which it belongs or which it
    amends; or none."""

    document: str
    field: SingleField
    value: str | None

    def apply(self, case: Case) -> Case:
        return _edited(case, self.document, lambda d: _replaced(d, self.field, self.value))


@dataclass(frozen=True, slots=True)
class SetMark:
    """An expert's mark for an indicator (points)."""

    indicator: str
    mark: Decimal

    def apply(self, case: Case) -> Case:
        entry = case.indicators.get(self.indicator, IndicatorEntry()).model_copy(update={"mark": self.mark})
        return case.model_copy(update={"indicators": {**case.indicators, self.indicator: entry}})


@dataclass(frozen=True, slots=True)
class NextCycle:
    """Another study, with those of the documents that count in it. Of an expert's decisions only what does not apply to
    the school stays."""

    study: Study
    staying: tuple[str, ...]

    def apply(self, case: Case) -> Case:
        gone = {d.id for d in case.documents} - set(self.staying)
        documents = tuple(self._apart(d, gone) for d in case.documents if d.id in self.staying)
        overrides = tuple(o for o in case.overrides if o.outcome == "not_applicable" and o.counts_on(self.study.end))
        return case.model_copy(update={"study": self.study, "documents": documents, "overrides": overrides})

    @staticmethod
    def _apart(document: Document, gone: set[str]) -> Document:
        """The document without its relations to those that do not stay."""
        named = {*document.based_on, *(getattr(document, field) for field in RELATIONS[1:])}
        for other in sorted(gone & named):
            document = _unrelated(document, other)
        return document


def applied(case: Case, changes: Iterable[CaseChange]) -> Case:
    """A copy of `case` with all the changes, one after another."""
    for change in changes:
        case = change.apply(case)
    return case


def changed(case: CaseFile, changes: Iterable[CaseChange]) -> CaseFile:
    """A copy of a case file with all the changes. What is new stands, as it were, at the list of documents."""
    content = applied(case.content, changes)
    return case.changed(content, _ChangedSource(case, content))


class _ChangedSource:
    """The source of a changed case: every document keeps the place it has in the file."""

    def __init__(self, case: CaseFile, content: Case) -> None:
        self._source: Positioned = case.source
        before = {d.id: number for number, d in enumerate(case.content.documents)}
        self._numbers = [before.get(d.id) for d in content.documents]

    @property
    def data(self) -> Any:
        return self._source.data

    def place(self, path: Sequence[str | int], /) -> Place:
        return self._source.place(self._before(path))

    def key_place(self, path: Sequence[str | int], /) -> Place:
        return self._source.key_place(self._before(path))

    def _before(self, path: Sequence[str | int]) -> Sequence[str | int]:
        if len(path) < 2 or path[0] != "documents" or not isinstance(path[1], int):
            return path
        number = self._numbers[path[1]]
        return ("documents",) if number is None else ("documents", number, *path[2:])


def _edited(case: Case, document: str, edit: Callable[[Document], Document]) -> Case:
    documents = tuple(edit(d) if d.id == document else d for d in case.documents)
    return case.model_copy(update={"documents": documents})


def _replaced(document: Document, field: str, value: object) -> Document:
    """The document with another value of a field; what claims say of the field is gone."""
    claims = tuple(c for c in document.evidence if c.field != field)
    return document.model_copy(update={field: value, "evidence": claims})


def _with(document: Document, field: ListField, code: str) -> Document:
    """The document with a code; contents are added for every element of which it holds others."""
    listed: tuple[str, ...] = getattr(document, field)
    changes: dict[str, Any] = {field: added(listed, code)}
    if field == "holds":
        changes["holds_for"] = {element: added(own, code) for element, own in document.holds_for.items()}
    return document.model_copy(update=changes)


def _without(document: Document, field: ListField, code: str) -> Document:
    """The document without a code, whether it stands in its field or in a claim."""
    listed: tuple[str, ...] = getattr(document, field)
    changes: dict[str, Any] = {field: tuple(c for c in listed if c != code)}
    changes["evidence"] = tuple(c for c in document.evidence if (c.field or "holds", c.value) != (field, code))
    if field == "holds":
        held = document.holds_for.items()
        changes["holds_for"] = {element: tuple(c for c in own if c != code) for element, own in held}
    return document.model_copy(update=changes)


def _unrelated(document: Document, other: str) -> Document:
    """The document without any relation to another."""
    left = _without(document, "based_on", other)
    named = {field: None for field in RELATIONS if getattr(left, field) == other}
    claims = tuple(c for c in left.evidence if c.field not in RELATIONS or c.value != other)
    return left.model_copy(update={**named, "evidence": claims})
