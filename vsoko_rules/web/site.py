"""One running page: whose it is, at which address, and with which cookie it lets in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from django.http import Http404, HttpRequest

from vsoko_rules.web.school_site import KEY, SchoolSite
from vsoko_rules.workspace.folder_desk import FolderDesk
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.readings import Readings


@dataclass
class Site(SchoolSite):
    """A page of one person on one machine. `host` is address and port, as browsers say them; `token` opens the page
    once, `cookie` is what the browser has after that."""

    folder: FolderDesk
    host: str = ""
    stop: Callable[[], None] = lambda: None
    in_browser: bool = False
    """whether the program runs in the browser itself, without a server"""
    under: str = ""
    token: str | None = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _paths: dict[str, Path] = field(default_factory=dict)

    @property
    def desk(self) -> FolderDesk:
        """The schools of the folder."""
        return self.folder

    def shown(self, path: Path, school: OpenedSchool) -> dict[str, Any]:
        """In a browser, how much would be lost with its storage."""
        told = super().shown(path, school)
        return {**told, "since_copy": self.desk.since_copy(path)} if self.in_browser else told

    @cached_property
    def readings(self) -> Readings:
        """The readings of files that were asked for."""
        return Readings(self.desk)

    @property
    def cookie_name(self) -> str:
        """Cookies know no ports: each running page has a name of its own."""
        return f"vsoko_{self.host.rpartition(':')[2]}"

    @property
    def address(self) -> str:
        """What is opened in the browser first."""
        return f"http://{self.host}/enter/{self.token}"

    def admit(self, token: str) -> bool:
        """Let somebody in who has the token; it opens once."""
        right = self.token is not None and secrets.compare_digest(self.token, token)
        if right:
            self.token = None
        return right

    def code(self, path: Path) -> str:
        """How a school is called in addresses."""
        return hashlib.sha256(str(path).encode(errors="surrogatepass")).hexdigest()[:12]

    def path(self, code: str) -> Path:
        """The file of a school by its code. Raises `Http404`."""
        if code not in self._paths or not self._paths[code].exists():
            self._paths = {self.code(path): path for path in self.desk.paths()}
        if code not in self._paths:
            raise Http404
        return self._paths[code]


def own_site_of(request: HttpRequest) -> Site:
    """The page on this machine to which a request came."""
    return cast("Site", request.META[KEY])


Wsgi = Callable[[dict[str, Any], Any], Any]


def serving(site: Site, application: Wsgi) -> Wsgi:
    """The application for one page."""

    def served(environ: dict[str, Any], start: Any) -> Any:
        return application({**environ, KEY: site}, start)

    return served
