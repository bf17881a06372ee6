"""A region's server, from its folder to a clean stop."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from socket import socket
from threading import Event, Thread
from typing import Any, Final

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.server_file import ServerFile, open_server
from vsoko_rules.web.hosted.hosted_settings import configure
from vsoko_rules.web.server import close_server
from vsoko_rules.web.settings import MOST_TAKEN

_LOOK: Final = 0.2
"""seconds after which the main thread looks for a signal"""


def prepared(folder: Path, *, migrated: bool = True) -> ServerFile:
    """Set everything up for the server in a folder; `migrated`: its database must have all tables. Raises `InputError`
    where it must not start."""
    server = open_server(folder)
    configure(server, folder)
    _check_database()
    if migrated and (missing := unapplied()):
        hint = "Сделайте копию базы и обновите её: как — сказано в docs/administrator.ru.md."
        raise InputError(
            [Problem(Place("база данных"), "таблицы базы не от этой версии программы", missing[0], hint=hint)]
        )
    return server


def _check_database() -> None:
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except (DatabaseError, OSError) as exc:
        told = str(exc).strip().splitlines()
        hint = "Проверьте, что сервер базы запущен и что в server.yml верны узел, база и имя."
        raise InputError(
            [Problem(Place("база данных"), "база данных не отвечает", told[0] if told else "", hint=hint)]
        ) from exc


def unapplied() -> list[str]:
    """Migrations that the database lacks, or has and this program does not know."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = {key for key in executor.loader.graph.nodes if key[0] == "hosted"}
    foreign = sorted(key for key in executor.loader.applied_migrations if key[0] == "hosted" and key not in known)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{m.app_label}.{m.name}" for m, _ in plan] + [f"{app}.{name}" for app, name in foreign]


def migrate() -> list[str]:
    """Bring the database to this version of the program; returns what was done."""
    from django.core.management import call_command

    missing = unapplied()
    call_command("migrate", interactive=False, verbosity=0)
    return missing


def first_link(login: str, name: str) -> str:
    """Make the first account of the centre; returns the link that opens it. Raises `InputError`."""
    from vsoko_rules.web.hosted.first_account import first_account

    return first_account(login, name)


def invented() -> list[tuple[str, str, str]]:
    """Make an invented region in an empty database; returns login, role and password of each person. Raises
    `InputError` where the database holds a study."""
    from vsoko_rules.web.hosted.invented_region import put_region

    return put_region()


def keep_ruleset(name: str) -> str:
    """Keep a ruleset, a folder, for studies to be begun under; returns its title. Raises `RulesetError`."""
    from vsoko_rules.web.hosted.pinned import pin

    return str(pin(name).title)


def link_back(login: str) -> str:
    """A link for somebody who cannot come in any more. Raises `InputError`."""
    from vsoko_rules.web.hosted.first_account import way_back

    return way_back(login)


def serve(
    server: ServerFile,
    opened: Callable[[str], None],
    stopping: Event | None = None,
    *,
    processes: int = 1,
    worker: Path | None = None,
) -> None:
    """Serve until somebody interrupts. `opened` is called with the address when the server answers. One process answers
    by itself; of several, each has its own Python and all the same socket. `worker`: the folder of the server, where
    a process of it does long work. Raises `OutputError` where the port is taken."""
    from django.conf import settings

    from vsoko_rules.web.hosted.server_processes import Processes, bound, pages, watched, works

    stop = stopping or Event()
    taken = bound(server.listen, server.port)
    address = f"{server.listen}:{taken.getsockname()[1]}"
    folder = getattr(settings, "VSOKO_FOLDER")  # noqa: B009 (types know no settings of our own)
    begins: list[Any] = [(pages, (folder, taken))] * (processes if processes > 1 else 0)
    begins += [(works, (worker,))] if worker is not None else []
    running = Processes(begins)
    try:
        if processes > 1:
            opened(address)
            watched(running, stop)
        else:
            run(listening(server, taken), lambda: opened(address), stop, lambda: running.look(stop))
    finally:
        running.close()
        taken.close()


def listening(server: ServerFile, taken: socket) -> Any:
    """A server that answers at a socket once it runs."""
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    _open_log()
    settings: dict[str, Any] = {
        "threads": server.threads,
        "ident": None,
        "max_request_body_size": MOST_TAKEN,
        "clear_untrusted_proxy_headers": True,
        "trusted_proxy": server.proxy,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"} if server.proxy else set(),
    }
    return create_server(get_wsgi_application(), sockets=[taken], **settings)


def _open_log() -> None:
    """Write what happens to the standard error stream, where services keep their logs."""
    log = logging.getLogger("vsoko")
    log.setLevel(logging.INFO)
    if not log.handlers and sys.stderr is not None:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        log.addHandler(handler)


def run(made: Any, opened: Callable[[], None], stop: Event, look: Callable[[], None] = lambda: None) -> None:
    """Answer until `stop` is set or somebody interrupts; answers that are on their way leave first."""
    thread = Thread(target=made.run, daemon=True)
    thread.start()
    try:
        opened()
        while not stop.wait(_LOOK):
            look()
    except KeyboardInterrupt:
        pass
    finally:
        close_server(made)
