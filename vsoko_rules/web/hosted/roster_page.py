"""Schools and people from a spreadsheet: looked at first, then taken as a whole."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.accepted_files import TABLES, either
from vsoko_rules.errors import InputError, LostUpdate, Place, Problem
from vsoko_rules.region.roster_preview import RosterPreview, RosterState
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.roster_keeping import keep_roster, roster_table, understood
from vsoko_rules.web.hosted.study_list import own_study
from vsoko_rules.web.rendering import page

MOST_READ: Final = 2_000_000
"""bytes of a table; one of 1,500 schools and 4,000 people has some 200,000"""
_MOST_LISTED: Final = 200
"""rows and problems that are listed; of the rest it is said how many"""
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def roster(request: HttpRequest, code: str) -> HttpResponse:
    """The way to hand a table over, what was understood of it, and its taking."""
    row = own_study(request, code)
    if request.method != "POST":
        return page(request, "hosted/roster", study=row, tab="roster", said=request.GET.get("said", ""), problems=())
    try:
        content, name = _sent(request)
        if "confirm" in request.POST:
            keep_roster(me_of(request).user, row, content, name, request.POST.get("digest", ""))
            return HttpResponseRedirect(f"{reverse('roster', args=[code])}?said=taken")
        preview, digest = understood(row, content, name)
    except (InputError, LostUpdate) as wrong:
        status = 409 if isinstance(wrong, LostUpdate) else 422
        return page(request, "hosted/roster", status=status, study=row, tab="roster", said="", problems=wrong.problems)
    return page(request, "hosted/roster_preview", **_shown(row, content, name, preview, digest))


def table(request: HttpRequest, code: str) -> HttpResponse:
    """The workbook to fill in: empty, or with what the study has."""
    row = own_study(request, code)
    whole = "whole" in request.GET
    response = HttpResponse(roster_table(row, whole=whole), content_type=_WORKBOOK)
    name = "shkoly-i-lyudi.xlsx" if whole else "pustaya-tablica.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _sent(request: HttpRequest) -> tuple[bytes, str]:
    """The table that was handed over, or that was looked at. Raises `InputError`."""
    handed = request.FILES.get("table")
    if handed is not None:
        if handed.size is None or handed.size > MOST_READ:
            raise InputError([Problem(Place(str(handed.name)), "файл слишком большой", expected="до 2 мегабайт")])
        return handed.read(), str(handed.name)
    try:
        content = base64.b64decode(request.POST.get("content", ""), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content or len(content) > MOST_READ:
        raise InputError([Problem(Place("таблица"), "файл не выбран", expected=f"таблица {either(TABLES)}")])
    return content, request.POST.get("name", "")[:200] or "таблица"


def _shown(row: Any, content: bytes, name: str, preview: RosterPreview, digest: str) -> dict[str, Any]:
    states = [state.value for state in RosterState]
    numbers = {
        kind: {state.value: preview.count(kind, state) for state in RosterState} for kind in ("school", "person")
    }
    changed = [e for e in preview.entries if e.state in (RosterState.NEW, RosterState.CHANGED)]
    return {
        "study": row, "tab": "roster", "preview": preview, "numbers": numbers, "states": states, "name": name,
        "content": base64.b64encode(content).decode(), "digest": digest, "changed": changed, "most": _MOST_LISTED,
    }  # fmt: skip
