"""Facts as they may enter durable-rules: nothing in them but short codes, whole numbers and truth values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from vsoko_rules.engine.language import Fact, Value

Row = dict[str, Any]
"""a fact as the library takes it"""

LARGEST: Final = 10**15
"""whole numbers beyond this are renumbered in their order: the library cuts them off at 64 bits"""


class Codes(dict[str, str]):
    """Short codes by the codes they stand for; a code that is met for the first time gets the next one."""

    def __init__(self, codes: Mapping[str, str] | None = None, facts: Iterable[Fact] = ()) -> None:
        super().__init__(codes or {})
        self.far: dict[int, int] = _far({v for fact in facts for v in fact if type(v) is int and abs(v) > LARGEST})

    def __missing__(self, code: str) -> str:
        short = self[code] = f"c{len(self)}"
        return short

    def value(self, value: Value) -> Value:
        """`value` as it may enter the library. Raises `ValueError` for what no fact should hold."""
        if type(value) is str:
            return self[value]
        if type(value) is bool or (type(value) is int and abs(value) <= LARGEST):
            return value
        if value in self.far:
            return self.far[int(value)]
        raise ValueError(f"not a value of a fact: {value!r}")


def _far(numbers: set[int]) -> dict[int, int]:
    """Numbers that the library would cut off, and smaller ones in the same order that stand for them."""
    below = sorted((n for n in numbers if n < 0), reverse=True)
    above = sorted(n for n in numbers if n > 0)
    return {n: -LARGEST - i for i, n in enumerate(below, 1)} | {n: LARGEST + i for i, n in enumerate(above, 1)}


class Batch:
    """Facts on their way into the library, each with a number by which it is found again."""

    def __init__(self, codes: Codes, met: dict[str, Fact], rows: list[Row]) -> None:
        self.codes = codes
        self.met = met
        self.rows = rows

    def row(self, kind: str, fact: Fact, columns: Collection[str]) -> Row:
        """A fact as the library takes it. Raises `ValueError` where it does not fit its relation."""
        if len(fact) != len(columns) + 1:
            raise ValueError(f"not as wide as its relation: {fact!r}")
        number = str(len(self.met) + 1)
        row: Row = {"id": number, "k": kind, "u": 1}
        for column, value in enumerate(fact[1:], 1):
            row[f"c{column}"] = self.codes.value(value)
        self.met[number] = fact
        return row
