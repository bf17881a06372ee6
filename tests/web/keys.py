"""Keys, and where they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def focus(page: Page) -> Locator:
    """What has the focus."""
    return page.locator("*:focus")


def letter(page: Page, key: str) -> None:
    """A key of a Russian layout."""
    page.context.new_cdp_session(page).send("Input.dispatchKeyEvent", {"type": "keyDown", "key": key})
