"""Sessions in the database, each with whose it is; in the cookie there is nothing but a random key.

The key is known to the browser alone: the table holds its hash, so that who reads the database or a copy of it is
signed in nowhere. A session ends some hours after it began, whatever happens in it, and earlier when nothing does.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from vsoko_rules.web.hosted.hosted_settings import IDLE_MINUTES, SEEN_SECONDS, SIGNED_IN_HOURS

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import User

_SINCE: Final = "since"
_AGENT: Final = "agent"
_HASHED: Final = 40
"""letters that are kept of the hash, 160 bits, as many as the column of Django holds"""
_LONGEST: Final = 200
"""letters of what a browser says of itself"""


class SessionStore(DatabaseStore):
    """Keeps whose a session is, beside its data."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table."""
        from vsoko_rules.web.hosted.models import Session

        return Session

    def _get_session_from_db(self) -> Any:
        """The row; none where it has ended. Somebody is there now: that is written down, but not with every request."""
        kept = kept_key(self.session_key or "")
        row = self.model.objects.filter(session_key=kept, expire_date__gt=timezone.now()).first()
        idle = timezone.now() - row.seen_at if row is not None else timedelta.max
        if idle >= timedelta(minutes=IDLE_MINUTES):
            self._session_key = None
            return None
        if idle >= timedelta(seconds=SEEN_SECONDS):
            self.model.objects.filter(pk=row.pk).update(seen_at=timezone.now())
        return row

    def exists(self, session_key: str) -> bool:
        """Whether a key is taken."""
        return bool(self.model.objects.filter(session_key=kept_key(session_key)).exists())

    def delete(self, session_key: str | None = None) -> None:
        """End a session, this one where no other is named."""
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=kept_key(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """A row of it."""
        now = timezone.now()
        since = datetime.fromisoformat(data.setdefault(_SINCE, now.isoformat()))
        made: Any = super().create_model_instance(data)
        made.session_key = kept_key(made.session_key)
        stated = data.get("_auth_user_id")
        made.user_id = int(stated) if stated else None
        made.agent = str(data.get(_AGENT, ""))[:_LONGEST]
        made.created_at, made.seen_at = since, now
        made.expire_date = since + timedelta(hours=SIGNED_IN_HOURS)
        return made


def begin_session(request: HttpRequest, user: User) -> None:
    """Sign somebody in: a session with a key of its own, whatever the browser brought. Those that have run out go."""
    from vsoko_rules.web.hosted.models import Session

    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    request.session.flush()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[_AGENT] = request.headers.get("User-Agent", "")[:_LONGEST]


def end_sessions(user: User, but: str | None = None) -> int:
    """End all sessions of somebody, but the one with the key `but`; returns how many there were."""
    from vsoko_rules.web.hosted.models import Session

    ended: int = Session.objects.filter(user=user).exclude(session_key=kept_key(but or "")).delete()[0]
    return ended


def kept_key(key: str) -> str:
    """What the table holds of the key in a cookie: none leads back to it, a key being random and long."""
    return hashlib.sha256(key.encode()).hexdigest()[:_HASHED]


def shown_row(kept: str) -> str:
    """How a session is called in addresses, of what the table holds: nobody can sign in with that."""
    return kept[:16]
