"""A lost update is impossible, on both databases: several people change one seat at once, undo, and it is sent in the
middle of it. Whatever the order was, every change that was acknowledged is in the chain once, and the events from the
start give what the seat holds."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from threading import Barrier, Event, Thread, local
from typing import Any

import pytest

from tests.hosted.conftest import BOTH
from tests.hosted.live import until
from tests.hosted.people import Region
from vsoko_rules.errors import InputError, LostUpdate

WRITERS = 5
STEPS = 7
ROWS = 3


@dataclass
class Writer:
    """One person in one window: what they were told is saved, and what was refused."""

    number: int
    plan: random.Random
    kept: list[str] = field(default_factory=list)
    undone: int = 0
    refused: list[str] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)

    def run(self, region: Region, code: str, together: Barrier, sent: Event) -> None:
        """Change rows of one's own and of others, and undo, as the plan says."""
        from django.db import connection

        try:
            together.wait(60)
            for step in range(STEPS):
                closed = sent.is_set()
                said = self._step(region, code, f"{self.number}-{step}")
                assert not (closed and said), "something was acknowledged after the seat was sent"
        except BaseException as error:
            self.errors.append(error)
        finally:
            connection.close()

    def _step(self, region: Region, code: str, mark: str) -> bool:
        from vsoko_rules.web.hosted.seat_desk import SeatDesk, seat_path

        desk = SeatDesk(region.person("school"))
        undo = self.plan.random() < 0.25
        row = self.plan.choice([0, self.number % ROWS])
        try:
            if undo:
                before = desk.open(seat_path(code)).number
                after: Any = desk.undo(seat_path(code))
                self.undone += after.number > before
            else:
                desk.change(seat_path(code), lambda data: titled(data, row, mark))
                self.kept.append(mark)
        except LostUpdate:
            self.refused.append(mark)
            return False
        except InputError:
            self.refused.append(mark)
            return False
        return True


def titled(data: Any, row: int, title: str) -> Any:
    """A case in which a document has another title."""
    rows = [{**each, "title": title} if number == row else each for number, each in enumerate(data["documents"])]
    return {**data, "documents": rows}


class Apart:
    """Opened seats of each thread by itself, as if it was a process of its own."""

    def __init__(self) -> None:
        self._own = local()

    def __getattr__(self, name: str) -> Any:
        from vsoko_rules.web.hosted.seat_desk import Held

        if not hasattr(self._own, "held"):
            self._own.held = Held()
        return getattr(self._own.held, name)


@BOTH
@pytest.mark.parametrize(("seed", "apart"), [(1, False), (2, True)])
def test_what_was_acknowledged_is_there(
    seed: int, apart: bool, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted import seat_desk
    from vsoko_rules.web.hosted.models import ChainEvent

    if apart:
        monkeypatch.setattr(seat_desk, "_HELD", Apart())
    seat = region.seat("gorodskaya-sosh", "self")
    start = json.loads(seat.data)
    writers = [Writer(number, random.Random(f"{seed}-{number}")) for number in range(WRITERS)]
    together, sent = Barrier(WRITERS + 1), Event()
    threads = [Thread(target=each.run, args=(region, seat.code, together, sent)) for each in writers]
    for thread in threads:
        thread.start()
    together.wait(60)
    until(lambda: ChainEvent.objects.count() >= WRITERS * STEPS // 2 or not any(t.is_alive() for t in threads))
    send(region, seat.code)
    sent.set()
    for thread in threads:
        thread.join(120)
    assert [error for each in writers for error in each.errors] == []

    events = list(ChainEvent.objects.filter(seat=seat.code).order_by("number"))
    kinds = [event.kind for event in events]
    assert kinds.count("sent") == 1
    assert kinds[-1] == "sent"
    assert kinds.count("undo") == sum(each.undone for each in writers)
    titles = [change[3]["title"] for event in events if event.kind == "edit" for change in json.loads(event.told)]
    assert sorted(titles) == sorted(mark for each in writers for mark in each.kept)
    after = region.seat("gorodskaya-sosh", "self")
    assert after.revision == len(events) - 1
    assert replayed(start, events) == json.loads(after.data)
    assert json.loads(after.data) != start
    told = chain.verify()
    assert (told.count, told.fault) == (len(events), None)
    assert "sent" in (after.state, kinds[-1])


def replayed(start: Any, events: list[Any]) -> Any:
    """What the events make of a case. Each must find what it says it found."""
    from vsoko_rules.workspace.case_parts import PartChange, applied

    data = start
    for event in events:
        if event.kind != "sent":
            data = applied(data, [PartChange(*change) for change in json.loads(event.told)])
    return data


def send(region: Region, code: str) -> None:
    """Send the seat as the school would; again where it changed since it was looked at."""
    from vsoko_rules.region.closing_checks import ClosingChecks
    from vsoko_rules.region.seat_actions import SeatAction
    from vsoko_rules.web.hosted.models import Seat
    from vsoko_rules.web.hosted.seat_steps import close

    checks = object.__new__(ClosingChecks)  # nothing of them is asked of a school
    for _ in range(1000):
        seat = Seat.objects.get(code=code)
        try:
            close(region.person("school"), seat, SeatAction.SEND, seat.revision, checks)
        except LostUpdate:
            continue
        return
    raise AssertionError("it could not be sent")


@BOTH
def test_undo_takes_back_what_was_meant_whatever_others_did_since(region: Region) -> None:
    from vsoko_rules.web.hosted.seat_desk import SeatDesk, seat_path

    path = seat_path(region.seat("gorodskaya-sosh", "self").code)
    mine = SeatDesk(region.person("school"))
    mine.change(path, lambda data: titled(data, 0, "моё"))
    past = mine.past(path)

    class Slow(SeatDesk):
        def past(self, path: Any) -> Any:
            return past if len(past.events) == 1 else super().past(path)

    SeatDesk(region.person("school")).change(path, lambda data: titled(data, 1, "чужое"))
    Slow(region.person("school")).undo(path)
    data = json.loads(region.seat("gorodskaya-sosh", "self").data)
    assert [each["title"] for each in data["documents"][:2]][1] == "чужое"
    after = mine.past(path)
    assert after.to_undo is not None
    assert after.to_undo.number == 2
    assert after.to_redo is not None
    assert after.to_redo.number == 1
    SeatDesk(region.person("school")).undo(path)
    assert "чужое" not in region.seat("gorodskaya-sosh", "self").data


def test_two_transactions_that_wait_for_each_other_are_no_fault(region: Region, monkeypatch: Any) -> None:
    """PostgreSQL ends one of them; the change is made anew."""
    from django.db import OperationalError

    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.seat_desk import SeatDesk, seat_path

    class Deadlock(Exception):
        sqlstate = "40P01"

    append = chain.append
    failed: list[int] = []

    def once(*arguments: Any, **more: Any) -> Any:
        if not failed:
            failed.append(1)
            raise OperationalError("deadlock detected") from Deadlock()
        return append(*arguments, **more)

    monkeypatch.setattr(chain, "append", once)
    path = seat_path(region.seat("gorodskaya-sosh", "self").code)
    SeatDesk(region.person("school")).change(path, lambda data: titled(data, 0, "моё"))
    assert region.seat("gorodskaya-sosh", "self").revision == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_a_database_that_does_not_answer_is_said_on_a_page(
    htmx: bool, region: Region, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError
    from django.db.backends.utils import CursorWrapper

    seat, client = region.seat("gorodskaya-sosh", "self"), client_of("school")

    def down(*arguments: Any, **more: Any) -> Any:
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as patched:
        patched.setattr(CursorWrapper, "execute", down)
        asked = client.get(f"/s/{seat.code}/documents", headers={"HX-Request": "true"} if htmx else {})
        assert (asked.status_code, asked["Retry-After"]) == (503, "5")
        text = asked.content.decode()
        assert "База данных не отвечает" in text
        assert "Traceback" not in text
        assert ("HX-Retarget" in asked) == htmx
    assert client.get(f"/s/{seat.code}/documents").status_code == 200
