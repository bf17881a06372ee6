"""Damage done to a sound file: to its bytes, its text, its data, or to what is zipped in it."""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import escape
from random import Random
from typing import Any, Final

PIECES: Final = (
    *":-[]{}&*!|>'\"%@`#,?~ \t\n\r=.0aя<;/\\\0\x01\x1b\x9b\ufeff\u200b\u202e\u2028\x85\ufffe💡",
    "- ", ": ", "\n  ", "---\n", "&a ", "*a", "!!int ", "<<: ", "null", "true", "{a: ", "1e999", "-1", "0", "9" * 40,
    "д" * 300, "[" * 60, "../", "/dev/zero", "C:\\a", "file:///etc/passwd", "javascript:1", "=1+1", "{{ 1 }}",
    "{% for a in b %}", "2022-02-30", "31.12.9999", "12-од", "B1-M02", "В1-М02", "d01", "не применяется", "&amp;",
    "]]>", "<a>", "</c>", ' r="XFD1048576"', ' t="e"', "1:99999", "\ud800",
)  # fmt: skip
_SAID: Final = re.compile(r">[^<>]+<|\"[^\"<>]*\"")
"""a text between tags, or the value of an attribute"""
VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1e308, 10**30, "", "x", "B1", "\ud800", [], {}, [[]], [None], {"a": {"b": []}}, "1",
)  # fmt: skip
"""what stands in the place of another value of JSON"""


def damaged_text(random: Random, text: str) -> bytes:
    """A few lines or characters deleted, inserted, replaced, repeated or moved; now and then another encoding."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        text = _by_line(random, text) if random.random() < 0.4 else _by_character(random, text)
    encoding = random.choices(("utf-8", "utf-8-sig", "utf-16", "cp1251"), (50, 2, 1, 1))[0]
    return text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")


def _by_line(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at, other = random.randrange(len(lines)), random.choice(lines)
    match random.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, other)
        case 2:
            lines[at] = other
        case 3:
            lines[at] = " " * random.randint(1, 3) + lines[at]
        case _:
            del lines[at : at + random.randint(1, 20)]
    return "".join(lines)


def _by_character(random: Random, text: str) -> str:
    piece: str
    at, piece = random.randrange(len(text) + 1), random.choice(PIECES)
    match random.randrange(5):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + piece + text[at:]
        case 2:
            return text[:at] + piece + text[at + len(piece) :]
        case 3:
            return text[:at] + text[max(at - random.randint(1, 40), 0) :]
        case _:
            return text[:at] if random.random() < 0.1 else text[:at] + piece * 2 + text[at:]


def damaged_json(random: Random, content: bytes) -> bytes:
    """The same data with values, keys or whole branches of another kind; now and then damaged as a text."""
    if random.random() < 0.2:
        return damaged_text(random, content.decode())
    data = damaged_data(random, json.loads(content))
    return json.dumps(data, ensure_ascii=random.random() < 0.1).encode("utf-8", "surrogatepass")


def damaged_data(random: Random, data: Any) -> Any:
    """The data, changed in a few places: most new values stand under the same key elsewhere in it, so that they make
    sense and what comes after reading is tried as well."""
    alike: dict[Any, list[Any]] = {}
    for key, value in _values(data):
        alike.setdefault(key, []).append(value)
    sense = random.choice((0.0, 0.9, 1.0))
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        _by_value(random, data, alike, sense)
    return data


def _values(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every value with the key that it stands under; those of lists have none."""
    pairs = (
        data.items() if isinstance(data, dict) else ((None, value) for value in data) if isinstance(data, list) else ()
    )
    for key, value in pairs:
        yield key, value
        yield from _values(value)


def _by_value(random: Random, data: Any, alike: dict[Any, list[Any]], sense: float) -> None:
    """Walk to a place anywhere in the data and change what stands there."""
    while True:
        keys = list(data) if isinstance(data, dict) else list(range(len(data))) if isinstance(data, list) else []
        if not keys:
            return
        key = random.choice(keys)
        if not isinstance(data[key], dict | list) or random.random() < 0.2:
            break
        data = data[key]
    if random.random() < sense:
        data[key] = copy.deepcopy(random.choice(alike.get(key) or [data[key]]))
        return
    match random.randrange(4):
        case 0:
            del data[key]
        case 1 if isinstance(data, list):
            data.append(data[key])
        case 1:
            data[random.choice(("x", "", "id", "schema"))] = data[key]
        case _:
            data[key] = copy.deepcopy(random.choice(VALUES))


def damaged_archive(random: Random, content: bytes) -> bytes:
    """A zipped document with a damaged, missing, repeated or swollen part; now and then damaged as bytes."""
    if random.random() < 0.2:
        return damaged_bytes(random, content)
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    written = [name for name in parts if name.endswith((".xml", ".rels"))] or list(parts)
    for _ in range(random.choice((1, 1, 2, 4))):
        name = random.choice([n for n in written if "sheet" in n or "document" in n or n == "content.xml"] or written)
        name = name if random.random() < 0.7 else random.choice(written)
        match random.randrange(8):
            case 0:
                parts.pop(name, None)
            case 1:
                parts[name] = parts.get(random.choice(written), b"")
            case 2:
                parts[name] = b" " * random.choice((10, 3_000_000)) + parts.get(name, b"")
            case 3:
                parts[name] = damaged_text(random, parts.get(name, b"").decode(errors="replace"))
            case _:
                parts[name] = _sound_xml(random, parts.get(name, b"").decode(errors="replace"))
    stream = io.BytesIO()
    with zipfile.ZipFile(
        stream, "w", random.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    ) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return stream.getvalue()


def _sound_xml(random: Random, text: str) -> bytes:
    """XML in which a few texts or attributes say something else, most of them what another one says."""
    for _ in range(random.choice((1, 1, 3, 10))):
        places = list(_SAID.finditer(text))
        if not places:
            break
        place, other = random.choice(places), random.choice(places)
        new = other[0][1:-1] if random.random() < 0.6 else escape(random.choice(PIECES), quote=True)
        text = text[: place.start() + 1] + new + text[place.end() - 1 :]
    return text.encode("utf-8", "replace")


def damaged_bytes(random: Random, content: bytes) -> bytes:
    """Bytes changed, cut off, lost or put in."""
    raw = bytearray(content)
    for _ in range(random.choice((1, 1, 4, 30))):
        at = random.randrange(max(len(raw), 1))
        match random.randrange(6):
            case 0:
                del raw[at:]
            case 1:
                del raw[at : at + random.randint(1, 200)]
            case 2:
                raw[at:at] = random.randbytes(random.randint(1, 20))
            case _:
                raw[at : at + 1] = random.randbytes(1)
    return bytes(raw)
