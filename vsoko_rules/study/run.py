"""A study: every school assessed, in parallel, resumable, with flat memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vsoko_rules import __version__
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Place, Problem, RulesetError, VsokoError
from vsoko_rules.ruleset.load import load
from vsoko_rules.study import Backend
from vsoko_rules.study.collect import SchoolFile, SchoolFiles, collect
from vsoko_rules.study.pages import ruleset_words
from vsoko_rules.study.pool import assessed, open_pool
from vsoko_rules.study.results import STUDY, RecordHead, Refs
from vsoko_rules.study.store import Store
from vsoko_rules.study.worker import Assessed, Job
from vsoko_rules.verdict.answer import problem_data
from vsoko_rules.verdict.contract import SCHEMA_VERSION
from vsoko_rules.words import limit
from vsoko_rules.writing.files import write
from vsoko_rules.writing.json_text import json_text

Progress = Callable[[int, int], None]
"""called with how many files are done, and of how many"""


@dataclass
class StudyCounts:
    """What a study did: counts of files."""

    files: int
    assessed: int = 0
    reused: int = 0
    failed: int = 0
    """folders that could not be listed, and files that describe a school once more, among them"""
    incomplete: int = 0
    beside: int = 0
    """files of an archive of a study that it does not count"""
    errors: dict[str, str] = field(default_factory=dict)
    """the first of the files and folders that failed, each with the first thing that is wrong"""


def run(
    inputs: Sequence[Path],
    out: Path,
    *,
    rulesets: Sequence[str] | None = None,
    jobs: int | None = None,
    engine: EngineName = EngineName.AUTO,
    backend: Backend = Backend.LOCAL,
    scheduler: str | None = None,
    reports: bool = False,
    progress: Progress | None = None,
) -> StudyCounts:
    """Assess every file of a school among `inputs` and write results, errors and, if asked, pages into `out`.

    The exported bytes are the same for any number of workers, any back end, and however often the work was interrupted.
    Raises `InputError` when there is nothing to assess, or when what `out` holds cannot be trusted or would be lost,
    `RulesetError` for a bad ruleset that was asked for, and `OutputError` when `out` cannot be written or another study
    writes there.
    """
    _check_apart(inputs, out)
    named = tuple((ref, load(ref).sha256) for ref in dict.fromkeys(rulesets)) if rulesets else None
    files = collect(inputs, out)
    with Store(out) as store:
        study = _Study(store, Job(named, engine, reports), StudyCounts(len(files), beside=len(files.beside)), progress)
        pool = open_pool(backend, jobs, scheduler)
        try:
            study.go_through(files, lambda rest: assessed(pool, study.job, rest))
            study.tell_repeated()
            study.check_worth(out)
        finally:
            pool.close()
        write(out / STUDY, json_text(study.about()).encode())
        store.finish(study.about(), reports)
    return study.counts


def _check_apart(inputs: Sequence[Path], out: Path) -> None:
    """Refuse to write into a folder of schools itself: summaries would be read as forms of schools the next time."""
    if any(given.is_dir() and given.resolve() == out.resolve() for given in inputs):
        message = "итоги нельзя записать в ту же папку, из которой читаются школы"
        raise InputError([Problem(Place(str(out)), message, expected=f"другая папка, например {out / 'итоги'}")])


class _Study:
    def __init__(self, store: Store, job: Job, counts: StudyCounts, progress: Progress | None) -> None:
        self.store = store
        self.job = job
        self.counts = counts
        self.progress = progress
        self.refs: set[tuple[str, str]] = set()
        self.done = 0

    def go_through(self, files: SchoolFiles, assess: Callable[[Iterator[SchoolFile]], Iterator[Assessed]]) -> None:
        """Take over what still holds, and have the rest assessed."""
        for name, problem in files.unreadable.items():
            self._fail(name, [problem])
        for result in assess(file for file in files if not self._taken_over(file)):
            if result.problems:
                self._fail(result.name, result.problems)
            else:
                self._add(result)
            self._report()

    def tell_repeated(self) -> None:
        """Of several files that describe a school in one year the first counts, and each of the others is an error: two
        schools under one code would be one in every table."""
        hint = "В сводке учтён первый файл. Если это разные школы, исправьте код; если одна, оставьте один файл."
        for file, school, year, first in self.store.repeated():
            message = f"школа с кодом «{school}» за {year} год уже описана в файле {first}"
            self._fail(file, [Problem(Place(file), message, hint=hint)])

    def check_worth(self, out: Path) -> None:
        """Where no school could be read, an earlier study stays as it is. Raises `InputError`."""
        if self.counts.assessed or self.counts.reused or not self.store.has_finished():
            return
        first = next(iter(self.counts.errors.values()))
        hint = "Прежние итоги остались, как были. Проверьте, та ли папка указана."
        raise InputError([Problem(Place(str(out)), "не прочитано ни одной школы", first, hint=hint)])

    def _taken_over(self, file: SchoolFile) -> bool:
        """Whether an earlier study left for a file what a new assessment would give again."""
        left = self.store.before(file.name)
        if not left:
            return False
        try:
            sha = hashlib.sha256(Path(file.path).read_bytes()).hexdigest()
        except OSError:
            return False
        for number, head in left:
            fresh = (head.file_sha256, head.version, head.schema) == (sha, __version__, SCHEMA_VERSION)
            if fresh and head.refs == self._refs_now(head) and (not self.job.pages or self.store.has_page(head)):
                self.store.keep(number)
                self.counts.reused += 1
                self._count(head)
                self._report()
                return True
        return False

    def _refs_now(self, head: RecordHead) -> Refs | None:
        if self.job.named is not None:
            return self.job.named
        try:
            return ((head.own, load(head.own).sha256),)
        except VsokoError:
            return None

    def _add(self, result: Assessed) -> None:
        _same_everywhere(result)
        head = RecordHead(
            file=result.name, file_sha256=result.file_sha256, refs=result.refs, own=result.own, school=result.school,
            year=result.year, version=__version__, schema=SCHEMA_VERSION, complete=result.complete,
            paged=result.page is not None,
        )  # fmt: skip
        if result.page is not None:
            self.store.write_page(head, result.page)
        self.store.add(head, result.bodies)
        self.counts.assessed += 1
        self._count(head)

    def _count(self, head: RecordHead) -> None:
        self.refs.update(head.refs)
        self.counts.incomplete += not head.complete

    def _fail(self, name: str, problems: Sequence[Problem]) -> None:
        self.counts.failed += 1
        self.counts.errors[name] = str(problems[0])
        if len(self.counts.errors) > limit("study_errors"):
            del self.counts.errors[max(self.counts.errors)]
        self.store.add_error(name, [problem_data(problem) for problem in problems])

    def _report(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.counts.files)

    def about(self) -> dict[str, Any]:
        """What is true of the whole study: rulesets with the words that summaries need, and counts."""
        return {
            "schema": SCHEMA_VERSION,
            "version": __version__,
            "files": self.counts.files,
            "failed": self.counts.failed,
            "rulesets": [ruleset_words(load(ref)) for ref, _ in sorted(self.refs)],
        }


def _same_everywhere(result: Assessed) -> None:
    """Results of one study come from one program and one ruleset, wherever and whenever each school was assessed."""
    if result.version != __version__:
        hint = "Установите на всех узлах одну и ту же версию."
        place = Place(result.name)
        raise InputError([Problem(place, "на рабочем узле другая версия программы", result.version, __version__, hint)])
    for ref, sha in result.refs:
        if load(ref).sha256 != sha:
            hint = "Запустите исследование ещё раз: заново будет сделано только то, что изменилось."
            raise RulesetError([Problem(Place(ref), "методика изменилась, пока шло исследование", hint=hint)])
