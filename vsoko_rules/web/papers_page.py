"""Reports in every format, to be downloaded."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from vsoko_rules.report.render import render_files, requests
from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext
from vsoko_rules.workspace.papers import render
from vsoko_rules.writing.files import output_name

_Answer = TypeVar("_Answer", bound=HttpResponseBase)


def papers(request: HttpRequest, code: str) -> HttpResponse:
    """What can be downloaded."""
    context = SchoolContext(request, code)
    return page(request, "papers", **context.shown(tab="papers", with_files=context.site.has_files(context.path)))


def paper(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """A report; `reader` in the address says for whom. Several files come in an archive."""
    context = SchoolContext(request, code)
    school = context.opened
    reader = request.GET.get("reader") or None
    files = render_files([school.assessment], requests([kind], reader))
    name = school.case.content.school.id
    if len(files) == 1:
        content, called = files[0].content, output_name(name, files[0].suffix, ())
    else:
        content, called = render(school.assessment, kind, reader), output_name(name, f"-{kind}.zip", ())
    context.site.given(context.path, "paper", called)
    return attachment(content, called)


def attachment(content: bytes, name: str) -> HttpResponse:
    """A file to be saved, never to be run in the page."""
    return as_attachment(HttpResponse(content, content_type="application/octet-stream"), name)


def as_attachment(response: _Answer, name: str) -> _Answer:
    """The same answer, to be saved under a name."""
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
