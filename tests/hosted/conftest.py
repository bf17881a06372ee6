"""A region's server over a database of its own for each test: SQLite, and PostgreSQL where it is there.

Settings of Django stand once a process, and those of the page on one's own machine are others: these tests run by
themselves (`pytest tests/hosted`), which `tests/run.py` does after the rest.
"""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest

from own_postgres import OwnPostgres, why_not
from tests.hosted.people import Region

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps a loop running in the thread of the tests

HOST: Final = "vsoko.example"
SECRET: Final = "только для проверок: " + "".join(chr(code) for code in range(ord("а"), ord("я")))
BOTH: Final = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
"""runs a test on both databases; without it a test runs on SQLite"""
ON_POSTGRES: Final = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def server_text(database: str, **more: object) -> str:
    """The settings of a server for tests."""
    stated = {"secret": f"'{SECRET}'", "hosts": f"[{HOST}]", "database": f"'{database}'"}
    stated |= {"tls": "false", "second_factor": "false", **{name: str(value) for name, value in more.items()}}
    return "".join(f"{name}: {value}\n" for name, value in stated.items())


def use(address: str, folder: Path) -> None:
    """Turn Django, which is set up once a process, to a database; also for threads that begin later."""
    from django.db import connections

    from vsoko_rules.region.server_file import ServerFile
    from vsoko_rules.web.hosted.hosted_settings import database_settings

    stated = {"secret": SECRET, "hosts": (HOST,), "database": address}
    connections.close_all()
    plain = {"USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": {}}
    told = database_settings(ServerFile.model_validate(stated), folder)
    connections.settings["default"].update({**plain, **told, "CONN_MAX_AGE": 0})
    with suppress(AttributeError):  # nobody has asked for it yet
        del connections["default"]
    _forget()


def _forget() -> None:
    """What a process holds of a database is of that one: a copy has the same seats at the same revisions."""
    from vsoko_rules.web.hosted import pair_seats, region_figures, seat_desk, seat_readings

    seat_desk._HELD = seat_desk.Held()  # type: ignore[misc]
    for held in (pair_seats._pair, region_figures._summed, seat_readings._loaded):
        held.cache_clear()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables and nothing in them."""
    folder = tmp_path_factory.mktemp("сервер")
    (folder / "server.yml").write_text(server_text("sqlite:пустая.sqlite"), encoding="utf-8")
    from vsoko_rules.web.hosted.region_server import migrate, prepared

    prepared(folder, migrated=False, new=True)
    _cheap_hashes()
    migrate()
    from django.db import connections

    connections.close_all()
    return folder / "пустая.sqlite"


@pytest.fixture(autouse=True)
def _settings_stay(empty_database: Path) -> Iterator[None]:
    """What tests change of the settings is gone with them, in whatever order they take it back: this is set up before
    everything else, and so ends last."""
    from django.conf import settings

    before: Any = settings._wrapped  # type: ignore[misc]
    yield
    settings._wrapped = before


def _cheap_hashes() -> None:
    """Passwords cost what they must on a server; here there are hundreds."""
    from django.contrib.auth.hashers import Argon2PasswordHasher as Hasher

    Hasher.time_cost, Hasher.memory_cost, Hasher.parallelism = 1, 64, 1


@pytest.fixture(scope="session")
def postgres() -> Iterator[OwnPostgres]:
    """A PostgreSQL for this run; what needs it is skipped aloud where it is missing."""
    reason = why_not()
    if reason is not None:
        if os.environ.get("VSOKO_REQUIRE_POSTGRES"):
            pytest.fail(reason)
        pytest.skip(f"{reason}: the server is NOT TESTED on PostgreSQL")
    started = OwnPostgres()
    yield started
    started.close()


@pytest.fixture(scope="session")
def empty_postgres(postgres: OwnPostgres, empty_database: Path) -> str:
    """The name of a database with all tables and nothing in them."""
    from django.db import connections

    from vsoko_rules.web.hosted.region_server import migrate

    use(postgres.create("empty"), empty_database.parent)
    migrate()
    connections.close_all()
    return "empty"


Kept = tuple[str, Region]
"""the name of a database with a small study in it, and what was made"""


@pytest.fixture(scope="session")
def region_on_sqlite(empty_database: Path) -> Kept:
    """The small study, made once."""
    name = "исследование.sqlite"
    shutil.copy(empty_database, empty_database.with_name(name))
    return name, _made_in(f"sqlite:{name}", empty_database.parent)


@pytest.fixture(scope="session")
def region_on_postgres(postgres: OwnPostgres, empty_postgres: str, empty_database: Path) -> Kept:
    """The same on the other database."""
    return "region", _made_in(postgres.create("region", empty_postgres), empty_database.parent)


def _made_in(address: str, folder: Path) -> Region:
    from django.db import connections

    use(address, folder)
    made = Region.made()
    connections.close_all()
    return made


@pytest.fixture
def database(request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path) -> Iterator[str]:
    """A database of its own for one test, as `server.yml` names it: SQLite, or what `BOTH` says. Where a test wants the
    small study, it is in it, unless it has to be made under the clock of the test."""
    from django.db import connections

    filled = "region" in request.fixturenames and "clock" not in request.fixturenames
    if getattr(request, "param", "sqlite") == "sqlite":
        template = request.getfixturevalue("region_on_sqlite")[0] if filled else empty_database.name
        shutil.copy(empty_database.with_name(template), tmp_path / "база.sqlite")
        address = "sqlite:база.sqlite"
        use(address, tmp_path)
        yield address
        connections.close_all()
        return
    template = request.getfixturevalue("region_on_postgres")[0] if filled else request.getfixturevalue("empty_postgres")
    server: OwnPostgres = request.getfixturevalue("postgres")
    name = f"test{next(_NUMBERS)}"
    address = server.create(name, template)
    use(address, tmp_path)
    yield address
    connections.close_all()
    server.drop(name)


_NUMBERS: Final = iter(range(1_000_000))


@pytest.fixture
def region(database: str, request: pytest.FixtureRequest) -> Region:
    """A small study: two municipalities, three schools, seven people."""
    from vsoko_rules.web.hosted.models import StudyRound

    if not StudyRound.objects.exists():
        return Region.made()
    kept = request.getfixturevalue("region_on_sqlite" if database.startswith("sqlite") else "region_on_postgres")
    return copy.deepcopy(kept[1])  # type: ignore[no-any-return]


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
def hosted_window(
    region: Region, browser: Browser, client_of: Callable[[str], Client]
) -> Iterator[Callable[[str], Page]]:
    """A window of Chromium of somebody who is signed in, of nobody for no name; no script of it may fail."""
    from django.test import override_settings

    errors: list[str] = []
    with served() as host, override_settings(**hosts_of(host)):

        def opened(login: str) -> Page:
            context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=f"http://{host}")
            context.on("weberror", lambda error: errors.append(str(error.error)))
            if login:
                key = client_of(login).cookies["vsoko"].value
                context.add_cookies([{"name": "vsoko", "value": key, "url": f"http://{host}"}])
            return context.new_page()

        yield opened
        for context in browser.contexts:
            context.close()
    assert errors == []


def hosts_of(host: str) -> dict[str, Any]:
    """Settings under which the server is known by another name."""
    from django.conf import settings

    stated: Any = settings.VSOKO_SERVER  # type: ignore[misc]
    return {"VSOKO_SERVER": stated.model_copy(update={"hosts": (host,)}), "ALLOWED_HOSTS": [host.rpartition(":")[0]]}


@contextmanager
def served() -> Iterator[str]:
    """The server on a free port of this machine, in this process; gives host and port."""
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    made: Any = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4, ident=None)

    def run() -> None:
        with suppress(OSError):  # to close the server takes its sockets from under it
            made.run()

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{made.effective_port}"
    finally:
        made.close()
        made.task_dispatcher.shutdown()
        thread.join(60)


@pytest.fixture
def stranger(database: str) -> Callable[[], Client]:
    """A browser without scripts of nobody in particular; it must bring the token of the page with what it sends."""
    from django.test import Client

    def made() -> Client:
        asked: Any = {"HTTP_HOST": HOST}
        return Client(raise_request_exception=False, enforce_csrf_checks=True, **asked)

    return made


@pytest.fixture
def server(database: str) -> Iterator[Callable[..., None]]:
    """Changes settings of the server for one test."""
    from django.conf import settings
    from django.test import override_settings

    made: list[Any] = []

    def change(**fields: Any) -> None:
        stated: Any = settings.VSOKO_SERVER  # type: ignore[misc]
        made.append(override_settings(VSOKO_SERVER=stated.model_copy(update=fields)))
        made[-1].enable()

    yield change
    for each in reversed(made):
        each.disable()


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
