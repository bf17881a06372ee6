"""What a person does in a browser, by pages alone: forms are filled in as they came."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from django.test import Client

    from vsoko_rules.web.hosted.models import User

PASSWORD: Final = "лиловый трактор поёт в марте"


def posted(client: Client, address: str, *, form: str | None = None, **fields: str) -> Any:
    """Send something to an address with the token of the page at `form`, or at the same address."""
    page = client.get(form or address).content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    return client.post(address, {"csrfmiddlewaretoken": token[0] if token else "", **fields})


def signed_in(client: Client, login: str, password: str = PASSWORD, **fields: str) -> Any:
    """The answer to somebody who types a name and a password."""
    return posted(client, "/sign-in", login=login, password=password, **fields)


def with_password(user: User, password: str = PASSWORD) -> User:
    """Give somebody a password, as if they had used their invitation."""
    user.set_password(password)
    user.save()
    return user


def path_of(link: str) -> str:
    """The address in a link without the server."""
    return "/" + link.split("/", 3)[3]


def code_now(user: User, *, steps: int = 0) -> str:
    """What the device of somebody shows, so many half minutes later."""
    from django_otp.oath import TOTP
    from django_otp.plugins.otp_totp import models

    device = models.TOTPDevice.objects.get(user=user)
    shown = TOTP(device.bin_key)
    shown.time = models.time.time() + 30 * steps
    return f"{shown.token():06}"
