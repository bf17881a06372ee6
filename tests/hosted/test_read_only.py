"""Where a seat may not be changed, no page shows a way to change it, and each says why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.hosted.people import Region

if TYPE_CHECKING:
    from django.test import Client

Clients = Callable[[str], "Client"]
SCHOOL = "gorodskaya-sosh"
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]*)"')
LINKS_TO_CHANGE = re.compile(r'href="[^"]*/(?:documents/new|paste|last-year|confirm)[^"]*"')


def pages(code: str) -> Iterator[str]:
    """Every address about a seat that can be asked for."""
    from vsoko_rules.web.hosted.access import ACCESS
    from vsoko_rules.web.hosted.hosted_routes import urlpatterns

    values = {
        "code": code,
        "row": "komanda",
        "document": "komanda",
        "of": "B1-G01",
        "kind": "txt",
        "number": "1",
        "step": "1",
    }
    for each in urlpatterns:
        route = str(each.pattern)
        if route.startswith("s/<str:code>/") and ACCESS[str(each.name)].get is not None and each.name != "give_back":
            yield "/" + re.sub(r"<\w+:(\w+)>", lambda found: values[found[1]], route)


@pytest.mark.parametrize(
    ("login", "state", "phase", "why"),
    [
        ("school", "sent", "collect", "Школа отправила эти документы"),
        ("school", "open", "assess", "Эта часть исследования закончена"),
        ("centre", "open", "collect", "Заполняет это другой человек"),
        ("centre", "sent", "collect", "Школа отправила эти документы"),
    ],
)
def test_nothing_on_any_page_changes_it(
    login: str, state: str, phase: str, why: str, region: Region, client_of: Clients
) -> None:
    seat = region.seat(SCHOOL, "self")
    client_of("school").post(f"/s/{seat.code}/reviewed", {"block": ["B1"]})
    seat = region.seat(SCHOOL, "self")
    seat.state = state
    seat.save()
    region.phase(phase)
    client, seen = client_of(login), 0
    for address in pages(seat.code):
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 404, 422), address
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        text = answer.content.decode()
        if "<html" in text:
            seen += 1
            assert set(FORM.findall(text)) == {"/sign-out"}, address
            assert why in text, address
            assert LINKS_TO_CHANGE.findall(text) == [], address
        assert "hx-post" not in text, address
    assert seen > 12


def test_what_stands_in_a_row_is_read_all_the_same(region: Region, client_of: Clients) -> None:
    seat = region.seat(SCHOOL, "self")
    seat.state = "sent"
    seat.save()
    text = client_of("school").get(f"/s/{seat.code}/documents?row=komanda").content.decode()
    assert "Что в нём есть" in text
    assert "На что опирается" in text


def test_who_may_change_it_sees_how(region: Region, client_of: Clients) -> None:
    text = client_of("school").get(f"/s/{region.seat(SCHOOL, 'self').code}/documents?row=komanda").content.decode()
    assert len(FORM.findall(text)) > 3
    assert "why-read-only" not in text
