"""What a page says when something cannot be done: one sentence that says what to do, never a traceback."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from vsoko_rules.errors import InputError, VsokoError
from vsoko_rules.web.rendering import complaint, page

_LOG: Final = logging.getLogger("vsoko.mistakes")


class Mistakes:
    """Turns errors into pages; for a part of a page, into a message above it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a request that failed; none where the address is not known."""
        if isinstance(error, Http404):
            return None
        if isinstance(error, VsokoError):
            return told(request, error)
        if os.environ.get("VSOKO_DEBUG"):
            traceback.print_exception(error)
        if hasattr(settings, "VSOKO_SERVER"):
            _LOG.error("%s %s", type(error).__name__, _where(error))
            return trouble_shown(request, "internal", 500, detail="")
        return trouble_shown(request, "internal", 500, detail=f"{type(error).__name__}: {error}")


def _where(error: Exception) -> str:
    """Where in the program something failed. What it says of it may hold names of people, so that it is not told."""
    frames = traceback.extract_tb(error.__traceback__)
    return " ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)


def told(request: HttpRequest, error: VsokoError) -> HttpResponse:
    """What the user can mend."""
    return trouble_shown(request, "problems", 422 if isinstance(error, InputError) else 500, problems=error.problems)


def trouble_shown(request: HttpRequest, name: str, status: int, **data: object) -> HttpResponse:
    """A page that says what is wrong, or a message above the page where a part of it was asked for."""
    if getattr(request, "htmx", False):
        response = page(request, "notice", status=status, name=name, **data)
        response["HX-Retarget"], response["HX-Reswap"] = "#notice", "outerHTML"
        return response
    return complaint(request, name, status, **data)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A request that no page of this program sent."""
    return trouble_shown(request, "forged", 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """A request that cannot be understood."""
    return trouble_shown(request, "bad_request", 400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """There is nothing at this address."""
    return trouble_shown(request, "not_found", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something failed that should not."""
    return trouble_shown(request, "internal", 500, detail="")
