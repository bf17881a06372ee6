"""What every request to a region's server passes first: the exact host, not too much at once, and the headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from vsoko_rules.web.guard import length_of, protected
from vsoko_rules.web.hosted.hosted_settings import this_server
from vsoko_rules.web.rendering import complaint
from vsoko_rules.web.settings import MOST_RECEIVED, MOST_SENT

_HALF_YEAR: Final = 15_768_000
"""seconds for which a browser asks by HTTPS alone (OWASP ASVS 5.0, 3.4.1 asks for a year in production)"""
_ALIVE: Final = "/alive"
"""tells nothing but that the process lives; who asks it knows an address, not the name of the server"""
_NUL: Final = "\0"
_RECEIVING: Final = re.compile(r"/study/[^/]+/(?:schools|people|import|cases)")
"""to which files are sent"""
_OF_SCHOOLS: Final = re.compile(r"/s/[^/]+/files")
"""the same, where the server takes the files of schools"""


class HostedGuard:
    """The first to see a request and the last to see the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or a refusal. HEAD is answered as GET is, without what it holds."""
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        response = protected(self._refused(request) or self.get_response(request), request.path)
        if head:
            _emptied(response)
        if this_server().tls:
            response["Strict-Transport-Security"] = f"max-age={_HALF_YEAR}"
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:  # noqa: ARG002
        """Refuse letters that no page sends and no database keeps."""
        sent = [request.GET, request.POST] if request.method == "POST" else [request.GET]
        texts = [text for fields in sent for name, values in fields.lists() for text in (name, *values)]
        if any(_NUL in text for text in (request.path, *texts)):
            return complaint(request, "bad_request", 400)
        return None

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        """A refusal; none where nothing is to be said."""
        if request.META.get("HTTP_HOST") not in this_server().hosts and request.path != _ALIVE:
            return complaint(request, "host", 400)
        most = MOST_RECEIVED if _receives(request.path) else MOST_SENT
        if length_of(request) > most:
            return complaint(request, "too_large", 413, most=most // 1_000_000, files=most == MOST_RECEIVED)
        return None


def _emptied(response: HttpResponseBase) -> None:
    """Take away what an answer holds; its headers stay."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    elif isinstance(response, HttpResponse):
        response.content = b""


def _receives(path: str) -> bool:
    files = bool(this_server().uploads) and _OF_SCHOOLS.fullmatch(path)
    return bool(files or _RECEIVING.fullmatch(path))
