"""The static site in Chromium, served by nothing but files. Its parts come from npm and PyPI: tests that need them run
where `VSOKO_PARTS` names the folder that `tools/browser_parts.py` made, and are skipped aloud elsewhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

LONG = 300_000
"""milliseconds: the program starts in some seconds on an idle machine"""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site, served by Python's own server of files."""
    if "VSOKO_PARTS" not in os.environ:
        pytest.skip("VSOKO_PARTS is not set: the page without a server is NOT TESTED in a browser")
    from vsoko_rules.web.static_site import write_site

    folder = tmp_path_factory.mktemp("site")
    write_site(folder, Path(os.environ["VSOKO_PARTS"]))
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        port = server.stdout.readline().split("port ")[1].split()[0]
        yield f"http://127.0.0.1:{port}/"
        server.kill()


def started(page: Page, address: str) -> None:
    """Open the start page and wait until the program answers in its frame."""
    page.goto(address)
    page.frame_locator("#program").get_by_role("heading", name="Школы").wait_for(timeout=LONG)


@pytest.fixture(scope="module")
def running(address: str, browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which the program runs, and from then on no network."""
    context = browser.new_context()
    context.set_default_timeout(LONG)
    started(context.new_page(), address)
    context.set_offline(True)
    yield context
    context.close()
