"""What a document lacks, as fields that have to change; and new documents that lack nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from vsoko_rules.case.document_records import Document
from vsoko_rules.case.requisites import Requisites
from vsoko_rules.engine.language import Filled
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.model import Element
from vsoko_rules.ruleset.requirements import DocumentField
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.chain import Cell
from vsoko_rules.verdict.evidence import Outcome


@dataclass(frozen=True, slots=True)
class FieldMend:
    """What a requirement asks of one field of a document: one of `codes`, where the field lists codes."""

    requirement: str
    field: DocumentField
    codes: tuple[str, ...]
    effort: Decimal
    """days of work; the ruleset proposes them"""


def field_mend(ruleset: Ruleset, element: Element, requirement: str) -> FieldMend:
    """What makes a document of `element` meet a requirement."""
    asked = ruleset.requirements[requirement]
    codes = {"holds": (requirement,), "addressees": element.addressees or tuple(ruleset.addressees)}
    return FieldMend(requirement, asked.given_by, codes.get(asked.given_by, ()), asked.wording(element).mend.effort)


def met_by_others(ruleset: Ruleset, expected: Expectation, element: Element, requirement: str) -> tuple[str, ...]:
    """Elements any of which, once a document is credited for it, makes a document of `element` meet a requirement that
    is seen from what other documents serve: by the rule that finds it met, elements of its stages in the same block."""
    rules = (r for r in ruleset.rules.values() if r.then.get("meets", {}).get("requirement") == requirement)
    stages = {part["element"].get("stage") for rule in rules for part in rule.when if "element" in part}
    return tuple(e.id for e in expected.elements.values() if e.block == element.block and e.stage in stages)


def kinds_taken(ruleset: Ruleset, element: Element) -> tuple[str, ...]:
    """Kinds of documents that an element takes; empty: any."""
    return element.kinds or ruleset.stages[element.stage].kinds


def fitting_kind(ruleset: Ruleset, element: Element) -> str | None:
    """The kind of a new document of `element` in words: as the element says, or where that is none that it takes, the
    first of those that it takes."""
    taken = kinds_taken(ruleset, element)
    if not taken or (element.kind is not None and ruleset.kind_of(element.kind) in taken):
        return element.kind
    return next((ruleset.document_kinds[kind].title for kind in taken if kind in ruleset.document_kinds), None)


def number_for(document: Document) -> str:
    """The number that a document has, or one made of its id where it has none."""
    if document.number is not None and document.numbered:
        return document.number
    return document.id if any(ch.isdigit() for ch in document.id) else f"{document.id}-1"


def address_for(document: str) -> str:
    """An address that no other document has, for one that is to be published."""
    return f"https://school.example/{document}"


def change_effort(ruleset: Ruleset, field: Literal["based_on", "date"]) -> Decimal | None:
    """Days of work to change a field of a document so that rules conclude what rests on it; none where the ruleset
    does not say."""
    relations = {r.name for r in SCHEMA.values() if r.filled is Filled.RULES and r.field == field}
    wordings = (ruleset.wordings.get(rule.id) for rule in ruleset.rules.values() if relations & set(rule.then))
    return next((wording.mend.effort for wording in wordings if wording is not None), None)


def complete_document(
    ruleset: Ruleset, elements: Sequence[Element], id_: str, day: date, grounds: Iterable[str] = ()
) -> Document:
    """A document of a kind that these elements take, with everything that they require, whatever its grade; one
    addressee where they name none."""
    asked: dict[str, list[str]] = {}
    for element in elements:
        for requirement in element.requires:
            mend = field_mend(ruleset, element, requirement)
            any_will_do = mend.field == "addressees" and not element.addressees
            asked.setdefault(mend.field, []).extend(mend.codes[:1] if any_will_do else mend.codes)
    document = Document(
        id=id_,
        title=elements[0].title,
        kind=fitting_kind(ruleset, elements[0]),
        serves=tuple(e.id for e in elements),
        date=day,
        holds=tuple(dict.fromkeys(asked.get("holds", ()))),
        addressees=tuple(dict.fromkeys(asked.get("addressees", ()))),
        based_on=tuple(grounds),
    )
    filled = {"number": number_for(document)} if "number" in asked else {}
    return document.model_copy(update=filled | ({"url": address_for(id_)} if "url" in asked else {}))


def new_document(element: str, assessment: Assessment) -> Document:
    """A complete document for `element`, based on what stands before it on its lines and dated no earlier than that."""
    documents = assessment.evidence.documents.values()
    grounds = grounds_before(element, assessment)
    based_on = [d for d in documents if d.id in grounds]
    id_ = free_id(f"new-{element}", [d.id for d in documents])
    asked = [assessment.expectation.elements[element]]
    return complete_document(assessment.ruleset, asked, id_, sound_day(assessment, based_on), [d.id for d in based_on])


def grounds_before(element: str, assessment: Assessment, allowed: Collection[str] | None = None) -> set[str]:
    """Documents on which a new one of `element` may rest (`allowed`: only these): for each line through it those that
    the line has reached at the stage before, or where it got to none, those credited there."""
    grounds: set[str] = set()
    for cell in _cells_before(element, assessment):
        credited = assessment.evidence.credited.get(cell.element, ())
        reached = cell.documents if cell.outcome is Outcome.MET else ()
        for some in (reached, credited):
            fitting = {d for d in some if allowed is None or d in allowed}
            if fitting:
                grounds |= fitting
                break
    return grounds


def _cells_before(element: str, assessment: Assessment) -> list[Cell]:
    """For each line through an element the stage before it; stages that a decision leaves out are stepped over."""
    before: list[Cell] = []
    for block in assessment.blocks:
        for line in block.lines:
            cells = [c for c in line.trace.cells if c.outcome is not Outcome.NOT_APPLICABLE] if line.trace else []
            numbers = [n for n, cell in enumerate(cells) if cell.element == element and n]
            before += [cells[n - 1] for n in numbers]
    return before


def sound_day(assessment: Assessment, grounds: Iterable[Document]) -> date:
    """The earliest day of the study that is not before any of `grounds`."""
    case = assessment.case.content
    requisites = Requisites(case, assessment.ruleset)
    days = (day for ground in grounds if (day := requisites.date(ground)) is not None)
    return min(max([case.study.start, *days]), case.study.end)


def free_id(preferred: str, taken: Collection[str]) -> str:
    """`preferred`, or with a number behind it when there is such a document already."""
    number, id_ = 1, preferred
    while id_ in taken:
        number += 1
        id_ = f"{preferred}-{number}"
    return id_
