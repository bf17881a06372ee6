"""The order of the work: results come back in the order of the files, whoever finishes first, and only a bounded number
of them is held at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from vsoko_rules.errors import Place, Problem
from vsoko_rules.study.collect import Found
from vsoko_rules.study.pool import Handle, Pool, WorkerDied
from vsoko_rules.study.work import Done, Job

Kept = TypeVar("Kept")

_CHUNK: Final = 8
"""files that a worker takes at once"""
_AHEAD: Final = 2
"""chunks that wait for each worker"""
_LONGEST: Final = 256
"""items that one chunk spans, those that need no work included"""


@dataclass
class _Span(Generic[Kept]):
    """Neighbouring items: files to assess, and things that pass through untouched."""

    items: list[Found | Kept] = field(default_factory=list)
    files: list[Found] = field(default_factory=list)
    handle: Handle | None = None

    def add(self, item: Found | Kept) -> bool:
        """Take an item; true when the span is full."""
        self.items.append(item)
        if isinstance(item, Found):
            self.files.append(item)
        return len(self.files) >= _CHUNK or len(self.items) >= _LONGEST


def ordered(pool: Pool, job: Job, items: Iterable[Found | Kept]) -> Iterator[Done | Kept]:
    """Each file of `items` assessed, everything else as it is, in the order of `items`."""
    waiting: deque[_Span[Kept]] = deque()
    for span in _spans(items):
        if span.files:
            span.handle = pool.submit(job, span.files)
        waiting.append(span)
        while len(waiting) > pool.width * _AHEAD or (waiting and waiting[0].handle is None):
            yield from _finished(pool, job, waiting)
    while waiting:
        yield from _finished(pool, job, waiting)


def _spans(items: Iterable[Found | Kept]) -> Iterator[_Span[Kept]]:
    span: _Span[Kept] = _Span()
    for item in items:
        if span.add(item):
            yield span
            span = _Span()
    if span.items:
        yield span


def _finished(pool: Pool, job: Job, waiting: deque[_Span[Kept]]) -> Iterator[Done | Kept]:
    """The first of the waiting spans, in its order."""
    span = waiting.popleft()
    try:
        done = iter(span.handle.result() if span.handle is not None else ())
    except WorkerDied:
        done = iter(_one_by_one(pool, job, span.files))
        for other in waiting:
            if other.files:
                other.handle = pool.submit(job, other.files)
    for item in span.items:
        yield next(done) if isinstance(item, Found) else item


def _one_by_one(pool: Pool, job: Job, files: Sequence[Found]) -> list[Done]:
    """A worker died over these files: each again, alone, so that only the one to blame is lost."""
    found: list[Done] = []
    pool.restart()
    for file in files:
        try:
            found += pool.submit(job, [file]).result()
        except WorkerDied:
            hint = "Проверьте, хватает ли памяти; остальные школы оценены."
            problem = Problem(Place(file.name), "оценка этого файла аварийно завершилась", hint=hint)
            found.append(Done(file.name, (problem,)))
            pool.restart()
    return found
