"""The numbers that office programs put before the paragraphs of a list and do not write into the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from vsoko_rules.intake.texts.office_parts import attribute, child, local

BULLET: Final = "•"
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC: Final = "абвгдежзиклмнопрстуфхцчшщэюя"
"""letters that Word counts with: without «ё», «й», «ъ», «ы», «ь»"""
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST: Final = 5_000
"""beyond it numbers are written in digits whatever the list says"""


def lettered(number: int, letters: str) -> str:
    """A number in letters: а, б, … я, аа, бб."""
    again, at = divmod(number - 1, len(letters))
    return letters[at] * (again + 1) if 0 < number < _MOST else str(number)


def roman(number: int) -> str:
    """A number in Roman digits."""
    if not 0 < number < _MOST:
        return str(number)
    text = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        text += sign * times
    return text


_COUNTED: Final[Mapping[str, Callable[[int], str]]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02}",
    "lowerLetter": lambda n: lettered(n, _LATIN),
    "upperLetter": lambda n: lettered(n, _LATIN).upper(),
    "russianLower": lambda n: lettered(n, _CYRILLIC),
    "russianUpper": lambda n: lettered(n, _CYRILLIC).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda n: roman(n).upper(),
    # of OpenDocument
    "1": str,
    "a": lambda n: lettered(n, _LATIN),
    "A": lambda n: lettered(n, _LATIN).upper(),
    "i": roman,
    "I": lambda n: roman(n).upper(),
}
"""ways of counting by the names that formats give them"""
_RUSSIAN: Final = "(ru)"
"""how OpenDocument ends the name of a way of counting with Russian letters, which it shows by its first numbers"""


def counted(number: int, way: str) -> str:
    """A number as a list counts that has the way of counting `way`; in digits where the way is not known."""
    if way.endswith(_RUSSIAN):
        text = lettered(number, _CYRILLIC)
        return text.upper() if way[0].isupper() else text
    return _COUNTED.get(way, str)(number)


class WordNumbers:
    """The lists of a Word document, counted paragraph by paragraph."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._abstract = {} if numbering is None else _by(numbering, "abstractNum", "abstractNumId")
        self._lists = {} if numbering is None else _by(numbering, "num", "numId")
        self._styles = {} if styles is None else _by(styles, "style", "styleId")
        self._counts: dict[str, list[int | None]] = {}
        self._seen: set[str] = set()

    def mark(self, properties: Any) -> str:
        """What stands before a paragraph with these properties: «1.», «•»; empty where nothing does."""
        number, level = self._list_of(properties)
        key = _value(child(self._lists.get(number), "abstractNumId")) if number in self._lists else None
        abstract = self._abstract.get(key or "")
        if key is None or abstract is None or not 0 <= level < 9:
            return ""
        levels = {attribute(part, "ilvl"): part for part in abstract if local(part) == "lvl"}
        counts = self._counts.setdefault(key, [None] * 9)
        if number not in self._seen:
            self._seen.add(number)
            for override in self._lists[number]:
                at, start = attribute(override, "ilvl") or "", _value(child(override, "startOverride"))
                if start is not None and at.isdecimal() and int(at) < 9:
                    counts[int(at)] = _whole(start) - 1
        before = counts[level]
        counts[level] = before + 1 if before is not None else _start(levels.get(str(level)))
        counts[level + 1 :] = [None] * (8 - level)
        return _shown(levels, counts, level)

    def _list_of(self, properties: Any) -> tuple[str, int]:
        """The list of a paragraph and its level in it, from itself or from its style."""
        number: str | None = None
        level: str | None = None
        for _ in range(10):  # styles that are based on one another
            found = child(properties, "numPr") if properties is not None else None
            if found is not None:
                number = number or _value(child(found, "numId"))
                level = level or _value(child(found, "ilvl"))
            if number is not None or properties is None:
                break
            style = self._styles.get(_value(child(properties, "pStyle")) or "")
            style = style if style is not None else self._styles.get(_value(child(properties, "basedOn")) or "")
            properties = _with_base(style)
        return number or "", _whole(level or "0")


def _with_base(style: Any) -> Any:
    """The paragraph properties of a style, which know on what the style is based."""
    if style is None:
        return None
    own, base = child(style, "pPr"), child(style, "basedOn")
    return [*(own if own is not None else ()), *([base] if base is not None else ())]


def _by(root: Any, tag: str, key: str) -> dict[str, Any]:
    return {attribute(part, key) or "": part for part in root if local(part) == tag}


def _value(node: Any) -> str | None:
    return attribute(node, "val") if node is not None else None


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _start(level: Any) -> int:
    text = _value(child(level, "start")) if level is not None else None
    return _whole(text) if text is not None else 1


def _shown(levels: Mapping[str | None, Any], counts: list[int | None], level: int) -> str:
    own = levels.get(str(level))
    way = _value(child(own, "numFmt")) if own is not None else None
    if own is None or way == "bullet":
        return BULLET if way == "bullet" else ""
    text = _value(child(own, "lvlText")) or ""
    for at in range(level + 1):
        part = levels.get(str(at))
        way = (_value(child(part, "numFmt")) or "") if part is not None else ""
        count = counts[at]
        text = text.replace(f"%{at + 1}", counted(count if count is not None else _start(part), way))
    return text.strip()
