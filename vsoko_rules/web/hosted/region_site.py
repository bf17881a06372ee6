"""The seats that somebody of a region may see, as the pages of a school ask for them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from vsoko_rules.region.region_records import SELF
from vsoko_rules.web.hosted.given_away import given_away, is_own
from vsoko_rules.web.hosted.models import User
from vsoko_rules.web.hosted.seat_desk import SeatDesk, seat_path
from vsoko_rules.web.hosted.seat_top import SeatTop, seat_called
from vsoko_rules.web.school_site import SchoolSite
from vsoko_rules.workspace.opened_school import OpenedSchool


class NoReadings:
    """Files of a seat are read by a worker, not while the page answers."""

    def __init__(self) -> None:
        self.received: dict[str, Any] = {}

    def of(self, path: Path) -> None:
        """Nothing was read in this process."""


class RegionSite(SchoolSite):
    """For one request."""

    def __init__(self, user: User, host: str) -> None:
        self.user = user
        self.host = host

    @cached_property
    def desk(self) -> SeatDesk:
        """The seats of this person."""
        return SeatDesk(self.user)

    @cached_property
    def readings(self) -> Any:
        """None in this process."""
        return NoReadings()

    def code(self, path: Path) -> str:
        """The code of the seat."""
        return str(path)

    def path(self, code: str) -> Path:
        """The seat. Raises `Http404`."""
        path = seat_path(code)
        self.desk.seat(path)
        return path

    def called(self, path: Path) -> str:
        """The study and whose seat of it."""
        return seat_called(self.desk.seat(path))

    def given(self, path: Path, what: str, name: str) -> None:
        """An event where somebody takes what others filled in."""
        seat = self.desk.seat(path)
        if not is_own(self.user, seat):
            given_away(self.user, what, study=seat.school.study.code, seat=seat.code, name=name)

    def may_edit(self, path: Path) -> bool:
        """Whether it may be changed by this person now."""
        return self.desk.may_change(path)

    def may_decide(self, path: Path) -> bool:
        """Experts alone put outcomes of their own."""
        return self.desk.seat(path).who != SELF and self.may_edit(path)

    def shown(self, path: Path, school: OpenedSchool) -> dict[str, Any]:
        """The seat, what may be done with it, and what is told above its pages."""
        seat = self.desk.seat(path)
        return {**super().shown(path, school), "seat": seat, "top": SeatTop(self.user, seat)}
