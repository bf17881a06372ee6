"""What a ruleset and its parents come to together, in one source: every key of it still knows the file, line and column
it came from, so that a complaint about a merged ruleset names the place to mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vsoko_rules.errors import Place, RulesetError
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.reading.yaml import MOST_BYTES, Items, Mapping, Source, parse
from vsoko_rules.resources import shipped


class Merged(Mapping):
    """A mapping put together from several files: knows the file of every key."""

    __slots__ = ("files",)

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, str] = {}

    def lay(self, other: Mapping, file: str) -> None:
        """Take every key of `other`, which stands in `file`; what was there before gives way."""
        self.update(other)
        self.marks.update(other.marks)
        self.files.update(dict.fromkeys(other, file))

    def overlay(self, other: Merged) -> None:
        """Take every key of another merged mapping, each with its own file."""
        self.update(other)
        self.marks.update(other.marks)
        self.files.update(other.files)


@dataclass(frozen=True, slots=True)
class CueLayer:
    """The files of cues of one ruleset, and the entries of its parents that it leaves out."""

    files: tuple[Path, ...]
    excluded: frozenset[str]

    def sources(self) -> Iterator[Source]:
        """What the files say. Raises `RulesetError`."""
        for path in self.files:
            yield parse(read_bytes(path, RulesetError, shown(path), MOST_BYTES), shown(path), RulesetError)

    def ids(self) -> set[str]:
        """The codes of its cues."""
        lists = (entries for source in self.sources() for entries in source.data.values() if isinstance(entries, Items))
        return {code for entries in lists for entry in entries if isinstance(code := identity(entry), str)}


class MergedSource:
    """The merged data of a ruleset with the place of everything in it."""

    def __init__(
        self,
        name: str,
        data: Merged,
        sha256: str,
        own: frozenset[str] = frozenset(),
        cues: tuple[CueLayer, ...] = (),
    ) -> None:
        self.name = name
        self.data = data
        self.sha256 = sha256
        self.own = own
        """names of the ruleset's own files, as places call them"""
        self.cues = cues
        """files of cues, those of the furthest parent first"""

    def place(self, path: Sequence[str | int]) -> Place:
        """The place of the value at `path`, or of the nearest thing around it."""
        return self._place(path, key=False)

    def key_place(self, path: Sequence[str | int]) -> Place:
        """The place of the key that ends `path`."""
        return self._place(path, key=True)

    def _place(self, path: Sequence[str | int], key: bool) -> Place:
        node: Any = self.data
        file, mark = self.name, None
        for step in path:
            if isinstance(node, Mapping) and step in node.marks:
                file = node.files.get(str(step), file) if isinstance(node, Merged) else file
                key_mark, value_mark = node.marks[str(step)]
                node = node[str(step)]
                mark = key_mark if key or isinstance(node, Mapping | Items) or node is None else value_mark
            elif isinstance(node, Items) and isinstance(step, int) and step < len(node):
                node, mark = node[step], node.marks[step]
                if isinstance(node, Merged) and node:
                    first = "id" if "id" in node else next(iter(node))
                    file, mark = node.files[first], node.marks[first][0]
            else:
                break
        return Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file)


def identity(entry: Any) -> Any:
    """By what an entry is known: its id, or its block and stage for advice. None where that is no text: the model
    says then what is wrong with it."""
    if not isinstance(entry, Mapping):
        return None
    id_, *key = (entry.get(name) for name in ("id", "block", "stage"))
    if id_:
        return id_ if isinstance(id_, str) else None
    return tuple(key) if all(part is None or isinstance(part, str) for part in key) else None


def shown(path: Path) -> str:
    """How a file of a ruleset is called: a shipped one alike wherever the program is installed."""
    place = shipped("rulesets")
    return f"rulesets/{path.relative_to(place).as_posix()}" if path.is_relative_to(place) else str(path)
