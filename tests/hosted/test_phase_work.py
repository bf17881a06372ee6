"""What a phase begins with is done in portions: nothing is left out, whoever stops in between."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.conftest import BOTH
from tests.hosted.pair import SCHOOL, closed_pair
from tests.hosted.people import Region
from tests.hosted.test_centre_pages import text_of

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Page

Clients = Callable[[str], "Client"]


@pytest.fixture
def assigned(region: Region, monkeypatch: pytest.MonkeyPatch) -> Region:
    """Three schools that have sent, each with two experts; one seat is opened at once."""
    from vsoko_rules.web.hosted import phase_work
    from vsoko_rules.web.hosted.assigning import StudyParts, keep_proposal, propose
    from vsoko_rules.web.hosted.models import Seat

    monkeypatch.setattr(phase_work, "SEATS_AT_ONCE", 1)
    Seat.objects.update(state="sent")
    digest = propose(StudyParts.of(region.study), anew=False).digest
    keep_proposal(region.person("centre"), region.study, digest, anew=False)
    return region


def confirmed(client: Any, path: str) -> dict[str, list[str]]:
    keys = re.findall(r'name="confirmed" value="([^"]+)"', client.get(path).content.decode())
    return {"confirmed": keys}


def test_seats_are_opened_portion_by_portion(assigned: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Seat

    client, path = client_of("centre"), f"/study/{assigned.study.code}"
    assert client.post(f"{path}/step/assess", confirmed(client, f"{path}/step/assess")).status_code == 302
    empty = Seat.objects.filter(data="")
    assert empty.count() == 5
    assert "получают документы школ: осталось 5" in text_of(client.get(f"{path}/"))
    part = client.post(f"{path}/open", headers={"HX-Request": "true"})
    assert (part.status_code, "осталось 4" in text_of(part)) == (200, True)
    for _ in range(4):
        assert client.post(f"{path}/open").status_code == 302
    assert not empty.exists()
    assert "получают документы" not in text_of(client.get(f"{path}/"))
    seats = Seat.objects.exclude(who="self")
    assert {json.loads(data)["filled_by"]["role"] for data in seats.values_list("data", flat=True)} == {"expert"}


@BOTH
def test_a_worker_does_the_rest(assigned: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Seat, Work
    from vsoko_rules.web.hosted.working import work_off

    client, path = client_of("centre"), f"/study/{assigned.study.code}"
    assert client.post(f"{path}/step/assess", confirmed(client, f"{path}/step/assess")).status_code == 302
    assert "Можно уйти с этой страницы" in text_of(client.get(f"{path}/"))
    assert "осталось 5" in text_of(client.get(f"{path}/begun"))
    assert work_off("w") == 1
    assert Work.objects.get().state == "done"
    assert not Seat.objects.filter(data="").exists()
    assert "получают документы" not in text_of(client.get(f"{path}/begun"))


def test_the_page_goes_on_by_itself(assigned: Region, hosted_window: Callable[[str], Page]) -> None:
    from vsoko_rules.web.hosted.models import Seat, StudyRound

    StudyRound.objects.filter(pk=assigned.study.pk).update(phase="assess")
    page = hosted_window("centre")
    page.goto(f"/study/{assigned.study.code}/")
    page.locator("#phase-work form").wait_for(state="detached")
    page.wait_for_function("!document.querySelector('#phase-work').textContent.trim()")
    assert not Seat.objects.filter(data="").exists()


@BOTH
def test_pairs_that_closed_are_compared_and_anew_when_they_closed_again(region: Region, client_of: Clients) -> None:
    from django.utils import timezone

    from vsoko_rules.web.hosted.models import Seat
    from vsoko_rules.web.hosted.seat_steps import freeze

    closed_pair(region)
    region.phase("assess")
    client, path = client_of("centre"), f"/study/{region.study.code}"
    assert client.post(f"{path}/step/reconcile", confirmed(client, f"{path}/step/reconcile")).status_code == 302
    agreed = Seat.objects.get(school=region.schools[SCHOOL], who="agreed")
    assert (agreed.disputes, agreed.state) == (2, "open")
    assert "Открытых разногласий 2" in text_of(client.get(f"{path}/"))
    listed = text_of(client.get(f"{path}/schools?state=disputed"))
    assert "разногласий: 2" in listed
    back = confirmed(client, f"{path}/step/assess") | {"reason": ["Эксперт ошибся школой."]}
    assert client.post(f"{path}/step/assess", back).status_code == 302
    one, other = Seat.objects.filter(school=region.schools[SCHOOL], who__in=["A", "B"]).order_by("who")
    data = json.loads(one.data) | {"filled_by": {"role": "expert", "name": other.expert and other.expert.name}}
    Seat.objects.filter(pk=other.pk).update(data=json.dumps(data), revision=3, closed_at=timezone.now())
    freeze(other, "locked", other.expert)
    assert client.post(f"{path}/step/reconcile", confirmed(client, f"{path}/step/reconcile")).status_code == 302
    agreed.refresh_from_db()
    assert (agreed.disputes, agreed.state) == (0, "locked")
    assert client.post(f"{path}/step/closed", confirmed(client, f"{path}/step/closed")).status_code == 302
    assert "Открыть результаты школам" in text_of(client.get(f"{path}/"))
    assert client.post(f"{path}/release").status_code == 302
    assert "Школы видят свои результаты" in text_of(client.get(f"{path}/"))
    home = client_of("school").get("/")
    assert "Согласованный итог" in text_of(home)
    assert client.post(f"{path}/release").status_code == 302
