"""A school held against its own seat of an earlier study, and rows of it taken over."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from tests.hosted.pair import SCHOOL
from tests.hosted.people import Region, case_data

if TYPE_CHECKING:
    from django.test import Client

    from vsoko_rules.web.hosted.models import Seat

Clients = Callable[[str], "Client"]


def last_year(region: Region, school: str = SCHOOL) -> Seat:
    """The seat of a school in the study of the year before, with fewer documents; its people are the same."""
    from vsoko_rules.web.hosted.models import Membership, Municipality, SchoolEntry, Seat, StudyRound

    study = StudyRound.objects.create(
        title="Прошлый год", year=2021, starts=date(2020, 9, 1), ends=date(2021, 8, 31), phase="closed",
        ruleset=region.study.ruleset,
    )  # fmt: skip
    town = Municipality.objects.create(study=study, name="Приозёрск")
    data = case_data(school)
    entry = SchoolEntry.objects.create(study=study, municipality=town, code=school, name=data["school"]["name"])
    data["study"] = {**data["study"], "year": "2021"}
    data["documents"] = [d for d in data["documents"] if d["id"] != "komanda"]
    for document in data["documents"]:
        for link in ("based_on", "approved_by", "annex_of", "amends", "evidence"):
            document.pop(link, None)
    Membership.objects.create(user=region.person("school"), role="school", study=study, school=entry)
    seat: Seat = Seat.objects.create(school=entry, who="self", state="sent", data=json.dumps(data))
    return seat


def test_a_school_is_compared_with_its_own_seat_of_last_year(region: Region, client_of: Clients) -> None:
    old, code = last_year(region).code, region.seat(SCHOOL, "self").code
    client = client_of("school")
    assert "Прошлый год, 2021: " in client.get(f"/s/{code}/compare").content.decode()
    text = client.get(f"/s/{code}/compare?old={old}").content.decode()
    assert "2021 → 2022" in text.replace("\u00a0", " ")
    assert "Полных линий" in text
    assert client_of("centre").get(f"/s/{code}/compare?old={old}").status_code == 200


def test_rows_of_last_year_are_taken_over(region: Region, client_of: Clients) -> None:
    old, seat = last_year(region).code, region.seat(SCHOOL, "self")
    seat.data = json.dumps({key: json.loads(seat.data)[key] for key in ("school", "study")} | {"documents": []})
    seat.save()
    client = client_of("school")
    assert client.get(f"/s/{seat.code}/last-year?old={old}").status_code == 200
    taken = client.post(f"/s/{seat.code}/last-year", {"old": old, "line": ["polozhenie"]})
    assert taken.status_code == 302
    (row,) = json.loads(region.seat(SCHOOL, "self").data)["documents"]
    assert "holds" not in row


def test_the_year_before_of_another_school_is_not_there(region: Region, client_of: Clients) -> None:
    old, code = last_year(region).code, region.seat("selskaya-oosh", "self").code
    assert client_of("other").get(f"/s/{code}/compare?old={old}").status_code == 404
    assert client_of("other").get(f"/s/{code}/last-year?old={old}").status_code == 404
