"""Long work: what one asked for, how far it is, and what came of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.given_away import given_away
from vsoko_rules.web.hosted.hosted_settings import RESULT_DAYS
from vsoko_rules.web.hosted.kept_pieces import download
from vsoko_rules.web.hosted.models import Work
from vsoko_rules.web.hosted.work import work_seen_by
from vsoko_rules.web.papers_page import attachment
from vsoko_rules.web.rendering import complaint, page

_SHOWN = 100
_GONE = 410
_BUSY = 503


def works(request: HttpRequest) -> HttpResponse:
    """The latest work that one may see."""
    seen = work_seen_by(me_of(request).user).order_by("-made_at")
    return page(request, "hosted/works", works=list(seen[:_SHOWN]), days=RESULT_DAYS)


def work(request: HttpRequest, code: str) -> HttpResponse:
    """One piece of it."""
    return page(request, "hosted/work", work=_work(request, code))


def state(request: HttpRequest, code: str) -> HttpResponse:
    """How far it is: a part of its page, which asks for it every two seconds."""
    return page(request, "hosted/work_state", work=_work(request, code))


def file(request: HttpRequest, code: str) -> HttpResponseBase:
    """What came of it; a page that says so where it is not kept any longer. Raises `Http404` while there is nothing."""
    made = _work(request, code)
    if not made.is_there and made.name:
        return complaint(request, "result_gone", _GONE, work=made, days=RESULT_DAYS)
    if not made.is_there:
        raise Http404
    answer = attachment(bytes(made.result.content), made.name) if made.result is not None else download(made)
    if answer is None:
        return complaint(request, "busy", _BUSY, work=made)
    study, seat = made.study.code if made.study else "", made.seat.code if made.seat else ""
    try:
        given_away(me_of(request).user, "work", study=study, seat=seat, kind=made.kind, name=made.name)
    except BaseException:
        answer.close()
        raise
    return answer


def _work(request: HttpRequest, code: str) -> Work:
    made: Work | None = work_seen_by(me_of(request).user).filter(code=code).first()
    if made is None:
        raise Http404
    return made
