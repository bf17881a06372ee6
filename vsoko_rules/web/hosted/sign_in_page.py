"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from vsoko_rules.web.hosted.models import User, login_of
from vsoko_rules.web.rendering import page


def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and who is let in by it. What is wrong is said alike for a name that there is and one that there is
    not."""
    after = (request.POST if request.method == "POST" else request.GET).get("next", "")
    if request.method != "POST":
        return page(request, "hosted/sign_in", after=after, wrong=False)
    stated = login_of(request.POST.get("login", ""))
    user = authenticate(request, username=stated, password=request.POST.get("password", ""))
    if not isinstance(user, User):
        return page(request, "hosted/sign_in", status=422, after=after, wrong=True)
    login(request, user)
    inside = url_has_allowed_host_and_scheme(after, {request.META["HTTP_HOST"]})
    return HttpResponseRedirect(after if inside else reverse("schools"))


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("sign_in"))
