"""Invitations: open once, for a while, and set a password."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.browsing import PASSWORD, path_of, posted, signed_in, with_password
from tests.hosted.conftest import HOST, Clock
from tests.hosted.people import Region
from vsoko_rules.web.hosted.hosted_settings import INVITED_HOURS

if TYPE_CHECKING:
    from django.test import Client

Strangers = Callable[[], "Client"]
NEW = "другой надёжный пароль 7"


def invited(region: Region, login: str = "expert-a", by: str | None = "centre") -> str:
    from vsoko_rules.web.hosted.accounts import invite

    link = invite(region.person(login), region.person(by) if by else None)
    assert link.startswith(f"http://{HOST}/invite/")
    return path_of(link)


def accepted(client: Client, address: str, **fields: str) -> Any:
    return posted(client, address, **{"name": "Другое Имя", "password": NEW, "again": NEW, **fields})


def test_an_invitation_sets_name_and_password_and_signs_in(region: Region, stranger: Strangers) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent, Invitation

    address, client = invited(region), stranger()
    kept = Invitation.objects.get()
    assert kept.digest == hashlib.sha256(address.rpartition("/")[2].encode()).hexdigest()
    page = client.get(address).content.decode()
    assert 'value="expert-a"' in page
    assert page.count('autocomplete="new-password"') == 2
    assert accepted(client, address, name="  Другое   Имя ").headers["Location"] == "/"
    assert "Другое Имя" in client.get("/").content.decode()
    region.person("expert-a").refresh_from_db()
    assert region.person("expert-a").password.startswith("argon2$argon2id$")
    assert signed_in(stranger(), "expert-a", NEW).status_code == 302
    told = list(ChainEvent.objects.values_list("kind", "user"))
    assert told == [("invited", region.person("centre").pk), ("joined", region.person("expert-a").pk)]


def test_what_does_not_open_is_answered_alike(region: Region, stranger: Strangers, clock: Clock) -> None:
    """Used, run out, made anew, of a person who was switched off, and never made."""
    from vsoko_rules.web.hosted.accounts import switch_off

    used, old = invited(region, "expert-a"), invited(region, "expert-b")
    assert accepted(stranger(), used).status_code == 302
    off = invited(region, "expert-c")
    switch_off(region.person("expert-c"), region.person("centre"))
    fresh = invited(region, "expert-b")
    late = invited(region, "school")
    clock.on(hours=INVITED_HOURS)
    fresh = invited(region, "expert-b")
    pages = set()
    for address in (used, old, off, late, "/invite/x", f"/invite/{'я' * 43}", f"{fresh}x"):
        for answer in (stranger().get(address), accepted(stranger(), address)):
            assert answer.status_code == (404 if answer.request["REQUEST_METHOD"] == "GET" else 403), address
        pages.add(stranger().get(address).content)
    assert len(pages) == 1
    assert stranger().get(fresh).status_code == 200


def test_it_opens_until_its_time_is_over(region: Region, stranger: Strangers, clock: Clock) -> None:
    address, client = invited(region), stranger()
    clock.on(hours=INVITED_HOURS, seconds=-1)
    token = client.get(address).content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    clock.on(seconds=1)
    sent = {"csrfmiddlewaretoken": token, "name": "Имя", "password": NEW, "again": NEW}
    assert client.post(address, sent).status_code == 404
    region.person("expert-a").refresh_from_db()
    assert region.person("expert-a").password == ""


def test_two_at_once_use_it_once(region: Region) -> None:
    from vsoko_rules.web.hosted.accounts import accept, invitation_of

    token = invited(region).rpartition("/")[2]
    first, second = invitation_of(token), invitation_of(token)
    assert first is not None
    assert second is not None
    assert accept(first, "Первый", NEW)
    assert not accept(second, "Второй", PASSWORD)
    region.person("expert-a").refresh_from_db()
    assert (region.person("expert-a").name, region.person("expert-a").check_password(NEW)) == ("Первый", True)


def test_looking_at_the_link_uses_nothing_up(region: Region, stranger: Strangers) -> None:
    address = invited(region)
    for _ in range(3):
        assert stranger().get(address).status_code == 200
        assert stranger().head(address).status_code == 200
    assert accepted(stranger(), address).status_code == 302


def test_a_new_invitation_ends_what_was_signed_in(region: Region, stranger: Strangers) -> None:
    """For whoever forgot the password, or has reason to think that somebody else knows it."""
    with_password(region.person("expert-a"))
    client = stranger()
    signed_in(client, "expert-a")
    address = invited(region)
    assert client.get("/").status_code == 302
    elsewhere = stranger()
    assert signed_in(elsewhere, "expert-a").status_code == 302
    assert accepted(stranger(), address).status_code == 302
    assert elsewhere.get("/").status_code == 302
    assert signed_in(stranger(), "expert-a").status_code == 422


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("коротко", "коротко", "не меньше 12 знаков"),
        ("123456789012345", "123456789012345", "из одних цифр"),
        ("qwerty123456", "qwerty123456", "в списках частых"),
        ("пробный-человек", "пробный-человек", "похож на имя"),
        (NEW, NEW + "!", "в двух полях разные"),
        ("д" * 1_001, "д" * 1_001, "слишком длинный"),
    ],
)
def test_a_password_that_is_none_is_refused_in_russian(
    password: str, again: str, said: str, region: Region, stranger: Strangers
) -> None:
    address = invited(region)
    refused = accepted(stranger(), address, name="Пробный человек", password=password, again=again)
    page = refused.content.decode().replace("\xa0", " ")
    assert refused.status_code == 422
    assert said in page
    assert password not in page.partition("<form")[2]
    assert stranger().get(address).status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "д" * 201])
def test_a_name_is_asked_for(name: str, region: Region, stranger: Strangers) -> None:
    refused = accepted(stranger(), invited(region), name=name)
    assert (refused.status_code, "как вас зовут" in refused.content.decode()) == (422, True)


def test_who_is_switched_off_is_out_at_once(region: Region, stranger: Strangers) -> None:
    from vsoko_rules.web.hosted.accounts import switch_off, switch_on

    user, client = with_password(region.person("expert-a")), stranger()
    signed_in(client, "expert-a")
    switch_off(user, region.person("centre"))
    assert client.get("/").status_code == 302
    assert signed_in(stranger(), "expert-a").status_code == 422
    switch_on(user, region.person("centre"))
    assert client.get("/").status_code == 302
    assert signed_in(stranger(), "expert-a").status_code == 302
