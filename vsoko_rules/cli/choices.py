"""Values that are typed: one of several, a whole number. What does not fit is said in Russian, with the nearest."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import typer

from vsoko_rules.errors import did_you_mean, shorten

E = TypeVar("E", bound=Enum)


def one_of(words: Mapping[E, str]) -> dict[str, Any]:
    """Settings of a parameter that takes one of the members of an `Enum`; `words` says what each means."""
    codes = {str(member.value): member for member in words}

    def parse(value: Any) -> Any:
        if isinstance(value, Enum):  # the default
            return value
        if value.casefold() in codes:
            return codes[value.casefold()]
        hint = did_you_mean(value, codes)
        raise typer.BadParameter(_unfit(value, listed(words)) + (f" {hint}" if hint else ""))

    def complete(begun: str) -> list[str]:
        return [code for code in codes if code.startswith(begun)]

    return {"parser": parse, "autocompletion": complete}


def listed(words: Mapping[E, str]) -> str:
    """The values with their meanings: «plain (встроенный), both (оба)»."""
    return ", ".join(f"{member.value} ({word})" for member, word in words.items())


def whole(at_least: int = 1, at_most: int | None = None) -> dict[str, Any]:
    """Settings of a parameter that takes a whole number."""
    range_ = f"не меньше {at_least}" if at_most is None else f"от {at_least} до {at_most}"
    most = 999_999_999 if at_most is None else at_most

    def parse(value: str | int) -> int:
        text = str(value).strip()
        if text.isascii() and text.isdecimal() and len(text) <= 9 and at_least <= int(text) <= most:
            return int(text)
        raise typer.BadParameter(_unfit(text, f"целое число {range_}"))

    return {"parser": parse}


def file_of(*endings: str, or_folder: bool = False) -> dict[str, Any]:
    """Settings of a parameter that names a file to write, of the type that its ending says; `or_folder`: or a folder,
    whose name has none."""

    def parse(value: str | Path) -> Path:
        path = Path(value)
        if path.suffix.lower() not in endings and (path.suffix or not or_folder):
            ending = path.suffix or path.name
            raise typer.BadParameter(_unfit(ending, f"имя файла с окончанием {', '.join(endings)}"))
        return path

    return {"parser": parse}


def _unfit(found: str, expected: str) -> str:
    return f"значение не подходит; найдено: «{shorten(found)}»; ожидалось: {expected}."
