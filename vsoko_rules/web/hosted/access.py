"""Who may ask which address by which method. An address that is not listed is asked by nobody: whoever adds one adds it
here, and the table `docs/access.ru.md` is made anew (`python -m vsoko_rules.web.hosted.access_table`).

A role opens the door only; which study, school or seat somebody sees behind it is said by the queries of `seats.py`,
and what they do not see is not there (404).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.region.region_records import RegionRole
from vsoko_rules.web.hosted.hosted_settings import this_server
from vsoko_rules.web.hosted.models import User, roles_of
from vsoko_rules.web.hosted.region_site import RegionSite
from vsoko_rules.web.hosted.second_factor import lacks_second_factor
from vsoko_rules.web.mistakes import trouble_shown
from vsoko_rules.web.school_site import KEY

ANYONE: Final = frozenset({"anyone"})
"""signed in or not"""
SIGNED_IN: Final = frozenset({"signed in"})
"""whoever has an account, in whatever role or none"""
EVERYONE: Final = frozenset(role.value for role in RegionRole)
"""who is signed in and has any role"""
_SEE: Final = frozenset({"centre", "methodist", "expert", "school"})
_FILL: Final = frozenset({"expert", "school"})
_SCHOOL: Final = frozenset({"school"})
_EXPERT: Final = frozenset({"expert"})
_CENTRE: Final = frozenset({"centre"})
_WATCH: Final = frozenset({"centre", "auditor"})
_REGION: Final = frozenset({"centre", "methodist"})
_BARE: Final = ("static", "alive")
"""where it makes no difference who asks"""
_PAIRS: Final = _REGION | _EXPERT
"""an expert of the pair, whoever may be appointed to decide, and those who look on"""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The roles that may read an address, and those that may send something to it; none: nobody, by that method.
    `half`: also before the second step of signing in. `uploads`: only where the server takes files."""

    get: Collection[str] | None = None
    post: Collection[str] | None = None
    half: bool = False
    uploads: bool = False

    def by(self, method: str | None) -> Collection[str] | None:
        """The roles for a method; HEAD is as GET."""
        return {"GET": self.get, "HEAD": self.get, "POST": self.post}.get(method or "")


def _shown() -> Allowed:
    return Allowed(get=_SEE)


def _filled() -> Allowed:
    return Allowed(get=_SEE, post=_FILL)


def _done() -> Allowed:
    return Allowed(post=_FILL)


ACCESS: Final[dict[str, Allowed]] = {
    "static": Allowed(get=ANYONE),
    "trail": Allowed(get=_WATCH),
    "trail_export": Allowed(post=_WATCH),
    "works": Allowed(get=EVERYONE),
    "work": Allowed(get=EVERYONE),
    "work_state": Allowed(get=EVERYONE),
    "work_file": Allowed(get=EVERYONE),
    "alive": Allowed(get=ANYONE),
    "sign_in": Allowed(get=ANYONE, post=ANYONE),
    "sign_out": Allowed(post=SIGNED_IN, half=True),
    "invitation": Allowed(get=ANYONE, post=ANYONE),
    "second_factor": Allowed(get=SIGNED_IN, post=SIGNED_IN, half=True),
    "my_account": Allowed(get=SIGNED_IN),
    "change_own_password": Allowed(post=SIGNED_IN),
    "end_session": Allowed(post=SIGNED_IN),
    "end_all_sessions": Allowed(post=SIGNED_IN),
    "remove_second_factor": Allowed(post=SIGNED_IN),
    "renew_recovery_codes": Allowed(post=SIGNED_IN),
    "schools": Allowed(get=EVERYONE),
    # a study, for the centre
    "new_study": Allowed(get=_CENTRE, post=_CENTRE),
    "study": Allowed(get=_CENTRE),
    "study_fields": Allowed(post=_CENTRE),
    "study_step": Allowed(get=_CENTRE, post=_CENTRE),
    "phase_state": Allowed(get=_CENTRE),
    "open_seats": Allowed(post=_CENTRE),
    "study_schools": Allowed(get=_CENTRE),
    "new_study_school": Allowed(get=_CENTRE, post=_CENTRE),
    "study_school": Allowed(get=_CENTRE, post=_CENTRE),
    "remove_school": Allowed(post=_CENTRE),
    "give_school": Allowed(post=_CENTRE),
    "study_release": Allowed(post=_CENTRE),
    "assignment": Allowed(get=_CENTRE, post=_CENTRE),
    "control": Allowed(post=_CENTRE),
    "study_people": Allowed(get=_CENTRE),
    "new_person": Allowed(get=_CENTRE, post=_CENTRE),
    "links": Allowed(get=_CENTRE, post=_CENTRE),
    "person": Allowed(get=_CENTRE, post=_CENTRE),
    "person_role": Allowed(post=_CENTRE),
    "take_role": Allowed(post=_CENTRE),
    "person_link": Allowed(post=_CENTRE),
    "person_second_factor": Allowed(post=_CENTRE),
    "person_account": Allowed(post=_CENTRE),
    "roster": Allowed(get=_CENTRE, post=_CENTRE),
    "roster_table": Allowed(get=_CENTRE),
    "case_files": Allowed(get=_CENTRE, post=_CENTRE),
    "case_preview": Allowed(get=_CENTRE, post=_CENTRE),
    # figures of a region and of a municipality
    "study_agreement": Allowed(get=_CENTRE, post=_CENTRE),
    "study_figures": Allowed(get=_CENTRE),
    "study_figures_more": Allowed(get=_CENTRE),
    "town": Allowed(get=_REGION),
    "town_more": Allowed(get=_REGION),
    "study_paper": Allowed(post=_CENTRE),
    "town_paper": Allowed(post=_REGION),
    # pages of a school
    "check": _shown(),
    "details": _filled(),
    "reviewed": _done(),
    "why": _shown(),
    "what_if": _shown(),
    "comparison": _shown(),
    "marks": _shown(),
    "mark": _filled(),
    "procedures": _shown(),
    "procedure": _filled(),
    "procedure_removed": _done(),
    "decisions": _shown(),
    "decision": Allowed(get=_SEE, post=_EXPERT),
    "decision_removed": Allowed(post=_EXPERT),
    "plan": _shown(),
    "draft": _shown(),
    "papers": _shown(),
    "paper": _shown(),
    "undo": _done(),
    "redo": _done(),
    "from_file": _done(),
    "copy": Allowed(post=_SEE),
    "history": _shown(),
    "was": _shown(),
    "back": _done(),
    "files": Allowed(get=_SEE, post=_SCHOOL, uploads=True),
    "read_files": Allowed(post=_FILL, uploads=True),
    "files_state": Allowed(get=_SEE, uploads=True),
    "file": Allowed(get=_SEE, uploads=True),
    "file_text": Allowed(get=_SEE, uploads=True),
    "remove_file": Allowed(post=_SCHOOL, uploads=True),
    "confirm": _shown(),
    "confirm_document": _filled(),
    "confirm_quote": _done(),
    "documents": _shown(),
    "paste": _filled(),
    "last_year": _filled(),
    "new_row": _shown(),
    "row": _filled(),
    "closed": _shown(),
    "remove": _done(),
    # the end of work on a seat
    "send": Allowed(get=_SCHOOL, post=_SCHOOL),
    "lock": Allowed(get=_EXPERT, post=_EXPERT),
    "give_back": Allowed(get=_REGION, post=_REGION),
    # what a pair differs on
    "disputes": Allowed(get=_PAIRS),
    "disputes_news": Allowed(get=_PAIRS),
    "dispute": Allowed(post=_PAIRS),
    "close_agreed": Allowed(post=_PAIRS),
    "third": Allowed(post=_CENTRE),
}


@dataclass(frozen=True)
class Me:
    """Who asks, for pages: the person and what they may do anywhere."""

    user: User
    request: HttpRequest

    @cached_property
    def roles(self) -> frozenset[str]:
        """All roles that they have in any study."""
        return roles_of(self.user.memberships.all())

    @property
    def must_have_second(self) -> bool:
        """Whether this person may not go without a second step of signing in."""
        return bool(this_server().second_factor) and not self.roles.isdisjoint(_CENTRE)

    @property
    def files(self) -> bool:
        """Whether files may be sent here."""
        return bool(this_server().uploads)

    @cached_property
    def half(self) -> bool:
        """Whether the second step of signing in is still to be taken."""
        return lacks_second_factor(self.request, needed=self.must_have_second)


class Access:
    """Lets those in who may ask for an address; whoever is not signed in is asked to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:  # noqa: ARG002
        """A refusal; none where the view may answer. Raises `Http404` for what is not there for this person."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        allowed = ACCESS.get(name)
        if allowed is None:
            raise Http404
        roles = allowed.by(request.method)
        if roles is None:
            methods = [m for m, who in (("GET", allowed.get), ("POST", allowed.post)) if who is not None]
            return HttpResponseNotAllowed(methods)
        me = None if name in _BARE else _asking(request)
        request.me = me  # type: ignore[attr-defined]
        if roles is ANYONE:
            return None
        if me is None:
            return _asked_to_sign_in(request, "sign_in")
        if me.half and not allowed.half:
            return _asked_to_sign_in(request, "second_factor")
        if roles is not SIGNED_IN and me.roles.isdisjoint(roles):
            raise Http404
        if allowed.uploads and not me.files:
            raise Http404
        request.META[KEY] = RegionSite(me.user, request.META["HTTP_HOST"])
        return None


def _asking(request: HttpRequest) -> Me | None:
    user = request.user
    return Me(user, request) if isinstance(user, User) else None


def _asked_to_sign_in(request: HttpRequest, where: str) -> HttpResponse:
    """The way to a page where somebody signs in. What was typed stays where it is: it would go with its page."""
    if request.method == "POST" and request.headers.get("HX-Request") and where == "sign_in":
        return trouble_shown(request, "signed_out", 401)
    address = reverse(where)
    if request.method == "GET" and not request.headers.get("HX-Request"):
        address = f"{address}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


def me_of(request: HttpRequest) -> Me:
    """Who asks. Only where somebody is signed in."""
    me = request.me  # type: ignore[attr-defined]
    assert isinstance(me, Me)
    return me
