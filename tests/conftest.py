"""Settings of every test run: how many examples Hypothesis tries, and whether the second engine is there."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.costs import Costs
from vsoko_rules.engine import durable

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(  # many runs that need not shrink what they find
    "faults", settings.get_profile("ci"), max_examples=50, database=None, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

DURABLE = durable.available()
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Nothing is sent anywhere: whoever connects to another machine fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; what needs it is skipped aloud where it is missing."""
    if CHROMIUM is None or find_spec("playwright") is None:
        pytest.skip("Chromium or playwright is not there: the page is NOT TESTED in a browser")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # as everything else is waited for
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


SCREEN = ("COLUMNS", "LINES")
"""what readline, which pytest imports, puts into the environment, past `os.environ`; processes started then have it"""
for _name in SCREEN:
    os.environ.pop(_name, None)


@pytest.fixture(autouse=True)
def _no_screen() -> None:
    """Tests, and processes that they start, have no screen unless they say so."""
    for name in SCREEN:
        if name not in os.environ:
            os.unsetenv(name)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--costs FILE`: see `tests/costs.py`."""
    parser.addoption("--costs", metavar="FILE", help="write into FILE, and show, where processor time goes")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to run without the second engine where it is required: `VSOKO_REQUIRE_DURABLE=1`, Python below 3.13."""
    required = os.environ.get("VSOKO_REQUIRE_DURABLE") == "1" and sys.version_info < (3, 13)
    if required and not DURABLE:
        raise pytest.UsageError(
            "the second engine is required (VSOKO_REQUIRE_DURABLE=1), but durable-rules is not there"
        )
    if _asked_for(config, HOSTED) and any(p.is_relative_to(WEB) or WEB.is_relative_to(p) for p in _given(config)):
        raise pytest.UsageError(
            "tests/hosted and tests/web cannot share one process, "
            "which sets Django up once: run pytest tests/hosted by itself"
        )
    file = config.getoption("costs")
    if file:
        config.pluginmanager.register(Costs(Path(file)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud whether the second engine was tested."""
    if DURABLE:
        terminalreporter.write_line("second engine (durable-rules): tested")
    else:
        terminalreporter.write_line("second engine (durable-rules): NOT TESTED, it cannot be imported", yellow=True)


def pytest_collection_finish() -> None:
    """Let Python look for garbage less often, and never again among the tests themselves: a sixth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that at the end no core waits for it: files that need a browser."""
    long = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path not in long)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Tests of the hosted page run by themselves: Django is set up once a process (`tests/hosted/conftest.py`)."""
    return True if collection_path == HOSTED and not _asked_for(config, HOSTED) else None


HOSTED = Path(__file__).parent / "hosted"
WEB = Path(__file__).parent / "web"


def _given(config: pytest.Config) -> list[Path]:
    """The files and folders that pytest was given."""
    return [Path(config.invocation_params.dir, argument.partition("::")[0]).resolve() for argument in config.args]


def _asked_for(config: pytest.Config, folder: Path) -> bool:
    """Whether tests of a folder were asked for by name, all or some."""
    return any(path.is_relative_to(folder) for path in _given(config))
