"""The second step of signing in: asked of the centre, offered to all; a code is good once."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from math import log2
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.browsing import PASSWORD, code_now, posted, signed_in, with_password
from tests.hosted.conftest import BOTH, Clock
from tests.hosted.people import Region
from vsoko_rules.web.hosted.hosted_settings import RECOVERY_CODES

if TYPE_CHECKING:
    from django.test import Client

Strangers = Callable[[], "Client"]
ASKED = "/second-factor"


@pytest.fixture
def strict(server: Callable[..., None], region: Region, clock: Clock) -> Region:
    """A server on which the centre does not go without."""
    server(second_factor=True)
    for login in ("centre", "expert-a"):
        with_password(region.person(login))
    return region


def enrolled(client: Client, region: Region, login: str) -> list[str]:
    """Sign in and set the second step up; returns the recovery codes."""
    signed_in(client, login)
    client.get(ASKED)
    answer = posted(client, ASKED, code=code_now(region.person(login)))
    assert answer.status_code == 200
    return re.findall(r"<li><code>([\w-]+)</code>", answer.content.decode())


def test_the_centre_sees_nothing_before_it_is_set_up(strict: Region, stranger: Strangers) -> None:
    client = stranger()
    assert signed_in(client, "centre").headers["Location"] == "/"
    for address in ("/", "/me", f"/s/{strict.seat('gorodskaya-sosh', 'self').code}/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, ASKED)
    page = client.get(ASKED).content.decode()
    assert "Городская" not in page
    key = re.findall(r'<code class="key">([A-Z2-7 ]+)</code>', page)[0].replace(" ", "")
    address = unescape(re.findall(r'href="(otpauth://[^"]+)"', page)[0])
    assert f"secret={key}" in address
    assert "issuer=%D0%92%D0%A1%D0%9E%D0%9A%D0%9E" in address
    assert "<svg" in page
    assert " style=" not in page
    assert "<style" not in page
    codes = enrolled(client, strict, "centre")
    assert len(set(codes)) == RECOVERY_CODES
    assert client.get("/").status_code == 200


def test_each_session_takes_the_step(strict: Region, stranger: Strangers, clock: Clock) -> None:
    enrolled(stranger(), strict, "centre")
    client = stranger()
    signed_in(client, "centre")
    before = client.cookies["vsoko"].value
    wanted = client.get("/me").headers["Location"]
    assert wanted == f"{ASKED}?next=%2Fme"
    used = code_now(strict.person("centre"))
    refused = posted(client, ASKED, code=used)
    assert (refused.status_code, "Код не подошёл" in refused.content.decode()) == (422, True)
    assert client.get("/").status_code == 302
    clock.on(seconds=30)
    code = code_now(strict.person("centre"))
    assert posted(client, wanted, code=f"{code[:3]} {code[3:]}", next="/me").headers["Location"] == "/me"
    assert client.get("/me").status_code == 200
    assert client.cookies["vsoko"].value != before
    again = stranger()
    signed_in(again, "centre")
    assert posted(again, ASKED, code=code).status_code == 422
    assert posted(again, ASKED, code=code, next="https://evil.example").status_code == 422


def test_wrong_codes_are_taken_ever_more_slowly(strict: Region, stranger: Strangers, clock: Clock) -> None:
    enrolled(stranger(), strict, "centre")
    client = stranger()
    signed_in(client, "centre")
    for number in range(6):
        clock.on(seconds=30)
        answer = posted(client, ASKED, code=wrong_code(strict))
        assert answer.status_code == 422, number
    clock.on(seconds=20)
    right = posted(client, ASKED, code=code_now(strict.person("centre")))
    assert right.status_code == 422
    assert "нужно подождать: 12" in right.content.decode().replace("\xa0", " ")
    clock.on(seconds=30)
    assert posted(client, ASKED, code=code_now(strict.person("centre"))).status_code == 302


def wrong_code(region: Region) -> str:
    near = {code_now(region.person("centre"), steps=step) for step in range(-3, 4)}
    return next(code for code in (f"{number:06}" for number in range(10)) if code not in near)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "-12345", "\x0012345", "1" * 5_000])
def test_what_is_no_code_is_refused(typed: str, strict: Region, stranger: Strangers) -> None:
    enrolled(stranger(), strict, "centre")
    client = stranger()
    signed_in(client, "centre")
    assert posted(client, ASKED, code=typed).status_code in {400, 422}
    assert client.get("/").status_code == 302


def test_a_recovery_code_is_good_once(strict: Region, stranger: Strangers, clock: Clock) -> None:
    from django_otp.plugins.otp_static.models import StaticToken

    codes = enrolled(stranger(), strict, "centre")
    assert not {code.replace("-", "") for code in codes} & set(StaticToken.objects.values_list("token", flat=True))
    first = stranger()
    signed_in(first, "centre")
    assert posted(first, ASKED, code=f" {codes[0].upper()} ").status_code == 302
    assert f"осталось: {RECOVERY_CODES - 1}" in first.get("/me").content.decode()
    second = stranger()
    signed_in(second, "centre")
    assert posted(second, ASKED, code=codes[0]).status_code == 422
    clock.on(seconds=5)
    assert posted(second, ASKED, code=codes[1]).status_code == 302
    renewed = posted(second, "/me/second-factor/codes", form="/me", password=PASSWORD)
    assert len(re.findall(r"<li><code>", renewed.content.decode())) == RECOVERY_CODES
    third = stranger()
    signed_in(third, "centre")
    assert posted(third, ASKED, code=codes[2]).status_code == 422


def test_recovery_codes_are_long_enough_for_a_keyed_hash(strict: Region, stranger: Strangers) -> None:
    """OWASP ASVS 5.0, 6.5.2: 112 bits of chance, else a password hash; and no fewer are kept of the hash."""
    from django_otp.plugins.otp_static.models import StaticToken

    from vsoko_rules.web.hosted.second_factor import _LETTERS

    client = stranger()
    codes = enrolled(client, strict, "centre")
    letters = [code.replace("-", "") for code in codes]
    assert min(len(code) for code in letters) * log2(len(_LETTERS)) >= 112
    assert set("".join(letters)) <= set(_LETTERS)
    assert {tuple(map(len, code.split("-"))) for code in codes} == {(4,) * 6}
    kept = list(StaticToken.objects.values_list("token", flat=True))
    assert {len(token) for token in kept} == {16}
    assert len(set("".join(kept))) > 64  # a letter for each byte
    assert "прежние коды" not in client.get("/me").content.decode()


@BOTH
def test_codes_of_before_are_good_until_new_ones_are_made(strict: Region, stranger: Strangers, clock: Clock) -> None:
    from django.utils.crypto import salted_hmac
    from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

    enrolled(stranger(), strict, "centre")
    StaticDevice.objects.all().delete()
    device = StaticDevice.objects.create(user=strict.person("centre"), name="recovery")
    old = ["abcdefghjkmn", "pqrstuvwxyz2"]
    for code in old:
        kept = salted_hmac("vsoko.recovery", code, algorithm="sha256").hexdigest()[:16]
        StaticToken.objects.create(device=device, token=kept)
    client = stranger()
    signed_in(client, "centre")
    assert posted(client, ASKED, code="ABCD-efgh-jkmn").status_code == 302
    assert "Это прежние коды" in client.get("/me").content.decode()
    renewed = posted(client, "/me/second-factor/codes", form="/me", password=PASSWORD).content.decode()
    assert "Это прежние коды" not in client.get("/me").content.decode()
    again = stranger()
    signed_in(again, "centre")
    assert posted(again, ASKED, code=old[1]).status_code == 422
    clock.on(seconds=5)
    new = re.findall(r"<li><code>([\w-]+)</code>", renewed)[0]
    assert posted(again, ASKED, code=new.replace("-", " ")).status_code == 302
    third = stranger()
    signed_in(third, "centre")
    assert posted(third, ASKED, code=new).status_code == 422


def test_the_centre_cannot_go_without_and_others_may(strict: Region, stranger: Strangers, clock: Clock) -> None:
    centre, expert = stranger(), stranger()
    enrolled(centre, strict, "centre")
    assert "Выключить" not in centre.get("/me").content.decode()
    assert remove(centre).status_code == 404
    signed_in(expert, "expert-a")
    elsewhere = stranger()
    signed_in(elsewhere, "expert-a")
    assert expert.get("/").status_code == 200
    enrolled(expert, strict, "expert-a")
    assert elsewhere.get("/").status_code == 302
    clock.on(seconds=30)
    again = stranger()
    signed_in(again, "expert-a")
    assert again.get("/").headers["Location"].startswith(ASKED)
    assert remove(expert, "не тот").headers["Location"] == "/me?said=wrong"
    assert remove(expert).headers["Location"] == "/sign-in"
    assert expert.get("/").headers["Location"] == "/sign-in?next=%2F"
    signed_in(again, "expert-a")
    assert again.get("/").status_code == 200


def remove(client: Client, password: str = PASSWORD) -> Any:
    return posted(client, "/me/second-factor/remove", form="/me", password=password)


def test_the_step_of_another_does_not_help(strict: Region, stranger: Strangers, clock: Clock) -> None:
    codes = enrolled(stranger(), strict, "expert-a")
    enrolled(stranger(), strict, "centre")
    clock.on(seconds=30)
    client = stranger()
    signed_in(client, "centre")
    assert posted(client, ASKED, code=code_now(strict.person("expert-a"))).status_code == 422
    assert posted(client, ASKED, code=codes[0]).status_code == 422
    assert client.get("/").status_code == 302


def test_a_forgotten_password_leaves_the_second_step(strict: Region, stranger: Strangers) -> None:
    from vsoko_rules.web.hosted.accounts import invite

    enrolled(stranger(), strict, "centre")
    link = invite(strict.person("centre"), strict.person("centre"))
    client = stranger()
    new = "совсем другой пароль 8"
    posted(client, "/" + link.split("/", 3)[3], name="Имя", password=new, again=new)
    assert client.get("/").headers["Location"].startswith(ASKED)


def test_the_administrator_lets_somebody_back_in(strict: Region, stranger: Strangers, clock: Clock) -> None:
    from vsoko_rules.web.hosted.first_account import way_back

    client = stranger()
    enrolled(client, strict, "expert-a")
    link = way_back("EXPERT-A")
    assert client.get("/").headers["Location"].startswith("/sign-in")
    new = "совсем другой пароль 8"
    posted(client, "/" + link.split("/", 3)[3], name="Имя", password=new, again=new)
    assert client.get("/").status_code == 200
