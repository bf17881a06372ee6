"""A school compared with last year: with another file of the folder."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.year_before import compare_years


def comparison(request: HttpRequest, code: str) -> HttpResponse:
    """What changed since the file that `old` in the address names."""
    context = SchoolContext(request, code)
    others = [(context.site.code(path), path.name) for path in context.desk.paths() if path != context.path]
    old = request.GET.get("old", "")
    made = compare_years(context.site.path(old), context.path) if old else None
    return page(request, "comparison", **context.shown(tab="comparison", others=others, old=old, comparison=made))
