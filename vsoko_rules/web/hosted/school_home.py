"""What a school sees first: its check, how far it is and until when, and its result after the release."""

from __future__ import annotations

from typing import Any

from vsoko_rules.region.region_records import AGREED, SELF
from vsoko_rules.web.hosted.models import Seat, User
from vsoko_rules.web.hosted.seat_progress import progress


def school_home(user: User) -> dict[str, Any]:
    """Its seats, the latest study first, each with the result where there is one to be seen."""
    schools = user.memberships.filter(role="school").values("school")
    seats = (
        Seat.objects.visible_to(user)
        .filter(school__in=schools)
        .exclude(data="")
        .defer("standing", "school__study__ruleset__files")
    )
    ordered = seats.select_related("school__study__ruleset").order_by("-school__study__year", "school__name")
    results = {seat.school_id: seat for seat in ordered if seat.who == AGREED}
    own = progress(seat for seat in ordered if seat.who == SELF)
    return {"checks": [(each, results.get(each.seat.school_id)) for each in own]}
