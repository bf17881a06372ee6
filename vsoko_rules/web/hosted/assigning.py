"""Who assesses which school: a proposal is made, looked at and kept, or one school is given by hand. Rules are those of
`region.assignment` in both ways."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from vsoko_rules.errors import InputError, LostUpdate, Place, Problem
from vsoko_rules.region.assignment import Assignment, SeatChanges, assign_experts, may_assess, seat_changes
from vsoko_rules.region.region_records import (
    PAIR,
    Phase,
    RegionPerson,
    RegionRole,
    RegionSchool,
    RegionSeat,
    is_expert_seat,
)
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.models import SchoolEntry, Seat, User
from vsoko_rules.web.hosted.region_rows import school_record
from vsoko_rules.web.hosted.school_keeping import seat_text
from vsoko_rules.web.hosted.study_keeping import locked
from vsoko_rules.web.hosted.study_records import (
    BEGUN,
    person_records,
    school_records,
    seat_records,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from vsoko_rules.web.hosted.models import StudyRound

ASSIGNED: Final = (Phase.COLLECT.value, Phase.ASSESS.value)
"""the phases in which experts are given schools"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An assignment as it would be, and what it changes. `state` is known by what it was made of, `digest` by that and
    by itself: what is kept is what was looked at."""

    assignments: tuple[Assignment, ...]
    changes: SeatChanges
    state: str
    digest: str


@dataclass(frozen=True, slots=True)
class StudyParts:
    """What an assignment is made of."""

    schools: list[RegionSchool]
    people: list[RegionPerson]
    seats: list[RegionSeat]

    @classmethod
    def of(cls, study: StudyRound) -> StudyParts:
        """As they stand in the database."""
        return cls(school_records(study), person_records(study), seat_records(study))

    @property
    def state(self) -> str:
        """A hash of all that decides an assignment."""
        told = [
            sorted((s.code, s.municipality, s.control) for s in self.schools),
            sorted(
                (p.login, p.home_municipalities, p.home_schools) for p in self.people if p.role is RegionRole.EXPERT
            ),
            sorted((s.school, s.who, s.expert or "", s.begun) for s in self.seats if is_expert_seat(s.who)),
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def propose(parts: StudyParts, *, anew: bool) -> Proposal:
    """Experts for all schools; those who have one already stay, with `anew` only where they have begun. Raises
    `InputError` with what is impossible."""
    assignments = assign_experts(parts.schools, parts.people, parts.seats, anew=anew)
    state = parts.state
    told = [state, anew, [(a.school, list(a.seats)) for a in assignments]]
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return Proposal(assignments, seat_changes(assignments, parts.seats), state, digest)


def keep_proposal(user: User, study: StudyRound, digest: str, *, anew: bool) -> None:
    """Keep a proposal that was looked at. Raises `LostUpdate` where it would be another one by now."""
    proposal = propose(StudyParts.of(study), anew=anew)
    with transaction.atomic():
        row = locked(study)
        _check_phase(row)
        if proposal.digest != digest or StudyParts.of(row).state != proposal.state:
            hint = "Посмотрите новое предложение и сохраните его."
            problem = Problem(Place(row.title), "с тех пор изменились школы, люди или назначения", hint=hint)
            raise LostUpdate([problem])
        told = _write(row, proposal.changes)
        chain.append("assigned", user=user, study=row.code, told={"how": "anew" if anew else "rest", **told})


def _write(study: StudyRound, changes: SeatChanges) -> dict[str, Any]:
    """Take seats away and give others; what an event tells of it."""
    freed = {(seat.school, seat.who) for seat in changes.freed}
    if freed:
        rows = Seat.objects.filter(school__study=study, expert__isnull=False).values_list("pk", "school__code", "who")
        _take_away(Seat.objects.filter(pk__in=[pk for pk, code, who in rows if (code, who) in freed]))
    entries = dict(SchoolEntry.objects.filter(study=study).values_list("code", "pk"))
    logins = {seat.expert for _, seat in changes.given}
    experts = dict(User.objects.filter(login__in=logins).values_list("login", "pk"))
    Seat.objects.bulk_create(
        Seat(school_id=entries[code], who=seat.who, expert_id=experts[seat.expert], data="")
        for code, seat in changes.given
    )
    return {
        "given": [[code, seat.who, seat.expert] for code, seat in changes.given],
        "freed": [[seat.school, seat.who, seat.expert] for seat in changes.freed],
    }


def _take_away(seats: QuerySet[Seat]) -> None:
    """Take seats away. Raises `LostUpdate` where an expert has begun on one in this moment: their work stays."""
    rows = list(seats.select_for_update(of=("self",)).select_related("school").defer("data", "standing"))
    for seat in rows:
        if seat.revision > BEGUN or seat.state != "open":
            raise LostUpdate([Problem(Place(seat.school.name), "эксперт только что начал смотреть эту школу")])
    Seat.objects.filter(pk__in=[seat.pk for seat in rows]).delete()


def give_school(user: User, entry: SchoolEntry, chosen: Mapping[str, str], *, hand_over: bool = False) -> None:
    """Give the seats of the pair of one school to experts by their logins; an empty one frees the seat. Who has begun
    is replaced only with `hand_over`: the other one goes on with what stands there. Raises `InputError`."""
    with transaction.atomic():
        study = locked(entry.study)
        _check_phase(study)
        seats = {seat.who: seat for seat in Seat.objects.filter(school=entry).select_related("expert")}
        records = {s.who: s for s in seat_records(study) if s.school == entry.code}
        before = {who: (seats[who].expert.login if who in seats and seats[who].expert else "") for who in PAIR}
        after = {who: chosen.get(who, before[who]) for who in PAIR}
        changed = [who for who in PAIR if before[who] != after[who]]
        begun = [who for who in changed if who in records and records[who].begun]
        problems = [*_faults(study, entry, after, changed, records), *_in_work(entry, before, after, begun, hand_over)]
        if problems:
            raise InputError(problems)
        if not changed:
            return
        _take_away(Seat.objects.filter(school=entry, who__in=[who for who in changed if who not in begun]))
        _seat_experts(entry, seats, {who: after[who] for who in changed}, begun)
        told = {"how": "hand", "given": [[entry.code, who, after[who]] for who in changed if after[who]],
                "freed": [[entry.code, who, before[who]] for who in changed if before[who]]}  # fmt: skip
        chain.append("assigned", user=user, study=study.code, told=told)


def _seat_experts(
    entry: SchoolEntry, seats: Mapping[str, Seat], after: Mapping[str, str], begun: Collection[str]
) -> None:
    experts = {person.login: person for person in User.objects.filter(login__in=after.values())}
    for who, login in after.items():
        if who in begun:
            _hand_over(seats[who], experts[login])
        elif login:
            Seat.objects.create(school=entry, who=who, expert=experts[login], data="")


def _hand_over(seat: Seat, expert: User) -> None:
    """Another expert goes on with a seat, and signs it."""
    data = json.loads(seat.data)
    signed = {**data, "filled_by": {**data.get("filled_by", {"role": "expert"}), "name": expert.name}}
    free = Seat.objects.filter(pk=seat.pk, revision=seat.revision)
    if not free.update(expert=expert, data=seat_text(signed), revision=seat.revision + 1, changed_at=timezone.now()):
        raise LostUpdate([Problem(Place(seat.school.name), "эксперт в эту минуту сохраняет школу: повторите")])


def _faults(
    study: StudyRound, entry: SchoolEntry, after: Mapping[str, str], changed: Iterable[str],
    records: Mapping[str, RegionSeat],
) -> Iterable[Problem]:  # fmt: skip
    """Why experts may not have their seats."""
    people = {p.login: p for p in person_records(study) if p.role is RegionRole.EXPERT}
    towns = dict(SchoolEntry.objects.filter(study=study).values_list("code", "municipality__name"))
    others = {seat.expert for who, seat in records.items() if who not in PAIR and seat.expert is not None}
    place = Place(entry.name)
    if after[PAIR[0]] and after[PAIR[0]] == after[PAIR[1]]:
        yield Problem(place, "один и тот же эксперт на обоих местах", expected="два разных эксперта")
    for who in changed:
        login = after[who]
        person = people.get(login)
        if login and person is None:
            yield Problem(place, "такого эксперта в исследовании нет", login)
        elif person is not None and not may_assess(person, school_record(entry), towns):
            yield Problem(place, "эксперт работает в этой школе или в её муниципалитете", person.name)
        elif login in others:
            message = "у эксперта или третьего лица уже есть место в этой школе"
            yield Problem(place, message, person.name if person is not None else login)


def _in_work(
    entry: SchoolEntry, before: Mapping[str, str], after: Mapping[str, str], begun: Collection[str], hand_over: bool
) -> Iterable[Problem]:
    """Why work that was begun may not change hands."""
    for who in begun:
        if not after[who]:
            hint = "Передайте начатое другому эксперту."
            yield Problem(Place(entry.name), "эксперт уже начал смотреть школу", before[who], hint=hint)
        elif after[who] in before.values():
            yield Problem(Place(entry.name), "начатые места нельзя поменять между собой", before[who])
        elif not hand_over:
            hint = "Отметьте, что начатое переходит другому."
            yield Problem(Place(entry.name), "эксперт уже начал смотреть школу", before[who], hint=hint)


def experts_for(entry: SchoolEntry) -> list[RegionPerson]:
    """The experts of a study who may be given a school."""
    towns = dict(SchoolEntry.objects.filter(study=entry.study).values_list("code", "municipality__name"))
    school = school_record(entry)
    people = (p for p in person_records(entry.study) if p.role is RegionRole.EXPERT)
    return sorted((p for p in people if may_assess(p, school, towns)), key=lambda p: p.name)


def set_control(user: User, study: StudyRound, codes: Collection[str]) -> None:
    """Say which schools all experts assess."""
    with transaction.atomic():
        row = locked(study)
        _check_phase(row)
        before = set(SchoolEntry.objects.filter(study=row, control=True).values_list("code", flat=True))
        known = set(SchoolEntry.objects.filter(study=row, code__in=codes).values_list("code", flat=True))
        if unknown := sorted(set(codes) - known):
            raise InputError([Problem(Place(row.title), "такой школы нет", unknown[0], "код или название школы")])
        if before == known:
            return
        SchoolEntry.objects.filter(study=row, code__in=before - known).update(control=False)
        SchoolEntry.objects.filter(study=row, code__in=known - before).update(control=True)
        told = {"added": sorted(known - before), "removed": sorted(before - known)}
        chain.append("control", user=user, study=row.code, told=told)


def _check_phase(study: StudyRound) -> None:
    if study.phase not in ASSIGNED:
        hint = "Чтобы назначить заново, верните исследование к экспертизе."
        raise InputError([Problem(Place(study.title), "экспертиза уже закончена", hint=hint)])
