"""The results of a study as they lie on the disk: one SQLite file in its folder, and how it is read.

Each record carries a digest of what it was made from and one of its content, and counts only with both. Readers see the
last study that was finished; what a study in progress has added stands beside it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic_core import from_json

from vsoko_rules.errors import InputError, OutputError, Place, Problem, Remedy
from vsoko_rules.study.about import read_about
from vsoko_rules.verdict.readback import stored_lines
from vsoko_rules.writing.files import output_name
from vsoko_rules.writing.json_text import json_line

RESULTS: Final = "study.sqlite"
EXPORT: Final = "итоги.jsonl"
ERRORS: Final = "ошибки.jsonl"
STUDY: Final = "исследование.json"
REPORTS: Final = "отчёты"
SUMMARY: Final = "сводка"
OPEN_SUMMARY: Final = "сводка-открытая"
"""names of the summaries without their endings"""
FORMATS: Final = ("json", "html", "xlsx", "docx")
FORMER_NAMES: Final = {
    "results.jsonl": EXPORT, "errors.jsonl": ERRORS, "study.json": STUDY, "reports": REPORTS,
    **{f"summary.{ending}": f"{SUMMARY}.{ending}" for ending in FORMATS},
    **{f"summary-open.{ending}": f"{OPEN_SUMMARY}.{ending}" for ending in FORMATS},
}  # fmt: skip
"""what versions before 0.3 called the same files; those of 0.1 are read without a file of results beside them"""
SCHEMA: Final = (
    "CREATE TABLE about (data TEXT NOT NULL)",
    """CREATE TABLE record (
        id INTEGER PRIMARY KEY, file TEXT NOT NULL, head TEXT NOT NULL, bodies BLOB NOT NULL,
        input TEXT NOT NULL, digest TEXT NOT NULL
    )""",
    "CREATE INDEX record_by_file ON record (file)",
    "CREATE TABLE finished (id INTEGER PRIMARY KEY)",
)
PROGRAM: Final = 0x56534F4B
"""«VSOK»: by this number a SQLite file tells whose it is"""
FORMAT: Final = 1

_PATIENCE: Final = 30.0
"""seconds to wait for another program that holds the file"""
FULL_HINT: Final = (
    "Готовое сохранено. Освободите место или укажите другую папку и запустите ещё раз: работа продолжится."
)
ELSEWHERE_HINT: Final = "Укажите папку, в которую можно писать."
_BUSY: Final = "Закройте другую программу и повторите команду."
_REFUSALS: Final = {
    "full": ("на диске не осталось места", FULL_HINT),
    "disk i/o": ("диск не принимает данные", FULL_HINT),
    "readonly": ("нет прав на запись", ELSEWHERE_HINT),
    "unable to open": ("файл не открывается", ELSEWHERE_HINT),
    "locked": ("файл занят другой программой", _BUSY),
}
"""by a part of what SQLite says: the reason, and what to do"""

Refs = tuple[tuple[str, str], ...]
"""rulesets as they were asked for, each with its SHA-256"""
Record = Mapping[str, Any]
"""the result of one school, as `check --json` prints it, and under `study` what it was made from"""
Position = tuple[int, int]
"""where a finished record stands: its row, and under which of its rulesets"""


@dataclass(frozen=True, slots=True)
class RecordHead:
    """What the results of one file were made from. `paged`: its page was written too."""

    file: str
    file_sha256: str
    refs: Refs
    own: str
    school: str
    year: int
    version: str
    schema: int
    complete: bool
    paged: bool

    @property
    def input(self) -> str:
        """The digest of everything that the results depend on."""
        return _sha256(json_line([self.file_sha256, self.refs, self.version, self.schema]))

    @property
    def page(self) -> str:
        """The name of the school's page."""
        return page_name(self.school, self.file)

    def exported(self, part: int, paged: bool) -> dict[str, Any]:
        """The head as users see it beside the result under one of the rulesets."""
        return {
            "file": self.file, "file_sha256": self.file_sha256, "refs": self.refs, "part": part, "own": self.own,
            "school": self.school, "year": self.year, "version": self.version, "schema": self.schema,
            "complete": self.complete, "report": self.page if paged else None,
        }  # fmt: skip


def page_name(school: str, file: str) -> str:
    """The name of a page: the id of its school, and a mark of its file, so that no two files ever share a page."""
    return output_name(f"{school}-{_sha256(file)[:8]}", ".html", ())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def as_row(head: RecordHead, bodies: Sequence[bytes]) -> tuple[str, str, bytes, str, str]:
    """The columns of a record after its number; `bodies`: the result under each ruleset as one line of JSON."""
    own, text = json_line({name: getattr(head, name) for name in head.__slots__}), b"\n".join(bodies)
    return head.file, own, zlib.compress(text), head.input, _digest(own, text)


def _digest(own: str, text: bytes) -> str:
    """The digest of a head and what stands behind it."""
    digest = hashlib.sha256(own.encode())
    digest.update(text)
    return digest.hexdigest()


def from_row(own: str, bodies: bytes, source: str, digest: str) -> tuple[RecordHead, list[bytes]] | None:
    """What the columns of a record say; none when a digest does not hold."""
    try:
        text = zlib.decompress(bodies)
        if _digest(own, text) != digest:
            return None
        data = json.loads(own)
        head = RecordHead(**(data | {"refs": tuple((ref, sha) for ref, sha in data["refs"])}))
    except (zlib.error, ValueError, TypeError, KeyError, AttributeError):
        return None
    return (head, text.split(b"\n")) if head.input == source else None


def _parsed(body: bytes) -> dict[str, Any]:
    """The result in a body. Raises `sqlite3.DatabaseError` for what is none."""
    try:
        return dict(from_json(body))
    except (ValueError, TypeError):
        raise sqlite3.DatabaseError from None


def rows(base: sqlite3.Connection, of: str, only: int | None = None) -> Iterator[tuple[int, RecordHead, list[bytes]]]:
    """The records whose numbers stand in the table `of`, by file; or `only` the one with a number.

    Raises `sqlite3.DatabaseError` for one that is not what was written.
    """
    where = "ORDER BY file" if only is None else f"WHERE id = {only:d}"
    # CROSS: file after file along the index, so that nothing is sorted in memory
    for number, _, *columns in base.execute(f"SELECT record.* FROM record CROSS JOIN {of} USING (id) {where}"):
        record = from_row(*columns)
        if record is None:
            raise sqlite3.DatabaseError
        yield number, *record


def about(folder: Path) -> Record:
    """What is true of the whole finished study in `folder`. Raises `InputError` when there is none."""
    if exported(folder) is not None:
        return read_about(_named(folder, STUDY))
    with _reading(folder) as base:
        return _about(base, folder)


def _about(base: sqlite3.Connection, folder: Path) -> Record:
    row = base.execute("SELECT data FROM about").fetchone()
    if row is None:
        hint = "Запустите исследование ещё раз: работа продолжится."
        raise InputError([Problem(Place(str(folder)), "исследование не закончено", hint=hint)])
    text = read_signed(row[0])
    if text is None:
        raise sqlite3.DatabaseError
    return dict(json.loads(text))


def signed(text: str) -> str:
    """A text after its digest."""
    return f"{_sha256(text)} {text}"


def read_signed(text: object) -> str | None:
    """What `signed` was given; none where the digest does not hold."""
    digest, _, rest = text.partition(" ") if isinstance(text, str) else ("", "", "")
    return rest if digest == _sha256(rest) else None


def positions(folder: Path) -> Iterator[tuple[Position, Record]]:
    """Every finished record in the order of the files, and where it stands. Raises `InputError` for a damaged one."""
    with _reading(folder) as base:
        paged = _about(base, folder)["paged"]
        for number, head, bodies in rows(base, "finished"):
            for part, body in enumerate(bodies):
                yield (number, part), {"study": head.exported(part, paged), **_parsed(body)}


def records(folder: Path) -> Iterator[Record]:
    """Every finished record in the order of the files. Raises `InputError` for a damaged one."""
    export = exported(folder)
    if export is None:
        yield from (record for _, record in positions(folder))
        return
    yield from (record for _, record in stored_lines(export, older=True))


def is_study(path: Path) -> bool:
    """Whether a folder holds the results of a study, finished or not."""
    return (path / RESULTS).is_file() or exported(path) is not None


def exported(folder: Path) -> Path | None:
    """The exported results of a study whose folder holds nothing else to read, as 0.1 left it; else none."""
    path = _named(folder, EXPORT)
    return path if path.is_file() and not (folder / RESULTS).exists() else None


def _named(folder: Path, name: str) -> Path:
    """A file of a study by its name, or by the name it had before."""
    former = next(old for old, new in FORMER_NAMES.items() if new == name)
    return folder / (name if (folder / name).exists() else former)


def record_at(folder: Path, position: Position) -> Record:
    """One finished record. Raises `InputError` when it is not there any more."""
    number, part = position
    with _reading(folder, check=False) as base:
        for _, _, bodies in rows(base, "finished", number):
            return _parsed(bodies[part])
    hint = "Запустите команду ещё раз."
    raise InputError([Problem(Place(str(folder)), "пока итоги читались, исследование провели заново", hint=hint)])


@contextmanager
def _reading(folder: Path, check: bool = True) -> Iterator[sqlite3.Connection]:
    path = folder / RESULTS
    if not path.is_file():
        message = "здесь нет итогов исследования"
        raise InputError([Problem(Place(str(folder)), message, remedy=Remedy.RUN_STUDY)])
    with closing(connected(path, check)) as base, one_message(path, InputError, "итоги исследования не читаются"):
        yield base


def connected(path: Path, check: bool = True) -> sqlite3.Connection:
    """A connection to results that are ours, of this format and whole. Raises `InputError` for any other file."""
    with one_message(path, InputError, "итоги исследования не читаются"):
        base = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        try:
            if check:
                _check(base, path)
        except BaseException:
            base.close()
            raise
    return base


def _check(base: sqlite3.Connection, path: Path) -> None:
    (program,), (version,) = (base.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version"))
    if program == PROGRAM and version != FORMAT:
        hint = "Переименуйте этот файл и проведите исследование ещё раз."
        problem = Problem(Place(str(path)), "итоги записаны другой версией программы", str(version), str(FORMAT), hint)
        raise InputError([problem])
    schema = {sql for (sql,) in base.execute("SELECT sql FROM sqlite_master")}
    sound = program == PROGRAM and schema == set(SCHEMA)
    if not sound or base.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError


@contextmanager
def one_message(path: Path, error: type[InputError | OutputError], refused: str) -> Iterator[None]:
    """Whatever SQLite reports becomes one error that names `path`: `error` with the words `refused` when the system
    would not read or write, else `InputError` for a damaged or foreign file."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as exc:  # what SQLite says of a damaged file may be no text
        known = next((known for part, known in _REFUSALS.items() if part in str(exc).lower()), None)
        if known is not None:
            raise error([Problem(Place(str(path)), refused, known[0], hint=known[1])]) from exc
        hint = "Переименуйте или удалите этот файл и проведите исследование ещё раз."
        message = "файл повреждён, или это не итоги исследования"
        raise InputError([Problem(Place(str(path)), message, hint=hint)]) from exc
