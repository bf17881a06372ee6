"""What a case lists: documents, an expert's decisions, what is stated of indicators, procedures.

An entry is typed into a form of a page and put into the case as it was seen: its etag says what that was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from vsoko_rules.errors import InputError, LostUpdate, Place, Problem, argument
from vsoko_rules.reading.typed import EXPECTED, typed_date, typed_number, typed_whole
from vsoko_rules.workspace.case_parts import LISTED, Data, canonical

Typed = Mapping[str, Sequence[str]]
"""what stands in the fields of a row, by their names; a field that is not there is not touched"""


class StaleEntry(LostUpdate):
    """An entry was changed since it was seen."""

    def __init__(self, _entry: Any) -> None:
        super().__init__([Problem(Place("запись"), "запись изменили после того, как вы её открыли")])


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """An entry as it stands in a form: texts by field, what is wrong by field. `code` is what it is about."""

    id: str
    etag: str
    texts: Mapping[str, str]
    problems: Mapping[str, Problem] = field(default_factory=dict)
    theirs: TypedEntry | None = None
    """as it is now, where somebody changed it meanwhile"""


def etag(entry: Any) -> str:
    """The mark by which a row is known to be the one that was seen."""
    return hashlib.sha256(canonical(entry).encode()).hexdigest()[:16]


def entry_at(data: Data, part: str, code: str) -> Any:
    """What the case holds of an entry; none where there is none of that code."""
    entries = data.get(part) or ()
    if part not in LISTED:
        return dict(entries).get(code)
    return next((entry for entry in entries if entry.get(LISTED[part]) == code), None)


def typed_entry(
    code: str, mark: str, names: Iterable[str], typed: Typed, problems: Iterable[Problem] = ()
) -> TypedEntry:
    """An entry as somebody typed it, to be shown again with what is wrong with it."""
    texts = {name: next(iter(typed.get(name, ())), "") for name in names}
    return TypedEntry(code, mark, texts, {problem.place.file: problem for problem in problems})


def put_entry(part: str, code: str, mark: str, fields: Mapping[str, Any]) -> Callable[[Data], Data]:
    """The change that puts fields into an entry, a new one where there was none; what is empty is taken away. Raises
    `StaleEntry` where the entry is not the one that was seen."""

    def put(entry: Mapping[str, Any] | None) -> dict[str, Any]:
        return filled(entry if entry is not None else {LISTED[part]: code} if part in LISTED else {}, fields)

    return changing(part, code, mark, put)


def remove_entry(part: str, code: str, mark: str) -> Callable[[Data], Data]:
    """The change that takes an entry away. Raises `StaleEntry`."""
    return changing(part, code, mark, lambda _: {})


def filled(entry: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with fields put in; what is empty among them is taken away."""
    merged = {**entry, **fields}
    return {key: value for key, value in merged.items() if value not in (None, "", [], {}) or key not in fields}


def changing(
    part: str,
    code: str,
    mark: str,
    made: Callable[[Any], dict[str, Any]],
    stale: Callable[[Any], LostUpdate] = StaleEntry,
) -> Callable[[Data], Data]:
    """The change of an entry into what is `made` of it, of nothing where there was none; without fields it is taken
    away. Raises `stale` of the entry where it is not the one that was seen."""

    def change(data: Data) -> Data:
        before = entry_at(data, part, code)
        if etag(before) != mark:
            raise stale(before)
        after = made(before)
        entries = _mapped(data, code, part, after) if part not in LISTED else _listed(data, part, before, after)
        rest = {key: value for key, value in data.items() if key != part or entries}
        return {**rest, part: entries} if entries else rest

    return change


def _mapped(data: Data, code: str, part: str, after: dict[str, Any]) -> dict[str, Any]:
    entries = {**(data.get(part) or {}), code: after}
    return {key: value for key, value in entries.items() if key != code or value}


def _listed(data: Data, part: str, before: Any, after: dict[str, Any]) -> list[Any]:
    entries = data.get(part) or []
    if before is None:
        return [*entries, after] if after else entries
    return [after if entry is before else entry for entry in entries if entry is not before or after]


class EntryReader:
    """Reads what was typed into a form; what is wrong is collected, field by field."""

    def __init__(self, typed: Typed) -> None:
        self._texts = {name: " ".join(values[0].split()) for name, values in typed.items() if values}
        self._problems: list[Problem] = []

    def text(self, name: str, lacking: str | None = None, expected: str | None = None) -> str | None:
        """A text; `lacking` says that it must be there."""
        text = self._texts.get(name) or None
        if text is None and lacking is not None:
            self.refuse(name, lacking, expected)
        return text

    def one_of(self, name: str, known: Sequence[str], lacking: str) -> str | None:
        """One of the words of a list."""
        text = self._texts.get(name)
        if text not in known:
            self.refuse(name, lacking, "один из вариантов списка")
        return text

    def day(self, name: str, lacking: str | None = None) -> str | None:
        """A date as ISO."""
        text = self.text(name, lacking, EXPECTED["date"])
        read = typed_date(text, None) if text is not None else None
        if text is not None and read is None:
            self.refuse(name, "это не дата", EXPECTED["date"])
        return read

    def number(self, name: str, least: int | None = None, most: Decimal | None = None) -> str | None:
        """A number, in the bounds that are given."""
        return self._bounded(name, typed_number, "число, например 82,5", least, most)

    def whole(self, name: str, least: int, most: int | None = None, lacking: str | None = None) -> str | None:
        """A whole number."""
        expected = f"целое число от {least}" + (f" до {most}" if most is not None else "")
        self.text(name, lacking, expected)
        return self._bounded(name, typed_whole, expected, least, None if most is None else Decimal(most))

    def _bounded(
        self, name: str, read: Callable[[str], str | None], expected: str, least: int | None, most: Decimal | None
    ) -> str | None:
        text = self._texts.get(name) or None
        number = read(text) if text is not None else None
        if text is not None and number is None:
            self.refuse(name, "это не число", expected)
        elif number is not None and not (
            (least is None or Decimal(number) >= least) and (most is None or Decimal(number) <= most)
        ):
            bounds = [f"от {least}"] if least is not None else []
            bounds += [f"до {most}".replace(".", ",")] if most is not None else []
            self.refuse(name, "число вне границ", " ".join(bounds))
        return number

    def refuse(self, name: str, message: str, expected: str | None) -> None:
        """Say that a field does not hold what is expected."""
        self._problems.append(Problem(argument(name), message, self._texts.get(name) or None, expected))

    def done(self) -> None:
        """Raises `InputError` with a problem for each field in which something is wrong."""
        if self._problems:
            raise InputError(self._problems)
