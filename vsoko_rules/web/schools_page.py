"""The list of schools in a folder."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.web.rendering import page
from vsoko_rules.web.site import Site, own_site_of
from vsoko_rules.workspace.school_list import SchoolList, matching

_AT_ONCE: Final = 100
"""schools on one page"""
_WORK: Final = 0.7
"""seconds of assessing in one request; the page asks again"""


def schools(request: HttpRequest) -> HttpResponse:
    """The list; the school itself where there is but one file."""
    site = own_site_of(request)
    if site.desk.single:
        return HttpResponseRedirect(reverse("check", args=[site.code(site.desk.root)]))
    return page(request, "schools", **_shown(request, site))


def more(request: HttpRequest) -> HttpResponse:
    """The table again, with some more schools assessed."""
    site = own_site_of(request)
    SchoolList(site.desk).assess_some(_WORK)
    return page(request, "schools_table", **_shown(request, site))


def _shown(request: HttpRequest, site: Site) -> dict[str, Any]:
    everyone = SchoolList(site.desk).schools()
    sought = request.GET.get("q", "")
    found = matching(everyone, sought)
    stated = request.GET.get("page", "1")
    last = max(1, -(-len(found) // _AT_ONCE))
    number = min(int(stated) if stated.isdecimal() and len(stated) < 6 else 1, last) or 1
    return {
        "schools": [(site.code(s.path), s) for s in found[(number - 1) * _AT_ONCE : number * _AT_ONCE]],
        "total": len(everyone),
        "found": len(found),
        "waiting": sum(school.shown is None for school in everyone),
        "sought": sought,
        "number": number,
        "last": last,
        "folder": site.desk.root.name,
    }
