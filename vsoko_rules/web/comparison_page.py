"""A school compared with last year: with another file of the folder, or with another seat."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.year_before import compare_years


def comparison(request: HttpRequest, code: str) -> HttpResponse:
    """What changed since the school that `old` in the address names."""
    context = SchoolContext(request, code)
    site, school = context.site, context.opened
    others = [(site.code(path), site.called(path)) for path in context.desk.earlier(school)]
    old = request.GET.get("old", "")
    made = compare_years(context.desk.open(site.path(old)), school) if old else None
    shown = context.shown(school=school, tab="comparison", others=others, old=old, comparison=made)
    return page(request, "comparison", **shown)
