"""An expert's own outcomes: a list of elements by block, a form for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from vsoko_rules.errors import InputError
from vsoko_rules.report.decidable import decidable_blocks, decidable_row, decidable_rows, other_decisions
from vsoko_rules.web.entry_forms import disputed, fields_of, foreign, refused, saved
from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.listed_entries import StaleEntry, TypedEntry, typed_entry
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.own_outcomes import FIELDS, OUTCOMES, change_decision, remove_decision, shown_decision


def decisions(request: HttpRequest, code: str) -> HttpResponse:
    """The elements of one block, those named in the address open."""
    context = SchoolContext(request, code)
    school = context.opened
    named = [of for of in request.GET.getlist("of") if of in school.composer.titles.decidable]
    opened = {of: _shown(school, of) for of in named if context.may_decide}
    return page(request, "decisions", **_whole(context, school, request.GET.get("block", ""), opened))


def _whole(
    context: SchoolContext, school: OpenedSchool, block: str, opened: dict[str, TypedEntry], **data: Any
) -> dict[str, Any]:
    composer, blocks = school.composer, school.ruleset.blocks
    own = [school.ruleset.elements[of].block for of in opened if of in school.ruleset.elements]
    chosen = next((each for each in (*own, block) if each in blocks), next(iter(blocks)))
    rows = decidable_rows(composer, chosen)
    return context.shown(
        school=school,
        tab="decisions",
        blocks=decidable_blocks(composer),
        chosen=chosen,
        rows=rows,
        others=other_decisions(composer),
        opened=opened,
        outcomes=OUTCOMES,
        may_decide=context.may_decide,
        **data,
    )


def _shown(school: OpenedSchool, of: str) -> TypedEntry:
    return shown_decision(school, of, datetime.now().astimezone().date())


def _part(context: SchoolContext, school: OpenedSchool, of: str, **data: Any) -> dict[str, Any]:
    return context.part(
        school, row=decidable_row(school.composer, of), outcomes=OUTCOMES, may_decide=context.may_decide, **data
    )


def decision(request: HttpRequest, code: str, of: str) -> HttpResponse:
    """The form of one decision, folded where the address says so; the decision that somebody typed."""
    context = SchoolContext(request, code)
    school = context.opened
    typed = _shown(school, of)
    if request.method == "POST":
        return _saved(request, context, school, of)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{reverse('decisions', args=[code])}?of={of}#row-{of}")
    folded = "folded" in request.GET or not context.may_decide
    return page(request, "decision_closed" if folded else "decision_open", **_part(context, school, of, entry=typed))


def _saved(request: HttpRequest, context: SchoolContext, before: OpenedSchool, of: str) -> HttpResponse:
    fields, mark = fields_of(request), request.POST.get("etag", "")
    try:
        school = context.desk.change(context.path, change_decision(before, of, mark, fields))
    except StaleEntry:
        school = context.opened
        theirs = _shown(school, of)
        entry = replace(typed_entry(of, theirs.etag, FIELDS, fields), theirs=theirs)
        if request.headers.get("HX-Request"):
            return disputed(request, "decision_open", _part(context, school, of, entry=entry))
        return page(request, "decisions", status=409, **_whole(context, school, "", {of: entry}))
    except InputError as wrong:
        if foreign(wrong):
            raise
        entry = typed_entry(of, mark, FIELDS, fields, wrong.problems)
        if request.headers.get("HX-Request"):
            return refused(request, "decision_open", _part(context, before, of, entry=entry))
        return page(request, "decisions", status=422, **_whole(context, before, "", {of: entry}))
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{_back(school, context.code, of)}&said=saved#row-{of}")
    return saved(request, ("decision_closed",), _part(context, school, of))


@require_POST
def remove(request: HttpRequest, code: str, of: str) -> HttpResponse:
    """Take a decision away; it can be undone."""
    context = SchoolContext(request, code)
    school = context.opened
    context.desk.change(context.path, remove_decision(school, of, request.POST.get("etag", "")))
    return HttpResponseRedirect(f"{_back(school, code, of)}&said=saved#row-{of}")


def _back(school: OpenedSchool, code: str, of: str) -> str:
    element = school.ruleset.elements.get(of)
    return f"{reverse('decisions', args=[code])}?block={element.block if element is not None else ''}"
