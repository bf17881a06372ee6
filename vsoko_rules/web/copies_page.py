"""The file of a school: downloaded as a copy, and opened from one."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.web.papers_page import as_attachment, attachment
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.web.site import own_site_of
from vsoko_rules.workspace.copies import copy_of, replaced_by, take_in
from vsoko_rules.writing.files import output_name

_WITH_FILES = "zip"
_ENDINGS = ("yml", "xlsx", _WITH_FILES)


@require_POST
def copy(request: HttpRequest, code: str, ending: str) -> HttpResponse | FileResponse:
    """The case as a file, or with the files that were handed over for it."""
    if ending not in _ENDINGS:
        raise Http404
    context = SchoolContext(request, code)
    school = context.opened
    stem = f"{school.case.content.school.id}-{school.case.content.study.year}"
    name = output_name(stem, f".{ending}", ())
    if ending == _WITH_FILES:
        answer: Any = _packed(context, stem, name)
    else:
        answer = attachment(copy_of(school, f".{ending}"), name)
    context.site.given(context.path, "copy", name, files=ending == _WITH_FILES)
    context.desk.note_copy(context.path)
    return answer  # type: ignore[no-any-return]


def _packed(context: SchoolContext, stem: str, name: str) -> FileResponse:
    """The archive, as a file that the server sends by itself: who takes it slowly holds up nobody."""
    stream = TemporaryFile()  # noqa: SIM115 (closed with the answer)
    try:
        context.site.pack(context.path, stem, stream)
    except BaseException:
        stream.close()
        raise
    size = stream.tell()
    stream.seek(0)
    answer = FileResponse(stream, content_type="application/octet-stream")
    answer["Content-Length"] = str(size)
    return as_attachment(answer, name)


@require_POST
def from_file(request: HttpRequest, code: str) -> HttpResponse:
    """Put what a file of the school holds in place of what is written; it can be undone."""
    context = SchoolContext(request, code)
    sent = request.FILES.get("file")
    if sent is None:
        raise InputError([Problem(Place("файл школы"), "файл не выбран")])
    context.desk.change(context.path, replaced_by(sent.name or "", sent.read(), context.opened))
    return HttpResponseRedirect(f"{reverse('documents', args=[code])}?said=saved")


@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Open a copy: it becomes one more school of the folder."""
    site = own_site_of(request)
    sent = request.FILES.get("file")
    if sent is None or site.desk.single:
        raise InputError([Problem(Place("файл школы"), "файл не выбран")])
    path = take_in(site.folder.root, sent.name or "", sent.read())
    return HttpResponseRedirect(reverse("check", args=[site.code(path)]))
