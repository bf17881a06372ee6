"""Nobody but the browser that the program opened gets in, nothing loads from elsewhere, nothing too large is taken."""

from __future__ import annotations

import errno
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.web.conftest import HOST, client_of
from vsoko_rules.errors import OutputError
from vsoko_rules.web.settings import MOST_SENT
from vsoko_rules.web.site import Site
from vsoko_rules.workspace.network_disks import is_on_network

MOUNTS = "proc /proc proc rw 0 0\n/dev/sda1 / ext4 rw 0 0\n//server/schools /mnt/наши\\040школы cifs rw 0 0\n"


class Code(HTMLParser):
    """Whatever a browser would run in a page, but scripts of the program's own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = any(name == "src" and (value or "").startswith("/static/") for name, value in attrs)
        self.found += [("script", "", None)] if tag == "script" and not own else []
        self.found += [
            (tag, name, value)
            for name, value in attrs
            if name.startswith("on")
            or ((value or "").strip().startswith("javascript:") and name in ("href", "action", "src"))
        ]


def stranger(site: Site) -> Any:
    """A browser that was not let in."""
    client = client_of(site)
    client.cookies.clear()
    return client


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:8765", "127.0.0.1", "127.0.0.1:8766", "", f"{HOST}.evil.example"]
)
def test_a_foreign_host_is_refused(site: Site, host: str) -> None:
    """A page elsewhere may point its own name at this machine (DNS rebinding)."""
    answer = client_of(site).get("/", HTTP_HOST=host)
    assert answer.status_code == 400
    assert "Школы" not in answer.content.decode()


def test_the_token_opens_once(site: Site) -> None:
    address, name = site.address.removeprefix(f"http://{HOST}"), site.cookie_name
    first = stranger(site)
    answer = first.get(address)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    cookie = answer.cookies[name]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert first.get("/").status_code == 200
    for path in (address, "/enter/", "/enter/x", "/", "/alive", "/s/abc/"):
        refused = stranger(site).get(path)
        assert refused.status_code in (403, 404), path
        assert "sosh" not in refused.content.decode()
    assert "vsoko open" in stranger(site).get(address).content.decode()


def test_a_wrong_cookie_does_not_let_in(site: Site) -> None:
    other = stranger(site)
    other.cookies[site.cookie_name] = "wrong"
    assert other.get("/").status_code == 403


def test_what_no_page_sent_is_refused(site: Site, folder: Path) -> None:
    """Every address that changes something asks for the token of the page, and for POST."""
    code = site.code(folder / "samoproverka.yml")
    strict = client_of(site)
    strict.handler.enforce_csrf_checks = True
    changing = ["/stop", *(f"/s/{code}/{name}" for name in ("agree", "reviewed", "undo", "redo", "history/1/back"))]
    changing += [f"/s/{code}/files/read", f"/s/{code}/confirm/d01/quote"]
    changing += [f"/s/{code}/documents/d01/remove", f"/s/{code}/documents/d01"]
    for address in changing:
        answer = strict.post(address)
        assert answer.status_code == 403, address
        assert "обновите страницу" in answer.content.decode()
        assert address.endswith("d01") or strict.get(address).status_code == 405


def test_pages_allow_no_foreign_and_no_inline_code(client: Any, site: Site, folder: Path) -> None:
    code = site.code(folder / "gorodskaya-sosh.yml")
    for address in ("/", f"/s/{code}/", f"/s/{code}/documents?row=komanda", "/nothing", "/static/page.js"):
        answer = client.get(address)
        policy = answer["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        text = answer.content.decode()
        if "html" in answer["Content-Type"]:
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)
            assert set(re.findall(r"(?:src|action)=[\"']https?://", text)) == set()
            assert answer["Cache-Control"] == "no-store"


def test_too_much_is_refused(client: Any, site: Site, folder: Path) -> None:
    code = site.code(folder / "samoproverka.yml")
    answer = client.post(f"/s/{code}/documents/d99", {"title": "д" * MOST_SENT})
    assert answer.status_code == 413
    assert "по частям" in answer.content.decode()


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '" onmouseover="alert(1)', "javascript:alert(1)"])
def test_what_a_case_says_is_never_code(client: Any, site: Site, folder: Path, hostile: str) -> None:
    code = site.code(folder / "samoproverka.yml")
    fields = dict.fromkeys(("title", "kind", "number", "where", "quote", "comment"), hostile)
    answer = client.post(f"/s/{code}/documents/d99", {"etag": "", **fields})
    assert answer.status_code == 302
    for address in (f"/s/{code}/", f"/s/{code}/documents?row=d99", f"/s/{code}/documents", f"/s/{code}/history"):
        text = client.get(address).content.decode()
        assert Code(text).found == []


def test_the_journal_is_not_kept_on_the_disk_of_another_machine(tmp_path: Path) -> None:
    assert is_on_network(Path("/mnt/наши школы/vsoko/journal.sqlite"), MOUNTS)
    assert is_on_network(Path("//server/schools/journal.sqlite"), MOUNTS)
    assert not is_on_network(Path("/srv/данные/vsoko/journal.sqlite"), MOUNTS)
    assert not is_on_network(Path("/mnt/наши школы 2/journal.sqlite"), MOUNTS)
    assert not is_on_network(tmp_path)


def test_a_journal_that_cannot_be_kept_is_one_sentence(folder: Path, make_site: Callable[[Path], Site]) -> None:
    (folder.parent / "данные").write_text("это файл", encoding="utf-8")
    with pytest.raises(OutputError, match="журнал изменений не открывается"):
        make_site(folder)


def test_the_command_opens_and_stops_cleanly(folder: Path, tmp_path: Path) -> None:
    """As a process: on a free port of this machine alone, until the page asks to stop."""
    command = [sys.executable, "-m", "vsoko_rules", "open", str(folder), "--no-browser", "--data", str(tmp_path / "д")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        told = process.stdout.readline().decode("utf-8").split()
        assert told[:2] == ["Страница", "открыта:"]
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = browser.open(told[-1]).read().decode("utf-8")
        assert "Всего школ: 3" in page
        origin = told[-1].partition("/enter")[0]
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(origin)
        refused.value.close()
        assert refused.value.code == 403
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[-1]
        assert (
            "Работа завершена"
            in browser.open(f"{origin}/stop", f"csrfmiddlewaretoken={token}".encode()).read().decode()
        )
        assert process.wait(60) == 0
        assert process.stderr.read() == b""
    with socket.socket() as closed, pytest.raises(OSError, match=r"refused|отказ|10061"):
        closed.connect(("127.0.0.1", int(origin.rpartition(":")[2])))


def test_a_server_that_is_closed_while_it_looks_at_its_sockets_has_not_failed() -> None:
    """The exception of a thread would be an error of this test, and several lines on the screen of whoever stops."""
    from vsoko_rules.web.server import answer

    closing = Event()

    class Closed:
        def run(self) -> None:
            assert closing.wait(60)
            raise OSError(errno.EBADF, "Bad file descriptor")

    thread = answer(Closed(), closing)
    closing.set()
    thread.join(60)
    assert not thread.is_alive()


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vsoko_rules", "open", str(tmp_path / "нет"), "--no-browser"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 2
    assert "нет такого файла или папки" in done.stderr.decode("utf-8")
