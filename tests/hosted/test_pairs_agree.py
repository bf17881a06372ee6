"""Two experts who have closed: their disputes, proposals, a third person, the agreed result, and its release."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.pair import SCHOOL, closed_pair, reconciled
from tests.hosted.people import Region

if TYPE_CHECKING:
    from django.test import Client

Clients = Callable[[str], "Client"]
HTMX: Any = {"HTTP_HX_REQUEST": "true"}


def open_codes(client: Client, code: str) -> list[str]:
    """The codes of all disputes on the page."""
    return re.findall(r'id="dispute-([^"]+)"', client.get(f"/s/{code}/disputes").content.decode())


def test_nothing_is_agreed_before_its_phase(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Seat
    from vsoko_rules.web.hosted.pair_seats import open_agreed_seats

    closed_pair(region)
    region.phase("assess")
    assert open_agreed_seats(region.study) == 0
    assert not Seat.objects.filter(who="agreed").exists()


def test_both_see_disputes_alone_with_what_each_found(region: Region, client_of: Clients) -> None:
    agreed = reconciled(region)
    assert agreed.disputes > 0
    page = client_of("expert-a").get(f"/s/{agreed.code}/disputes").content.decode()
    assert f"Открыто расхождений: {agreed.disputes} из {agreed.disputes}".replace(" ", "\u00a0") in page.replace(
        " ", "\u00a0"
    )
    assert all(region.person(login).name in page for login in ("expert-a", "expert-b"))
    assert "В тексте этого нет." in page
    assert open_codes(client_of("expert-b"), agreed.code) == open_codes(client_of("expert-a"), agreed.code)
    assert client_of("school").get(f"/s/{agreed.code}/disputes").status_code == 404
    assert client_of("expert-c").get(f"/s/{agreed.code}/disputes").status_code == 404
    assert str(agreed.disputes) in client_of("expert-a").get("/").content.decode()


def test_the_same_proposal_settles_and_all_settled_closes(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import Snapshot

    agreed = reconciled(region)
    a, b = client_of("expert-a"), client_of("expert-b")
    codes = open_codes(a, agreed.code)
    first = f"/s/{agreed.code}/disputes/of/{codes[0]}"
    assert a.post(first, {"outcome": "met", "comment": "Есть на странице 2."}).status_code == 302
    assert "предлагает" in b.get(f"/s/{agreed.code}/disputes").content.decode()
    assert region.seat(SCHOOL, "agreed").disputes == agreed.disputes
    assert b.post(first, {"outcome": "partial", "comment": "Есть, но не всё."}).status_code == 302
    assert a.post(first, {"outcome": "partial", "comment": "Согласен."}, **HTMX).status_code == 200
    settled = a.get(f"/s/{agreed.code}/disputes/news?seen=1", **HTMX)
    assert (settled.status_code, "Решено" in settled.content.decode()) == (200, True)
    assert a.post(first, {"outcome": "missing", "comment": "Передумал."}, **HTMX).status_code == 200
    assert "Предложения разные" in a.get(f"/s/{agreed.code}/disputes").content.decode()
    for _ in range(6):
        seat = region.seat(SCHOOL, "agreed")
        if seat.state == "locked":
            break
        for code in open_codes(a, agreed.code):
            for client in (a, b):
                client.post(f"/s/{agreed.code}/disputes/of/{code}", {"outcome": "met", "comment": "Посмотрели вместе."})
    seat = region.seat(SCHOOL, "agreed")
    assert (seat.state, seat.disputes) == ("locked", 0)
    names = json.loads(seat.data)["filled_by"]["name"]
    assert all(region.person(login).name in names for login in ("expert-a", "expert-b"))
    kept = Snapshot.objects.get(seat=seat)
    assert (kept.why, kept.data) == ("decided", seat.data)
    assert a.post(first, {"outcome": "missing", "comment": "Поздно."}).status_code == 422
    assert chain.verify().fault is None


def test_what_the_other_says_appears_by_itself(region: Region, client_of: Clients) -> None:
    agreed = reconciled(region)
    a, b = client_of("expert-a"), client_of("expert-b")
    code = open_codes(a, agreed.code)[0]
    asked = f"/s/{agreed.code}/disputes/news?seen={agreed.revision}&of={code}"
    assert b.get(asked, **HTMX).status_code == 204
    told = a.post(f"/s/{agreed.code}/disputes/of/{code}", {"outcome": "met", "comment": "Есть."}, **HTMX)
    assert (told.status_code, "Вы предлагаете" in told.content.decode()) == (200, True)
    came = b.get(asked, **HTMX)
    assert came.status_code == 200
    assert f'id="said-{code}" hx-swap-oob="true"' in came.content.decode()
    assert "предлагает" in came.content.decode()


def test_a_proposal_needs_its_reason(region: Region, client_of: Clients) -> None:
    agreed = reconciled(region)
    a = client_of("expert-a")
    address = f"/s/{agreed.code}/disputes/of/{open_codes(a, agreed.code)[0]}"
    for typed in ({"outcome": "met", "comment": " "}, {"comment": "Есть."}, {"outcome": "other", "comment": "Есть."}):
        assert a.post(address, typed, **HTMX).status_code == 422
        assert a.post(address, typed).status_code == 422
    assert a.post(f"/s/{agreed.code}/disputes/of/nothing", {"outcome": "met", "comment": "Есть."}).status_code == 422
    assert region.seat(SCHOOL, "agreed").revision == agreed.revision


def test_a_third_person_decides_what_stays_open(region: Region, client_of: Clients) -> None:
    agreed = reconciled(region)
    centre, third = client_of("centre"), client_of("expert-c")
    assert third.get(f"/s/{agreed.code}/disputes").status_code == 404
    assert centre.post(f"/s/{agreed.code}/disputes/third", {"third": "expert-a"}).status_code == 422
    assert centre.post(f"/s/{agreed.code}/disputes/third", {"third": "expert-c"}).status_code == 302
    assert region.person("expert-c").name in client_of("expert-a").get(f"/s/{agreed.code}/disputes").content.decode()
    for _ in range(6):
        if region.seat(SCHOOL, "agreed").state == "locked":
            break
        for code in open_codes(third, agreed.code):
            third.post(f"/s/{agreed.code}/disputes/of/{code}", {"outcome": "partial", "comment": "Решил третий."})
    seat = region.seat(SCHOOL, "agreed")
    assert seat.state == "locked"
    assert all(region.person(login).name in seat.data for login in ("expert-a", "expert-b", "expert-c"))


def test_decisions_lapse_when_the_centre_opens_an_assessment_again(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.pair_seats import open_agreed_seats

    agreed = reconciled(region)
    a, b = client_of("expert-a"), client_of("expert-b")
    code = open_codes(a, agreed.code)[0]
    for client in (a, b):
        client.post(f"/s/{agreed.code}/disputes/of/{code}", {"outcome": "met", "comment": "Есть."})
    left = region.seat(SCHOOL, "agreed").disputes
    region.phase("assess")
    opened = region.seat(SCHOOL, "B")
    assert client_of("centre").post(f"/s/{opened.code}/return", {"reason": "Ошибка в номере."}).status_code == 302
    assert a.get(f"/s/{agreed.code}/disputes").status_code == 404
    again = json.loads(opened.data)
    for document in again["documents"]:
        document["holds"] = []
    seat = region.seat(SCHOOL, "B")
    seat.data, seat.state, seat.revision = json.dumps(again), "locked", seat.revision + 1
    seat.save()
    region.phase("reconcile")
    assert open_agreed_seats(region.study) == 1
    assert region.seat(SCHOOL, "agreed").disputes > left


def test_schools_see_what_was_agreed_after_the_release(region: Region, client_of: Clients) -> None:
    from vsoko_rules.errors import InputError
    from vsoko_rules.web.hosted.release import release

    agreed = reconciled(region)
    a, b, school = client_of("expert-a"), client_of("expert-b"), client_of("school")
    for _ in range(6):
        for code in open_codes(a, agreed.code):
            for client in (a, b):
                client.post(f"/s/{agreed.code}/disputes/of/{code}", {"outcome": "met", "comment": "Есть."})
    with pytest.raises(InputError, match="ещё не закрыто"):
        release(region.study, region.person("centre"))
    assert school.get(f"/s/{agreed.code}/").status_code == 404
    region.phase("closed")
    assert school.get(f"/s/{agreed.code}/").status_code == 404
    assert release(region.study, region.person("centre")) == 1
    assert release(region.study, region.person("centre")) == 1
    assert school.get(f"/s/{agreed.code}/").status_code == 200
    assert school.get(f"/s/{agreed.code}/papers/letters").status_code == 200
    assert school.get(f"/s/{agreed.code}/disputes").status_code == 404
    home = school.get("/").content.decode()
    assert f"/s/{agreed.code}/papers/letters" in home
    assert client_of("other").get(f"/s/{agreed.code}/").status_code == 404
    assert "Согласованный итог" in home
