"""Marks of indicators: what a person found of each, beside what the rules conclude."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from vsoko_rules.case.records import IndicatorEntry
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.form.block_views import how_it_is_earned
from vsoko_rules.report.block_parts import IndicatorView
from vsoko_rules.report.blocks import indicator_view
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.listed_entries import EntryReader, Typed, TypedEntry, entry_at, etag, put_entry
from vsoko_rules.workspace.opened_school import OpenedSchool

FIELDS: Final = ("mark", "comment")
_PART: Final = "indicators"


@dataclass(frozen=True, slots=True)
class MarkRow:
    """An indicator: what became of it, how it is earned, its mark as it is typed. `asked`: a person may mark it."""

    view: IndicatorView
    earned: tuple[str, ...]
    most: str
    asked: bool
    entry: TypedEntry


@dataclass(frozen=True, slots=True)
class MarkBlock:
    """A block and how many of its indicators are marked, of those that a person may mark."""

    id: str
    name: str
    decided: int
    asked: int


def mark_blocks(school: OpenedSchool) -> tuple[MarkBlock, ...]:
    """The blocks that have indicators."""
    ruleset, expected = school.ruleset, school.assessment.expectation.indicators
    listed = [i for i in ruleset.indicators.values() if i.id in expected and i.earned.mark]
    marked = {i.id for i in listed if _stated(school, i.id).mark is not None}
    blocks = []
    for block in ruleset.blocks.values():
        own = [i.id for i in listed if i.block == block.id]
        if any(i.block == block.id for i in ruleset.indicators.values()):
            blocks.append(MarkBlock(block.id, block.name, len(marked.intersection(own)), len(own)))
    return tuple(blocks)


def mark_rows(school: OpenedSchool, block: str) -> Iterator[MarkRow]:
    """The indicators of a block that are asked of the school."""
    expected = school.assessment.expectation.indicators
    for indicator in school.ruleset.indicators.values():
        if indicator.block == block and indicator.id in expected:
            yield mark_row(school, indicator.id)


def mark_row(school: OpenedSchool, code: str) -> MarkRow:
    """One of them. Raises `InputError` where nothing is called so."""
    indicator = school.ruleset.indicators.get(code)
    results = [row for block in school.assessment.blocks for row in block.rows if row.indicator == code]
    if indicator is None or not results:
        raise InputError([Problem(Place(code), "такого показателя нет")])
    stated = _stated(school, code)
    return MarkRow(
        indicator_view(results[0], school.composer.titles),
        tuple(how_it_is_earned(indicator, school.ruleset).splitlines()),
        _typed(indicator.max),
        indicator.earned.mark or stated.mark is not None,
        TypedEntry(code, _etag(school, code), {"mark": _typed(stated.mark), "comment": stated.comment or ""}),
    )


def _typed(number: object) -> str:
    """A number as people type it."""
    return "" if number is None else str(number).replace(".", ",")


def _stated(school: OpenedSchool, code: str) -> IndicatorEntry:
    return school.case.content.indicators.get(_written(school, code)) or IndicatorEntry()


def _written(school: OpenedSchool, code: str) -> str:
    """The code under which an indicator stands in the case."""
    aliases = school.ruleset.indicator_aliases
    return next((c for c in school.case.content.indicators if aliases.get(c, c) == code), code)


def _etag(school: OpenedSchool, code: str) -> str:
    return etag(entry_at(school.data, _PART, _written(school, code)))


def change_mark(school: OpenedSchool, code: str, mark: str, typed: Typed) -> Callable[[Data], Data]:
    """The change that puts a mark into the case; without a mark and a comment it is taken away. `mark` is the etag.
    Raises `InputError` with a problem for each field in which something is wrong, and `StaleEntry`."""
    reader = EntryReader(typed)
    most = school.ruleset.indicators[code].max
    fields = {"mark": reader.number("mark", 0, most), "comment": reader.text("comment")}
    reader.done()
    return put_entry(_PART, _written(school, code), mark, fields)
