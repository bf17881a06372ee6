"""A school sends, gets back with a reason, and sends again; an expert begins from what was sent, and closes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.hosted.people import Region

if TYPE_CHECKING:
    from django.test import Client

    from vsoko_rules.web.hosted.models import Seat

Clients = Callable[[str], "Client"]
SCHOOL = "gorodskaya-sosh"
BLOCKS = ["B1", "B2", "B3", "B4", "B5", "B6", "C"]


def revision_shown(client: Client, address: str) -> str:
    """The revision that a page offers to send or to close."""
    return client.get(address).content.decode().split('name="revision" value="')[1].split('"')[0]


def sent(region: Region, client_of: Clients, login: str = "school", school: str = SCHOOL) -> Seat:
    """The seat of a school after it was sent."""
    client, code = client_of(login), region.seat(school, "self").code
    told = client.post(f"/s/{code}/send", {"revision": revision_shown(client, f"/s/{code}/send")})
    assert told.status_code == 302
    return region.seat(school, "self")


def assessed(region: Region, client_of: Clients) -> tuple[Seat, Seat]:
    """The seats of both experts after the study went to its assessment."""
    from vsoko_rules.web.hosted.seat_steps import open_expert_seats

    region.assign(SCHOOL, "A", "expert-a")
    region.assign(SCHOOL, "B", "expert-b")
    sent(region, client_of)
    region.phase("assess")
    assert open_expert_seats(region.study, region.person("centre")) == 2
    assert open_expert_seats(region.study) == 0
    return region.seat(SCHOOL, "A"), region.seat(SCHOOL, "B")


def test_a_school_sends_what_it_was_shown(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent, Snapshot

    before = region.seat(SCHOOL, "self")
    page = client_of("school").get(f"/s/{before.code}/send").content.decode()
    assert "Проверьте перед отправкой" in page
    seat = sent(region, client_of)
    assert (seat.state, seat.closed_at is not None) == ("sent", True)
    kept = Snapshot.objects.get(seat=seat)
    assert (kept.why, kept.data, kept.revision) == ("sent", seat.data, seat.revision)
    assert [event.kind for event in ChainEvent.objects.filter(seat=seat.code)] == ["sent"]


def test_an_empty_list_is_not_all_in_order(region: Region, client_of: Clients) -> None:
    """A school that sends by mistake before it has begun cannot take it back by itself."""
    from vsoko_rules.web.hosted.models import Seat

    seat = region.seat(SCHOOL, "self")
    assert "нет ни одного документа" not in client_of("school").get(f"/s/{seat.code}/send").content.decode()
    empty = json.dumps(
        {k: v for k, v in json.loads(seat.data).items() if k in {"ruleset", "school", "study", "reviewed"}}
    )
    Seat.objects.filter(pk=seat.pk).update(data=empty, revision=seat.revision + 1)
    page = client_of("school").get(f"/s/{seat.code}/send").content.decode()
    assert "В перечне нет ни одного документа" in page
    assert "Всё на месте" not in page


def test_what_was_changed_meanwhile_is_not_sent(region: Region, client_of: Clients) -> None:
    seat, client = region.seat(SCHOOL, "self"), client_of("school")
    shown = revision_shown(client, f"/s/{seat.code}/send")
    assert client.post(f"/s/{seat.code}/reviewed", {"block": ["B1"]}).status_code == 302
    told = client.post(f"/s/{seat.code}/send", {"revision": shown})
    assert (told.status_code, region.seat(SCHOOL, "self").state) == (409, "open")
    assert "Не просмотрено блоков" in told.content.decode()


@pytest.mark.parametrize(("login", "gives"), [("centre", True), ("school", False), ("expert-a", False)])
def test_it_is_given_back_with_a_reason_by_the_centre(
    login: str, gives: bool, region: Region, client_of: Clients
) -> None:
    code = sent(region, client_of).code
    client = client_of(login)
    assert client.get(f"/s/{code}/return").status_code == (200 if gives else 404)
    assert client.post(f"/s/{code}/return", {"reason": " "}).status_code == (422 if gives else 404)
    assert region.seat(SCHOOL, "self").state == "sent"
    client.post(f"/s/{code}/return", {"reason": "Впишите адреса документов."})
    seat = region.seat(SCHOOL, "self")
    assert (seat.state, seat.reason) == (("open", "Впишите адреса документов.") if gives else ("sent", ""))
    if gives:
        shown = client_of("school")
        assert "Впишите адреса документов." in shown.get(f"/s/{code}/documents").content.decode()
        assert "Впишите адреса документов." in shown.get("/").content.decode()
        assert sent(region, client_of).reason == ""


def test_a_methodist_gives_back_in_their_municipality(region: Region, client_of: Clients) -> None:
    code = sent(region, client_of, "other", "selskaya-oosh").code
    first = sent(region, client_of).code
    methodist = client_of("methodist")
    assert methodist.post(f"/s/{first}/return", {"reason": "Нет адресов."}).status_code == 404
    assert methodist.post(f"/s/{code}/return", {"reason": "Нет адресов."}).status_code == 302
    assert region.seat("selskaya-oosh", "self").state == "open"


def test_nothing_is_sent_outside_its_phase(region: Region, client_of: Clients) -> None:
    seat, client = region.seat(SCHOOL, "self"), client_of("school")
    shown = revision_shown(client, f"/s/{seat.code}/send")
    region.phase("assess")
    assert client.post(f"/s/{seat.code}/send", {"revision": shown}).status_code == 422
    assert client.get(f"/s/{seat.code}/send").status_code == 302
    assert region.seat(SCHOOL, "self").state == "open"


def test_experts_begin_from_what_was_sent_without_its_boxes(region: Region, client_of: Clients) -> None:
    a, b = assessed(region, client_of)
    begun, school = json.loads(a.data), json.loads(region.seat(SCHOOL, "self").data)
    assert {d["id"] for d in begun["documents"]} == {d["id"] for d in school["documents"]}
    assert not any("holds" in d or "quote" in d or "based_on" in d for d in begun["documents"])
    assert (begun["reviewed"], begun["filled_by"]["name"]) == ([], region.person("expert-a").name)
    assert json.loads(b.data)["filled_by"]["name"] == region.person("expert-b").name


def test_an_expert_closes_when_all_blocks_are_reviewed(region: Region, client_of: Clients) -> None:
    a, _ = assessed(region, client_of)
    client = client_of("expert-a")
    page = client.get(f"/s/{a.code}/lock").content.decode()
    assert 'name="revision"' not in page
    assert client.post(f"/s/{a.code}/lock", {"revision": a.revision}).status_code == 422
    assert client.post(f"/s/{a.code}/reviewed", {"block": BLOCKS}).status_code == 302
    shown = revision_shown(client, f"/s/{a.code}/lock")
    assert client.post(f"/s/{a.code}/lock", {"revision": shown}).status_code == 302
    assert region.seat(SCHOOL, "A").state == "locked"
    assert client.post(f"/s/{a.code}/undo").status_code == 422
    assert client_of("expert-b").get(f"/s/{a.code}/").status_code == 404


def test_the_centre_opens_again_what_an_expert_closed(region: Region, client_of: Clients) -> None:
    a, _ = assessed(region, client_of)
    client = client_of("expert-a")
    client.post(f"/s/{a.code}/reviewed", {"block": BLOCKS})
    client.post(f"/s/{a.code}/lock", {"revision": revision_shown(client, f"/s/{a.code}/lock")})
    assert client.post(f"/s/{a.code}/return", {"reason": "Сам передумал."}).status_code == 404
    assert client_of("centre").post(f"/s/{a.code}/return", {"reason": "Просьба эксперта."}).status_code == 302
    assert region.seat(SCHOOL, "A").state == "open"
    assert "Просьба эксперта." in client.get("/").content.decode()


def test_the_queue_says_what_comes_first(region: Region, client_of: Clients) -> None:
    from datetime import date

    region.study.assess_until = date(2022, 1, 31)
    region.study.save()
    a, _ = assessed(region, client_of)
    page = client_of("expert-a").get("/").content.decode()
    assert "Что сделать сначала" in page
    assert f"/s/{a.code}/" in page
    assert "Просмотрено блоков: 0" in page
    assert "срок прошёл 31.01.2022" in page
    assert "Мои школы: 0" in client_of("expert-c").get("/").content.decode()


def test_history_does_not_tell_what_happened_elsewhere(region: Region, client_of: Clients) -> None:
    """Numbers of events would: they grow with everything that happens in the region."""
    a, b = assessed(region, client_of)
    for login, seat in (("expert-a", a), ("expert-b", b), ("expert-b", b), ("expert-a", a)):
        chosen = json.loads(region.seat(SCHOOL, seat.who).data)["reviewed"]
        client_of(login).post(f"/s/{seat.code}/reviewed", {"block": [f"B{n}" for n in range(1, len(chosen) + 2)]})
    page = client_of("expert-a").get(f"/s/{a.code}/history").content.decode()
    assert f"/s/{a.code}/history/1" in page
    assert client_of("expert-a").post(f"/s/{a.code}/history/1/back").status_code == 302
    assert json.loads(region.seat(SCHOOL, "A").data)["reviewed"] == ["B1"]
    assert client_of("expert-a").post(f"/s/{a.code}/undo").status_code == 302
    assert json.loads(region.seat(SCHOOL, "A").data)["reviewed"] == ["B1", "B2"]
    assert client_of("expert-a").post(f"/s/{a.code}/redo").status_code == 302
    assert json.loads(region.seat(SCHOOL, "A").data)["reviewed"] == ["B1"]


def test_an_expert_answers_whether_documents_rest_on_one_another(region: Region, client_of: Clients) -> None:
    """What the school states of links is asked, and what is answered counts."""
    a, _ = assessed(region, client_of)
    client = client_of("expert-a")
    page = client.get(f"/s/{a.code}/lock").content.decode()
    document = page.split(f"/s/{a.code}/confirm/")[1].split('"')[0]
    asked = client.get(f"/s/{a.code}/confirm/{document}")
    assert asked.status_code == 200
    key = asked.content.decode().split('name="key" value="')[1].split('"')[0]
    answer = {"key": key, "answer": "yes", "chosen": "1"}
    assert client.post(f"/s/{a.code}/confirm/{document}", answer).status_code == 302
    row = next(d for d in json.loads(region.seat(SCHOOL, "A").data)["documents"] if d["id"] == document)
    assert {"claim": "based_on polozhenie"} in row["evidence"]  # confirmed, as nothing else is said
    assert not any(claim.get("state") == "not_checked" for claim in row["evidence"])
    assert f"/s/{a.code}/confirm/{document}" not in client.get(f"/s/{a.code}/lock").content.decode()
