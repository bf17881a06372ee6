"""What every kind of damaged input has: sound files, and the commands that are tried on damaged ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import ClassVar

from tests.fuzz.watch import run


class Target(ABC):
    """A kind of input. `home` is a folder of its own where sound files wait."""

    seconds: ClassVar[float] = 2
    """of processor time that a command may take"""

    def __init__(self, home: Path) -> None:
        self.home = home

    @abstractmethod
    def commands(self, random: Random, into: Path) -> Sequence[Sequence[str]]:
        """Write a damaged input into a new folder; returns the arguments of the commands to try on it."""

    def run(self, arguments: Sequence[str], seconds: float) -> tuple[int | None, str]:
        """How one of them ended, and what it said; see `tests.fuzz.watch.run`."""
        return run(arguments, seconds)

    def made(self, *arguments: str) -> None:
        """Run a command that makes a sound input."""
        code, said = run(arguments, 600)
        assert code in (0, 1), said
