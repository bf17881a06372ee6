"""Whether a screen fits into every width, and whether it can be read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

from tests.web.axe import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS: Final = (1280, 640, 390, 320)
"""a window, the same at 200 %, a telephone, the window at 400 %"""


def opened(page: Page, number: int, address: str, status: int = 200) -> Page:
    """A page at an address: light and dark in turns, without figures that are still being counted."""
    page.emulate_media(color_scheme="dark" if number % 2 else "light")
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == status, address
    page.wait_for_function("!document.querySelector('#figures[hx-get]')")
    return page


def faults_of(page: Page, name: str) -> list[object]:
    """What is wrong with a screen at each width; axe-core looks at the first and the last."""
    found: list[object] = []
    expect(page.locator("h1"), name).to_have_count(1)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [(name, width, f"{over} px too wide")] if over > 0 else []
        found += violations(page, name, width) if width in (WIDTHS[0], WIDTHS[-1]) else []
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    return found
