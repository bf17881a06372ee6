"""The documents of a school as rows of a table: what is typed into one, and the document that it becomes.

A row has an etag: a change of it is made only to the row as it was seen. Fields that a row does not show (evidence,
contents for single elements) stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import count
from typing import Any, Final

from vsoko_rules.case.records import Document, Validity
from vsoko_rules.errors import InputError, LostUpdate, Place, Problem, argument
from vsoko_rules.intake.form.document_names import DocumentNames, NamedDocument
from vsoko_rules.intake.form.word_lists import word_lists
from vsoko_rules.reading.scalars import span
from vsoko_rules.reading.typed import EXPECTED, document_number, typed_date, whereabouts
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.workspace.asked import NamedChoice
from vsoko_rules.workspace.case_parts import Data, canonical
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.readable_addresses import readable_address

Typed = Mapping[str, Sequence[str]]
"""what stands in the fields of a row, by their names; a field that is not there is not touched"""

TEXTS: Final = ("title", "kind", "quote", "comment")
FLAGS: Final = ("blank", "scan", "unrelated")
SINGLE: Final = ("approved_by", "annex_of", "amends")
BOXES: Final = ("holds", "addressees", "covers")
PERIOD_EXPECTED: Final = "дата, например 14.02.2022, или период: 2021/22, июнь 2022, 2022"


class StaleRow(LostUpdate):
    """A row was changed since it was seen. `current` is the document as it is now, none where it was removed."""

    def __init__(self, current: Document | None) -> None:
        self.current = current
        said = "строку изменили после того, как вы её открыли" if current else "строку тем временем удалили"
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


def etag(entry: Any) -> str:
    """The mark by which a row is known to be the one that was seen."""
    return hashlib.sha256(canonical(entry).encode()).hexdigest()[:16]


def entry_of(data: Data, row: str) -> Any:
    """What the case holds of a document; none where there is none of that code."""
    return next((entry for entry in data.get("documents") or () if entry.get("id") == row), None)


def shown_row(school: OpenedSchool, row: str) -> TypedRow:
    """A document as people type it. Raises `InputError` where there is none."""
    document = school.case.documents.get(row)
    if document is None:
        raise InputError([Problem(Place(row), "такого документа нет")])
    return TypedRow(row, etag(entry_of(school.data, row)), row_texts(document), row_codes(document))


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


def named_document(document: Document) -> NamedDocument:
    """A document as it is known by name."""
    day = document.date.isoformat() if document.date else None
    return NamedDocument(document.id, document.title, document.number, day)


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


def change_row(school: OpenedSchool, row: str, mark: str, typed: Typed) -> Callable[[Data], Data]:
    """The change of one row. Raises `InputError` with a problem for each field in which something is wrong, and
    `StaleRow` where the row is not the one that was seen."""
    fields = RowReader(school, row).read(typed)

    def change(data: Data) -> Data:
        entry = entry_of(data, row)
        if entry is None or etag(entry) != mark:
            raise StaleRow(school.case.documents.get(row) if entry is not None else None)
        return _with_documents(data, [_put(each, fields) if each is entry else each for each in data["documents"]])

    return change


def add_row(school: OpenedSchool, row: str, typed: Typed) -> Callable[[Data], Data]:
    """The change that adds a document under the code `row`. Raises as `change_row`."""
    fields = RowReader(school, row).read(typed)

    def change(data: Data) -> Data:
        documents = list(data.get("documents") or ())
        if any(entry.get("id") == row for entry in documents):
            raise StaleRow(school.case.documents.get(row))
        return _with_documents(data, [*documents, _put({"id": row}, fields)])

    return change


def remove_row(row: str, mark: str) -> Callable[[Data], Data]:
    """The change that removes a document, and what other documents say of it. Raises `StaleRow`."""

    def change(data: Data) -> Data:
        entry = entry_of(data, row)
        if entry is None or etag(entry) != mark:
            raise StaleRow(None)
        rest = [_without(each, row) for each in data["documents"] if each is not entry]
        return _with_documents(data, rest)

    return change


def next_code(school: OpenedSchool) -> str:
    """A code for a new document, which none has had here."""
    return next(code for n in count(1) if (code := f"d{n:02}") not in school.case.documents)


def _with_documents(data: Data, documents: Sequence[Any]) -> Data:
    result = {**data, "documents": list(documents)}
    if not documents:
        del result["documents"]
    return result


def _put(entry: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with fields put in; an empty one is taken away."""
    merged = {**entry, **fields}
    return {key: value for key, value in merged.items() if value not in (None, [], {}, "") or key not in fields}


def _without(entry: Mapping[str, Any], row: str) -> dict[str, Any]:
    """An entry that no longer names the document `row`."""
    kept = {key: value for key, value in entry.items() if not (key in SINGLE and value == row)}
    if row in (kept.get("based_on") or ()):
        kept["based_on"] = [code for code in kept["based_on"] if code != row]
        kept = {key: value for key, value in kept.items() if key != "based_on" or value}
    if "evidence" in kept:
        kept["evidence"] = [c for c in kept["evidence"] if str(c.get("claim", "")).split()[-1:] != [row]]
    return kept


class RowReader:
    """Reads what was typed into a row of a school. What the row says already is not written in another way."""

    def __init__(
        self, school: OpenedSchool, row: str, names: DocumentNames | None = None, words: WordList | None = None
    ) -> None:
        """`names`: the documents that can be named as grounds, by default the others of the school; `words`: the
        elements by their names."""
        self.school = school
        self.document = school.case.documents.get(row)
        self._names = names
        self._words = words
        self.problems: list[Problem] = []

    @cached_property
    def names(self) -> DocumentNames:
        """The documents that can be named as grounds."""
        own = self.document
        others = (named_document(d) for d in self.school.case.content.documents if d is not own)
        return self._names or DocumentNames(others)

    @cached_property
    def words(self) -> WordList:
        """The elements of the ruleset by their names."""
        return self._words or word_lists(self.school.ruleset, self.school.case.content)["elements"]

    def read(self, typed: Typed) -> dict[str, Any]:
        """The fields of the case that what was typed changes. Raises `InputError`."""
        texts = {name: " ".join(values[0].split()) for name, values in typed.items() if values}
        fields: dict[str, Any] = {name: texts[name] or None for name in TEXTS if name in texts}
        if not texts.get("title", "-"):
            self._refuse("title", "нет названия", "", "название, как в самом документе")
        readers = {"number": self._number, "when": self._when, "where": self._where}
        for name, reader in readers.items():
            if name in texts:
                fields |= {key: value for key, value in reader(texts[name]).items() if value or not fields.get(key)}
        if "valid_from" in texts or "valid_to" in texts:
            fields["valid"] = self._valid(texts)
        fields |= {name: self._one(name, texts[name]) for name in SINGLE if name in texts}
        if "serves_typed" in typed:
            chosen = [*typed.get("serves", ()), *typed["serves_typed"]]
            fields["serves"] = self._elements(chosen)
        if "based_on_typed" in typed:
            fields["based_on"] = self._grounds([*typed.get("based_on", ()), *typed["based_on_typed"]])
        fields |= self._boxes(typed.get("box", ()), typed.get("shown", ()))
        if "marks_shown" in typed:
            fields |= {flag: "true" if flag in typed.get("marks", ()) else None for flag in FLAGS}
        if self.problems:
            raise InputError(self.problems)
        return {name: value for name, value in fields.items() if not self._says_already(name, value)}

    def _boxes(self, ticked: Sequence[str], shown: Sequence[str]) -> dict[str, list[str]]:
        """What stands in the fields of boxes («holds:goals»): a box that was not shown stays as it is."""
        fields = {}
        for name in {box.partition(":")[0] for box in shown} & set(BOXES):
            held = [f"{name}:{getattr(code, 'value', code)}" for code in getattr(self.document, name, ())]
            kept = [box for box in held if box not in shown or box in ticked]
            new = [box for box in shown if box in ticked and box not in held and box.startswith(f"{name}:")]
            fields[name] = [box.partition(":")[2] for box in (*kept, *new)]
        return fields

    def _says_already(self, name: str, value: Any) -> bool:
        """Whether a field holds that already, perhaps written in another way."""
        held: object = getattr(self.document, name, None)
        if isinstance(held, tuple):
            codes = [str(getattr(each, "value", each)) for each in held]
            return codes == list(value or ())
        if isinstance(held, date):
            return held.isoformat() == str(value)
        if isinstance(held, bool):
            return held is bool(value == "true")
        if isinstance(held, Validity):
            days = {"from": held.start, "to": held.end}
            return {key: day.isoformat() for key, day in days.items() if day is not None} == dict(value or {})
        return held == value or (isinstance(held, str) and " ".join(held.split()) == value)

    def _refuse(self, name: str, message: str, found: str, expected: str | None, hint: str | None = None) -> None:
        self.problems.append(Problem(argument(name), message, found or None, expected, hint))

    def _number(self, text: str) -> dict[str, Any]:
        number, day = document_number(text)
        return {"number": number or None, **({"date": day} if day is not None else {})}

    def _when(self, text: str) -> dict[str, Any]:
        day = typed_date(text, None) if text else None
        if day is not None or not text:
            return {"date": day, "period": None}
        if span(text) is None:
            self._refuse("when", "это не дата и не период", text, PERIOD_EXPECTED)
        return {"date": None, "period": text}

    def _where(self, text: str) -> dict[str, Any]:
        held = self.document.url if self.document is not None else None
        if held is not None and text == " ".join(readable_address(held).split()):
            return {"url": held, "file": self.document.file if self.document is not None else None}
        kind, found = whereabouts(text) if text else ("url", None)
        if kind == "file" and found:
            return {"url": None, "file": found}
        return {"url": found, "file": None}

    def _valid(self, texts: Mapping[str, str]) -> dict[str, str] | None:
        days = {}
        for name, key in (("valid_from", "from"), ("valid_to", "to")):
            text = texts.get(name, "")
            day = typed_date(text, None) if text else None
            if text and day is None:
                self._refuse(name, "это не дата", text, EXPECTED["date"])
            if day is not None:
                days[key] = day
        return days or None

    def _one(self, name: str, text: str) -> str | None:
        found = self._grounds([text], name)
        return found[0] if found else None

    def _grounds(self, typed: Iterable[str], name: str = "based_on") -> list[str]:
        codes = []
        for text in filter(None, (text.strip() for text in typed)):
            held = self.document is not None and text in self.document.based_on and text in self.school.case.documents
            found = (text,) if held else tuple(self.names.find(text))
            if len(found) == 1:
                codes.append(found[0])
            elif found:
                told = "; ".join(self.names.told(code) for code in found)
                self._refuse(name, "так называются несколько документов", text, f"один из них: {told}")
            else:
                hint = self.names.hint(text)
                self._refuse(name, "такого документа в таблице нет", text, "название или номер документа школы", hint)
        return list(dict.fromkeys(codes))

    def _elements(self, typed: Iterable[str]) -> list[str]:
        codes = []
        for text in filter(None, (text.strip() for text in typed)):
            held = text in self.school.ruleset.elements or (self.document is not None and text in self.document.serves)
            code = text if held else self.words.code(text)
            if code is None:
                hint = self.words.hint(text)
                self._refuse("serves", "такого элемента в методике нет", text, "название из списка", hint)
            else:
                codes.append(code)
        return list(dict.fromkeys(codes))
