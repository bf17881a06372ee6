"""Figures of a study computed on a Dask cluster: the same as without one."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import Any

import pytest

from tests.hosted.people import Region

pytestmark = pytest.mark.slow

there = importlib.util.find_spec("distributed") is not None


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a cluster of two processes; what is asked for in the test goes there."""
    import distributed

    from vsoko_rules.web.hosted.work import Spread, spread_over

    make: Any = distributed.LocalCluster
    with make(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        yield str(cluster.scheduler_address)
    spread_over(Spread())


@pytest.mark.skipif(not there, reason="NOT TESTED: the package distributed is not installed")
@pytest.mark.filterwarnings("ignore")
def test_figures_are_the_same(region: Region, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from vsoko_rules.web.hosted import kept_standings
    from vsoko_rules.web.hosted.models import Seat
    from vsoko_rules.web.hosted.work import Spread, spread_over

    Seat.objects.filter(who="self").update(state="sent")
    broken = Seat.objects.order_by("pk").last()
    assert broken is not None
    Seat.objects.filter(pk=broken.pk).update(data=broken.data.replace("documents", "dokumente"))
    seats = kept_standings.counted_seats(region.person("centre"), region.study)

    def kept() -> list[Any]:
        rows = seats.values_list("standing__record", "standing__problem", "standing__stamp", "standing_of")
        return list(rows)

    assert kept_standings.refresh(seats) == 0
    here = kept()
    assert [record is None for record, *_ in here].count(True) == 1
    Seat.objects.update(standing=None, standing_of=None)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(kept_standings, "_keep", None)
    spread_over(Spread("dask", scheduler))
    assert kept_standings.refresh(seats, report=lambda *done: told.append(done)) == 0
    assert kept() == here
    assert told == [(1, 3), (2, 3), (3, 3)]
