"""Schools in one folder or one file, opened, changed, undone. The file is always the truth.

A change is read from the file, made, checked and written with compare-and-swap on the revision of the file; what
another program changed meanwhile is seen, written into the history and never overwritten.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

from vsoko_rules.case.reader import CaseFile, attached, case_of_data, case_of_source
from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.intake.case_file import is_form, parse_case_file, read_case_file
from vsoko_rules.intake.form.write_form import write_form
from vsoko_rules.reading.archive import read_bytes
from vsoko_rules.study.collect import collect
from vsoko_rules.workspace.case_parts import Data, PartChange, differences
from vsoko_rules.workspace.desk import Desk, NeedsConsent
from vsoko_rules.workspace.editing import Rewrite, rewrite, rewrite_all
from vsoko_rules.workspace.journal import EventKind, Journal
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.opening import open_ruleset
from vsoko_rules.workspace.past import Past
from vsoko_rules.writing.yaml_edit import as_read, edited_source

_MOST_HELD: Final = 16
"""schools that are held in memory with their verdicts"""


@dataclass(frozen=True)
class OpenedFile(OpenedSchool):
    """A school as its file holds it now. `content` is the file."""

    content: bytes


class FolderDesk(Desk):
    """Schools under `root`, a folder or one file. `journal` holds what happened to them on this machine."""

    def __init__(self, root: Path, journal: Journal) -> None:
        self.root = Path(os.path.realpath(root))
        self.journal = journal
        self._opened: dict[str, OpenedFile] = {}
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

    def open(self, path: Path) -> OpenedFile:
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

    def altered(self) -> bool:
        """See `Desk`. Of all schools of the folder: they share a journal."""
        return not self.journal.is_whole()

    def earlier(self, school: OpenedSchool) -> list[Path]:
        """The other files of the folder, in that order."""
        listed = self.journal.overviews()
        own, year = school.case.content.school.name, school.case.content.study.year

        def order(path: Path) -> tuple[bool, int]:
            shown = listed.get(str(path), ("", {}))[1]
            earlier = shown.get("school") == own and shown.get("year", year) < year
            return not earlier, -shown["year"] if earlier else 0

        return sorted((path for path in self.paths() if path != school.path), key=order)

    def read(self, path: Path) -> CaseFile:
        """The case in a file."""
        return read_case_file(path)

    def note_copy(self, path: Path) -> None:
        """Remember after how many events."""
        self.journal.note_copy(str(path), len(self.past(path).events))

    def since_copy(self, path: Path) -> int | None:
        """How many changes there are since a copy was given away last; none where none ever was."""
        copied = self.journal.copied(str(path))
        return None if copied is None else len(self.past(path).events) - copied

    def may_lose(self, school: OpenedSchool) -> bool:
        """A form is written anew as a whole."""
        return school.workbook and not self.journal.consents(str(school.path))

    def _written(
        self, before: OpenedSchool, after: Data, changes: tuple[PartChange, ...], kind: EventKind, of: int | None
    ) -> OpenedSchool:
        assert isinstance(before, OpenedFile)
        path = before.path
        if self.may_lose(before):
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

    def _keep(self, school: OpenedFile) -> None:
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


def _parsed(content: bytes, path: Path) -> OpenedFile:
    case = parse_case_file(content, path.name, path.parent)
    form = is_form(content, path.name)
    data = as_read(plain_data(case.content)) if form else case.source.data
    return OpenedFile(path, case, data, form, content)


def _edited(before: OpenedFile, after: Data) -> OpenedFile:
    """The school with other data: a form is written anew, of a YAML file what did not change stays as it was. What is
    read from it to see that it is right is read once."""
    path = before.path
    if before.workbook:
        case = case_of_data(after, path.name, path.parent)
        return _parsed(write_form(open_ruleset(case.content.ruleset), case=case.content), path)
    content, source = edited_source(before.content, after, path.name, before.data)
    return OpenedFile(path, case_of_source(source, path.parent), source.data, False, content)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
