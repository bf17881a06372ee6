"""TLS in front: the configurations of `docs/administrator.ru.md`, word for word, before a server of two processes."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import pytest

from tests.conftest import CHROMIUM
from tests.hosted.conftest import SECRET
from tests.hosted.live import served
from tests.hosted.people import Region
from tests.hosted.proxies import NAME, Browsing, Proxied, documented, in_front, why_no
from tests.ports import own_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

_PASSWORD: Final = "долгий и тихий вечер"
_HERE: Final = f"https://{NAME}"


@pytest.fixture
def proxied(request: pytest.FixtureRequest, region: Region, tmp_path: Path) -> Iterator[Proxied]:
    """A server behind a proxy; `school` may sign in."""
    proxy = request.param
    reason = why_no(proxy)
    if reason is not None:
        pytest.skip(reason)
    user = region.person("school")
    user.set_password(_PASSWORD)
    user.save()
    folder, front, port = tmp_path / "сервер", tmp_path / "front", own_port()
    folder.mkdir()
    front.mkdir()
    own = f"secret: '{SECRET}'\ndatabase: 'sqlite:{tmp_path}/база.sqlite'\nport: {port}\n"
    (folder / "server.yml").write_text(own + documented("yaml"), encoding="utf-8")
    with served(folder, port, "--processes", "2", "--no-worker"), in_front(proxy, front, port) as made:
        yield made


def signs_in(browsing: Browsing, password: str = _PASSWORD, **headers: str) -> int:
    form = {"login": "school", "password": password}
    return browsing.send("/sign-in", form, **{"Origin": _HERE, **headers}).status


@pytest.mark.parametrize("proxied", ["nginx", "caddy"], indirect=True)
def test_a_server_behind_a_proxy_that_is_set_up_as_documented(
    proxied: Proxied, region: Region, browser: Browser
) -> None:
    _signs_in_and_out(proxied, region.seat("gorodskaya-sosh", "self").code)
    _counts_tries_for_the_address_of_a_browser(proxied)
    _refuses_what_is_too_large(proxied)
    _lets_chromium_in(proxied, browser)


def _signs_in_and_out(proxied: Proxied, code: str) -> None:
    browsing = Browsing(proxied)
    form = browsing.get("/sign-in")
    assert (form.status, form.headers["Strict-Transport-Security"]) == (200, "max-age=15768000")
    foreign = browsing.ask("GET", "/sign-in", Host="vsoko.other.example")
    assert foreign.status == (400 if proxied.proxy == "nginx" else 200)
    assert ("server.yml" in foreign.text) == (proxied.proxy == "nginx")
    asked = http.client.HTTPConnection("127.0.0.1", proxied.behind)  # as whoever watches the processes does
    asked.request("GET", "/alive")
    assert asked.getresponse().status == 204
    asked.close()
    for origin in ("https://vsoko.other.example", f"http://{NAME}", "null"):
        assert signs_in(browsing, Origin=origin) == 403
    assert signs_in(browsing) == 302
    assert sorted(browsing.cookies) == ["__Host-vsoko", "__Host-vsoko_csrf"]
    for cookie in browsing.cookies.values():
        kept = (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"])
        assert kept == (True, True, "Strict", "/", "")
    for _ in range(6):  # whichever of the processes answers
        assert browsing.get(f"/s/{code}/documents").status == 200
    assert browsing.send("/sign-out", {}, Origin="https://vsoko.other.example").status == 403
    assert browsing.send("/sign-out", {}, Referer=f"{_HERE}/").status == 302  # browsers that send no Origin
    assert browsing.get(f"/s/{code}/documents").headers["Location"].startswith("/sign-in")


def _counts_tries_for_the_address_of_a_browser(proxied: Proxied) -> None:
    from vsoko_rules.web.hosted.models import SignInTries
    from vsoko_rules.web.hosted.sign_in_tries import Tries

    def counted(address: str) -> bool:
        return bool(SignInTries.objects.filter(key=Tries.of("school", address).address).exists())

    SignInTries.objects.all().delete()
    there = Browsing(proxied, "127.0.0.2")
    assert signs_in(there, "не тот пароль", X_Forwarded_For="203.0.113.9", Forwarded="for=203.0.113.9") == 422
    assert [counted(each) for each in ("127.0.0.2", "127.0.0.1", "203.0.113.9")] == [True, False, False]
    # past the proxy, whoever is not it speaks for themselves alone
    token = there.cookies["__Host-vsoko_csrf"].value
    plain = http.client.HTTPConnection("127.0.0.1", proxied.behind, source_address=("127.0.0.3", 0))
    body = urlencode({"login": "school", "password": "не тот пароль", "csrfmiddlewaretoken": token})
    headers = {
        "Host": NAME,
        "Cookie": f"__Host-vsoko_csrf={token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    plain.request("POST", "/sign-in", body, {**headers, "X-Forwarded-For": "203.0.113.9"})
    assert plain.getresponse().status == 422
    plain.close()
    assert [counted(each) for each in ("127.0.0.3", "203.0.113.9")] == [True, False]


def _refuses_what_is_too_large(proxied: Proxied) -> None:
    browsing = Browsing(proxied)
    answer = browsing.ask("POST", "/sign-in", b"x" * 5_000_000, Origin=_HERE)
    assert (answer.status, "Слишком много данных" in answer.text) == (413, True)
    if proxied.proxy == "nginx":  # it takes no more than files may have
        assert browsing.ask("POST", "/sign-in", Content_Length="63000000").status == 413
    assert browsing.get("/sign-in").status == 200


def _lets_chromium_in(proxied: Proxied, browser: Browser) -> None:
    arguments = ["--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{proxied.port}"]
    own = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    try:
        page = own.new_context(ignore_https_errors=True).new_page()
        page.goto(f"{_HERE}/")
        page.fill("#login", "school")
        page.fill("#password", _PASSWORD)
        page.click("main button")
        page.wait_for_url(f"{_HERE}/")
        cookies = {each["name"]: each["secure"] for each in page.context.cookies()}
        assert cookies == {"__Host-vsoko": True, "__Host-vsoko_csrf": True}
    finally:
        own.close()
