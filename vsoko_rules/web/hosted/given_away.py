"""What leaves the server as a file and holds data of others: each time an event, before the first byte is sent."""

from __future__ import annotations

from typing import Any

from vsoko_rules.web.hosted import event_chain as chain
from vsoko_rules.web.hosted.models import ChainEvent, Seat, User

KIND = "export"


def given_away(user: User, what: str, *, study: str = "", seat: str = "", **told: Any) -> ChainEvent:
    """Write down that somebody takes data of others away: `what` is a code with words in `event_words.j2`, `study` and
    `seat` are codes, the rest is what else there is to tell."""
    return chain.append(KIND, user=user, study=study, seat=seat, told={"what": what, **told})


def is_own(user: User, seat: Seat) -> bool:
    """Whether somebody filled a seat themselves: what they take of it are no data of others."""
    mine: bool = seat.expert_id == user.pk or user.memberships.filter(role="school", school=seat.school_id).exists()
    return mine
