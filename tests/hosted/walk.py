"""Every address of the server with what there is to put into it: of one's own, of others, and of nobody.

Whoever adds an address with a part of a new kind adds it to `PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.hosted.conftest import HOST
from tests.hosted.pair import SCHOOL, reconciled
from tests.hosted.people import Region

if TYPE_CHECKING:
    from django.urls import URLPattern

ASKING: Final = ("centre", "centre-2", "methodist", "expert-a", "school", "auditor", "no-role")
"""who asks, beside nobody: each role once, a centre of another study, and somebody without a role"""
FORM: Final = "application/x-www-form-urlencoded"
UNKNOWN: Final = "nobody-has-me"
"""a code that nothing has"""


@dataclass
class World:
    """A study whose first school is at its agreed seat, another study with a centre of its own, and who asks."""

    region: Region
    elsewhere: Any
    people: dict[str, Any]
    """by login; `nobody` is none"""
    keys: dict[str, str] = field(default_factory=dict)

    @classmethod
    def made(cls, region: Region) -> World:
        """Put it into the database, everybody signed in."""
        from django.test import Client

        from vsoko_rules.web.hosted.accounts import invite
        from vsoko_rules.web.hosted.models import Membership, Municipality, SchoolEntry, StudyRound, User

        reconciled(region)
        region.seat(SCHOOL, "agreed")
        elsewhere = StudyRound.objects.create(
            title="Чужое исследование", year=2023, starts=date(2022, 9, 1), ends=date(2023, 8, 31),
            ruleset=region.study.ruleset,
        )  # fmt: skip
        local = User.objects.create(login="centre-2", name="Центр другого исследования")
        Membership.objects.create(user=local, role="centre", study=elsewhere)
        nothing = User.objects.create(login="no-role", name="Без роли")
        region.users |= {"centre-2": local, "no-role": nothing}
        made = cls(region, elsewhere, {"nobody": None, **{login: region.users[login] for login in ASKING}})
        for login in (*ASKING, "expert-b"):
            user = region.users[login]
            client = Client()
            client.force_login(user)
            made.keys[login] = client.cookies["vsoko"].value
        town = Municipality.objects.create(study=elsewhere, name="Дальний")
        far = SchoolEntry.objects.create(study=elsewhere, municipality=town, code="far", name="Дальняя")
        made.school_elsewhere = far
        for login in ASKING:
            made.works[login] = _work(region.users[login], elsewhere if login == "centre-2" else region.study)
        made.put_files()
        made.token = invite(User.objects.create(login="invited", name="Приглашённый"), None).rpartition("/")[2]
        return made

    token: str = ""
    works: dict[str, str] = field(default_factory=dict)
    """codes of work that is done, by who asked for it"""
    school_elsewhere: Any = None
    client: Any = None
    _owned: dict[tuple[Owned, str], tuple[list[str], list[str]]] = field(default_factory=dict)
    file: Any = None
    file_elsewhere: Any = None

    def put_files(self) -> None:
        """A file that every seat uses, and one that none does."""
        from vsoko_rules.web.hosted.models import FileUse, Seat
        from vsoko_rules.web.hosted.stored_content import keep_content

        self.file, self.file_elsewhere = keep_content(b"file"), keep_content(b"another")
        FileUse.objects.bulk_create(
            FileUse(seat=seat, name="Приказ.txt", file=self.file) for seat in Seat.objects.all()
        )

    def ask(self, login: str, method: str, address: str, sent: str = "") -> Any:
        """The answer to somebody, after which everything is as it was."""
        from django.db import transaction
        from django.test import Client

        if self.client is None:  # one for all: each makes the middleware of the server anew
            named: Any = {"HTTP_HOST": HOST}
            self.client = Client(raise_request_exception=False, **named)
        client = self.client
        client.cookies.clear()
        if login in self.keys:
            client.cookies["vsoko"] = self.keys[login]
        if method not in {"GET", "HEAD", "POST"}:
            return client.generic(method, address)
        with transaction.atomic():
            answer: Any = client.generic(method, address, sent.encode(), content_type=FORM)
            _ = answer.content if not answer.streaming else b""
            transaction.set_rollback(True)
        return answer

    def owned(self, owner: Owned, login: str) -> tuple[list[str], list[str]]:
        """Codes of what is somebody's own and of what is not; asking changes neither."""
        if (owner, login) not in self._owned:
            self._owned[owner, login] = owner(self, login) if self.people[login] else ([], [])
        return self._owned[owner, login]

    def roles(self, login: str) -> set[str]:
        """The roles of somebody; nobody has none."""
        user = self.people[login]
        return set() if user is None else {membership.role for membership in user.memberships.all()}


def _seats(world: World, login: str) -> tuple[list[str], list[str]]:
    """Codes of seats that somebody sees, and of those that they do not: of each kind one."""
    from vsoko_rules.web.hosted.models import Seat

    seen = set(Seat.objects.visible_to(world.people[login]).values_list("code", flat=True))
    every = list(Seat.objects.order_by("pk").values_list("code", "who"))
    own, foreign = ({who: code for code, who in every if (code in seen) is here} for here in (True, False))
    return list(own.values()), list(foreign.values())


def _studies(world: World, login: str) -> tuple[list[str], list[str]]:
    """Codes of studies that somebody runs, and of the others."""
    from vsoko_rules.web.hosted.models import StudyRound

    every = set(StudyRound.objects.values_list("code", flat=True))
    own = set(StudyRound.objects.run_by(world.people[login]).values_list("code", flat=True))
    first = (world.elsewhere if login == "centre-2" else world.region.study).code
    return sorted(own, key=lambda code: (code != first, code)), sorted(every - own)


def _work(user: Any, study: Any) -> str:
    """Work of somebody that is done: its code."""
    from vsoko_rules.web.hosted.models import Work
    from vsoko_rules.web.hosted.stored_content import keep_content

    told = {"rows": [], "digest": ""}
    made = Work.objects.create(
        kind="cases_preview", by=user, study=study, state="done", told=told,
        asked={"who": "self", "close": False, "file": "0" * 64}, result=keep_content(b"done"), name="done.txt",
    )  # fmt: skip
    return str(made.code)


def _works(world: World, login: str) -> tuple[list[str], list[str]]:
    """Codes of work that somebody sees, and of the other."""
    from vsoko_rules.web.hosted.work import work_seen_by

    own = set(work_seen_by(world.people[login]).values_list("code", flat=True))
    return sorted(own), sorted(set(world.works.values()) - own)


def _sessions(world: World, login: str) -> tuple[list[str], list[str]]:
    from vsoko_rules.web.hosted.sessions import kept_key, shown_row

    shown = {name: shown_row(kept_key(key)) for name, key in world.keys.items()}
    return [shown[login]], [shown["expert-b" if login != "expert-b" else "expert-a"]]


Owned = Callable[[World, str], tuple[list[str], list[str]]]
OWNED: Final[dict[str, Owned]] = {"s/": _seats, "study/": _studies, "me/sessions/": _sessions, "work/": _works}
"""by how an address begins: what its first part names is of somebody"""

PARTS: Final[dict[str, Callable[[World], str]]] = {
    "name": lambda _: "page.css",
    "token": lambda world: world.token,
    "step": lambda _: "0",
    "kind": lambda _: "report",
    "number": lambda _: "1",
    "document": lambda _: "komanda",
    "row": lambda _: "komanda",
    "people/key": lambda world: str(world.region.users["expert-b"].pk),
    "schools/key": lambda world: str(world.region.schools[SCHOOL].pk),
    "towns/key": lambda world: str(world.region.schools[SCHOOL].municipality_id),
    "orders/kind": lambda _: "study_letters",
    "cases/work": lambda world: world.works["centre"],
    "of/sha256": lambda world: world.file.sha256,
    "role": lambda _: "expert",
    "to": lambda _: "closed",
    "ending": lambda _: "yml",
    "of": lambda _: "B1-M01",
    "element": lambda _: "B1-M01",
}
"""what else there is in addresses, with the word before it where that tells what it is: of the first school where it is
somebody's"""

ELSEWHERE: Final[dict[str, Callable[[World], str]]] = {
    "people/key": lambda world: str(world.region.users["centre-2"].pk),
    "schools/key": lambda world: str(world.school_elsewhere.pk),
    "towns/key": lambda world: str(world.school_elsewhere.municipality_id),
    "cases/work": lambda world: world.works["centre-2"],
    "of/sha256": lambda world: world.file_elsewhere.sha256,
}
"""the same of another study"""

FIELDS: Final = {"new_person": "role=expert", "person_role": "role=expert", "person_account": "active=0"}
"""what is sent to addresses that lead nowhere without it"""


@dataclass(frozen=True)
class Asked:
    """An address with everything put into it; `own`: whether what it is about is there for who asks."""

    address: str
    own: bool


def addresses(route: URLPattern, world: World, login: str) -> Iterator[Asked]:
    """An address as somebody may type it: about what they see, what they do not, and what there is not."""
    pattern = str(route.pattern)
    names = list(route.pattern.converters)
    owner = next((of for start, of in OWNED.items() if pattern.startswith(start) and names), None)
    parts = {name: _part(pattern, name) for name in (names[1:] if owner else names)}
    theirs, others = (PARTS, PARTS | ELSEWHERE) if login != "centre-2" else (PARTS | ELSEWHERE, PARTS)
    fixed = {name: theirs[part](world) for name, part in parts.items()}
    if owner is None:
        yield Asked(_address(pattern, fixed), True)
        return
    own, foreign = world.owned(owner, login)
    for code in (*own, *foreign, UNKNOWN):
        yield Asked(_address(pattern, {names[0]: code, **fixed}), code in own)
    foreign_parts = {name: others[part](world) for name, part in parts.items() if part in ELSEWHERE}
    if foreign_parts and own:
        yield Asked(_address(pattern, {names[0]: own[0], **fixed, **foreign_parts}), False)


def _part(pattern: str, name: str) -> str:
    """What a part of an address is called in `PARTS`."""
    before = pattern.partition(f":{name}>")[0].rpartition("/")[0].rpartition("/")[2]
    part = next((part for part in (f"{before}/{name}", name) if part in PARTS), None)
    if part is None:
        pytest.fail(f"/{pattern}: say in PARTS of {__name__} what «{name}» may be")
    return part


def _address(pattern: str, parts: dict[str, Any]) -> str:
    for name, value in parts.items():
        for converter in ("str", "int"):
            pattern = pattern.replace(f"<{converter}:{name}>", str(value))
    assert "<" not in pattern, pattern
    return f"/{pattern}"
