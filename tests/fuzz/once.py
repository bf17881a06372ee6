"""What every command makes anew is made once for many damaged inputs: time is saved, and nothing else is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, Final, TypeVar
from unittest import mock

import typer.main

from vsoko_rules.intake.texts import inventory
from vsoko_rules.reading import apart

T = TypeVar("T")
MANY: Final = 25
"""questions after which a process is ended, so that its memory is known: a parent learns of it at the end"""


@contextmanager
def once() -> Iterator[None]:
    """Commands are read from their signatures once, and processes apart serve many who ask, with the same bounds for
    each question. One that dies of a question is started anew, as for those who have one of their own."""
    kept = _Processes()
    with ExitStack() as stack:
        stack.callback(kept.close)
        stack.enter_context(mock.patch.object(typer.main, "get_command", cache(typer.main.get_command)))
        for module in (apart, inventory):
            stack.enter_context(mock.patch.object(module, "Apart", kept.process))
        yield


class _Processes:
    """Processes by their bounds, each with the number of questions it was asked."""

    def __init__(self) -> None:
        self._new = apart.Apart
        self._kept: dict[tuple[int, int], apart.Apart] = {}
        self._asked: dict[tuple[int, int], int] = {}

    def process(self, seconds: int, memory: int) -> _Lent:
        """Stands for a new process with these bounds."""
        bounds = seconds, memory
        if bounds not in self._kept:
            self._kept[bounds] = self._new(seconds, memory)
        return _Lent(self._kept[bounds], lambda: self._given_back(bounds))

    def _given_back(self, bounds: tuple[int, int]) -> None:
        self._asked[bounds] = self._asked.get(bounds, 0) + 1
        if self._asked[bounds] % MANY == 0:
            self._kept[bounds].close()

    def close(self) -> None:
        for process in self._kept.values():
            process.close()


class _Lent:
    """A process that goes on when who asked is done with it."""

    def __init__(self, process: apart.Apart, close: Callable[[], None]) -> None:
        self._process = process
        self.close = close

    def __enter__(self) -> _Lent:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """As `Apart.call`."""
        return self._process.call(function, *args)
