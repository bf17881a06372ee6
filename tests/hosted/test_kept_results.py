"""What came of long work, and what was handed over for it, is kept for a term that its page tells, then taken away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.conftest import BOTH, Clock
from tests.hosted.people import Region
from tests.hosted.test_case_import import archive, confirmed, handed, yaml_of
from tests.hosted.test_centre_pages import text_of

if TYPE_CHECKING:
    from django.test import Client

    from vsoko_rules.web.hosted.models import Work

Clients = Callable[[str], "Client"]
CONTENT = "Приказ № 1 от 12.10.2021. Утвердить положение."


@pytest.fixture
def result(region: Region, clock: Clock) -> Iterator[Callable[[], Work]]:
    """Does work of which a file comes, always the same; the clock is that of the test."""
    from vsoko_rules.web.hosted.work import KINDS, WorkResult, ask_for
    from vsoko_rules.web.hosted.working import work_off

    def made() -> Work:
        work = ask_for("try", region.person("centre"), study=region.study)
        work_off("работник")
        work.refresh_from_db()
        return work

    KINDS["try"] = lambda _work, _report: WorkResult("Приказ.txt", CONTENT.encode())
    yield made
    del KINDS["try"]


def contents() -> int:
    from vsoko_rules.web.hosted.models import StoredFile

    return int(StoredFile.objects.count())


class OneRound(Event):
    """Stops a worker where it would wait."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        self.set()
        return True


def worked() -> None:
    """A worker that finds nothing more to do."""
    from vsoko_rules.web.hosted.working import work_on

    work_on("работник", OneRound())


@BOTH
def test_a_result_is_kept_for_its_term(
    region: Region, clock: Clock, client_of: Clients, result: Callable[[], Work]
) -> None:
    from vsoko_rules.web.hosted.hosted_settings import RESULT_DAYS

    first = result()
    clock.on(days=1)
    second = result()
    assert contents() == 1
    clock.on(days=RESULT_DAYS - 1)
    worked()
    client = client_of("centre")
    assert "Файл хранится до 26.12.2026" in text_of(client.get(f"/work/{first.code}"))
    assert "файл хранится до 27.12.2026" in text_of(client.get("/work"))
    assert client.get(f"/work/{first.code}/file").status_code == 200
    clock.on(hours=1)
    worked()
    client = client_of("centre")
    assert "срок хранения прошёл. Если он нужен, поручите" in text_of(client.get(f"/work/{first.code}"))
    assert text_of(client.get("/work")).count("файла больше нет: срок хранения прошёл") == 1
    answer = client.get(f"/work/{first.code}/file")
    assert answer.status_code == 410
    assert "сделайте его заново" in text_of(answer)
    assert client.get(f"/work/{second.code}/file").status_code == 200  # the same content, made a day later
    clock.on(days=1)
    worked()
    assert client_of("centre").get(f"/work/{second.code}/file").status_code == 410
    assert contents() == 0
    again = result()
    assert client_of("centre").get(f"/work/{again.code}/file").status_code == 200


@BOTH
def test_a_result_that_is_a_file_of_a_school_stays_with_the_school(
    region: Region, clock: Clock, client_of: Clients, result: Callable[[], Work], server: Callable[..., None]
) -> None:
    from vsoko_rules.region.handed_files import handed_files
    from vsoko_rules.web.hosted.models import FileUse
    from vsoko_rules.web.hosted.seat_files import add_files, remove_file

    server(uploads=True)
    seat, user = region.seat("gorodskaya-sosh", "self"), region.person("school")
    work = result()
    add_files(user, seat, handed_files([("Приказ.txt", CONTENT.encode())]))
    sha256 = FileUse.objects.get(seat=seat).file.sha256
    assert contents() == 1
    clock.on(days=31)
    worked()
    work.refresh_from_db()
    assert work.result is None
    assert bytes(FileUse.objects.get(seat=seat).file.content).decode() == CONTENT
    again = result()
    assert remove_file(user, seat, sha256)
    assert client_of("centre").get(f"/work/{again.code}/file").status_code == 200


@BOTH
def test_an_import_that_waits_keeps_what_was_handed_over(region: Region, clock: Clock, client_of: Clients) -> None:
    from django.db import transaction

    from vsoko_rules.web.hosted.models import StoredFile, Work
    from vsoko_rules.web.hosted.stored_content import drop_outlived, drop_unused
    from vsoko_rules.web.hosted.working import work_off

    address = handed(client_of("centre"), region, archive(a_yml=yaml_of("samoproverka", "novaya")))
    assert "Файлы хранятся до 26.12.2026" in text_of(client_of("centre").get(address))
    key = StoredFile.objects.get().pk
    with transaction.atomic():
        assert drop_unused([key]) == 0  # within its term
    clock.on(days=29)
    asked = client_of("centre").post(address)["Location"].split("/")[-1]
    clock.on(days=60)
    with transaction.atomic():
        assert (drop_outlived(), drop_unused([key])) == (0, 0)
    work_off("работник")
    work = Work.objects.get(code=asked)
    assert (work.state, work.told) == ("done", {"taken": 1, "left": 0})
    clock.on(days=30)
    assert drop_outlived() == 0
    clock.on(hours=1)
    assert drop_outlived() == 1
    assert contents() == 0


@BOTH
def test_what_was_handed_over_and_is_gone_is_told(region: Region, clock: Clock, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import StoredFile, Work

    files = archive(a_yml=yaml_of("samoproverka", "novaya"))
    address = handed(client_of("centre"), region, files)
    clock.on(days=31)
    worked()
    client = client_of("centre")
    page = text_of(client.get(address))
    assert "Самих файлов больше нет: срок хранения прошёл" in page
    assert "Перенести школ" not in page
    before = Work.objects.count()
    refused = client.post(address)
    assert (refused.status_code, Work.objects.count()) == (422, before)
    assert "рок хранения переданных файлов прошёл" in text_of(refused)
    files.seek(0)
    address = handed(client, region, files)
    taken: Any = confirmed(client, address)
    assert taken.told == {"taken": 1, "left": 0}
    asked = client.post(address)["Location"].split("/")[-1]
    StoredFile.objects.all().delete()
    worked()
    assert "рок хранения переданных файлов прошёл" in text_of(client.get(f"/work/{asked}"))


@pytest.mark.parametrize("page", ["administrator.ru.md", "centre.ru.md"])
def test_the_guides_tell_the_term(page: str) -> None:
    from vsoko_rules.web.hosted.hosted_settings import RESULT_DAYS

    guide = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    assert re.search(rf"хранятся[^.]* {RESULT_DAYS} дней", guide)
