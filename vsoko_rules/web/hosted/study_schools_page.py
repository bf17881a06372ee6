"""The schools of a study: the list with how far each is, and one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError
from vsoko_rules.region.blank_school import StudyPeriod, school_of_fields
from vsoko_rules.region.region_records import AGREED, PAIR, SELF, RegionSchool, seat_order
from vsoko_rules.region.seat_actions import SeatAction
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.assigning import ASSIGNED, experts_for
from vsoko_rules.web.hosted.models import Municipality, SchoolEntry, Seat, StudyRound
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.region_rows import school_record
from vsoko_rules.web.hosted.school_keeping import add_school, alter_school, may_remove, remove_school
from vsoko_rules.web.hosted.seat_rights import actions_on
from vsoko_rules.web.hosted.study_list import own_study
from vsoko_rules.web.hosted.study_records import BEGUN
from vsoko_rules.web.rendering import page
from vsoko_rules.workspace.school_details import TypedDetails, typed_details

AT_ONCE: Final = 50
"""rows of a list on one page"""


def _seat(*who: str, **more: Any) -> Exists:
    return Exists(Seat.objects.filter(school=OuterRef("pk"), who__in=who, **more))


def _states() -> dict[str, Q]:
    """What schools may be asked for by how far they are."""
    given = {"expert__isnull": False}
    return {
        "not_sent": Q(_seat(SELF, state="open")),
        "sent": ~Q(_seat(SELF, state="open")),
        "no_expert": ~Q(_seat("A", **given)) | ~Q(_seat("B", **given)),
        "not_locked": Q(_seat(*PAIR, state="open", **given)),
        "disputed": Q(_seat(AGREED, disputes__gt=0)),
        "not_agreed": ~Q(_seat(AGREED, state="locked")),
        "control": Q(control=True),
    }


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list: the keys of its rows, and where it stands among how many."""

    keys: list[int]
    found: int
    number: int
    last: int


def list_page(rows: list[tuple[Any, ...]], sought: str, stated: str) -> ListPage:
    """The rows, of which each is a key and texts, in which everything that is sought stands, at the page that is asked
    for."""
    words = sought.casefold().split()
    found = [row[0] for row in rows if all(word in " ".join(map(str, row[1:])).casefold() for word in words)]
    last = max(1, -(-len(found) // AT_ONCE))
    number = min(int(stated) if stated.isdecimal() and len(stated) < 6 else 1, last) or 1
    return ListPage(found[(number - 1) * AT_ONCE : number * AT_ONCE], len(found), number, last)


def schools(request: HttpRequest, code: str) -> HttpResponse:
    """The list, searched and asked for by state and municipality."""
    row = own_study(request, code)
    states, state, town = _states(), request.GET.get("state", ""), request.GET.get("town", "")
    asked = SchoolEntry.objects.filter(study=row)
    if state in states:
        asked = asked.filter(states[state])
    if town.isdecimal():
        asked = asked.filter(municipality=int(town))
    texts = asked.order_by("name", "code").values_list("pk", "code", "name", "municipality__name")
    sought = request.GET.get("q", "")
    listed = list_page(list(texts), sought, request.GET.get("page", "1"))
    by_key = {entry.pk: entry for entry in _with_seats(SchoolEntry.objects.filter(pk__in=listed.keys))}
    return page(
        request, "hosted/study_schools", study=row, tab="study_schools", listed=listed, sought=sought,
        schools=[(by_key[key], seats_of(by_key[key])) for key in listed.keys], states=states, state=state, town=town,
        towns=Municipality.objects.filter(study=row).order_by("name"), said=request.GET.get("said", ""),
    )  # fmt: skip


def _with_seats(entries: QuerySet[SchoolEntry]) -> QuerySet[SchoolEntry]:
    seats = Seat.objects.select_related("expert").defer("data", "standing")
    named = entries.select_related("municipality", "study__ruleset").defer("study__ruleset__files")
    found: QuerySet[SchoolEntry] = named.prefetch_related(Prefetch("seat_set", seats))
    return found


def seats_of(entry: SchoolEntry) -> dict[str, Seat]:
    """The seats of a school in their order, by whose they are."""
    return {seat.who: seat for seat in sorted(entry.seat_set.all(), key=lambda seat: seat_order(seat.who))}


def school(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """One school: its seats and what is known of it."""
    entry = own_school(request, code, key)
    if request.method != "POST":
        return page(request, "hosted/study_school", **school_shown(request, entry))
    typed = typed_details(_fields(request))
    try:
        alter_school(me_of(request).user, entry, _stated(request, entry.study, entry.code, typed))
    except InputError as wrong:
        typed = typed_details(_fields(request), wrong.problems)
        return page(request, "hosted/study_school", status=422, **school_shown(request, entry, typed=typed))
    return HttpResponseRedirect(f"{reverse('study_school', args=[code, key])}?said=saved")


def remove(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """A school less."""
    entry = own_school(request, code, key)
    try:
        remove_school(me_of(request).user, entry)
    except InputError as wrong:
        shown = school_shown(request, entry, problems=wrong.problems)
        return page(request, "hosted/study_school", status=422, **shown)
    return HttpResponseRedirect(f"{reverse('study_schools', args=[code])}?said=removed")


def new_school(request: HttpRequest, code: str) -> HttpResponse:
    """The fields of a school more, and the school made of them."""
    row = own_study(request, code)
    if request.method != "POST":
        return _asked_for_school(request, row, TypedDetails({}, ()))
    typed = typed_details(_fields(request))
    try:
        stated = _stated(request, row, request.POST.get("code", "").strip(), typed)
        entry = add_school(me_of(request).user, row, stated)
    except InputError as wrong:
        return _asked_for_school(request, row, typed_details(_fields(request), wrong.problems), 422)
    return HttpResponseRedirect(f"{reverse('study_school', args=[code, entry.pk])}?said=added")


def own_school(request: HttpRequest, code: str, key: int) -> SchoolEntry:
    """A school of a study that who asks runs. Raises `Http404`."""
    row = own_study(request, code)
    entry = _with_seats(SchoolEntry.objects.filter(study=row, pk=key)).first()
    if entry is None:
        raise Http404
    return entry


def school_shown(
    request: HttpRequest, entry: SchoolEntry, *, typed: TypedDetails | None = None, problems: Any = ()
) -> dict[str, Any]:
    """What the page of a school is given."""
    return {
        "study": entry.study, "tab": "study_schools", "entry": entry, "seats": seats_of(entry),
        "fields": typed or _details(school_record(entry)), "control": entry.control,
        "problems": problems, "may_return": _returnable(request, entry),
        "ruleset": pinned(entry.study.ruleset.sha256), "said": request.GET.get("said", ""),
        "towns": Municipality.objects.filter(study=entry.study).order_by("name"),
        "may_remove": entry.study.phase != "closed" and may_remove(entry),
        "may_assign": entry.study.phase in ASSIGNED, "may_have": experts_for(entry),
        "begun": any(s.revision > BEGUN or s.state != "open" for s in entry.seat_set.all() if s.who in PAIR),
    }  # fmt: skip


def _returnable(request: HttpRequest, entry: SchoolEntry) -> set[str]:
    """The seats of a school that may be opened again."""
    user = me_of(request).user
    closed = [seat for seat in entry.seat_set.all() if seat.state != "open"]
    return {seat.who for seat in closed if SeatAction.RETURN in actions_on(user, seat)}


def _asked_for_school(request: HttpRequest, row: StudyRound, typed: TypedDetails, status: int = 200) -> HttpResponse:
    return page(
        request, "hosted/new_study_school", status=status, study=row, tab="study_schools", fields=typed,
        control="control" in request.POST, ruleset=pinned(row.ruleset.sha256),
        towns=Municipality.objects.filter(study=row).order_by("name"),
    )  # fmt: skip


def _stated(request: HttpRequest, row: StudyRound, code: str, typed: TypedDetails) -> RegionSchool:
    period = StudyPeriod(row.year, row.starts, row.ends)
    return school_of_fields(code, typed, "control" in request.POST, pinned(row.ruleset.sha256), period)


def _details(school: RegionSchool) -> TypedDetails:
    counts = {f"count_{code}": str(number) for code, number in school.counts.items()}
    return TypedDetails(
        {"code": school.code, "name": school.name, "municipality": school.municipality, **counts},
        tuple(level.value for level in school.levels),
    )


def _fields(request: HttpRequest) -> dict[str, list[str]]:
    return {name: [str(value) for value in values] for name, values in request.POST.lists()}
