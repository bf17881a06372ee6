"""Screens of the centre in Chromium: nothing scrolls sideways and axe-core finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.hosted.people import Region
from tests.web.conftest import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (1280, 640, 320)


def screens(region: Region) -> list[str]:
    """Addresses of all screens of the centre."""
    key, person = region.schools["samoproverka"].pk, region.person("expert-a").pk
    own = ["", "schools", "schools?q=нет+такой", "schools/new", f"schools/{key}", "step/assess", "people", "people/new",
           f"people/{person}", "people/links", "import", "assignment", "assignment?propose=rest"]  # fmt: skip
    return ["/", "/study/new", *(f"/study/{region.study.code}/{path}" for path in own)]


def test_every_screen_of_the_centre_fits_and_can_be_read_aloud(
    region: Region, hosted_window: Callable[[str], Page]
) -> None:
    page = hosted_window("centre")
    faults: list[object] = []
    for number, address in enumerate(screens(region)):
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert page.locator("h1").count() == 1, address
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{address} is {over} px wider than {width} px"
        if AXE.exists():
            page.set_viewport_size({"width": WIDTHS[-1 if number // 2 % 2 else 0], "height": 800})
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            faults += [(address, v["id"], v["nodes"][0]["html"]) for v in found["violations"]]
    assert faults == []
    if not AXE.exists():
        pytest.skip("axe-core is not there (VSOKO_AXE): pages are NOT TESTED by it")
