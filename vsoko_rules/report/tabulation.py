"""Tables of a view for workbooks and CSV files. What stands in each column is said in `reports/tables.yml`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from vsoko_rules.reading.yaml import read
from vsoko_rules.report.view import View
from vsoko_rules.resources import shipped
from vsoko_rules.shares import cut
from vsoko_rules.templates import clean, environment, plain
from vsoko_rules.words import tied, words

Cell = str | int | float | None
"""a text, or a number as a spreadsheet holds it; none where there is no number"""

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table: the id and title, the columns with their widths in characters, which of their titles stand upright, the
    rows."""

    id: str
    title: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    upright: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    width: int
    is_number: bool
    upright: bool
    cell: str
    more: Mapping[str, Any]


@cache
def table_settings() -> Any:
    """What `reports/tables.yml` says."""
    return read(shipped("reports") / "tables.yml").data


def tables(view: View) -> tuple[ReportTable, ...]:
    """Every table that has rows, in the order of the settings."""
    results = (_table(described, view) for described in table_settings()["tables"])
    return tuple(table for table in results if table.rows)


def about(view: View) -> tuple[tuple[str, str], ...]:
    """What a workbook says of itself: names and values."""
    whole = {"view": view, "plan": view.plan}
    return tuple((row["title"], str(_cell(row["cell"], False, whole))) for row in table_settings()["about"]["rows"])


def titled(text: str, view: View) -> str:
    """A text of the settings with the school and the year in it."""
    return text.format(school=clean(view.school.name), year=view.school.year)


def _table(described: Any, view: View) -> ReportTable:
    columns = tuple(_columns(described, view))
    rows = tuple(
        tuple(_cell(column.cell, column.is_number, {**row, **column.more}) for column in columns)
        for row in _ROWS[described["rows"]](view)
    )
    titles, widths, upright = zip(*((c.title, c.width, c.upright) for c in columns), strict=True)
    return ReportTable(described["id"], described["title"], titles, widths, upright, rows)


def _columns(described: Any, view: View) -> Iterator[_Column]:
    for column in described["columns"]:
        drawn = (int(column["width"]), column.get("number") == "true", column.get("upright") == "true", column["cell"])
        if column.get("stages") != "true":
            yield _Column(column["title"], *drawn, {})
            continue
        for index, stage in enumerate(view.stages):
            yield _Column(column["title"].format(stage=stage.short), *drawn, {"index": index, "stage": stage})


def _cell(expression: str, is_number: bool, row: _Row) -> Cell:
    value = _compiled(expression)(**row)
    if not is_number:
        return tied(clean(str(value)))
    return None if value is None else _number(Fraction(value))


def _number(value: Fraction) -> int | float:
    """A number for a spreadsheet: cut to one decimal, so that no threshold looks reached early."""
    return value.numerator if value.denominator == 1 else float(cut(value))


@cache
def _compiled(expression: str) -> Callable[..., Any]:
    compiled: Callable[..., Any] = _environment().compile_expression(expression, undefined_to_none=False)
    return compiled


@cache
def _environment() -> Any:
    return environment(plain, {name: words()[name].__getitem__ for name in ("way", "reason")})


def _blocks(view: View) -> Iterator[_Row]:
    for block in view.blocks:
        if block.scored:
            row = {"block": block, "main": block.main, "score": block.score, "indicators": block.indicators}
            yield {"view": view, **row}
    yield {"view": view, "block": None, "main": view.main, "score": view.score, "indicators": view.indicators}


def _lines(view: View) -> Iterator[_Row]:
    return ({"block": block, "line": line} for block in view.blocks for line in block.lines)


def _tasks(view: View) -> Iterator[_Row]:
    return ({"task": task} for task in view.tasks)


def _plan(view: View) -> Iterator[_Row]:
    return ({"step": step} for step in (view.plan.steps if view.plan else ()))


def _indicators(view: View) -> Iterator[_Row]:
    return ({"block": block, "row": row} for block in view.blocks for row in block.rows)


def _items(view: View) -> Iterator[_Row]:
    blocks = view.blocks
    return ({"block": block, "item": item} for block in blocks for group in block.groups for item in group.items)


def _documents(view: View) -> Iterator[_Row]:
    return ({"document": document} for document in view.documents.values())


_ROWS: Mapping[str, Callable[[View], Iterator[_Row]]] = {
    "blocks": _blocks,
    "lines": _lines,
    "tasks": _tasks,
    "plan": _plan,
    "indicators": _indicators,
    "items": _items,
    "documents": _documents,
}
