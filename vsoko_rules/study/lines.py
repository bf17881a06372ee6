"""The lines of `results.jsonl`: a head that says what the line was made from, then the result itself.

    {"study": {"file": …, "file_sha256": …, "refs": …, "part": 0, …}, "schema": 1, "ruleset": {…}, …}

The head is enough to know whether the line still holds, without reading the rest.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vsoko_rules.study.work import Refs, compact

_START: Final = b'{"study":'
_END: Final = b'},"schema":'
"""cannot stand inside a JSON string, where its quotes would be escaped"""


@dataclass(frozen=True, slots=True)
class Head:
    """What a line was made from. `part` of the rulesets `refs`; `report`: the file name of the school's page."""

    file: str
    file_sha256: str
    refs: Refs
    part: int
    own: str
    school: str
    year: int
    version: str
    schema: int
    complete: bool
    report: str | None

    def line(self, body: str) -> bytes:
        """The whole line with the result `body`."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return f'{{"study":{compact(fields)},{body[1:]}\n'.encode()


@dataclass(frozen=True, slots=True)
class Stored:
    """A line in a file: source number, where it begins, and its length in bytes."""

    head: Head
    source: int
    offset: int
    length: int


def stored(sources: Sequence[Path]) -> Iterator[list[Stored]]:
    """The lines of all sources by file name, ascending: one list a name. Lines that are not whole are passed over.

    Every source must be in the order of names; what is out of order is not found again, and so done anew.
    """
    streams = [_lines(path, number) for number, path in enumerate(sources)]
    group: list[Stored] = []
    for each in heapq.merge(*streams, key=lambda s: s.head.file):
        if group and group[0].head.file != each.head.file:
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _lines(path: Path, number: int) -> Iterator[Stored]:
    offset = 0
    with path.open("rb") as stream:
        for line in stream:
            head = _head(line)
            if head is not None:
                yield Stored(head, number, offset, len(line))
            offset += len(line)


def _head(line: bytes) -> Head | None:
    end = line.find(_END)
    if not line.startswith(_START) or end < 0 or not line.endswith(b"}\n"):
        return None
    try:
        data = json.loads(line[len(_START) : end + 1])
        data["refs"] = tuple((ref, sha) for ref, sha in data["refs"])
        return Head(**data)
    except (ValueError, TypeError, KeyError):
        return None


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Every whole line of a results file as data."""
    with path.open("rb") as stream:
        for line in stream:
            if line.startswith(b"{") and line.endswith(b"}\n"):
                yield json.loads(line)
