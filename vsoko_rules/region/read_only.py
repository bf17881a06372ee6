"""Why a seat may not be changed by whoever looks at it."""

from __future__ import annotations

from enum import Enum
from typing import Final

from vsoko_rules.region.phases import PHASES
from vsoko_rules.region.region_records import AGREED, SELF, Phase, SeatState
from vsoko_rules.region.seat_actions import seat_phase


class WhyReadOnly(str, Enum):
    """The first reason that there is; each is a sentence of the page."""

    SENT = "sent"
    """the school has sent it"""
    LOCKED = "locked"
    """the expert has closed it"""
    DECIDED = "decided"
    """everything is agreed"""
    NOT_YET = "not_yet"
    """its phase has not begun"""
    OVER = "over"
    """its phase is over"""
    BY_DECISIONS = "by_decisions"
    """it is changed by decisions on disputes alone"""
    NOT_OWN = "not_own"
    """somebody else fills it"""


_CLOSED: Final = {SELF: WhyReadOnly.SENT, AGREED: WhyReadOnly.DECIDED}


def why_read_only(phase: Phase, who: str, state: SeatState) -> WhyReadOnly:
    """The reason, for somebody who may not change the seat."""
    if state is not SeatState.OPEN:
        return _CLOSED.get(who, WhyReadOnly.LOCKED)
    at, own = PHASES.index(phase), PHASES.index(seat_phase(who))
    if at != own:
        return WhyReadOnly.NOT_YET if at < own else WhyReadOnly.OVER
    return WhyReadOnly.BY_DECISIONS if who == AGREED else WhyReadOnly.NOT_OWN
