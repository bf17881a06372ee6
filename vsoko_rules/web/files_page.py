"""Files of a school: handed over or lying beside its file, being read, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from vsoko_rules.errors import InputError
from vsoko_rules.web.rendering import page, parts
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.web.settings import MOST_RECEIVED
from vsoko_rules.web.site import own_site_of
from vsoko_rules.workspace.file_questions import FileQuestions
from vsoko_rules.workspace.readings import folders
from vsoko_rules.workspace.received import files_folder, receive

_MEGABYTE: Final = 1_000_000


def files(request: HttpRequest, code: str) -> HttpResponse:
    """The page; files that are sent are stored beside the school and read."""
    context = SchoolContext(request, code)
    if request.method == "POST":
        sent = [(each.name or "", each.read()) for each in request.FILES.getlist("files")]
        readings = own_site_of(request).readings
        try:
            received = receive(context.path, sent)
            if received.stored or received.known:
                readings.start(context.path, files_folder(context.path).name)
        except InputError as wrong:
            return page(request, "files", status=422, **_shown(context, problems=wrong.problems))
        readings.received[str(context.path)] = received
        return HttpResponseRedirect(reverse("files", args=[code]))
    return page(request, "files", **_shown(context))


def _shown(context: SchoolContext, **data: Any) -> dict[str, Any]:
    school = context.opened
    readings = own_site_of(context.request).readings
    reading = readings.of(context.path)
    return context.shown(
        school=school,
        tab="files",
        reading=reading,
        asked=FileQuestions(school, reading),
        folders=list(folders(context.path)),
        own=files_folder(context.path).name,
        most=MOST_RECEIVED // _MEGABYTE,
        received=readings.received.get(str(context.path)),
        **data,
    )


@require_POST
def read(request: HttpRequest, code: str) -> HttpResponse:
    """Read a folder beside the file of the school."""
    context = SchoolContext(request, code)
    readings = own_site_of(request).readings
    readings.received.pop(str(context.path), None)
    try:
        readings.start(context.path, request.POST.get("folder", ""))
    except InputError as wrong:
        return page(request, "files", status=422, **_shown(context, problems=wrong.problems))
    return HttpResponseRedirect(reverse("files", args=[code]))


def state(request: HttpRequest, code: str) -> HttpResponse:
    """How far the reading is; with the verdict when it is done."""
    return reading_state(request, code, _shown, ("files_state", "verdict"))


def reading_state(
    request: HttpRequest, code: str, shown_of: Callable[[SchoolContext], dict[str, Any]], done: Sequence[str]
) -> HttpResponse:
    """The same of what a page shows of files; `done`: the parts of it that come when all is read."""
    context = SchoolContext(request, code)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("files", args=[code]))
    shown = shown_of(context)
    reading = shown["reading"]
    names = ("files_state", "files_said") if reading is not None and reading.running else done
    return parts(request, *names, **shown, again=True)
