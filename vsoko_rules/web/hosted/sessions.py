"""Sessions in the database, each with whose it is; in the cookie there is nothing but a random key."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone


class SessionStore(DatabaseStore):
    """Keeps whose a session is, beside its data."""

    @classmethod
    def get_model_class(cls) -> Any:
        """The table."""
        from vsoko_rules.web.hosted.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """A row of it."""
        made: Any = super().create_model_instance(data)
        stated = data.get("_auth_user_id")
        made.user_id = int(stated) if stated else None
        made.agent = str(data.get("agent", ""))[:200]
        made.seen_at = timezone.now()
        return made


def shown_key(key: str) -> str:
    """How a session is called in addresses: nobody can sign in with that."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
