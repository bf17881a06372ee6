"""The journal on this machine: every change of every school, never altered; and what is cached of schools.

An SQLite database in the data folder of the user. Events are append-only, which triggers enforce, and each holds the
hash of the one before. Files stay the truth: what the journal does not know of a file was changed outside.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from threading import Lock
from typing import Any, Final
from weakref import finalize

from vsoko_rules.errors import OutputError, Place, Problem
from vsoko_rules.workspace.case_parts import PartChange
from vsoko_rules.workspace.network_disks import is_on_network

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY AUTOINCREMENT, school TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
    of INTEGER, changes TEXT NOT NULL, previous TEXT NOT NULL, digest TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS event_school ON event (school, number);
CREATE TRIGGER IF NOT EXISTS event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS event_remains BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TABLE IF NOT EXISTS known (school TEXT PRIMARY KEY, revision TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS overview (school TEXT PRIMARY KEY, stamp TEXT NOT NULL, shown TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS consent (school TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS copied (school TEXT PRIMARY KEY, events INTEGER NOT NULL);
"""
_START: Final = ""
_WAIT: Final = 10
"""seconds for which one writer waits for another"""


class EventKind(str, Enum):
    """What happened to a school."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"
    BACK = "back"
    """everything since an event was taken back"""
    OUTSIDE = "outside"
    """the file was changed by another program"""


@dataclass(frozen=True, slots=True)
class Event:
    """One change: `of` is the event that it takes back or does again, `at` the time of the machine, as ISO."""

    number: int
    school: str
    at: str
    kind: EventKind
    of: int | None
    changes: tuple[PartChange, ...]
    digest: str


class Journal:
    """The journal in one file. Raises `OutputError` where it cannot be kept there."""

    def __init__(self, path: Path) -> None:
        if is_on_network(path):
            hint = "Журнал изменений нужно хранить на диске этого компьютера."
            raise OutputError([Problem(Place(str(path)), "папка данных лежит на сетевом диске", hint=hint)])
        self.path = path
        self._alone = Lock()
        self._told: dict[str, list[Event]] = {}
        with self._understood():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=_WAIT, isolation_level="IMMEDIATE", check_same_thread=False)
            self._close = finalize(self, self._db.close)
            mode = self._db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
        if mode != "wal":
            raise OutputError([Problem(Place(str(path)), "на этом диске журнал изменений вести нельзя")])

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """What goes wrong with the file is one message."""
        try:
            yield
        except (OSError, sqlite3.Error, UnicodeDecodeError) as exc:  # what SQLite says of a damaged file may be no text
            raise _unreadable(self.path, exc) from exc

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """The connection with a transaction: all of it happens, or nothing. One thread at a time has it: to open
        another would take longer than what is done with it."""
        with self._understood(), self._alone, self._db:
            yield self._db

    def close(self) -> None:
        """Let the file go; a journal that was closed tells nothing any more."""
        self._close()

    def append(
        self,
        school: str,
        kind: EventKind,
        changes: Sequence[PartChange],
        at: str,
        of: int | None = None,
        known: tuple[str, Any] | None = None,
    ) -> Event:
        """Write down what happened; `known` are the revision and the data of the school after it."""
        text = _json([{each.name: getattr(change, each.name) for each in fields(change)} for change in changes])
        with self._connected() as db:
            db.execute("BEGIN IMMEDIATE")
            last = db.execute("SELECT digest FROM event ORDER BY number DESC LIMIT 1").fetchone()
            previous = last[0] if last else _START
            digest = _digest(previous, school, at, kind.value, of, text)
            row = (school, at, kind.value, of, text, previous, digest)
            columns = "school, at, kind, of, changes, previous, digest"
            if known is not None:
                db.execute("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", (school, known[0], _json(known[1])))
            cursor = db.execute(f"INSERT INTO event ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            return Event(int(cursor.lastrowid or 0), school, at, kind, of, tuple(changes), digest)

    def events(self, school: str) -> list[Event]:
        """Everything that happened to a school, in its order."""
        columns = "number, school, at, kind, of, changes, digest"
        with self._connected() as db:
            told = self._told.setdefault(school, [])  # what was told never changes: only what came since is read
            asked = (school, told[-1].number if told else 0)
            rows = db.execute(f"SELECT {columns} FROM event WHERE school = ? AND number > ? ORDER BY number", asked)
            told += [
                Event(n, s, at, EventKind(kind), of, _changes(text), digest)
                for n, s, at, kind, of, text, digest in rows
            ]
            return list(told)

    def has_events(self, school: str) -> bool:
        """Whether anything was ever written down of a school."""
        with self._connected() as db:
            return db.execute("SELECT 1 FROM event WHERE school = ? LIMIT 1", (school,)).fetchone() is not None

    def is_whole(self) -> bool:
        """Whether nothing was altered or taken out: each event holds the hash of the one before."""
        previous = _START
        with self._connected() as db:
            rows = db.execute("SELECT school, at, kind, of, changes, previous, digest FROM event ORDER BY number")
            for *told, before, digest in rows:
                if before != previous or digest != _digest(previous, *told):
                    return False
                previous = digest
        return True

    def known(self, school: str) -> tuple[str, dict[str, Any]] | None:
        """The revision and the data of a school as they were seen last; none where it was never seen."""
        with self._connected() as db:
            row = db.execute("SELECT revision, data FROM known WHERE school = ?", (school,)).fetchone()
        return (row[0], json.loads(row[1])) if row else None

    def keep(self, school: str, revision: str, data: Any) -> None:
        """Remember how a school is now."""
        with self._connected() as db:
            db.execute("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", (school, revision, _json(data)))

    def overviews(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """What was kept of schools to be listed, each with its stamp."""
        with self._connected() as db:
            rows = db.execute("SELECT school, stamp, shown FROM overview").fetchall()
        return {school: (stamp, json.loads(shown)) for school, stamp, shown in rows}

    def keep_overviews(self, overviews: Iterable[tuple[str, str, Any]]) -> None:
        """Keep what is listed of schools: the school, its stamp, what is shown."""
        rows = [(school, stamp, _json(shown)) for school, stamp, shown in overviews]
        with self._connected() as db:
            db.executemany("INSERT OR REPLACE INTO overview VALUES (?, ?, ?)", rows)

    def consents(self, school: str) -> bool:
        """Whether the user agreed that the file of a school is written anew, with what is lost by that."""
        with self._connected() as db:
            return db.execute("SELECT 1 FROM consent WHERE school = ?", (school,)).fetchone() is not None

    def copied(self, school: str) -> int | None:
        """After how many events a copy of a school was given away last; none where none was."""
        with self._connected() as db:
            row = db.execute("SELECT events FROM copied WHERE school = ?", (school,)).fetchone()
        return int(row[0]) if row else None

    def note_copy(self, school: str, events: int) -> None:
        """Remember that a copy of a school was given away."""
        with self._connected() as db:
            db.execute("INSERT OR REPLACE INTO copied VALUES (?, ?)", (school, events))

    def consent(self, school: str) -> None:
        """Remember that the user agreed."""
        with self._connected() as db:
            db.execute("INSERT OR REPLACE INTO consent VALUES (?)", (school,))


def _digest(previous: str, *told: object) -> str:
    return hashlib.sha256(_json([previous, *told]).encode()).hexdigest()


def _changes(text: str) -> tuple[PartChange, ...]:
    return tuple(PartChange(**change) for change in json.loads(text))


def _unreadable(path: Path, exc: Exception) -> OutputError:
    hint = "Переименуйте этот файл: на его месте появится новый журнал, файлы школ останутся как есть."
    return OutputError([Problem(Place(str(path)), "журнал изменений не открывается", str(exc), hint=hint)])


def _json(data: Any) -> str:
    """Data as text; the keys stay in the order in which a person wrote them."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
