"""Killed in the middle: what was acknowledged is there, the trail is whole, and the server goes on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.conftest import BOTH, ON_POSTGRES
from tests.hosted.live import Live, Person, folder_of, served, session_of, until, worker
from tests.hosted.people import Region

if TYPE_CHECKING:
    from own_postgres import OwnPostgres

pytestmark = pytest.mark.slow

ROW = "komanda"


class Typing:
    """Somebody who goes on typing, whatever happens, and remembers what they were told is saved."""

    def __init__(self, person: Person, code: str) -> None:
        self.kept: list[str] = []
        self.answers: list[tuple[int, str]] = []
        self._person, self._code = person, code
        self._stop = Event()
        self._thread = Thread(target=self._run)

    def _run(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            title = f"Приказ {number}."
            try:
                status = self._edit(title)
            except OSError:  # the server is on its way and needs the processor
                self._stop.wait(0.1)
                continue
            if status == 302:
                self.kept.append(title)

    def _edit(self, title: str) -> int:
        status, page = self._person.get(f"/s/{self._code}/documents?row={ROW}")
        self.answers.append((status, page))
        if status != 200:
            return status
        etag = re.search(r'name="etag" value="([^"]*)"', page)
        assert etag is not None
        answer = self._person.post(f"/s/{self._code}/documents/{ROW}", {"etag": etag[1], "title": title})
        self.answers.append(answer)
        return answer[0]

    def __enter__(self) -> Typing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(120)

    def more(self, count: int = 2) -> None:
        """Wait until so many more were saved."""
        wanted = len(self.kept) + count
        until(lambda: len(self.kept) >= wanted)


def check(region: Region, code: str, typing: Typing) -> None:
    """Whatever was acknowledged is an event, in its order; the chain is whole and gives what the seat holds."""
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import ChainEvent
    from vsoko_rules.workspace.case_parts import PartChange, applied

    assert typing.kept
    assert {status for status, _ in typing.answers} <= {200, 302, 409, 503}
    assert not any("Traceback" in text for _, text in typing.answers)
    events = list(ChainEvent.objects.filter(seat=code, kind="edit").order_by("number"))
    titles = [json.loads(event.told)[0][3]["title"] for event in events]
    assert [title for title in titles if title in set(typing.kept)] == typing.kept
    assert chain.verify().fault is None
    seat = region.seat("gorodskaya-sosh", "self")
    assert seat.revision == len(events)
    data = case_before(json.loads(seat.data), events)
    for event in events:
        data = applied(data, [PartChange(*change) for change in json.loads(event.told)])
    assert data == json.loads(seat.data)


def case_before(data: Any, events: list[Any]) -> Any:
    """The case before all of the events."""
    from vsoko_rules.workspace.case_parts import PartChange, applied
    from vsoko_rules.workspace.past import reversed_changes

    for event in reversed(events):
        data = applied(data, reversed_changes([PartChange(*change) for change in json.loads(event.told)]))
    return data


@BOTH
def test_a_server_that_is_killed_loses_nothing(region: Region, database: str, tmp_path: Path) -> None:
    code = region.seat("gorodskaya-sosh", "self").code
    session = session_of(region.person("school"))
    folder, port = folder_of(tmp_path, "сервер", database)
    with served(folder, port, "--no-worker") as live, Typing(Person(live, session), code) as typing:
        typing.more()
        live.kill()
        with served(folder, port, "--no-worker"):
            typing.more()
    check(region, code, typing)


@ON_POSTGRES
def test_one_of_several_processes_that_is_killed_is_begun_anew(region: Region, database: str, tmp_path: Path) -> None:
    code = region.seat("gorodskaya-sosh", "self").code
    session = session_of(region.person("school"))
    folder, port = folder_of(tmp_path, "сервер", database)
    options = ("--no-worker", "--processes", "2")
    with served(folder, port, *options) as live, Typing(Person(live, session), code) as typing:
        typing.more()
        before = children(live)
        assert len(before) == 2
        for pid in before:
            subprocess.run(["kill", "-9", str(pid)], check=True)
        typing.more()
        assert not before & children(live)
    check(region, code, typing)


def children(live: Live) -> set[int]:
    """The processes of a server that answer browsers; of those that Python starts beside them, none."""
    told = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(live.process.pid)], check=True, capture_output=True, text=True
    )
    return {int(line.split()[0]) for line in told.stdout.splitlines() if "spawn_main" in line}


@ON_POSTGRES
@pytest.mark.parametrize("how", ["killed", "stopped"])
def test_a_database_that_is_killed_loses_nothing(
    how: str, region: Region, database: str, tmp_path: Path, postgres: OwnPostgres
) -> None:
    from django.db import connections

    code = region.seat("gorodskaya-sosh", "self").code
    session = session_of(region.person("school"))
    connections.close_all()
    folder, port = folder_of(tmp_path, "сервер", database)
    with served(folder, port, "--no-worker") as live, Typing(Person(live, session), code) as typing:
        typing.more()
        if how == "killed":
            postgres.kill()
        else:
            postgres.stop()
        until(lambda: 503 in {status for status, _ in typing.answers})
        assert any("База данных не отвечает" in text for status, text in typing.answers if status == 503)
        postgres.start()
        typing.more()
    check(region, code, typing)


_SLOW = """
import sys, time
from vsoko_rules.web.hosted.region_server import prepared
from pathlib import Path
prepared(Path(sys.argv[1]))
from vsoko_rules.web.hosted.work import work
from vsoko_rules.web.hosted.working import work_off

@work("slow")
def slow(asked, report):
    report(1, 2)
    print("начато", flush=True)
    time.sleep(600)

work_off("убитый")
"""


@BOTH
def test_the_work_of_a_killed_worker_is_done_by_another(region: Region, database: str, tmp_path: Path) -> None:
    from datetime import timedelta

    from django.db.models import F

    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import Work
    from vsoko_rules.web.hosted.work import ask_for
    from vsoko_rules.web.hosted.working import DEAD_AFTER

    made = ask_for("slow", region.person("centre"), study=region.study)
    folder, _ = folder_of(tmp_path, "сервер", database)
    command = [sys.executable, "-X", "utf8", "-c", _SLOW, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.kill()
    made.refresh_from_db()
    assert (made.state, made.worker, made.done) == ("running", "убитый", 1)
    Work.objects.update(beat_at=F("beat_at") - timedelta(seconds=DEAD_AFTER + 1))
    with worker(folder):  # it knows no such work, and says so: what matters is that it takes it
        until(lambda: Work.objects.get().state == "failed")
    made.refresh_from_db()
    assert (made.tries, made.told["why"]) == (2, "internal")
    assert chain.verify().fault is None
