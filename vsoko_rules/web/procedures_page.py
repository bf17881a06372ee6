"""Assessment procedures: a small table, a form for each row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from vsoko_rules.errors import InputError
from vsoko_rules.web.entry_forms import disputed, fields_of, foreign, refused, saved
from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.listed_entries import StaleEntry, TypedEntry, typed_entry
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.procedure_rows import (
    FIELDS,
    change_procedure,
    empty_procedure,
    procedure_row,
    procedure_rows,
    remove_procedure,
)

_NEW: Final = "new"
"""how the address names a row that there is not yet"""


def procedures(request: HttpRequest, code: str) -> HttpResponse:
    """All rows; the one named in the address stands open, `new` is a new one."""
    context = SchoolContext(request, code)
    school = context.opened
    of = request.GET.get("of", "")
    known = {procedure.id for procedure in school.case.content.procedures}
    opened = procedure_row(school, of) if of in known else empty_procedure(school) if of == _NEW else None
    return page(request, "procedures", **_whole(context, school, opened if context.may_edit else None))


def _whole(context: SchoolContext, school: OpenedSchool, opened: TypedEntry | None) -> dict[str, Any]:
    return context.shown(school=school, tab="procedures", rows=procedure_rows(school), opened=opened)


def procedure(request: HttpRequest, code: str, of: str) -> HttpResponse:
    """The form of one row, folded where the address says so; the row that somebody typed."""
    context = SchoolContext(request, code)
    school = context.opened
    if request.method == "POST":
        return _saved(request, context, of)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{reverse('procedures', args=[code])}?of={of}#row-{of}")
    known = {procedure.id for procedure in school.case.content.procedures}
    if of == _NEW and of not in known and context.may_edit:
        return page(request, "procedure_open", **context.part(school, entry=empty_procedure(school)))
    folded = "folded" in request.GET or not context.may_edit
    if folded and of not in known:  # a new one that was never saved
        return HttpResponse("")
    template = "procedure_closed" if folded else "procedure_open"
    return page(request, template, **context.part(school, entry=procedure_row(school, of)))


def _saved(request: HttpRequest, context: SchoolContext, of: str) -> HttpResponse:
    fields, mark = fields_of(request), request.POST.get("etag", "")
    parts = bool(request.headers.get("HX-Request"))
    try:
        school = context.desk.change(context.path, change_procedure(of, mark, fields))
    except StaleEntry:
        school = context.opened
        known = [each for each in procedure_rows(school) if each.id == of]
        theirs = known[0] if known else replace(empty_procedure(school), id=of)
        entry = replace(typed_entry(of, theirs.etag, FIELDS, fields), theirs=theirs)
        if parts:
            return disputed(request, "procedure_open", context.part(school, entry=entry))
        return page(request, "procedures", status=409, **_whole(context, school, entry))
    except InputError as wrong:
        if foreign(wrong):
            raise
        school = context.opened
        entry = typed_entry(of, mark, FIELDS, fields, wrong.problems)
        if parts:
            return refused(request, "procedure_open", context.part(school, entry=entry))
        return page(request, "procedures", status=422, **_whole(context, school, entry))
    if not parts:
        return HttpResponseRedirect(f"{reverse('procedures', args=[context.code])}?said=saved#row-{of}")
    return saved(request, ("procedure_closed",), context.part(school, entry=procedure_row(school, of)))


@require_POST
def remove(request: HttpRequest, code: str, of: str) -> HttpResponse:
    """Take a procedure away; it can be undone."""
    context = SchoolContext(request, code)
    context.desk.change(context.path, remove_procedure(of, request.POST.get("etag", "")))
    return HttpResponseRedirect(f"{reverse('procedures', args=[code])}?said=saved")
