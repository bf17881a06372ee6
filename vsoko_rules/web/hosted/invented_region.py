"""The invented region in a database that holds nothing yet: a study that is being assessed, and last year's, finished.
It goes the way that people go, phase by phase, so that its events are as of any other region."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.invented import (
    InventedSchool,
    invented_documents,
    invented_opinion,
    invented_region,
    invented_school,
)
from vsoko_rules.region.phases import step_findings
from vsoko_rules.region.region_records import PAIR, SELF, Phase, RegionRole
from vsoko_rules.region.study_fields import StudyStated
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.assigning import StudyParts, keep_proposal, propose
from vsoko_rules.web.hosted.models import Membership, Seat, StudyRound, User
from vsoko_rules.web.hosted.pair_seats import open_agreed_seats
from vsoko_rules.web.hosted.people_keeping import add_role
from vsoko_rules.web.hosted.pinned import pin, pinned
from vsoko_rules.web.hosted.region_rows import study_record
from vsoko_rules.web.hosted.release import release
from vsoko_rules.web.hosted.school_keeping import add_school, rewrite_seat
from vsoko_rules.web.hosted.seat_steps import freeze, open_expert_seats
from vsoko_rules.web.hosted.study_keeping import begin_study, step_study, today
from vsoko_rules.web.hosted.study_records import school_records, seat_records

if TYPE_CHECKING:
    from collections.abc import Iterable

_ASSESSED_DAYS = 14
"""from today until the experts have to be done"""


def put_region() -> list[tuple[str, str, str]]:
    """Make the region; returns the login, the role and the password of each person. Raises `InputError` where there are
    studies or people already: everybody knows the passwords."""
    region = invented_region()
    if StudyRound.objects.exists() or User.objects.exists():
        raise InputError([Problem(Place("база данных"), "в этой базе уже есть исследование или люди")])
    centre = _accounts()
    year = _year()
    _finished(centre, year - 1, [school for school in region.schools if school.before])
    _assessed(centre, year)
    return [(person.login, person.role.value, region.password) for person in region.people]


def _accounts() -> User:
    """Everybody with the trial password; returns who is of the centre."""
    region = invented_region()
    for person in region.people:
        user = User(login=person.login, name=person.name)
        user.set_password(region.password)
        user.save()
        if person.role in (RegionRole.CENTRE, RegionRole.AUDITOR):
            Membership.objects.create(user=user, role=person.role.value)
    found: User = User.objects.get(login=next(p.login for p in region.people if p.role is RegionRole.CENTRE))
    return found


def _year() -> int:
    """The year of the last study whose period is over."""
    ruleset, now = pinned(pin(invented_region().ruleset).sha256), today()
    return next(year for year in (now.year, now.year - 1) if ruleset.usual_study(year)[1] < now)


def _finished(centre: User, year: int, schools: Iterable[InventedSchool]) -> None:
    """A study that went to its end: both experts found the same."""
    region, listed = invented_region(), list(schools)
    study = _begun(centre, year, listed, {}, less=region.last_year)
    _step(centre, study, Phase.ASSESS)
    open_expert_seats(study, centre)
    for school in listed:
        for who in PAIR:
            _assess(study, school.code, who, PAIR[0])
    _step(centre, study, Phase.RECONCILE)
    open_agreed_seats(study, centre)
    _step(centre, study, Phase.CLOSED)
    release(study, centre)


def _assessed(centre: User, year: int) -> None:
    """A study in the middle of its assessment."""
    region, now = invented_region(), today()
    deadlines = {
        "collect_until": now - timedelta(days=1),
        "assess_until": now + timedelta(days=_ASSESSED_DAYS),
        "reconcile_until": now + timedelta(days=2 * _ASSESSED_DAYS),
    }
    study = _begun(centre, year, region.schools, deadlines)
    _step(centre, study, Phase.ASSESS)
    open_expert_seats(study, centre)
    for school in region.schools:
        for who in PAIR[: school.locked]:
            _assess(study, school.code, who, who)


def _begun(
    centre: User, year: int, schools: Iterable[InventedSchool], deadlines: dict[str, Any], less: int = 0
) -> StudyRound:
    """A study with its schools, of which those sent that did, its people, and experts assigned."""
    region = invented_region()
    version = pin(region.ruleset)
    starts, ends = pinned(version.sha256).usual_study(year)
    stated = StudyStated(region.title, year, starts, ends, deadlines)
    study = begin_study(centre, stated, version, invented=True)
    for school in schools:
        entry = add_school(centre, study, invented_school(school))
        seat = Seat.objects.select_related("school").get(school=entry, who=SELF)
        by = User.objects.filter(login__in=[p.login for p in region.people if p.school == school.code]).first()
        with transaction.atomic():
            after = invented_documents(school, json.loads(seat.data), year, less)
            rewrite_seat(by, seat, after, study.code)
            if school.sent or less:
                _closed(study, seat, "sent", by)
    for person in region.people:
        if person.role not in (RegionRole.CENTRE, RegionRole.AUDITOR):
            add_role(centre, study, person.record)
    keep_proposal(centre, study, propose(StudyParts.of(study), anew=False).digest, anew=False)
    return study


def _assess(study: StudyRound, code: str, who: str, as_who: str) -> None:
    """An expert goes through a school and closes it; `as_who`: whose eyes they have."""
    seat = Seat.objects.select_related("school", "expert").get(school__study=study, school__code=code, who=who)
    assert seat.expert is not None
    own = Seat.objects.get(school=seat.school_id, who=SELF)
    blocks = list(pinned(study.ruleset.sha256).blocks)
    with transaction.atomic():
        opinion = invented_opinion(json.loads(own.data), as_who, seat.expert.name, blocks)
        rewrite_seat(seat.expert, seat, opinion, study.code)
        _closed(study, seat, "locked", seat.expert)


def _closed(study: StudyRound, seat: Seat, state: str, by: User | None) -> None:
    Seat.objects.filter(pk=seat.pk).update(state=state, closed_at=timezone.now())
    frozen = freeze(seat, state, by)
    told = {"revision": frozen.revision, "sha256": frozen.sha256}
    chain.append(state, user=by, study=study.code, seat=seat.code, told=told)


def _step(centre: User, study: StudyRound, to: Phase) -> None:
    """A step with everything confirmed that is to be known."""
    findings = step_findings(study_record(study), to, school_records(study), seat_records(study), today())
    step_study(centre, study, to, [finding.key for finding in findings], "", today())
    study.refresh_from_db()
