"""What comes in from the network: exact names of the server, tokens, sizes; what goes out: headers, cookies, logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.browsing import PASSWORD, posted, signed_in, with_password
from tests.hosted.conftest import BOTH, HOST, SECRET, server_text
from tests.hosted.people import Region
from tests.hosted.walk import World, addresses
from vsoko_rules.errors import InputError
from vsoko_rules.web.settings import MOST_SENT

if TYPE_CHECKING:
    from django.test import Client

Strangers = Callable[[], "Client"]
Clients = Callable[[str], "Client"]


@pytest.mark.parametrize("host", ["evil.example", "vsoko.example:80", "VSOKO.example.", f"{HOST}.evil.example", ""])
def test_a_foreign_name_is_refused(host: str, stranger: Strangers) -> None:
    assert stranger().get("/sign-in", HTTP_HOST=host).status_code == 400
    assert stranger().get("/sign-in", HTTP_X_FORWARDED_HOST=host).status_code == 200
    links = stranger().get("/", HTTP_X_FORWARDED_HOST="evil.example")
    assert (links.status_code, links["Location"]) == (302, "/sign-in?next=%2F")


def test_every_form_needs_the_token_of_its_page(region: Region) -> None:
    """Every address that takes something, whoever asks: also the form of signing in and that of an invitation."""
    from django.test import Client

    from vsoko_rules.web.hosted.access import ACCESS
    from vsoko_rules.web.hosted.access_table import routes

    world = World.made(region)
    seen = 0
    for route in routes():
        if ACCESS[route.name].post is None:
            continue
        asked: Any = {"HTTP_HOST": HOST}
        client = Client(enforce_csrf_checks=True, raise_request_exception=False, **asked)
        for login in ("nobody", "centre", "expert-a"):
            if login in world.keys:
                client.cookies["vsoko"] = world.keys[login]
            address = next(iter(addresses(route, world, login))).address
            for headers in ({}, {"Origin": "https://evil.example"}):
                answer = client.post(address, {"csrfmiddlewaretoken": "x" * 64}, headers=headers)
                assert answer.status_code == 403, f"{address} by {login}"
        seen += 1
    assert seen > 20


def test_pages_allow_no_code_but_the_servers_own(region: Region, client_of: Clients, stranger: Strangers) -> None:
    code = region.seat("gorodskaya-sosh", "self").code
    pages = [stranger().get("/sign-in"), stranger().get("/invite/x"), stranger().get("/nothing")]
    pages += [client_of("centre").get(address) for address in ("/", "/me", "/second-factor", f"/s/{code}/")]
    for page in [*pages, stranger().get("/static/page.js"), stranger().get("/sign-in", HTTP_HOST="evil.example")]:
        policy = page["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert page["X-Content-Type-Options"] == "nosniff"
        assert page["Referrer-Policy"] == "same-origin"
        if "html" in page["Content-Type"]:
            assert page["Cache-Control"] == "no-store"
            assert not re.search(r"<[^>]* (?:style|on[a-z]+)=|<style|javascript:", page.content.decode())


def test_too_much_is_refused(stranger: Strangers) -> None:
    sent = {"login": "д" * MOST_SENT}
    assert stranger().post("/sign-in", sent).status_code == 413
    assert stranger().generic("POST", "/sign-in", b"a=1", CONTENT_LENGTH="-1").status_code == 413
    many = "&".join(f"a{number}=1" for number in range(6_000))
    kind = "application/x-www-form-urlencoded"
    assert stranger().generic("POST", "/sign-in", many.encode(), content_type=kind).status_code == 400


@BOTH
@pytest.mark.parametrize("where", ["/sign-in?next=%00", "/invite/%00", "/s/%00/", "/static/%00", "/s/a%00b/documents"])
def test_letters_that_no_database_keeps_are_refused(where: str, region: Region, client_of: Clients) -> None:
    assert client_of("centre").get(where).status_code in {400, 404}
    assert client_of("centre").post("/sign-in", {"login": "a\0b", "password": "x"}).status_code == 400


def test_head_is_as_get(region: Region, client_of: Clients) -> None:
    code = region.seat("gorodskaya-sosh", "self").code
    for address in ("/", "/me", f"/s/{code}/", f"/s/{code}/details", "/nothing"):
        asked, looked = client_of("centre").get(address), client_of("centre").head(address)
        assert (looked.status_code, looked.content) == (asked.status_code, b""), address


def test_what_fails_says_nothing_of_the_inside(
    region: Region, client_of: Clients, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from vsoko_rules.web.hosted import home_page

    def failing(*_: object, **__: object) -> None:
        raise ValueError("Иванов Иван")

    monkeypatch.setattr(home_page, "page", failing)
    with caplog.at_level(logging.INFO, "vsoko"):
        answer = client_of("centre").get("/")
    assert answer.status_code == 500
    assert "ValueError" not in answer.content.decode()
    assert "Иванов" not in answer.content.decode()
    told = [record.getMessage() for record in caplog.records if record.name.startswith("vsoko")]
    assert len(told) == 1
    assert "home_page.py" in told[0]
    assert "Иванов" not in told[0]


def test_the_log_knows_numbers_alone(
    region: Region, stranger: Strangers, caplog: pytest.LogCaptureFixture, clock: object
) -> None:
    from vsoko_rules.web.hosted.accounts import invite, switch_off, switch_on
    from vsoko_rules.web.hosted.first_account import way_back

    user = with_password(region.person("expert-a"))
    with caplog.at_level(logging.INFO, "vsoko"):
        link = invite(region.person("expert-b"), region.person("centre"))
        posted(stranger(), "/" + link.split("/", 3)[3], name="Пётр Первый", password=PASSWORD, again=PASSWORD)
        signed_in(stranger(), "expert-a", "password typed here")
        for _ in range(11):
            signed_in(stranger(), "name typed here", "x")
        client = stranger()
        signed_in(client, "expert-a")
        client.get("/second-factor")
        posted(client, "/second-factor", code="123456")
        switch_off(user, region.person("centre"))
        switch_on(user, region.person("centre"))
        way_back("expert-a")
    told = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("vsoko"))
    assert f"sign_in user={user.pk}" in told
    assert "sign_in_locked" in told
    secret = [link.rpartition("/")[2], PASSWORD, "typed here", "expert", "centre", "Пробный", "Пётр", "127.0.0.1"]
    assert [text for text in secret if text in told] == []
    assert re.fullmatch(r"(?:[a-z_]+(?: [a-z]+=\d+)*\n?)+", told), told


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"secret": "vsoko"}, "секрет сервера слишком прост"),
        ({"secret": "a" * 64}, "секрет сервера слишком прост"),
        ({"tls": "true", "proxy": "127.0.0.1"}, "второй шаг входа выключен"),
        ({"tls": "true", "second_factor": "true"}, "не указан прокси"),
    ],
)
def test_a_server_that_would_be_open_does_not_start(stated: dict[str, str], said: str, tmp_path: Path) -> None:
    from vsoko_rules.region.server_file import open_server

    (tmp_path / "server.yml").write_text(server_text("sqlite:база.sqlite", **stated), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        open_server(tmp_path)


def test_a_new_server_for_people_is_strict(tmp_path: Path) -> None:
    """What is written for a server with a name holds, and what is written for a trial does."""
    from vsoko_rules.region.server_file import make_server, open_server

    make_server(tmp_path / "a", hosts=(HOST,), tls=True)
    made = open_server(tmp_path / "a")
    assert (made.tls, made.second_factor, made.proxy, made.uploads) == (True, True, "127.0.0.1", False)
    make_server(tmp_path / "b", hosts=("127.0.0.1:8080",))
    trial = open_server(tmp_path / "b")
    assert (trial.tls, trial.second_factor, trial.listen) == (False, False, "127.0.0.1")
    assert made.secret != trial.secret != SECRET


def test_a_database_of_another_version_is_refused(region: Region, tmp_path: Path) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    from vsoko_rules.web.hosted.region_server import prepared

    (tmp_path / "server.yml").write_text(server_text("sqlite:база.sqlite"), encoding="utf-8")
    prepared(tmp_path)
    MigrationRecorder.Migration.objects.filter(app="otp_totp").delete()
    with pytest.raises(InputError, match="не от этой версии"):
        prepared(tmp_path)
