"""The desk of one person: schools in one folder or one file, opened, changed, undone. The file is always the truth.

A change is read from the file, made, checked and written with compare-and-swap on the revision of the file; what
another program changed meanwhile is seen, written into the history and never overwritten.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Final

from vsoko_rules.case.reader import CaseFile, attached, case_of_data, case_of_source
from vsoko_rules.case.write import plain_data
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, LostUpdate, Place, Problem
from vsoko_rules.intake.case_file import is_form, parse_case_file
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.row_states import RowState, row_states
from vsoko_rules.report.terms import DocumentView, ScoreView
from vsoko_rules.report.view import View
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.study.collect import collect
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.workspace.case_parts import PartChange, applied, differences
from vsoko_rules.workspace.editing import Rewrite, rewrite, rewrite_all
from vsoko_rules.workspace.journal import Event, EventKind, Journal
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_ruleset
from vsoko_rules.workspace.past import Past, reversed_changes
from vsoko_rules.writing.yaml_edit import as_read, edited_source

Data = Mapping[str, Any]
Change = Callable[[Data], Data]
"""gives the new data of a case; raises `InputError` for what cannot be, `LostUpdate` for what others changed"""

_TRIES: Final = 8
"""how often a change is made anew because somebody changed another part of the file at the same moment"""
_MOST_HELD: Final = 16
"""schools that are held in memory with their verdicts"""


class NeedsConsent(InputError):
    """The file will be written anew and loses something by it; the user has not agreed yet."""


@dataclass(frozen=True)
class OpenedSchool:
    """A school as its file holds it now."""

    path: Path
    case: CaseFile
    data: Data
    """in the shape of the file, every scalar a text"""
    workbook: bool
    """whether it is a form, which is written anew as a whole"""
    content: bytes = b""
    """what the file holds; nothing for a school that has no file"""

    @property
    def revision(self) -> str:
        """The hash of the file."""
        return self.case.sha256

    @cached_property
    def ruleset(self) -> Ruleset:
        """The ruleset that the case names, or the default one."""
        return open_ruleset(self.case.content.ruleset)

    @cached_property
    def assessment(self) -> Assessment:
        """The verdict, by the engine that is always there: both conclude the same."""
        return assess(self.case, self.ruleset, EngineName.PLAIN)

    @cached_property
    def composer(self) -> Composer:
        """What is shown of it; each part is made when it is asked for."""
        return Composer(self.assessment)

    @cached_property
    def view(self) -> View:
        """Everything that is shown of it, without the plan. It takes as long as the verdict: one edit asks for less."""
        return self.composer.view(with_plan=False)

    @property
    def main(self) -> ScoreView:
        """The score that decides the level."""
        return self.composer.main

    @property
    def documents(self) -> Mapping[str, DocumentView]:
        """Its documents as they are shown."""
        return self.composer.titles.documents

    @cached_property
    def states(self) -> Mapping[str, RowState]:
        """What became of each document."""
        return row_states(self.composer)


class Desk:
    """Schools under `root`, a folder or one file. `journal` holds what happened to them on this machine."""

    def __init__(self, root: Path, journal: Journal) -> None:
        self.root = Path(os.path.realpath(root))
        self.journal = journal
        self._opened: dict[str, OpenedSchool] = {}
        self._writing: dict[str, Lock] = {}

    @property
    def single(self) -> bool:
        """Whether there is one file, and no folder."""
        return self.root.is_file()

    def paths(self) -> list[Path]:
        """The files of all schools, in the order of their names; empty for a folder without any."""
        if self.single:
            return [self.root]
        try:
            return list(_schools(self.root / file.name for file in collect([self.root])))
        except InputError:
            if not self.root.is_dir():
                raise
            return []

    def open(self, path: Path) -> OpenedSchool:
        """The school in a file as it is now; what another program changed is written into the history. Raises
        `InputError`."""
        content = read_bytes(path)
        kept = self._opened.get(str(path))
        same = kept is not None and kept.revision == hashlib.sha256(content).hexdigest()
        if kept is not None and same and kept.case.files == attached(kept.case.content, path.parent):
            return kept
        school = _parsed(content, path)
        self._keep(school)
        with self._alone(path):
            self._notice(school)
        return school

    def _notice(self, school: OpenedSchool) -> None:
        """Write into the history that a file was changed outside, where it was."""
        known = self.journal.known(str(school.path))
        if known is not None and known[0] == school.revision:
            return
        if known is not None and (changes := differences(known[1], school.data)):
            now = (school.revision, school.data)
            self.journal.append(str(school.path), EventKind.OUTSIDE, changes, _now(), known=now)
        else:
            self.journal.keep(str(school.path), school.revision, school.data)

    def past(self, path: Path) -> Past:
        """What happened to a school."""
        return Past(tuple(self.journal.events(str(path))))

    def change(self, path: Path, change: Change) -> OpenedSchool:
        """Make a change, which `undo` takes back. Raises what `change` raises, `InputError` for what is no case,
        `NeedsConsent`, and `OutputError` where the file cannot be written."""
        return self._changed(path, change, EventKind.EDIT)

    def undo(self, path: Path) -> OpenedSchool:
        """Take the last change back. Raises `LostUpdate` where the same part was changed outside since."""
        return self._again(path, self.past(path).to_undo, EventKind.UNDO)

    def redo(self, path: Path) -> OpenedSchool:
        """Make the change again that was undone last. Raises as `undo`."""
        return self._again(path, self.past(path).to_redo, EventKind.REDO)

    def _again(self, path: Path, event: Event | None, kind: EventKind) -> OpenedSchool:
        if event is None:
            said = "отменять нечего" if kind is EventKind.UNDO else "возвращать нечего"
            raise InputError([Problem(Place(path.name), said)])
        changes = reversed_changes(event.changes) if kind is EventKind.UNDO else event.changes
        return self._changed(path, lambda data: applied(data, changes), kind, event.number)

    def go_back(self, path: Path, number: int) -> OpenedSchool:
        """Make the case what it was right after an event of its history; `undo` takes that back. Raises as `undo`."""
        changes = self.past(path).back_to(number)
        return self._changed(path, lambda data: applied(data, changes), EventKind.BACK, number)

    def was(self, path: Path, number: int) -> CaseFile:
        """The case as it was right after an event of its history. Raises `InputError`."""
        return case_of_data(applied(self.open(path).data, self.past(path).back_to(number)), path.name, path.parent)

    def _changed(self, path: Path, change: Change, kind: EventKind, of: int | None = None) -> OpenedSchool:
        for attempt in range(_TRIES):
            before = self.open(path)
            after = change(before.data)
            changes = differences(before.data, after)
            if not changes:
                return before
            try:
                return self._written(before, after, changes, kind, of)
            except LostUpdate:
                if attempt == _TRIES - 1:
                    raise
        raise AssertionError("the last attempt raises or returns")

    def _written(
        self, before: OpenedSchool, after: Data, changes: tuple[PartChange, ...], kind: EventKind, of: int | None
    ) -> OpenedSchool:
        path = before.path
        if before.workbook and not self.journal.consents(str(path)):
            raise NeedsConsent([Problem(Place(path.name), "форма при сохранении записывается заново")])
        school = _edited(before, after)
        school.ruleset  # noqa: B018 (a case that names a ruleset that there is not is refused before it is written)
        with self._alone(path):
            step = Rewrite(path, before.revision, school.content)
            if self.journal.has_events(str(path)):
                rewrite(step)
            else:
                rewrite_all([step])
            self.journal.append(str(path), kind, changes, _now(), of, (school.revision, school.data))
        self._keep(school)
        return school

    def _keep(self, school: OpenedSchool) -> None:
        """Hold a school with its verdict in memory, and let the one go that was held longest."""
        self._opened[str(school.path)] = school
        for path in list(self._opened)[:-_MOST_HELD]:
            self._opened.pop(path, None)

    @contextmanager
    def _alone(self, path: Path) -> Iterator[None]:
        """File and history change together, one change after another."""
        with self._writing.setdefault(str(path), Lock()):
            yield


def _schools(files: Iterable[Path]) -> Iterator[Path]:
    """Files of schools: what lies in the folder of documents of one (`received.files_folder`) is none."""
    found = list(files)
    owned = {path.with_suffix("") for path in found}
    yield from (path for path in found if owned.isdisjoint(path.parents))


def _parsed(content: bytes, path: Path) -> OpenedSchool:
    case = parse_case_file(content, path.name, path.parent)
    form = is_form(content, path.name)
    data = as_read(plain_data(case.content)) if form else case.source.data
    return OpenedSchool(path, case, data, form, content)


def _edited(before: OpenedSchool, after: Data) -> OpenedSchool:
    """The school with other data: a form is written anew, of a YAML file what did not change stays as it was. What is
    read from it to see that it is right is read once."""
    path = before.path
    if before.workbook:
        case = case_of_data(after, path.name, path.parent)
        return _parsed(write_form(open_ruleset(case.content.ruleset), case=case.content), path)
    content, source = edited_source(before.content, after, path.name, before.data)
    return OpenedSchool(path, case_of_source(source, path.parent), source.data, False, content)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
