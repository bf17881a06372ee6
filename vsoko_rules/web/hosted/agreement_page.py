"""How far the experts of a study agree, while it goes on: computed by a worker, shown as of then."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.region.agreement_shown import agreement_words
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.kept_standings import kept_standings, opinion_seats
from vsoko_rules.web.hosted.models import Work, WorkState
from vsoko_rules.web.hosted.pinned import pinned
from vsoko_rules.web.hosted.region_agreement import KIND
from vsoko_rules.web.hosted.study_list import own_study
from vsoko_rules.web.hosted.work import ask_for
from vsoko_rules.web.rendering import page


def study_agreement(request: HttpRequest, code: str) -> HttpResponse:
    """The latest figures; made anew where that is asked for."""
    row, user = own_study(request, code), me_of(request).user
    asked = Work.objects.filter(study=row, kind=KIND, by=user)
    going = asked.filter(state__in=(WorkState.WAITING, WorkState.RUNNING)).first()
    if request.method == "POST":
        made = going or ask_for(KIND, user, study=row)
        return HttpResponseRedirect(reverse("work", args=[made.code]))
    done = asked.filter(state=WorkState.DONE).order_by("-pk").first()
    told: dict[str, Any] = done.told if done is not None else {}
    kept = kept_standings(opinion_seats(user, row))
    stated = request.GET.get("pair", "")
    number = int(stated) if stated.isdecimal() and len(stated) < 6 else None
    pairs = told.get("pairs", [])
    return page(
        request, "hosted/study_agreement", study=row, tab="study_agreement", going=going, told=told,
        at=done.beat_at.astimezone() if done is not None else None, closed=len(kept.stamps),
        moved=bool(told) and told["digest"] != kept.digest,
        pair=pairs[number] if number is not None and number < len(pairs) else None,
        **agreement_words(pinned(row.ruleset.sha256)),
    )  # fmt: skip
