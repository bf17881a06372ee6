"""Serving the page on this machine, from the start to a clean stop."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from django.core.wsgi import get_wsgi_application

from vsoko_rules.errors import OutputError, Problem, argument
from vsoko_rules.web.settings import MOST_TAKEN, configure
from vsoko_rules.web.site import Site, serving
from vsoko_rules.workspace.folder_desk import FolderDesk
from vsoko_rules.workspace.journal import Journal

_ADDRESS: Final = "127.0.0.1"
_LOOK: Final = 0.2
"""seconds after which the main thread looks for Ctrl-C; on Windows nothing else wakes it"""
_LAST_ANSWER: Final = 2.0
"""seconds that the answer to the last request has to leave"""


def open_site(root: Path, data: Path) -> Site:
    """The page about the schools in `root`, with its journal in the folder `data`. Raises `VsokoError`."""
    configure()
    return Site(FolderDesk(root, Journal(data / "journal.sqlite")))


def serve(site: Site, port: int, opened: Callable[[Site], None]) -> None:
    """Serve until somebody asks to stop or interrupts; `port` 0 is any free one. `opened` is called when the page
    answers. Raises `OutputError` where the port is taken."""
    stopping = Event()
    site.stop = stopping.set
    server = _server(site, port)
    site.host = f"{_ADDRESS}:{server.effective_port}"
    gc.freeze()  # what was loaded stays: to look through it for garbage takes a tenth of every edit
    closing = Event()
    answer(server, closing)
    try:
        opened(site)
        while not stopping.wait(_LOOK):
            pass
    except KeyboardInterrupt:
        pass
    finally:
        site.readings.stop()
        closing.set()
        close_server(server)
        site.desk.journal.close()


def answer(server: Any, closing: Event) -> Thread:
    """Let a server answer in a thread until it is closed; `closing` is set before that."""

    def run() -> None:
        try:
            server.run()
        except OSError:  # to close a server takes its sockets from under it
            if not closing.is_set():
                raise

    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread


def _server(site: Site, port: int) -> Any:
    from waitress.server import create_server  # where the page runs in the browser itself there is none

    application = serving(site, get_wsgi_application())
    settings = {
        "threads": 4,
        "ident": None,
        "max_request_body_size": MOST_TAKEN,
        "clear_untrusted_proxy_headers": True,
    }
    try:
        return create_server(application, host=_ADDRESS, port=port, **settings)
    except (OSError, OverflowError) as exc:
        raise OutputError([Problem(argument("port"), "на этом порту страницу открыть нельзя", str(port))]) from exc


def close_server(server: Any) -> None:
    """Let answers leave that are on their way, then close."""
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=_LAST_ANSWER)
    until = time.monotonic() + _LAST_ANSWER
    while time.monotonic() < until and any(c.total_outbufs_len for c in list(server.active_channels.values())):
        time.sleep(0.01)
    server.close()
