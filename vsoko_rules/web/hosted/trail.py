"""What happened, for those who watch over it: which events somebody may see, filtered, and a page of them at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Final

from django.db.models import Max, Min, Q, QuerySet

from vsoko_rules.region.disputes_shown import outcome_choices
from vsoko_rules.region.phases import finding_text
from vsoko_rules.web.hosted.models import ChainEvent, Seat, StudyRound, User, login_of
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.workspace.case_parts import PartChange
from vsoko_rules.workspace.journal import EventKind
from vsoko_rules.workspace.told_changes import ChangeTeller, ToldChange

WATCHERS: Final = ("centre", "auditor")
"""roles that see what happened"""
ON_A_PAGE: Final = 50
_PORTION: Final = 1_000
_MOST_NAMED: Final = 900
"""seats or people whose events are asked for at once; SQLite takes no more in a question"""
_MOST_OF_A_DAY: Final = 10_000_000
"""more events than a server can append in a day"""
_NAMING: Final = ("based_on", "approved_by", "annex_of", "amends", "evidence")
"""what in a change names other documents of the case"""
_CASE: Final = frozenset(kind.value for kind in EventKind)


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which events are asked for: of a study (its code), of schools by a code or a part of a name, of people by a name
    for signing in or a part of a name, of a day of the server's clock."""

    study: str = ""
    school: str = ""
    person: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """An event as it is shown: the school and whose seat it is where it has one, and what changed; `told` is what
    there is to tell of other events."""

    event: ChainEvent
    at: datetime
    seat: Seat | None
    study: StudyRound | None
    changes: tuple[ToldChange, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Events, the latest first. `older`: from which number on there are more; `newer`: whether one stands on a later
    page already."""

    events: tuple[TrailEvent, ...]
    older: int | None
    newer: bool


def studies_watched(user: User) -> QuerySet[StudyRound]:
    """The studies of which somebody sees what happened."""
    studies: QuerySet[StudyRound] = StudyRound.objects.all()
    mine = user.memberships.filter(role__in=WATCHERS)
    if not mine.filter(study__isnull=True).exists():
        studies = studies.filter(pk__in=mine.values("study_id"))
    return studies


def events_for(user: User, wanted: TrailFilter) -> QuerySet[ChainEvent]:
    """The events that somebody may see and asks for. Whoever is for all studies sees what belongs to none, too."""
    events: QuerySet[ChainEvent] = ChainEvent.objects.all()
    if wanted.study:
        known = studies_watched(user).filter(code=wanted.study).exists()
        events = events.filter(study=wanted.study) if known else events.none()
    elif not user.memberships.filter(role__in=WATCHERS, study__isnull=True).exists():
        events = events.filter(study__in=list(studies_watched(user).values_list("code", flat=True)))
    if wanted.school:
        named = Q(school__code=wanted.school) | Q(school__name__contains=wanted.school)
        seats = Seat.objects.filter(named, school__study__in=studies_watched(user))
        events = events.filter(seat__in=list(seats.values_list("code", flat=True)[:_MOST_NAMED]))
    if wanted.person:
        people = User.objects.filter(Q(login=login_of(wanted.person)) | Q(name__contains=wanted.person))
        events = events.filter(user__in=list(people.values_list("pk", flat=True)[:_MOST_NAMED]))
    found: QuerySet[ChainEvent] = events if wanted.day is None else _on(events, wanted.day)
    return found


def _on(events: QuerySet[ChainEvent], day: date) -> QuerySet[ChainEvent]:
    """Those of a day: numbers grow with time, so that the table is read from its first to its last one only."""
    begins = datetime.combine(day, time()).astimezone()
    ends = datetime.combine(day + timedelta(days=1), time()).astimezone()
    within: dict[str, Any] = {"at__gte": _utc(begins), "at__lt": _utc(ends)}
    # The portion keeps the order of the moments: without it PostgreSQL looks for the least number among all events.
    of_day = ChainEvent.objects.filter(**within).order_by("at")[:_MOST_OF_A_DAY]
    ends_of = of_day.aggregate(first=Min("number"), last=Max("number"))
    numbers = {"number__gte": ends_of["first"] or 0, "number__lte": ends_of["last"] or 0}
    found: QuerySet[ChainEvent] = events.filter(**within, **numbers)
    return found


def _utc(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")


def trail_page(events: QuerySet[ChainEvent], before: int | None) -> TrailPage:
    """A page of events, those older than the number `before`. No row is passed over to get there."""
    rows = events if before is None else events.filter(number__lt=before)
    found = list(rows.order_by("-number")[: ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE]
    older = shown[-1].number if len(found) > ON_A_PAGE else None
    return TrailPage(tuple(_told(shown)), older, before is not None)


def _told(events: list[ChainEvent]) -> Iterator[TrailEvent]:
    codes = {event.seat for event in events if event.seat}
    rows = Seat.objects.filter(code__in=codes).select_related("school__study__ruleset", "school__municipality")
    seats = {seat.code: seat for seat in rows.defer("data", "standing", "school__study__ruleset__files")}
    studies = {study.code: study for study in StudyRound.objects.filter(code__in={event.study for event in events})}
    titles = _titles({event.seat for event in events if event.kind in _CASE and _names_documents(event.told)})
    names = _names(events)
    tellers: dict[tuple[str, str], ChangeTeller] = {}
    for event in events:
        seat = seats.get(event.seat)
        at = datetime.fromisoformat(event.at).astimezone()
        told = json.loads(event.told) if event.told else None
        study = studies.get(event.study)
        if seat is not None and event.kind in _CASE and isinstance(told, list):
            key = (seat.school.study.ruleset.sha256, seat.code if seat.code in titles else "")
            if key not in tellers:
                tellers[key] = ChangeTeller(pinned(key[0]), titles.get(seat.code, {}))
            changes = tuple(tellers[key].tell(PartChange(*change)) for change in told)
            yield TrailEvent(event, at, seat, study, changes)
        else:
            yield TrailEvent(event, at, seat, study, told=_in_words(told, names) if isinstance(told, dict) else {})


def _names(events: list[ChainEvent]) -> dict[int, str]:
    """The names of the people of whom events tell: an event itself keeps their number."""
    told = [json.loads(event.told) for event in events if event.told and event.kind not in _CASE]
    people = {each["user"] for each in told if isinstance(each, dict) and isinstance(each.get("user"), int)}
    return dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}


def _in_words(told: dict[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """What an event tells, with the name of a person, an outcome and what was confirmed before a step in words."""
    words: dict[str, Any] = {}
    if isinstance(person := told.get("user"), int) and person in names:
        words["user"] = names[person]
    if isinstance(outcome := told.get("outcome"), str):
        words["outcome"] = outcome_choices().get(outcome, outcome)
    if isinstance(known := told.get("known"), list):
        words["known"] = [finding_text(key) for key in known]
    return {**told, **words}


def _names_documents(told: str) -> bool:
    """Whether what is told of a change names documents: only what differs is shown."""
    for _, _, before, after, *_ in json.loads(told or "[]"):
        old, new = (each if isinstance(each, dict) else {} for each in (before, after))
        if any(old.get(name) != new.get(name) for name in _NAMING):
            return True
    return False


def _titles(codes: set[str]) -> dict[str, dict[str, str]]:
    """The titles of the documents of seats by their codes, where a change names some."""
    found = {}
    for code, data in Seat.objects.filter(code__in=codes).exclude(data="").values_list("code", "data"):
        documents = json.loads(data).get("documents") or []
        found[code] = {entry["id"]: entry.get("title", entry["id"]) for entry in documents if "id" in entry}
    return found


def lines(events: QuerySet[ChainEvent]) -> Iterator[bytes]:
    """Events as JSON Lines, in their order, with their hashes: a chain that is whole can be verified of these, too."""
    fields = ("number", "at", "user", "name", "kind", "study", "seat", "of", "told", "previous", "digest")
    for row in events.order_by("number").values_list(*fields).iterator(chunk_size=_PORTION):
        yield (json.dumps(dict(zip(fields, row, strict=True)), ensure_ascii=False) + "\n").encode()
