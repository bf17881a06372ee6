"""How often somebody may try to sign in: so often for a name, so often from an address.

A try is counted before the password is looked at, so that many at once are no way round, and taken back when it was
right. The table knows neither names nor addresses, names that nobody has are counted alike, and who signs in to an
account of their own frees nothing of what was counted for others from their address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from vsoko_rules.web.hosted.hosted_settings import TRIES_MINUTES, TRIES_OF_ADDRESS, TRIES_OF_NAME
from vsoko_rules.web.hosted.models import SignInTries, User, login_of

_NETWORK_BITS: Final = 64
"""of an address of IPv6: the rest is chosen by whoever has the network"""
_KEPT: Final = timedelta(days=1)
_WINDOW: Final = timedelta(minutes=TRIES_MINUTES)


@dataclass(frozen=True, slots=True)
class Tries:
    """The tries for a name from an address."""

    name: str
    address: str

    @classmethod
    def of(cls, login: str, address: str) -> Tries:
        """`login` as it was typed; `address` of the browser, as the server or the trusted proxy says."""
        return cls(_key("name", login_of(login)), _key("address", _network(address)))

    def take(self) -> bool:
        """Count one more; false where no more are taken."""
        SignInTries.objects.filter(since__lt=timezone.now() - _KEPT).delete()
        with transaction.atomic():
            rows = [(_row(self.address), TRIES_OF_ADDRESS), (_row(self.name), TRIES_OF_NAME)]
            if any(row.count >= most for row, most in rows):
                return False
            for row, most in rows:
                row.count += 1
                row.since = timezone.now() if row.count == most else row.since
                row.save()
        return True

    def give_back(self) -> None:
        """The last try was right: the name is free of all, the address of this one."""
        SignInTries.objects.filter(key=self.name).delete()
        SignInTries.objects.filter(key=self.address, count__gt=0).update(count=F("count") - 1)


def own_password_fault(request: HttpRequest, user: User, typed: str) -> str:
    """Why what somebody who is signed in typed as their password is not taken: `wrong` or `locked`; nothing: it is
    right."""
    tries = Tries.of(user.login, request.META["REMOTE_ADDR"])
    if not tries.take():
        return "locked"
    if not user.check_password(typed):
        return "wrong"
    tries.give_back()
    return ""


def forget_tries(login: str) -> None:
    """Free a name, whatever was tried."""
    SignInTries.objects.filter(key=_key("name", login_of(login))).delete()


def _row(key: str) -> SignInTries:
    """The row of a key, held until the transaction ends; begun anew when its time is over."""
    SignInTries.objects.get_or_create(key=key, defaults={"since": timezone.now()})
    row: SignInTries = SignInTries.objects.select_for_update().get(key=key)
    if row.since <= timezone.now() - _WINDOW:
        row.count, row.since = 0, timezone.now()
    return row


def _key(kind: str, of: str) -> str:
    return salted_hmac("vsoko.sign-in-tries", f"{kind}:{of}", algorithm="sha256").hexdigest()


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(int(found) >> _NETWORK_BITS) if isinstance(found, IPv6Address) else str(found)
