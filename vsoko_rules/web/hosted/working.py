"""A worker: takes long work, one at a time, says that it is alive, and keeps what came of it.

Nobody else is asked: workers on any number of machines take their work from the table. A worker that died leaves its
work to another after `DEAD_AFTER` seconds; what two workers died of is given up.
"""

from __future__ import annotations

import os
import socket
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Any, Final

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from vsoko_rules.errors import VsokoError
from vsoko_rules.web.hosted import (
    work_kinds,  # noqa: F401 (registers what can be done)
)
from vsoko_rules.web.hosted.models import Work, WorkState
from vsoko_rules.web.hosted.stored_content import drop_outlived, hold_content
from vsoko_rules.web.hosted.work import KINDS, WorkResult, give_up

DEAD_AFTER: Final = 60
"""seconds without a sign of life after which a worker counts as dead"""
_BEAT: Final = 5
"""seconds between two signs of life"""
_LOOK: Final = 1
"""seconds after which an idle worker looks again"""
_CLEAN: Final = 3600
"""seconds after which a worker looks again for files whose term is over"""
_MOST_TRIES: Final = 2
_LOOKED_AT: Final = 20
"""rows that are tried one after the other where others take them first"""


class WorkTaken(Exception):
    """The work was given to another worker, which took this one for dead."""


def worker_name() -> str:
    """The name of this process, as the table of work has it."""
    return f"{socket.gethostname()}:{os.getpid()}"[:100]


def take(worker: str, now: datetime | None = None) -> Work | None:
    """The work that waits longest, given to this worker; none where nothing waits. What was tried too often is given up
    on the way."""
    now = now or timezone.now()
    dead = Q(state=WorkState.RUNNING, beat_at__lt=now - timedelta(seconds=DEAD_AFTER))
    with transaction.atomic():
        rows: QuerySet[Work] = Work.objects.filter(Q(state=WorkState.WAITING) | dead).order_by("made_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        row: Work
        for row in rows[:_LOOKED_AT]:
            as_found = Work.objects.filter(pk=row.pk, state=row.state, tries=row.tries, beat_at=row.beat_at)
            if row.tries >= _MOST_TRIES:
                give_up(row, as_found, {"why": "died"})
            elif as_found.update(
                state=WorkState.RUNNING, tries=F("tries") + 1, worker=worker, beat_at=now, done=0, total=0
            ):
                row.refresh_from_db()
                return row
    return None


def do(row: Work) -> None:
    """Do work that was taken. Whatever happens in it, it is told in its row."""
    mine = Work.objects.filter(pk=row.pk, state=WorkState.RUNNING, worker=row.worker, tries=row.tries)

    def report(done: int, total: int) -> None:
        if not mine.update(done=done, total=total, beat_at=timezone.now()):
            raise WorkTaken

    try:
        with _alive(mine):
            result = KINDS[row.kind](row, report)
        _kept(mine, result)
    except KeyboardInterrupt:
        mine.update(state=WorkState.WAITING, tries=row.tries - 1, worker="")
        raise
    except WorkTaken:
        return
    except VsokoError as error:
        give_up(row, mine, {"why": "problems", "problems": [str(problem) for problem in error.problems]})
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:
        traceback.print_exception(error)
        give_up(row, mine, {"why": "internal", "error": f"{type(error).__name__}: {error}"[:500]})


def _kept(mine: Any, result: WorkResult) -> None:
    with transaction.atomic():
        stored = hold_content(result.content) if result.name and not result.size else None
        done = {"state": WorkState.DONE, "result": stored, "name": result.name, "told": dict(result.told)}
        if not mine.update(**done, size=result.size, beat_at=timezone.now()):
            raise WorkTaken


@contextmanager
def _alive(mine: Any) -> Iterator[None]:
    """Says every now and then that the worker is alive, while it works."""
    stop = Event()

    def beat() -> None:
        while not stop.wait(_BEAT):
            try:
                mine.update(beat_at=timezone.now())
            except (DatabaseError, InterfaceError):  # the work goes on; without a sign of life another takes it
                connection.close()
        connection.close()

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def work_off(worker: str) -> int:
    """Do everything that waits; returns how much that was."""
    count = 0
    while (row := take(worker)) is not None:
        do(row)
        count += 1
    return count


def work_on(worker: str, stop: Event) -> None:
    """Do what waits and what comes, until `stop` is set; between that take away what is not kept any longer. A database
    that does not answer is waited for."""
    cleaned = -float("inf")
    while not stop.is_set():
        try:
            work_off(worker)
            if monotonic() - cleaned >= _CLEAN:
                drop_outlived()
                cleaned = monotonic()
        except (DatabaseError, InterfaceError):
            connection.close()
        close_old_connections()
        stop.wait(_LOOK)
