"""Who may ask which address by which method: every address, every role, every method, held against `ACCESS`."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from tests.hosted.people import Region
from tests.hosted.walk import UNKNOWN, World, addresses

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
NOT_FOUND = 404
NOTHING_THERE = {
    "renew_recovery_codes": "nobody of them has set a second step up",
}
"""addresses that may be asked for and lead to nothing in this world, and why"""


@pytest.fixture
def world(region: Region) -> World:
    return World.made(region)


def test_the_page_about_access_is_as_it_would_be_made_now(region: Region) -> None:
    from vsoko_rules.web.hosted.access_table import PAGE, access_page

    stale = "docs/access.ru.md is stale: run `python -m vsoko_rules.web.hosted.access_table`"
    assert PAGE.read_text(encoding="utf-8") == access_page(), stale


def test_every_address_is_listed_and_every_line_is_an_address(region: Region) -> None:
    from vsoko_rules.web.hosted.access import ACCESS
    from vsoko_rules.web.hosted.access_table import routes

    names = [route.name for route in routes()]
    assert sorted(names) == sorted(ACCESS)
    assert len(names) == len(set(names))


def test_an_address_that_is_not_listed_is_asked_by_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from vsoko_rules.web.hosted import access

    monkeypatch.delitem(access.ACCESS, "schools")
    for login in world.people:
        assert world.ask(login, "GET", "/").status_code == NOT_FOUND


def test_every_role_gets_what_the_table_says(world: World) -> None:
    from vsoko_rules.web.hosted.access import ACCESS
    from vsoko_rules.web.hosted.access_table import may, routes

    faults: list[str] = []
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for route in routes():
        for login in world.people:
            for method in METHODS:
                roles = ACCESS[route.name].by(method)
                allowed = roles is not None and any(
                    may(roles, who) for who in (world.roles(login) or {"nobody" if login == "nobody" else "none"})
                )
                faults += _walked(world, route, login, method, roles is not None, allowed, found)
    assert faults == []
    empty = {name for (name, _), codes in found.items() if codes <= {NOT_FOUND}} - NOTHING_THERE.keys()
    assert empty == set(), "nobody who may ask for them found anything there"


def _walked(world: World, route: object, login: str, method: str, taken: bool, allowed: bool, found: dict) -> list[str]:  # type: ignore[type-arg]
    """What is wrong with the answers at one address."""
    faults: list[str] = []
    nothing = ""
    asked = list(addresses(route, world, login))  # type: ignore[arg-type]
    for each in reversed(asked if allowed else asked[:1]):
        answer = world.ask(login, method, each.address)
        status, here = answer.status_code, f"{method} {each.address} by {login}: {answer.status_code}"
        if status >= 500:
            faults.append(here)
        elif not taken:
            faults += [here] if status != 405 else []
        elif not allowed:
            signs_in = status == 302 and answer["Location"].startswith("/sign-in")
            faults += [here] if not (signs_in if login == "nobody" else status == NOT_FOUND) else []
        elif not each.own:
            body = _plain(answer.content.decode())
            nothing = nothing or (body if UNKNOWN in each.address else "")
            faults += [f"{here}, not as of what is not there"] if (status, body) != (NOT_FOUND, nothing) else []
        else:
            faults += [here] if status in {401, 403, 405} else []
            found[route.name, method].add(status)  # type: ignore[attr-defined]
    return faults


def _plain(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
