"""The second step of signing in: a code that a device shows for half a minute, or one of those for when it is lost.

In the session stands whether its person has set up a second step and whether it was taken. Whatever changes that ends
their other sessions.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import django_otp
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.accounts_log import told
from vsoko_rules.web.hosted.hosted_settings import RECOVERY_CODES
from vsoko_rules.web.hosted.sessions import end_sessions

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User

_SET_UP: Final = "second_set_up"
_TAKEN: Final = "second_taken"
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""of recovery codes: none that looks like another"""
_LENGTH: Final = 24
"""letters of a recovery code: 118 bits, so that a keyed hash of it may be kept as it is (OWASP ASVS 5.0, 6.5.2: 112)"""
_KEPT: Final = 16
"""letters that are kept of the hash of one: as many as the table has room for"""
_LETTER: Final = 0x100
"""from which on a letter stands for a byte of the hash, so that 128 bits of it are kept"""
_NAMED: Final = "recovery 24"
_OLD_LENGTH: Final = 12
"""letters of a code as they were made before: 59 bits. They are good until they are used or made anew"""
_OLD_NAMED: Final = "recovery"
_DIGITS: Final = 6


def note_second_factor(request: HttpRequest, user: User) -> None:
    """Write into a new session whether its person has set up a second step."""
    request.session[_SET_UP] = is_set_up(user)


def lacks_second_factor(request: HttpRequest, *, needed: bool) -> bool:
    """Whether the second step of this session is still to be taken. `needed`: nobody in this role goes without."""
    return not request.session.get(_TAKEN) and (needed or bool(request.session.get(_SET_UP)))


def is_set_up(user: User) -> bool:
    """Whether somebody has set up a second step."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def offered(user: User) -> TOTPDevice:
    """The device that is being set up, with its key: the same until it is confirmed."""
    with transaction.atomic():
        device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
        return device or TOTPDevice.objects.create(user=user, name="totp", confirmed=False)


def set_up(request: HttpRequest, user: User, typed: str) -> list[str] | None:
    """Confirm the offered device by a code of it; returns the recovery codes, none where the code was wrong."""
    device = offered(user)
    if not _matches(user, device, typed):
        return None
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user, confirmed=True).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        codes = _renew(user)
        chain.append("second_factor_set_up", user=user)
    _take(request)
    end_sessions(user, request.session.session_key)
    told("second_factor_set_up", user=user.pk)
    return codes


def take(request: HttpRequest, user: User, typed: str) -> bool:
    """Take the second step by a code of the device or one of those for when it is lost. Each is good once."""
    code = _bare(typed)
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    lost = StaticDevice.objects.filter(user=user).first()
    if device is not None and _matches(user, device, code):
        _take(request)
    elif lost is not None and _is_good(user, lost, code):
        chain.append("recovery_code_used", user=user)
        _take(request)
    else:
        told("second_factor_refused", user=user.pk)
        return False
    told("second_factor_taken", user=user.pk)
    return True


def seconds_to_wait(user: User) -> int:
    """How many seconds no code is taken after wrong ones: twice as long after each. 0: one may be tried now."""
    devices = [*TOTPDevice.objects.filter(user=user), *StaticDevice.objects.filter(user=user)]
    told = [device.verify_is_allowed()[1] or {} for device in devices]
    until: list[datetime] = [each["locked_until"] for each in told if "locked_until" in each]
    longest = max([*(each - timezone.now() for each in until), timedelta()])
    return ceil(longest.total_seconds())


def recovery_left(user: User) -> int:
    """How many recovery codes are left."""
    return int(StaticToken.objects.filter(device__user=user).count())


def has_old_recovery(user: User) -> bool:
    """Whether recovery codes are left that are shorter than they are made now."""
    return bool(StaticToken.objects.filter(device__user=user, device__name=_OLD_NAMED).exists())


def new_recovery(user: User) -> list[str]:
    """New recovery codes; the old ones are good no more."""
    with transaction.atomic():
        codes = _renew(user)
        chain.append("recovery_codes", user=user)
    return codes


def forget_second_factor(user: User, by: User | None) -> None:
    """Take the second step away from somebody who has lost it; sessions end."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        end_sessions(user)
        chain.append("second_factor_forgotten", user=by, told={"user": user.pk})
    told("second_factor_forgotten", user=user.pk, by=by.pk if by else None)


def _matches(user: User, device: TOTPDevice, typed: str) -> bool:
    code = _bare(typed)
    if len(code) != _DIGITS or not (code.isascii() and code.isdecimal()):
        return False
    return django_otp.verify_token(user, device.persistent_id, code) is not None


def _is_good(user: User, lost: StaticDevice, code: str) -> bool:
    """Whether a recovery code is one that is kept; it is not kept any longer then."""
    old = lost.name == _OLD_NAMED
    if len(code) != (_OLD_LENGTH if old else _LENGTH):
        return False
    return django_otp.verify_token(user, lost.persistent_id, _kept_before(code) if old else _kept(code)) is not None


def _take(request: HttpRequest) -> None:
    request.session.cycle_key()
    request.session[_SET_UP] = request.session[_TAKEN] = True


def _renew(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=_NAMED)
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=_kept(code)) for code in codes])
    return codes


def _bare(typed: str) -> str:
    return "".join(letter for letter in typed.casefold() if letter.isalnum())


def _kept(code: str) -> str:
    """What is kept of a recovery code: without the secret of the server it is not to be found again."""
    return "".join(chr(_LETTER + byte) for byte in _hash(code).digest()[:_KEPT])


def _kept_before(code: str) -> str:
    """What was kept of a code of `_OLD_LENGTH`."""
    return str(_hash(code).hexdigest()[:_KEPT])


def _hash(code: str) -> Any:
    return salted_hmac("vsoko.recovery", code, algorithm="sha256")
