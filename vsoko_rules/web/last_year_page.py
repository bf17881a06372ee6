"""Rows of an earlier year: first what would be taken over, then they are added, as one change."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError, Problem
from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.asked import element_titles
from vsoko_rules.workspace.last_year_rows import last_year_rows, take_over


def last_year(request: HttpRequest, code: str) -> HttpResponse:
    """A choice of files; what the chosen one, `old`, has to be taken over; the documents added."""
    context = SchoolContext(request, code)
    if request.method != "POST" and not context.may_edit:
        return context.documents()
    school = context.opened
    old = (request.POST if request.method == "POST" else request.GET).get("old", "")
    last, status = None, 200
    problems: tuple[Problem, ...] = ()
    if old:
        source = context.site.path(old)
        try:
            last = last_year_rows(school, context.desk.read(source))
            if request.method == "POST":
                context.desk.change(context.path, take_over(last.rows, request.POST.getlist("line")))
                return HttpResponseRedirect(f"{reverse('documents', args=[code])}?said=saved")
        except InputError as wrong:
            if any(problem.place.file == context.path.name for problem in wrong.problems):
                raise
            problems, status = tuple(wrong.problems), 422
    others = [(context.site.code(path), context.site.called(path)) for path in context.desk.earlier(school)]
    shown = context.shown(school=school, tab="documents", others=others, old=old, last=last, problems=problems)
    return page(request, "last_year", status=status, **shown, element_titles=element_titles(school.ruleset))
