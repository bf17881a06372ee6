"""The file of a school: downloaded as a copy, and opened from one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.web.papers_page import attachment
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.web.site import own_site_of
from vsoko_rules.workspace.copies import copy_of, take_in
from vsoko_rules.writing.files import output_name

_ENDINGS = ("yml", "xlsx")


def copy(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """The case as a file."""
    if ending not in _ENDINGS:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    context = SchoolContext(request, code)
    school = context.opened
    name = f"{school.case.content.school.id}-{school.case.content.study.year}"
    answer = attachment(copy_of(school, f".{ending}"), output_name(name, f".{ending}", ()))
    context.desk.note_copy(context.path)
    return answer


def bring(request: HttpRequest) -> HttpResponse:
    """Open a copy: it becomes one more school of the folder."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    site = own_site_of(request)
    sent = request.FILES.get("file")
    if sent is None or site.desk.single:
        raise InputError([Problem(Place("файл школы"), "файл не выбран")])
    path = take_in(site.folder.root, sent.name or "", sent.read())
    return HttpResponseRedirect(reverse("check", args=[site.code(path)]))
