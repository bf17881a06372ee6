"""One round of a study as comparisons see it: the result of each school, wherever it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Place, Problem, Remedy
from vsoko_rules.intake.case_file import READABLE, read_case_file
from vsoko_rules.ruleset.load import DEFAULT, beside, load
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.collect import collect
from vsoko_rules.study.store import RESULTS
from vsoko_rules.study.tally import Record
from vsoko_rules.verdict.assessment import assess
from vsoko_rules.verdict.result import result

Key = tuple[str, str]
"""school and ruleset, by id"""


class Round:
    """The results of one round by school and ruleset. `cases`: the files they were made from, if at hand."""

    def __init__(self, name: str, cases: Mapping[str, Path] | None = None) -> None:
        self.name = name
        self.keys: dict[Key, Any] = {}
        self.years: set[int] = set()
        self._cases = dict(cases or {})

    def add(self, found: Record, where: Any) -> None:
        """Take in the first result of each school and ruleset."""
        self.keys.setdefault((found["school"]["id"], found["ruleset"]["id"]), where)
        self.years.add(found["year"])

    def record(self, key: Key) -> Record:
        """The result of one school."""
        found: Record = self.keys[key]
        return found

    def case(self, found: Record) -> CaseFile | None:
        """The very case that a result was made from, if its file is at hand and has not changed since."""
        path = self._cases.get(found["case"]["file"])
        case = read_case_file(path, found["case"]["file"]) if path is not None else None
        return case if case is not None and case.sha256 == found["case"]["sha256"] else None


class _Stored(Round):
    """A round in a results file: only places are held, each result is read when it is asked for."""

    def __init__(self, path: Path, cases: Mapping[str, Path]) -> None:
        super().__init__(path.parent.name if path.name == RESULTS else path.stem, cases)
        self._path = path
        with path.open("rb") as stream:
            offset = 0
            for line in stream:
                if line.startswith(b"{") and line.endswith(b"}\n"):
                    self.add(_checked(json.loads(line), path), offset)
                offset += len(line)

    def record(self, key: Key) -> Record:
        with self._path.open("rb") as stream:
            stream.seek(self.keys[key])
            found: Record = json.loads(stream.readline())
        return found


def open_round(path: Path, ruleset: str | None = None, cases: Path | None = None) -> Round:
    """A round from a study folder, a results file, the output of `check --json`, a case file, or a folder of cases.

    `cases`: where the case files of stored results lie. Raises `InputError` when `path` is none of these.
    """
    files = {each.name: Path(each.path) for each in collect([cases])} if cases is not None else {}
    try:
        if (path / RESULTS).is_file():
            return _Stored(path / RESULTS, files)
        if path.suffix == ".jsonl":
            return _Stored(path, files)
        if path.suffix == ".json":
            return _from_json(path, files)
    except (ValueError, KeyError, TypeError, OSError) as exc:
        hint = "Нужны итоги исследования, результат проверки в JSON или файлы школ."
        raise InputError([Problem(Place(str(path)), "здесь нет итогов исследования", hint=hint)]) from exc
    if path.is_file() and path.suffix.lower() not in READABLE:
        raise InputError([Problem(Place(str(path)), "это не файл школы и не итоги исследования")])
    return _assessed(path, ruleset)


def _from_json(path: Path, files: Mapping[str, Path]) -> Round:
    data = json.loads(path.read_text(encoding="utf-8"))
    made = Round(path.stem, files)
    for each in data if isinstance(data, list) else [data]:
        made.add(_checked(each, path), each)
    return made


def _assessed(path: Path, ruleset: str | None) -> Round:
    """Case files, assessed now; the errors of all of them are raised together."""
    found = collect([path])
    made = Round(path.stem, {each.name: Path(each.path) for each in found})
    problems: list[Problem] = []
    for each in found:
        try:
            case = read_case_file(Path(each.path), each.name)
            result = assessed(case, load(ruleset or case.content.ruleset or DEFAULT))
            made.add(result, result)
        except InputError as exc:
            problems += exc.problems
    if problems:
        raise InputError(problems)
    return made


def assessed(case: CaseFile, ruleset: Ruleset) -> Record:
    """The result of a case under a ruleset."""
    return result(assess(case, ruleset, EngineName.PLAIN, beside(case.content.ruleset, [ruleset])))


def _checked(found: Any, path: Path) -> Record:
    if not isinstance(found, dict) or not {"school", "ruleset", "blocks", "year"} <= found.keys():
        message = "это не результат проверки школы"
        raise InputError([Problem(Place(str(path)), message, remedy=Remedy.ASSESS)])
    return found
