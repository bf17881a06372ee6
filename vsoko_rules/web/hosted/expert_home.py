"""What an expert sees first: the schools to assess, what to agree on with the other expert, what is done."""

from __future__ import annotations

from typing import Any

from vsoko_rules.region.region_records import AGREED
from vsoko_rules.web.hosted.models import Seat, User
from vsoko_rules.web.hosted.seat_progress import SeatProgress, progress


def expert_home(user: User) -> dict[str, Any]:
    """The seats of an expert: those to be filled, first what is begun; those on which a pair has to agree; the rest.

    Of seats that are theirs and hold nothing yet, the number alone: the assessment has not begun.
    """
    mine = Seat.objects.filter(expert=user).exclude(who=AGREED)
    seats = Seat.objects.visible_to(user).exclude(data="").defer("standing", "school__study__ruleset__files")
    listed = seats.select_related("school__study__ruleset", "school__municipality").order_by(
        "-school__study__year", "school__name", "who"
    )
    agreed = [seat for seat in listed if seat.who == AGREED]
    own = progress(seat for seat in listed if seat.expert_id == user.pk and seat.who != AGREED)
    queue = sorted((each for each in own if each.workable), key=_order)
    return {
        "queue": queue,
        "pairs": [each for each in progress(agreed) if each.workable],
        "done": [each for each in own if not each.workable],
        "agreed": {seat.school_id: seat for seat in agreed},
        "waiting": mine.filter(data="").count(),
    }


def _order(each: SeatProgress) -> tuple[bool, bool, int, str]:
    """What is late and what is begun comes first, of that what is nearest to its end."""
    return not each.late, each.seat.revision < 2, each.blocks - each.reviewed, each.seat.school.name
