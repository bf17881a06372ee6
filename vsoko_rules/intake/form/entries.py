"""What the rows of a form say, field by field, each value with its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from vsoko_rules.errors import Place, Problem
from vsoko_rules.intake.form.cell_values import CellValues
from vsoko_rules.intake.form.form_tables import FormCell, FormTable
from vsoko_rules.intake.form.layout import FormColumn, layout
from vsoko_rules.reading.placed import PlacedData, Step
from vsoko_rules.reading.typed import whereabouts

_MANY = ("codes", "words")
HOLDS_FOR: Final = "holds_for"
_LONGEST_ORDER: Final = 10


@dataclass(slots=True)
class FormEntry:
    """One thing that a row, or several rows, say: values by field, each with its cell."""

    cells: Mapping[str, FormCell]
    """the first row"""
    order: int | None = None
    one: dict[str, tuple[str, Place]] = field(default_factory=dict)
    many: dict[str, list[tuple[str, Place]]] = field(default_factory=dict)
    refs: dict[str, list[FormCell]] = field(default_factory=dict)
    """cells that name documents"""
    hints: list[list[str]] = field(default_factory=list)
    """orders in which the marks of requirements were listed"""

    @property
    def is_filled(self) -> bool:
        """Whether the row says anything but of what it speaks."""
        values = (value for key, (value, _) in self.one.items() if key not in ("id", "element"))
        return any(value != "false" for value in values) or any(self.many.values()) or bool(self.refs)

    @property
    def place(self) -> Place:
        """Where the row stands: its title, else its first cell."""
        return next((self.cells[key].place for key in ("title", "code", "of", "id") if key in self.cells), self._first)

    @property
    def _first(self) -> Place:
        return next(iter(self.cells.values())).place

    def take(self, other: FormEntry, problems: list[Problem]) -> None:
        """Add what another row says of the same thing. Two rows may not say different things."""
        for key, (value, place) in other.one.items():
            before, first = self.one.setdefault(key, (value, place))
            if before != value:
                expected = f"то же, что и раньше: «{before}» — {first}"
                problems.append(Problem(place, "об одном и том же сказано по-разному", value, expected))
        for key, values in other.many.items():
            known = {value for value, _ in self.many.setdefault(key, [])}
            self.many[key] += [(value, place) for value, place in values if value not in known]
        for key, cells in other.refs.items():
            self.refs.setdefault(key, []).extend(cells)
        self.hints += other.hints
        self.order = self.order if self.order is not None else other.order

    def put(self, source: PlacedData, path: tuple[Step, ...]) -> None:
        """Write everything into `source`."""
        source.locate(path, self.place)
        for key, (value, place) in self.one.items():
            source.put((*path, *steps(key)), value, place)
        for key, values in self.many.items():
            if not values:
                source.put((*path, *steps(key)), [], self._first)
            for number, (value, place) in enumerate(values):
                source.put((*path, *steps(key), number), value, place)
        for key, cell in self.cells.items():
            source.locate((*path, *steps(key)), cell.place)


def steps(key: str) -> tuple[str, ...]:
    """The way to a field by the key of its column: «valid.from» is a field inside another."""
    return tuple(key.split(".", 1))


def entries(table: FormTable, values: CellValues) -> Iterator[FormEntry]:
    """What each row of a table says, one entry a row."""
    columns = {column.key: column for column in layout().columns(table.kind)}
    for cells in table.rows():
        entry = FormEntry(cells)
        for key, cell in cells.items():
            _read(entry, key, cell, columns.get(key, columns.get("holds.*")), values)
        yield entry


def _read(entry: FormEntry, key: str, cell: FormCell, column: FormColumn | None, values: CellValues) -> None:
    if column is None or column.type == "info" or (cell.text is None and cell.link is None):
        return
    if column.type == "service":
        _read_service(entry, key, cell)
    elif column.type in ("ref", "refs"):
        if values.one(cell, "text") is not None and cell.fault is None:
            entry.refs[key] = [cell]
    elif key == HOLDS_FOR:
        _read_apart(entry, cell, values)
    elif column.key == "holds.*":
        if values.one(cell, "flag") == "true":
            entry.many.setdefault("holds", []).append((key.removeprefix("holds."), cell.place))
    elif column.type in _MANY:
        if found := [(value, cell.place) for value in values.many(cell, column.type, column.words)]:
            entry.many.setdefault(key, []).extend(found)
    else:
        _read_fields(entry, key, cell, column, values)


def _read_service(entry: FormEntry, key: str, cell: FormCell) -> None:
    """What the program wrote for itself."""
    text = cell.text or ""
    if key == "order":
        entry.order = int(text) if text.isdecimal() and len(text) < _LONGEST_ORDER else None
    elif key == "holds_order":
        entry.hints += [text.split()] if text else []
    elif text.strip():
        entry.one[key] = (text.strip(), cell.place)


def _read_fields(entry: FormEntry, key: str, cell: FormCell, column: FormColumn, values: CellValues) -> None:
    """A cell with one value, or with words that tell to which field they belong."""
    if column.type in ("when", "where"):
        found = values.when(cell) if column.type == "when" else values.where(cell)
        entry.one |= {found[0]: (found[1], cell.place)} if found is not None else {}
    elif column.type in ("contents", "notes"):
        several = values.several(cell, "contents") if column.type == "contents" else values.notes(cell)
        _read_several(entry, several, cell)
    elif key == "url" and cell.link is not None and whereabouts(cell.link)[0] == "url":
        entry.one[key] = (cell.link, cell.place)
    elif (value := values.one(cell, column.type, column.words if column.type == "word" else None)) is not None:
        entry.one[key] = (value, cell.place)


def _read_several(entry: FormEntry, fields: Iterable[tuple[str, str]], cell: FormCell) -> None:
    """What a cell says in words of several lists: yes to a mark, a comment, a value of a list."""
    for key, value in fields:
        if value == "true" or key == "comment":
            entry.one[key] = (value, cell.place)
        else:
            entry.many.setdefault(key, []).append((value, cell.place))


def _read_apart(entry: FormEntry, cell: FormCell, values: CellValues) -> None:
    """What a document holds for single elements: a line for each, «B1-M02: цели; сроки»."""
    for said in (cell.text or "").splitlines():
        element, colon, held = said.partition(":")
        if not said.strip():
            continue
        if not colon:
            problem = Problem(cell.place, "не сказано, для какого элемента", said, "код элемента и двоеточие")
            values.problems.append(problem)
            continue
        listed = values.many(FormCell(held, cell.place), "words", "requirements")
        found = entry.many.setdefault(f"{HOLDS_FOR}.{element.strip()}", [])
        found += [(code, cell.place) for code in listed]


def in_order(listed: list[FormEntry]) -> list[FormEntry]:
    """Entries in the order of the file that the form was made from; those that were added come after."""
    return sorted(listed, key=lambda entry: (entry.order is None, entry.order or 0))


def merged(listed: list[FormEntry], key: str, problems: list[Problem]) -> list[FormEntry]:
    """One entry for each value of `key`, made of every row that has it."""
    by_value: dict[str, FormEntry] = {}
    for entry in listed:
        value = entry.one[key][0]
        if value in by_value:
            by_value[value].take(entry, problems)
        else:
            by_value[value] = entry
    return list(by_value.values())
