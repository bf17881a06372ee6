"""Pages of a school over a seat: shown, changed, undone; and nothing of what one may not see."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.hosted.conftest import BOTH
from tests.hosted.people import Region

if TYPE_CHECKING:
    from django.test import Client

Clients = Callable[[str], "Client"]


@pytest.mark.parametrize("tab", ["", "documents", "why", "if", "plan", "papers", "history", "details", "paste"])
def test_a_school_sees_the_pages_of_its_own_seat(tab: str, region: Region, client_of: Clients) -> None:
    code = region.seat("gorodskaya-sosh", "self").code
    assert client_of("school").get(f"/s/{code}/{tab}").status_code == 200


@BOTH
def test_a_change_is_kept_with_its_event_and_undone(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted import event_chain as chain

    seat, client = region.seat("gorodskaya-sosh", "self"), client_of("school")
    before = json.loads(seat.data)
    page = client.get(f"/s/{seat.code}/documents?row=komanda").content.decode()
    etag = page.split('name="etag" value="')[1].split('"')[0]
    typed = {"etag": etag, "title": "Приказ о рабочей группе", "shown": "holds:team"}
    assert client.post(f"/s/{seat.code}/documents/komanda", typed).status_code == 302
    changed = region.seat("gorodskaya-sosh", "self")
    assert (changed.revision, "Приказ о рабочей группе" in changed.data) == (1, True)
    assert client.post(f"/s/{seat.code}/documents/komanda", typed).status_code == 409
    assert client.post(f"/s/{seat.code}/undo").status_code == 302
    assert json.loads(region.seat("gorodskaya-sosh", "self").data) == before
    assert (chain.verify().count, chain.verify().fault) == (2, None)


@BOTH
def test_what_others_own_is_not_there(region: Region, client_of: Clients) -> None:
    seat = region.seat("gorodskaya-sosh", "self")
    for login in ("other", "methodist", "expert-a", "auditor"):
        assert client_of(login).get(f"/s/{seat.code}/").status_code == 404
    assert client_of("centre").get(f"/s/{seat.code}/").status_code == 200
    assert client_of("centre").post(f"/s/{seat.code}/undo").status_code == 404


@BOTH
def test_what_is_sent_stays(region: Region, client_of: Clients) -> None:
    seat = region.seat("gorodskaya-sosh", "self")
    seat.state = "sent"
    seat.save()
    told = client_of("school").post(f"/s/{seat.code}/reviewed", {"block": "B1"})
    assert told.status_code == 422
    assert region.seat("gorodskaya-sosh", "self").revision == 0


@BOTH
def test_events_cannot_be_altered(region: Region) -> None:
    from django.db import DatabaseError, transaction

    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import ChainEvent

    chain.append("edit", user=region.person("school"), told=[])
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        ChainEvent.objects.update(kind="other")
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        ChainEvent.objects.all().delete()


@BOTH
def test_an_edit_asks_the_database_few_questions(region: Region, client_of: Clients) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    seat, client = region.seat("gorodskaya-sosh", "self"), client_of("school")
    page = client.get(f"/s/{seat.code}/documents?row=komanda").content.decode()
    typed = {"etag": page.split('name="etag"')[1].split('value="')[1].split('"')[0], "title": "Приказ", "shown": "x"}
    for number in range(2):  # nor do they grow with what happened
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(f"/s/{seat.code}/documents/komanda", typed, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        told = [each["sql"] for each in asked if each["sql"].split()[0] in ("SELECT", "UPDATE", "INSERT", "DELETE")]
        assert len(told) <= 13, told
        assert not any('."told"' in each for each in told if each.startswith("SELECT")), "the whole history was read"
        etag = answer.content.decode().split('name="etag"')[1].split('value="')[1].split('"')[0]
        typed |= {"etag": etag, "title": f"Приказ {number}"}


def test_no_file_is_taken_and_the_page_says_so(region: Region, client_of: Clients) -> None:
    client, code = client_of("school"), region.seat("gorodskaya-sosh", "self").code
    page = client.get(f"/s/{code}/documents").content.decode()
    assert "Файлы документов на этот сервер не передаются" in page
    assert f"/s/{code}/files" not in page
    nothing = f"files/of/{'0' * 64}"
    for address in ("files", "files/read", "files/state", nothing, f"{nothing}/text", f"{nothing}/remove"):
        assert client.post(f"/s/{code}/{address}", {"files": "x"}).status_code in (404, 405), address
        assert client.get(f"/s/{code}/{address}").status_code in (404, 405), address
    asked = client.get(f"/s/{code}/confirm", follow=True)
    assert (asked.status_code, "<h1>Документы" in asked.content.decode()) == (200, True)
