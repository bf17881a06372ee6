"""The server as people meet it: processes of `vsoko serve` and `vsoko worker` over a database, asked by HTTP."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.hosted.conftest import server_text
from tests.ports import own_port

_WAIT = 120
"""seconds for which a process is waited for, on a busy machine"""


@dataclass
class Live:
    """A running server; `sessions` are cookies of those who are signed in."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def kill(self) -> None:
        """As the system does when memory is short."""
        self.process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        self.process.wait(_WAIT)


def folder_of(tmp_path: Path, name: str, database: str) -> tuple[Path, int]:
    """The folder of a server over a database that is there, and its port."""
    folder, port = tmp_path / name, own_port()
    database = database.replace("sqlite:", f"sqlite:{tmp_path}/")  # it lies beside the folder
    folder.mkdir()
    text = server_text(database, hosts=f"['127.0.0.1:{port}']", port=port, threads=4)
    (folder / "server.yml").write_text(text, encoding="utf-8")
    return folder, port


@contextmanager
def served(folder: Path, port: int, *options: str) -> Iterator[Live]:
    """A server of a folder, until the end of the block."""
    command = [sys.executable, "-m", "vsoko_rules", "serve", str(folder), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()) as process:
        assert process.stdout is not None
        try:
            assert b"127.0.0.1" in process.stdout.readline(), process.stderr and process.stderr.read().decode()
            live = Live(folder, port, process)
            _answers(live)
            yield live
        finally:
            process.terminate()
            process.communicate(timeout=_WAIT)


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of a folder, until the end of the block."""
    command = [sys.executable, "-m", "vsoko_rules", "worker", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline()
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=_WAIT)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1"}


def until(done: Callable[[], bool]) -> None:
    """Wait for something that must come."""
    given_up = time.monotonic() + _WAIT
    while not done():
        assert time.monotonic() < given_up
        time.sleep(0.05)


def _answers(live: Live) -> None:
    """Waits until it answers: of several processes, the first may still be reading its program."""

    def answered() -> bool:
        assert live.process.poll() is None
        try:
            return Person(live, "").get("/alive")[0] < 500
        except OSError:
            return False

    until(answered)


@dataclass
class Person:
    """A browser without scripts of somebody who is signed in by a session."""

    live: Live
    session: str
    _csrf: str = field(default="", repr=False)

    def ask(
        self, method: str, path: str, form: dict[str, Any] | None = None, sent: tuple[str, bytes] | None = None
    ) -> tuple[int, str]:
        """The status and the text of an answer; `sent` is a body by its type. Raises `OSError` where there was none."""
        connection = http.client.HTTPConnection(self.live.host, timeout=_WAIT)
        cookies = [f"vsoko={self.session}", *([f"vsoko_csrf={self._csrf}"] if self._csrf else [])]
        kind, body = sent or (
            "application/x-www-form-urlencoded",
            urlencode(form, doseq=True).encode() if form else None,
        )
        headers = {"Cookie": "; ".join(cookies), "Content-Type": kind}
        headers |= {"Origin": f"http://{self.live.host}"}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        for name, value in answer.getheaders():
            if name == "Set-Cookie" and (found := re.match(r"vsoko_csrf=(\w+)", value)):
                self._csrf = found[1]
        return answer.status, text

    def get(self, path: str) -> tuple[int, str]:
        return self.ask("GET", path)

    def post(self, path: str, form: dict[str, Any]) -> tuple[int, str]:
        if not self._csrf:
            self.get("/sign-in")
        return self.ask("POST", path, {**form, "csrfmiddlewaretoken": self._csrf})

    def hand_over(self, code: str, name: str, content: bytes) -> int:
        """Hand a file of a school over, as the form of its page does; returns the status: 302 is kept."""
        self.get(f"/s/{code}/files")
        part = '--edge\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
        file = f'--edge\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        body = part.format("csrfmiddlewaretoken", self._csrf).encode() + file.encode() + content + b"\r\n--edge--\r\n"
        return self.ask("POST", f"/s/{code}/files", sent=("multipart/form-data; boundary=edge", body))[0]

    def edit(self, code: str, row: str, title: str) -> int:
        """Give a document another title, as a form does; returns the status: 302 is saved."""
        status, page = self.get(f"/s/{code}/documents?row={row}")
        if status != 200:
            return status
        etag = re.search(r'name="etag" value="([^"]*)"', page)
        assert etag is not None
        return self.post(f"/s/{code}/documents/{row}", {"etag": etag[1], "title": title})[0]


def session_of(user: Any) -> str:
    """A session of somebody, as signing in makes it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from vsoko_rules.web.hosted.sessions import SessionStore

    made = SessionStore()
    made[SESSION_KEY] = str(user.pk)
    made[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    made[HASH_SESSION_KEY] = user.get_session_auth_hash()
    made.create()
    return str(made.session_key)
