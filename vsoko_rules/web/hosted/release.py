"""Results are shown to schools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.region.phases import may_release
from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.models import Seat, StudyRound
from vsoko_rules.web.hosted.region_rows import study_record

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User


def release(study: StudyRound, user: User) -> int:
    """Let the schools of a study see what was agreed, from now on. Returns of how many schools there is a result.

    Raises `InputError` where the study is not closed. Done twice, it does nothing more.
    """
    if not may_release(study_record(study)):
        raise InputError([Problem(Place(study.title), "исследование ещё не закрыто, показывать итоги рано")])
    results: int = Seat.objects.filter(school__study=study, who="agreed", state="locked").count()
    with transaction.atomic():
        closed = StudyRound.objects.filter(pk=study.pk, phase="closed", released_at__isnull=True)
        if closed.update(released_at=timezone.now()):
            chain.append("released", user=user, study=study.code, told={"results": results})
    study.refresh_from_db(fields=["released_at"])
    return results
