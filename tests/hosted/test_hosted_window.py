"""Pages of the server in Chromium: as wide as a telephone, read aloud, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.hosted.browsing import PASSWORD, path_of, with_password
from tests.hosted.pair import SCHOOL
from tests.hosted.people import Region
from tests.hosted.screens import faults_of, opened
from tests.web.axe import skip_without_axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

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
        faults += faults_of(opened(page, number, address_of(stated, region), status), name)
        page.context.close()
    assert faults == []
    skip_without_axe()


def test_what_is_typed_outlives_a_session(hosted_window: Callable[[str], Page], region: Region) -> None:
    """A session ends while somebody types: the text stays, and is saved when they have signed in in another window."""
    from vsoko_rules.web.hosted.sessions import end_sessions

    seat, typed = region.seat(SCHOOL, "self"), "Приказ, который долго набирали"
    page = hosted_window("school")
    page.goto(f"/s/{seat.code}/documents?row=komanda")
    end_sessions(with_password(region.person("school")))
    title = page.get_by_label("Название документа")
    title.fill(typed)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Не сохранено: вход закончился")).to_be_in_viewport()
    expect(title).to_have_value(typed)
    assert faults_of(page, "the session is over") == []
    with page.context.expect_page() as opens:
        page.get_by_role("link", name="Войдите в новом окне").click()
    other = opens.value
    other.get_by_label("Имя для входа").fill("school")
    other.get_by_label("Пароль").fill(PASSWORD)
    other.get_by_role("button", name="Войти").click()
    other.get_by_role("heading", name="Начало").wait_for()
    page.get_by_role("button", name="Продолжить").click()
    expect(page.locator("#saved")).to_have_text("Сохранено")
    expect(page.locator("#notice")).to_be_empty()
    page.reload()
    expect(title).to_have_value(typed)


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
    expect(page.get_by_text("этот браузер").first).to_be_visible()
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
    page.get_by_role("link", name="мой вход").click()
    expect(page.get_by_text("Запасных кодов осталось: 10")).to_be_visible()
