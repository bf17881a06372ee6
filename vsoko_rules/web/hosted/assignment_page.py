"""Who assesses which school: as it stands, a proposal to look at, and control schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError, LostUpdate, Problem, VsokoError
from vsoko_rules.region.pairing import pair_of
from vsoko_rules.region.region_records import PAIR, RegionRole, RegionSeat, SeatState, is_expert_seat
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.assigning import (
    Proposal,
    StudyParts,
    give_school,
    keep_proposal,
    propose,
    set_control,
)
from vsoko_rules.web.hosted.models import StudyRound, User
from vsoko_rules.web.hosted.phase_work import go_on, work_left
from vsoko_rules.web.hosted.study_list import own_study
from vsoko_rules.web.hosted.study_schools_page import own_school, school_shown
from vsoko_rules.web.rendering import page

_MOST_CHANGES: Final = 100
"""changed seats and pairs that a page lists; of the rest it says how many"""


def assignment(request: HttpRequest, code: str) -> HttpResponse:
    """The assignment as it stands, and a proposal where one is asked for or sent back to be kept."""
    row = own_study(request, code)
    asked = (request.POST if request.method == "POST" else request.GET).get("propose", "")
    if request.method != "POST":
        return page(request, "hosted/assignment", **_shown(request, row, asked))
    try:
        keep_proposal(me_of(request).user, row, request.POST.get("digest", ""), anew=asked == "anew")
    except (InputError, LostUpdate) as wrong:
        status = 409 if isinstance(wrong, LostUpdate) else 422
        return page(request, "hosted/assignment", status=status, **_shown(request, row, asked, wrong))
    after_assignment(row, me_of(request).user)
    if work_left(row):
        return HttpResponseRedirect(reverse("study", args=[code]))
    return HttpResponseRedirect(f"{reverse('assignment', args=[code])}?said=kept")


def control(request: HttpRequest, code: str) -> HttpResponse:
    """Which schools are control schools from now on: those that stay ticked, and one that is named."""
    row = own_study(request, code)
    codes = set(request.POST.getlist("school"))
    if added := request.POST.get("added", "").strip():
        parts = {school.name: school.code for school in StudyParts.of(row).schools}
        codes.add(parts.get(added, added.split(" — ")[0].strip()))
    set_control(me_of(request).user, row, codes)
    return HttpResponseRedirect(f"{reverse('assignment', args=[code])}?said=control")


def give(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """The pair of one school, by hand."""
    entry, user = own_school(request, code, key), me_of(request).user
    chosen = {who: request.POST.get(who, "") for who in PAIR if who in request.POST}
    try:
        give_school(user, entry, chosen, hand_over="hand_over" in request.POST)
    except VsokoError as wrong:
        shown = school_shown(request, own_school(request, code, key), problems=wrong.problems)
        return page(request, "hosted/study_school", status=422, **shown)
    after_assignment(entry.study, user)
    return HttpResponseRedirect(f"{reverse('study_school', args=[code, key])}?said=assigned")


def after_assignment(row: StudyRound, user: User) -> None:
    """New experts begin at once where the study is in its assessment."""
    if row.phase == "assess":
        go_on(row, user)


def _shown(request: HttpRequest, row: StudyRound, asked: str, wrong: VsokoError | None = None) -> dict[str, Any]:
    parts = StudyParts.of(row)
    proposal: Proposal | None = None
    impossible: tuple[Problem, ...] = ()
    if asked in ("rest", "anew"):
        try:
            proposal = propose(parts, anew=asked == "anew")
        except InputError as lacking:
            impossible = lacking.problems
    names = _names(parts)
    return {
        "study": row, "tab": "assignment", "asked": asked, "names": names, "said": request.GET.get("said", ""),
        "schools": {school.code: school for school in parts.schools}, "experts": _experts(parts, proposal),
        "pairs": _pairs([(s.school, s.who, s.expert) for s in parts.seats]), "standing": _standing(parts),
        "proposal": proposal, "proposed_pairs": _proposed_pairs(proposal), "impossible": impossible,
        "problems": wrong.problems if wrong is not None else (), "most": _MOST_CHANGES,
        "control": [school for school in parts.schools if school.control],
        "may_assign": row.phase in ("collect", "assess"),
    }  # fmt: skip


def _names(parts: StudyParts) -> dict[str, str]:
    """Names of people by their logins, of those who have seats, too."""
    logins = {p.login for p in parts.people} | {s.expert for s in parts.seats if s.expert is not None}
    return dict(User.objects.filter(login__in=logins).values_list("login", "name"))


def _experts(parts: StudyParts, proposal: Proposal | None) -> list[dict[str, Any]]:
    """Experts with where they work, how many schools they have, closed, and would have."""
    now, closed = Counter[str](), Counter[str]()
    for seat in _taken(parts.seats):
        now[str(seat.expert)] += 1
        closed[str(seat.expert)] += seat.state is not SeatState.OPEN
    then = Counter(login for a in proposal.assignments for login in a.experts) if proposal is not None else now
    people = {p.login: p for p in parts.people if p.role is RegionRole.EXPERT}
    towns = {school.code: school.name for school in parts.schools}
    return [
        {
            "login": login, "expert": login in people, "now": now[login], "closed": closed[login], "then": then[login],
            "homes": [*people[login].home_municipalities, *(towns.get(c, c) for c in people[login].home_schools)]
            if login in people else [],
        }
        for login in sorted({*people, *now})
    ]  # fmt: skip


def _taken(seats: Iterable[RegionSeat]) -> list[RegionSeat]:
    return [seat for seat in seats if is_expert_seat(seat.who) and seat.expert is not None]


def _standing(parts: StudyParts) -> dict[str, int]:
    """How many schools have how many experts of a pair."""
    given = Counter(seat.school for seat in _taken(parts.seats) if seat.who in PAIR)
    numbers = Counter(given[school.code] for school in parts.schools)
    return {"all": len(parts.schools), "two": numbers[2], "one": numbers[1], "none": numbers[0]}


def _proposed_pairs(proposal: Proposal | None) -> list[tuple[tuple[str, str], int]]:
    if proposal is None:
        return []
    return _pairs([(a.school, seat.who, seat.expert) for a in proposal.assignments for seat in a.seats])


def _pairs(seats: list[tuple[str, str, str | None]]) -> list[tuple[tuple[str, str], int]]:
    """Pairs and how often they meet, the most frequent first."""
    of: dict[str, list[str]] = {}
    for school, who, expert in seats:
        if who in PAIR and expert is not None:
            of.setdefault(school, []).append(expert)
    counts = Counter(pair_of(*pair) for pair in of.values() if len(pair) == len(PAIR))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
