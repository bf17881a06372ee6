"""What a document lacks, as fields that have to change; and new documents that lack nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from vsoko_rules.case.records import Document
from vsoko_rules.engine.language import Filled
from vsoko_rules.engine.vocabulary import SCHEMA
from vsoko_rules.ruleset.model import DocumentField, Element
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.chain import Cell, Outcome


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


def change_effort(ruleset: Ruleset, field: Literal["based_on", "date"]) -> Decimal | None:
    """Days of work to change a field of a document so that rules conclude what rests on it; none where the ruleset
    does not say."""
    relations = {r.name for r in SCHEMA.values() if r.filled is Filled.RULES and r.field == field}
    wordings = (ruleset.wordings.get(rule.id) for rule in ruleset.rules.values() if relations & set(rule.then))
    return next((wording.mend.effort for wording in wordings if wording is not None), None)


def complete_document(
    ruleset: Ruleset, elements: Sequence[Element], id_: str, day: date, grounds: Iterable[str] = ()
) -> Document:
    """A document with everything that these elements require; one addressee where they name none."""
    asked: dict[str, list[str]] = {}
    for element in elements:
        for requirement in element.requires:
            mend = field_mend(ruleset, element, requirement)
            any_will_do = mend.field == "addressees" and not element.addressees
            asked.setdefault(mend.field, []).extend(mend.codes[:1] if any_will_do else mend.codes)
    return Document(
        id=id_,
        title=elements[0].title,
        kind=elements[0].kind,
        serves=tuple(e.id for e in elements),
        number=id_ if "number" in asked else None,
        date=day,
        holds=tuple(dict.fromkeys(asked.get("holds", ()))),
        addressees=tuple(dict.fromkeys(asked.get("addressees", ()))),
        based_on=tuple(grounds),
    )


def new_document(element: str, assessment: Assessment) -> Document:
    """A complete document for `element`, based on what its lines have reached and dated no earlier than that."""
    documents = assessment.case.content.documents
    grounds = reached_before(element, assessment) or {
        d for cell in _cells_before(element, assessment) for d in assessment.evidence.credited.get(cell.element, ())
    }
    based_on = [d for d in documents if d.id in grounds]
    id_ = free_id(f"new-{element}", [d.id for d in documents])
    asked = [assessment.expectation.elements[element]]
    return complete_document(assessment.ruleset, asked, id_, sound_day(assessment, based_on), [d.id for d in based_on])


def reached_before(element: str, assessment: Assessment) -> set[str]:
    """Documents of the stage before that the lines through `element` have reached."""
    cells = _cells_before(element, assessment)
    return {d for cell in cells if cell.outcome is Outcome.MET for d in cell.documents}


def _cells_before(element: str, assessment: Assessment) -> list[Cell]:
    lines = [line for block in assessment.blocks for line in block.lines]
    return [
        line.trace.cells[line.spec.elements.index(element) - 1]
        for line in lines
        if line.trace is not None and element in line.spec.elements[1:]
    ]


def sound_day(assessment: Assessment, grounds: Iterable[Document]) -> date:
    """The earliest day in the window of the study that is not before any of `grounds`."""
    study = assessment.case.content.study
    return min(max([study.start, *(g.date for g in grounds if g.date is not None)]), study.end)


def free_id(preferred: str, taken: Collection[str]) -> str:
    """`preferred`, or with a number behind it when there is such a document already."""
    number, id_ = 1, preferred
    while id_ in taken:
        number += 1
        id_ = f"{preferred}-{number}"
    return id_
