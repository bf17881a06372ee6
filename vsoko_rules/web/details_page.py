"""A new school, and what a school says of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from vsoko_rules.errors import InputError
from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.web.site import own_site_of
from vsoko_rules.workspace.opening import open_ruleset, ruleset_names
from vsoko_rules.workspace.school_details import (
    TypedDetails,
    blank_details,
    change_details,
    create_school,
    details_of,
    typed_details,
)


def new_school(request: HttpRequest) -> HttpResponse:
    """The fields of a new school, and its file made of them."""
    site = own_site_of(request)
    if site.desk.single:
        return HttpResponseRedirect(reverse("schools"))
    chosen = request.POST.get("ruleset") or request.GET.get("ruleset")
    rulesets = {name: open_ruleset(name) for name in ruleset_names()}
    ruleset = rulesets.get(chosen or "") or open_ruleset()
    if request.method != "POST":
        return _asked(request, blank_details(ruleset, datetime.now().astimezone().date()), ruleset, rulesets)
    typed = typed_details(_fields(request))
    try:
        path = create_school(site.desk.root, ruleset, typed)
    except InputError as wrong:
        again = typed_details(_fields(request), wrong.problems)
        return _asked(request, again, ruleset, rulesets, status=422)
    return HttpResponseRedirect(reverse("documents", args=[site.code(path)]))


def _fields(request: HttpRequest) -> dict[str, list[str]]:
    return {name: [str(value) for value in values] for name, values in request.POST.lists()}


def _asked(
    request: HttpRequest, details: TypedDetails, ruleset: Any, rulesets: dict[str, Any], status: int = 200
) -> HttpResponse:
    return page(request, "new_school", status=status, details=details, ruleset=ruleset, rulesets=rulesets)


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, code: str) -> HttpResponse:
    """What a school says of itself, and changes of that."""
    context = SchoolContext(request, code)
    school = context.opened
    typed = details_of(school.case.content)
    if request.method == "POST":
        typed = typed_details(_fields(request))
        try:
            context.desk.change(context.path, change_details(school.ruleset, typed))
        except InputError as wrong:
            if any(not problem.place.is_argument for problem in wrong.problems):
                raise
            typed = typed_details(_fields(request), wrong.problems)
            return page(request, "details", status=422, **_shown(context, typed))
        return HttpResponseRedirect(f"{reverse('details', args=[code])}?said=saved")
    return page(request, "details", **_shown(context, typed))


def _shown(context: SchoolContext, typed: TypedDetails) -> dict[str, Any]:
    return context.shown(tab="details", details=typed, ruleset=context.opened.ruleset)
