"""A proxy with TLS in front of a server, set up as `docs/administrator.ru.md` says: its words are taken from the page,
but for ports and files of this machine."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from tests.hosted.live import until
from tests.ports import own_port

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "administrator.ru.md"
NAME: Final = "vsoko.region.example"
_WAIT: Final = 120


def documented(language: str) -> str:
    """The only block of that language in the part of the page about HTTPS."""
    part = PAGE.read_text(encoding="utf-8").split("\n## HTTPS")[1].split("\n## ")[0]
    (found,) = re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)
    return str(found)


def put(text: str, *changes: tuple[str, str]) -> str:
    """A text with some of its words, each of which it has once, put otherwise."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Certificate:
    """A certificate that nobody signed but itself, and its key."""

    certificate: Path
    key: Path

    @classmethod
    def made(cls, folder: Path) -> Certificate:
        made = cls(folder / "vsoko.pem", folder / "vsoko.key")
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
        command += ["-addext", f"subjectAltName=DNS:{NAME}", "-out", str(made.certificate)]
        command += ["-keyout", str(made.key)]
        subprocess.run(command, check=True, capture_output=True)
        return made


def _nginx(folder: Path, port: int, behind: int, own: Certificate) -> list[str | Path]:
    server = put(
        documented("nginx"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/vsoko.pem", str(own.certificate)),
        ("/etc/ssl/vsoko.key", str(own.key)),
        ("127.0.0.1:8080", f"127.0.0.1:{behind}"),
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    kept = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    whose = "user root;\n" if os.name == "posix" and os.geteuid() == 0 else ""
    frame = (
        f"{whose}daemon off;\npid {folder}/nginx.pid;\nevents {{}}\nhttp {{\n    access_log off;\n{kept}{server}}}\n"
    )
    (folder / "nginx.conf").write_text(frame, encoding="utf-8")
    return ["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"]


def _caddy(folder: Path, port: int, behind: int, own: Certificate) -> list[str | Path]:
    site = put(
        documented("caddyfile"),
        (f"{NAME} {{", f"https://{NAME}:{port} {{\n    bind 127.0.0.1"),
        ("# tls /etc/ssl/vsoko.pem /etc/ssl/vsoko.key", f"tls {own.certificate} {own.key}"),
        ("127.0.0.1:8080", f"127.0.0.1:{behind}"),
    )
    (folder / "Caddyfile").write_text(f"{{\n    admin off\n    auto_https off\n}}\n{site}", encoding="utf-8")
    return ["caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"]


_COMMANDS: Final = {"nginx": _nginx, "caddy": _caddy}


def why_no(proxy: str) -> str | None:
    """Why it cannot be tried here; none where it can."""
    missing = [name for name in (proxy, "openssl") if shutil.which(name) is None]
    return f"{', '.join(missing)} is not there: the server is NOT TESTED behind {proxy}" if missing else None


@contextmanager
def in_front(proxy: str, folder: Path, behind: int) -> Iterator[Proxied]:
    """The proxy in front of a port of this machine, until the end of the block."""
    own, port = Certificate.made(folder), own_port()
    command = _COMMANDS[proxy](folder, port, behind, own)
    home = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "proxy.txt").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=home)
    made = Proxied(proxy, port, behind, own)

    def answered() -> bool:
        assert process.poll() is None, (folder / "proxy.txt").read_text(encoding="utf-8")
        try:
            return Browsing(made).ask("GET", "/alive").status < 500
        except OSError:
            return False

    try:
        until(answered)
        yield made
    finally:
        process.terminate()
        process.wait(_WAIT)


@dataclass(frozen=True)
class Proxied:
    """A proxy that runs: what it is, the port at which it answers, that of the server behind it, its certificate."""

    proxy: str
    port: int
    behind: int
    own: Certificate


@dataclass(frozen=True)
class Answer:
    """An answer of the server, or of the proxy."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Browsing:
    """A browser without scripts, which checks the certificate and keeps cookies; `address`: from which it comes."""

    proxied: Proxied
    address: str = "127.0.0.1"
    cookies: dict[str, Morsel[str]] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """What is answered; a name of a header has `_` for `-`."""
        context = ssl.create_default_context(cafile=str(self.proxied.own.certificate))
        plain = socket.create_connection(("127.0.0.1", self.proxied.port), _WAIT, (self.address, 0))
        connection = http.client.HTTPConnection(NAME, timeout=_WAIT)
        with context.wrap_socket(plain, server_hostname=NAME) as connection.sock:
            sent = {"Host": NAME, **{name.replace("_", "-"): value for name, value in headers.items()}}
            if self.cookies:
                sent["Cookie"] = "; ".join(f"{name}={each.value}" for name, each in self.cookies.items())
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.update(SimpleCookie(line))
        return Answer(answer.status, answer.headers, text)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def send(self, path: str, form: dict[str, str], **headers: str) -> Answer:
        """Send a form of the page at `/sign-in`, whose token fits all."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get("/sign-in").text)
        token = found[1] if found else self.cookies["__Host-vsoko_csrf"].value
        body = urlencode({**form, "csrfmiddlewaretoken": token}).encode()
        return self.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded", **headers)
