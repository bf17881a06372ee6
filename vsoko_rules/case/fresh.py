"""A new case made from one that was filled in: for a second expert, or for the next year of the same school.

What identifies a document goes over, what somebody found in it does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from vsoko_rules.case.claims import confirmed
from vsoko_rules.case.document_records import Document
from vsoko_rules.case.records import Case, FilledBy, IndicatorEntry, Procedure, Study

_NAMES: Final = ("title", "kind")
_REQUISITES: Final = ("number", "date", "period", "valid", "url", "file")
"""what tells a document from others"""


def without_marks(case: Case) -> Case:
    """The case for a second expert: the school, the study, and its documents by what identifies them.

    What a school itself said stays: the elements that its documents serve, its values of indicators, its procedures. Of
    a case that somebody else filled in that is an opinion too and is left out; so are its codes and its order of
    documents, which would tell the elements. No block is reviewed yet.
    """
    known = confirmed(case)
    by_school = case.filled_by is None or case.filled_by.role == "school"
    return Case(
        ruleset=case.ruleset,
        school=case.school,
        study=case.study,
        filled_by=FilledBy(role="expert"),
        reviewed=(),
        documents=tuple(_as_school_has_it(known.documents) if by_school else _mixed(known.documents)),
        procedures=case.procedures if by_school else (),
        indicators=_values(case) if by_school else {},
    )


def next_year(case: Case, study: Study | None = None) -> Case:
    """The case for the next year of the same school: its documents, to be dated and numbered anew.

    A document that is still in force keeps its requisites. Values become those of the year before. Documents that
    belong to no element are left out, and so is everything that was found or decided. No block is reviewed yet.
    `study`: the study that it is for, by default that of a year later.
    """
    study = study or Study.model_validate(
        {"year": case.study.year + 1, "from": _year_later(case.study.start), "to": _year_later(case.study.end)}
    )
    documents = (d for d in confirmed(case).documents if not d.unrelated)
    return Case(
        ruleset=case.ruleset,
        school=case.school,
        study=study,
        filled_by=FilledBy(role=case.filled_by.role) if case.filled_by is not None else None,
        reviewed=(),
        documents=tuple(
            _copy(d, ("id", "serves", *_NAMES, *(_REQUISITES if _in_force(d, study) else ()))) for d in documents
        ),
        procedures=tuple(Procedure(id=p.id, subject=p.subject, grade=p.grade) for p in case.procedures),
        indicators={
            code: IndicatorEntry(previous=entry.value, target=entry.target, unit=entry.unit)
            for code, entry in case.indicators.items()
            if (entry.value, entry.target, entry.unit) != (None, None, None)
        },
    )


def _as_school_has_it(documents: Iterable[Document]) -> Iterable[Document]:
    return (_copy(d, ("id", "serves", *_NAMES, *_REQUISITES)) for d in documents)


def _mixed(documents: Iterable[Document]) -> Iterable[Document]:
    """Documents under codes and in an order that say nothing of what they serve."""
    ordered = sorted(documents, key=lambda d: (d.title.casefold(), d.number or "", d.date or date.min, d.id))
    for number, document in enumerate(ordered, 1):
        yield _copy(document, (*_NAMES, *_REQUISITES)).model_copy(update={"id": f"d{number:02}"})


def _copy(document: Document, fields: Iterable[str]) -> Document:
    """A document with these fields of another and nothing else."""
    kept = {field: getattr(document, field) for field in fields}
    return Document(id=kept.pop("id", document.id), title=document.title).model_copy(update=kept)


def _values(case: Case) -> dict[str, IndicatorEntry]:
    """What the school measured, without marks."""
    fields = ("value", "previous", "target", "unit", "sample")
    entries = {code: {f: getattr(entry, f) for f in fields} for code, entry in case.indicators.items()}
    return {code: IndicatorEntry(**kept) for code, kept in entries.items() if any(v is not None for v in kept.values())}


def _in_force(document: Document, study: Study) -> bool:
    """Whether a document that says from when to when it is valid is so in the study."""
    valid = document.valid
    if valid is None:
        return False
    return (valid.end or date.max) >= study.start and (valid.start or date.min) <= study.end


def _year_later(day: date) -> date:
    """The same day a year later; of 29 February the day before."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=day.day - 1)
