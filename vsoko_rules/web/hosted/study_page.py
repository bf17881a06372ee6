"""A study on one page: how far it is, who is late, and what its next step needs; and its beginning."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError
from vsoko_rules.region.deadlines import FIELDS, Late, late
from vsoko_rules.region.phases import PHASES, is_back, may_release, next_phases, phase_title, step_findings
from vsoko_rules.region.region_records import (
    AGREED,
    SELF,
    Phase,
    RegionSchool,
    RegionSeat,
    SeatState,
    is_expert_seat,
)
from vsoko_rules.region.study_fields import (
    StudyFields,
    blank_study,
    study_of_fields,
    title_and_deadlines,
    typed_study,
)
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.models import Membership, SchoolEntry, StudyRound, User
from vsoko_rules.web.hosted.phase_work import begin_phase, do_some, is_worked_on, work_left
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.region_rows import study_record
from vsoko_rules.web.hosted.release import release
from vsoko_rules.web.hosted.study_keeping import (
    begin_study,
    change_study,
    chosen_ruleset,
    ruleset_choices,
    step_study,
    today,
)
from vsoko_rules.web.hosted.study_list import may_begin, own_study
from vsoko_rules.web.hosted.study_records import school_records, seat_records
from vsoko_rules.web.rendering import page
from vsoko_rules.words import day

MOST_NAMED: Final = 20
"""schools, experts or pairs that a page names; of the rest it says how many"""


def new_study(request: HttpRequest) -> HttpResponse:
    """The fields of a new study, and the study made of them."""
    user = me_of(request).user
    if not may_begin(user):
        raise Http404
    choices = ruleset_choices()
    if request.method != "POST":
        chosen = request.GET.get("ruleset", "")
        chosen = chosen if chosen in choices else next(iter(choices))
        fields = blank_study(pinned(chosen_ruleset(chosen).sha256), today())
        return page(request, "hosted/new_study", fields=fields, choices=choices, chosen=chosen)
    fields, chosen = _typed(request), request.POST.get("ruleset", "")
    try:
        study = begin_study(user, study_of_fields(fields), chosen_ruleset(chosen))
    except InputError as wrong:
        fields = _wrong(fields, wrong)
        return page(request, "hosted/new_study", status=422, fields=fields, choices=choices, chosen=chosen)
    return HttpResponseRedirect(reverse("study", args=[study.code]))


def study(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a study."""
    row = own_study(request, code)
    return page(request, "hosted/study", **_shown(request, row, _fields_of(row)))


def study_fields(request: HttpRequest, code: str) -> HttpResponse:
    """Another title and other deadlines."""
    row, fields = own_study(request, code), _typed(request)
    try:
        change_study(me_of(request).user, row, *title_and_deadlines(fields))
    except InputError as wrong:
        return page(request, "hosted/study", status=422, **_shown(request, row, _wrong(fields, wrong)))
    return HttpResponseRedirect(f"{reverse('study', args=[code])}?said=saved")


def step(request: HttpRequest, code: str, to: str) -> HttpResponse:
    """What to know before a step to another phase, and the step."""
    row = own_study(request, code)
    if to not in {phase.value for phase in Phase}:
        raise Http404
    phase = Phase(to)
    if phase not in next_phases(Phase(row.phase)):  # a page from before: another window or the way back led here
        return HttpResponseRedirect(f"{reverse('study', args=[code])}?said=moved")
    if request.method != "POST":
        return page(request, "hosted/step", **_step_shown(row, phase, ()))
    confirmed, reason = request.POST.getlist("confirmed"), request.POST.get("reason", "")
    try:
        step_study(me_of(request).user, row, phase, confirmed, reason, today())
    except InputError as wrong:
        shown = _step_shown(row, phase, wrong.problems, confirmed, reason)
        return page(request, "hosted/step", status=422, **shown)
    row.refresh_from_db(fields=["phase"])
    begin_phase(row, me_of(request).user)
    return HttpResponseRedirect(f"{reverse('study', args=[code])}?said=stepped")


def release_results(request: HttpRequest, code: str) -> HttpResponse:
    """Let schools see what was agreed."""
    release(own_study(request, code), me_of(request).user)
    return HttpResponseRedirect(f"{reverse('study', args=[code])}?said=released")


def open_seats(request: HttpRequest, code: str) -> HttpResponse:
    """Another portion of what a phase begins with; for a page that asks by itself, how much is left."""
    row = own_study(request, code)
    do_some(row, me_of(request).user)
    if getattr(request, "htmx", False):
        return page(request, "hosted/phase_work", study=row, left=work_left(row), going=is_worked_on(row))
    return HttpResponseRedirect(f"{reverse('study', args=[code])}?said=opened")


def phase_state(request: HttpRequest, code: str) -> HttpResponse:
    """How much of what a phase begins with is left."""
    row = own_study(request, code)
    return page(request, "hosted/phase_work", study=row, left=work_left(row), going=is_worked_on(row))


def _step_shown(row: StudyRound, to: Phase, problems: Any, confirmed: Any = (), reason: str = "") -> dict[str, Any]:
    record, schools = study_record(row), school_records(row)
    findings = step_findings(record, to, schools, seat_records(row), today())
    names = {school.code: school.name for school in schools}
    return {
        "study": row, "tab": "study", "to": to.value, "title": phase_title(to), "now": phase_title(record.phase),
        "back": is_back(record, to), "findings": findings, "names": names, "most": MOST_NAMED,
        "confirmed": confirmed, "reason": reason, "problems": problems,
    }  # fmt: skip


def _shown(request: HttpRequest, row: StudyRound, fields: StudyFields) -> dict[str, Any]:
    record, schools, seats = study_record(row), school_records(row), seat_records(row)
    day_now = today()
    steps = [
        (to.value, phase_title(to), is_back(record, to), step_findings(record, to, schools, seats, day_now))
        for to in next_phases(record.phase)
    ]
    return {
        "study": row,
        "tab": "study",
        "phases": [(phase.value, phase_title(phase)) for phase in PHASES],
        "steps": steps,
        "counts": _counts(schools, seats),
        "late": _late(row, late(record, schools, seats, day_now)),
        "fields": fields,
        "may_release": may_release(record) and record.released is None,
        "left": work_left(row),
        "going": is_worked_on(row),
        "roles": _people(row),
        "said": request.GET.get("said", ""),
        "most": MOST_NAMED,
    }


def _counts(schools: list[RegionSchool], seats: list[RegionSeat]) -> dict[str, int]:
    """How many schools, and how many seats are how far."""
    experts = [seat for seat in seats if is_expert_seat(seat.who) and seat.expert is not None]
    agreed = [seat for seat in seats if seat.who == AGREED]
    return {
        "schools": len(schools),
        "control": sum(school.control for school in schools),
        "sent": sum(seat.who == SELF and seat.state is not SeatState.OPEN for seat in seats),
        "given": len(experts),
        "locked": sum(seat.state is not SeatState.OPEN for seat in experts),
        "agreed": sum(seat.state is not SeatState.OPEN for seat in agreed),
        "disputed": sum(seat.disputes > 0 for seat in agreed),
        "disputes": sum(seat.disputes for seat in agreed),
    }


def _people(row: StudyRound) -> dict[str, int]:
    """How many people have each role in the study."""
    found: dict[str, set[int]] = {}
    for role, user in Membership.objects.filter(study=row).values_list("role", "user_id"):
        found.setdefault(role, set()).add(user)
    return {role: len(users) for role, users in found.items()}


def _late(row: StudyRound, entries: tuple[Late, ...]) -> list[dict[str, Any]]:
    """Who is late, phase by phase: the first ones by name, of schools with the way to their pages."""
    rows = SchoolEntry.objects.filter(study=row).values_list("code", "pk", "name") if entries else ()
    known = {code: {"key": key, "name": name} for code, key, name in rows}
    logins = {login for entry in entries for login in entry.people}
    people = dict(User.objects.filter(login__in=logins).values_list("login", "name")) if logins else {}
    listed = []
    for phase in dict.fromkeys(entry.phase for entry in entries):
        of_phase = [entry for entry in entries if entry.phase is phase]
        named = [
            ([people.get(login, login) for login in entry.people], [known[code] for code in entry.schools])
            for entry in of_phase[:MOST_NAMED]
        ]
        listed.append({"phase": phase.value, "until": day(of_phase[0].until), "days": of_phase[0].days,
                       "open": of_phase[0].open, "named": named, "count": len(of_phase)})  # fmt: skip
    return listed


def _typed(request: HttpRequest) -> StudyFields:
    return typed_study({name: str(value) for name, value in request.POST.items()})


def _wrong(fields: StudyFields, wrong: InputError) -> StudyFields:
    return StudyFields(fields.texts, {problem.place.file: problem for problem in wrong.problems})


def _fields_of(row: StudyRound) -> StudyFields:
    days = {name: getattr(row, name) for name in FIELDS.values()}
    return StudyFields({"title": row.title, **{name: day(until) if until else "" for name, until in days.items()}})
