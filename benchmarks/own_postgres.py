"""A PostgreSQL of one's own for tests and measurements: made in a temporary folder, reached by a socket in it or, on
Windows, by a port of this machine, and gone when it is no longer needed. No service has to run.

PostgreSQL refuses to run as root; where we are root, it runs as the user `postgres`, whom Debian's packages make.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

_USER: Final = "postgres"
_WAIT: Final = 120
"""seconds for the database to start, on a busy machine"""
_TRIES: Final = 30
_DURABLE: Final = {"shared_buffers": "32MB", "max_connections": "120"}
_QUICK: Final = {**_DURABLE, "fsync": "off", "full_page_writes": "off"}
"""what is committed outlives the processes of the database, but not the machine"""


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`; none where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    places = [Path(found).resolve()] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return places[-1].parent if places else None


def why_not() -> str | None:
    """Why there is no PostgreSQL to be had; none where there is."""
    if programs() is None:
        return "PostgreSQL is not installed"
    if _is_root() and (shutil.which("runuser") is None or not _has_user()):
        return f"we are root, and there is no user {_USER} to run PostgreSQL as"
    return None


def _is_root() -> bool:
    return os.name != "nt" and os.geteuid() == 0


def _has_user() -> bool:
    return subprocess.run(["id", _USER], check=False, capture_output=True).returncode == 0


class OwnPostgres:
    """A running PostgreSQL. `durable`: what is committed outlives a crash of the machine; without it all is quicker."""

    def __init__(self, *, durable: bool = False) -> None:
        home = programs()
        assert home is not None
        self._programs = home
        self.folder = Path(tempfile.mkdtemp(prefix="vsoko-pg-"))
        self._data = self.folder / "data"
        self._port = str(_free_port()) if os.name == "nt" else "5432"
        if _is_root():
            shutil.chown(self.folder, _USER, _USER)
        made = ["-D", str(self._data), "-U", _USER, "--auth=trust", "--encoding=UTF8", "--locale=C"]
        self._run("initdb", *made, *([] if durable else ["--no-sync"]))
        settings = dict(_DURABLE if durable else _QUICK, port=self._port, listen_addresses="''")
        if os.name == "nt":
            settings["listen_addresses"] = "'127.0.0.1'"
        else:
            settings["unix_socket_directories"] = f"'{self.folder}'"
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if _is_root():
            command = ["runuser", "-u", _USER, "--", *command]
        said = self.folder / f"{program}.txt"
        with said.open("ab") as file:  # a pipe would stay open as long as the database runs
            done = subprocess.run(command, check=False, stdout=file, stderr=file, cwd=self.folder, timeout=_WAIT)
        if done.returncode:
            raise RuntimeError(said.read_text(encoding="utf-8", errors="replace"))

    def start(self) -> None:
        """Start it, or start it again; it answers afterwards. After a kill it cannot while its last processes go."""
        log = str(self.folder / "log.txt")
        for attempt in range(_TRIES):
            try:
                self._run("pg_ctl", "start", "-D", str(self._data), "-w", "-t", str(_WAIT), "-l", log)
            except RuntimeError:
                if attempt == _TRIES - 1:
                    raise
                time.sleep(1)
            else:
                return

    def stop(self) -> None:
        """Stop it at once, as a crash would: it recovers when it is started again."""
        self._run("pg_ctl", "stop", "-D", str(self._data), "-m", "immediate")

    def kill(self) -> None:
        """Kill its first process, as the system does when memory is short; the others notice and go."""
        pid = int((self._data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def close(self) -> None:
        """Stop it and take everything away."""
        with suppress(RuntimeError):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, name: str) -> str:
        """The address of a database, as `server.yml` has it."""
        host = "127.0.0.1" if os.name == "nt" else quote(str(self.folder), safe="")
        return f"postgresql://{_USER}@{host}:{self._port}/{name}"

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database, a copy of another one; returns its address."""
        self._ask(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return self.address(name)

    def drop(self, name: str) -> None:
        """Take a database away, whoever is connected."""
        self._ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _ask(self, statement: str) -> None:
        import psycopg

        host = "127.0.0.1" if os.name == "nt" else str(self.folder)
        asked: dict[str, Any] = {"host": host, "port": self._port, "user": _USER, "dbname": "postgres"}
        with psycopg.connect(**asked, autocommit=True) as connection:
            connection.execute(statement.encode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
