"""What happened on the server, for the centre and the auditor: a page of events, and all of them as a file."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse

from vsoko_rules.web.hosted import trail
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.given_away import given_away
from vsoko_rules.web.rendering import page


def events(request: HttpRequest) -> HttpResponse:
    """A page of what happened, the latest first."""
    user = me_of(request).user
    wanted = _wanted(request.GET)
    found = trail.events_for(user, wanted)
    shown = trail.trail_page(found, _number(request.GET.get("before", "")))
    studies = trail.studies_watched(user).order_by("-year", "title")
    data: dict[str, Any] = {
        "trail": shown,
        "wanted": wanted,
        "asked": urlencode(_asked(wanted)),
        "studies": list(studies),
    }
    return page(request, "hosted/trail", **data)


def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The events that are asked for, as JSON Lines. That they were taken is an event itself, and the last one of them
    where nothing is left out."""
    user = me_of(request).user
    wanted = _wanted(request.POST)
    given_away(user, "trail", study=wanted.study, **_asked(wanted))
    response = StreamingHttpResponse(trail.lines(trail.events_for(user, wanted)), content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="events.jsonl"'
    return response


def _wanted(asked: QueryDict) -> trail.TrailFilter:
    """What is asked for; a day that cannot be understood is as if it was not."""
    told = {name: asked.get(name, "").strip() for name in ("study", "school", "person")}
    return trail.TrailFilter(**told, day=_day(asked.get("day", "")))


def _asked(wanted: trail.TrailFilter) -> dict[str, str]:
    told = {"study": wanted.study, "school": wanted.school, "person": wanted.person, "day": wanted.day}
    return {name: str(value) for name, value in told.items() if value}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(2**63)) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
