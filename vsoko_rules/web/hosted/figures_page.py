"""The figures of a study for the centre, and those of a municipality for its methodists, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.region.counted_cases import figure_words
from vsoko_rules.region.phases import phase_title
from vsoko_rules.region.region_records import SELF, Phase
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.kept_standings import counted_seats, refresh
from vsoko_rules.web.hosted.models import Municipality, StudyRound, Work, WorkState
from vsoko_rules.web.hosted.region_figures import collected_until, region_figures, town_schools
from vsoko_rules.web.hosted.region_papers import REGION_PAPERS, STANDINGS, TOWN_PAPERS, towns_of
from vsoko_rules.web.hosted.study_list import own_study
from vsoko_rules.web.hosted.work import ask_for
from vsoko_rules.web.rendering import page

if TYPE_CHECKING:
    from collections.abc import Collection

    from vsoko_rules.web.hosted.models import User

_WORK: Final = 0.7
"""seconds of assessing in one request; the page asks again"""


def study_figures(request: HttpRequest, code: str) -> HttpResponse:
    """What the region comes to."""
    return page(request, "hosted/study_figures", **_of_study(request, own_study(request, code)))


def study_figures_more(request: HttpRequest, code: str) -> HttpResponse:
    """The figures again, with some more schools assessed."""
    row = own_study(request, code)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("study_figures", args=[code]))
    refresh(counted_seats(me_of(request).user, row), _WORK)
    return page(request, "hosted/figures", **_of_study(request, row))


def town(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """What a municipality comes to, and its schools."""
    return page(request, "hosted/town", **_of_town(request, own_town(request, code, key)))


def town_more(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """The same again, with some more schools assessed."""
    row = own_town(request, code, key)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("town", args=[code, key]))
    refresh(counted_seats(me_of(request).user, row.study, row), _WORK)
    return page(request, "hosted/town_figures", **_of_town(request, row))


def own_town(request: HttpRequest, code: str, key: int) -> Municipality:
    """A municipality of a study that who asks runs, or whose methodist they are. Raises `Http404`."""
    found: Municipality | None = (
        towns_of(me_of(request).user)
        .select_related("study__ruleset")
        .defer("study__ruleset__files")
        .filter(pk=key, study__code=code)
        .first()
    )
    if found is None:
        raise Http404
    return found


def study_paper(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Have a paper of the region made."""
    return _asked_for(request, own_study(request, code), kind, (STANDINGS, *REGION_PAPERS), None)


def town_paper(request: HttpRequest, code: str, key: int, kind: str) -> HttpResponse:
    """Have a paper of a municipality made."""
    row = own_town(request, code, key)
    return _asked_for(request, row.study, kind, (STANDINGS, *TOWN_PAPERS), row.pk)


def _asked_for(
    request: HttpRequest, row: StudyRound, kind: str, kinds: Collection[str], key: int | None
) -> HttpResponse:
    """Give the work to whoever works; what waits already is not asked for twice."""
    if kind not in kinds:
        raise Http404
    user, asked = me_of(request).user, {"town": key} if key is not None else {}
    waiting = Work.objects.filter(kind=kind, by=user, study=row, state=WorkState.WAITING)
    made = next((each for each in waiting if each.asked == asked), None) or ask_for(kind, user, study=row, asked=asked)
    return HttpResponseRedirect(reverse("work", args=[made.code]))


def methodist_home(user: User) -> dict[str, Any]:
    """What a methodist sees first: the municipalities, and how many schools of each have sent."""
    mine = user.memberships.filter(role="methodist", municipality__isnull=False).values("municipality")
    own = Q(schoolentry__seat__who=SELF)
    sent = own & ~Q(schoolentry__seat__state="open")
    rows = Municipality.objects.filter(pk__in=mine).select_related("study")
    rows = rows.annotate(schools=Count("schoolentry", filter=own), sent=Count("schoolentry", filter=sent))
    towns = rows.order_by("-study__year", "study__title", "name")
    return {"towns": [(each, phase_title(Phase(each.study.phase)), collected_until(each.study)) for each in towns]}


def _of_study(request: HttpRequest, row: StudyRound) -> dict[str, Any]:
    figures = region_figures(me_of(request).user, row)
    towns = {each.name: each.pk for each in Municipality.objects.filter(study=row)}
    return {
        "study": row, "tab": "study_figures", "figures": figures, "towns": towns,
        "more": reverse("study_figures_more", args=[row.code]), "papers": REGION_PAPERS, "standings": STANDINGS,
        **figure_words(),
    }  # fmt: skip


def _of_town(request: HttpRequest, row: Municipality) -> dict[str, Any]:
    user = me_of(request).user
    figures = region_figures(user, row.study, row)
    runs = StudyRound.objects.run_by(user).filter(pk=row.study_id).exists()
    return {
        "study": row.study, "tab": "study_figures", "town": row, "figures": figures, "runs": runs,
        "schools": town_schools(user, figures), "until": collected_until(row.study),
        "phase": phase_title(Phase(row.study.phase)), "more": reverse("town_more", args=[row.study.code, row.pk]),
        "papers": TOWN_PAPERS, "standings": STANDINGS,
        **figure_words(),
    }  # fmt: skip
