"""What stands above the pages of a seat: whose it is, until when, what may be done, and why nothing may."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.utils import timezone

from vsoko_rules.region.phases import phase_title, phase_until
from vsoko_rules.region.read_only import why_read_only
from vsoko_rules.region.region_records import AGREED, SELF, Phase, SeatState, is_expert_seat, seat_order
from vsoko_rules.region.seat_actions import seat_phase
from vsoko_rules.templates import plain, render
from vsoko_rules.web.hosted.models import Seat, User
from vsoko_rules.web.hosted.region_rows import study_record
from vsoko_rules.web.hosted.seat_rights import actions_on


def seat_called(seat: Seat) -> str:
    """How a seat of another study is called where one is chosen."""
    return render("web/hosted/seat_called.j2", plain, seat=seat).strip()


class SeatTop:
    """For one person; everything is looked up when a template asks for it."""

    def __init__(self, user: User, seat: Seat) -> None:
        self.user = user
        self.seat = seat

    @property
    def own(self) -> bool:
        """Whether this person fills it."""
        if is_expert_seat(self.seat.who):
            return self.seat.expert_id == self.user.pk
        mine = self.user.memberships.filter(role="school", school=self.seat.school_id)
        return self.seat.who == SELF and mine.exists()

    @property
    def study(self) -> str:
        """What the study is called, with its year where the name has none."""
        study = self.seat.school.study
        return study.title if str(study.year) in study.title else f"{study.title}, {study.year}"

    @property
    def phase(self) -> str:
        """What the phase of the study is called."""
        return phase_title(Phase(self.seat.school.study.phase))

    @property
    def until(self) -> date | None:
        """The last day on which the seat may be worked on; none outside its phase, and where none was set."""
        study = study_record(self.seat.school.study)
        return phase_until(study, study.phase) if study.phase is seat_phase(self.seat.who) else None

    @property
    def late(self) -> bool:
        """Whether that day is over."""
        return self.until is not None and self.until < timezone.localdate()

    @cached_property
    def actions(self) -> frozenset[str]:
        """What this person may do with it."""
        return frozenset(action.value for action in actions_on(self.user, self.seat))

    @property
    def why(self) -> str:
        """Why this person may not change it."""
        seat = self.seat
        return why_read_only(Phase(seat.school.study.phase), seat.who, SeatState(seat.state)).value

    @cached_property
    def others(self) -> list[Seat]:
        """The other seats of the school that this person sees, and that hold something."""
        seats = Seat.objects.visible_to(self.user).filter(school=self.seat.school_id).exclude(pk=self.seat.pk)
        found = seats.exclude(data="").select_related("expert").defer("data", "standing")
        return sorted(found, key=lambda seat: seat_order(seat.who))

    @property
    def sees_disputes(self) -> bool:
        """Whether this person may see on what the pair differed: everybody but the school itself."""
        return not self.user.memberships.filter(role="school", school=self.seat.school_id).exists()

    @property
    def is_pair(self) -> bool:
        """Whether this is the seat on which a pair comes to an agreement."""
        return self.seat.who == AGREED
