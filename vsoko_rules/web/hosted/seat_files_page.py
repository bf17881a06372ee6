"""Files of a seat: handed over by the school, read by a worker, looked at and downloaded by whoever sees the seat."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError
from vsoko_rules.region.handed_files import handed_files
from vsoko_rules.web.confirm_page import start_of
from vsoko_rules.web.files_page import reading_state
from vsoko_rules.web.hosted.given_away import given_away
from vsoko_rules.web.hosted.models import FileUse
from vsoko_rules.web.hosted.seat_desk import seat_in
from vsoko_rules.web.hosted.seat_files import add_files, hands_over, may_have_files, remove_file
from vsoko_rules.web.hosted.seat_readings import ask_to_read
from vsoko_rules.web.papers_page import attachment
from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.web.settings import MOST_RECEIVED
from vsoko_rules.workspace.file_lines import text_part
from vsoko_rules.workspace.file_questions import FileQuestions

_MEGABYTE: Final = 1_000_000
_SAID: Final = "files_said"
"""under which name it lies in the session what became of files, until it is shown"""


def files(request: HttpRequest, code: str) -> HttpResponse:
    """The page; files that are sent are kept, and a worker reads them."""
    context = SchoolContext(request, code)
    if request.method != "POST":
        return page(request, "hosted/seat_files", **_shown(context))
    user, seat = seat_in(context)
    if not hands_over(user, seat):
        raise Http404
    try:
        added = add_files(user, seat, handed_files((f.name or "", f.read()) for f in request.FILES.getlist("files")))
    except InputError as wrong:
        return page(request, "hosted/seat_files", status=422, **_shown(context, problems=wrong.problems))
    if added.stored:
        ask_to_read(user, seat)
    request.session[_SAID] = {"seat": code, **asdict(added)}
    return HttpResponseRedirect(reverse("files", args=[code]))


def _shown(context: SchoolContext, **data: Any) -> dict[str, Any]:
    request, (user, seat) = context.request, seat_in(context)
    school, reading = context.opened, context.site.readings.of(context.path)
    said = request.session.get(_SAID)
    if said is not None and said["seat"] == context.code and request.path == reverse("files", args=[context.code]):
        data["added"] = request.session.pop(_SAID)
    named: dict[str, list[str]] = {}
    for document in school.case.content.documents:
        if document.file is not None:
            named.setdefault(document.file, []).append(document.id)
    uses = FileUse.objects.filter(seat=seat).select_related("file").defer("file__content").order_by("name")
    return context.shown(
        school=school,
        tab="files",
        reading=reading,
        asked=FileQuestions(school, reading),
        uses=[(use, [school.documents[each] for each in named.get(use.name, ())]) for use in uses],
        may_add=may_have_files(user, seat),
        most=MOST_RECEIVED // _MEGABYTE,
        **data,
    )


def read(request: HttpRequest, code: str) -> HttpResponse:
    """Have the files read, or read once more."""
    context = SchoolContext(request, code)
    ask_to_read(*seat_in(context))
    return HttpResponseRedirect(reverse("files", args=[code]))


def state(request: HttpRequest, code: str) -> HttpResponse:
    """How far the reading is; with the verdict when it is done."""
    return reading_state(request, code, _shown, ("files_state", "verdict", "hosted/seat_files_list"))


def file(request: HttpRequest, code: str, sha256: str) -> HttpResponse:
    """A file to be saved. Who takes away what others handed over is written down."""
    context = SchoolContext(request, code)
    use, (user, seat) = _use(context, sha256), seat_in(context)
    if not hands_over(user, seat):
        given_away(user, "file", study=seat.school.study.code, seat=seat.code, name=use.name, file=sha256)
    return attachment(bytes(use.file.content), use.name.rpartition("/")[2])


def text(request: HttpRequest, code: str, sha256: str) -> HttpResponse:
    """What was read of a file, to be looked at where nothing may be changed."""
    context = SchoolContext(request, code)
    use, reading = _use(context, sha256), context.site.readings.of(context.path)
    found = next((each for each in reading.files if each.sha256 == sha256), None) if reading is not None else None
    part = text_part(found, start_of(request)) if found is not None else None
    return page(request, "hosted/file_text", **context.shown(tab="files", use=use, part=part, reading=reading))


def remove(request: HttpRequest, code: str, sha256: str) -> HttpResponse:
    """Take a file away."""
    context = SchoolContext(request, code)
    user, seat = seat_in(context)
    if not hands_over(user, seat):
        raise Http404
    _use(context, sha256)
    remove_file(user, seat, sha256)
    if FileUse.objects.filter(seat=seat).exists():
        ask_to_read(user, seat)
    return HttpResponseRedirect(f"{reverse('files', args=[code])}?said=saved")


def _use(context: SchoolContext, sha256: str) -> FileUse:
    """A file of the seat of a request, by its hash; what is in it is asked for where it is needed. Raises `Http404`."""
    uses = FileUse.objects.filter(seat=seat_in(context)[1], file__sha256=sha256).select_related("file")
    use: FileUse | None = uses.defer("file__content").first()
    if use is None:
        raise Http404
    return use
