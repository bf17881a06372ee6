"""Work on what others sent, done in a process of its own: its death, its time and its memory are bounded."""

from __future__ import annotations

import atexit
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from threading import Lock, Timer
from types import TracebackType
from typing import IO, Any, Final, TypeVar

from vsoko_rules.errors import Problem, VsokoError

T = TypeVar("T")

_CHILD: Final = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from vsoko_rules.reading.apart import answer
answer(int(sys.argv[2]), int(sys.argv[3]))
"""
_SIZE: Final = 8
"""bytes in which the length of a message is told before it"""
_inside = False
"""whether this is such a process: it starts no others"""


class Overrun(Exception):
    """The process ended without an answer: it was killed, ran out of memory, or took longer than allowed."""


class Apart:
    """A process that is asked one thing after another and is started anew after it died.

    Each call may take `seconds`, and the process `memory` bytes where the system knows such a limit. It is started by
    the first call and ends with `close`, or with who asks.
    """

    def __init__(self, seconds: int, memory: int) -> None:
        self._seconds, self._memory = seconds, memory
        self._child: subprocess.Popen[bytes] | None = None
        self._asked = Lock()

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self.close()

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """What a function at the top of a module returns for arguments that can be pickled.

        What it raises of `VsokoError` is raised here. Raises `Overrun`. Where no process can be started, the
        function is called here, without bounds.
        """
        with self._asked:
            try:
                child = self._running()
            except OSError:  # a browser starts no processes
                child = None
            reply = (
                None
                if child is None
                else self._ask(child, pickle.dumps((function.__module__, function.__name__, args)))
            )
        if reply is None:
            return function(*args)
        result, error, problems = reply
        if error is not None:
            raise error(problems)
        return result  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the process, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            with suppress(OSError):
                child.__exit__(None, None, None)  # closes the pipes and waits

    def _running(self) -> subprocess.Popen[bytes] | None:
        if _inside or not sys.executable or getattr(sys, "frozen", False):
            return None
        if self._child is not None and self._child.poll() is not None:
            self.close()
        if self._child is None:
            command = [sys.executable, "-I", "-c", _CHILD, json.dumps(sys.path), str(self._seconds), str(self._memory)]
            hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows a console would flash up
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=hidden,
                start_new_session=True,  # Ctrl-C is for who asks: a file that is being read is not damaged by it
            )
        return self._child

    def _ask(self, child: subprocess.Popen[bytes], question: bytes) -> Any:
        assert child.stdin is not None
        assert child.stdout is not None
        clock = Timer(self._seconds, child.kill)
        clock.daemon = True
        clock.start()
        try:
            _send(child.stdin, question)
            reply = _received(child.stdout)
        except OSError:
            reply = None
        except BaseException:  # an answer that nobody waited for would be taken for the next one
            self.close()
            raise
        finally:
            clock.cancel()
        if reply is None:
            self.close()
            raise Overrun
        return pickle.loads(reply)


def call_apart(function: Callable[..., T], *args: Any, seconds: int, memory: int) -> T:
    """What `Apart.call` returns and raises, from a process for this call alone."""
    with Apart(seconds, memory) as apart:
        return apart.call(function, *args)


def shared(seconds: int, memory: int) -> Apart:
    """The process with these bounds that all who ask here share; it ends with this one."""
    return _shared(seconds, memory, os.getpid())


@cache
def _shared(seconds: int, memory: int, _: int) -> Apart:
    apart = Apart(seconds, memory)
    atexit.register(apart.close)
    return apart


def answer(seconds: int, memory: int) -> None:
    """What the other process does, question by question until there are none: from standard input to standard output,
    which nothing else may write to."""
    global _inside  # noqa: PLW0603
    _inside = True
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    _limit("RLIMIT_AS", memory)
    while (question := _received(sys.stdin.buffer)) is not None:
        _limit("RLIMIT_CPU", seconds + int(sum(os.times()[:2])) + 1)
        module, name, args = pickle.loads(question)
        del question  # what was sent may be large
        reply: tuple[Any, type[VsokoError] | None, tuple[Problem, ...]]
        try:
            reply = getattr(import_module(module), name)(*args), None, ()
        except VsokoError as exc:
            reply = None, type(exc), exc.problems
        _send(output, pickle.dumps(reply))


def _send(stream: IO[bytes], message: bytes) -> None:
    stream.write(len(message).to_bytes(_SIZE, "big"))
    stream.write(message)
    stream.flush()


def _received(stream: IO[bytes]) -> bytes | None:
    """The next message; none where the stream ends before or within it."""
    size = stream.read(_SIZE)
    if len(size) < _SIZE:
        return None
    length = int.from_bytes(size, "big")
    message = stream.read(length)
    return message if len(message) == length else None


def _limit(kind: str, most: int) -> None:
    """A bound that the system itself keeps, also when the parent is gone. Windows knows none."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(getattr(resource, kind))
    limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):  # macOS knows the limit of memory and refuses it
        resource.setrlimit(getattr(resource, kind), (limit, hard))
