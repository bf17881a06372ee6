"""What was typed into a row of the table of documents, read into the fields of a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final

from vsoko_rules.case.document_records import Document, Validity
from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.intake.form.document_names import DocumentNames, NamedDocument
from vsoko_rules.intake.form.word_lists import word_lists
from vsoko_rules.reading.scalars import span
from vsoko_rules.reading.typed import EXPECTED, document_number, typed_date, whereabouts
from vsoko_rules.reading.word_list import WordList
from vsoko_rules.workspace.listed_entries import Typed
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.readable_addresses import readable_address

TEXTS: Final = ("title", "kind", "quote", "comment")
FLAGS: Final = ("blank", "scan", "unrelated")
SINGLE: Final = ("approved_by", "annex_of", "amends")
BOXES: Final = ("holds", "addressees", "covers")


def named_document(document: Document) -> NamedDocument:
    """A document as it is known by name."""
    day = document.date.isoformat() if document.date else None
    return NamedDocument(document.id, document.title, document.number, day)


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
            self._refuse("when", "это не дата и не период", text, EXPECTED["when"])
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
