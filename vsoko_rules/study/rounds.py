"""One round of a study as comparisons see it: the result of each school, wherever it is stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Place, Problem, Remedy
from vsoko_rules.intake.case_file import READABLE, read_case_file
from vsoko_rules.ruleset.load import DEFAULT, beside, load
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.collect import SchoolFile, readable
from vsoko_rules.study.results import RESULTS, Record, export_line, export_lines, exported, positions, record_at
from vsoko_rules.verdict.assessment import assess
from vsoko_rules.verdict.result import result

RoundKey = tuple[str, str]
"""school and ruleset, by id"""
Where = TypeVar("Where")

_CASES_OR_RESULTS = "Нужны итоги исследования, результат проверки в JSON или файлы школ."


class Round:
    """The results of one round by school and ruleset; of a school that stands twice, the first.

    `cases`: the files that the results were made from, if at hand.
    """

    def __init__(
        self,
        name: str,
        results: Iterable[tuple[Where, Any]],
        fetch: Callable[[Where], Record],
        cases: Mapping[str, Path],
    ) -> None:
        self.name = name
        self.keys: dict[RoundKey, Any] = {}
        self.years: set[int] = set()
        self._cases = cases
        self._fetch: Callable[[Any], Record] = fetch
        for where, record in results:
            if not isinstance(record, dict) or not {"school", "ruleset", "blocks", "year"} <= record.keys():
                raise InputError([Problem(Place(name), "это не результат проверки школы", remedy=Remedy.ASSESS)])
            self.keys.setdefault((record["school"]["id"], record["ruleset"]["id"]), where)
            self.years.add(record["year"])

    def record(self, key: RoundKey) -> Record:
        """The result of one school; of many only places are held, and each result is read when it is asked for."""
        return self._fetch(self.keys[key])

    def case(self, record: Record) -> CaseFile | None:
        """The very case that a result was made from, if its file is at hand and has not changed since."""
        path = self._cases.get(record["case"]["file"])
        case = read_case_file(path, record["case"]["file"]) if path is not None else None
        return case if case is not None and case.sha256 == record["case"]["sha256"] else None


def open_round(path: Path, ruleset: str | None = None, cases: Path | None = None) -> Round:
    """A round from a study folder, its export, the output of `check --json`, a case file, or a folder of cases.

    `cases`: where the case files of stored results lie. Raises `InputError` when `path` is none of these.
    """
    files = _paths(readable(cases)) if cases is not None else {}
    if (path / RESULTS).is_file():
        return Round(path.name, positions(path), lambda position: record_at(path, position), files)
    export = exported(path)
    if export is not None or path.suffix in (".jsonl", ".json"):
        try:
            if export is not None or path.suffix == ".jsonl":
                lines = export or path
                return Round(path.stem, export_lines(lines), lambda offset: export_line(lines, offset), files)
            data = json.loads(path.read_bytes())
            return _in_memory(path.stem, data if isinstance(data, list) else [data], files)
        except (ValueError, KeyError, TypeError, OSError) as exc:
            message = "здесь нет итогов исследования"
            raise InputError([Problem(Place(str(path)), message, hint=_CASES_OR_RESULTS)]) from exc
    if path.is_file() and path.suffix.lower() not in READABLE:
        raise InputError([Problem(Place(str(path)), "это не файл школы и не итоги исследования")])
    return _assessed(path, ruleset)


def _paths(files: Iterable[SchoolFile]) -> dict[str, Path]:
    return {file.name: Path(file.path) for file in files}


def _in_memory(name: str, records: Iterable[Record], cases: Mapping[str, Path]) -> Round:
    def same(record: Record) -> Record:
        return record

    return Round(name, ((record, record) for record in records), same, cases)


def _assessed(path: Path, ruleset: str | None) -> Round:
    """Case files, assessed now; the errors of all of them are raised together."""
    files = readable(path)
    records: list[Record] = []
    problems: list[Problem] = []
    for file in files:
        try:
            case = read_case_file(Path(file.path), file.name)
            records.append(assessed(case, load(ruleset or case.content.ruleset or DEFAULT)))
        except InputError as exc:
            problems += exc.problems
    if problems:
        raise InputError(problems)
    return _in_memory(path.stem, records, _paths(files))


def assessed(case: CaseFile, ruleset: Ruleset) -> Record:
    """The result of a case under a ruleset."""
    return result(assess(case, ruleset, EngineName.PLAIN, beside(case.content.ruleset, [ruleset])))
