"""Accounts of people: invited, switched off and on again. Whoever changes one is written down with it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.accounts_log import told
from vsoko_rules.web.hosted.hosted_settings import INVITED_HOURS, this_server
from vsoko_rules.web.hosted.models import Invitation, User
from vsoko_rules.web.hosted.sessions import end_sessions

_TOKEN_BYTES: Final = 32


def invite(user: User, by: User | None) -> str:
    """A link by which `user` sets a password, once; earlier ones no longer open, and sessions of the account end. The
    password that there is stays good until then. `by` made it; none: an administrator, on the server itself. The link
    is kept nowhere: it is to be shown to `by`, who gives it on."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with transaction.atomic():
        Invitation.objects.filter(user=user).delete()
        Invitation.objects.create(
            user=user,
            digest=digest_of_token(token),
            expires_at=timezone.now() + timedelta(hours=INVITED_HOURS),
            made_by=by,
        )
        end_sessions(user)
        chain.append("invited", user=by, told={"user": user.pk})
    told("invited", user=user.pk, by=by.pk if by else None)
    return f"{_origin()}{reverse('invitation', args=[token])}"


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a link opens; none where it was used, has run out, was made anew or never was, or where the
    account is switched off."""
    free = Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
    found: Invitation | None = free.select_related("user").filter(digest=digest_of_token(token)).first()
    return found


def accept(invitation: Invitation, name: str, password: str) -> bool:
    """Use an invitation: the person has this name and password from now on, and is signed in nowhere. False where
    somebody else was quicker."""
    user = invitation.user
    with transaction.atomic():
        free = Invitation.objects.filter(pk=invitation.pk, used_at=None, expires_at__gt=timezone.now())
        if not free.update(used_at=timezone.now()):
            return False
        user.name = name
        _set_password(user, password)
        chain.append("joined", user=user)
    told("joined", user=user.pk)
    return True


def change_password(user: User, password: str, session_key: str | None) -> None:
    """Set another password. Sessions end, but the one in which it was asked for."""
    with transaction.atomic():
        _set_password(user, password, session_key)
        chain.append("password", user=user)
    told("password", user=user.pk)


def _set_password(user: User, password: str, but: str | None = None) -> None:
    user.set_password(password)
    user.save(update_fields=["name", "password"])
    end_sessions(user, but)


def switch_off(user: User, by: User | None) -> None:
    """Let somebody in no longer. What they did stays; sessions end, invitations no longer open."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=False)
        Invitation.objects.filter(user=user).delete()
        end_sessions(user)
        chain.append("switched_off", user=by, told={"user": user.pk})
    user.is_active = False
    told("switched_off", user=user.pk, by=by.pk if by else None)


def switch_on(user: User, by: User | None) -> None:
    """Let somebody in again, with the password that they had."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=True)
        chain.append("switched_on", user=by, told={"user": user.pk})
    user.is_active = True
    told("switched_on", user=user.pk, by=by.pk if by else None)


def digest_of_token(token: str) -> str:
    """What is kept of the token in a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def _origin() -> str:
    server = this_server()
    return f"{'https' if server.tls else 'http'}://{server.hosts[0]}"
