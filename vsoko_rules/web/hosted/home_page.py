"""Where one comes first: what there is to do, by roles. Each role has a function here and a template `home_ROLE.j2`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.expert_home import expert_home
from vsoko_rules.web.hosted.figures_page import methodist_home
from vsoko_rules.web.hosted.models import User
from vsoko_rules.web.hosted.school_home import school_home
from vsoko_rules.web.hosted.study_list import centre_home
from vsoko_rules.web.hosted.trail import studies_watched
from vsoko_rules.web.rendering import page


def home(request: HttpRequest) -> HttpResponse:
    """A part for each role that one has."""
    me = me_of(request)
    parts = [(f"web/hosted/home_{role}.j2", part(me.user)) for role, part in PARTS.items() if role in me.roles]
    return page(request, "hosted/home", parts=parts)


PARTS: Final[Mapping[str, Callable[[User], dict[str, Any]]]] = {
    "centre": centre_home,
    "methodist": methodist_home,
    "expert": expert_home,
    "school": school_home,
    "auditor": lambda user: {"studies": list(studies_watched(user).order_by("-year", "title"))},
}
"""what the part of each role is given, in the order in which they stand"""
