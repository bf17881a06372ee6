"""A page over a folder of schools: asked by Django's client, or served to Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest

from vsoko_rules.resources import shipped

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from vsoko_rules.web.site import Site

HOST = "127.0.0.1:8765"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three schools."""
    schools = tmp_path / "школы"
    schools.mkdir()
    for name in ("gorodskaya-sosh", "selskaya-oosh", "samoproverka"):
        shutil.copy(shipped("cases") / f"{name}.yml", schools)
    return schools


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[[Path], Site]:
    """Makes the page about a folder or a file."""
    from vsoko_rules.web.server import open_site

    def make(root: Path) -> Site:
        made = open_site(root, tmp_path / "данные")
        made.host = HOST
        return made

    return make


@pytest.fixture
def site(folder: Path, make_site: Callable[[Path], Site]) -> Site:
    """The page about the folder."""
    return make_site(folder)


def client_of(site: Site) -> Any:
    """A browser without scripts that was let in: Django's client."""
    from django.test import Client

    asked: Any = {"vsoko.site": site, "HTTP_HOST": site.host}
    client = Client(raise_request_exception=False, **asked)
    client.cookies[site.cookie_name] = site.cookie
    return client


@pytest.fixture
def client(site: Site) -> Any:
    """A browser without scripts that was let in to the page about the folder."""
    return client_of(site)


@pytest.fixture
def served(site: Site) -> Iterator[Site]:
    """The page about the folder, served."""
    from vsoko_rules.web.server import serve

    ready = Event()
    thread = Thread(target=serve, args=(site, 0, lambda _: ready.set()))
    thread.start()
    assert ready.wait(60)
    yield site
    site.stop()
    thread.join(60)
    assert not thread.is_alive()


@pytest.fixture
def window(browser: Browser, served: Site) -> Iterator[BrowserContext]:
    """A window of the browser in which the page stands open; no script of it may fail."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=f"http://{served.host}")
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    page = context.new_page()
    page.goto(served.address)
    yield context
    context.close()
    assert errors == []
