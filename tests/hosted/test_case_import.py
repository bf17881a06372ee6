"""A study that was made with files, taken over: looked at first, one transaction, events, and back out the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.hosted.conftest import BOTH
from tests.hosted.people import Region, case_data
from tests.hosted.test_centre_pages import text_of
from tests.hosted.test_region_papers import made, taken, unpacked

if TYPE_CHECKING:
    from django.test import Client

Clients = Callable[[str], "Client"]
KNOWN = "selskaya-oosh"


def yaml_of(code: str, school: str, **changes: Any) -> bytes:
    """A shipped case as a file of a school with another code."""
    from vsoko_rules.case.write import as_yaml
    from vsoko_rules.workspace.opening import open_case

    data = case_data(code)
    data["school"] |= {"id": school, **changes.pop("school", {})}
    return as_yaml(open_case({**data, **changes}).content).encode()


def archive(**files: bytes) -> BytesIO:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as made_of:
        for name, content in files.items():
            made_of.writestr(name.replace("__", "/").replace("_", "."), content)
    stream.seek(0)
    stream.name = "школы.zip"
    return stream


def handed(client: Client, region: Region, *files: BytesIO, who: str = "self", **more: str) -> str:
    """Hand files over and have them read; returns the address of the preview."""
    from vsoko_rules.web.hosted.working import work_off

    answer = client.post(f"/study/{region.study.code}/cases", {"files": list(files), "who": who, **more})
    assert answer.status_code == 302, text_of(answer)
    assert "ждёт очереди" in text_of(client.get(answer["Location"]))
    work_off("работник")
    return str(answer["Location"])


def confirmed(client: Client, address: str) -> Any:
    """Take in what a preview shows."""
    from vsoko_rules.web.hosted.models import Work
    from vsoko_rules.web.hosted.working import work_off

    answer = client.post(address)
    assert answer.status_code == 302
    work_off("работник")
    return Work.objects.get(code=answer["Location"].split("/")[-1])


@BOTH
def test_files_are_shown_then_taken_in(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import ChainEvent, SchoolEntry, Seat, Snapshot

    client = client_of("centre")
    wrong = yaml_of("samoproverka", "slomana").replace("НОО".encode(), "ШКОЛА".encode())
    files = archive(
        папка__known_yml=yaml_of(KNOWN, KNOWN), new_yml=yaml_of("samoproverka", "novaya"), wrong_yml=wrong,
        readme_txt="прочти".encode(),
    )  # fmt: skip
    before = Seat.objects.count()
    address = handed(client, region, files, close="1")
    text = text_of(client.get(address))
    assert "Школы, которые здесь есть: 1. Новые школы: 1. С ошибками: 1." in text
    assert "wrong.yml:" in text
    assert "novaya" in text
    assert Seat.objects.count() == before
    work = confirmed(client, address)
    assert (work.state, work.told) == ("done", {"taken": 2, "left": 1})
    assert "Перенесено школ: 2." in text_of(client.get(f"/work/{work.code}"))
    new = SchoolEntry.objects.get(code="novaya")
    assert new.municipality.name == case_data("samoproverka")["school"]["municipality"]
    seats = Seat.objects.filter(school__code__in=("novaya", KNOWN), who="self")
    assert set(seats.values_list("state", flat=True)) == {"sent"}
    assert Snapshot.objects.filter(why="sent", seat__in=seats).count() == 2
    assert len(json.loads(seats.get(school=new).data)["documents"]) == len(case_data("samoproverka")["documents"])
    kinds = list(ChainEvent.objects.order_by("number").values_list("kind", flat=True))
    assert kinds.count("sent") == 2
    assert kinds[-1] == "cases_imported"
    assert chain.verify().fault is None
    again = text_of(client.get(handed(client, region, archive(a_yml=yaml_of(KNOWN, KNOWN)), close="1")))
    assert "это место уже закрыто" in again


def test_what_goes_in_comes_out(region: Region, client_of: Clients) -> None:
    from vsoko_rules.workspace.opening import open_case

    client = client_of("centre")
    given = yaml_of("gorodskaya-sosh", "novaya")
    confirmed(client, handed(client, region, archive(a_yml=given), close="1"))
    study = f"/study/{region.study.code}/orders"
    out = unpacked(taken(client, made(client, f"{study}/study_cases")))["школы/novaya.yml"]
    assert open_case(out).content == open_case(given).content
    form = unpacked(taken(client, made(client, f"{study}/study_forms")))["школы/novaya.xlsx"]
    assert open_case(form, "форма.xlsx").content.documents == open_case(given).content.documents


def test_experts_and_what_was_agreed_are_taken_in(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Seat, Snapshot

    client = client_of("centre")
    region.assign(KNOWN, "A", "expert-a")
    for who in ("A", "B", "agreed"):
        work = confirmed(client, handed(client, region, archive(a_yml=yaml_of(KNOWN, KNOWN)), who=who, close="1"))
        assert work.told == {"taken": 1, "left": 0}
    seats = {seat.who: seat for seat in Seat.objects.filter(school__code=KNOWN)}
    assert {who: seat.state for who, seat in seats.items() if who != "self"} == dict.fromkeys(
        ("A", "B", "agreed"), "locked"
    )
    assert seats["A"].expert == region.person("expert-a")
    assert set(Snapshot.objects.values_list("why", flat=True)) == {"locked", "decided"}
    assert client.get(f"/s/{seats['agreed'].code}/").status_code == 200
    assert client.get(f"/study/{region.study.code}/schools").status_code == 200


def test_what_an_expert_began_stays(region: Region, client_of: Clients) -> None:
    seat = region.assign(KNOWN, "A", "expert-a")
    seat.data, seat.revision = json.dumps(case_data(KNOWN)), 5
    seat.save()
    client = client_of("centre")
    text = text_of(client.get(handed(client, region, archive(a_yml=yaml_of("samoproverka", KNOWN)), who="A")))
    assert "на этом месте уже работают" in text
    assert "Перенести школ" not in text


def test_a_study_that_moved_on_is_not_written_to(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent, SchoolEntry

    client = client_of("centre")
    files = archive(a_yml=yaml_of(KNOWN, KNOWN), b_yml=yaml_of("samoproverka", "novaya"))
    address = handed(client, region, files)
    seat = region.seat(KNOWN, "self")
    seat.state = "sent"
    seat.save()
    events = ChainEvent.objects.count()
    work = confirmed(client, address)
    assert work.state == "failed"
    assert "тем временем" in text_of(client.get(f"/work/{work.code}"))
    assert not SchoolEntry.objects.filter(code="novaya").exists()
    assert ChainEvent.objects.count() == events + 2  # asked for, failed


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("школа.yml", b"school: {id: a}", "школа.yml"),
        ("школы.zip", b"no archive", "не архив ZIP"),
        ("картинка.png", b"\x89PNG", "нет ни одного файла школы"),
        ("форма.xlsx", b"PK\x03\x04 damaged", "форма.xlsx"),
    ],
)
def test_bad_files_are_told(name: str, content: bytes, told: str, region: Region, client_of: Clients) -> None:
    file = BytesIO(content)
    file.name = name
    client = client_of("centre")
    assert told in text_of(client.get(handed(client, region, file)))


def test_another_year_and_a_school_twice_are_wrong(region: Region, client_of: Clients) -> None:
    client = client_of("centre")
    other = {"year": "2021", "from": "2020-09-01", "to": "2021-08-31"}
    files = archive(
        a_yml=yaml_of(KNOWN, KNOWN), b_yml=yaml_of(KNOWN, KNOWN), c_yml=yaml_of("samoproverka", "c", study=other)
    )
    text = text_of(client.get(handed(client, region, files)))
    assert "школа уже описана в файле a.yml" in text
    assert "С ошибками: 2." in text


def test_only_the_centre_takes_files_in(region: Region, client_of: Clients) -> None:
    centre = client_of("centre")
    address = handed(centre, region, archive(a_yml=yaml_of(KNOWN, KNOWN)))
    for login in ("methodist", "expert-a", "school", "auditor"):
        client = client_of(login)
        assert client.get(f"/study/{region.study.code}/cases").status_code == 404
        assert client.post(f"/study/{region.study.code}/cases", {"who": "self"}).status_code == 404
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert centre.post(f"/study/{region.study.code}/cases", {"who": "self"}).status_code == 422
