"""The page on one's own machine inside a browser: the same application, its requests handed over by a script instead of
a server. There are no threads and no other processes there, and files live in the storage of the browser.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Mapping
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from django.core.wsgi import get_wsgi_application

from vsoko_rules.web.server import open_site
from vsoko_rules.web.site import serving

_UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class GivenBack(NamedTuple):
    """What is given back to the script. `changed`: files may be other than before, so that they are to be kept."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    changed: bool


class BrowserPage:
    """The page about the schools in `root`; `host` is what the browser says the site is, `under` the path at which the
    application stands there. Raises `VsokoError`."""

    def __init__(self, root: Path, data: Path, host: str, under: str) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.site = open_site(root, data)
        self.site.host = host
        self.site.in_browser = True
        self.site.under = under.rstrip("/")
        self._application = serving(self.site, get_wsgi_application())
        self._cookies: SimpleCookie = SimpleCookie({self.site.cookie_name: self.site.cookie})

    def ask(self, method: str, address: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> GivenBack:
        """GivenBack a request of the page. `address` is the path with the query, as the browser says it."""
        told: dict[str, Any] = {}

        def start(status: str, given: list[tuple[str, str]], exc_info: Any = None) -> None:  # noqa: ARG001
            told["status"], told["headers"] = int(status.partition(" ")[0]), given

        answered = self._application(self._environ(method, address, headers, body), start)
        try:
            content = b"".join(answered)
        finally:
            close = getattr(answered, "close", None)
            if close is not None:
                close()
        for name, value in told["headers"]:
            if name.lower() == "set-cookie":
                self._cookies.load(value)
        kept = [(name, value) for name, value in told["headers"] if name.lower() != "set-cookie"]
        return GivenBack(told["status"], kept, content, method in _UNSAFE)

    def _environ(self, method: str, address: str, headers: Iterable[tuple[str, str]], body: bytes) -> dict[str, Any]:
        """A request as WSGI calls it."""
        stated = urlsplit(address)
        path = stated.path.removeprefix(self.site.under)
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": self.site.under,
            "PATH_INFO": unquote_to_bytes(path or "/").decode("latin-1"),
            "QUERY_STRING": stated.query,
            "SERVER_NAME": self.site.host.partition(":")[0],
            "SERVER_PORT": self.site.host.partition(":")[2] or "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": self.site.host,
            "HTTP_COOKIE": self._cookies.output(attrs=[], header="", sep=";").strip(),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **_environment(headers),
        }


def _environment(headers: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Headers as WSGI calls them; the browser says no cookies to a script, they are kept here."""
    named = {name.upper().replace("-", "_"): value for name, value in headers}
    own = {"CONTENT_TYPE": named.pop("CONTENT_TYPE")} if "CONTENT_TYPE" in named else {}
    left = {"CONTENT_LENGTH", "COOKIE", "HOST"}
    return own | {f"HTTP_{name}": value for name, value in named.items() if name not in left}


def opened(host: str, under: str) -> BrowserPage:
    """The page over the folders that the script keeps."""
    os.environ.setdefault("TZ", "UTC")
    return BrowserPage(Path("/kept/schools"), Path("/kept/data"), host, under)
