"""Two experts of one school do not know of one another until both have closed, whatever address they ask for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.hosted.pair import SCHOOL, closed_pair, reconciled
from tests.hosted.people import Region
from tests.hosted.routes import seat_addresses
from tests.hosted.test_sending import BLOCKS, assessed, revision_shown

if TYPE_CHECKING:
    from django.test import Client

    from vsoko_rules.web.hosted.models import Seat

Clients = Callable[[str], "Client"]
PARTS = {"row", "closed", "decision", "files_state", "disputes_news"}
"""pages that answer in another way where a part alone is asked for"""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def answered(client: Client, code: str) -> list[str]:
    """The addresses about a seat that answer anything but «there is nothing», by any method."""
    found = []
    for name, address in seat_addresses(code):
        told = client.get(address, HTTP_HX_REQUEST="true") if name in PARTS else client.get(address)
        found += [f"GET {name}: {told.status_code}"] if told.status_code != 404 else []
    for name, address in seat_addresses(code, "post"):
        typed = {"block": "B1", "reason": "Так.", "revision": "1", "outcome": "met", "comment": "Так.", "old": code}
        told = client.post(address, typed)
        found += [f"POST {name}: {told.status_code}"] if told.status_code != 404 else []
    return found


def with_agreed(region: Region, *states: str) -> dict[str, Seat]:
    """All seats of the school, the agreed one too, with A and B in these states: as when one of them was opened again
    after they had agreed on something."""
    reconciled(region)
    for who, state in zip("AB", states, strict=True):
        seat = region.seat(SCHOOL, who)
        seat.state = state
        seat.save()
    return {who: region.seat(SCHOOL, who) for who in ("self", "A", "B", "agreed")}


@pytest.mark.parametrize(
    ("login", "states", "phase"),
    [
        ("expert-a", ("open", "open"), "assess"),
        ("expert-a", ("locked", "open"), "reconcile"),
        ("expert-b", ("locked", "open"), "assess"),
        ("expert-b", ("open", "locked"), "closed"),
    ],
)
def test_no_address_tells_of_the_other_before_both_have_closed(
    login: str, states: tuple[str, str], phase: str, region: Region, client_of: Clients
) -> None:
    seats = with_agreed(region, *states)
    region.phase(phase)
    own, other = ("A", "B") if login == "expert-a" else ("B", "A")
    client = client_of(login)
    assert client.get(f"/s/{seats[own].code}/").status_code == 200
    for who in (other, "self", "agreed"):
        assert answered(client, seats[who].code) == [], (login, who)
    for page in ("compare", "last-year"):
        asked = client.get(f"/s/{seats[own].code}/{page}?old={seats[other].code}")
        assert asked.status_code in (302, 404), page


def test_after_both_have_closed_they_see_each_other_and_never_the_school(region: Region, client_of: Clients) -> None:
    seats = with_agreed(region, "locked", "locked")
    for login, other in (("expert-a", "B"), ("expert-b", "A")):
        client = client_of(login)
        for who in (other, "agreed"):
            assert client.get(f"/s/{seats[who].code}/").status_code == 200
            assert client.get(f"/s/{seats[who].code}/documents").status_code == 200
        assert answered(client, seats["self"].code) == []
        assert client.post(f"/s/{seats[other].code}/undo").status_code == 422


def test_who_has_seen_the_other_changes_nothing_unless_the_centre_says_why(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent

    seats = with_agreed(region, "locked", "locked")
    region.phase("assess")
    expert, centre, code = client_of("expert-a"), client_of("centre"), seats["A"].code
    why = {"reason": "Не открывался сайт школы"}
    assert expert.get(f"/s/{seats['B'].code}/").status_code == 200
    assert expert.post(f"/s/{code}/return", why).status_code == 404
    assert expert.post(f"/s/{code}/undo").status_code == 422
    assert centre.post(f"/s/{code}/return", {"reason": " "}).status_code == 422
    assert "независимым мнением не будет" in centre.get(f"/s/{code}/return").content.decode()
    assert region.seat(SCHOOL, "A").state == "locked"
    assert centre.post(f"/s/{code}/return", why).status_code == 302
    event = ChainEvent.objects.filter(kind="returned").get()
    assert json.loads(event.told) == {"who": "A", "why": why["reason"], "seen": True}
    assert answered(expert, seats["B"].code) == []
    shown = client_of("auditor").get("/trail").content.decode()
    assert "эксперты уже видели оценки друг друга: да" in shown


def test_nothing_is_said_of_having_seen_where_only_one_has_closed(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent

    seats = with_agreed(region, "locked", "open")
    region.phase("assess")
    centre = client_of("centre")
    assert "независимым мнением" not in centre.get(f"/s/{seats['A'].code}/return").content.decode()
    assert centre.post(f"/s/{seats['A'].code}/return", {"reason": "Ещё раз"}).status_code == 302
    assert "seen" not in json.loads(ChainEvent.objects.filter(kind="returned").get().told)


def test_others_see_nothing_of_a_pair(region: Region, client_of: Clients) -> None:
    seats = with_agreed(region, "locked", "locked")
    for login in ("expert-c", "other"):
        for who in ("self", "A", "B", "agreed"):
            assert answered(client_of(login), seats[who].code) == [], (login, who)
    for login in ("school", "methodist"):
        for who in ("A", "B", "agreed"):
            assert answered(client_of(login), seats[who].code) == [], (login, who)


def test_whoever_also_has_another_role_stays_blind(region: Region, client_of: Clients) -> None:
    """Someone of the centre, or a methodist of the municipality, who assesses a school sees what an expert sees."""
    from vsoko_rules.web.hosted.models import Membership

    seats = with_agreed(region, "open", "locked")
    town, expert = region.schools[SCHOOL].municipality, region.person("expert-a")
    Membership.objects.create(user=expert, role="methodist", study=region.study, municipality=town)
    Membership.objects.create(user=expert, role="centre")
    client = client_of("expert-a")
    assert client.get(f"/s/{seats['A'].code}/").status_code == 200
    for who in ("B", "self", "agreed"):
        assert answered(client, seats[who].code) == [], who


def test_what_the_other_does_changes_nothing_that_one_sees(region: Region, client_of: Clients) -> None:
    """Neither counts nor times nor numbers tell that the other has begun, changed, closed."""
    a, b = assessed(region, client_of)
    client, other = client_of("expert-a"), client_of("expert-b")
    client.post(f"/s/{a.code}/reviewed", {"block": BLOCKS[:2]})

    def seen() -> dict[str, str]:
        addresses = ["/", "/alive", *(address for _, address in seat_addresses(a.code))]
        pages = {each: client.get(each) for each in addresses}
        return {each: TOKEN.sub("", told.content.decode(errors="replace")) for each, told in pages.items()}

    before = seen()
    other.post(f"/s/{b.code}/reviewed", {"block": BLOCKS})
    other.post(f"/s/{b.code}/lock", {"revision": revision_shown(other, f"/s/{b.code}/lock")})
    assert region.seat(SCHOOL, "B").state == "locked"
    after = seen()
    assert [address for address in before if before[address] != after[address]] == []
    names = (region.person("expert-b").name, region.seat(SCHOOL, "B").code, region.seat(SCHOOL, "self").code)
    assert [(name, address) for address, text in after.items() for name in names if name in text] == []


def test_an_expert_of_a_control_school_sees_their_own_seat_alone(region: Region, client_of: Clients) -> None:
    closed_pair(region)
    own = region.assign(SCHOOL, "3", "expert-c")
    own.data = region.seat(SCHOOL, "A").data
    own.save()
    assert json.loads(own.data)
    client = client_of("expert-c")
    assert client.get(f"/s/{own.code}/").status_code == 200
    for who in ("A", "B", "self"):
        assert answered(client, region.seat(SCHOOL, who).code) == [], who
