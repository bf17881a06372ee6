"""Files of a study that was made without the server: handed over, looked at, taken in."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.errors import InputError, Place, Problem
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.case_import import NAMED, SEATS, ask_for_import, ask_for_preview, is_kept
from vsoko_rules.web.hosted.models import StudyRound, Work, WorkState
from vsoko_rules.web.hosted.study_list import own_study
from vsoko_rules.web.rendering import page
from vsoko_rules.web.settings import MOST_RECEIVED

_MEGABYTE: Final = 1_000_000
_MOST_LISTED: Final = 300
"""files that a page lists; of the rest it says how many"""

_NO_FILES: Final = {"who": "", "files": 0, "missing": 0, "left": (), "changed": ()}
_NOT_TOLD: Final = {"off": 0, "strangers": (), "more": 0, "controls": 0}
"""what previews lack that are not there yet, or were made before files were taken in"""


def case_files(request: HttpRequest, code: str) -> HttpResponse:
    """The way to hand files over."""
    row = own_study(request, code)
    if request.method != "POST":
        return page(request, "hosted/case_files", **_shown(row))
    sent = [(str(each.name or "файл"), each.read()) for each in request.FILES.getlist("files")]
    who = request.POST.get("who", "")
    if not sent or who not in (*SEATS, NAMED):
        problem = Problem(Place("файлы"), "файлы не выбраны" if not sent else "не сказано, чьи это файлы")
        return page(request, "hosted/case_files", status=422, **_shown(row, (problem,)))
    made = ask_for_preview(me_of(request).user, row, who, sent, close="close" in request.POST)
    return HttpResponseRedirect(reverse("case_preview", args=[code, made.code]))


def case_preview(request: HttpRequest, code: str, work: str) -> HttpResponse:
    """What the files are, as far as they are read; taken in where that is confirmed."""
    row = own_study(request, code)
    made = Work.objects.filter(study=row, code=work, by=me_of(request).user, kind="cases_preview").first()
    if made is None:
        raise Http404
    if request.method != "POST":
        return page(request, "hosted/case_preview", **_previewed(row, made))
    if made.state != WorkState.DONE:
        problem = Problem(Place("файлы"), "файлы ещё не прочитаны")
        return page(request, "hosted/case_preview", status=422, **_previewed(row, made, (problem,)))
    try:
        asked = ask_for_import(me_of(request).user, made)
    except InputError as error:
        return page(request, "hosted/case_preview", status=422, **_previewed(row, made, error.problems))
    return HttpResponseRedirect(reverse("work", args=[asked.code]))


def _shown(row: StudyRound, problems: Any = ()) -> dict[str, Any]:
    return {
        "study": row, "tab": "case_files", "seats": (*SEATS, NAMED), "problems": problems,
        "most": MOST_RECEIVED // _MEGABYTE,
    }  # fmt: skip


def _previewed(row: StudyRound, made: Work, problems: Any = ()) -> dict[str, Any]:
    rows = [{**_NO_FILES, **each} for each in made.told.get("rows", [])]
    numbers = {state: sum(each["state"] == state for each in rows) for state in ("known", "new", "wrong")}
    ordered = sorted(rows, key=lambda each: each["state"] != "wrong")
    return {
        "study": row, "tab": "case_files", "work": made, "who": made.asked["who"], "close": made.asked["close"],
        "rows": ordered[:_MOST_LISTED], "more": max(0, len(rows) - _MOST_LISTED), "numbers": numbers,
        "problems": problems, "kept": is_kept(made), "named": made.asked["who"] == NAMED,
        "documents": sum(each["files"] for each in rows), "told": {**_NOT_TOLD, **made.told},
    }  # fmt: skip
