"""Changing a YAML file that a person wrote: what is not changed keeps every character, comments among them.

A round trip through ruamel.yaml does not hold here: it indents what it was not asked to touch, joins lists that stand
on several lines, fails on a date that is none, and takes a second for a case of 30 KB. So only the changed values are
replaced, at the marks that PyYAML knows of them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, ClassVar, Final

import yaml

from vsoko_rules.errors import VsokoError
from vsoko_rules.reading.yaml import LOADER, Source, parse
from vsoko_rules.writing.yaml_text import Data, as_text, block, entry, inline, is_inline, item, plain_text, quoted

_NAMES: Final = ("id", "of", "code")
"""keys by which a part of a list is known again"""


class _Marks(LOADER):  # type: ignore[misc]
    """Finds where everything stands. What a scalar means is not asked, which saves half of the time."""

    yaml_implicit_resolvers: ClassVar[dict[str, object]] = {}

    def resolve(self, *_: object) -> None:
        """No tag: it is asked of every node."""


def edited(content: bytes, data: Data, name: str = "") -> bytes:
    """`content` changed so that the guarded reader reads `data` from it.

    Comments, order and line breaks of what stays are kept; a comment inside a value that is replaced or removed goes
    with it. Raises `InputError` where `content` is no YAML that the reader takes.
    """
    return edited_source(content, data, name, parse(content, name).data)[0]


def edited_source(content: bytes, data: Data, name: str, old: Data) -> tuple[bytes, Source]:
    """As `edited`, where `old` is what the reader reads from `content`; with what it reads from the result. Raises
    `InputError` where that is more than the reader takes."""
    new = _as_read_beside(data, old)
    text = content.decode("utf-8-sig")
    mark = content[: len(content) - len(text.encode())]
    for attempt in (_one_part_edited, _parts_edited):
        result = attempt(text, old, new)
        if result is not None and (source := _read_as(mark + result.encode(), new, name)) is not None:
            return mark + result.encode(), source
    anew = mark + as_text(new).encode()
    return anew, parse(anew, name)


def _parts_edited(text: str, old: Data, new: Data) -> str | None:
    """The text with the parts changed that differ; none where it does not stand key by key. It may be wrong where
    somebody writes what people rarely do, such as `? key`: read it again."""
    root = yaml.compose(text, Loader=_Marks)
    if not _is_block(root) or not old.keys() & new.keys():
        return None
    editor = _Editor(text)
    editor.mapping(root, old, new)
    return editor.result()


def _one_part_edited(text: str, old: Data, new: Data) -> str | None:
    """The text where one part of one list is all that changed, composed without the rest; none where it is not so, or
    where the list does not stand as most do. It may be wrong, as parts are told by their indent: read it again."""
    keys = [key for key in new if old.get(key) != new[key]] if list(old) == list(new) else []
    before, after = (old[keys[0]], new[keys[0]]) if len(keys) == 1 else (None, None)
    if not isinstance(before, list) or not isinstance(after, list) or len(before) != len(after):
        return None
    changed = [n for n, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    parts = _parts(text, keys[0])
    if len(changed) != 1 or len(parts) != len(before):
        return None
    start, end = parts[changed[0]]
    try:
        node: Any = yaml.compose(text[start:end], Loader=_Marks)
    except yaml.YAMLError:  # what looked like a part is a piece of a text
        return None
    if not _is_block(node) or len(node.value) != 1 or not _is_block(node.value[0]):
        return None
    editor = _Editor(text[start:end])
    editor.items(node, [before[changed[0]]], [after[changed[0]]])
    return text[:start] + editor.result() + text[end:]


def _parts(text: str, key: str) -> list[tuple[int, int]]:
    """Where the parts of the list under a key of the file begin and end, as far as their dashes tell."""
    lines = re.search(rf"^{re.escape(key)}:[ \t]*\r?\n((?:[ #-].*(?:\n|\Z)|\r?\n)+)", text, re.MULTILINE)
    first = re.search(r"^( *)- ", lines[1], re.MULTILINE) if lines is not None else None
    if lines is None or first is None:
        return []
    dashes = re.finditer(rf"^{first[1]}- ", lines[1], re.MULTILINE)
    starts = [lines.start(1) + dash.start() for dash in dashes]
    return list(zip(starts, [*starts[1:], lines.end(1)], strict=True))


def as_read(value: Any) -> Any:
    """Plain data as the guarded reader would hand it over: every scalar is a text or nothing."""
    if isinstance(value, Mapping):
        return {str(key): as_read(own) for key, own in value.items()}
    if isinstance(value, list | tuple):
        return [as_read(own) for own in value]
    return value if value is None else str.__str__(value) if isinstance(value, str) else plain_text(value)


def _as_read_beside(value: Any, old: Any) -> Any:
    """As `as_read`, where a part that is the same object as in `old` stays as it is."""
    if value is old:
        return value
    if isinstance(value, Mapping) and isinstance(old, Mapping):
        return {str(key): _as_read_beside(own, old.get(key)) for key, own in value.items()}
    if isinstance(value, list | tuple) and isinstance(old, list):
        known = {id(own): own for own in old}
        return [own if id(own) in known else as_read(own) for own in value]
    return as_read(value)


def _read_as(content: bytes, new: Data, name: str) -> Source | None:
    """What is read from the content, where that is `new`."""
    try:
        source = parse(content, name)
    except VsokoError:
        return None
    return source if source.data == new else None


class _Editor:
    """Collects replacements of stretches of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line_break = "\r\n" if "\r\n" in text else "\n"
        self.changes: list[tuple[int, int, str]] = []

    def result(self) -> str:
        """The text with every change made."""
        parts, at = [], 0
        for start, end, new in sorted(self.changes, key=lambda change: change[0]):
            parts += [self.text[at:start], new]
            at = max(at, end)
        return "".join([*parts, self.text[at:]])

    def mapping(self, node: Any, old: Data, new: Data) -> None:
        """Change the entries of a mapping that stands key by key; at least one entry stays."""
        column = node.start_mark.column
        entries = {key.value: (key, value) for key, value in node.value}
        for key, (own, value) in entries.items():
            if key not in new:
                self.remove(own, value, node)
            elif old[key] != new[key]:
                self.value(own, value, old[key], new[key], column)
        kept = [value for key, (_, value) in entries.items() if key in new]
        after = kept[-1]
        for key, own in new.items():
            if key in entries:
                after = entries[key][1]
            else:
                self.insert(self.line_end(self.end(after)), entry(key, own, column, typed=False))

    def value(self, key: Any, node: Any, old: Any, new: Any, column: int) -> None:
        """Change the value of a key."""
        if _is_block(node) and isinstance(old, Mapping) and isinstance(new, Mapping) and old.keys() & new.keys():
            self.mapping(node, old, new)
        elif _is_block(node) and isinstance(old, list) and isinstance(new, list) and new and self.dashes(node):
            self.items(node, old, new)
        else:
            self.replace(key, node, entry(key.value, new, column, typed=False), new)

    def replace(self, key: Any, node: Any, lines: Sequence[str], new: Any) -> None:
        """Put another value, of which `lines` are the entry, in the place of one."""
        first = inline(key.value, typed=False)
        behind = lines[0].lstrip(" ")[len(first) + 1 :]
        if isinstance(new, str) and getattr(node, "style", None) in ("'", '"') and len(lines) == 1:
            behind = f" {quoted(new)}"
        colon, start, end = self.text.index(":", key.end_mark.index) + 1, node.start_mark.index, self.end(node)
        if start > self.line_end(colon):  # the value stands below its key, and a comment may stand behind the key
            self.changes += [(colon, colon, behind), (self.line_end(colon), end, "")]
        elif behind and end > start:
            self.changes.append((start, end, behind[1:]))
        else:
            self.changes.append((colon, end, behind))
        self.insert(self.line_end(end), lines[1:])

    def items(self, node: Any, old: Sequence[Any], new: Sequence[Any]) -> None:
        """Change the parts of a list that stands line by line. A part that moved is written anew."""
        column, nodes = node.start_mark.column, node.value
        short = all(not _is_block(own) for own in nodes)
        apart = len(nodes) > 1 and self.text[self.end(nodes[0]) : nodes[1].start_mark.index].count("\n") > 1
        matcher = SequenceMatcher(None, [_name(own) for own in old], [_name(own) for own in new], autojunk=False)
        for what, i, i_end, j, j_end in matcher.get_opcodes():
            if what == "equal" or (what == "replace" and i_end - i == j_end - j):
                for own, before, after in zip(nodes[i:i_end], old[i:i_end], new[j:j_end], strict=True):
                    if before != after:
                        self.item(own, before, after, column, short)
                continue
            for own in nodes[i:i_end]:
                self.remove(own, own, None)
            at = self.line_end(self.end(nodes[i - 1])) if i else self.before_line(nodes[0].start_mark.index)
            for own in new[j:j_end]:
                lines = item(own, column, short, typed=False)
                self.insert(at, ["", *lines] if apart and i else [*lines, ""] if apart else lines)

    def item(self, node: Any, old: Any, new: Any, column: int, short: bool) -> None:
        """Change one part of a list."""
        if _is_block(node) and isinstance(old, Mapping) and isinstance(new, Mapping) and old.keys() & new.keys():
            self.mapping(node, old, new)
        elif not isinstance(new, Mapping) or (short and is_inline(new, column + 2)):
            self.changes.append((node.start_mark.index, self.end(node), inline(new, typed=False)))
        else:
            lines = block(new, column + 2, typed=False)
            lines[0] = lines[0].lstrip(" ")
            self.changes.append((node.start_mark.index, self.end(node), self.line_break.join(lines)))

    def remove(self, first: Any, last: Any, mapping: Any) -> None:
        """Remove the lines from the node `first` to the end of the node `last`; `mapping` holds them as an entry."""
        start, end = first.start_mark.index, self.end(last)
        line = self.text.rfind("\n", 0, start) + 1
        if mapping is not None and self.text[line:start].strip():  # behind the dash of a list
            following = next((key for key, _ in mapping.value if key.start_mark.index > start), None)
            gap = self.text[end : following.start_mark.index] if following is not None else "#"
            self.changes.append((start, end + len(gap) if not gap.strip() else end, ""))
            return
        before, behind = self.before_line(start), self.line_end(end)
        if self.text[:before].endswith("\n") and self._blank(behind):
            before = self.before_line(before)  # of two empty lines around it one is enough
        self.changes.append((before if line else 0, behind + (not line), ""))

    def _blank(self, at: int) -> bool:
        """Whether nothing, or an empty line, follows the line that ends at `at`."""
        return not self.text[at:].strip() or not self.text[at:].splitlines()[1].strip()

    def insert(self, at: int, lines: Sequence[str]) -> None:
        """Put whole lines behind the line that ends at `at`."""
        if lines:
            new = "".join(self.line_break + line for line in lines)
            self.changes.append((at, at, new if at else new[len(self.line_break) :] + self.line_break))

    def dashes(self, node: Any) -> bool:
        """Whether the parts of a list stand behind their dashes, as people write them."""
        starts = (own.start_mark.index for own in node.value)
        return all(self.text[self.text.rfind("\n", 0, at) + 1 : at].strip() == "-" for at in starts)

    def end(self, node: Any) -> int:
        """Where the content of a node ends; PyYAML says that a block ends where the next thing begins."""
        if _is_block(node) and node.value:
            last = node.value[-1]
            return self.end(last[1] if isinstance(last, tuple) else last)
        start: int = node.start_mark.index
        end: int = node.end_mark.index
        return start + len(self.text[start:end].rstrip()) if getattr(node, "style", None) in ("|", ">") else end

    def line_end(self, at: int) -> int:
        """Where the line ends that `at` is in."""
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[at:end].endswith("\r") else end

    def before_line(self, at: int) -> int:
        """Where the line before the one that `at` is in ends."""
        start = self.text.rfind("\n", 0, at)
        return max(start - (self.text[start - 1 : start] == "\r"), 0)


def _is_block(node: Any) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _name(value: Any) -> Hashable:
    """What a part of a list is known by."""
    if isinstance(value, Mapping):
        named = next((value[key] for key in _NAMES if key in value), None)
        return named if isinstance(named, str) else repr(value)
    return value if isinstance(value, str) else repr(value)
