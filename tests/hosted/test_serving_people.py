"""The command as a process, behind a proxy that speaks HTTPS: cookies, addresses of browsers, the log."""

from __future__ import annotations

import http.client
import re
import sqlite3
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.ports import own_port

HOST = "vsoko.example"
PASSWORD = "лиловый трактор поёт в марте"
PROXIED = {"Host": HOST, "X-Forwarded-Proto": "https", "Origin": f"https://{HOST}"}


def vsoko(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "vsoko_rules", *arguments], capture_output=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server for people with its first link in `link.txt`, on a port that nobody chose."""
    place = tmp_path_factory.mktemp("служба") / "сервер"
    done = vsoko("serve", str(place), "--init", "--host", HOST, "--login", "Иванова", "--name", "Первая из центра")
    assert done.returncode == 0, done.stderr.decode()
    link = re.search(rf"https://{HOST}(/invite/[\w-]{{43}})", done.stdout.decode())
    assert link is not None
    (place / "link.txt").write_text(link[1], encoding="utf-8")
    settings = (place / "server.yml").read_text(encoding="utf-8")
    (place / "server.yml").write_text(settings.replace("port: 8080", f"port: {own_port()}"), encoding="utf-8")
    return place


@pytest.fixture
def running(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The server and where it answers."""
    command = [sys.executable, "-m", "vsoko_rules", "serve", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        told = process.stdout.readline().decode()
        found = re.search(r"127\.0\.0\.1:\d+", told)
        assert found is not None, told
        yield found[0], process
        process.terminate()


def asked(
    where: str, method: str, path: str, fields: dict[str, str] | None = None, **headers: str
) -> tuple[int, str, dict[str, str]]:
    """Status, text and cookies of an answer, as the proxy gets it."""
    connection = http.client.HTTPConnection(where, timeout=60)
    body = urllib.parse.urlencode(fields) if fields is not None else None
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if fields is not None else {}
    connection.request(method, path, body, {**PROXIED, **kind, **headers})
    answer = connection.getresponse()
    text = answer.read().decode()
    cookies = {value.partition("=")[0]: value for name, value in answer.getheaders() if name == "Set-Cookie"}
    connection.close()
    return answer.status, text, cookies


def test_the_first_person_comes_in_behind_a_proxy(folder: Path, running: tuple[str, subprocess.Popen[bytes]]) -> None:
    where, process = running
    link = (folder / "link.txt").read_text(encoding="utf-8")
    status, page, cookies = asked(where, "GET", link)
    assert (status, "иванова" in page) == (200, True)
    form = cookies["__Host-vsoko_csrf"]
    assert all(part in form for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
    fields = {"csrfmiddlewaretoken": token, "name": "Первая", "password": PASSWORD, "again": PASSWORD}
    cookie = {"Cookie": form.partition(";")[0]}
    status, page, cookies = asked(where, "POST", link, fields, **cookie)
    assert status == 302, page
    session = cookies["__Host-vsoko"]
    assert all(part in session for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
    assert "Domain" not in session
    assert "Max-Age" not in session
    status, page, _ = asked(where, "GET", "/", Cookie=session.partition(";")[0])
    assert status == 302
    assert asked(where, "GET", link)[0] == 404
    forged = asked(where, "POST", link, fields, **cookie, Origin="https://evil.example")
    assert forged[0] == 403
    process.terminate()
    log = process.communicate(timeout=60)[1].decode()
    assert "vsoko.accounts joined user=1" in log
    assert not re.search(r"Иванова|иванова|Первая|Traceback|invite/", log), log


def test_a_browser_names_no_address_for_itself(folder: Path, running: tuple[str, subprocess.Popen[bytes]]) -> None:
    """What the proxy adds counts; what the browser put before it does not."""
    where, _ = running
    _, page, cookies = asked(where, "GET", "/sign-in")
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
    cookie = cookies["__Host-vsoko_csrf"].partition(";")[0]

    def tried(number: int, forwarded: str) -> list[int]:
        fields = {"csrfmiddlewaretoken": token, "login": f"name{number}", "password": "x"}
        said = asked(where, "POST", "/sign-in", fields, Cookie=cookie, **{"X-Forwarded-For": forwarded})
        assert said[0] == 422
        with closing(sqlite3.connect(folder / "база.sqlite")) as database:
            counts = database.execute("SELECT count FROM hosted_signintries ORDER BY count DESC")
            return [row[0] for row in counts]

    assert tried(1, "198.51.100.1, 192.0.2.1") == [1, 1]
    assert tried(2, "198.51.100.2, 192.0.2.1") == [2, 1, 1]
    assert tried(3, "192.0.2.1, 192.0.2.2") == [2, 1, 1, 1, 1]


def test_the_way_back_in_is_printed_and_unknown_names_are_said(folder: Path) -> None:
    done = vsoko("serve", str(folder), "--invite", "ИВАНОВА")
    assert (done.returncode, f"https://{HOST}/invite/" in done.stdout.decode()) == (0, True)
    refused = vsoko("serve", str(folder), "--invite", "nobody")
    assert (refused.returncode, "нет" in refused.stderr.decode()) == (2, True)
    again = vsoko("serve", str(folder), "--init")
    assert (again.returncode, "уже есть" in again.stderr.decode()) == (2, True)
