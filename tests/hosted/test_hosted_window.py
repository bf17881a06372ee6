"""Pages of the server in Chromium: as wide as a telephone, read aloud, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.hosted.browsing import PASSWORD, path_of, with_password
from tests.hosted.people import Region
from tests.web.conftest import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (1280, 640, 320)
"""a window, the same at 200 % and at 400 %"""
NEW = "другой надёжный пароль 7"
SCREENS: dict[str, tuple[str, str, int]] = {
    "signing in": ("", "/sign-in", 200),
    "an invitation": ("", "INVITATION", 200),
    "an invitation that is over": ("", "/invite/x", 404),
    "my account": ("expert-a", "/me", 200),
    "setting the second step up": ("expert-a", "/second-factor", 200),
    "home of an expert": ("expert-a", "/", 200),
    "home of the centre": ("centre", "/", 200),
    "people": ("centre", "PEOPLE", 200),
    "nothing": ("centre", "/nothing", 404),
}
"""by who looks at it, at which address, and how it is answered; who adds one adds it here"""


def address_of(stated: str, region: Region) -> str:
    from vsoko_rules.web.hosted.accounts import invite

    if stated == "INVITATION":
        return path_of(invite(region.person("expert-b"), None))
    return f"/study/{region.study.code}/people" if stated == "PEOPLE" else stated


def test_every_screen_fits_and_can_be_read_aloud(hosted_window: Callable[[str], Page], region: Region) -> None:
    faults: list[object] = []
    for number, (name, (login, stated, status)) in enumerate(SCREENS.items()):
        page = hosted_window(login)
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        answer = page.goto(address_of(stated, region))
        assert answer is not None
        assert answer.status == status, name
        faults += faults_of(page, name)
        page.context.close()
    assert faults == []
    if not AXE.exists():
        pytest.skip("axe-core is not there (VSOKO_AXE): pages are NOT TESTED by it")


def faults_of(page: Page, name: str) -> list[object]:
    """What is wrong with a screen at each width."""
    found: list[object] = []
    assert page.locator("h1").count() == 1, name
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [(name, width, f"{over} px too wide")] if over > 0 else []
        if AXE.exists() and width != 640:
            page.evaluate(AXE.read_text(encoding="utf-8"))
            told = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found += [(name, width, each["id"], each["nodes"][0]["html"]) for each in told["violations"]]
    return found


def test_a_person_comes_in_by_keys_alone(hosted_window: Callable[[str], Page], region: Region) -> None:
    """From the link to the list of sessions, a password pasted, an old one refused."""
    page = hosted_window("")
    page.goto(address_of("INVITATION", region))
    page.get_by_label("Новый пароль").focus()
    page.keyboard.insert_text(NEW)
    page.keyboard.press("Tab")
    page.keyboard.insert_text(NEW + "!")
    page.keyboard.press("Enter")
    page.get_by_text("Пароли в двух полях разные").wait_for()
    assert faults_of(page, "a refused password") == []
    page.get_by_label("Новый пароль").fill(NEW)
    page.get_by_label("Ещё раз").fill(NEW)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="мой вход").click()
    assert page.get_by_text("этот браузер").first.is_visible()
    page.get_by_role("button", name="Выйти везде").click()
    page.get_by_label("Имя для входа").fill("expert-b")
    page.get_by_label("Пароль").fill("не тот")
    page.keyboard.press("Enter")
    page.get_by_text("Имя или пароль не подходят").wait_for()
    page.get_by_label("Имя для входа").fill("expert-b")
    page.get_by_label("Пароль").fill(NEW)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Начало").wait_for()


def test_the_second_step_is_set_up_in_a_window(
    hosted_window: Callable[[str], Page], region: Region, server: Callable[..., None]
) -> None:
    from django_otp.oath import TOTP
    from django_otp.plugins.otp_totp.models import TOTPDevice

    server(second_factor=True)
    with_password(region.person("centre"))
    page = hosted_window("")
    page.goto("/sign-in")
    page.get_by_label("Имя для входа").fill("centre")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Настройка второго шага входа").wait_for()
    picture = page.get_by_role("img", name="QR-код").bounding_box()
    assert picture is not None
    assert picture["width"] > 150
    page.get_by_label("Код", exact=True).fill(f"{TOTP(TOTPDevice.objects.get().bin_key).token():06}")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Запасные коды").wait_for()
    assert faults_of(page, "recovery codes") == []
    page.get_by_role("link", name="Коды записаны").click()
    page.goto("/me")
    assert page.get_by_text("Запасных кодов осталось: 10").is_visible()
