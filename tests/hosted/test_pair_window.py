"""Schools and experts in Chromium: disputes by keys alone, what the other proposes comes by itself, screens fit."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hosted.pair import SCHOOL, reconciled
from tests.hosted.people import Region
from tests.web.conftest import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Page

Windows = Callable[[str], "Page"]
WIDTHS = (1280, 640, 390, 320)
PICTURES = os.environ.get("VSOKO_PICTURES")
"""a folder in which pictures of the screens are left to be looked at"""


def focused(page: Page) -> str:
    """The dispute in which the focus is."""
    return str(page.evaluate("document.activeElement.closest('article')?.id"))


def test_a_pair_agrees_by_keys_alone(region: Region, hosted_window: Windows) -> None:
    code = reconciled(region).code
    a, b = hosted_window("expert-a"), hosted_window("expert-b")
    for page in (a, b):
        page.goto(f"/s/{code}/disputes")
    articles = [str(each.get_attribute("id")) for each in a.locator("article").all()]
    assert len(articles) > 1
    first = a.locator("article").first
    first.locator("input[type=radio]").first.focus()
    keys = a.keyboard
    keys.press("Space")
    keys.press("Tab")
    keys.type("Есть на второй странице.")
    keys.press("Control+Enter")
    first.get_by_text("Вы предлагаете: ").wait_for()
    assert focused(a) == articles[1]
    keys.press("Alt+ArrowUp")
    assert focused(a) == articles[0]
    there = b.locator(f"[id='{articles[0]}']")
    there.locator("textarea").fill("Пишу своё")
    there.locator("textarea").focus()
    there.get_by_text("предлагает: ").wait_for()
    assert there.locator("textarea").input_value() == "Пишу своё"
    assert focused(b) == articles[0]
    there.locator("input[type=radio]").first.focus()
    b.keyboard.press("Space")
    b.keyboard.press("Control+Enter")
    there.get_by_text("Решено: ").wait_for()
    first.get_by_text("Решено: ").wait_for()
    assert region.seat(SCHOOL, "agreed").disputes < len(articles)


def test_a_proposal_without_its_reason_says_so_and_keeps_what_was_typed(region: Region, hosted_window: Windows) -> None:
    page = hosted_window("expert-a")
    page.goto(f"/s/{reconciled(region).code}/disputes")
    first = page.locator("article").first
    first.locator("input[type=radio]").first.check()
    first.get_by_role("button", name="Предложить").click()
    first.get_by_text("Не сохранено.").wait_for()
    assert first.locator("input[type=radio]").first.is_checked()


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
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, (who, address)
        assert page.locator("h1").count() == 1, address
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{who} {address} is {over} px wider than {width} px"
            if PICTURES and width in (1280, 390):
                name = f"{number:02}-{login}-{address.rstrip('/').rpartition('/')[2] or 'home'}-{width}.png"
                page.screenshot(path=Path(PICTURES) / name, full_page=width == 1280)
        if AXE.exists():
            page.set_viewport_size({"width": WIDTHS[-1 if number // 2 % 2 else 0], "height": 900})
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            faults += [(who, address, v["id"], v["nodes"][0]["html"]) for v in found["violations"]]
        page.context.close()
    assert faults == []
    if not AXE.exists():
        pytest.skip("axe-core is not there (VSOKO_AXE): pages are NOT TESTED by it")
