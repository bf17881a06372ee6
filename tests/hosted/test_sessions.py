"""Sessions: on the server, listed, ended by their owner, by a new password, by time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.browsing import PASSWORD, posted, signed_in, with_password
from tests.hosted.conftest import Clock
from tests.hosted.people import Region
from vsoko_rules.web.hosted.hosted_settings import IDLE_MINUTES, SEEN_SECONDS, SIGNED_IN_HOURS

if TYPE_CHECKING:
    from django.test import Client

Strangers = Callable[[], "Client"]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"
YANDEX = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 YaBrowser/25.8 "
    "Safari/537.36"
)
NEW = "другой надёжный пароль 7"


@pytest.fixture
def two(region: Region, stranger: Strangers, clock: Clock) -> tuple[Client, Client]:
    """Two browsers of one expert, the second ten minutes after the first."""
    with_password(region.person("expert-a"))
    first, second = stranger(), stranger()
    first.defaults["HTTP_USER_AGENT"], second.defaults["HTTP_USER_AGENT"] = FIREFOX, YANDEX
    signed_in(first, "expert-a")
    clock.on(minutes=10)
    signed_in(second, "expert-a")
    return first, second


def listed(client: Client) -> list[str]:
    page = client.get("/me").content.decode().replace("\xa0", " ")
    rows = re.findall(r'<li class="row">(.*?)</li>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def ends(client: Client) -> list[str]:
    return re.findall(r'action="(/me/sessions/\w{16}/end)"', client.get("/me").content.decode())


def test_both_are_listed_and_each_can_be_ended(two: tuple[Client, Client]) -> None:
    first, second = two
    rows = listed(second)
    assert [row.partition(" Вход")[0] for row in rows] == [
        "Яндекс Браузер, Windows — этот браузер",
        "Firefox, Linux",
    ]
    assert "Вход 10 минут назад" in rows[1]
    assert posted(second, ends(second)[1], form="/me").headers["Location"] == "/me"
    assert first.get("/").status_code == 302
    assert len(listed(second)) == 1
    assert posted(second, ends(second)[0], form="/me").headers["Location"] == "/sign-in"
    assert second.get("/").status_code == 302


def test_everywhere_is_everywhere(two: tuple[Client, Client]) -> None:
    first, second = two
    assert posted(first, "/me/sessions/end", form="/me").headers["Location"] == "/sign-in"
    assert (first.get("/").status_code, second.get("/").status_code) == (302, 302)


def test_the_session_of_another_is_not_there(region: Region, two: tuple[Client, Client], stranger: Strangers) -> None:
    from vsoko_rules.web.hosted.models import Session

    with_password(region.person("expert-b"))
    other = stranger()
    signed_in(other, "expert-b")
    assert listed(other) == [row for row in listed(other) if "этот браузер" in row]
    answers = {posted(other, address, form="/me").status_code for address in [*ends(two[0]), "/me/sessions/x/end"]}
    assert answers == {404}
    assert Session.objects.count() == 3
    assert all(row.session_key not in two[0].get("/me").content.decode() for row in Session.objects.all())


def test_who_reads_the_database_is_signed_in_nowhere(two: tuple[Client, Client], stranger: Strangers) -> None:
    from django.forms.models import model_to_dict

    from vsoko_rules.web.hosted.models import Session

    rows = [{**model_to_dict(row), "key": row.pk} for row in Session.objects.all()]
    told = " ".join(str(value) for row in rows for value in row.values())
    assert not any(client.cookies["vsoko"].value in told for client in two)
    reader = stranger()
    for row in rows:
        reader.cookies["vsoko"] = row["key"]
        assert reader.get("/me").status_code == 302
    assert [client.get("/me").status_code for client in two] == [200, 200]


def test_a_new_password_ends_the_others(two: tuple[Client, Client], stranger: Strangers) -> None:
    first, second = two
    key = first.cookies["vsoko"].value
    refused = change(first, old="не тот")
    assert (refused.status_code, "Пароль не подходит" in refused.content.decode()) == (422, True)
    assert change(first, again="не такой").status_code == 422
    assert second.get("/").status_code == 200
    assert change(first).headers["Location"] == "/me?said=changed"
    assert (first.get("/").status_code, second.get("/").status_code) == (200, 302)
    assert first.cookies["vsoko"].value != key
    assert signed_in(stranger(), "expert-a").status_code == 422
    assert signed_in(stranger(), "expert-a", NEW).status_code == 302


def change(client: Client, **fields: str) -> Any:
    sent = {"old": PASSWORD, "password": NEW, "again": NEW, **fields}
    return posted(client, "/me/password", form="/me", **sent)


def test_a_password_is_not_guessed_from_within(two: tuple[Client, Client]) -> None:
    answers = [change(two[0], old=f"{number}").status_code for number in range(11)]
    assert answers == [422] * 10 + [429]


def test_it_ends_when_nothing_happens(two: tuple[Client, Client], clock: Clock) -> None:
    first, second = two
    for _ in range(3):
        clock.on(minutes=IDLE_MINUTES - 1)
        assert second.get("/").status_code == 200
    assert first.get("/").status_code == 302
    clock.on(minutes=IDLE_MINUTES)
    assert second.get("/").status_code == 302


def test_it_ends_at_last_whatever_happens(two: tuple[Client, Client], clock: Clock) -> None:
    """Also where a change of what it holds is saved in it meanwhile."""
    first, _ = two
    for _ in range((SIGNED_IN_HOURS * 60 - 10) // 30):
        clock.on(minutes=30)
        assert first.get("/").status_code == 200
    assert change(first).status_code == 302
    clock.on(minutes=19)
    assert first.get("/").status_code == 200
    clock.on(minutes=1)
    assert first.get("/").status_code == 302
    assert listed_rows() == 0


def listed_rows() -> Any:
    from django.utils import timezone

    from vsoko_rules.web.hosted.models import Session

    return Session.objects.filter(expire_date__gt=timezone.now()).count()


def test_that_one_is_there_is_not_written_with_every_request(two: tuple[Client, Client], clock: Clock) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def written() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert two[0].get("/").status_code == 200
        return sum(query["sql"].startswith("UPDATE") for query in queries)

    clock.on(seconds=SEEN_SECONDS)
    assert [written(), written()] == [1, 0]
    clock.on(seconds=SEEN_SECONDS - 1)
    assert written() == 0


def test_what_has_run_out_is_not_kept(two: tuple[Client, Client], stranger: Strangers, clock: Clock) -> None:
    from vsoko_rules.web.hosted.models import Session

    clock.on(hours=SIGNED_IN_HOURS)
    signed_in(stranger(), "expert-a")
    assert Session.objects.count() == 1
