"""What a phase begins with: experts' seats get what schools sent, closed pairs are compared. A request does a portion,
a worker the rest; where no worker works, the page of the study goes on, portion by portion. Done twice, it does nothing
more."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError
from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery

from vsoko_rules.errors import LostUpdate
from vsoko_rules.region.region_records import AGREED, PAIR, SELF, Phase
from vsoko_rules.web.hosted.models import SchoolEntry, Seat, Work, WorkState
from vsoko_rules.web.hosted.pair_seats import open_agreed_seat
from vsoko_rules.web.hosted.seat_steps import open_expert_seats
from vsoko_rules.web.hosted.work import Report, WorkResult, ask_for, work

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import StudyRound, User

KIND: Final = "begin_phase"
SEATS_AT_ONCE: Final = 50
"""seats of experts that one request opens: about a hundredth of a second each"""
PAIRS_AT_ONCE: Final = 4
"""schools whose pairs one request compares: about a third of a second each"""


def work_left(study: StudyRound) -> int:
    """How many seats a study lacks in its phase: of experts who have nothing to look at, of schools whose pair has
    closed."""
    if study.phase == Phase.ASSESS.value:
        given = Seat.objects.filter(school__study=study, data="", expert__isnull=False)
        return int(given.exclude(who__in=(SELF, AGREED)).count())
    return int(_not_compared(study).count()) if study.phase == Phase.RECONCILE.value else 0


def begin_phase(study: StudyRound, user: User) -> None:
    """The first portion of what a phase begins with; the rest is given to a worker. Pairs that were compared before and
    closed again since are all compared anew: they are few."""
    if study.phase == Phase.RECONCILE.value:
        for school in _closed_again(study):
            open_agreed_seat(school, user)
    go_on(study, user)


def go_on(study: StudyRound, user: User) -> None:
    """A portion, and a worker for the rest."""
    do_some(study, user)
    if work_left(study) and not is_worked_on(study):
        ask_for(KIND, user, study=study)


def is_worked_on(study: StudyRound) -> bool:
    """Whether a worker has it, or will."""
    going = (WorkState.WAITING, WorkState.RUNNING)
    return bool(Work.objects.filter(kind=KIND, study=study, state__in=going).exists())


@work(KIND)
def do_the_rest(asked: Work, report: Report) -> WorkResult:
    """Everything that is left, as long as it becomes less."""
    assert asked.study is not None
    total = left = work_left(asked.study)
    while left:
        report(total - left, total)
        do_some(asked.study, asked.by)
        asked.study.refresh_from_db(fields=["phase"])
        before, left = left, work_left(asked.study)
        if left >= before:
            break
    return WorkResult()


def do_some(study: StudyRound, user: User) -> None:
    """Another portion."""
    if study.phase == Phase.ASSESS.value:
        open_expert_seats(study, user, SEATS_AT_ONCE)
    elif study.phase == Phase.RECONCILE.value:
        for school in _not_compared(study).order_by("pk")[:PAIRS_AT_ONCE]:
            with suppress(IntegrityError, LostUpdate):  # somebody else compares it at this moment
                open_agreed_seat(school, user)


def _closed(study: StudyRound) -> QuerySet[SchoolEntry]:
    """Schools of which both experts have closed."""
    pair = Seat.objects.filter(school__study=study, who__in=PAIR, state="locked").values("school")
    both = pair.annotate(both=Count("pk")).filter(both=len(PAIR)).values("school")
    schools: QuerySet[SchoolEntry] = (
        SchoolEntry.objects.filter(pk__in=both).select_related("study__ruleset").defer("study__ruleset__files")
    )
    return schools


def _not_compared(study: StudyRound) -> QuerySet[SchoolEntry]:
    agreed = Seat.objects.filter(school__study=study, who=AGREED)
    schools: QuerySet[SchoolEntry] = _closed(study).exclude(pk__in=agreed.values("school"))
    return schools


def _closed_again(study: StudyRound) -> QuerySet[SchoolEntry]:
    """Schools that were compared before one of their experts closed."""
    pair = Seat.objects.filter(school=OuterRef("pk"), who__in=PAIR).order_by()
    last = pair.values("school").annotate(last=Max("closed_at")).values("last")
    agreed = Seat.objects.filter(school=OuterRef("pk"), who=AGREED).values("changed_at")
    known = _closed(study).annotate(last=Subquery(last), compared=Subquery(agreed[:1]))
    schools: QuerySet[SchoolEntry] = known.filter(compared__lt=F("last"))
    return schools
