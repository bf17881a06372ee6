"""Confirming what is proposed of files: a document at a time, its claims with their quotes, the text beside them."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from vsoko_rules.web.rendering import page, parts
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.asked import element_choices, kind_choices
from vsoko_rules.workspace.file_answers import TICKED, answer_change, quote_change
from vsoko_rules.workspace.file_lines import file_shown
from vsoko_rules.workspace.file_questions import AskedClaim, FileQuestions
from vsoko_rules.workspace.opened_school import OpenedSchool

_LONGEST_NUMBER: Final = 9
"""digits"""
_SAVED: Final = {"again": True, "said": "saved"}
"""what parts of a page are given that take the place of older ones"""


def first(request: HttpRequest, code: str) -> HttpResponse:
    """To the document that is asked first; where nothing is asked, to the files, or documents where none are taken."""
    context = SchoolContext(request, code)
    if not context.may_edit:
        return context.documents()
    waiting = _asked(context, context.opened).waiting
    if not waiting:
        me = getattr(request, "me", None)
        return HttpResponseRedirect(reverse("files" if me is None or me.files else "documents", args=[code]))
    return HttpResponseRedirect(reverse("confirm_document", args=[code, waiting[0]]))


def document(request: HttpRequest, code: str, document: str) -> HttpResponse:
    """The questions of one document, and answers to them."""
    context = SchoolContext(request, code)
    if request.method == "POST":
        return _answered(request, context, document)
    if not context.may_edit:
        return context.documents(document)
    return page(request, "confirm", **_shown(context, context.opened, document))


@require_POST
def quote(request: HttpRequest, code: str, document: str) -> HttpResponse:
    """A sentence of the text becomes the quote of a content."""
    context = SchoolContext(request, code)
    reading = context.site.readings.of(context.path)
    if reading is None or reading.running:
        return HttpResponseRedirect(reverse("confirm_document", args=[code, document]))
    content, at = request.POST.get("content", ""), request.POST.get("at", "")
    school = context.desk.change(context.path, quote_change(context.opened, reading, document, content, at))
    if not request.headers.get("HX-Request"):
        start = start_of(request)
        kept = f"&from={start}" if start else ""
        return HttpResponseRedirect(f"{reverse('confirm_document', args=[code, document])}?said=saved{kept}")
    shown = {**_shown(context, school, document), "focus": "", **_SAVED, "at": at}
    return parts(request, "asking", "verdict", "beside", **shown)


def start_of(request: HttpRequest) -> int:
    """From which line on a text is shown."""
    said = str((request.POST if request.method == "POST" else request.GET).get("from", ""))
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _LONGEST_NUMBER else 0


def _asked(context: SchoolContext, school: OpenedSchool) -> FileQuestions:
    return FileQuestions(school, context.site.readings.of(context.path))


def _shown(context: SchoolContext, school: OpenedSchool, code: str, focus: str | None = None) -> dict[str, Any]:
    asked = _asked(context, school)
    document = asked.document(code)
    if document is None:
        raise Http404
    claims = asked.claims(code)
    open_claims = [claim for claim in claims if not claim.unsure]
    return context.shown(
        school=school,
        tab="files",
        asked=asked,
        document=document,
        claims=claims,
        focus=focus or (open_claims[0].key if open_claims else None),
        next=asked.next_after(code),
        file=file_shown(asked, code, start_of(context.request)),
        elements=element_choices(school.assessment.expectation),
        kinds=kind_choices(school.ruleset),
        reading=context.site.readings.of(context.path),
    )


def _answered(request: HttpRequest, context: SchoolContext, code: str) -> HttpResponse:
    key, said = request.POST.get("key", ""), request.POST.get("answer", "")
    typed = [value for value in request.POST.getlist("typed") if value.strip()]
    chosen = [*request.POST.getlist("chosen"), *typed]
    if said == "yes":  # what was corrected, ticked or typed is what is right
        unchanged = "was" in request.POST and typed == [request.POST["was"]]
        said = request.POST.get("yes", "") if unchanged or not (chosen or "was" in request.POST) else TICKED
    asked = _asked(context, context.opened)
    before = asked.claims(code)
    school = context.desk.change(context.path, answer_change(asked.school, asked.reading, key, said, chosen))
    after = _asked(context, school)
    left = [claim for claim in after.claims(code) if not claim.unsure]
    target = code if left else after.next_after(code) or code
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{reverse('confirm_document', args=[context.code, target])}?said=saved")
    shown = {**_shown(context, school, target, _following(before, left, key)), **_SAVED}
    if target == code:
        return parts(request, "asking", "verdict", "quote_for", **shown)
    response = parts(request, "confirming", "verdict", **shown)
    response["HX-Retarget"] = "#confirming"
    response["HX-Push-Url"] = reverse("confirm_document", args=[context.code, target])
    return response


def _following(before: tuple[AskedClaim, ...], left: list[AskedClaim], key: str) -> str | None:
    """The question that is asked after this one."""
    keys = [claim.key for claim in before]
    later = set(keys[keys.index(key) + 1 :]) if key in keys else set()
    return next((claim.key for claim in left if claim.key in later), None)
