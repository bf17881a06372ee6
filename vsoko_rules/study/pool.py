"""Where the work is done: in this process, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future
from importlib import import_module
from typing import Any, Protocol

from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.study.backends import Backend
from vsoko_rules.study.collect import Found
from vsoko_rules.study.work import Done, Job, assess_files

Chunk = Sequence[Found]


class Handle(Protocol):
    """A promise of the results of a chunk."""

    def result(self) -> list[Done]: ...


class Pool(Protocol):
    """`width` workers. `submit` may run ahead; `restart` starts anew after a worker died; `close` ends at once."""

    width: int

    def submit(self, job: Job, chunk: Chunk) -> Handle: ...

    def restart(self) -> None: ...

    def close(self) -> None: ...


class WorkerDied(Exception):
    """A worker process ended without an answer: killed, out of memory, or crashed."""


def open_pool(backend: Backend, jobs: int | None, scheduler: str | None) -> Pool:
    """The pool asked for; `jobs` none means all cores. Raises `InputError` when Dask is not there."""
    count = jobs if jobs is not None else (os.cpu_count() or 1)
    if backend is Backend.DASK:
        return _Dask(count, scheduler)
    return _Here() if count <= 1 else _Processes(count)


class _Here:
    """No workers: everything in this process."""

    width = 1

    def submit(self, job: Job, chunk: Chunk) -> Handle:
        future: Future[list[Done]] = Future()
        future.set_result(assess_files(job, chunk))
        return future

    def restart(self) -> None: ...

    def close(self) -> None: ...


class _Answer:
    """A future whose dead worker becomes `WorkerDied`, whoever ran it."""

    def __init__(self, future: Any, died: tuple[type[BaseException], ...]) -> None:
        self._future = future
        self._died = died

    def result(self) -> list[Done]:
        try:
            found: list[Done] = self._future.result()
        except self._died as exc:
            raise WorkerDied from exc
        return found


class _Processes:
    """Processes of this machine (loky: the same on Linux, Windows and macOS)."""

    def __init__(self, count: int) -> None:
        self.width = count
        self._executor = self._start()

    def _start(self) -> Any:
        from loky import ProcessPoolExecutor

        return ProcessPoolExecutor(self.width, initializer=_leave_interrupts_to_the_parent)

    def submit(self, job: Job, chunk: Chunk) -> Handle:
        try:
            return _Answer(self._executor.submit(assess_files, job, chunk), (BrokenExecutor,))
        except BrokenExecutor:
            return _Broken()

    def restart(self) -> None:
        self.close()
        self._executor = self._start()

    def close(self) -> None:
        self._executor.shutdown(wait=True, kill_workers=True)


class _Broken:
    def result(self) -> list[Done]:
        raise WorkerDied


class _Dask:
    """A Dask cluster: the one at `scheduler`, or one of `count` processes on this machine."""

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
            self._client = distributed.Client(scheduler or self._cluster, timeout="10s")
        except (OSError, ValueError) as exc:
            message, hint = "планировщик Dask не отвечает", "Проверьте адрес и порт."
            raise InputError([Problem(argument("scheduler"), message, scheduler, hint=hint)]) from exc
        self._died: tuple[type[BaseException], ...] = (distributed.scheduler.KilledWorker,)
        self.width = max(1, sum(self._client.nthreads().values()))

    def submit(self, job: Job, chunk: Chunk) -> Handle:
        call: Callable[..., Any] = self._client.submit
        return _Answer(call(assess_files, job, list(chunk), pure=False), self._died)

    def restart(self) -> None:
        """Dask replaces dead workers by itself."""

    def close(self) -> None:
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
