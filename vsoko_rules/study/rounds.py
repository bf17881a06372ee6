"""One round of a study as comparisons see it: the result of each school, wherever it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from vsoko_rules.accepted_files import CASES
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.reading.archive import is_stdin, shown_name
from vsoko_rules.reading.json_file import LINES, is_json, read_line
from vsoko_rules.ruleset.load import DEFAULT, beside, load
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.collect import SchoolFile, readable
from vsoko_rules.study.results import RESULTS, Record, exported, positions, record_at
from vsoko_rules.verdict.assessment import Assessment, assess
from vsoko_rules.verdict.readback import checked, read_results, stored_lines
from vsoko_rules.verdict.result import result

RoundKey = tuple[str, str]
"""school and ruleset, by id"""
Where = TypeVar("Where")


class Round:
    """The results of one round by school and ruleset; of a school that stands twice, the first.

    `cases`: what the results were made from, if at hand, by the names of the files.
    """

    def __init__(
        self,
        name: str,
        results: Iterable[tuple[Where, Any]],
        fetch: Callable[[Where], Record],
        cases: Mapping[str, Path | CaseFile],
    ) -> None:
        self.name = name
        self.keys: dict[RoundKey, Any] = {}
        self.years: set[int] = set()
        self._cases = cases
        self._fetch: Callable[[Any], Record] = fetch
        for where, record in results:
            self.keys.setdefault((record["school"]["id"], record["ruleset"]["id"]), where)
            self.years.add(record["year"])

    def record(self, key: RoundKey) -> Record:
        """The result of one school; of many only places are held, and each result is read when it is asked for."""
        return self._fetch(self.keys[key])

    def case(self, record: Record) -> CaseFile | None:
        """The very case that a result was made from, if its file is at hand and has not changed since."""
        found = self._cases.get(record["case"]["file"])
        case = read_case_file(found, record["case"]["file"]) if isinstance(found, Path) else found
        return case if case is not None and case.sha256 == record["case"]["sha256"] else None


def open_round(path: Path, ruleset: str | None = None, cases: Path | None = None) -> Round:
    """A round from a study folder, its export, the output of `check --json`, a case file, or a folder of cases.

    `cases`: where the case files of stored results lie. Raises `InputError` when `path` is none of these.
    """
    files = _paths(readable(cases)) if cases is not None else {}
    if (path / RESULTS).is_file():
        return Round(path.name, positions(path), lambda position: record_at(path, position), files)
    export = exported(path)
    if export is not None or path.suffix.lower() == LINES:
        return _lines(export or path, files)
    if is_json(path):
        return _in_memory(path.stem, read_results(path, older=True), files)
    if not is_stdin(path) and path.is_file() and path.suffix.lower() not in CASES:
        raise InputError([Problem(Place(str(path)), "это не файл школы и не итоги исследования")])
    return _assessed(path, ruleset)


def round_of(assessment: Assessment) -> Round:
    """A round of one school that is assessed already."""
    record = result(assessment)
    case = assessment.case
    return Round(case.name, [(record, record)], lambda same: same, {record["case"]["file"]: case})


def _paths(files: Iterable[SchoolFile]) -> dict[str, Path]:
    return {file.name: Path(file.path) for file in files}


def _lines(path: Path, cases: Mapping[str, Path]) -> Round:
    """A round in a file of lines: where each begins is held, and what cannot be read from the middle."""
    whole: list[Record] = []

    def where() -> Iterator[tuple[int, Record]]:
        for offset, record in stored_lines(path, older=True):
            if offset < 0:
                whole.append(record)
            yield (offset if offset >= 0 else -len(whole)), record

    def fetch(offset: int) -> Record:
        return checked(read_line(path, offset), older=True) if offset >= 0 else whole[-offset - 1]

    return Round(path.stem, where(), fetch, cases)


def _in_memory(name: str, records: Iterable[Record], cases: Mapping[str, Path]) -> Round:
    def same(record: Record) -> Record:
        return record

    return Round(name, ((record, record) for record in records), same, cases)


def _assessed(path: Path, ruleset: str | None) -> Round:
    """Case files, assessed now; the errors of all of them are raised together."""
    files: Iterable[SchoolFile] = [SchoolFile("-", shown_name(path))] if is_stdin(path) else readable(path)
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
