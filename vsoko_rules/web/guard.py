"""Who may ask for what: this machine by its exact address, with the cookie, and not too much at once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from vsoko_rules.web.rendering import complaint
from vsoko_rules.web.settings import MOST_RECEIVED, MOST_SENT
from vsoko_rules.web.site import Site, own_site_of

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_OPEN: Final = ("/enter/", "/static/")
"""what is given without the cookie"""

_RECEIVING: Final = re.compile(r"/s/[^/]+/files")
"""to which files are sent"""


class Guard:
    """The first to see a request and the last to see the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or a refusal."""
        response = protected(self._refused(request) or self.get_response(request), request.path)
        if own_site_of(request).in_browser:  # the start page shows it in a frame
            response["Content-Security-Policy"] = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
            response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        """A refusal; none where nothing is to be said. A page elsewhere may make a browser ask under a foreign name for
        this machine, so that the name is compared exactly."""
        site = own_site_of(request)
        if request.META.get("HTTP_HOST") != site.host:
            return complaint(request, "host", 400)
        if not request.path.startswith(_OPEN) and not _admitted(request, site):
            return complaint(request, "enter", 403)
        most = MOST_RECEIVED if _RECEIVING.fullmatch(request.path) else MOST_SENT
        if length_of(request) > most:
            return complaint(request, "too_large", 413, most=most // 1_000_000, files=most == MOST_RECEIVED)
        return None


def _admitted(request: HttpRequest, site: Site) -> bool:
    return secrets.compare_digest(request.COOKIES.get(site.cookie_name, "").encode(), site.cookie.encode())


def protected(response: HttpResponse, path: str) -> HttpResponse:
    """An answer with the headers that keep a browser from doing more with it than is meant."""
    for name, value in _HEADERS.items():
        response[name] = value
    if not path.startswith("/static/"):
        response["Cache-Control"] = "no-store"
    return response


def length_of(request: HttpRequest) -> int:
    """Bytes that a request says it has; more than is ever received where it does not say a number."""
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if stated.isascii() and stated.isdecimal() else MOST_RECEIVED + 1
