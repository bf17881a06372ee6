"""The output folder of a study: one study at a time, whole files only, and nothing done twice."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from filelock import FileLock, Timeout

from vsoko_rules.errors import OutputError, Place, Problem
from vsoko_rules.study.lines import Head, Stored, stored
from vsoko_rules.study.work import compact
from vsoko_rules.writing.files import FULL, refusal, write

RESULTS: Final = "results.jsonl"
ERRORS: Final = "errors.jsonl"
REPORTS: Final = "reports"

_LOCK: Final = ".study.lock"
_PARTS: Final = ".results.part"
_HINTS: Final = {
    True: "Готовое сохранено. Освободите место или укажите другую папку и запустите ещё раз: работа продолжится.",
    False: "Укажите папку, в которую можно писать.",
}
"""for a disk that is full, and for everything else"""


class Store:
    """An open output folder. Lines must be kept or added in the order of file names.

    What was written before an interruption is taken over: finished lines wait in part files until the next study.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(folder)
        try:
            with writing(folder):
                self._open()
        except BaseException:
            self._lock.release()
            raise

    def _open(self) -> None:
        parts = sorted(self.folder.glob(f"{_PARTS}-*"), key=lambda p: int(p.suffix[1:] or 0))
        results = self.folder / RESULTS
        self._sources = [*([results] if results.exists() else []), *parts]
        self._groups = stored(self._sources)
        self._next = next(self._groups, None)
        number = int(parts[-1].suffix[1:]) + 1 if parts else 1
        self._sources.append(self.folder / f"{_PARTS}-lines.{number}")
        self._part: IO[bytes] = self._sources[-1].open("wb")
        self._errors: IO[bytes] = (self.folder / f".{ERRORS}.tmp").open("wb")
        self._spans = array("Q")
        self._written = 0

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave whole lines behind for the next study, and let it in."""
        with suppress(OSError):
            self._part.close()
        with suppress(OSError):
            self._errors.close()
        with suppress(OSError):
            (self.folder / f".{ERRORS}.tmp").unlink(missing_ok=True)
            if not self._written:
                self._sources[-1].unlink(missing_ok=True)
        self._groups.close()  # type: ignore[attr-defined]
        self._lock.release()

    def before(self, name: str) -> list[Stored]:
        """Lines that earlier studies left for a file. Names must ascend."""
        while self._next is not None and self._next[0].head.file < name:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0].head.file != name:
            return []
        return self._next

    def keep(self, line: Stored) -> None:
        """Take a line over as it is."""
        self._spans.extend((line.source, line.offset, line.length))

    def body(self, line: Stored) -> str:
        """The result in a stored line, without its head."""
        with self._sources[line.source].open("rb") as stream:
            stream.seek(line.offset)
            text = stream.read(line.length).decode()
        return "{" + text[text.index('},"schema":') + 2 : -1]

    def add(self, head: Head, body: str) -> None:
        """Write a new line."""
        line = head.line(body)
        with writing(self._sources[-1]):
            self._part.write(line)
        self._spans.extend((len(self._sources) - 1, self._written, len(line)))
        self._written += len(line)

    def add_error(self, data: dict[str, Any]) -> None:
        """Write down what is wrong with one file."""
        with writing(self.folder / ERRORS):
            self._errors.write(compact(data).encode() + b"\n")

    def flush(self) -> None:
        """Hand what was written to the system, so that it outlives this process."""
        with writing(self._sources[-1]):
            self._part.flush()

    def page(self, name: str, text: str) -> None:
        """Write the page of one school."""
        write(self.folder / REPORTS / name, text.encode())

    def finish(self) -> None:
        """Put the results together in the order of their files, and let go of the parts."""
        results = self.folder / RESULTS
        with writing(results):
            self._part.close()
            self._groups.close()  # type: ignore[attr-defined]
            self._put_together(results)
            self._errors.close()
            (self.folder / f".{ERRORS}.tmp").replace(self.folder / ERRORS)
            for part in self._sources:
                if part != results:
                    part.unlink(missing_ok=True)

    def _put_together(self, results: Path) -> None:
        only = self._only_source()
        if only is not None:
            if only != results:
                only.replace(results)
            return
        temporary = self.folder / f".{RESULTS}.tmp"
        try:
            with temporary.open("wb") as out:
                self._copy(out)
            temporary.replace(results)
        finally:
            temporary.unlink(missing_ok=True)

    def _only_source(self) -> Path | None:
        """The source that holds exactly the wanted lines in their order, if there is one."""
        if not self._spans:
            return self._sources[-1]
        source, position = self._spans[0], 0
        for n in range(0, len(self._spans), 3):
            if self._spans[n] != source or self._spans[n + 1] != position:
                return None
            position += self._spans[n + 2]
        path = self._sources[source]
        return path if path.stat().st_size == position else None

    def _copy(self, out: IO[bytes]) -> None:
        streams = [path.open("rb") for path in self._sources]
        try:
            for n in range(0, len(self._spans), 3):
                stream = streams[self._spans[n]]
                stream.seek(self._spans[n + 1])
                out.write(stream.read(self._spans[n + 2]))
        finally:
            for stream in streams:
                stream.close()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Whatever the system refuses becomes one `OutputError` that names `path`."""
    try:
        yield
    except OSError as exc:
        hint = _HINTS[exc.errno in FULL]
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
