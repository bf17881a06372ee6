"""One command run in this process, and what must hold of it whatever it was given."""

from __future__ import annotations

import io
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import FrameType
from typing import Final

from vsoko_rules.cli import app

MOST_MEMORY: Final = 500_000_000
"""bytes that the process may have held at any time"""
MOST_KEPT: Final = 2_000
"""characters"""
ENDINGS: Final = (0, 1, 2, 3)
"""exit codes that say something of the input; 4 says that the program failed"""


class Hang(BaseException):
    """A command took more processor time than it may."""


def run(arguments: Sequence[str], seconds: float) -> tuple[int | None, str]:
    """The exit code of `vsoko ARGUMENTS` and what it wrote on stderr, else on stdout; no exit code where it ended in a
    traceback or took more than `seconds` of processor time. The clock on the wall decides nothing."""
    printed, said = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["vsoko", *arguments]
    try:
        with redirect_stdout(printed), redirect_stderr(said), bounded(seconds):
            app.main()
        code: int | None = 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 0 if left.code is None else None
    except Hang:
        return None, f"more than {seconds} s of processor time"
    except BaseException:
        return None, traceback.format_exc()
    finally:
        sys.argv = before
    return code, said.getvalue() or printed.getvalue()[:MOST_KEPT]


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raises `Hang` inside once so much processor time is used up, where the system can tell."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_: int, __: FrameType | None) -> None:
        raise Hang

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def most_memory() -> int:
    """The most memory that this process or one that it waited for has held, bytes; 0 where the system cannot tell."""
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def fault(code: int | None, said: str, held: int, folder: Path) -> str | None:
    """What did not hold after a command; none where all is well. `held` is `most_memory` before it, `folder` is where
    it could write."""
    if code not in ENDINGS:
        return f"exit {code}: {said[-1500:]}"
    if "нет такого параметра" in said:
        return f"the command itself is wrong: {said}"
    if code >= 2 and not said.strip():
        return f"exit {code} without a word"
    if "Traceback" in said:
        return f"a traceback: {said[-1500:]}"
    if left := [path.name for path in folder.rglob("*") if path.name.endswith(".tmp")]:
        return f"half-written: {left}"
    if (memory := most_memory()) > max(MOST_MEMORY, held):
        return f"{memory // 1_000_000} MB held"
    return None
