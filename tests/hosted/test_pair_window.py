"""Schools and experts in Chromium: disputes by keys alone, what the other proposes comes by itself, screens fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.hosted.pair import SCHOOL, reconciled
from tests.hosted.people import Region
from tests.hosted.screens import faults_of, opened
from tests.web.axe import skip_without_axe

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.slow

Windows = Callable[[str], "Page"]


def with_focus(page: Page) -> Locator:
    """The dispute in which the focus is."""
    return page.locator("article:focus-within")


def test_a_pair_agrees_by_keys_alone(region: Region, hosted_window: Windows) -> None:
    code = reconciled(region).code
    a, b = hosted_window("expert-a"), hosted_window("expert-b")
    for page in (a, b):
        page.goto(f"/s/{code}/disputes")
    before = a.locator("article").count()
    first, second = (str(a.locator("article").nth(number).get_attribute("id")) for number in range(2))
    here, there = (page.locator(f"[id='{first}']") for page in (a, b))
    here.locator("input[type=radio]").first.focus()
    keys = a.keyboard
    keys.press("Space")
    keys.press("Tab")
    keys.type("Есть на второй странице.")
    keys.press("Control+Enter")
    here.get_by_text("Вы предлагаете: ").wait_for()
    expect(with_focus(a)).to_have_id(second)
    keys.press("Alt+ArrowUp")
    expect(with_focus(a)).to_have_id(first)
    there.locator("textarea").fill("Пишу своё")
    there.locator("textarea").focus()
    there.get_by_text("предлагает: ").wait_for()
    expect(there.locator("textarea")).to_have_value("Пишу своё")
    expect(with_focus(b)).to_have_id(first)
    there.locator("input[type=radio]").first.focus()
    b.keyboard.press("Space")
    b.keyboard.press("Control+Enter")
    there.get_by_text("Решено: ").wait_for()
    here.get_by_text("Решено: ").wait_for()
    assert region.seat(SCHOOL, "agreed").disputes < before


def test_a_proposal_without_its_reason_says_so_and_keeps_what_was_typed(region: Region, hosted_window: Windows) -> None:
    page = hosted_window("expert-a")
    page.goto(f"/s/{reconciled(region).code}/disputes")
    first = page.locator("article").first
    first.locator("input[type=radio]").first.check()
    first.get_by_role("button", name="Предложить").click()
    first.get_by_text("Не сохранено.").wait_for()
    expect(first.locator("input[type=radio]").first).to_be_checked()
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.keyboard.press("Control+Enter")
    assert answer.value.status == 422
    page.wait_for_function("!document.querySelector('.htmx-request')")
    expect(with_focus(page), "what is refused is not left").to_have_id(str(first.get_attribute("id")))


def test_on_a_phone_what_stands_above_a_page_leaves_room_for_it(region: Region, hosted_window: Windows) -> None:
    """Who is signed in, the pages, the verdict and the seat take half of the height of a phone at most, and everything
    is reached."""
    code = reconciled(region).code
    page = hosted_window("expert-a")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/s/{code}/disputes")
    bottom = page.evaluate("document.querySelector('h1').getBoundingClientRect().bottom")
    assert bottom <= 844 / 2, f"{bottom} px"
    page.get_by_text("Другие оценки").click()
    page.get_by_role("link", name="Моя оценка").click()
    page.get_by_text("Изменить можно, только если центр откроет оценку снова.").wait_for()


def prepared(region: Region) -> list[tuple[str, str]]:
    """Who asks for which screen, of seats in every state."""
    from datetime import date

    from vsoko_rules.web.hosted.models import Seat
    from vsoko_rules.web.hosted.pair_seats import appoint
    from vsoko_rules.web.hosted.seat_steps import open_expert_seats

    agreed = reconciled(region)
    appoint(region.person("centre"), agreed, region.person("expert-c"))
    region.study.reconcile_until = date(2022, 11, 30)
    region.study.save()
    codes = {who: region.seat(SCHOOL, who).code for who in ("self", "A", "B", "agreed")}
    region.phase("assess")
    for who, login in (("A", "expert-a"), ("B", "expert-b")):
        region.assign("selskaya-oosh", who, login)
    open_expert_seats(region.study)
    queue = Seat.objects.get(school=region.schools["selskaya-oosh"], who="A").code
    own = region.seat("selskaya-oosh", "self").code
    return [
        ("school", "/"), ("school", f"/s/{codes['self']}/"), ("school", f"/s/{codes['self']}/documents"),
        ("school", f"/s/{codes['self']}/details"), ("school", f"/s/{codes['self']}/history"),
        ("collect other", "/"), ("collect other", f"/s/{own}/"), ("collect other", f"/s/{own}/send"),
        ("expert-a", "/"), ("expert-a", f"/s/{queue}/"), ("expert-a", f"/s/{queue}/lock"),
        ("expert-a", f"/s/{queue}/documents"), ("expert-a", f"/s/{codes['A']}/"),
        ("centre", f"/s/{codes['B']}/return"),
        ("reconcile expert-a", "/"), ("reconcile expert-a", f"/s/{codes['agreed']}/disputes"),
        ("reconcile expert-a", f"/s/{codes['agreed']}/"), ("reconcile expert-c", f"/s/{codes['agreed']}/disputes"),
        ("reconcile centre", f"/s/{codes['agreed']}/disputes"),
        ("closed school", "/"), ("closed school", f"/s/{codes['agreed']}/"),
        ("closed school", f"/s/{codes['agreed']}/compare"),
    ]  # fmt: skip


def put(region: Region, phase: str) -> None:
    """The study in a phase; closed: with its results shown."""
    from django.utils import timezone

    region.study.released_at = timezone.now() if phase == "closed" else None
    region.phase(phase)
    if phase == "closed":
        seat = region.seat(SCHOOL, "agreed")
        seat.state = "locked"
        seat.save()


def test_every_screen_of_schools_and_experts_fits_and_can_be_read_aloud(region: Region, hosted_window: Windows) -> None:
    faults: list[object] = []
    for number, (who, address) in enumerate(prepared(region)):
        phase, _, login = who.rpartition(" ")
        put(region, phase or "assess")
        page = hosted_window(login)
        faults += faults_of(opened(page, number, address), f"{who} {address}")
        page.context.close()
    assert faults == []
    skip_without_axe()
