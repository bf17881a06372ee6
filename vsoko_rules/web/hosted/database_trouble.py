"""The database does not answer, or two changes stood in each other's way: said on a page, never as a fault of the
program."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from vsoko_rules.web import mistakes
from vsoko_rules.web.mistakes import trouble_shown

_AGAIN: Final = ("40001", "40P01")
"""what PostgreSQL says where a change may be made anew: not in an order with others, each waited for the other"""
_RETRY_AFTER: Final = "5"
"""seconds after which a browser or a proxy may ask again"""


class DatabaseTrouble:
    """Answers 503 for a view that could not reach the database. Stands behind `Mistakes`, so that it is asked first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a request that failed; none where it was not the database."""
        return _answer(request) if isinstance(error, (OperationalError, InterfaceError)) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """What failed outside a view: who asks is looked up in the database, too."""
    failed = sys.exc_info()[1]
    return (
        _answer(request) if isinstance(failed, (OperationalError, InterfaceError)) else mistakes.server_error(request)
    )


def _answer(request: HttpRequest) -> HttpResponse:
    request.me = None  # type: ignore[attr-defined]  # their name may not be known yet
    response = trouble_shown(request, "database", 503)
    response["Retry-After"] = _RETRY_AFTER
    return response


def may_be_repeated(error: Exception) -> bool:
    """Whether a transaction was taken back because of another one: the same may succeed now."""
    return getattr(error.__cause__, "sqlstate", None) in _AGAIN
