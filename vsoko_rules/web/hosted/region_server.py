"""A region's server, from its folder to a clean stop."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any, Final

from vsoko_rules.errors import InputError, OutputError, Place, Problem, argument
from vsoko_rules.region.server_file import ServerFile, open_server
from vsoko_rules.web.hosted.hosted_settings import configure
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


def link_back(login: str) -> str:
    """A link for somebody who cannot come in any more. Raises `InputError`."""
    from vsoko_rules.web.hosted.first_account import way_back

    return way_back(login)


def serve(server: ServerFile, opened: Callable[[str], None], stopping: Event | None = None) -> None:
    """Serve until somebody interrupts. `opened` is called with the address when the server answers. Raises
    `OutputError` where the port is taken."""
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    stop = stopping or Event()
    _open_log()
    settings: dict[str, Any] = {
        "threads": server.threads,
        "ident": None,
        "max_request_body_size": MOST_TAKEN,
        "clear_untrusted_proxy_headers": True,
        "trusted_proxy": server.proxy,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"} if server.proxy else set(),
    }
    try:
        made = create_server(get_wsgi_application(), host=server.listen, port=server.port, **settings)
    except (OSError, OverflowError) as exc:
        raise OutputError([Problem(argument("port"), "на этом порту сервер открыть нельзя", str(server.port))]) from exc
    _run(made, opened, stop, f"{server.listen}:{made.effective_port}")


def _open_log() -> None:
    """Write what happens to the standard error stream, where services keep their logs."""
    log = logging.getLogger("vsoko")
    log.setLevel(logging.INFO)
    if not log.handlers and sys.stderr is not None:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        log.addHandler(handler)


def _run(made: Any, opened: Callable[[str], None], stop: Event, address: str) -> None:
    from threading import Thread

    thread = Thread(target=made.run, daemon=True)
    thread.start()
    try:
        opened(address)
        while not stop.wait(_LOOK):
            pass
    except KeyboardInterrupt:
        pass
    finally:
        made.close()
