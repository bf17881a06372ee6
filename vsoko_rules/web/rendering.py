"""Pages and parts of pages from the templates in `reports/web/`: everything printed is escaped by the environment."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from jinja2 import Environment
from markupsafe import escape

from vsoko_rules import __version__
from vsoko_rules.templates import Ready, environment, html
from vsoko_rules.web.abilities import able
from vsoko_rules.web.school_site import KEY
from vsoko_rules.web.static_files import static_address
from vsoko_rules.workspace.readable_addresses import readable_address


@cache
def _environment() -> Environment:
    made = environment(html)
    made.filters |= {"typed": _typed, "address": readable_address}
    made.globals |= {"url": _url, "static": static_address, "version": __version__, "able": able}
    return made


def _typed(text: str) -> Ready:
    """A text as the value of a field, to the letter: no space of it is tied to a number, no tab is lost."""
    return Ready(escape(text))


def _url(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


def text_of(request: HttpRequest, template: str, **data: Any) -> str:
    """The text of a template of `reports/web/`, named without its ending."""
    shown = {
        "request": request,
        "csrf": get_token(request),
        "me": getattr(request, "me", None),
        "hosted": hasattr(settings, "VSOKO_SERVER"),
        "in_browser": getattr(request.META.get(KEY), "in_browser", False),
        **data,
    }
    return _environment().get_template(f"web/{template}.j2").render(shown)


def page(request: HttpRequest, template: str, status: int = 200, **data: Any) -> HttpResponse:
    """A page, or a part of one."""
    return HttpResponse(text_of(request, template, **data), status=status)


def parts(request: HttpRequest, *templates: str, status: int = 200, **data: Any) -> HttpResponse:
    """Several parts of a page in one answer: the first goes to where it was asked for, the others to where their ids
    say."""
    return HttpResponse("\n".join(text_of(request, name, **data) for name in templates), status=status)


def complaint(request: HttpRequest, name: str, status: int, **data: Any) -> HttpResponse:
    """A page that says what is wrong and what to do."""
    return page(request, "complaint", status=status, name=name, **data)
