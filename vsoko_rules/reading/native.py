"""Guards around libraries in other languages: their panics become errors, their own words stay unseen."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

_STDERR = 2


class NativePanic(Exception):
    """A library in Rust gave up on what it was given. PyO3 raises its panics past every `except Exception`."""


@contextmanager
def panic_contained() -> Iterator[None]:
    """Raises `NativePanic` for a panic inside, and keeps from the error stream what the library writes there of it."""
    with _held() as held:
        try:
            yield
        except BaseException as exc:
            if type(exc).__module__ != "pyo3_runtime":
                raise
            held.truncate(0)
            raise NativePanic from None


@contextmanager
def _held() -> Iterator[IO[bytes]]:
    """The error stream, held back in a file: what is left in it at the end is written after all."""
    with tempfile.TemporaryFile() as held:
        try:
            saved = os.dup(_STDERR)
        except OSError:  # a program without a console has none
            yield held
            return
        os.dup2(held.fileno(), _STDERR)
        try:
            yield held
        finally:
            os.dup2(saved, _STDERR)
            os.close(saved)
            held.seek(0)
            if rest := held.read():
                os.write(_STDERR, rest)
