"""Results that were written before, read back and held against the contract: whoever reads them may rely on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from vsoko_rules.errors import InputError, Place, Problem, Remedy
from vsoko_rules.reading.json_file import LINES, JsonText, read_json, read_lines
from vsoko_rules.reading.validation import Path as DataPath
from vsoko_rules.reading.validation import validate
from vsoko_rules.verdict.block_contract import TallyRecord
from vsoko_rules.verdict.contract import SCHEMA_VERSION, ResultRecord

Record = Mapping[str, Any]
"""a `ResultRecord`, or one of an older program"""

_ADDED: Final[Mapping[int, Set[str]]] = {
    1: {
        *("automatic", "elsewhere", "lacks", "left_out", "level", "points", "remarks", "run", "tally", "there"),
        *("day", "decisions", "indicator", "links", "suspect", "to_do", "unmet", "without_exclusions"),
    },
}
"""by the version of an older contract, the keys that later ones added"""
_EXPECTED: Final = f"результат проверки школы, schema: {SCHEMA_VERSION}"


class _JsonPart:
    """A value inside JSON that was read."""

    def __init__(self, source: JsonText, path: DataPath, data: Any) -> None:
        self.data = data
        self._source = source
        self._path = tuple(path)

    def place(self, path: DataPath) -> Place:
        return self._source.place((*self._path, *path))

    key_place = place


def read_results(path: Path, older: bool = False) -> list[Record]:
    """Results from a file: what a command printed, one result or a list of them, or the lines of a study.

    `older`: results of programs before this contract are welcome too. Raises `InputError` with the place of everything
    that is not by the contract.
    """
    if path.suffix.lower() == LINES:
        return [result for _, result in stored_lines(path, older)]
    return [_checked(part, older) for part in _parts(read_json(path))]


def stored_lines(path: Path, older: bool = False) -> Iterator[tuple[int, Record]]:
    """The results in a file of lines, each with where its line begins (see `read_lines`). Raises `InputError`."""
    for offset, source in read_lines(path):
        yield offset, checked(source, older)


def checked(source: JsonText, older: bool = False) -> Record:
    """The result in a text. Raises `InputError`."""
    return _checked(_JsonPart(source, (), source.data), older)


def _parts(source: JsonText) -> Iterator[_JsonPart]:
    data = source.data
    path: tuple[str, ...] = ()
    if isinstance(data, dict) and "results" in data:
        data, path = data["results"], ("results",)
    if isinstance(data, list):
        yield from (_JsonPart(source, (*path, number), part) for number, part in enumerate(data))
    else:
        yield _JsonPart(source, path, data)


@cache
def _contract() -> TypeAdapter[Any]:
    return TypeAdapter(ResultRecord)


def _checked(part: _JsonPart, older: bool) -> Record:
    """The result in a part of a file. Raises `InputError`."""
    data = part.data
    version = data.get("schema") if isinstance(data, dict) else None
    if type(version) is not int or version not in ((SCHEMA_VERSION, *_ADDED) if older else (SCHEMA_VERSION,)):
        found = f"schema: {version}" if isinstance(version, int) else None
        problem = Problem(part.place(()), "это не результат проверки", found, _EXPECTED, remedy=Remedy.ASSESS)
        raise InputError([problem])
    part.data = data | {"schema": SCHEMA_VERSION}
    validate(_contract(), part, InputError, _ADDED.get(version, frozenset()))
    problems = list(_contradictions(part, data))
    if problems:
        raise InputError(problems)
    return data if version == SCHEMA_VERSION else _brought_up(data)


def _brought_up(data: Record) -> Record:
    """An older result with what can be told from the rest of it: how many lines are complete, and no remarks."""
    blocks = [
        {**b, "tally": _tally(b["lines"]), "findings": [{"indicator": None, "lacks": [], **f} for f in b["findings"]]}
        for b in data["blocks"]
    ]
    findings = [{"indicator": None, "lacks": [], **f} for f in data["findings"]]
    return {**data, "blocks": blocks, "findings": findings, "tally": _tally(x for b in blocks for x in b["lines"])}


def _tally(lines: Iterable[Record]) -> TallyRecord:
    complete = [line["complete"] for line in lines if line["outcome"] != "not_applicable"]
    return {"complete": sum(complete), "remarked": 0, "most": sum(complete), "total": len(complete)}


def _contradictions(part: _JsonPart, result: Record) -> Iterator[Problem]:
    """What each value allows and all of them together do not."""
    for b, block in enumerate(result["blocks"]):
        for n, line in enumerate(block["lines"]):
            for key, broken in (("break", line["break"]), ("automatic", line["automatic"]["break"])):
                if broken is not None and broken["element"] not in line["elements"]:
                    place = part.place(("blocks", b, "lines", n, key))
                    yield Problem(place, "линия обрывается на элементе, которого в ней нет", broken["element"])
