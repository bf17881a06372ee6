"""A region's server over a database of its own for each test: SQLite, and PostgreSQL where it is there.

Settings of Django stand once a process, and those of the page on one's own machine are others: these tests run by
themselves (`pytest tests/hosted`), which `tests/run.py` does after the rest.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.hosted.people import Region

if TYPE_CHECKING:
    from django.test import Client

HOST: Final = "vsoko.example"
SECRET: Final = "только для проверок: " + "".join(chr(code) for code in range(ord("а"), ord("я")))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them."""
    folder = tmp_path_factory.mktemp("сервер")
    text = f"secret: '{SECRET}'\nhosts: [{HOST}]\ndatabase: 'sqlite:пустая.sqlite'\ntls: false\nsecond_factor: false\n"
    (folder / "server.yml").write_text(text, encoding="utf-8")
    from vsoko_rules.web.hosted.region_server import migrate, prepared

    prepared(folder, migrated=False)
    _cheap_hashes()
    migrate()
    from django.db import connection

    connection.close()
    return folder / "пустая.sqlite"


def _cheap_hashes() -> None:
    """Passwords cost what they must on a server; here there are hundreds."""
    from django.contrib.auth.hashers import Argon2PasswordHasher as Hasher

    Hasher.time_cost, Hasher.memory_cost, Hasher.parallelism = 1, 64, 1


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it for one test."""
    from django.db import connection

    path = tmp_path / "база.sqlite"
    shutil.copy(empty_database, path)
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    yield path
    connection.close()


@pytest.fixture
def region(database: Path) -> Region:
    """A small study: two municipalities, three schools, seven people."""
    return Region.made()


@pytest.fixture
def client_of(region: Region) -> Callable[[str], Client]:
    """A browser without scripts of somebody who is signed in."""
    from django.test import Client

    def signed_in(login: str) -> Client:
        asked: Any = {"HTTP_HOST": HOST}
        client = Client(raise_request_exception=False, **asked)
        client.force_login(region.person(login))
        return client

    return signed_in


@pytest.fixture
def stranger(database: Path) -> Callable[[], Client]:
    """A browser without scripts of nobody in particular; it must bring the token of the page with what it sends."""
    from django.test import Client

    def made() -> Client:
        asked: Any = {"HTTP_HOST": HOST}
        return Client(raise_request_exception=False, enforce_csrf_checks=True, **asked)

    return made


@pytest.fixture
def server(database: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Changes settings of the server for one test."""
    from django.conf import settings

    def change(**fields: Any) -> None:
        stated: Any = settings.VSOKO_SERVER  # type: ignore[misc]
        monkeypatch.setattr(settings, "VSOKO_SERVER", stated.model_copy(update=fields))

    return change


class Clock:
    """The time that the server takes it to be."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 26, 9, 0, tzinfo=timezone.utc)

    def seconds(self) -> float:
        """Since 1970."""
        return self.now.timestamp()

    def on(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time passes only where a test says so."""
    from django.utils import timezone as of_django
    from django_otp.plugins.otp_totp import models as of_codes

    made = Clock()
    monkeypatch.setattr(of_django, "now", lambda: made.now)
    monkeypatch.setattr(of_codes, "time", SimpleNamespace(time=made.seconds))
    return made
