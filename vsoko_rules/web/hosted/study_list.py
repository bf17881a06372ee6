"""The studies that somebody of the centre runs."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest

from vsoko_rules.region.phases import phase_title
from vsoko_rules.region.region_records import AGREED, SELF, Phase
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.models import Seat, StudyRound, User


def centre_home(user: User) -> dict[str, Any]:
    """What the centre sees first: its studies, the latest first, and whether it may begin another."""
    studies = list(StudyRound.objects.run_by(user).order_by("-year", "title"))
    counts = _counts(studies)
    return {
        "studies": [(study, phase_title(Phase(study.phase)), counts.get(study.pk, {})) for study in studies],
        "may_begin": may_begin(user),
    }


def _counts(studies: list[StudyRound]) -> dict[int, dict[str, int]]:
    """How many seats of each study are how far, by study."""
    done = {"done": Count("pk", filter=~Q(state="open")), "all": Count("pk")}
    rows = Seat.objects.filter(school__study__in=studies).values("school__study", "who").annotate(**done)
    counts: dict[int, dict[str, int]] = {}
    for row in rows.order_by():
        kind = row["who"] if row["who"] in (SELF, AGREED) else "expert"
        of = counts.setdefault(row["school__study"], {})
        for name in ("done", "all"):
            of[f"{kind}_{name}"] = of.get(f"{kind}_{name}", 0) + row[name]
    return counts


def may_begin(user: User) -> bool:
    """Whether somebody is of the centre of the whole region, and so may begin studies."""
    whole: bool = user.memberships.filter(role="centre", study__isnull=True).exists()
    return whole


def own_study(request: HttpRequest, code: str) -> StudyRound:
    """A study that who asks runs. Raises `Http404`."""
    mine = StudyRound.objects.run_by(me_of(request).user).select_related("ruleset").defer("ruleset__files")
    found: StudyRound | None = mine.filter(code=code).first()
    if found is None:
        raise Http404
    return found
