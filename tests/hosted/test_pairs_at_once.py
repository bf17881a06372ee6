"""Two experts who say something at the same moment: both are heard, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.hosted.conftest import BOTH
from tests.hosted.pair import SCHOOL, reconciled
from tests.hosted.people import Region


@BOTH
def test_proposals_at_the_same_moment_are_all_kept(region: Region) -> None:
    from django.db import connections

    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import Seat, SeatDecision
    from vsoko_rules.web.hosted.pair_seats import say, school_pair

    agreed = reconciled(region)
    codes = [each.code for each in school_pair(agreed.school, agreed).disputes]
    started = Barrier(2)

    def said(login: str) -> None:
        try:
            seat = Seat.objects.select_related("school__study__ruleset", "school__municipality").get(pk=agreed.pk)
            user = region.person(login)
            started.wait(60)
            for code in codes:
                say(user, seat, code, "met", None, "Есть.")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(said, login) for login in ("expert-a", "expert-b")]:
            done.result(120)
    kept = [(each.said["code"], each.said["expert"]) for each in SeatDecision.objects.filter(seat=agreed)]
    assert sorted(kept) == sorted((code, place) for code in codes for place in (0, 1))
    assert (region.seat(SCHOOL, "agreed").disputes, region.seat(SCHOOL, "agreed").state) == (0, "locked")
    assert chain.verify().fault is None
