"""Who sees and who changes which seat: one query for each, and nothing beside it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from vsoko_rules.region.region_records import AGREED, PAIR, SELF

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import Membership, Seat, StudyRound, User


def _memberships(user: User, role: str) -> models.QuerySet[Membership]:
    return user.memberships.filter(role=role)


def _studies(user: User, *roles: str, of: str) -> Q:
    """The studies, under the name `of`, in which somebody has one of the roles; centre and auditor may have all."""
    mine = user.memberships.filter(role__in=roles)
    if mine.filter(study__isnull=True).exists():
        return ~Q(pk__in=[])
    return Q(**{f"{of}__in": mine.values("study_id")})


def _assessed(user: User) -> Q:
    return Q(expert=user) & ~Q(who=AGREED)


class StudyManager(models.Manager["StudyRound"]):
    """Studies by who may see them."""

    def visible_to(self, user: User) -> models.QuerySet[StudyRound]:
        """The studies in which somebody has any role."""
        if user.memberships.filter(study__isnull=True).exists():
            return self.all()
        return self.filter(pk__in=user.memberships.values("study_id"))

    def run_by(self, user: User) -> models.QuerySet[StudyRound]:
        """The studies that somebody of the centre runs."""
        return self.filter(_studies(user, "centre", of="pk"))


class SeatManager(models.Manager["Seat"]):
    """Seats by who may see and change them."""

    def _undone(self, who: tuple[str, ...]) -> Exists:
        """Whether the pair of the same school has a seat that is not locked."""
        return Exists(
            self.model._default_manager.filter(school=OuterRef("school"), who__in=who).exclude(state="locked")
        )

    def visible_to(self, user: User) -> models.QuerySet[Seat]:
        """What somebody may read.

        The centre reads all. An expert reads their own seats; the seats of the other one and the agreed one from the
        time on at which both have locked, never that of the school. A school reads its own, and the agreed one after
        the release. A methodist reads what schools of the municipality have sent, and what was agreed. Whatever else
        somebody is, as long as they assess a school nothing of it is there but what they assess.
        """
        mine = self.filter(expert=user, who__in=(*PAIR, AGREED)).values("school")
        both = self.alias(waiting=self._undone(PAIR))
        schools = _memberships(user, "school").values("school")
        towns = _memberships(user, "methodist").values("municipality")
        of_pair = both.filter(school__in=mine, who__in=(*PAIR, AGREED), waiting=False).values("pk")
        allowed = (
            _studies(user, "centre", of="school__study")
            | _assessed(user)
            | Q(pk__in=of_pair)
            | Q(school__in=schools, who=SELF)
            | Q(school__in=schools, who=AGREED, state="locked", school__study__released_at__isnull=False)
            | Q(school__municipality__in=towns, who=SELF, state="sent")
            | Q(school__municipality__in=towns, who=AGREED)
        )
        return self.filter(_assessed(user) | ~Q(school__in=self._blind(user)), allowed)

    def assessed_by(self, user: User) -> models.QuerySet[Seat]:
        """What an expert assesses: of what they may read the part that is asked for most, and found at once."""
        return self.filter(_assessed(user))

    def _blind(self, user: User) -> models.QuerySet[Seat, dict[str, Any]]:
        """The schools that somebody assesses, until they and the pair have closed."""
        own = self.alias(waiting=self._undone(PAIR)).filter(expert=user).exclude(who=AGREED)
        blind: models.QuerySet[Seat, dict[str, Any]] = own.filter(Q(waiting=True) | ~Q(state="locked")).values("school")
        return blind

    def changed_by(self, user: User) -> models.QuerySet[Seat]:
        """What somebody may change now: a school its own while documents are collected, an expert theirs while schools
        are assessed. The agreed seat is changed by decisions alone."""
        schools = _memberships(user, "school").values("school")
        mine = Q(school__in=schools, who=SELF, school__study__phase="collect")
        given = Q(expert=user, school__study__phase="assess") & ~Q(who=AGREED)
        return self.filter(mine | given, state="open")

    def unchanged(self, user: User, seat: Seat, revision: int) -> models.QuerySet[Seat]:
        """A seat that somebody may change, as long as it is at `revision`: to be updated.

        What must not have changed is asked of the row itself. PostgreSQL looks at that again where another one wrote
        the row while the update waited for it; at what is asked of other tables it does not.
        """
        if not self.changed_by(user).filter(pk=seat.pk).exists():
            return self.none()
        return self.filter(pk=seat.pk, revision=revision, state="open")


def locked_pair(seats: Any) -> bool:
    """Whether A and B of a school are both locked."""
    states = {seat.who: seat.state for seat in seats if seat.who in PAIR}
    return len(states) == len(PAIR) and set(states.values()) == {"locked"}
