"""Styles and scripts: the project's own, and htmx from the package that carries it. Nothing comes from elsewhere."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_OWN: Final = ("page.css", "page.js", "combobox.js", "files.js", "disputes.js", "icon.svg")
_HTMX: Final = "htmx.js"


@cache
def _content(name: str) -> bytes:
    """What a file holds. Raises `Http404`."""
    if name == _HTMX:
        return (files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js").read_bytes()
    if name in _OWN:
        return (files("vsoko_rules.web") / "static" / name).read_bytes()
    raise Http404


@cache
def static_address(name: str) -> str:
    """The address of a file; it changes with what it holds, so that a browser may keep it."""
    digest = hashlib.sha256(_content(name)).hexdigest()[:12]
    return f"{reverse('static', args=[name])}?{digest}"


def static_file(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001
    """One of the files."""
    content = _content(name)
    response = HttpResponse(content, content_type=_TYPES[name[name.rindex(".") :]])
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
