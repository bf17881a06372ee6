"""What a municipality and a region come to: counted of what was agreed or sent, kept with each school, and nothing of
it for who must not see it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.conftest import BOTH
from tests.hosted.pair import SCHOOL, closed_pair
from tests.hosted.people import Region, case_data
from tests.hosted.test_centre_pages import at_most, text_of

if TYPE_CHECKING:
    from django.test import Client

    from vsoko_rules.region.region_records import RegionSchool

Clients = Callable[[str], "Client"]
HTMX: Any = {"HTTP_HX_REQUEST": "true"}


def send_all(region: Region, state: str = "sent") -> None:
    """Every school has sent."""
    from vsoko_rules.web.hosted.models import Seat

    Seat.objects.filter(who="self").update(state=state)


def agreed(region: Region, school: str = SCHOOL, state: str = "locked") -> None:
    """What is agreed of a school: other than what it has sent."""
    from vsoko_rules.web.hosted.models import Seat

    data = case_data(school)
    for document in data["documents"]:
        document["holds"] = []
    Seat.objects.create(school=region.schools[school], who="agreed", state=state, data=json.dumps(data), revision=1)


def refreshed(region: Region, login: str = "centre") -> None:
    from vsoko_rules.web.hosted.kept_standings import counted_seats, refresh

    assert refresh(counted_seats(region.person(login), region.study)) == 0


def of_cases(region: Region, seats: dict[str, str]) -> Any:
    """The summary of `vsoko study` over what these seats hold."""
    from vsoko_rules.region.counted_cases import school_standing
    from vsoko_rules.region.standing import overview, titles_of
    from vsoko_rules.web.hosted.models import Seat
    from vsoko_rules.web.hosted.region_rows import school_record
    from vsoko_rules.workspace.opening import open_ruleset

    rows = Seat.objects.select_related("school__study__ruleset", "school__municipality")
    found = [rows.get(school=region.schools[code], who=who) for code, who in sorted(seats.items())]
    rules = open_ruleset("bashkortostan-2022")
    records = [school_standing(row.data, school_record(row.school), rules) for row in found]
    return overview(records, titles_of([rules]))


@BOTH
def test_what_was_agreed_counts_else_what_was_sent(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.region_figures import region_figures

    assert region_figures(region.person("centre"), region.study).summaries == ()
    send_all(region)
    agreed(region)
    agreed(region, "samoproverka", state="open")
    refreshed(region)
    figures = region_figures(region.person("centre"), region.study)
    assert (figures.agreed, figures.sent, figures.left_out, figures.waiting) == (1, 2, 0, 0)
    wanted = {SCHOOL: "agreed", "selskaya-oosh": "self", "samoproverka": "self"}
    assert list(figures.summaries) == of_cases(region, wanted)
    text = text_of(client_of("centre").get(f"/study/{region.study.code}/figures"))
    assert "По согласованному результату экспертов: 1." in text
    assert "самопроверка): 2." in text
    assert "Где линии обрываются впервые" in text


def test_a_page_assesses_a_portion_and_keeps_it(region: Region, client_of: Clients) -> None:
    send_all(region)
    client = client_of("centre")
    address = f"/study/{region.study.code}/figures"
    first = client.get(address)
    assert 'hx-get="' + address + "/more" in first.content.decode()
    assert "Ещё считается: 3" in text_of(first)
    assert client.get(f"{address}/more")["Location"] == address
    for _ in range(2):
        client.get(f"{address}/more", **HTMX)
    answer = client.get(f"{address}/more", **HTMX)
    assert "Ещё считается" not in text_of(answer)
    assert "hx-get" not in answer.content.decode()
    client.get(address)
    with at_most(14):
        assert "Учтено: 3" in text_of(client.get(address))


@BOTH
def test_only_what_moved_on_is_assessed_again(
    region: Region, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vsoko_rules.region import counted_cases
    from vsoko_rules.web.hosted import kept_standings
    from vsoko_rules.web.hosted.models import SchoolEntry, Seat

    send_all(region)
    refreshed(region)
    done: list[str] = []
    assessed = counted_cases.school_standing

    def noted(text: str, school: RegionSchool, *others: Any) -> Any:
        done.append(school.code)
        return assessed(text, school, *others)

    monkeypatch.setattr(counted_cases, "school_standing", noted)
    seat = region.seat("selskaya-oosh", "self")
    Seat.objects.filter(pk=seat.pk).update(revision=seat.revision + 1)
    refreshed(region)
    assert done == ["selskaya-oosh"]
    SchoolEntry.objects.filter(code=SCHOOL).update(name="Переименованная школа")
    refreshed(region)
    assert done == ["selskaya-oosh", SCHOOL]
    assert Seat.objects.get(school__code=SCHOOL).standing["record"]["school"]["name"] == "Переименованная школа"
    monkeypatch.setattr(kept_standings, "__version__", "после обновления")
    refreshed(region)
    assert sorted(done[2:]) == sorted(region.schools)


@BOTH
def test_what_cannot_be_assessed_is_named_and_stops_nobody(region: Region, client_of: Clients) -> None:
    send_all(region)
    seat = region.seat("samoproverka", "self")
    data = json.loads(seat.data)
    data["documents"][0]["serves"] = ["B9-M99"]
    seat.data = json.dumps(data)
    seat.save()
    refreshed(region)
    text = text_of(client_of("centre").get(f"/study/{region.study.code}/figures"))
    assert "Не оценены" in text
    assert "B9-M99" in text
    assert region.schools["samoproverka"].name in text


def test_a_methodist_sees_the_own_municipality_alone(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Municipality

    send_all(region)
    refreshed(region)
    methodist = client_of("methodist")
    own = Municipality.objects.get(name="Заречный")
    other = Municipality.objects.get(name="Приозёрск")
    assert f"/study/{region.study.code}/towns/{own.pk}" in methodist.get("/").content.decode()
    assert "2 из 2" in text_of(methodist.get("/")).replace("\u00a0", " ")
    page = methodist.get(f"/study/{region.study.code}/towns/{own.pk}")
    assert "Учтено: 2" in text_of(page)
    assert region.schools["selskaya-oosh"].name in text_of(page)
    assert re.search(r"selskaya-oosh отправлены (частично )?(не )?сформирована", text_of(page))
    assert region.schools[SCHOOL].name not in text_of(page)
    for address in (f"towns/{other.pk}", f"towns/{other.pk}/more", "figures", "figures/more"):
        assert methodist.get(f"/study/{region.study.code}/{address}", **HTMX).status_code == 404
    for login in ("school", "expert-a", "auditor"):
        assert client_of(login).get(f"/study/{region.study.code}/towns/{own.pk}").status_code == 404
    assert client_of("centre").get(f"/study/{region.study.code}/towns/{other.pk}").status_code == 200


def test_experts_leave_no_trace_on_the_page_of_a_municipality(region: Region, client_of: Clients) -> None:
    """What a methodist sees is the same to the letter, whatever the experts have done."""
    from vsoko_rules.web.hosted.models import Municipality, Seat

    send_all(region)
    refreshed(region)
    town = Municipality.objects.get(name="Заречный")
    methodist, address = client_of("methodist"), f"/study/{region.study.code}/towns/{town.pk}"

    def plain() -> str:
        return re.sub(r'value="\w{64}"', "", methodist.get(address).content.decode())

    before = plain()
    for who, login in (("A", "expert-a"), ("B", "expert-b")):
        seat = region.assign("selskaya-oosh", who, login)
        Seat.objects.filter(pk=seat.pk).update(data=json.dumps(case_data("selskaya-oosh")), state="locked", revision=7)
    assert plain() == before


def test_who_is_blind_to_a_school_counts_it_not(region: Region) -> None:
    """Somebody of the centre who assesses a school sees nothing of it in the figures until both have closed."""
    from vsoko_rules.web.hosted.kept_standings import counted_seats, opinion_seats
    from vsoko_rules.web.hosted.models import Membership, Seat

    closed_pair(region)
    send_all(region)
    expert = region.person("expert-a")
    Membership.objects.create(user=expert, study=region.study, role="centre")
    assert counted_seats(expert, region.study).count() == 3
    assert opinion_seats(expert, region.study).count() == 2
    Seat.objects.filter(who="B").update(state="open")
    codes = set(counted_seats(expert, region.study).values_list("school__code", flat=True))
    assert codes == {"selskaya-oosh", "samoproverka"}
    assert list(opinion_seats(expert, region.study).values_list("who", flat=True)) == ["A"]


def test_who_is_late_is_said(region: Region, client_of: Clients) -> None:
    from datetime import date

    from vsoko_rules.web.hosted.models import Municipality

    region.study.collect_until = date(2022, 5, 1)
    region.study.save()
    seat = region.seat("selskaya-oosh", "self")
    seat.state = "sent"
    seat.save()
    town = Municipality.objects.get(name="Заречный")
    address = f"/study/{region.study.code}/towns/{town.pk}"
    text = text_of(client_of("methodist").get(address))
    assert f"Срок прошёл, а документов нет: {region.schools['samoproverka'].name}." in text
    assert "срок прошёл" in text
    region.phase("assess")
    assert "срок прошёл" not in text_of(client_of("methodist").get(address)).lower()


def test_a_worker_assesses_what_waits(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.working import work_off

    send_all(region)
    client, address = client_of("centre"), f"/study/{region.study.code}"
    assert "Оценка школ" in text_of(client.get(f"{address}/figures"))
    assert client.post(f"{address}/orders/study_standings").status_code == 302
    work_off("работник")
    text = text_of(client.get(f"{address}/figures"))
    assert "Учтено: 3" in text
    assert "Оценка школ" not in text
