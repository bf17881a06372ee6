"""Marks of indicators: block by block, each saved by itself, with what the rules say beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError
from vsoko_rules.web.entry_forms import disputed, fields_of, foreign, refused, saved
from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.indicator_marks import FIELDS, MarkRow, change_mark, mark_blocks, mark_row, mark_rows
from vsoko_rules.workspace.listed_entries import StaleEntry, TypedEntry, typed_entry
from vsoko_rules.workspace.opened_school import OpenedSchool


def marks(request: HttpRequest, code: str) -> HttpResponse:
    """The indicators of one block."""
    context = SchoolContext(request, code)
    return page(request, "marks", **_whole(context, context.opened, request.GET.get("block", "")))


def _whole(context: SchoolContext, school: OpenedSchool, block: str, typed: TypedEntry | None = None) -> dict[str, Any]:
    blocks = mark_blocks(school)
    known = [each.id for each in blocks]
    chosen = block if block in known else next(iter(known), "")
    rows = [_with(row, typed) if typed and typed.id == row.view.id else row for row in mark_rows(school, chosen)]
    return context.shown(school=school, tab="marks", blocks=blocks, chosen=chosen, rows=rows)


def _with(row: MarkRow, typed: TypedEntry) -> MarkRow:
    return replace(row, entry=typed)


def mark(request: HttpRequest, code: str, of: str) -> HttpResponse:
    """The mark that somebody typed; the row of one indicator."""
    context = SchoolContext(request, code)
    before = context.opened
    row = mark_row(before, of)
    block = before.ruleset.indicators[of].block
    there = f"{reverse('marks', args=[code])}?block={block}"
    if request.method != "POST":
        return HttpResponseRedirect(f"{there}#row-{of}")
    fields, etag, parts = fields_of(request), request.POST.get("etag", ""), bool(request.headers.get("HX-Request"))
    try:
        school = context.desk.change(context.path, change_mark(before, of, etag, fields))
    except StaleEntry:
        school = context.opened
        theirs = mark_row(school, of)
        row = _with(theirs, replace(typed_entry(of, theirs.entry.etag, FIELDS, fields), theirs=theirs.entry))
        if parts:
            return disputed(request, "mark_row", context.part(school, row=row))
        return page(request, "marks", status=409, **_whole(context, school, block, row.entry))
    except InputError as wrong:
        if foreign(wrong):
            raise
        row = _with(row, typed_entry(of, etag, FIELDS, fields, wrong.problems))
        if parts:
            return refused(request, "mark_state", context.part(before, row=row))
        return page(request, "marks", status=422, **_whole(context, before, block, row.entry))
    if not parts:
        return HttpResponseRedirect(f"{there}&said=saved#row-{of}")
    return saved(request, ("mark_state", "mark_etag"), context.part(school, row=mark_row(school, of)))
