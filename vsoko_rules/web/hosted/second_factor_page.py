"""The second step of signing in: set up, taken, taken away."""

from __future__ import annotations

from base64 import b32encode

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from vsoko_rules.templates import Ready
from vsoko_rules.web.hosted import second_factor as second
from vsoko_rules.web.hosted.access import me_of
from vsoko_rules.web.hosted.sign_in_page import inside
from vsoko_rules.web.hosted.sign_in_tries import own_password_fault
from vsoko_rules.web.rendering import page


def second_factor(request: HttpRequest) -> HttpResponse:
    """Asked for by whoever has set up a second step and has not taken it; offered to whoever has none."""
    me = me_of(request)
    if not second.is_set_up(me.user):
        return _set_up(request)
    after = (request.POST if request.method == "POST" else request.GET).get("next", "")
    if not me.half:
        return HttpResponseRedirect(inside(after))
    if request.method == "POST":
        if second.take(request, me.user, request.POST.get("code", "")):
            return HttpResponseRedirect(inside(after))
        wait = second.seconds_to_wait(me.user)
        return page(request, "hosted/second_factor", status=422, after=after, wrong=True, wait=wait)
    return page(request, "hosted/second_factor", after=after, wrong=False, wait=0)


def _set_up(request: HttpRequest) -> HttpResponse:
    me = me_of(request)
    if request.method == "POST":
        codes = second.set_up(request, me.user, request.POST.get("code", ""))
        if codes is not None:
            return page(request, "hosted/recovery_codes", codes=codes)
    device, wrong = second.offered(me.user), request.method == "POST"
    data = {"qr": _picture(device), "key": _key(device), "address": device.config_url, "must": me.half, "wrong": wrong}
    wait = second.seconds_to_wait(me.user)
    return page(request, "hosted/second_factor_set_up", status=422 if wrong else 200, wait=wait, **data)


def _picture(device: TOTPDevice) -> Ready:
    """The key as a picture for the camera of a phone, black on white whatever the colours of the page."""
    made = segno.make(device.config_url, micro=False)
    return Ready(made.svg_inline(scale=5, light="white", dark="black", omitsize=False))


def _key(device: TOTPDevice) -> str:
    """The key in groups of four letters, to be typed."""
    letters = b32encode(device.bin_key).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def remove_second_factor(request: HttpRequest) -> HttpResponse:
    """Take one's own second step away, by the password. Sessions end, this one too. Raises `Http404` for who must have
    one."""
    me = me_of(request)
    if me.must_have_second:
        raise Http404
    if fault := own_password_fault(request, me.user, request.POST.get("password", "")):
        return _refused(fault)
    second.forget_second_factor(me.user, me.user)
    return HttpResponseRedirect(reverse("sign_in"))


def renew_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New codes for when the device is lost, by the password. Raises `Http404` for who has no second step."""
    me = me_of(request)
    if not second.is_set_up(me.user):
        raise Http404
    if fault := own_password_fault(request, me.user, request.POST.get("password", "")):
        return _refused(fault)
    return page(request, "hosted/recovery_codes", codes=second.new_recovery(me.user))


def _refused(fault: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('my_account')}?said={fault}")
