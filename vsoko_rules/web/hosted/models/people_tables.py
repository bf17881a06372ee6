"""Who may come in: people, who is signed in, invitations, tries in vain."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

LONGEST_LOGIN: Final = 150
LONGEST_NAME: Final = 200
"""letters"""


class UserManager(BaseUserManager["User"]):
    """People by their names for signing in, which know no capital letters."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The person of that name. Raises `User.DoesNotExist`."""
        return self.get(login=login_of(username or ""))


def login_of(typed: str) -> str:
    """A name for signing in as it is kept."""
    return typed.strip().casefold()


class User(AbstractBaseUser):
    """A person with an account. Without a password until the invitation is used."""

    login = models.CharField(max_length=LONGEST_LOGIN, unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()


class Session(AbstractBaseSession):
    """Somebody who is signed in, on the server: can be listed and ended."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    agent = models.CharField(max_length=200, default="", blank=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Where sessions are kept."""
        from vsoko_rules.web.hosted.sessions import SessionStore

        return SessionStore


class Invitation(models.Model):
    """A link that opens once, to set a password. The link itself is known to nobody but who has it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")


class SignInTries(models.Model):
    """How often somebody tried in vain to sign in, by name or from an address. `key` tells neither."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now, db_index=True)
    """of the first try, of the last where no more are taken"""
