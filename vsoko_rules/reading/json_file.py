"""JSON that users hand in, however their shell wrote it: UTF-8 with and without a mark, UTF-16, letters that a console
broke. Everything in it has a line and a column."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn

from vsoko_rules.errors import InputError, Place, Problem, Remedy
from vsoko_rules.reading.archive import is_stdin, read_bytes, shown_name

MOST_BYTES: Final = 1_000_000_000
"""a region's results in one file"""
JSON: Final = ".json"
LINES: Final = ".jsonl"
"""the ending of a file with a value a line"""
_EXPECTED: Final = {
    "Expecting ',' delimiter": "запятая",
    "Expecting ':' delimiter": "двоеточие",
    "Expecting value": "значение",
    "Expecting property name": "ключ в кавычках",
    "Extra data": "конец файла",
    "Unterminated string": "закрывающая кавычка",
    "Invalid control character": "текст без знаков управления",
    "Illegal trailing comma": "значение после запятой",
}
"""by how the decoder's message begins, what was expected"""
_BROKEN: Final = re.compile("[╨╤]")
"""how the code pages of consoles show the first byte of a Russian letter"""
_CONSOLES: Final = ("cp866", "cp437")
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder()


class JsonText:
    """A value of JSON that knows where its parts stand. Positions are sought in the text only when asked for."""

    def __init__(self, name: str, text: str, line: int = 1) -> None:
        """`line` is the one on which `text` begins. Raises `InputError` for what is not JSON."""
        self.name = name
        self._text = text
        self._line = line
        try:
            self.data: Any = json.loads(text, parse_constant=_refuse)
        except json.JSONDecodeError as exc:
            raise self._no_json(exc) from None
        except RecursionError:
            raise InputError([Problem(Place(name, line), "JSON вложен слишком глубоко")]) from None
        except ValueError as exc:
            raise InputError([Problem(Place(name, line), "в JSON не число", str(exc), "число")]) from None

    def _no_json(self, exc: json.JSONDecodeError) -> InputError:
        found = self._text[exc.pos : exc.pos + 40].split("\n")[0].strip() or "конец строки"
        expected = next((said for begin, said in _EXPECTED.items() if exc.msg.startswith(begin)), None)
        problem = Problem(self._at(exc.pos), "файл не читается как JSON", found, expected, remedy=Remedy.ASSESS)
        return InputError([problem])

    def place(self, path: Sequence[str | int]) -> Place:
        """Where the value at `path` stands, or, where there is none, the nearest thing around it."""
        offset = _skip(self._text, 0)
        for step in path:
            inner = next((at for key, at in _members(self._text, offset) if key == step), None)
            if inner is None:
                break
            offset = inner
        return self._at(offset)

    key_place = place
    """an error of a key is shown where its value begins"""

    def _at(self, offset: int) -> Place:
        before = self._text.count("\n", 0, offset)
        return Place(self.name, self._line + before, offset - self._text.rfind("\n", 0, offset))


def read_json(path: Path) -> JsonText:
    """The value in a file. Raises `InputError`."""
    name = shown_name(path)
    return JsonText(name, decoded(read_bytes(path, most=MOST_BYTES), name))


def is_json(path: Path) -> bool:
    """Whether a file is JSON: by its name, the standard input by its first character."""
    if is_stdin(path):
        return decoded(read_bytes(path), shown_name(path)).lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
    return path.suffix.lower() in (JSON, LINES)


def read_lines(path: Path) -> Iterator[tuple[int, JsonText]]:
    """The values in a file of lines, each with the byte at which its line begins; -1 where the file is not in UTF-8 and
    cannot be read from the middle. Raises `InputError`."""
    name = str(path)
    with _opened(path) as stream:
        start = stream.read(len(codecs.BOM_UTF8))
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            lines = decoded(start + stream.read(), name).split("\n")
            yield from ((-1, JsonText(name, text, n)) for n, text in enumerate(lines, 1) if text.strip())
            return
        offset = len(start) if start == codecs.BOM_UTF8 else 0
        stream.seek(offset)
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield offset, JsonText(name, decoded(line, name, number), number)
            offset += len(line)


def read_line(path: Path, offset: int) -> JsonText:
    """The value whose line begins at a byte of a file of lines. Raises `InputError`."""
    with _opened(path) as stream:
        stream.seek(offset)
        return JsonText(str(path), decoded(stream.readline(), str(path)))


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise InputError([Problem(Place(str(path)), "файл не открывается", reason)]) from exc


def decoded(content: bytes, name: str, line: int = 1) -> str:
    """The text of JSON. Raises `InputError` where its letters are lost."""
    try:
        text = content.decode(json.detect_encoding(content))
    except UnicodeDecodeError as exc:
        place = Place(name, line + content.count(b"\n", 0, exc.start))
        problem = Problem(
            place, "это не текст в UTF-8 или UTF-16", f"байт {content[exc.start]:#x}", remedy=Remedy.ASSESS
        )
        raise InputError([problem]) from None
    return _mended(text, name, line) if _BROKEN.search(text) else text


def _mended(text: str, name: str, line: int) -> str:
    """Text whose letters went through the code page of a console, as it was before."""
    for console in _CONSOLES:
        try:
            return text.encode(console).decode()
        except UnicodeError:
            continue
    message = "буквы испорчены: файл записан через консоль с другой кодировкой"
    raise InputError([Problem(Place(name, line), message, remedy=Remedy.ASSESS)])


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _members(text: str, offset: int) -> Iterator[tuple[str | int, int]]:
    """The keys or numbers of what is in a container of sound JSON, and where each value begins; nothing of a scalar."""
    if text[offset] not in "{[":
        return
    is_mapping, number = text[offset] == "{", 0
    offset = _skip(text, offset + 1)
    while text[offset] not in "}]":
        key: str | int = number
        if is_mapping:
            key, offset = _DECODER.raw_decode(text, offset)
            offset = _skip(text, _skip(text, offset) + 1)
        yield key, offset
        _, offset = _DECODER.raw_decode(text, offset)
        offset = _skip(text, offset)
        offset = _skip(text, offset + 1) if text[offset] == "," else offset
        number += 1


def _skip(text: str, offset: int) -> int:
    """The first character after spaces."""
    space = _SPACE.match(text, offset)
    return space.end() if space is not None else offset
