"""A region's server, from its folder to a clean stop."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import socket
from threading import Event
from typing import Any, Final

from vsoko_rules.errors import InputError, Place, Problem, Remedy
from vsoko_rules.region.server_file import NAME, ServerFile, database, make_server, open_server
from vsoko_rules.web.hosted.hosted_settings import configure, sqlite_file
from vsoko_rules.web.server import answer, close_server
from vsoko_rules.web.settings import MOST_TAKEN

_LOOK: Final = 0.2
"""seconds after which the main thread looks for a signal"""


def prepared(folder: Path, *, migrated: bool = True, new: bool = False) -> ServerFile:
    """Set everything up for the server in a folder; `migrated`: its database must have all tables; `new`: a file of
    SQLite may be made. Raises `InputError` where it must not start."""
    server = open_server(folder)
    configure(server, folder)
    _check_database(new)
    with _rights_told():
        missing = unapplied() if migrated else []
    if missing:
        message, hint = "таблицы базы не от этой версии программы", "Сделайте копию базы."
        raise InputError([Problem(Place("база данных"), message, missing[0], None, hint, Remedy.MIGRATE)])
    return server


@contextmanager
def new_server(folder: Path, stated: str | None, hosts: list[str]) -> Iterator[Path]:
    """A new server, all tables made, for the block to put people into it; gives its settings. What fails leaves neither
    settings, with which the next attempt would be refused, nor a file of SQLite that was not there. Raises
    `InputError`, and `OutputError` where there is a server already."""
    names = tuple(hosts or ("127.0.0.1:8080", "localhost:8080"))
    path = make_server(folder, stated=stated, hosts=names, tls=bool(hosts))
    base = None
    try:
        place = database(open_server(folder), folder)
        base = Path(place.name) if place.engine == "sqlite" and not os.path.lexists(place.name) else None
        prepared(folder, migrated=False, new=True)
        migrate()
        yield path
    except BaseException:
        _taken_back(path, base)
        raise


def _taken_back(path: Path, base: Path | None) -> None:
    from django.conf import settings
    from django.db import connections

    if settings.configured:
        connections.close_all()
    for file in (path, *(Path(f"{base}{end}") for end in ("", "-wal", "-shm") if base is not None)):
        file.unlink(missing_ok=True)


def _check_database(new: bool) -> None:
    from django.db import DatabaseError, connection

    hint = "Проверьте, что сервер базы запущен и что в server.yml верны узел, база и имя."
    place = Place("база данных")
    if connection.vendor == "sqlite":
        file = sqlite_file(connection.settings_dict["NAME"])
        place = Place(str(file))
        hint = "Проверьте, что это файл базы и что в него и в его папку программа может писать."
        if new:
            with suppress(OSError):  # said below, as the database says it
                file.touch(mode=0o600)  # it holds hashes of passwords: nobody else reads it
        elif not file.is_file():
            hint = "Верните файл базы на место или положите на него копию; другая база указывается в server.yml."
            raise InputError([Problem(place, "файла базы нет", hint=hint)])
    try:
        connection.ensure_connection()
    except (DatabaseError, OSError) as exc:
        raise InputError([Problem(place, "база данных не отвечает", _why(exc), hint=hint)]) from exc


def _why(error: Exception) -> str:
    """What a database says of a failure, without the address that was asked."""
    told = str(error).strip().splitlines()
    return told[0].rpartition(" failed: ")[2] if told else ""


@contextmanager
def _rights_told() -> Iterator[None]:
    """Tells who sets the server up that its role may not do with the database what it must. Raises `InputError`."""
    from django.db import ProgrammingError
    from django.db.migrations.exceptions import MigrationSchemaMissing

    try:
        yield
    except (ProgrammingError, MigrationSchemaMissing) as exc:
        hint = "База и таблицы в ней должны принадлежать роли, под которой программа входит: docs/administrator.ru.md."
        raise InputError([Problem(Place("база данных"), "этой роли база не открыта", _why(exc), hint=hint)]) from exc


def unapplied() -> list[str]:
    """Migrations that the database lacks. Raises `InputError` where it has some that this program does not know."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = {key for key in executor.loader.graph.nodes if key[0] == "hosted"}
    foreign = sorted(key for key in executor.loader.applied_migrations if key[0] == "hosted" and key not in known)
    if foreign:
        hint = "Поставьте ту версию программы, которая работала с этой базой, или верните копию базы."
        found = ".".join(foreign[0])
        raise InputError([Problem(Place("база данных"), "таблицы базы от более новой программы", found, hint=hint)])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{m.app_label}.{m.name}" for m, _ in plan]


def migrate() -> list[str]:
    """Bring the database to this version of the program; returns what was done. Raises `InputError`."""
    from django.core.management import call_command

    with _rights_told():
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
    from django.db import transaction

    from vsoko_rules.web.hosted.invented_region import put_region

    with transaction.atomic():
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
    a process of it does long work. Raises `OutputError` where it cannot answer there."""
    from django.conf import settings

    from vsoko_rules.web.hosted.server_processes import Processes, bound, pages, watched, works

    stop = stopping or Event()
    folder: Path = getattr(settings, "VSOKO_FOLDER")  # noqa: B009 (types know no settings of our own)
    taken = bound(server.listen, server.port, Place(str(folder / NAME)))
    address = f"{server.listen}:{taken.getsockname()[1]}"
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
    closing = Event()
    answer(made, closing)
    try:
        opened()
        while not stop.wait(_LOOK):
            look()
    except KeyboardInterrupt:
        pass
    finally:
        closing.set()
        close_server(made)
