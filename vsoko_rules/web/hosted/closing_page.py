"""The end of work on a seat: a school sends, an expert closes, and the centre gives back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError, LostUpdate, Problem
from vsoko_rules.region.closing_checks import closing_checks
from vsoko_rules.region.seat_actions import SeatAction
from vsoko_rules.web.hosted import seat_steps
from vsoko_rules.web.hosted.models import Seat, User
from vsoko_rules.web.hosted.seat_desk import OpenedSeat, seat_in
from vsoko_rules.web.hosted.seat_rights import actions_on
from vsoko_rules.web.rendering import page
from vsoko_rules.web.school_context import SchoolContext


def send(request: HttpRequest, code: str) -> HttpResponse:
    """What to look at before a school sends; sending."""
    return _closing(request, code, SeatAction.SEND)


def lock(request: HttpRequest, code: str) -> HttpResponse:
    """What to look at before an expert closes; closing."""
    return _closing(request, code, SeatAction.LOCK)


def _closing(request: HttpRequest, code: str, action: SeatAction) -> HttpResponse:
    context, user, seat = _seat(request, code)
    problems: tuple[Problem, ...] = ()
    status = 200
    if request.method == "POST":
        try:
            _close(user, seat, action, context, request.POST.get("revision", ""))
            return HttpResponseRedirect(reverse("schools"))
        except LostUpdate as lost:
            problems, status = tuple(lost.problems), 409
    elif action not in actions_on(user, seat):
        return HttpResponseRedirect(reverse("check", args=[code]))
    return _shown(request, code, action, status, problems)


def _shown(request: HttpRequest, code: str, action: SeatAction, status: int, problems: Any) -> HttpResponse:
    context, _, seat = _seat(request, code)
    school = context.opened
    shown = context.shown(school=school, tab=action.value, checks=closing_checks(school), problems=problems)
    return page(request, "hosted/closing", status=status, **shown, revision=seat.revision, action=action.value)


def _close(user: User, seat: Seat, action: SeatAction, context: SchoolContext, stated: str) -> None:
    school = context.opened
    assert isinstance(school, OpenedSeat)
    if str(school.number) != stated:
        raise seat_steps.changed_meanwhile(seat)
    seat_steps.close(user, seat, action, school.number, closing_checks(school))


def give_back(request: HttpRequest, code: str) -> HttpResponse:
    """Open a seat again, with a reason."""
    context, user, seat = _seat(request, code)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            seat_steps.give_back(user, seat, request.POST.get("reason", ""))
            return HttpResponseRedirect(reverse("schools"))
        except InputError as wrong:
            if not all(problem.place.is_argument for problem in wrong.problems):
                raise
            problems = tuple(wrong.problems)
    elif SeatAction.RETURN not in actions_on(user, seat):
        raise Http404
    typed = request.POST.get("reason", "")
    shown = context.shown(tab="give_back", problems=problems, typed=typed, most=seat_steps.LONGEST_REASON)
    seen = seat_steps.pair_has_seen(seat)
    return page(request, "hosted/give_back", status=422 if problems else 200, **shown, seen=seen)


def _seat(request: HttpRequest, code: str) -> tuple[SchoolContext, User, Seat]:
    context = SchoolContext(request, code)
    return context, *seat_in(context)
