"""Where a seat may not be changed, no page shows a way to change it, and each says why."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.hosted.pair import reconciled
from tests.hosted.people import Region
from tests.hosted.routes import seat_addresses

if TYPE_CHECKING:
    from django.test import Client

Clients = Callable[[str], "Client"]
SCHOOL = "gorodskaya-sosh"
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]*)"')
LINKS_TO_CHANGE = re.compile(r'href="[^"]*/(?:documents/new|paste|last-year|confirm)[^"]*"')


@pytest.mark.parametrize(
    ("login", "state", "phase", "why"),
    [
        ("school", "sent", "collect", "Изменить можно, только если документы вернут школе"),
        ("school", "open", "assess", "Эта часть исследования закончена"),
        ("centre", "open", "collect", "Заполняет это другой человек"),
        ("centre", "sent", "collect", "Изменить можно, только если документы вернут школе"),
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
    copies = {f"/s/{seat.code}/copy/yml", f"/s/{seat.code}/copy/xlsx"}  # sent by a form because they are written down
    for name, address in seat_addresses(seat.code):
        if name == "give_back":
            continue
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 404, 422), address
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        text = answer.content.decode()
        if "<html" in text:
            seen += 1
            assert set(FORM.findall(text)) <= {"/sign-out", *copies}, address
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


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("B", "Изменить можно, только если центр откроет оценку снова"),
        ("agreed", "Итог меняется только решениями по расхождениям"),
    ],
)
def test_what_a_pair_sees_of_one_another_is_not_changed(who: str, why: str, region: Region, client_of: Clients) -> None:
    """The page of disputes alone has forms."""
    reconciled(region)
    client, code = client_of("expert-a"), region.seat(SCHOOL, who).code
    for name, address in seat_addresses(code):
        answer = client.get(address, follow=True)
        text = answer.content.decode(errors="replace")
        if answer.status_code == 200 and "<html" in text and name not in ("disputes", "disputes_news"):
            forms = set(FORM.findall(text)) - {f"/s/{code}/copy/yml", f"/s/{code}/copy/xlsx"}
            assert forms == {"/sign-out"}, address
            assert why in text, address
            assert LINKS_TO_CHANGE.findall(text) == [], address
