"""An expert's own outcomes: typed into a form for each element, put into the case, taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, get_args

from vsoko_rules.case.records import Override
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.words import day
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.listed_entries import EntryReader, Typed, TypedEntry, entry_at, etag, put_entry, remove_entry
from vsoko_rules.workspace.opened_school import OpenedSchool

FIELDS: Final = ("outcome", "comment", "until", "by", "date")
OUTCOMES: Final[tuple[str, ...]] = get_args(Override.model_fields["outcome"].annotation)
"""the outcomes that a person can give, in the order in which they are offered"""
_PART: Final = "overrides"


def decision_of(school: OpenedSchool, code: str) -> Override | None:
    """The decision about an element or indicator by its present code; none where there is none."""
    return next((s.override for s in school.assessment.standings if s.code == code), None)


def shown_decision(school: OpenedSchool, code: str, today: date) -> TypedEntry:
    """A decision as people type it; for a new one, who decides and when is filled in. Raises `InputError` where nothing
    is called so."""
    known = decision_of(school, code)
    if known is None and code not in {*school.ruleset.elements, *school.ruleset.indicators}:
        raise InputError([Problem(Place(code), "такого элемента или показателя нет")])
    mark = etag(entry_at(school.data, _PART, _written(school, code)))
    if known is None:
        return TypedEntry(code, mark, {**dict.fromkeys(FIELDS, ""), **_signed(school, today)})
    until = day(known.until) if known.until is not None else ""
    texts = {"outcome": known.outcome, "comment": known.comment, "until": until}
    return TypedEntry(code, mark, {**texts, "by": known.by, "date": day(known.date)})


def _signed(school: OpenedSchool, today: date) -> dict[str, str]:
    """Who decides, and when: today, or the day of the case where today is past it."""
    case = school.case.content
    filled = case.filled_by
    by = filled.name if filled is not None and filled.name else ""
    return {"by": by, "date": day(today if case.study.start <= today <= case.day else case.day)}


def _written(school: OpenedSchool, code: str) -> str:
    """The code under which a decision stands in the case."""
    known = decision_of(school, code)
    return known.of if known is not None else code


def change_decision(school: OpenedSchool, code: str, mark: str, typed: Typed) -> Callable[[Data], Data]:
    """The change that puts a decision into the case. Raises `InputError` with a problem for each field in which
    something is wrong, and `StaleEntry` where the decision is not the one that was seen."""
    reader = EntryReader(typed)
    fields = {
        "outcome": reader.one_of("outcome", OUTCOMES, "не выбран итог"),
        "by": reader.text("by", "не сказано, кто решил", "кто решил, например «Эксперт 1»"),
        "date": reader.day("date", "не сказано, когда решено"),
        "until": reader.day("until"),
        "comment": reader.text("comment", "не сказано, почему", "на чём основано решение"),
    }
    if fields["until"] and fields["date"] and fields["until"] < fields["date"]:
        reader.refuse("until", "решение перестаёт действовать раньше, чем принято", "день не раньше, чем решено")
    reader.done()
    return put_entry(_PART, _written(school, code), mark, fields)


def remove_decision(school: OpenedSchool, code: str, mark: str) -> Callable[[Data], Data]:
    """The change that takes a decision away: the program's outcome counts again. Raises `StaleEntry`."""
    return remove_entry(_PART, _written(school, code), mark)
