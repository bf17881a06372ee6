"""Assessing every school of a study: in parallel, in order, resumable, with flat memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from vsoko_rules import __version__
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Place, Problem, RulesetError, VsokoError
from vsoko_rules.ruleset.load import load
from vsoko_rules.study.backends import Backend
from vsoko_rules.study.collect import Files, Found, collect
from vsoko_rules.study.flow import ordered
from vsoko_rules.study.lines import Head, Stored
from vsoko_rules.study.pool import Pool, open_pool
from vsoko_rules.study.store import REPORTS, Store
from vsoko_rules.study.titles import titles
from vsoko_rules.study.work import Done, Job, Refs, digest
from vsoko_rules.verdict.result import SCHEMA_VERSION, to_json
from vsoko_rules.writing.files import output_name, write

STUDY: Final = "study.json"

Progress = Callable[[int, int], None]
"""called with how many files are done, and of how many"""


@dataclass
class Report:
    """What a study did: counts of files."""

    files: int
    assessed: int = 0
    reused: int = 0
    failed: int = 0
    incomplete: int = 0


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
) -> Report:
    """Assess every case file among `inputs` and write results, errors and, if asked, pages into `out`.

    The written bytes are the same for any number of workers, any back end, and however often the work was interrupted.
    Raises `InputError` when there is nothing to assess, `RulesetError` for a bad ruleset that was asked for, and
    `OutputError` when `out` cannot be written or another study is writing there.
    """
    named = tuple((ref, load(ref).sha256) for ref in dict.fromkeys(rulesets)) if rulesets else None
    found = collect(inputs, out)
    with Store(out) as store:
        study = _Study(store, Job(named, engine, reports), progress)
        study.go_through(found, open_pool(backend, jobs, scheduler))
        write(out / STUDY, to_json(study.about()).encode())
        store.finish()
    return study.report


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file whose stored lines still hold."""

    lines: tuple[Stored, ...]


class _Study:
    def __init__(self, store: Store, job: Job, progress: Progress | None) -> None:
        self.store = store
        self.job = job
        self.progress = progress
        self.report = Report(0)
        self.refs: set[tuple[str, str]] = set()

    def go_through(self, found: Files, pool: Pool) -> None:
        """Assess every file that has to be, and close the pool."""
        try:
            for each in ordered(pool, self.job, self.items(found)):
                self.take(each)
        finally:
            pool.close()

    def items(self, found: Files) -> Iterator[Found | _Kept]:
        """Each file, or what an earlier study left for it if that still holds."""
        self.report.files = len(found)
        for each in found:
            lines = self._valid(each, self.store.before(each.name))
            yield _Kept(lines) if lines else each

    def _valid(self, found: Found, lines: Sequence[Stored]) -> tuple[Stored, ...]:
        """The stored lines that a new assessment would give again; empty when any is missing."""
        if not lines:
            return ()
        try:
            sha = digest(Path(found.path))
        except OSError:
            return ()
        parts: dict[int, Stored] = {}
        for line in lines:
            head = line.head
            fresh = (head.file_sha256, head.version, head.schema) == (sha, __version__, SCHEMA_VERSION)
            if fresh and head.refs == self._refs_now(head) and self._page_there(head):
                parts[head.part] = line
        whole = parts and len(parts) == len(parts[min(parts)].head.refs)
        return tuple(parts[n] for n in sorted(parts)) if whole else ()

    def _refs_now(self, head: Head) -> Refs | None:
        if self.job.named is not None:
            return self.job.named
        try:
            return ((head.own, load(head.own).sha256),)
        except VsokoError:
            return None

    def _page_there(self, head: Head) -> bool:
        if not self.job.pages:
            return True
        return head.report is not None and (self.store.folder / REPORTS / head.report).is_file()

    def take(self, each: Done | _Kept) -> None:
        """Write down what became of one file."""
        if isinstance(each, _Kept):
            self._take_over(each)
        elif each.problems:
            self.report.failed += 1
            self.store.add_error(_error(each.name, each.problems))
        else:
            self._add(each)
        if self.progress is not None:
            done = self.report.assessed + self.report.reused + self.report.failed
            self.progress(done, self.report.files)

    def _add(self, done: Done) -> None:
        _same_everywhere(done)
        page = None
        if done.page is not None:
            page = page_name(done.school, done.name)
            self.store.page(page, done.page)
        for part, body in enumerate(done.bodies):
            head = Head(
                file=done.name, file_sha256=done.file_sha256, refs=done.refs, part=part, own=done.own,
                school=done.school, year=done.year, version=__version__, schema=SCHEMA_VERSION,
                complete=done.complete, report=page,
            )  # fmt: skip
            self.store.add(head, body)
        self.store.flush()
        self.report.assessed += 1
        self._count(done.refs, done.complete)

    def _take_over(self, kept: _Kept) -> None:
        head = kept.lines[0].head
        for line in kept.lines:
            if self.job.pages or line.head.report is None:
                self.store.keep(line)
            else:
                self.store.add(replace(line.head, report=None), self.store.body(line))
        self.report.reused += 1
        self._count(head.refs, head.complete)

    def _count(self, refs: Refs, complete: bool) -> None:
        self.refs.update(refs)
        self.report.incomplete += not complete

    def about(self) -> dict[str, Any]:
        """What is true of the whole study: rulesets with the words that summaries need, and counts."""
        report = self.report
        return {
            "schema": SCHEMA_VERSION,
            "version": __version__,
            "files": report.files,
            "failed": report.failed,
            "rulesets": [titles(load(ref)) for ref, _ in sorted(self.refs)],
        }


def _same_everywhere(done: Done) -> None:
    """Results of one study come from one program and one ruleset, wherever and whenever each school was assessed."""
    if done.version != __version__:
        hint = "Установите на всех узлах одну и ту же версию."
        problem = Problem(Place(done.name), "на рабочем узле другая версия программы", done.version, __version__, hint)
        raise InputError([problem])
    for ref, sha in done.refs:
        if load(ref).sha256 != sha:
            hint = "Запустите исследование ещё раз: заново будет сделано только то, что изменилось."
            raise RulesetError([Problem(Place(ref), "методика изменилась, пока шло исследование", hint=hint)])


def page_name(school: str, file: str) -> str:
    """The name of a school's page: its id, and a mark of its file, so that no two files ever share a page."""
    return output_name(f"{school}-{hashlib.sha256(file.encode()).hexdigest()[:8]}", ".html", ())


def _error(name: str, problems: Sequence[Problem]) -> dict[str, Any]:
    return {"file": name, "problems": [asdict(problem) for problem in problems]}
