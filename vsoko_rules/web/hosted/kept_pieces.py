"""What comes of long work and is too large for memory: written to the database piece by piece, and read so.

A try that was taken for dead may still write: its pieces are those of another number, and are taken away with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import RawIOBase
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Final

from django.http import StreamingHttpResponse

from vsoko_rules.web.hosted.models import WorkPiece
from vsoko_rules.web.papers_page import as_attachment

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import Work

PIECE: Final = 4_000_000
"""bytes that are in memory at once, and in one row"""
AT_ONCE: Final = 2
"""downloads of one process that may last: each holds a thread as long as the browser takes (proposed)"""
_PLACES: Final = BoundedSemaphore(AT_ONCE)


class PieceWriter(RawIOBase):
    """A stream into the pieces of a try."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._waiting = bytearray()
        self._number = 0
        self.size = 0

    def writable(self) -> bool:
        """It is there to be written."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes; whole pieces are written."""
        self._waiting += data
        self.size += len(data)
        while len(self._waiting) >= PIECE:
            self._put(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        """Write what is left."""
        if self._waiting:
            self._put(bytes(self._waiting))
            self._waiting.clear()

    def _put(self, content: bytes) -> None:
        WorkPiece.objects.create(work=self._work, tries=self._work.tries, number=self._number, content=content)
        self._number += 1


@contextmanager
def written_in_pieces(work: Work) -> Iterator[PieceWriter]:
    """A stream for what comes of work; what an earlier try left goes first, and this one's where it fails."""
    drop_pieces(work)
    stream = PieceWriter(work)
    try:
        yield stream
        stream.finish()
    except Exception:
        drop_pieces(work, work.tries)
        raise


def drop_pieces(work: Work, tries: int | None = None) -> bool:
    """Take pieces away, those of one try or all; whether there were any."""
    rows = WorkPiece.objects.filter(work=work)
    return bool((rows if tries is None else rows.filter(tries=tries)).only("pk").delete()[0])


class _Download:
    """The pieces of a file, one at a time, as long as somebody takes them."""

    def __init__(self, work: Work) -> None:
        self._rows = WorkPiece.objects.filter(work=work, tries=work.tries).values_list("content", flat=True)
        self._number = 0
        self._open = True

    def __iter__(self) -> _Download:
        return self

    def __next__(self) -> bytes:
        content = self._rows.filter(number=self._number).first()
        if content is None:
            raise StopIteration
        self._number += 1
        return bytes(content)

    def close(self) -> None:
        """Make room for another."""
        if self._open:
            self._open = False
            _PLACES.release()


def download(work: Work) -> StreamingHttpResponse | None:
    """The file to be saved; none where as many others are being taken already as may be."""
    if not _PLACES.acquire(blocking=False):
        return None
    response = StreamingHttpResponse(_Download(work), content_type="application/octet-stream")
    response["Content-Length"] = str(work.size)
    return as_attachment(response, work.name)
