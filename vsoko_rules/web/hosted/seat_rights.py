"""What somebody may do with a seat that they see, in their roles in its study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from vsoko_rules.region.region_records import AGREED, PAIR, Phase, RegionPerson, RegionRole
from vsoko_rules.region.seat_actions import SeatAction, seat_actions
from vsoko_rules.web.hosted.region_rows import school_record, seat_record

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import Membership, Seat, User


def actions_on(user: User, seat: Seat) -> frozenset[SeatAction]:
    """What a person may do with a seat now."""
    phase, row, school = Phase(seat.school.study.phase), seat_record(seat), school_record(seat.school)
    pair = pair_logins(seat) if seat.who == AGREED else ()
    found: set[SeatAction] = set()
    for membership in _memberships(user, seat):
        found.update(seat_actions(phase, row, _person(user, membership), school, pair))
    return frozenset(found)


def pair_logins(seat: Seat) -> tuple[str, ...]:
    """The two experts of the school of a seat."""
    experts = type(seat).objects.filter(school=seat.school_id, who__in=PAIR, expert__isnull=False)
    return tuple(experts.order_by("who").values_list("expert__login", flat=True))


def _memberships(user: User, seat: Seat) -> list[Membership]:
    mine = user.memberships.filter(Q(study=seat.school.study_id) | Q(study__isnull=True))
    return list(mine.select_related("municipality", "school"))


def _person(user: User, membership: Membership) -> RegionPerson:
    role = RegionRole(membership.role)
    if role is RegionRole.EXPERT:
        return RegionPerson(user.login, user.name, role)
    towns = (membership.municipality.name,) if membership.municipality is not None else ()
    school = membership.school.code if membership.school is not None else None
    return RegionPerson(user.login, user.name, role, towns, school)
