"""Work on what others sent, done in a process of its own: its death, its time and its memory are bounded."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, Final, TypeVar

from vsoko_rules.errors import Problem, VsokoError

T = TypeVar("T")

_CHILD: Final = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from vsoko_rules.reading.apart import answer
answer(int(sys.argv[2]), int(sys.argv[3]))
"""


class Overrun(Exception):
    """The process ended without an answer: it was killed, ran out of memory, or took longer than allowed."""


def call_apart(function: Callable[..., T], *args: Any, seconds: int, memory: int) -> T:
    """What a function at the top of a module returns for arguments that can be pickled, from another process.

    It may take `seconds`, and `memory` bytes where the system knows such a limit. What it raises of `VsokoError` is
    raised here. Raises `Overrun`. Where no process can be started, it is called here, without bounds.
    """
    if not sys.executable or getattr(sys, "frozen", False):
        return function(*args)
    command = [sys.executable, "-I", "-c", _CHILD, json.dumps(sys.path), str(seconds), str(memory)]
    question = pickle.dumps((function.__module__, function.__name__, args))
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows a console would flash up
    try:
        child = subprocess.run(
            command, input=question, capture_output=True, check=False, timeout=seconds, creationflags=hidden
        )
    except subprocess.TimeoutExpired:
        raise Overrun from None
    except OSError:  # a browser starts no processes
        return function(*args)
    if child.returncode != 0:
        raise Overrun
    result, error, problems = pickle.loads(child.stdout)
    if error is not None:
        raise error(problems)
    return result  # type: ignore[no-any-return]


def answer(seconds: int, memory: int) -> None:
    """What the other process does: from standard input to standard output, which nothing else may write to."""
    _limit(seconds, memory)
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    module, name, args = pickle.loads(sys.stdin.buffer.read())
    reply: tuple[Any, type[VsokoError] | None, tuple[Problem, ...]]
    try:
        reply = getattr(import_module(module), name)(*args), None, ()
    except VsokoError as exc:
        reply = None, type(exc), exc.problems
    with output:
        output.write(pickle.dumps(reply))


def _limit(seconds: int, memory: int) -> None:
    """Bounds that the system itself keeps, also when the parent is gone. Windows knows none."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        _, hard = resource.getrlimit(kind)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):  # macOS knows the limit of memory and refuses it
            resource.setrlimit(kind, (limit, hard))
