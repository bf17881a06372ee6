"""Django, set up in code. There is no database of its own, no admin, no session: the journal of `workspace` keeps all.

What changes from one start to the next (the folder, the address, the cookie) is no setting: it is the `Site` that comes
with each request, so that several may run in one process.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any, Final

import django
from django.conf import settings

MOST_SENT: Final = 4_000_000
"""bytes of one request; a row is some kilobytes, a pasted table of a thousand rows some hundred"""
MOST_RECEIVED: Final = 50_000_000
"""bytes of files in one request"""
MOST_TAKEN: Final = 4 * MOST_RECEIVED
"""bytes of a request up to which it is told that this is too much; what is larger is cut off"""


_BOTH: Final[dict[str, Any]] = {
    "DEBUG": False,
    "TEMPLATES": [],
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
    "DATA_UPLOAD_MAX_MEMORY_SIZE": MOST_SENT,
    "DATA_UPLOAD_MAX_NUMBER_FIELDS": 5_000,
    "DATA_UPLOAD_MAX_NUMBER_FILES": 1_000,
    "USE_TZ": True,
    "USE_I18N": False,
    "LOGGING_CONFIG": None,
    "APPEND_SLASH": False,
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
}
"""what the page of one machine and that of a region have in common"""


def set_up(**own: Any) -> None:
    """Set Django up with what both pages have in common and what is one page's `own`."""
    settings.configure(**_BOTH, **own)
    django.setup()
    for name in ("django", "waitress"):  # what goes wrong is said on the page; a terminal is perhaps not there
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False


def configure() -> None:
    """Set Django up for the page of one machine, once a process."""
    if settings.configured:
        return
    set_up(
        SECRET_KEY=secrets.token_urlsafe(48),
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="vsoko_rules.web.routes",
        MIDDLEWARE=[
            "vsoko_rules.web.guard.Guard",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "vsoko_rules.web.mistakes.Mistakes",
        ],
        INSTALLED_APPS=[],
        DATABASES={},
        CSRF_COOKIE_NAME="vsoko_csrf",
        CSRF_COOKIE_HTTPONLY=True,
        CSRF_COOKIE_SAMESITE="Strict",
        CSRF_FAILURE_VIEW="vsoko_rules.web.mistakes.forged",
    )
