"""Documents, indicators, procedures and decisions as the rows of a form say them, put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Final

from vsoko_rules.errors import Place, Problem
from vsoko_rules.intake.form.cell_values import CellValues
from vsoko_rules.intake.form.form_tables import FormCell, FormTable
from vsoko_rules.intake.form.layout import FormColumn, layout
from vsoko_rules.reading.placed import PlacedData, Step

_MANY = ("codes", "words")
HOLDS_FOR: Final = "holds_for"


@dataclass(slots=True)
class FormEntry:
    """One thing that a row, or several rows, say: values by field, each with its cell."""

    cells: Mapping[str, FormCell]
    """the first row"""
    order: int | None = None
    one: dict[str, tuple[str, Place]] = field(default_factory=dict)
    many: dict[str, list[tuple[str, Place]]] = field(default_factory=dict)
    hints: list[list[str]] = field(default_factory=list)
    """orders in which the marks of requirements were listed"""

    @property
    def is_filled(self) -> bool:
        """Whether the row of a document says anything but of what it speaks."""
        values = (value for key, (value, _) in self.one.items() if key not in ("id", "element"))
        return any(value != "false" for value in values) or any(self.many.values())

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
        self.hints += other.hints
        self.order = self.order if self.order is not None else other.order

    def put(self, source: PlacedData, path: tuple[Step, ...]) -> None:
        """Write everything into `source`."""
        where = next((self.cells[key].place for key in ("id", "code", "of") if key in self.cells), None)
        source.locate(path, where or next(iter(self.cells.values())).place)
        for key, (value, place) in self.one.items():
            source.put((*path, *steps(key)), value, place)
        for key, values in self.many.items():
            if not values:
                source.put((*path, *steps(key)), [], next(iter(self.cells.values())).place)
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
    if column is None or column.type == "info":
        return
    if key == "order":
        entry.order = int(cell.text) if cell.text and cell.text.isdecimal() and len(cell.text) < 10 else None
    elif key == "holds_order":
        entry.hints += [cell.text.split()] if cell.text else []
    elif key == HOLDS_FOR:
        _read_apart(entry, cell, values)
    elif column.key == "holds.*":
        if values.one(cell, "flag") == "true":
            entry.many.setdefault("holds", []).append((key.removeprefix("holds."), cell.place))
    elif column.type in _MANY:
        if parts := [(value, cell.place) for value in values.many(cell, column.type, column.words)]:
            entry.many.setdefault(key, []).extend(parts)
    elif (value := values.one(cell, column.type, column.words if column.type == "word" else None)) is not None:
        entry.one[key] = (value, cell.place)


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


def documents(rows: list[FormEntry], problems: list[Problem]) -> list[FormEntry]:
    """The documents of all sheets: rows with one code speak of one document, a row without a code gets one."""
    filled = [entry for entry in rows if entry.is_filled or "id" in entry.one]
    taken = {entry.one["id"][0] for entry in filled if "id" in entry.one}
    for entry in filled:
        element = entry.one.pop("element", None)
        if element is not None:
            entry.many["serves"] = [element, *entry.many.get("serves", [])]
        _name(entry, element, taken, problems)
    listed = merged([entry for entry in filled if "id" in entry.one], "id", problems)
    for entry in listed:
        _restore(entry)
    return in_order(listed)


def _name(entry: FormEntry, element: tuple[str, Place] | None, taken: set[str], problems: list[Problem]) -> None:
    cells = entry.cells
    if "id" not in entry.one and element is not None:
        code, place = element
        numbered = (f"doc-{code}-{number}" for number in count(2))
        free = next(name for name in chain([f"doc-{code}"], numbered) if name not in taken)
        taken.add(free)
        entry.one["id"] = (free, cells["id"].place if "id" in cells else place)
    elif "id" not in entry.one:
        place = cells["id"].place if "id" in cells else next(iter(cells.values())).place
        problems.append(Problem(place, "у документа нет кода", expected="код документа, например d03"))
    elif element is None and "element" in cells:
        problems.append(
            Problem(cells["element"].place, "не сказано, к чему относится документ", expected="код элемента")
        )


def _restore(entry: FormEntry) -> None:
    """List the requirements in the order of the file that the form was made from, where they are the same."""
    places = dict(reversed(entry.many.get("holds", [])))
    for hint in entry.hints:
        if set(hint) == set(places):
            entry.many["holds"] = [(code, places[code]) for code in hint]
            return
