"""The seats that somebody of a region may see, as the pages of a school ask for them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import IO, Any, Final

from django.http import Http404

from vsoko_rules.region.packed_seats import PackedSeat, packed_seat
from vsoko_rules.region.region_records import SELF
from vsoko_rules.web.hosted.given_away import given_away, is_own
from vsoko_rules.web.hosted.hosted_settings import this_server
from vsoko_rules.web.hosted.models import FileUse, User
from vsoko_rules.web.hosted.seat_desk import SeatDesk, seat_path
from vsoko_rules.web.hosted.seat_files import hands_over
from vsoko_rules.web.hosted.seat_readings import SeatReadings
from vsoko_rules.web.hosted.seat_top import SeatTop, seat_called
from vsoko_rules.web.hosted.seat_uses import hashes_of
from vsoko_rules.web.hosted.stored_content import pack
from vsoko_rules.web.school_site import SchoolSite
from vsoko_rules.workspace.copies import copy_of
from vsoko_rules.workspace.opened_school import OpenedSchool

_YAML: Final = ".yml"


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
    def readings(self) -> SeatReadings:
        """What a worker has read of the files of these seats."""
        return SeatReadings(self.desk)

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

    def given(self, path: Path, what: str, name: str, *, files: bool = False) -> None:
        """An event where somebody takes what others filled in, or handed over: the files are the school's, on the seat
        of an expert, too."""
        seat = self.desk.seat(path)
        own = hands_over(self.user, seat) if files else is_own(self.user, seat)
        if not own:
            told = {"files": len(hashes_of(seat.pk))} if files else {}
            given_away(self.user, what, study=seat.school.study.code, seat=seat.code, name=name, **told)

    def has_files(self, path: Path) -> bool:
        """Whether files were handed over, where this server shows them."""
        return bool(this_server().uploads) and FileUse.objects.filter(seat=self.desk.seat(path)).exists()

    def pack(self, path: Path, stem: str, stream: IO[bytes]) -> None:
        """The case of the seat with all files that it uses. Raises `Http404`."""
        if not self.has_files(path):
            raise Http404
        seat = self.desk.seat(path)
        content = copy_of(self.desk.open(path), _YAML)
        pack(packed_seat(stem, PackedSeat(seat.who, content, hashes_of(seat.pk))), stream)

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
