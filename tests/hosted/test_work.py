"""Long work: taken by one worker, watched on its page, taken over from a worker that died, given up with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.conftest import BOTH
from tests.hosted.people import Region
from vsoko_rules.errors import InputError, Place, Problem

if TYPE_CHECKING:
    from django.test import Client

    from vsoko_rules.web.hosted.models import Work

Clients = Callable[[str], "Client"]


@pytest.fixture
def kinds(region: Region) -> Iterator[dict[str, Any]]:
    """What can be done, to be added to. All kinds are registered before, else they would be gone after the test."""
    from vsoko_rules.web.hosted import work_kinds  # noqa: F401
    from vsoko_rules.web.hosted.work import KINDS

    before = dict(KINDS)
    yield KINDS
    KINDS.clear()
    KINDS.update(before)


def asked(region: Region, kind: str = "try") -> Work:
    from vsoko_rules.web.hosted.work import ask_for

    return ask_for(kind, region.person("centre"), study=region.study, asked={"for": "проба"})


@BOTH
def test_work_is_asked_for_done_and_its_file_taken(region: Region, kinds: Any, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent
    from vsoko_rules.web.hosted.work import WorkResult
    from vsoko_rules.web.hosted.working import work_off

    client, seen = client_of("centre"), []

    def doing(work: Work, report: Any) -> WorkResult:
        report(1, 3)
        seen.append(client.get(f"/work/{work.code}/state").content.decode())
        return WorkResult("итог.txt", "готово".encode(), {"lines": ["одна школа"]})

    kinds["try"] = doing
    work = asked(region)
    waiting = client.get(f"/work/{work.code}").content.decode()
    assert "Ждёт очереди" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert work_off("первый") == 1
    assert "Сделано 1 из 3" in seen[0].replace("\u00a0", " ")
    done = client.get(f"/work/{work.code}").content.decode()
    assert "Готово" in done
    assert "одна школа" in done
    assert "every 2s" not in done
    assert client.get("/work").content.decode().count("готово") == 1
    file: Any = client.get(f"/work/{work.code}/file")
    assert file.content.decode() == "готово"
    events = [(each.kind, json.loads(each.told)) for each in ChainEvent.objects.order_by("number")]
    assert [kind for kind, _ in events] == ["work_asked", "export"]
    assert events[1][1] == {"what": "work", "kind": "try", "name": "итог.txt"}
    assert client_of("school").get(f"/work/{work.code}").status_code == 404
    assert client_of("auditor").get(f"/work/{work.code}/file").status_code == 404


@BOTH
def test_workers_at_once_do_each_work_once(region: Region, kinds: Any) -> None:
    from django.db import connection

    from vsoko_rules.web.hosted.models import Work as Table
    from vsoko_rules.web.hosted.work import WorkResult
    from vsoko_rules.web.hosted.working import work_off

    done: list[str] = []

    def doing(work: Work, report: Any) -> WorkResult:
        done.append(work.code)
        return WorkResult()

    kinds["try"] = doing
    codes = [asked(region).code for _ in range(12)]
    together = Barrier(3)

    def worker(name: str) -> None:
        together.wait(60)
        work_off(name)
        connection.close()

    threads = [Thread(target=worker, args=(str(number),)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(done) == sorted(codes)
    assert set(Table.objects.values_list("state", flat=True)) == {"done"}


@BOTH
def test_what_a_dead_worker_left_is_done_by_another_once(region: Region, kinds: Any, client_of: Clients) -> None:
    from django.utils import timezone

    from vsoko_rules.web.hosted.models import ChainEvent
    from vsoko_rules.web.hosted.working import DEAD_AFTER, take

    work = asked(region)
    first = take("первый")
    assert first is not None
    assert take("второй") is None
    later = timezone.now() + timedelta(seconds=DEAD_AFTER + 1)
    second = take("второй", later)
    assert second is not None
    assert (second.code, second.worker, second.tries) == (work.code, "второй", 2)
    assert take("третий", later + timedelta(seconds=DEAD_AFTER + 1)) is None
    work.refresh_from_db()
    assert (work.state, work.told) == ("failed", {"why": "died"})
    assert "дважды оборвался" in client_of("centre").get(f"/work/{work.code}").content.decode()
    assert list(ChainEvent.objects.order_by("number").values_list("kind", flat=True)) == ["work_asked", "work_failed"]


@BOTH
def test_a_worker_that_was_taken_for_dead_keeps_nothing(region: Region, kinds: Any) -> None:
    from django.utils import timezone

    from vsoko_rules.web.hosted.work import WorkResult
    from vsoko_rules.web.hosted.working import DEAD_AFTER, do, take

    def slow(work: Work, report: Any) -> WorkResult:
        assert take("второй", timezone.now() + timedelta(seconds=DEAD_AFTER + 1)) is not None
        if work.asked["for"] == "отчёт":
            report(1, 2)
        return WorkResult("поздно.txt", b"late")

    kinds["try"] = slow
    for _ in range(2):
        work = asked(region)
        first = take("первый")
        assert first is not None
        do(first)
        work.refresh_from_db()
        assert (work.state, work.worker, work.name) == ("running", "второй", "")
        work.delete()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (InputError([Problem(Place("школа.yml", 3), "нет года")]), "школа.yml:3: нет года"),
        (ZeroDivisionError("пополам"), "Это ошибка программы: ZeroDivisionError: пополам"),
    ],
)
def test_what_went_wrong_is_told(
    error: Exception, told: str, region: Region, kinds: Any, client_of: Clients, capfd: pytest.CaptureFixture[str]
) -> None:
    from vsoko_rules.web.hosted.working import work_off

    def fails(work: Work, report: Any) -> Any:
        raise error

    kinds["try"] = fails
    work = asked(region)
    work_off("первый")
    page = client_of("centre").get(f"/work/{work.code}").content.decode()
    assert "Не удалось" in page
    assert told in page
    assert ("Traceback" in capfd.readouterr().err) == (not isinstance(error, InputError))


def test_a_kind_that_is_not_known_is_told(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.working import work_off

    work = asked(region, "неведомое")
    work_off("первый")
    work.refresh_from_db()
    assert (work.state, work.told["why"]) == ("failed", "internal")


def test_whoever_interrupts_a_worker_leaves_its_work_waiting(region: Region, kinds: Any) -> None:
    from vsoko_rules.web.hosted.working import work_off

    def interrupted(work: Work, report: Any) -> Any:
        raise KeyboardInterrupt

    kinds["try"] = interrupted
    work = asked(region)
    with pytest.raises(KeyboardInterrupt):
        work_off("первый")
    work.refresh_from_db()
    assert (work.state, work.tries) == ("waiting", 0)
