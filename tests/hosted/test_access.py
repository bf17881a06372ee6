"""Who may ask which address by which method: every address, every role, every method, held against `ACCESS`."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.hosted.people import Region
from tests.hosted.walk import ASKING, FIELDS, UNKNOWN, Asked, World, addresses

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NOT_FOUND = 404
NOTHING_THERE = {
    "renew_recovery_codes": ASKING,  # nobody of them has set a second step up
    "new_study": ("centre-2",),  # only a centre of all studies begins one
    "study_step": ("centre-2",),  # the study is at its beginning
    "person_account": ("centre-2",),  # nobody switches themselves off
    "person_second_factor": ("centre-2",),  # nobody forgets their own
    "give_back": ("centre", "methodist"),  # experts have closed
}
"""addresses that may be asked for and lead to nothing in this world, and for whom"""


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


@pytest.fixture
def quiet() -> Iterator[None]:
    """Refusals are meant here: thousands of lines of a log say nothing."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("login", ["nobody", *ASKING])
def test_every_role_gets_what_the_table_says(
    login: str, world: World, quiet: None, server: Callable[..., None]
) -> None:
    """Of what is somebody's own it is asked until something is there; of what is not theirs, of each kind."""
    server(uploads=True)
    from vsoko_rules.web.hosted.access import ACCESS
    from vsoko_rules.web.hosted.access_table import may, routes

    who = world.roles(login) or {"nobody" if login == "nobody" else "no role"}
    faults: list[str] = []
    for route in routes():
        for method in METHODS:
            roles = ACCESS[route.name].by(method)
            walk = Walk(world, login, method, taken=roles is not None)
            allowed = roles is not None and any(may(roles, role) for role in who)
            faults += walk.allowed(route) if allowed else walk.refused(route)
    assert not faults, "\n".join(faults)


@dataclass(frozen=True)
class Walk:
    """What one asks, and what is wrong with the answers."""

    world: World
    login: str
    method: str
    taken: bool

    def refused(self, route: Any) -> list[str]:
        """At an address that is not for them, or not by that method."""
        asked = next(iter(addresses(route, self.world, self.login)))
        answer = self.world.ask(self.login, self.method, asked.address)
        signs_in = answer.status_code == 302 and answer["Location"].startswith("/sign-in")
        right = signs_in if self.login == "nobody" else answer.status_code == NOT_FOUND
        return [] if (right if self.taken else answer.status_code == 405) else [self._said(asked, answer)]

    def allowed(self, route: Any) -> list[str]:
        """At an address that is for them."""
        faults, there = [], False
        every = list(addresses(route, self.world, self.login))
        nothing = ""
        for asked in sorted(every, key=lambda asked: UNKNOWN not in asked.address):
            if asked.own and there:
                continue
            answer = self.world.ask(self.login, self.method, asked.address, FIELDS.get(route.name, ""))
            status, body = answer.status_code, _plain(answer)
            nothing = body if UNKNOWN in asked.address else nothing
            there = there or (asked.own and status != NOT_FOUND)
            right = status not in {401, 403, 405} if asked.own else (status, body) == (NOT_FOUND, nothing)
            faults += [] if right and status < 500 else [self._said(asked, answer)]
        if not there and any(asked.own for asked in every) and self.login not in NOTHING_THERE.get(route.name, ()):
            faults.append(f"{self.method} {route.name} by {self.login}: nothing is there of what is theirs")
        return faults

    def _said(self, asked: Asked, answer: Any) -> str:
        return (
            f"{self.method} {asked.address} by {self.login} ({'own' if asked.own else 'not own'}): {answer.status_code}"
        )


def _plain(answer: Any) -> str:
    """What an answer says, without the token of its forms."""
    if answer.streaming or "html" not in answer["Content-Type"]:
        return ""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
