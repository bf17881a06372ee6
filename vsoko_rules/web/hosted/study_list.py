"""The studies that somebody of the centre runs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from vsoko_rules.region.phases import phase_title
from vsoko_rules.region.region_records import Phase
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.models import StudyRound, User


def centre_home(user: User) -> dict[str, Any]:
    """What the centre sees first: its studies, the latest first, and whether it may begin another."""
    studies = StudyRound.objects.run_by(user).order_by("-year", "title")
    return {
        "studies": [(study, phase_title(Phase(study.phase))) for study in studies],
        "may_begin": may_begin(user),
    }


def may_begin(user: User) -> bool:
    """Whether somebody is of the centre of the whole region, and so may begin studies."""
    whole: bool = user.memberships.filter(role="centre", study__isnull=True).exists()
    return whole


def own_study(request: HttpRequest, code: str) -> StudyRound:
    """A study that who asks runs. Raises `Http404`."""
    found: StudyRound | None = (
        StudyRound.objects.run_by(me_of(request).user).select_related("ruleset").filter(code=code).first()
    )
    if found is None:
        raise Http404
    return found
