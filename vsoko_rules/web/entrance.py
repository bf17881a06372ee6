"""Coming in by the one-time address, asking whether the program is there, and going."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from vsoko_rules.web.rendering import complaint, page
from vsoko_rules.web.site import own_site_of


def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Give the browser the cookie for the token of the address."""
    site = own_site_of(request)
    if not site.admit(token):
        return complaint(request, "enter", 403)
    response = HttpResponseRedirect(reverse("schools"))
    response.set_cookie(site.cookie_name, site.cookie, httponly=True, samesite="Strict", path="/")
    return response


def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say that the program is there: a page asks that lost it."""
    return HttpResponse(status=204)


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """End the program."""
    response = page(request, "stopped")
    own_site_of(request).stop()
    return response
