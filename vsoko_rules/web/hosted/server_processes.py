"""The processes of a server: pages, one or several over one socket, and a worker. One that died is begun anew; when the
first process is gone, the others go."""

from __future__ import annotations

import errno
import multiprocessing
import signal
import socket
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from vsoko_rules.errors import OutputError, Place, Problem

_LOOK: Final = 0.2
"""seconds after which the first process looks whether the others are there"""
_LAST_WORDS: Final = 5
"""seconds that a process has to end"""
_REST: Final = 1
"""seconds before a process that died is begun anew"""

_NO_ADDRESS: Final = "такого адреса у этой машины нет"
_REFUSED: Final = {
    errno.EADDRINUSE: "порт занят: сервер уже запущен, или на нём отвечает другая программа",
    errno.EADDRNOTAVAIL: _NO_ADDRESS,
    errno.EACCES: "этот порт программе открыть не разрешено",
}

Begin = tuple[Callable[..., None], tuple[Any, ...]]
"""what a process does, and with what"""


def bound(address: str, port: int, stated: Place) -> socket.socket:
    """The socket at which browsers ask; `stated` is where its address stands. Raises `OutputError` where there cannot
    be one."""
    try:
        return socket.create_server((address, port), backlog=1024)
    except (OSError, OverflowError) as exc:
        reason = _NO_ADDRESS if isinstance(exc, socket.gaierror) else _REFUSED.get(getattr(exc, "errno", None) or 0)
        message = reason or "здесь сервер открыть нельзя"
        hint = "Адрес (listen) и порт (port) указаны в server.yml."
        raise OutputError([Problem(stated, message, f"{address}:{port}", hint=hint)]) from exc


class Processes:
    """Processes that are kept running, each in a Python of its own: they share nothing but the socket."""

    def __init__(self, begins: list[Begin]) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._begins = begins
        self._running: list[BaseProcess] = [self._begun(begin) for begin in begins]

    def _begun(self, begin: Begin) -> BaseProcess:
        process = self._context.Process(target=_child, args=begin, daemon=True)
        process.start()
        return process

    def look(self, stop: Event) -> None:
        """Begin those anew that died."""
        for place, process in enumerate(self._running):
            if not process.is_alive() and not stop.wait(_REST):
                self._running[place] = self._begun(self._begins[place])

    def close(self) -> None:
        """End all of them."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.join(_LAST_WORDS)
            if process.is_alive():
                process.kill()


def _child(target: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """In a process that was begun: `stop` is set when it is to end, or when nobody is there who would say so."""
    stop = Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of them: the first one ends the others
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    parent = multiprocessing.parent_process()
    assert parent is not None
    sentinel = parent.sentinel

    def watch() -> None:
        wait([sentinel])
        stop.set()

    Thread(target=watch, daemon=True).start()
    target(stop, *arguments)


def pages(stop: Event, folder: Path, taken: socket.socket) -> None:
    """A process that answers browsers at a socket."""
    from vsoko_rules.web.hosted.region_server import listening, prepared, run

    run(listening(prepared(folder), taken), lambda: None, stop)


def works(stop: Event, folder: Path) -> None:
    """A process that does long work."""
    from vsoko_rules.web.hosted.region_server import prepared

    prepared(folder)
    from vsoko_rules.web.hosted.working import work_on, worker_name

    work_on(worker_name(), stop)


def watched(processes: Processes, stop: Event) -> None:
    """Keep the processes running until `stop` is set or somebody interrupts."""
    try:
        while not stop.wait(_LOOK):
            processes.look(stop)
    except KeyboardInterrupt:
        pass
