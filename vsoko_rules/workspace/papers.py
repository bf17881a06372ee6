"""What is written about assessed cases: reports and letters of one, the extract of a meeting over many."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path

from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.reading.json_file import is_json
from vsoko_rules.report import protocol as extract
from vsoko_rules.report import render as rendering
from vsoko_rules.report.render import Request, render_files
from vsoko_rules.report.school_results import Result
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.results import is_study, records
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.readback import read_results
from vsoko_rules.verdict.result import result
from vsoko_rules.workspace.judging import assess_file
from vsoko_rules.workspace.opening import open_ruleset
from vsoko_rules.workspace.stored import case_files
from vsoko_rules.writing.files import output_name, write

Window = tuple[date, date]
"""first and last day of a study"""


def render(
    assessments: Assessment | Sequence[Assessment],
    format: str,  # noqa: A002 (what callers know it by)
    reader: str | None = None,
    template: Path | None = None,
    appendix: bool = False,
) -> bytes:
    """A case in one format: `html`, `docx`, `xlsx`, `pdf`, `md`, `json`, `csv`, `txt` or `letters`.

    `reader` is `expert`, `school`, `methodist` or none for the full report; `template` a user's own; `appendix` adds
    the full proofs. Several files, one for each table or ruleset, are given in a ZIP archive. Raises `InputError` for
    what cannot be made.
    """
    several = [assessments] if isinstance(assessments, Assessment) else assessments
    return rendering.render(several, format, reader, template, appendix)


def write_reports(
    folder: Path, assessments: Sequence[Assessment], asked: Sequence[Request], taken: Collection[Path] = ()
) -> list[Path]:
    """Write one case in each format that is asked for; returns what was written.

    Names come from the id of the school and differ from all in `taken`. Raises `InputError` and `OutputError`.
    """
    school = assessments[0].case.content.school.id
    names = [path.name for path in taken]
    written = []
    for file in render_files(assessments, asked):
        names.append(output_name(school, file.suffix, names))
        written.append(folder / names[-1])
        write(written[-1], file.content)
    return written


def protocol(
    paths: Sequence[Path],
    ruleset: str | None = None,
    engine: EngineName = EngineName.AUTO,
    template: Path | None = None,
) -> bytes:
    """The extract of a meeting, as a Word file, from cases (files or folders) and from results (JSON, JSON Lines, the
    folder of a study).

    `ruleset` is what files of schools are assessed under, and what counts of a school with results of several. Raises
    `InputError` with everything that is wrong with the files, when they are not of one ruleset and one year, or when
    there are none.
    """
    results: list[Result] = []
    windows: set[Window | None] = set()
    problems: list[Problem] = []
    for path in paths:
        if is_json(path) or is_study(path):
            results += records(path) if is_study(path) else read_results(path)
            windows.add(None)
            continue
        for file in case_files([path]):
            try:
                assessment = assess_file(file, [ruleset] if ruleset else None, engine)[0]
            except InputError as exc:
                problems += exc.problems
                continue
            results.append(result(assessment))
            windows.add((assessment.case.content.study.start, assessment.case.content.study.end))
    if problems:
        raise InputError(problems)
    if not results:
        raise InputError([Problem(argument("results"), "нет ни одного результата")])
    judge = open_ruleset(ruleset or results[0]["ruleset"]["id"])
    if ruleset:
        results = _chosen(results, judge.id)
    return _extract(results, windows, judge, template)


def protocol_of(assessments: Iterable[Assessment], judge: Ruleset) -> bytes:
    """The extract of a meeting from cases that were assessed under one ruleset. Raises as `protocol`."""
    results: list[Result] = []
    windows: set[Window | None] = set()
    for assessment in assessments:
        results.append(result(assessment))
        windows.add((assessment.case.content.study.start, assessment.case.content.study.end))
    if not results:
        raise InputError([Problem(argument("results"), "нет ни одного результата")])
    return _extract(results, windows, judge)


def _extract(
    results: Sequence[Result], windows: set[Window | None], judge: Ruleset, template: Path | None = None
) -> bytes:
    window = windows.pop() if len(windows) == 1 else None
    return extract.protocol_file(extract.protocol(results, judge, window, _pairs(results)), template)


def _chosen(results: Sequence[Result], ruleset: str) -> list[Result]:
    """Results without those under other rulesets of schools that have one under this."""
    judged = {result["school"]["id"] for result in results if result["ruleset"]["id"] == ruleset}
    return [r for r in results if r["ruleset"]["id"] == ruleset or r["school"]["id"] not in judged]


def _pairs(results: Sequence[Result]) -> list[extract.Pairing]:
    """Who could share practice with whom among the schools of an extract."""
    from vsoko_rules.study.exchange import exchange
    from vsoko_rules.study.parameters import parameters

    return [
        extract.Pairing(p.need.school.id, *p.need.topic, p.helper.id if p.helper else None)
        for p in exchange(results, parameters().exchange)
    ]
