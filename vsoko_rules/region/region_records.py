"""What a region's study is made of, as plain records. Whoever keeps them turns them into these and back."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final

from vsoko_rules.ruleset.model import EducationLevel


class Phase(str, Enum):
    """Phases of a study, in their order."""

    COLLECT = "collect"
    ASSESS = "assess"
    RECONCILE = "reconcile"
    CLOSED = "closed"


class RegionRole(str, Enum):
    """Who somebody is in a study. The centre and auditors may be for all studies."""

    CENTRE = "centre"
    METHODIST = "methodist"
    EXPERT = "expert"
    SCHOOL = "school"
    AUDITOR = "auditor"


class SeatState(str, Enum):
    """`open` is being filled, also after it was returned; `sent` by the school; `locked` by the expert, or decided."""

    OPEN = "open"
    SENT = "sent"
    LOCKED = "locked"


SELF: Final = "self"
"""the seat of the school itself"""
AGREED: Final = "agreed"
"""the seat of what was agreed: the result"""
PAIR: Final = ("A", "B")
"""the seats of the two experts whose agreement is the result"""


def expert_seat(number: int) -> str:
    """The seat of the expert with this number at a school, from 0: A, B, then 3, 4 … of a control school."""
    return PAIR[number] if number < len(PAIR) else str(number + 1)


def is_expert_seat(who: str) -> bool:
    """Whether a seat is that of an expert."""
    return who in PAIR or (who.isdecimal() and int(who) > len(PAIR))


def is_control_seat(who: str) -> bool:
    """Whether a seat is one that control schools alone have: that of a third or further expert."""
    return is_expert_seat(who) and who not in PAIR


def seat_order(who: str) -> tuple[int, str]:
    """By which seats of a school are sorted: self, A, B, 3, 4 …, agreed."""
    order = {SELF: 0, **{name: number for number, name in enumerate(PAIR, 1)}}
    return (int(who), who) if who.isdecimal() else (order.get(who, sys.maxsize), who)


@dataclass(frozen=True, slots=True)
class RegionStudy:
    """One study. A phase may be worked in until its day, that day included; none: no deadline."""

    title: str
    year: int
    phase: Phase = Phase.COLLECT
    collect_until: date | None = None
    assess_until: date | None = None
    reconcile_until: date | None = None
    released: date | None = None
    """since when schools see their results"""


def levels_of(codes: Iterable[str]) -> tuple[EducationLevel, ...]:
    """Levels of education by their codes. Raises `ValueError`."""
    return tuple(EducationLevel(code) for code in codes)


@dataclass(frozen=True, slots=True)
class RegionSchool:
    """A school of a study. `counts`: persons, by the codes of the ruleset. A control school goes to all experts."""

    code: str
    name: str
    municipality: str
    levels: tuple[EducationLevel, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    control: bool = False


@dataclass(frozen=True, slots=True)
class RegionPerson:
    """A person of a study. A methodist has `municipalities`, the account of a school its `school` (code). An expert
    works in `home_municipalities` or at `home_schools` (codes), and is never assigned there."""

    login: str
    name: str
    role: RegionRole
    municipalities: tuple[str, ...] = ()
    school: str | None = None
    home_municipalities: tuple[str, ...] = ()
    home_schools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegionSeat:
    """Whose case of a school it is (`self`, `A`, `B`, `3` …, `agreed`) and how far it is.

    `expert` is the login of the expert, on the agreed seat that of a third person appointed to decide. `begun`: whether
    anything was changed in it. `disputes`: how many are still open, on the agreed seat.
    """

    school: str
    who: str
    state: SeatState = SeatState.OPEN
    expert: str | None = None
    begun: bool = False
    disputes: int = 0

    @property
    def touched(self) -> bool:
        """Whether somebody has worked in it: who closed it without a change has, too."""
        return self.begun or self.state is not SeatState.OPEN
