"""What the two experts of a school differ on, and what they, or a third person, decide of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError, LostUpdate, Problem
from vsoko_rules.region.disputes_shown import disputes_shown, outcome_choices
from vsoko_rules.region.region_records import AGREED
from vsoko_rules.region.seat_actions import SeatAction
from vsoko_rules.web.hosted import pair_seats
from vsoko_rules.web.hosted.models import Seat, User
from vsoko_rules.web.hosted.seat_desk import seat_in
from vsoko_rules.web.rendering import page, parts
from vsoko_rules.web.school_context import SchoolContext


def disputes(request: HttpRequest, code: str) -> HttpResponse:
    """All disputes of a school, those that are open first."""
    return page(request, "hosted/disputes", **_shown(*_seat(request, code)))


def news(request: HttpRequest, code: str) -> HttpResponse:
    """What others have said since: nothing where nothing changed since the revision `seen`."""
    context, user, seat = _seat(request, code)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("disputes", args=[code]))
    if request.GET.get("seen") == str(seat.revision):
        return HttpResponse(status=204)
    shown = _shown(context, user, seat)
    came = [each.code for each in shown["disputes"]]
    known = request.GET.getlist("of")
    return parts(request, "hosted/disputes_news", **shown, again=True, unknown=[c for c in came if c not in known])


def dispute(request: HttpRequest, code: str, of: str) -> HttpResponse:
    """What somebody says of one dispute."""
    _, user, seat = _seat(request, code)
    outcome, mark = request.POST.get("outcome") or None, request.POST.get("mark", "").strip() or None
    problems: tuple[Problem, ...] = ()
    try:
        comment = request.POST.get("comment", "")
        pair_seats.say(user, seat, of, None if mark is not None else outcome, mark, comment)
    except InputError as wrong:
        if isinstance(wrong, LostUpdate):
            raise
        problems = tuple(wrong.problems)
    if not request.headers.get("HX-Request") and not problems:
        return HttpResponseRedirect(f"{reverse('disputes', args=[code])}#dispute-{of}")
    again = _again(request, code, problems, of)
    if not request.headers.get("HX-Request"):
        return page(request, "hosted/disputes", status=422, **again)
    own = next((each for each in again["disputes"] if each.code == of), None)
    if own is None:
        raise Http404
    names = ["hosted/dispute_said"] if problems else ["hosted/dispute_said", "hosted/disputes_news", "verdict"]
    return parts(request, *names, status=422 if problems else 200, **again, each=own, again=True, unknown=[])


def _again(request: HttpRequest, code: str, problems: tuple[Problem, ...], of: str) -> dict[str, Any]:
    """The page as it is after something was said; on the desk of a request nothing is looked up twice."""
    context, user, seat = _seat(request, code)
    seat.refresh_from_db(fields=["state", "revision", "disputes", "closed_at", "reason"])
    typed = {name: request.POST.get(name, "") for name in ("outcome", "mark", "comment")}
    return {**_shown(context, user, seat), "problems": problems, "wrong": of if problems else None, "typed": typed}


def close_agreed(request: HttpRequest, code: str) -> HttpResponse:
    """Close what was agreed, where it was opened again and nothing is open."""
    _, user, seat = _seat(request, code)
    pair_seats.close_agreed(user, seat)
    return HttpResponseRedirect(reverse("disputes", args=[code]))


def third(request: HttpRequest, code: str) -> HttpResponse:
    """The centre names who decides what stays open."""
    _, user, seat = _seat(request, code)
    login = request.POST.get("third", "")
    person = User.objects.filter(login=login).first() if login else None
    if login and person is None:
        raise Http404
    pair_seats.appoint(user, seat, person)
    return HttpResponseRedirect(reverse("disputes", args=[code]))


def _seat(request: HttpRequest, code: str) -> tuple[SchoolContext, User, Seat]:
    """The agreed seat of a request. Raises `Http404`, also for the school, whatever else its people are."""
    context = SchoolContext(request, code)
    user, seat = seat_in(context)
    if seat.who != AGREED or user.memberships.filter(role="school", school=seat.school_id).exists():
        raise Http404
    return context, user, seat


def _shown(context: SchoolContext, user: User, seat: Seat) -> dict[str, Any]:
    shown = context.shown(tab="disputes")
    actions = shown["top"].actions
    place = pair_seats.place_of(user, seat)
    appoints = SeatAction.DECIDE.value in actions and user.memberships.filter(role="centre").exists()
    return {
        **shown,
        "disputes": disputes_shown(pair_seats.school_pair(seat.school, seat)),
        "outcomes": outcome_choices(),
        "place": place,
        "may_say": not actions.isdisjoint({SeatAction.SETTLE.value, SeatAction.DECIDE.value}),
        "thirds": pair_seats.possible_thirds(seat) if appoints else (),
        "appoints": appoints,
        "problems": (),
        "wrong": None,
        "typed": {},
    }
