"""«Мой вход»: where one is signed in, the password, the second step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from vsoko_rules.web.hosted import second_factor as second
from vsoko_rules.web.hosted.access import Me, me_of
from vsoko_rules.web.hosted.accounts import change_password
from vsoko_rules.web.hosted.hosted_settings import TRIES_MINUTES
from vsoko_rules.web.hosted.models import Session, User
from vsoko_rules.web.hosted.passwords import password_faults
from vsoko_rules.web.hosted.sessions import end_sessions, kept_key, shown_row
from vsoko_rules.web.hosted.sign_in_tries import own_password_fault
from vsoko_rules.web.rendering import page

_BROWSERS: Final = {
    "YaBrowser": "Яндекс Браузер",
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""by what they say of themselves, the first that is found: many say that they are others, too"""
_SYSTEMS: Final = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "Linux": "Linux",
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A place where somebody is signed in. `browser` is empty where it says nothing that is known."""

    key: str
    browser: str
    since: datetime
    seen: datetime
    here: bool


def my_account(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _shown(request, request.GET.get("said", ""))


def change_own_password(request: HttpRequest) -> HttpResponse:
    """Set another password, by the one there is."""
    user = me_of(request).user
    if fault := own_password_fault(request, user, request.POST.get("old", "")):
        return _shown(request, fault, 429 if fault == "locked" else 422)
    password = request.POST.get("password", "")
    if faults := password_faults(password, request.POST.get("again", ""), user):
        return _shown(request, "password", 422, faults)
    request.session.cycle_key()
    change_password(user, password, request.session.session_key)
    _stay(request, user)
    return HttpResponseRedirect(f"{reverse('my_account')}?said=changed")


def _stay(request: HttpRequest, user: User) -> None:
    """Let the session know the new password, so that it goes on."""
    from django.contrib.auth import HASH_SESSION_KEY

    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()


def end_session(request: HttpRequest, key: str) -> HttpResponse:
    """End one of one's own sessions. Raises `Http404` for any other."""
    user = me_of(request).user
    for session in Session.objects.filter(user=user):
        if shown_row(session.session_key) == key:
            here = session.session_key == kept_key(request.session.session_key or "")
            session.delete()
            return HttpResponseRedirect(reverse("sign_in" if here else "my_account"))
    raise Http404


def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions."""
    end_sessions(me_of(request).user)
    request.session.flush()
    return HttpResponseRedirect(reverse("sign_in"))


def _shown(request: HttpRequest, said: str, status: int = 200, faults: list[str] | None = None) -> HttpResponse:
    me = me_of(request)
    told: dict[str, object] = {"said": said, "faults": faults or [], "minutes": TRIES_MINUTES, "now": timezone.now()}
    set_up = second.is_set_up(me.user)
    told |= {"left": second.recovery_left(me.user), "old": second.has_old_recovery(me.user)} if set_up else {}
    return page(request, "hosted/my_account", status, sessions=_sessions(request, me), set_up=set_up, **told)


def _sessions(request: HttpRequest, me: Me) -> list[SignedIn]:
    here = kept_key(request.session.session_key or "")
    rows = Session.objects.filter(user=me.user, expire_date__gt=timezone.now()).order_by("-seen_at", "pk")
    return [
        SignedIn(shown_row(row.session_key), _browser(row.agent), row.created_at, row.seen_at, row.session_key == here)
        for row in rows
    ]


def _browser(agent: str) -> str:
    found = [
        next((name for sign, name in known.items() if re.search(rf"\b{sign}\b", agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, found))
