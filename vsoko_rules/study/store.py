"""The folder of a study that is being made: one study at a time, whole files only, and nothing done twice.

Results go to one SQLite file (see `results`); JSON Lines are its export. Only the parent process writes. The journal is
that of rollback, which works on network shares too.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from filelock import FileLock, Timeout

from vsoko_rules.errors import OutputError, Place, Problem
from vsoko_rules.study.results import (
    ELSEWHERE_HINT,
    ERRORS,
    EXPORT,
    FORMAT,
    FORMER_NAMES,
    FULL_HINT,
    PROGRAM,
    REPORTS,
    RESULTS,
    SCHEMA,
    Record,
    RecordHead,
    as_row,
    connected,
    from_row,
    one_message,
    page_name,
    rows,
    signed,
)
from vsoko_rules.writing.files import FULL, TEMPORARY, refusal, replacing, write
from vsoko_rules.writing.json_text import json_line

_LOCK: Final = ".study.lock"
_COMMIT_AFTER: Final = 8
"""files that a study killed on the spot may lose: they are put on the disk together"""
_PATIENCE: Final = 600_000
"""milliseconds that a study waits for those who read the results of the one before"""
_BEGIN: Final = (
    f"PRAGMA busy_timeout = {_PATIENCE}",
    "CREATE TEMP TABLE taken (id INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE failed (file TEXT PRIMARY KEY, problems TEXT NOT NULL)",
)
"""`taken`: records of the study in progress, gone with its connection"""
_LEFT: Final = """SELECT file, json_extract(head, '$.school') FROM record WHERE json_valid(head)
    EXCEPT SELECT file, json_extract(head, '$.school') FROM record JOIN taken USING (id)"""
"""files and schools of earlier studies that this one does not have"""
_FINISH: Final = (
    "BEGIN IMMEDIATE",
    "DELETE FROM record WHERE id NOT IN (SELECT id FROM taken)",
    "DELETE FROM finished",
    "INSERT INTO finished SELECT id FROM taken",
    "DELETE FROM about",
)


class Store:
    """An open folder of results. What earlier studies left there is taken over where it still holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / RESULTS
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(folder)
            _rename(folder)
        for left in folder.glob(f".*{TEMPORARY}"):  # of a study that was killed: who holds the lock is alone here
            with suppress(OSError):
                left.unlink()
        try:
            self._base = self._opened()
        except BaseException:
            self._lock.release()
            raise
        self._waiting = 0

    def _opened(self) -> sqlite3.Connection:
        if not self._path.exists():
            with writing(self._path):
                self._create()
        base = connected(self._path)
        try:
            with self._refusals():
                base.execute("BEGIN IMMEDIATE")
                for statement in _BEGIN:
                    base.execute(statement)
        except BaseException:
            base.close()
            raise
        return base

    def _create(self) -> None:
        """A new file of results, there whole or not at all."""
        about = f"PRAGMA application_id = {PROGRAM}", f"PRAGMA user_version = {FORMAT}"
        with (
            self._refusals(),
            replacing(self._path) as temporary,
            closing(sqlite3.connect(temporary, isolation_level=None)) as base,
        ):
            for statement in (*SCHEMA, *about):
                base.execute(statement)

    def _refusals(self) -> AbstractContextManager[None]:
        return one_message(self._path, OutputError, "результат не записывается")

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave whole records behind for the next study, and let it in."""
        with suppress(sqlite3.Error), closing(self._base):
            if self._base.in_transaction:
                self._base.execute("COMMIT")
        self._lock.release()

    def before(self, file: str) -> list[tuple[int, RecordHead]]:
        """Records that earlier studies left for a file and that are what they were when they were written."""
        query = "SELECT id, head, bodies, input, digest FROM record WHERE file = ?"
        with self._refusals():
            left = [(number, from_row(*columns)) for number, *columns in self._base.execute(query, (file,))]
        return [(number, record[0]) for number, record in left if record is not None and record[0].file == file]

    def has_finished(self) -> bool:
        """Whether an earlier study left results that readers see."""
        with self._refusals():
            return self._base.execute("SELECT 1 FROM finished LIMIT 1").fetchone() is not None

    def keep(self, number: int) -> None:
        """Take a record over as it is."""
        with self._refusals():
            self._base.execute("INSERT INTO taken VALUES (?)", (number,))

    def add(self, head: RecordHead, bodies: Sequence[bytes]) -> None:
        """Write the results of a file, the one under each of its rulesets as one line of JSON."""
        query = "INSERT INTO record (file, head, bodies, input, digest) VALUES (?, ?, ?, ?, ?)"
        with self._refusals():
            self.keep(self._base.execute(query, as_row(head, bodies)).lastrowid or 0)
            self._waiting += 1
            if self._waiting >= _COMMIT_AFTER:
                self._base.execute("COMMIT")
                self._base.execute("BEGIN IMMEDIATE")
                self._waiting = 0

    def add_error(self, file: str, problems: Any) -> None:
        """Write down what is wrong with one file, as JSON data."""
        with self._refusals():
            self._base.execute("INSERT INTO failed VALUES (?, ?)", (file, json_line(problems)))

    def repeated(self) -> Iterator[tuple[str, str, int, str]]:
        """Files of this study that describe a school of another file once more, in the same year: the file, the school,
        the year, and the first of the files that describe it."""
        query = """SELECT json_extract(head, '$.school'), json_extract(head, '$.year'), json_group_array(file)
            FROM record JOIN taken USING (id) GROUP BY 1, 2 HAVING count(*) > 1"""
        with self._refusals():
            groups = self._base.execute(query).fetchall()
        for school, year, files in groups:
            first, *others = sorted(json.loads(files))
            yield from ((file, school, year, first) for file in others)

    def write_page(self, head: RecordHead, text: str) -> None:
        """Write the page of one school."""
        write(self.folder / REPORTS / head.page, text.encode())

    def has_page(self, head: RecordHead) -> bool:
        """Whether the page of a record was written with it and is still there."""
        return head.paged and (self.folder / REPORTS / head.page).is_file()

    def finish(self, about: Record, paged: bool) -> None:
        """Export this study and make it the one that readers see; `about`: what is true of all of it.

        `paged`: whether schools have pages.
        """
        with self._refusals():
            self._base.execute("COMMIT")
            self._export(EXPORT, self._lines(paged))
            failed = self._base.execute("SELECT file, problems FROM failed ORDER BY file")
            told = (f'{{"file":{json_line(file)},"problems":{text}}}' for file, text in failed)
            self._export(ERRORS, (line.encode() for line in told))
            for file, school in self._base.execute(_LEFT).fetchall():
                page = self.folder / REPORTS / page_name(school, file)
                with writing(page):
                    page.unlink(missing_ok=True)
            for statement in _FINISH:
                self._base.execute(statement)
            self._base.execute("INSERT INTO about VALUES (?)", (signed(json_line({**about, "paged": paged})),))
            self._base.execute("COMMIT")

    def _lines(self, paged: bool) -> Iterator[bytes]:
        for _, head, bodies in rows(self._base, "taken"):
            for part, body in enumerate(bodies):
                yield b'{"study":%b,%b' % (json_line(head.exported(part, paged)).encode(), body[1:])

    def _export(self, name: str, lines: Iterable[bytes]) -> None:
        """Write a file of lines whole or not at all."""
        path = self.folder / name
        with writing(path), replacing(path) as temporary, temporary.open("wb") as stream:
            stream.writelines(line + b"\n" for line in lines)


def _rename(folder: Path) -> None:
    """What an earlier version left under other names becomes what this one writes over."""
    for former, name in FORMER_NAMES.items():
        if (folder / former).exists() and not (folder / name).exists():
            (folder / former).rename(folder / name)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Whatever the system refuses becomes one `OutputError` that names `path`."""
    try:
        yield
    except OSError as exc:
        hint = FULL_HINT if exc.errno in FULL else ELSEWHERE_HINT
        raise OutputError([Problem(Place(str(path)), "результат не записывается", refusal(exc), hint=hint)]) from exc


def _locked(folder: Path) -> FileLock:
    """The lock of a folder. The system takes it back when its holder ends in any way, so it never goes stale."""
    lock = FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        hint = "Дождитесь его окончания или укажите другую папку."
        problem = Problem(Place(str(folder)), "в эту папку уже пишет другое исследование", hint=hint)
        raise OutputError([problem]) from None
    return lock
