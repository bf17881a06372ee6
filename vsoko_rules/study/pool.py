"""Who does the work: this process, processes of this machine, or a Dask cluster; and the order of the work.

Results come back in the order of the files, whoever finishes first, and only a bounded number of files is under way.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, Final, Protocol

from vsoko_rules.errors import InputError, Place, Problem, argument
from vsoko_rules.study import Backend
from vsoko_rules.study.collect import SchoolFile
from vsoko_rules.study.worker import Assessed, Job, assess_files

_CHUNK: Final = 8
"""files that a worker takes at once"""
_AHEAD: Final = 2
"""chunks that wait for each worker"""
_DASK_ANSWERS: Final = "10s"
"""how long a scheduler may take to answer"""

Chunk = Sequence[SchoolFile]
Answer = Callable[[], list[Assessed]]
"""waits for the results of a chunk; raises `WorkerDied`"""


class Pool(Protocol):
    """Workers. `chunk`: files that are given at once; `ahead`: chunks that wait while another is waited for."""

    chunk: int
    ahead: int

    def submit(self, job: Job, chunk: Chunk) -> Answer:
        """Give work; may be called ahead."""

    def restart(self) -> None:
        """Start anew after a worker died; whatever was submitted before is lost."""

    def close(self) -> None:
        """End at once."""


class WorkerDied(Exception):
    """A worker process ended without an answer: killed, out of memory, or crashed."""


def open_pool(backend: Backend, jobs: int | None, scheduler: str | None) -> Pool:
    """The pool asked for; `jobs` none means all cores. Raises `InputError` when Dask is not there."""
    count = jobs if jobs is not None else (os.cpu_count() or 1)
    if backend is Backend.DASK:
        return _Dask(count, scheduler)
    # A program packed into one file has no Python that could be started as a worker: it would start itself.
    return _Here() if count <= 1 or getattr(sys, "frozen", False) else _Processes(count)


@contextmanager
def dask_calls(
    scheduler: str | None,
) -> Iterator[Callable[[Callable[..., Any], Any, Iterable[Any]], Iterator[Any]]]:
    """A Dask cluster for other work than files, until the end of the block: `function(common, one)` for each of some,
    in their order. A result is `WorkerDied` where that was the end of its worker. Raises `InputError` when Dask is not
    there."""
    cluster = _Dask(os.cpu_count() or 1, scheduler)

    def results(function: Callable[..., Any], common: Any, each: Iterable[Any]) -> Iterator[Any]:
        held, waiting, source = cluster.held(common), deque[Callable[[], Any]](), iter(each)
        for one in source:
            waiting.append(cluster.given(function, held, one))
            if len(waiting) > cluster.ahead:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())

    try:
        yield results
    finally:
        cluster.close()


def _result(answer: Callable[[], Any]) -> Any:
    try:
        return answer()
    except WorkerDied as died:
        return died


@dataclass
class _Task:
    files: Chunk
    answer: Answer


def assessed(pool: Pool, job: Job, files: Iterable[SchoolFile]) -> Iterator[Assessed]:
    """Each of the files assessed, in their order."""
    waiting: deque[_Task] = deque()
    source = iter(files)
    while chunk := list(islice(source, pool.chunk)):
        waiting.append(_Task(chunk, pool.submit(job, chunk)))
        if len(waiting) > pool.ahead:
            yield from _first(pool, job, waiting)
    while waiting:
        yield from _first(pool, job, waiting)


def _first(pool: Pool, job: Job, waiting: deque[_Task]) -> list[Assessed]:
    """The results of what has waited longest."""
    task = waiting.popleft()
    try:
        return task.answer()
    except WorkerDied:
        results = _one_by_one(pool, job, task.files)
        for other in waiting:
            other.answer = pool.submit(job, other.files)
        return results


def _one_by_one(pool: Pool, job: Job, files: Chunk) -> list[Assessed]:
    """A worker died over these files: each again, alone, so that only the one to blame is lost."""
    results: list[Assessed] = []
    pool.restart()
    for file in files:
        try:
            results += pool.submit(job, [file])()
        except WorkerDied:
            hint = "Проверьте, хватает ли памяти; остальные школы оценены."
            problem = Problem(Place(file.name), "оценка этого файла аварийно завершилась", hint=hint)
            results.append(Assessed(file.name, (problem,)))
            pool.restart()
    return results


class _Here:
    """No workers: everything in this process, when its answer is asked for."""

    chunk = 1
    ahead = 0

    def submit(self, job: Job, chunk: Chunk) -> Answer:
        return lambda: assess_files(job, chunk)

    def restart(self) -> None: ...

    def close(self) -> None: ...


def _answer(future: Any, died: type[BaseException]) -> Callable[[], Any]:
    def wait() -> Any:
        try:
            return future.result()
        except died as exc:
            raise WorkerDied from exc

    return wait


class _Processes:
    """Processes of this machine (loky: the same on Linux, Windows and macOS), tied to this one by a pipe.

    The system closes the end of the pipe that this process holds, in whatever way it ends; then the workers end too.
    """

    chunk = _CHUNK

    def __init__(self, count: int) -> None:
        self._count = count
        self.ahead = count * _AHEAD
        self._start()

    def _start(self) -> None:
        from loky import ProcessPoolExecutor

        tied, self._tie = Pipe(duplex=False)
        self._tied = tied
        self._executor = ProcessPoolExecutor(self._count, initializer=_begin_work, initargs=(tied,))

    def submit(self, job: Job, chunk: Chunk) -> Answer:
        try:
            return _answer(self._executor.submit(assess_files, job, chunk), BrokenExecutor)
        except BrokenExecutor:
            return _no_answer

    def restart(self) -> None:
        self.close()
        self._start()

    def close(self) -> None:
        self._tie.close()
        self._executor.shutdown(wait=True, kill_workers=True)
        self._tied.close()


def _no_answer() -> list[Assessed]:
    raise WorkerDied


def _begin_work(tied: Connection) -> None:
    """In a worker: leave interrupts to the parent, and end when it does."""
    for name in ("SIGINT", "SIGHUP"):  # sent to the whole terminal
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(tied,), daemon=True).start()


def _end_with_parent(tied: Connection) -> None:
    try:
        tied.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)  # at once, whatever the worker is doing


class _Dask:
    """A Dask cluster: the one at `scheduler`, or one of `count` processes on this machine."""

    chunk = _CHUNK

    def __init__(self, count: int, scheduler: str | None) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError as exc:
            problem = Problem(argument("backend"), "Dask не установлен", hint="Установите пакет distributed.")
            raise InputError([problem]) from exc
        self._cluster: Any = None
        if scheduler is None:
            self._cluster = distributed.LocalCluster(
                n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None
            )
        try:
            self._client = distributed.Client(scheduler or self._cluster, timeout=_DASK_ANSWERS)
        except (OSError, ValueError) as exc:
            message, hint = "планировщик Dask не отвечает", "Проверьте адрес и порт."
            raise InputError([Problem(argument("scheduler"), message, scheduler, hint=hint)]) from exc
        self._died: type[BaseException] = distributed.scheduler.KilledWorker
        self.ahead = max(1, sum(self._client.nthreads().values())) * _AHEAD

    def submit(self, job: Job, chunk: Chunk) -> Answer:
        return self.given(assess_files, job, list(chunk))

    def given(self, function: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
        """Give a call; what it gives waits for its result and raises `WorkerDied`."""
        call: Callable[..., Any] = self._client.submit
        return _answer(call(function, *arguments, pure=False), self._died)

    def held(self, data: Any) -> Any:
        """Data that are sent to each worker once, to stand among the arguments of calls."""
        return self._client.scatter(data, broadcast=True, hash=False)

    def restart(self) -> None:
        """Dask replaces dead workers by itself, and keeps what was submitted."""

    def close(self) -> None:
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()
