"""What if: hypothetical changes written as text, and the difference they would make to the verdict.

- `+B1-A01`: a complete new document for the element, based on what its lines have reached;
- `-d03`: no such document;
- `d03+deadlines`: the document meets a requirement, or names an addressee; `d03-deadlines` takes it away;
- `d12>d07`: the document is based on another;
- `d12=2022-05-10`: the document has this date;
- `d12.approved_by=d14`: the document that approves it (so also `annex_of` and `amends`); `d12.kind=приказ` and
  `d12.period=2021/22`: its kind, and the time of which it speaks; with nothing after the sign it has none;
- `B1-I02=1`: the indicator has this mark.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from vsoko_rules.advice.changes import (
    SINGLE_FIELDS,
    AddCode,
    AddDocument,
    CaseChange,
    RemoveCode,
    RemoveDocument,
    SetBlank,
    SetDate,
    SetField,
    SetMark,
    SetNumber,
    changed,
)
from vsoko_rules.advice.mending import address_for, fitting_kind, kinds_taken, new_document, number_for, sound_day
from vsoko_rules.advice.timing import AdviceDay, advice_day
from vsoko_rules.case.document_records import RELATIONS, Document
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Problem, argument, did_you_mean
from vsoko_rules.reading.scalars import span
from vsoko_rules.ruleset.model import Element
from vsoko_rules.ruleset.requirements import DocumentField
from vsoko_rules.verdict.assessment import Assessment, Finding, Line, reassess
from vsoko_rules.verdict.evidence import Outcome

_BETWEEN = re.compile(r"[\s,;]+")
_MINUS: Final = "-−"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_MARK = re.compile(r"\d{1,6}(\.\d{1,3})?\Z")
_FORMS: Final = "+B1-A01, -d03, d03+deadlines, d03-deadlines, d12>d07, d12=2022-05-10, d12.approved_by=d14 или B1-I02=1"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two assessments of one case: as it is, and with the changes."""

    before: Assessment
    after: Assessment
    changes: tuple[CaseChange, ...]
    day: AdviceDay
    """for when it is asked"""

    @property
    def lines(self) -> tuple[tuple[Line, Line], ...]:
        """Lines whose stages came out otherwise, before and after."""
        return tuple(pair for pair in self._pairs() if _cells(pair[0]) != _cells(pair[1]))

    @property
    def mended(self) -> tuple[Line, ...]:
        """Lines that hold only with the changes."""
        return tuple(after for before, after in self._pairs() if _holds(after) and not _holds(before))

    @property
    def broken(self) -> tuple[Line, ...]:
        """Lines that no longer hold."""
        return tuple(after for before, after in self._pairs() if _holds(before) and not _holds(after))

    @property
    def gone(self) -> tuple[Finding, ...]:
        """Findings that there would no longer be."""
        left = {f.fingerprint for f in self.after.all_findings()}
        return tuple(f for f in self.before.all_findings() if f.fingerprint not in left)

    @property
    def new(self) -> tuple[Finding, ...]:
        """Findings that there would be."""
        known = {f.fingerprint for f in self.before.all_findings()}
        return tuple(f for f in self.after.all_findings() if f.fingerprint not in known)

    def _pairs(self) -> Iterator[tuple[Line, Line]]:
        for one, other in zip(self.before.blocks, self.after.blocks, strict=True):
            yield from zip(one.lines, other.lines, strict=True)


def _holds(line: Line) -> bool:
    return line.outcome is Outcome.MET


def _cells(line: Line) -> tuple[Outcome, ...]:
    return tuple(cell.outcome for cell in line.trace.cells) if line.trace else ()


def what_if(assessment: Assessment, changes: Sequence[CaseChange], on: AdviceDay | None = None) -> Difference:
    """Assess the case again with the changes, by the same rules and engine. The case itself stays as it is."""
    after = reassess(assessment, changed(assessment.case, changes))
    return Difference(assessment, after, tuple(changes), on or advice_day(assessment.case.content))


def parse(texts: Sequence[str], assessment: Assessment) -> tuple[CaseChange, ...]:
    """Changes from text, several in one divided by commas or spaces; each may name what one before it added.

    Raises `InputError` when a change cannot be understood or names what is not there.
    """
    changes: list[CaseChange] = []
    for text in (part for given in texts for part in _BETWEEN.split(given.strip()) if part):
        changes.append(_Parser(assessment).change(text))
        assessment = reassess(assessment, changed(assessment.case, changes[-1:]), EngineName.PLAIN)
    if not changes:
        raise _refused("", "не указано ни одного изменения", _FORMS)
    return tuple(changes)


class _Parser:
    """Reads one change of a case as it is by now."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.ruleset = assessment.ruleset
        self.applicable = assessment.expectation.elements
        self.documents = {d.id: d for d in assessment.case.content.documents}

    def change(self, text: str) -> CaseChange:
        if text.startswith("+"):
            return AddDocument(new_document(self.element(text[1:]), self.assessment))
        if text[0] in _MINUS:
            return RemoveDocument(self.document(text[1:]))
        for sign, read in ((">", self.reference), ("=", self.value), ("+", self.gain)):
            left, there, right = text.partition(sign)
            if there:
                return read(left, right)
        splits = [(text[:n], text[n + 1 :]) for n, ch in enumerate(text) if ch in _MINUS]
        if not splits:
            raise _refused(text, "изменение записано не так", _FORMS)
        return self.loss(*max(reversed(splits), key=self.known))  # a dash may be a part of either code

    def known(self, split: tuple[str, str]) -> tuple[bool, bool]:
        document, code = split
        return document in self.documents, code in self.ruleset.requirements or code in self.ruleset.addressees

    def reference(self, left: str, right: str) -> CaseChange:
        return AddCode(self.document(left), "based_on", self.document(right))

    def value(self, left: str, right: str) -> CaseChange:
        indicator = self.ruleset.indicator_aliases.get(left, left)
        if left not in self.documents and indicator in self.ruleset.indicators:
            most = self.ruleset.indicators[indicator].max
            if not _MARK.match(right) or Decimal(right) > most:
                raise _refused(right, "отметка не подходит", f"число от 0 до {most}, например {left}=1")
            return SetMark(indicator, Decimal(right))
        code, dot, field = left.rpartition(".")
        if left not in self.documents and dot and (code in self.documents or field in SINGLE_FIELDS):
            return self.single(self.document(code), field, right)
        document = self.document(left, self.ruleset.indicators)
        try:
            day = date.fromisoformat(right) if _DATE.match(right) else None
        except ValueError:
            day = None
        if day is None:
            raise _refused(right, "дата не подходит", f"дата вида ГГГГ-ММ-ДД, например {left}=2022-05-10")
        return SetDate(document, day)

    def single(self, document: str, name: str, value: str) -> CaseChange:
        """A field that holds one text or the code of one document; nothing after the sign takes it away."""
        field = next((f for f in SINGLE_FIELDS if f == name), None)
        if field is None:
            raise _refused(name, "нет такого поля документа", "одно из: " + ", ".join(SINGLE_FIELDS), SINGLE_FIELDS)
        if value and field in RELATIONS:
            self.document(value)
        if value and field == "period" and span(value) is None:
            raise _refused(value, "период не подходит", f"учебный год или год, например {document}.period=2021/22")
        return SetField(document, field, value or None)

    def gain(self, left: str, right: str) -> CaseChange:
        document = self.documents[self.document(left)]
        field, code = self.field(document, right)
        if field == "blank":
            return SetBlank(document.id, False)
        if field == "number":
            return SetNumber(document.id, number_for(document))
        if field == "url":
            return SetField(document.id, "url", address_for(document.id))
        if field == "date":
            grounds = [self.documents[g] for g in document.based_on if g in self.documents]
            return SetDate(document.id, sound_day(self.assessment, grounds))
        if field == "kind":
            return SetField(document.id, "kind", fitting_kind(self.ruleset, self.asking(document, right)))
        return AddCode(document.id, self.listed(field, right), code)

    def loss(self, left: str, right: str) -> CaseChange:
        document = self.document(left)
        field, code = self.field(self.documents[document], right)
        if field == "blank":
            return SetBlank(document, True)
        if field == "number":
            return SetNumber(document, None)
        if field == "url":
            return SetField(document, "url", None)
        if field == "kind":
            taken = kinds_taken(self.ruleset, self.asking(self.documents[document], right))
            other = next((k.title for k in self.ruleset.document_kinds.values() if k.id not in taken), None)
            return SetField(document, "kind", other)
        return SetDate(document, None) if field == "date" else RemoveCode(document, self.listed(field, right), code)

    def listed(self, field: DocumentField, requirement: str) -> Literal["holds", "addressees"]:
        """The field, where it lists codes; a requirement that only other documents can meet is refused."""
        if field in ("holds", "addressees"):
            return field
        raise _refused(requirement, "этого в самом документе не указать", "новый документ, например +B1-P01")

    def asking(self, document: Document, requirement: str) -> Element:
        """The element that asks a requirement of a document: the first that it serves, else any that has it."""
        served = [e for e in (self.ruleset.aliases.get(e, e) for e in document.serves) if e in self.applicable]
        elements = [self.applicable[e] for e in (*served, *self.applicable)]
        return next((e for e in elements if requirement in e.requires), elements[0])

    def field(self, document: Document, code: str) -> tuple[DocumentField, str]:
        """The field of a document in which an addressee or a requirement is seen, and the code that stands there."""
        if code in self.ruleset.addressees:
            return "addressees", code
        if code not in self.ruleset.requirements:
            known = [*self.ruleset.requirements, *self.ruleset.addressees]
            raise _refused(code, "нет такого требования или адресата", "код требования или адресата из методики", known)
        field = self.ruleset.requirements[code].given_by
        return field, self.addressee(document, code) if field == "addressees" else code

    def addressee(self, document: Document, requirement: str) -> str:
        """The first addressee that an element asks for: one that the document serves, else any that has them."""
        return (self.asking(document, requirement).addressees or tuple(self.ruleset.addressees))[0]

    def element(self, code: str) -> str:
        element = self.ruleset.aliases.get(code, code)
        if element not in self.applicable:
            known = element in self.ruleset.elements
            message = "элемент к этой школе не применяется" if known else "нет такого элемента"
            raise _refused(code, message, "код элемента, например +B1-A01", self.applicable)
        return element

    def document(self, code: str, others: Collection[str] = ()) -> str:
        if code not in self.documents:
            raise _refused(code, "нет такого документа", "код документа из файла школы", [*self.documents, *others])
        return code


def _refused(text: str, message: str, expected: str, known: Collection[str] = ()) -> InputError:
    hint = did_you_mean(text, known)
    return InputError([Problem(argument("changes"), message, text, expected, hint)])
