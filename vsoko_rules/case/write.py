"""A case as the text of a YAML file that reads well and reads back as the same case.

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

from pydantic import BaseModel

from vsoko_rules.case.records import Case

_WIDTH: Final = 112
_PLAIN: Final = re.compile(r"(?:[^\W_]|«)(?:[^\n:#]|:(?=\S)|(?<=\S)#)*(?<![\s:])\Z")
_IN_FLOW: Final = re.compile(r"[,\[\]{}]")
_NOT_TEXT: Final = frozenset({"null", "Null", "NULL"})
_WORDS: Final = re.compile(r"[^ \n]+(?: [^ \n]+)*")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def as_yaml(case: Case, header: Sequence[str] = ()) -> str:
    """The text of a file that `read_case` reads as `case`. `header` are lines of comment at its beginning."""
    comments = [f"# {_printable(line)}".rstrip() for line in header]
    return "\n".join([*comments, *([""] if comments else []), *_sections(case)]) + "\n"


def _sections(case: Case) -> Iterator[str]:
    for key, value in _given(case).items():
        if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            yield f"\n{key}:"
            for number, each in enumerate(value):
                yield from ("",) if number and key == "documents" else ()
                yield from _item(_given(each))
        elif isinstance(value, Mapping) and value:
            yield f"\n{key}:"
            for name, each in value.items():
                yield from _keyed(scalar(name), _given(each), 2)
        elif isinstance(value, BaseModel):
            yield from _keyed(key, _given(value), 0)
        else:
            yield f"{key}: {_flow(value)}"


def _given(model: BaseModel) -> dict[str, Any]:
    """The fields that say something, by their keys, in the order of the model."""
    fields = type(model).model_fields
    values = {info.alias or name: (getattr(model, name), info) for name, info in fields.items()}
    return {
        key: v
        for key, (v, info) in values.items()
        if info.is_required() or v != info.get_default(call_default_factory=True)
    }


def _item(fields: Mapping[str, Any]) -> Iterator[str]:
    """A part of a list: its first key stands behind the dash."""
    lines = [line for key, value in fields.items() for line in _field(key, value, 4)]
    yield "  - " + lines[0].lstrip(" ")
    yield from lines[1:]


def _keyed(key: str, fields: Mapping[str, Any], indent: int) -> Iterator[str]:
    """A mapping on one line where it fits, else key by key."""
    short = f"{' ' * indent}{key}: {_flow(fields)}"
    if len(short) <= _WIDTH and "counts" not in fields:
        yield short
        return
    yield f"{' ' * indent}{key}:"
    for name, value in fields.items():
        yield from _field(name, value, indent + 2)


def _field(key: str, value: Any, indent: int) -> Iterator[str]:
    before = f"{' ' * indent}{key}:"
    if isinstance(value, Mapping) and value:
        yield before
        for name, each in value.items():
            yield f"{' ' * (indent + 2)}{scalar(name, flow=True)}: {_flow(each)}"
    elif isinstance(value, str) and len(f"{before} {scalar(value)}") > _WIDTH and _WORDS.fullmatch(value):
        yield from _folded(before, value, indent + 2)
    elif isinstance(value, str):
        yield f"{before} {scalar(value)}"
    else:
        yield f"{before} {_flow(value)}"


def _folded(before: str, text: str, indent: int) -> Iterator[str]:
    """A long text over several lines; a line break in a folded text is one space."""
    if _printable(text) != text:
        yield f"{before} {scalar(text)}"
        return
    yield f"{before} >-"
    yield from (" " * indent + line for line in _wrapped(text, _WIDTH - indent))


def _wrapped(text: str, width: int) -> list[str]:
    """Lines that one space each joins to `text` again."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and len(joined) > width:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, BaseModel):
        return _flow(_given(value))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key, flow=True)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(scalar(each, flow=True) for each in value) + "]"
    return scalar(value, flow=True)


def scalar(value: Any, flow: bool = False) -> str:
    """A single value, in quotes where YAML needs them. `flow`: inside brackets or braces."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    text = str.__str__(value)
    plain = _PLAIN.match(text) and _printable(text) == text and text not in _NOT_TEXT
    return text if plain and not (flow and _IN_FLOW.search(text)) else quoted(text)


def quoted(text: str) -> str:
    """`text` in double quotes; what cannot be printed is escaped."""
    return '"' + "".join(_ESCAPES.get(ch) or (ch if _shown(ch) else _escape(ch)) for ch in text) + '"'


def _escape(character: str) -> str:
    number = ord(character)
    if number <= 0xFF:
        return f"\\x{number:02X}"
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"


def _shown(character: str) -> bool:
    return character.isprintable() or category(character) == "Zs"


def _printable(text: str) -> str:
    """`text` with a space for every character that ends a line or cannot be seen."""
    return "".join(ch if _shown(ch) else " " for ch in text)
