"""Signing in and out."""

from __future__ import annotations

from typing import Final

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from vsoko_rules.web.hosted.accounts_log import told
from vsoko_rules.web.hosted.hosted_settings import TRIES_MINUTES
from vsoko_rules.web.hosted.models import User, login_of
from vsoko_rules.web.hosted.second_factor import note_second_factor
from vsoko_rules.web.hosted.sessions import begin_session
from vsoko_rules.web.hosted.sign_in_tries import Tries
from vsoko_rules.web.rendering import page

_LONGEST_ADDRESS: Final = 2_000
"""letters of an address to which one goes on"""


def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and who is let in by it. What is wrong is said alike for a name that there is and one that there is
    not."""
    after = (request.POST if request.method == "POST" else request.GET).get("next", "")
    if request.method != "POST":
        if request.me is not None:  # type: ignore[attr-defined]
            return HttpResponseRedirect(inside(after))
        return page(request, "hosted/sign_in", after=after, wrong="")
    typed, password = request.POST.get("login", ""), request.POST.get("password", "")
    tries = Tries.of(typed, request.META["REMOTE_ADDR"])
    if not tries.take():
        told("sign_in_locked")
        return page(request, "hosted/sign_in", status=429, after=after, wrong="locked", minutes=TRIES_MINUTES)
    user = authenticate(request, username=login_of(typed), password=password)
    if not isinstance(user, User):
        told("sign_in_refused")
        return page(request, "hosted/sign_in", status=422, after=after, wrong="wrong")
    tries.give_back()
    let_in(request, user)
    return HttpResponseRedirect(inside(after))


def let_in(request: HttpRequest, user: User) -> None:
    """Begin a session of somebody who has shown who they are, but for the second step."""
    begin_session(request, user)
    note_second_factor(request, user)
    told("sign_in", user=user.pk)


def inside(address: str) -> str:
    """An address of this server to go on to; the beginning where it is none."""
    own = address.startswith("/") and len(address) <= _LONGEST_ADDRESS
    return address if own and url_has_allowed_host_and_scheme(address, None) else reverse("schools")


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("sign_in"))
