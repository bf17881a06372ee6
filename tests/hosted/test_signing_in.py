"""Signing in: alike for names that there are and that there are not, and not too often."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.browsing import PASSWORD, signed_in, with_password
from tests.hosted.conftest import HOST, Clock
from tests.hosted.people import Region
from vsoko_rules.web.hosted.hosted_settings import TRIES_MINUTES, TRIES_OF_ADDRESS, TRIES_OF_NAME

if TYPE_CHECKING:
    from django.test import Client

Strangers = Callable[[], "Client"]
WRONG = "не тот пароль"


def test_a_person_signs_in_and_out(region: Region, stranger: Strangers) -> None:
    with_password(region.person("expert-a"))
    client = stranger()
    assert client.get("/").status_code == 302
    assert signed_in(client, " Expert-A ").headers["Location"] == "/"
    page = client.get("/").content.decode()
    assert "Пробный человек expert-a" in page
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert client.post("/sign-out", {"csrfmiddlewaretoken": token}).headers["Location"] == "/sign-in"
    assert client.get("/").status_code == 302


def test_the_key_of_the_session_is_new(region: Region, stranger: Strangers) -> None:
    with_password(region.person("expert-a"))
    client = stranger()
    client.cookies["vsoko"] = "kept-by-whoever-had-the-browser-"
    signed_in(client, "expert-a")
    first = client.cookies["vsoko"].value
    assert first != "kept-by-whoever-had-the-browser-"
    signed_in(client, "expert-a", form="/me")
    assert client.get("/").status_code == 200


def test_names_that_there_are_not_are_answered_alike(
    region: Region, stranger: Strangers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by what is said nor by how much work is done: the password is hashed once whatever the name."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    with_password(region.person("expert-a"))
    off = with_password(region.person("expert-b"))
    off.is_active = False
    off.save()
    region.person("expert-c").set_unusable_password()
    hashed: list[str] = []

    def counted(work: Callable[..., Any]) -> Callable[..., Any]:
        def once(*given: Any) -> Any:
            hashed.append(work.__name__)
            return work(*given)

        return once

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted(Argon2PasswordHasher.encode))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", counted(Argon2PasswordHasher.verify))
    answers = {}
    for login, password in {
        "expert-a": WRONG, "nobody": WRONG, "expert-b": PASSWORD, "expert-c": WRONG, "school": WRONG, "": WRONG,
    }.items():  # fmt: skip
        hashed.clear()
        answer = signed_in(stranger(), login, password)
        answers[login] = (answer.status_code, without_token(answer.content.decode()), len(hashed))
    assert set(answers.values()) == {answers["nobody"]}
    assert answers["nobody"][0::2] == (422, 1)


def without_token(page: str) -> str:
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"', maxsplit=1)[0]
    return page.replace(token, "")


@pytest.mark.parametrize("login", ["expert-a", "nobody"])
def test_too_many_tries_lock_a_name(login: str, region: Region, stranger: Strangers, clock: Clock) -> None:
    """Whether there is such a person or not, from whatever address, for a while."""
    from vsoko_rules.web.hosted.sign_in_tries import Tries

    with_password(region.person("expert-a"))
    for number in range(TRIES_OF_NAME):
        assert Tries.of(login, f"192.0.2.{number}").take()
    locked = signed_in(stranger(), login.upper())
    assert locked.status_code == 429
    assert "15 минут" in locked.content.decode().replace("\xa0", " ")
    clock.on(minutes=TRIES_MINUTES - 1)
    assert signed_in(stranger(), login).status_code == 429
    clock.on(minutes=1)
    assert signed_in(stranger(), login).status_code == (302 if login == "expert-a" else 422)


def test_a_right_password_frees_the_name(region: Region, stranger: Strangers, clock: Clock) -> None:
    with_password(region.person("expert-a"))
    for _ in range(2):
        for _ in range(TRIES_OF_NAME - 1):
            count("expert-a")
        assert signed_in(stranger(), "expert-a").status_code == 302


def test_too_many_tries_lock_an_address(region: Region, stranger: Strangers, clock: Clock) -> None:
    """Whatever names they were for; one's own account in between frees nothing."""
    with_password(region.person("expert-a"))
    for number in range(TRIES_OF_ADDRESS - 1):
        count(f"name-{number}", "127.0.0.1")
    assert signed_in(stranger(), "expert-a").status_code == 302
    assert signed_in(stranger(), "other", WRONG).status_code == 422
    assert signed_in(stranger(), "expert-a").status_code == 429
    elsewhere = stranger()
    elsewhere.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert signed_in(elsewhere, "expert-a").status_code == 302
    clock.on(minutes=TRIES_MINUTES)
    assert signed_in(stranger(), "expert-a").status_code == 302


def count(login: str, address: str = "192.0.2.200") -> None:
    from vsoko_rules.web.hosted.sign_in_tries import Tries

    assert Tries.of(login, address).take()


def test_a_network_of_the_new_kind_is_one_address(database: object) -> None:
    from vsoko_rules.web.hosted.sign_in_tries import Tries

    first, second = Tries.of("a", "2001:db8::1"), Tries.of("a", "2001:db8::2:1")
    assert first.address == second.address != Tries.of("a", "2001:db8:0:1::1").address
    assert Tries.of("a", "192.0.2.1").address != Tries.of("a", "192.0.2.2").address


def test_tries_tell_neither_names_nor_addresses(region: Region, stranger: Strangers) -> None:
    from vsoko_rules.web.hosted.models import SignInTries

    signed_in(stranger(), "expert-a", WRONG)
    rows = list(SignInTries.objects.values_list("key", flat=True))
    assert len(rows) == 2
    assert all(len(key) == 64 and "expert" not in key and "127" not in key for key in rows)


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example", "///evil.example",
        "javascript:alert(1)", f"https://{HOST}/", "evil", "", "/" + "a" * 3_000, "http:///evil.example",
    ],
)  # fmt: skip
def test_one_goes_on_to_this_server_alone(foreign: str, region: Region, stranger: Strangers) -> None:
    with_password(region.person("expert-a"))
    client = stranger()
    assert signed_in(client, "expert-a", next=foreign).headers["Location"] == "/"
    assert client.get("/sign-in", {"next": foreign}).headers["Location"] == "/"


def test_one_goes_on_to_where_one_wanted_to(region: Region, stranger: Strangers) -> None:
    with_password(region.person("school"))
    client, code = stranger(), region.seat("gorodskaya-sosh", "self").code
    asked = client.get(f"/s/{code}/documents?row=komanda")
    assert asked.headers["Location"] == f"/sign-in?next=%2Fs%2F{code}%2Fdocuments%3Frow%3Dkomanda"
    assert f'value="/s/{code}/documents?row=komanda"' in client.get(asked.headers["Location"]).content.decode()
    there = signed_in(client, "school", next=f"/s/{code}/documents?row=komanda\r\nX-Own: 1").headers
    assert there["Location"].startswith(f"/s/{code}/documents?row=komanda%0D%0A")
    assert "X-Own" not in there
