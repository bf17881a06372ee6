"""Reading the files of a school while the page stays usable: one job a school, held in memory with how far it is."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from threading import Event, Lock, Thread

from vsoko_rules.case.records import Case
from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError, Place, Problem, VsokoError
from vsoko_rules.intake.drafts.document_needs import DocumentNeeds
from vsoko_rules.intake.drafts.drafting import Draft, FileOf, drafted
from vsoko_rules.intake.proposals.proposal import ProposedDocument
from vsoko_rules.intake.texts.file_text import FileText, Quality
from vsoko_rules.workspace.case_parts import Data
from vsoko_rules.workspace.desk import Desk, NeedsConsent
from vsoko_rules.workspace.editing import patched
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.received import Received, files_folder
from vsoko_rules.workspace.taken_in import reading_words
from vsoko_rules.workspace.taking_in import links_reopened, needs_by, paths_in, read_and_propose
from vsoko_rules.writing.yaml_edit import as_read

_CHANGED = ("title", "file", "scan", "evidence")
"""what of a document its files and the answers about them change"""


class JobState(str, Enum):
    """How far a reading is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass
class FilesReading:
    """The files of a school, being read or read. `path` is its file, `source` where its documents lie."""

    path: Path
    source: Path
    state: JobState = JobState.RUNNING
    done: int = 0
    total: int = 0
    texts: Sequence[FileText] = ()
    proposals: Sequence[ProposedDocument] = ()
    problems: Sequence[Problem] = ()
    thread: Thread | None = None
    stopped: Event = field(default_factory=Event)

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.state is JobState.RUNNING

    @property
    def file_of(self) -> FileOf:
        """From the path of a file in what was read to its name in the case. Raises `InputError`."""
        return paths_in(self.source, self.path)

    @property
    def files(self) -> list[FileText]:
        """What was read, without what is no document."""
        return [text for text in self.texts if not text.left_out]

    @property
    def unread(self) -> list[tuple[str, str]]:
        """Files that nobody could read, with the reason in words."""
        return [(t.file, reading_words(t.reason)) for t in self.files if t.quality is not Quality.GOOD]


class _Stopped(Exception):
    """The page is being closed."""


class Readings:
    """The readings of all schools of a desk; each school has at most one, the last."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.received: dict[str, Received] = {}
        """what became of the files that were handed over last, by the path of the school"""
        self._all: dict[str, FilesReading] = {}
        self._lock = Lock()

    def of(self, path: Path) -> FilesReading | None:
        """The last reading of a school; none where nobody asked for one since the program runs."""
        return self._all.get(str(path))

    def start(self, path: Path, folder: str) -> FilesReading:
        """Read the documents in a folder beside the file of a school (`folders`); where they are being read already, it
        is that reading. Raises `InputError`."""
        known = folders(path)
        if folder not in known:
            raise InputError([Problem(Place(folder), "такой папки рядом с файлом школы нет")])
        with self._lock:
            last = self.of(path)
            if last is not None and last.running:
                return last
            reading = FilesReading(path, known[folder])
            reading.thread = Thread(target=self._read, args=(reading,), daemon=True)
            self._all[str(path)] = reading
            reading.thread.start()
            return reading

    def stop(self) -> None:
        """End what is being read."""
        for reading in self._all.values():
            reading.stopped.set()

    def _read(self, reading: FilesReading) -> None:
        def progress(done: int, total: int) -> None:
            reading.done, reading.total = done, total
            if reading.stopped.is_set():
                raise _Stopped

        try:
            school = self._desk.open(reading.path)
            texts, reading.proposals = read_and_propose(reading.source, school.ruleset, progress=progress)
            reading.texts = texts
            if not reading.files:
                raise InputError([Problem(Place(reading.source.name), "в этой папке нет ни одного документа")])
            self._desk.change(reading.path, lambda data: with_proposals(school, data, reading))
            reading.state = JobState.DONE
        except NeedsConsent:
            reading.state = JobState.DONE
        except _Stopped:
            reading.state = JobState.FAILED
        except VsokoError as wrong:
            reading.problems, reading.state = wrong.problems, JobState.FAILED
        except Exception as exc:  # nobody waits for this thread: what failed is said on the page
            traceback.print_exc()
            message = f"чтение прервала ошибка в программе ({type(exc).__name__})"
            reading.problems, reading.state = [Problem(Place(reading.source.name), message)], JobState.FAILED


def folders(path: Path) -> dict[str, Path]:
    """The folders beside the file of a school in which its documents may lie, by name, its own first."""
    own = files_folder(path)
    try:
        beside = [p for p in path.parent.iterdir() if p.is_dir() and not p.name.startswith(".") and not p.is_symlink()]
    except OSError:
        beside = []
    found = sorted((p for p in beside if any(p.iterdir())), key=lambda p: (p.name != own.name, p.name.casefold()))
    return {p.name: p for p in found}


def with_proposals(school: OpenedSchool, data: Data, reading: FilesReading) -> Data:
    """Data of a school with all that is proposed of its files; what a person said stays."""
    return with_documents(data, draft_of(school, school.case_of(data).content, reading)[0].case)


def draft_of(school: OpenedSchool, case: Case, reading: FilesReading | None) -> tuple[Draft, DocumentNeeds]:
    """A case of a school with what is proposed of files that were read, if any were, and with each link asked again of
    which the ground is another than when it was confirmed; and what its documents are asked for."""
    asked = needs_by(case, school.ruleset)
    draft = Draft(case, {}, {})
    if reading is not None and reading.files:
        draft = drafted(case, reading.texts, reading.proposals, asked, reading.file_of)
    return replace(draft, case=links_reopened(draft.case, school.attached(draft.case))), asked


def with_documents(data: Data, case: Case) -> Data:
    """The data with what became of the documents of a case through their files; everything else stays as written."""
    stated = {d["id"]: d for d in data.get("documents") or ()}
    changes = {}
    for document in case.documents:
        told = as_read(plain_data(document))
        if document.id in stated:
            told = {key: told.get(key) for key in _CHANGED if key in told or key in stated[document.id]}
        changes[document.id] = {key: value for key, value in told.items() if key != "id"}
    result: Data = patched(data, {"documents": changes})
    return result
