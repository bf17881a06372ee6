"""The one guarded reader of YAML.

One pass over libyaml's events builds plain data and remembers the place of every key and value. Every plain scalar
is handed over as its own text (`null`, `~` and nothing become None), so that YAML 1.1 never turns `no` into a boolean,
`1.10` into 1.1 or `12:30` into 750: the field of the model decides what the text means. Refused, each with its place:
aliases, anchors, tags, repeated keys, more than one document, files over 1 MB or with over 50,000 keys and values,
nesting deeper than 20, other encodings.
Working from events also keeps libyaml's composer out of the way, which overflows the stack on deep nesting.
"""

from __future__ import annotations

import hashlib
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from vsoko_rules.errors import InputError, Place, Problem, VsokoError
from vsoko_rules.reading.archive import read_bytes

MOST_BYTES: Final = 1_000_000
MOST_DEPTH: Final = 20
MOST_VALUES: Final = 50_000
"""keys and values in one file: a megabyte of «[1,1,1…» would otherwise become half a million complaints"""
LOADER: Final[type] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where there is one; the other is 10-30 times slower and says the same"""
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TAB_HINT: Final = "Табуляция вместо отступа: замените её пробелами."
_SYNTAX_HINTS: Final = {
    "found a tab character": _TAB_HINT,
    "mapping values are not allowed": "Похоже, в значении есть двоеточие: возьмите значение в кавычки.",
    "could not find expected ':'": "После ключа нужно двоеточие с пробелом: «ключ: значение».",
    "did not find expected key": "Проверьте отступы: ключи одного уровня начинаются с одной колонки.",
    "parsing a block mapping": "Проверьте отступы: ключи одного уровня начинаются с одной колонки.",
    "parsing a block collection": "Проверьте отступы: строки списка начинаются с «- » в одной колонке.",
    "did not find expected '-'": "Проверьте отступы: строки списка начинаются с «- » в одной колонке.",
    "expected ',' or ']'": "Список в квадратных скобках не закрыт.",
    "expected ',' or '}'": "Набор в фигурных скобках не закрыт.",
    "unexpected end of stream": "Кавычка открыта и не закрыта.",
    "special characters are not allowed": "В файле есть недопустимые служебные символы.",
    "control characters are not allowed": "В файле есть недопустимые служебные символы.",
}

_NOT_YAML: Final = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Marks = tuple[Any, Any]
"""marks of a key and of its value; a mark has `line` and `column` counted from 0"""


class Mapping(dict[str, Any]):
    """A YAML mapping that knows where its keys and values stand."""

    __slots__ = ("marks",)

    def __init__(self) -> None:
        super().__init__()
        self.marks: dict[str, Marks] = {}


class Items(list[Any]):
    """A YAML list that knows where its items stand."""

    __slots__ = ("marks",)

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Any] = []


class Source:
    """A file that was read: its data, its SHA-256, and the place of everything in it."""

    __slots__ = ("data", "name", "sha256")

    def __init__(self, name: str, data: Mapping, sha256: str) -> None:
        self.name = name
        self.data = data
        self.sha256 = sha256

    def place(self, path: Sequence[str | int]) -> Place:
        """The place of the value at `path`, or of the nearest thing around it that the file has."""
        node: Any = self.data
        mark: Any = None
        for step in path:
            if isinstance(node, Mapping) and step in node.marks:
                key_mark, value_mark = node.marks[str(step)]
                node = node[str(step)]
                mark = key_mark if isinstance(node, Mapping | Items) or node is None else value_mark
            elif isinstance(node, Items) and isinstance(step, int) and step < len(node):
                mark, node = node.marks[step], node[step]
            else:
                break
        return Place(self.name, mark.line + 1, mark.column + 1) if mark is not None else Place(self.name, 1, 1)

    def key_place(self, path: Sequence[str | int]) -> Place:
        """The place of the key that ends `path`."""
        node: Any = self.data
        for step in path[:-1]:
            node = node[step]
        mark = node.marks[path[-1]][0]
        return Place(self.name, mark.line + 1, mark.column + 1)

    def walk(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        """Every path of the data with its value, outermost first."""
        stack: list[tuple[tuple[str | int, ...], Any]] = [((), self.data)]
        while stack:
            path, node = stack.pop()
            yield path, node
            if isinstance(node, Mapping):
                stack.extend(((*path, key), value) for key, value in node.items())
            elif isinstance(node, Items):
                stack.extend(((*path, index), value) for index, value in enumerate(node))


def read(path: Path, error: type[VsokoError] = InputError, name: str | None = None) -> Source:
    """Read one YAML file whose top is a mapping.

    `name` is how the file is called in messages (the path by default). Raises `error` with the place of what is wrong.
    """
    content = read_bytes(path, error, name, MOST_BYTES)
    return parse(content, name if name is not None else str(path), error)


def parse(raw: bytes, name: str, error: type[VsokoError] = InputError) -> Source:
    """Read YAML from bytes; see `read`."""
    if len(raw) > MOST_BYTES:
        raise error([Problem(Place(name), "файл слишком велик", expected="не больше 1 МБ")])
    text = _decode(raw, name, error)
    reader = _Reader(raw.removeprefix(BOM_UTF8), text, name, error)
    return Source(name, reader.document(), hashlib.sha256(raw).hexdigest())


def _decode(raw: bytes, name: str, error: type[VsokoError]) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[:4].count(0) == 2:
        raise error(
            [Problem(Place(name), "файл в кодировке UTF-16", expected="UTF-8", hint="Сохраните его как UTF-8.")]
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = raw.count(b"\n", 0, exc.start) + 1
        column = len(raw[raw.rfind(b"\n", 0, exc.start) + 1 : exc.start].decode("utf-8-sig")) + 1
        problem = Problem(
            Place(name, line, column),
            "файл не в кодировке UTF-8 (похоже на Windows-1251)",
            expected="UTF-8",
            hint="Сохраните его как UTF-8: в Блокноте «Сохранить как», внизу «Кодировка: UTF-8».",
        )
        raise error([problem]) from None


class _Reader:
    """Builds data from the events of one text. Stops at the first thing that is not plain YAML."""

    def __init__(self, raw: bytes, text: str, name: str, error: type[VsokoError]) -> None:
        self.name = name
        self.error = error
        self.problems: list[Problem] = []
        self.values = 0
        self.raw = raw
        self.text = text
        self.next: Callable[[], Any]

    def document(self) -> Mapping:
        try:
            self.next = LOADER(self.raw).get_event  # libyaml reads bytes: a text would be encoded again
            self.next()  # the stream starts
            if isinstance(event := self.next(), yaml.StreamEndEvent):
                raise self.error([Problem(Place(self.name, 1, 1), "файл пуст")])
            event = self.next()
            if not isinstance(event, yaml.MappingStartEvent):
                raise self.fail(
                    event, "в начале файла не набор «ключ: значение»", expected="строки вида «ключ: значение»"
                )
            data = self.mapping(event, 1)
            self.next()  # the document ends
            if not isinstance(event := self.next(), yaml.StreamEndEvent):
                raise self.fail(event, "в файле несколько документов YAML, разделённых «---»", expected="один документ")
        except yaml.MarkedYAMLError as exc:
            raise self.syntax(exc) from None
        except yaml.YAMLError as exc:
            place = self.control_character()
            raise self.error([Problem(place, "файл не читается как YAML", hint=_syntax_hint(str(exc)))]) from None
        if self.problems:
            raise self.error(self.problems)
        return data

    def mapping(self, start: Any, depth: int) -> Mapping:
        self.admit(start, depth)
        data, advance = Mapping(), self.next
        marks = data.marks
        while (event := advance()).__class__ is not yaml.MappingEndEvent:
            if event.__class__ is not yaml.ScalarEvent:
                raise self.fail(event, "ключ — не простой текст", expected="слово с двоеточием после него")
            key, mark = self.scalar(event), event.start_mark
            if key is None:
                raise self.fail(event, "пустой ключ", expected="слово с двоеточием после него")
            event = advance()
            value = self.scalar(event) if event.__class__ is yaml.ScalarEvent else self.node(event, depth)
            if key in data:
                message = f"ключ повторяется, впервые он стоит в строке {marks[key][0].line + 1}"
                self.note(mark, message, key, expected="каждый ключ один раз")
                continue
            data[key] = value
            marks[key] = (mark, event.start_mark)
        return data

    def items(self, start: Any, depth: int) -> Items:
        self.admit(start, depth)
        data, advance = Items(), self.next
        while (event := advance()).__class__ is not yaml.SequenceEndEvent:
            data.append(self.scalar(event) if event.__class__ is yaml.ScalarEvent else self.node(event, depth))
            data.marks.append(event.start_mark)
        return data

    def node(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event, depth + 1)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(event, depth + 1)
        raise self.fail(event, "ссылка YAML (*имя) не поддерживается", expected="само значение")

    def scalar(self, event: Any) -> str | None:
        self.values += 1
        if event.anchor is not None or event.tag is not None or self.values > MOST_VALUES:
            self.plain(event)
        value: str = event.value
        return None if not event.style and value in _NULLS else value

    def admit(self, event: Any, depth: int) -> None:
        self.values += 1
        self.plain(event)
        if depth > MOST_DEPTH:
            raise self.fail(event, "слишком глубокая вложенность", expected=f"не больше {MOST_DEPTH} уровней")

    def plain(self, event: Any) -> None:
        if self.values > MOST_VALUES:
            raise self.fail(event, "в файле слишком много ключей и значений", expected=f"не больше {MOST_VALUES}")
        if event.anchor is None and event.tag is None:
            return
        what = f"&{event.anchor}" if event.anchor is not None else str(event.tag)
        kind = "якорь YAML" if event.anchor is not None else "тип YAML"
        self.note(
            event.start_mark, f"{kind} не поддерживается", what, expected="само значение; особый текст — в кавычках"
        )

    def note(self, mark: Any, message: str, found: str | None, expected: str | None = None) -> None:
        self.problems.append(Problem(Place(self.name, mark.line + 1, mark.column + 1), message, found, expected))

    def fail(self, event: Any, message: str, expected: str | None = None) -> VsokoError:
        self.note(event.start_mark, message, None, expected)
        return self.error(self.problems)

    def control_character(self) -> Place:
        """Where the first character stands that YAML does not allow."""
        match = _NOT_YAML.search(self.text)
        if match is None:
            return Place(self.name)
        before = self.text[: match.start()]
        return Place(self.name, before.count("\n") + 1, match.start() - before.rfind("\n"))

    def syntax(self, exc: yaml.MarkedYAMLError) -> VsokoError:
        mark = exc.problem_mark or exc.context_mark
        place = Place(self.name, mark.line + 1, mark.column + 1) if mark is not None else Place(self.name)
        tab = mark is not None and self.text[mark.index : mark.index + 1] == "\t"
        hint = _TAB_HINT if tab else _syntax_hint(str(exc))
        self.problems.append(Problem(place, "файл не читается как YAML", hint=hint))
        return self.error(self.problems)


def _syntax_hint(english: str) -> str:
    for part, hint in _SYNTAX_HINTS.items():
        if part in english:
            return hint
    return "Проверьте отступы, двоеточия и кавычки в этой строке и строкой выше."
