"""Documents: a row each, saved by itself, with what it lacks under it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from vsoko_rules.errors import InputError
from vsoko_rules.web.entry_forms import ROW
from vsoko_rules.web.rendering import page, parts
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.asked import (
    NamedChoice,
    box_titles,
    boxes,
    element_choices,
    element_titles,
    kind_choices,
)
from vsoko_rules.workspace.desk import NeedsConsent
from vsoko_rules.workspace.listed_entries import Typed
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.workspace.rows import (
    StaleRow,
    TypedRow,
    called,
    empty_row,
    ground_choices,
    next_code,
    put_row,
    remove_row,
    shown_row,
    typed_row,
)


def documents(request: HttpRequest, code: str) -> HttpResponse:
    """All rows; those named in the address stand open."""
    context = SchoolContext(request, code)
    school = context.opened
    rows = _rows(request, school) if context.may_edit else ()
    opened = {row: _editor(school, shown_row(school, row)) for row in rows}
    return page(request, "documents", **_whole(context, school, opened=opened))


def _rows(request: HttpRequest, school: OpenedSchool) -> list[str]:
    return [row for row in request.GET.getlist("row") if row in school.case.documents]


def _whole(context: SchoolContext, school: OpenedSchool, **data: Any) -> dict[str, Any]:
    """What the page of documents is given."""
    return context.shown(school=school, tab="documents", choices=_Choices(school), **data)


def _part(context: SchoolContext, school: OpenedSchool, **data: Any) -> dict[str, Any]:
    """What parts of the page of documents are given."""
    return context.part(school, choices=_Choices(school), **data)


class _Choices:
    """What can be chosen in a row; each list is made when a template asks for it."""

    def __init__(self, school: OpenedSchool) -> None:
        self._school = school

    @cached_property
    def elements(self) -> tuple[NamedChoice, ...]:
        return element_choices(self._school.assessment.expectation)

    @cached_property
    def element_titles(self) -> dict[str, str]:
        return element_titles(self._school.ruleset)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        return kind_choices(self._school.ruleset)

    @cached_property
    def grounds(self) -> tuple[NamedChoice, ...]:
        return ground_choices(self._school)

    @cached_property
    def ground_titles(self) -> dict[str, str]:
        return {each.code: each.name for each in self.grounds}

    @cached_property
    def box_titles(self) -> dict[str, str]:
        return box_titles(self._school.ruleset)


def _editor(school: OpenedSchool, row: TypedRow) -> dict[str, Any]:
    """What an open row is shown with."""
    return {"row": row, "boxes": boxes(school.assessment, row.codes["serves"], row.codes["box"])}


def row(request: HttpRequest, code: str, row: str) -> HttpResponse:
    """An open row, or what somebody typed into it."""
    context = SchoolContext(request, code)
    if request.method == "POST":
        return _saved(request, context, row)
    if not (request.headers.get("HX-Request") and context.may_edit):
        return context.documents(row)
    school = context.opened
    return page(request, "row_open", **_part(context, school, **_editor(school, shown_row(school, row))))


def new_row(request: HttpRequest, code: str) -> HttpResponse:
    """An empty row at the end; `serves` in the address says for which element."""
    context = SchoolContext(request, code)
    if not context.may_edit:
        return context.documents()
    school = context.opened
    empty = empty_row(next_code(school), request.GET.getlist("serves"))
    if request.headers.get("HX-Request"):
        return page(request, "row_open", **_part(context, school, **_editor(school, empty)))
    return page(request, "documents", **_whole(context, school, opened={}, fresh=_editor(school, empty)))


def closed(request: HttpRequest, code: str, row: str) -> HttpResponse:
    """A row that nobody edits; nothing for one that was never saved."""
    context = SchoolContext(request, code)
    school = context.opened
    if row not in school.case.documents:
        return HttpResponse("")
    return page(request, "row_closed", **_part(context, school, document=school.documents[row]))


@require_POST
def remove(request: HttpRequest, code: str, row: str) -> HttpResponse:
    """Take a document away; it can be undone."""
    context = SchoolContext(request, code)
    context.desk.change(context.path, remove_row(row, request.POST.get("etag", "")))
    return HttpResponseRedirect(f"{reverse('documents', args=[code])}?said=removed")


def _saved(request: HttpRequest, context: SchoolContext, row: str) -> HttpResponse:
    typed: Typed = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    mark = request.POST.get("etag", "")
    before = context.opened
    if not mark and row in before.case.documents:  # another window has added a document meanwhile
        return _added_as(request, context, before, typed)
    try:
        school = context.desk.change(context.path, put_row(before, row, mark, typed))
    except StaleRow as stale:
        return _disputed(request, context, row, typed, stale)
    except NeedsConsent:
        raise
    except InputError as wrong:
        shown = typed_row(row, mark, typed, wrong.problems)
        return _refused(request, context, shown)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{reverse('documents', args=[context.code])}?row={row}&said=saved#row-{row}")
    names = ["row_state", "row_etag", "verdict"]
    if called(before, row) != called(school, row):
        names += ["row_head", "document_names"]
    shown = shown_row(school, row)
    asked = boxes(school.assessment, shown.codes["serves"], shown.codes["box"])
    if not asked.values <= set(typed.get("shown", ())):
        names.append("row_boxes")
    names += [f"row_{name}" for name in ("serves", "based_on") if _added(typed, name)]
    return parts(request, *names, **_part(context, school, row=shown, boxes=asked, again=True, said="saved"))


def _added_as(request: HttpRequest, context: SchoolContext, before: OpenedSchool, typed: Typed) -> HttpResponse:
    """A new document whose code another one has got meanwhile gets the next code."""
    code = next_code(before)
    school = context.desk.change(context.path, put_row(before, code, "", typed))
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{reverse('documents', args=[context.code])}?row={code}&said=saved#row-{code}")
    shown = _part(context, school, **_editor(school, shown_row(school, code)), said="saved")
    response = page(request, "row_open", **shown)
    response["HX-Retarget"], response["HX-Reswap"] = ROW, "outerHTML"
    return response


def _added(typed: Typed, name: str) -> bool:
    """Whether something was typed by its name, and not only ticked or cleared."""
    return any(typed.get(f"{name}_typed", ()))


def _refused(request: HttpRequest, context: SchoolContext, row: TypedRow) -> HttpResponse:
    """What is wrong with what was typed; what was typed stays."""
    school = context.opened
    editor = _editor(school, row)
    if request.headers.get("HX-Request"):
        return parts(request, "row_state", status=422, **_part(context, school, **editor))
    return page(request, "documents", status=422, **_whole(context, school, opened={row.id: editor}))


def _disputed(request: HttpRequest, context: SchoolContext, row: str, typed: Typed, stale: StaleRow) -> HttpResponse:
    """Both versions of a row that somebody else changed; one's own stays in the fields."""
    school = context.opened
    there = row in school.case.documents
    mark = shown_row(school, row).etag if there else ""
    mine = typed_row(row, mark, typed, stale.problems)
    theirs = shown_row(school, row) if there else None
    editor = {**_editor(school, mine), "theirs": theirs, "disputed": True}
    if request.headers.get("HX-Request"):
        response = page(request, "row_open", status=409, **_part(context, school, **editor))
        response["HX-Retarget"], response["HX-Reswap"] = ROW, "outerHTML"
        return response
    return page(request, "documents", status=409, **_whole(context, school, opened={row: editor}))
