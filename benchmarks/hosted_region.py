"""An invented region in a database, for measurements: schools whose cases have 60 documents each, two experts a school,
and what a year of their work leaves behind, with a chain that is whole."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from large import large_case
from vsoko_rules.case.write import plain_data
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.writing.yaml_edit import as_read

if TYPE_CHECKING:
    from vsoko_rules.web.hosted.models import SchoolEntry, Seat, StudyRound, User

TOWNS: Final = 30
_PORTION: Final = 500
_CLOCK: Final = datetime(2026, 1, 12, 6, tzinfo=timezone.utc)


def server_folder(folder: Path, database: str, port: int) -> Path:
    """The folder of a server on this machine."""
    from vsoko_rules.region.server_file import make_server

    path = make_server(folder, stated=database, hosts=(f"127.0.0.1:{port}",))
    text = path.read_text(encoding="utf-8").replace("port: 8080", f"port: {port}")
    path.write_text(text.replace("uploads: false", "uploads: true"), encoding="utf-8")
    return folder


def case(documents: int) -> dict[str, Any]:
    """A large case, every scalar a text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.yml"
        path.write_text(large_case(load(DEFAULT), documents), encoding="utf-8")
        data: dict[str, Any] = as_read(plain_data(open_case(path).content))
    return data


def fill(schools: int, experts: int, documents: int) -> tuple[StudyRound, list[User]]:
    """A study in which experts assess: each school has sent its case, A and B have it before them."""
    from vsoko_rules.web.hosted.models import Membership, Municipality, SchoolEntry, Seat, StudyRound, User
    from vsoko_rules.web.hosted.pinned import pin

    data = case(documents)
    study = StudyRound.objects.create(
        title="Замер", year=2022, starts=date(2021, 9, 1), ends=date(2022, 10, 31), ruleset=pin(DEFAULT), phase="assess"
    )
    towns = [Municipality.objects.create(study=study, name=f"Район {number:02}") for number in range(TOWNS)]
    people = [User(login=f"expert-{number}", name=f"Эксперт {number}") for number in range(experts)]
    people = User.objects.bulk_create(people)
    centre = User.objects.create(login="centre", name="Центр")
    Membership.objects.bulk_create(Membership(user=user, study=study, role="expert") for user in people)
    Membership.objects.create(user=centre, role="centre")
    entries = SchoolEntry.objects.bulk_create(_school(study, towns[n % TOWNS], n, data) for n in range(schools))
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for first in range(0, schools, _PORTION):
        rows = []
        for number, school in enumerate(entries[first : first + _PORTION], first):
            rows.append(Seat(school=school, who="self", state="sent", data=text))
            rows += [
                Seat(school=school, who=who, expert=people[(number + more) % experts], data=text)
                for who, more in (("A", 0), ("B", 1))
            ]
        Seat.objects.bulk_create(rows)
    return study, people


def fill_handing(schools: int, documents: int) -> list[tuple[User, Seat]]:
    """Schools of a study that still collects, each with somebody who fills it in."""
    from vsoko_rules.web.hosted.models import Membership, Municipality, Seat, StudyRound, User
    from vsoko_rules.web.hosted.pinned import pin

    data, made = case(documents), []
    study = StudyRound.objects.create(
        title="Файлы", year=2022, starts=date(2021, 9, 1), ends=date(2022, 10, 31), ruleset=pin(DEFAULT)
    )
    town = Municipality.objects.create(study=study, name="Район")
    for number in range(schools):
        school: SchoolEntry = _school(study, town, number, data)
        school.save()
        user = User.objects.create(login=f"school-{number}", name=f"Школа {number}")
        Membership.objects.create(user=user, study=study, role="school", school=school)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        made.append((user, Seat.objects.create(school=school, who="self", data=text)))
    return made


def _school(study: StudyRound, town: Any, number: int, data: dict[str, Any]) -> SchoolEntry:
    from vsoko_rules.web.hosted.models import SchoolEntry

    return SchoolEntry(
        study=study, municipality=town, code=f"s{number:04}", name=f"Школа № {number}",
        levels=data["school"]["levels"], counts=data["school"]["counts"],
    )  # fmt: skip


def live_through(study: StudyRound, edits: int) -> int:
    """Write so many edits of every seat of an expert as events, with a chain that is whole; returns how many."""
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import ChainEvent, ChainHead, Seat

    head, count = "", 0
    rows: list[ChainEvent] = []
    for event in _year(list(Seat.objects.filter(expert__isnull=False).select_related("expert").only(
        "code", "expert__name")), study.code, edits):  # fmt: skip
        event.previous = head
        event.digest = head = chain.digest_of(event)
        rows.append(event)
        count += 1
        if len(rows) == 10 * _PORTION:
            ChainEvent.objects.bulk_create(rows)
            rows = []
    ChainEvent.objects.bulk_create(rows)
    ChainHead.objects.update(digest=head, count=count)
    Seat.objects.filter(expert__isnull=False).update(revision=edits)
    return count


def _year(seats: list[Any], study: str, edits: int) -> Iterator[Any]:
    """The boxes of a document ticked or cleared, in turn of all seats."""
    from vsoko_rules.web.hosted.models import ChainEvent

    document = case(1)["documents"][0]
    for number in range(edits):
        row = {**document, "title": f"Приказ {number}"}
        told = json.dumps([["documents", "d001", {**row, "holds": []}, row, 0]], ensure_ascii=False)
        for place, seat in enumerate(seats):
            at = _CLOCK + timedelta(seconds=30 * number * 100 + place // 20)
            yield ChainEvent(
                study=study, seat=seat.code, user=seat.expert_id, name=seat.expert.name,
                at=at.isoformat(timespec="milliseconds"), kind="edit", told=told,
            )  # fmt: skip


def session_of(user: Any) -> str:
    """A session of somebody, as signing in makes it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from vsoko_rules.web.hosted.sessions import SessionStore

    made = SessionStore()
    made[SESSION_KEY] = str(user.pk)
    made[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    made[HASH_SESSION_KEY] = user.get_session_auth_hash()
    made.create()
    return str(made.session_key)
