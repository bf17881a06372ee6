"""A school whose two experts have closed and differ on two things, as the tests of pairs use it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.hosted.people import Region, case_data

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import Seat

SCHOOL: Final = "gorodskaya-sosh"


def closed_pair(region: Region) -> tuple[Seat, Seat]:
    """Both seats, locked: the second expert found less in two documents."""
    seats = []
    for who, login in (("A", "expert-a"), ("B", "expert-b")):
        seat = region.assign(SCHOOL, who, login)
        seat.data = json.dumps(_found(who, region.person(login).name), ensure_ascii=False)
        seat.revision, seat.state = 2, "locked"
        seat.save()
        seats.append(seat)
    own = region.seat(SCHOOL, "self")
    own.state = "sent"
    own.save()
    return seats[0], seats[1]


def _found(who: str, name: str) -> dict[str, Any]:
    data = {key: value for key, value in case_data(SCHOOL).items() if key not in ("overrides", "reviewed")}
    if who == "B":
        marked = [document for document in data["documents"] if document.get("holds")]
        for document in marked[:2]:
            document["holds"] = []
            document["comment"] = "В тексте этого нет."
    return {**data, "filled_by": {"role": "expert", "name": name}}


def reconciled(region: Region) -> Seat:
    """The agreed seat of that school, in its phase."""
    from vsoko_rules.web.hosted.models import Seat
    from vsoko_rules.web.hosted.pair_seats import open_agreed_seats

    closed_pair(region)
    region.phase("reconcile")
    assert open_agreed_seats(region.study, region.person("centre")) == 1
    assert open_agreed_seats(region.study) == 0
    seat: Seat = Seat.objects.get(school=region.schools[SCHOOL], who="agreed")
    region.seats[SCHOOL, "agreed"] = seat
    return seat
