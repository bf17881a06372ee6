"""Coming in by an invitation: a name, a password, and one is signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from vsoko_rules.web.hosted.accounts import accept, invitation_of
from vsoko_rules.web.hosted.models import LONGEST_NAME
from vsoko_rules.web.hosted.passwords import password_faults
from vsoko_rules.web.hosted.sign_in_page import let_in
from vsoko_rules.web.rendering import page


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The form, and whoever fills it in. Looking at the address uses nothing up: messengers look at links, too."""
    found = invitation_of(token)
    if found is None:
        return _gone(request)
    user = found.user
    if request.method != "POST":
        return page(request, "hosted/invitation", user=user, token=token, name=user.name, faults=[])
    name, password = " ".join(request.POST.get("name", "").split()), request.POST.get("password", "")
    user.name = name[:LONGEST_NAME]
    faults = ["name"] if not 0 < len(name) <= LONGEST_NAME else []
    faults += password_faults(password, request.POST.get("again", ""), user)
    if faults:
        return page(request, "hosted/invitation", status=422, user=user, token=token, name=name, faults=faults)
    if not accept(found, name, password):
        return _gone(request)
    let_in(request, user)
    return HttpResponseRedirect(reverse("schools"))


def _gone(request: HttpRequest) -> HttpResponse:
    """One answer for what was used, what has run out and what never was."""
    return page(request, "hosted/invitation_gone", status=404)
