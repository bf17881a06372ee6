"""My check: the level, the lines, what to do first, how far each block is, what nobody looked at."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.web.site import own_site_of
from vsoko_rules.workspace.reviewed import set_reviewed


def check(request: HttpRequest, code: str) -> HttpResponse:
    """The page."""
    context = SchoolContext(request, code)
    return page(request, "check", **context.shown(tab="check"))


@require_POST
def agree(request: HttpRequest, code: str) -> HttpResponse:
    """The user agrees that the form is written anew."""
    context = SchoolContext(request, code)
    own_site_of(request).folder.journal.consent(str(context.path))
    return context.back("agreed")


@require_POST
def reviewed(request: HttpRequest, code: str) -> HttpResponse:
    """Which blocks were gone through."""
    context = SchoolContext(request, code)
    blocks: list[Any] = request.POST.getlist("block")
    context.desk.change(context.path, set_reviewed(context.opened, blocks))
    return context.back("saved")
