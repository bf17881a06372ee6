"""The one writer of YAML: text that reads well and that the guarded reader reads back as the same data.

Written by hand and not by PyYAML: its output would be read back as the same data, but neither its quoting nor its
line breaks are what a person would write, and characters that YAML forbids would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from unicodedata import category

Data = Mapping[str, Any]
"""plain data: mappings, lists, texts, numbers, dates, truth values and nothing"""

_WIDTH: Final = 112
_PLAIN: Final = re.compile(r"(?:[^\W_]|«)(?:[^\n:#]|:(?=\S)|(?<=\S)#)*(?<![\s:])\Z")
_IN_BRACKETS: Final = re.compile(r"[,\[\]{}]")
_NOTHING: Final = frozenset({"null", "Null", "NULL"})
_NOT_TEXT_ELSEWHERE: Final = re.compile(
    r"[\d.][\d_.:]*(?:[eE][-+]?\d+)?|0[xXoO][\da-fA-F_]+|\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?|y|n|yes|no|on|off|true|false",
    re.IGNORECASE,
)
"""what another reader takes for a number, a date or a truth value"""
_WORDS: Final = re.compile(r"[^ \n]+(?: [^ \n]+)*")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def as_text(data: Data, header: Sequence[str] = ()) -> str:
    """The text of a file whose top is `data`. `header` are lines of comment at its beginning."""
    lines = [f"# {on_one_line(line)}".rstrip() for line in header]
    long_before = bool(lines)
    for key, value in data.items():
        section = entry(key, value, 0)
        if lines and (long_before or len(section) > 1):
            lines.append("")
        lines += section
        long_before = len(section) > 1
    return "\n".join(lines if data else [*lines, "{}"]) + "\n"


def entry(key: str, value: Any, indent: int, typed: bool = True) -> list[str]:
    """The lines of a key with its value. `typed`: texts that another reader would take for something else are quoted;
    data in which every value is text, as the guarded reader hands it over, have no use for that."""
    head = f"{' ' * indent}{scalar(key, True, typed)}:"
    if value is None:
        return [head]
    if isinstance(value, str) and len(f"{head} {scalar(value, typed=typed)}") > _WIDTH and _folds(value):
        return [f"{head} >-", *(" " * (indent + 2) + line for line in _wrapped(value, _WIDTH - indent - 2))]
    if not is_inline(value, len(head)):
        return [head, *block(value, indent + 2, typed)]
    return [f"{head} {scalar(value, typed=typed) if isinstance(value, str) else inline(value, typed)}"]


def block(value: Any, indent: int, typed: bool = True) -> list[str]:
    """The lines of a mapping or a list that does not stand on one line."""
    if isinstance(value, Mapping):
        return [line for key, own in value.items() for line in entry(key, own, indent, typed)]
    short = all(is_inline(own, indent + 2) for own in value)
    lines: list[str] = []
    for own in value:
        if lines and not short:
            lines.append("")
        lines += item(own, indent, short, typed)
    return lines


def item(value: Any, indent: int, short: bool = True, typed: bool = True) -> list[str]:
    """The lines of one part of a list; a mapping's first key stands behind the dash unless it is `short`."""
    dash = f"{' ' * indent}- "
    if not isinstance(value, Mapping) or not value or (short and is_inline(value, indent + 2)):
        return [dash + inline(value, typed)]
    first, *rest = block(value, indent + 2, typed)
    return [dash + first[indent + 2 :], *rest]


def is_inline(value: Any, before: int) -> bool:
    """Whether a value stands on the line of its key, `before` characters of which are taken."""
    if not isinstance(value, Mapping | list | tuple) or not value:
        return True
    if isinstance(value, Mapping):
        flat = not any(isinstance(own, Mapping) or not is_inline(own, 0) for own in value.values())
    else:
        flat = not any(isinstance(own, Mapping | list | tuple) for own in value)
    return flat and before + 1 + len(inline(value)) <= _WIDTH


def inline(value: Any, typed: bool = True) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        pairs = (f"{scalar(key, True, typed)}: {inline(own, typed)}" for key, own in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(own, typed) for own in value) + "]"
    return scalar(value, True, typed)


def scalar(value: Any, in_brackets: bool = False, typed: bool = True) -> str:
    """A single value, in quotes where YAML needs them."""
    if not isinstance(value, str):
        return plain_text(value)
    text = str.__str__(value)
    plain = _PLAIN.match(text) and on_one_line(text) == text and text not in _NOTHING
    if not plain or (in_brackets and _IN_BRACKETS.search(text)) or (typed and _NOT_TEXT_ELSEWHERE.fullmatch(text)):
        return quoted(text)
    return text


def plain_text(value: Any) -> str:
    """The text that the guarded reader hands over for a number, a date, a truth value or nothing."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def quoted(text: str) -> str:
    """`text` in double quotes; what cannot be printed is escaped."""
    return '"' + "".join(_ESCAPES.get(ch) or (ch if _is_seen(ch) else _escape(ch)) for ch in text) + '"'


def on_one_line(text: str) -> str:
    """`text` with a space for every character that ends a line or cannot be seen: safe in a comment."""
    return "".join(ch if _is_seen(ch) else " " for ch in text)


def _folds(text: str) -> bool:
    """Whether a text may be folded over several lines: a line break in a folded text is one space."""
    return _WORDS.fullmatch(text) is not None and on_one_line(text) == text


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Lines that one space each joins to `text` again."""
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if line and len(joined) > width:
            yield line
            line = word
        else:
            line = joined
    yield line


def _escape(character: str) -> str:
    number = ord(character)
    if number <= 0xFF:
        return f"\\x{number:02X}"
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"


def _is_seen(character: str) -> bool:
    return character.isprintable() or category(character) == "Zs"
