"""Rows pasted from Excel: first what was understood of them, then they are added, as one change."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError
from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.asked import box_titles, element_titles
from vsoko_rules.workspace.pasting import add_pasted, column_titles, pasted_rows


def paste(request: HttpRequest, code: str) -> HttpResponse:
    """A field for a table; what was understood of it; the documents added."""
    context = SchoolContext(request, code)
    if request.method != "POST" and not context.may_edit:
        return context.documents()
    school = context.opened
    text = request.POST.get("table", "")
    shown: dict[str, Any] = {
        "columns": column_titles(),
        "element_titles": element_titles(school.ruleset),
        "box_titles": box_titles(school.ruleset),
        "table": text,
        "rows": (),
        "problems": (),
    }
    if request.method != "POST":
        return page(request, "paste", **context.shown(school=school, tab="documents", **shown))
    try:
        rows = pasted_rows(school, text)
        if "add" in request.POST:
            lines = {int(line) for line in request.POST.getlist("line") if line.isdecimal() and len(line) < 9}
            context.desk.change(context.path, add_pasted(rows, lines))
            return HttpResponseRedirect(f"{reverse('documents', args=[code])}?said=saved")
    except InputError as wrong:
        if any(problem.place.file == context.path.name for problem in wrong.problems):
            raise
        again = {**shown, "problems": wrong.problems}
        return page(request, "paste", status=422, **context.shown(school=school, tab="documents", **again))
    names = {document.id: document.title for document in school.case.content.documents}
    names |= {row.code: row.cells.get("title", "") for row in rows}
    shown |= {"rows": rows, "names": names}
    return page(request, "paste", **context.shown(school=school, tab="documents", **shown))
