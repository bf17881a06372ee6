"""Many schools at once: a study, rounds held against each other, the exchange of practice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vsoko_rules import __version__
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, InputError, Place, Problem, argument
from vsoko_rules.study import Backend, pages
from vsoko_rules.study.compare import GROUPS, trend
from vsoko_rules.study.compare import compare as compare_rounds
from vsoko_rules.study.exchange import as_data, exchange
from vsoko_rules.study.parameters import parameters
from vsoko_rules.study.results import ERRORS, Record, records
from vsoko_rules.study.rounds import open_round
from vsoko_rules.study.run import Progress, run
from vsoko_rules.study.summary import Titles, study_titles
from vsoko_rules.study.summary_files import write_summaries
from vsoko_rules.verdict.answer import ProblemRecord
from vsoko_rules.workspace.opening import open_ruleset


@dataclass(frozen=True, slots=True)
class StudyReport:
    """What came of many schools: results for programs, and what its texts in `reports/study/` are made of."""

    name: str
    results: Sequence[Any]
    shown: Mapping[str, Any] = field(default_factory=dict)
    exit_code: ExitCode = ExitCode.COMPLETE

    def text(self) -> str:
        """For a terminal, as Rich markup."""
        return pages.text(self.name, **self.shown)

    def page(self) -> str:
        """As an HTML page."""
        return pages.page(self.name, version=__version__, **self.shown)


def study(
    inputs: Sequence[Path],
    out: Path,
    *,
    rulesets: Sequence[str] | None = None,
    jobs: int | None = None,
    engine: EngineName = EngineName.AUTO,
    backend: Backend = Backend.LOCAL,
    scheduler: str | None = None,
    reports: bool = False,
    open_version: bool = False,
    smallest: int | None = None,
    progress: Progress | None = None,
) -> StudyReport:
    """Assess every school among `inputs` into the folder `out` and sum up; raises as `study.run`.

    `open_version`: also a summary that names no school; `smallest` is its least group. The results are summaries.
    """
    counts = run(
        inputs, out, rulesets=rulesets, jobs=jobs, engine=engine, backend=backend, scheduler=scheduler,
        reports=reports, progress=progress,
    )  # fmt: skip
    summaries = write_summaries(out, open_version, smallest)
    code = ExitCode.BAD_INPUT if counts.failed else ExitCode.GAPS if counts.incomplete else ExitCode.COMPLETE
    return StudyReport("study", summaries, {"counts": counts, "summaries": summaries, "out": out}, code)


def study_errors(out: Path) -> list[ProblemRecord]:
    """What was wrong with files of the study in `out`, as it is written there."""
    lines = (out / ERRORS).read_text(encoding="utf-8").splitlines()
    return [problem for line in lines for problem in json.loads(line)["problems"]]


def progress_words() -> Mapping[str, str]:
    """What is said while a study goes on."""
    texts: Mapping[str, str] = pages.words()["progress"]
    return texts


def compare(
    rounds: Sequence[Path], cases: Sequence[Path] = (), ruleset: str | None = None, *, fail_on_new: bool = False
) -> StudyReport:
    """Two rounds and more held against each other, in their order; in detail the last two.

    `cases`: where the case files of stored rounds lie, a folder a round; `fail_on_new`: what became worse is a gap.
    Raises `InputError`.
    """
    if len(rounds) < 2:
        raise InputError([Problem(argument("rounds"), "нужно хотя бы два круга", hint="Например: БЫЛО СТАЛО.")])
    folders = [*cases, *[None] * len(rounds)]
    opened = [open_round(path, ruleset, folder) for path, folder in zip(rounds, folders, strict=False)]
    changes = compare_rounds(opened[-2], opened[-1], ruleset)
    course = trend(opened) if len(opened) > 2 else None
    last = next((ruleset_id for _, ruleset_id in opened[-1].keys), None)
    titles = pages.ruleset_words(open_ruleset(ruleset or last))
    shown = {"c": changes, "trend": course, "groups": GROUPS, "titles": titles}
    worse = fail_on_new and any(changes["worse"].values())
    code = ExitCode.GAPS if worse else ExitCode.COMPLETE
    return StudyReport("compare", [changes | {"trend": course}], shown, code)


def share(results: Path, ruleset: str | None = None) -> StudyReport:
    """Which school of a finished study helps which, in the folder `results`. Raises `InputError`."""
    titles = list(study_titles(results).values())
    chosen = next((t for t in titles if t["id"] == ruleset), titles[0] if titles else None)
    if chosen is None:
        raise InputError([Problem(Place(str(results)), "в этом исследовании нет ни одной школы")])
    return shared((record for record in records(results) if record["ruleset"]["sha256"] == chosen["sha256"]), chosen)


def shared(schools: Iterable[Record], titles: Titles) -> StudyReport:
    """Which of these schools helps which; `titles` are the words of the ruleset that they were assessed under."""
    costs = parameters().exchange
    data = as_data(exchange(schools, costs), costs)
    return StudyReport("exchange", [data], {"e": data, "titles": titles})
