"""What axe-core finds wrong with a page; it is installed for some runs alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE: Final = Path(os.environ.get("VSOKO_AXE", "axe.min.js"))


def violations(page: Page, *where: object) -> list[object]:
    """What is wrong with a page as it stands, each behind `where` it was found; nothing where axe-core is not there."""
    if not AXE.exists():
        return []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    results = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(*where, v["id"], v["nodes"][0]["html"]) for v in results["violations"]]


def skip_without_axe() -> None:
    """Say aloud that axe-core looked at nothing, at the end of a test that tries more than that."""
    if not AXE.exists():
        pytest.skip("axe-core is not there (VSOKO_AXE): pages are NOT TESTED by it")
