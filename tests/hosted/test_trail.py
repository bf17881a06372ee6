"""What happened: seen by the centre and auditors, filtered, taken away, verified by `vsoko audit`."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.commands import vsoko
from tests.hosted.conftest import BOTH, server_text
from tests.hosted.people import Region

if TYPE_CHECKING:
    from django.test import Client

Clients = Callable[[str], "Client"]


def edit(region: Region, login: str, school: str, title: str) -> None:
    """Give the first document of a school another title, at the desk of somebody."""
    from vsoko_rules.web.hosted.seat_desk import SeatDesk, seat_path

    def changed(data: Any) -> Any:
        first, *rest = data["documents"]
        return {**data, "documents": [{**first, "title": title}, *rest]}

    SeatDesk(region.person(login)).change(seat_path(region.seat(school, "self").code), changed)


def text_of(client: Client, address: str) -> str:
    """The words of a page, without spaces that are only there for lines."""
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()).replace("\u00a0", " ")


@BOTH
def test_the_trail_says_who_changed_what_and_what_it_was(region: Region, client_of: Clients) -> None:
    before = json.loads(region.seat("gorodskaya-sosh", "self").data)["documents"][0]["title"]
    edit(region, "school", "gorodskaya-sosh", "Приказ <о> группе")
    for login in ("auditor", "centre"):
        told = text_of(client_of(login), "/trail")
        assert "Изменено" in told
        assert "Пробный человек school" in told
        assert f"было «{before.replace('«', '„').replace('»', '“')}»" in told or before in told
        assert "Приказ &lt;о&gt; группе" in told
        assert "Приозёрск, место школы" in told


def test_a_ground_is_told_by_its_name(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.seat_desk import SeatDesk, seat_path

    def changed(data: Any) -> Any:
        first, second, *rest = data["documents"]
        named = {**first, "title": "Положение-основание"}
        return {**data, "documents": [named, {**second, "title": "Опора", "based_on": [first["id"]]}, *rest]}

    SeatDesk(region.person("school")).change(seat_path(region.seat("gorodskaya-sosh", "self").code), changed)
    told = text_of(client_of("auditor"), "/trail")
    assert "Опора" in told, told
    assert "стало «„Положение-основание“»" in told or "стало «Положение-основание»" in told, told


def test_what_is_said_of_a_document_and_of_a_person_is_told_in_words(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.accounts import invite
    from vsoko_rules.web.hosted.seat_desk import SeatDesk, seat_path

    def changed(data: Any) -> Any:
        first, second, *rest = data["documents"]
        claims = [{"claim": f"based_on {first['id']}", "state": "proposed"}, {"claim": "deadlines"}]
        return {**data, "documents": [{**first, "title": "Основа"}, {**second, "evidence": claims}, *rest]}

    SeatDesk(region.person("school")).change(seat_path(region.seat("gorodskaya-sosh", "self").code), changed)
    invite(region.person("expert-a"), region.person("centre"))
    told = text_of(client_of("auditor"), "/trail")
    assert "основание «Основа» — предложено программой" in told.replace("„", "«").replace("“", "»"), told
    assert "based_on" not in told
    assert "человек: Пробный человек expert-a" in told


def test_others_do_not_see_it(client_of: Clients) -> None:
    for login in ("expert-a", "school", "methodist"):
        assert client_of(login).get("/trail").status_code == 404
        assert client_of(login).post("/trail/export").status_code == 404


def test_an_auditor_of_one_study_sees_that_study(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted import event_chain as chain

    region.person("auditor").memberships.update(study=region.study)
    chain.append("switched_off", user=region.person("centre"))
    chain.append("step", user=region.person("centre"), study=region.study.code, told={"reason": "свой"})
    chain.append("step", user=region.person("centre"), study="другое", told={"reason": "чужой"})
    for address in ("/trail", "/trail?study=другое", f"/trail?study={region.study.code}"):
        told = text_of(client_of("auditor"), address)
        assert "чужой" not in told
        assert "Вход закрыт" not in told
    assert "свой" in text_of(client_of("auditor"), "/trail")
    told = text_of(client_of("centre"), "/trail")
    assert "чужой" in told
    assert "Вход закрыт" in told


@BOTH
def test_it_is_filtered_and_paged(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import ChainEvent
    from vsoko_rules.web.hosted.trail import ON_A_PAGE

    edit(region, "school", "gorodskaya-sosh", "Первый")
    edit(region, "other", "selskaya-oosh", "Второй")
    client = client_of("auditor")
    by_study = f"study={region.study.code}"
    for query in (f"{by_study}&school=gorodskaya-sosh", "person=school", "person=человек school"):
        told = text_of(client, f"/trail?{query}")
        assert ("Первый" in told, "Второй" in told) == (True, False)
    assert "Таких записей нет" in text_of(client, "/trail?day=2001-01-01")
    assert "Первый" in text_of(client, "/trail?day=вчера")
    days = {datetime.fromisoformat(each.at).astimezone().date() for each in ChainEvent.objects.all()}
    assert any("Второй" in text_of(client, f"/trail?day={day}") for day in days)
    for number in range(ON_A_PAGE):
        chain.append("step", user=region.person("centre"), study=region.study.code, told={"reason": f"шаг-{number}."})
    first = client.get(f"/trail?{by_study}").content.decode()
    assert "шаг-0." in first
    assert "Второй" not in first
    older = re.search(r'href="(/trail\?[^"]*before=\d+)"', first)
    assert older is not None
    told = text_of(client, older[1].replace("&amp;", "&"))
    assert "Первый" in told
    assert "шаг-" not in told


def test_events_are_told_in_words(region: Region, client_of: Clients) -> None:
    """A name is that of a person, a school or a file; what was confirmed and decided stands as it was on the page."""
    from vsoko_rules.web.hosted import event_chain as chain

    told: list[tuple[str, dict[str, Any], str]] = [
        ("role_given", {"login": "i", "name": "Липина Вера", "schools": []}, "имя: Липина Вера; школы: пусто"),
        ("school_added", {"code": "zar-1", "name": "Озёрная", "counts": {}}, "название: Озёрная; численность: пусто"),
        ("files_added", {"files": [{"name": "Приказ.pdf", "size": 5}]}, "файл: Приказ.pdf"),
        ("step", {"to": "reconcile", "known": ["not_locked:9", "early:1"]},
         "подтверждено: 9 школ закрыли не оба эксперта, срок этой фазы ещё не вышел: остался 1 день"),
        ("proposed", {"outcome": "met", "by": "Анна", "at": "2026-11-27"}, "итог: выполнено; кто предложил: Анна;"),
    ]  # fmt: skip
    for kind, data, _ in told:
        chain.append(kind, user=region.person("centre"), study=region.study.code, told=data)
    page = text_of(client_of("auditor"), "/trail").replace("\u00a0", " ")
    assert [words for _, _, words in told if words not in page] == []


def test_a_page_takes_few_questions(region: Region, client_of: Clients) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(40):
        edit(region, "school", "gorodskaya-sosh", f"Название {number}")
    client = client_of("auditor")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/trail?study={region.study.code}").status_code == 200
    assert len(asked) <= 14, [each["sql"] for each in asked]
    assert not any("OFFSET" in each["sql"] for each in asked)


@BOTH
def test_taking_it_away_is_an_event_and_the_file_can_be_verified(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import ChainEvent

    edit(region, "school", "gorodskaya-sosh", "Первый")
    response: Any = client_of("auditor").post("/trail/export")
    assert response["Content-Disposition"].startswith("attachment")
    lines = [json.loads(line) for line in b"".join(response.streaming_content).decode().splitlines()]
    assert [line["kind"] for line in lines] == ["edit", "export"]
    assert lines[-1]["user"] == region.person("auditor").pk
    assert [chain.digest_of(ChainEvent(**line)) for line in lines] == [line["digest"] for line in lines]


def test_what_others_take_of_a_school_is_an_event(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent

    code = region.seat("gorodskaya-sosh", "self").code
    assert client_of("school").get(f"/s/{code}/papers/txt").status_code == 200
    assert ChainEvent.objects.count() == 0
    assert client_of("centre").get(f"/s/{code}/papers/txt").status_code == 200
    event = ChainEvent.objects.get()
    assert (event.kind, event.user, event.seat) == ("export", region.person("centre").pk, code)
    assert json.loads(event.told) == {"what": "paper", "name": "sos-012.txt"}


def test_every_kind_of_event_has_words() -> None:
    from vsoko_rules.resources import shipped
    from vsoko_rules.web import hosted

    words = (shipped("reports") / "web/hosted/event_words.j2").read_text(encoding="utf-8")
    kinds = set()
    for path in Path(str(hosted.__file__)).parent.glob("*.py"):
        kinds |= set(re.findall(r"\b(?:chain\.|_)append\(\s*\"(\w+)\"", path.read_text(encoding="utf-8")))
        kinds |= set(re.findall(r"\bgiven_away\([^,]+, \"(\w+)\"", path.read_text(encoding="utf-8")))
    assert kinds
    assert {kind for kind in kinds if f"'{kind}':" not in words} == set()


def audited(folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """The exit code of `vsoko audit` and what it says."""
    code, said = vsoko("audit", str(folder), "--json", *options)
    return code, json.loads(said)["results"][0]


@pytest.fixture
def server_folder(region: Region, database: str, tmp_path: Path) -> Path:
    """The folder of a server with a chain of five events."""
    (tmp_path / "server.yml").write_text(server_text(database), encoding="utf-8")
    for number in range(5):
        edit(region, "school", "gorodskaya-sosh", f"Название {number}")
    return tmp_path


@BOTH
def test_audit_finds_the_chain_whole(server_folder: Path, region: Region) -> None:
    code, told = audited(server_folder)
    assert (code, told["whole"], told["events"], told["fault"]) == (0, True, 5, None)
    edit(region, "school", "gorodskaya-sosh", "Ещё раз")
    assert audited(server_folder, "--expect", told["last"])[0] == 0
    code, told = audited(server_folder, "--expect", "0" * 64)
    assert (code, told["fault"]) == (1, {"number": None, "why": "expected"})
    code, said = vsoko("audit", str(server_folder))
    assert (code, "Журнал цел: 6 записей" in said.replace("\u00a0", " ")) == (0, True)


DAMAGES = {
    "altered": ("UPDATE hosted_chainevent SET name = 'другой' WHERE number = 3", 3, "altered", 2),
    "taken out": ("DELETE FROM hosted_chainevent WHERE number = 3", 4, "missing", 2),
    "taken off the start": ("DELETE FROM hosted_chainevent WHERE number = 1", 2, "missing", 0),
    "taken off the end": ("DELETE FROM hosted_chainevent WHERE number = 5", None, "head", 4),
    "another order": ("UPDATE hosted_chainevent SET number = -1 WHERE number = 4", -1, "missing", 0),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_audit_finds_what_somebody_did_to_the_database(name: str, server_folder: Path) -> None:
    statement, number, why, whole = DAMAGES[name]
    damage(server_folder, statement)
    code, told = audited(server_folder)
    assert (code, told["whole"], told["fault"], told["events"]) == (1, False, {"number": number, "why": why}, whole)
    code, said = vsoko("audit", str(server_folder))
    assert (code, "Журнал нарушен" in said) == (1, True)


def test_audit_finds_an_event_that_the_program_did_not_write(server_folder: Path) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import ChainEvent

    forged = ChainEvent(at="2026-01-01T00:00:00.000+00:00", kind="edit", previous=chain.verify().digest)
    forged.digest = chain.digest_of(forged)
    forged.save(force_insert=True)
    code, told = audited(server_folder)
    assert (code, told["fault"]) == (1, {"number": forged.number, "why": "beyond"})


def test_the_end_taken_off_with_its_head_is_found_by_the_hash_kept_elsewhere(server_folder: Path) -> None:
    last = audited(server_folder)[1]["last"]
    damage(
        server_folder,
        "DELETE FROM hosted_chainevent WHERE number = 5",
        "UPDATE hosted_chainhead SET count = 4, digest = (SELECT digest FROM hosted_chainevent WHERE number = 4)",
    )
    assert audited(server_folder)[0] == 0
    code, told = audited(server_folder, "--expect", last)
    assert (code, told["fault"]) == (1, {"number": None, "why": "expected"})


def damage(folder: Path, *statements: str) -> None:
    """What somebody with the rights of the administrator can do: triggers taken off, rows changed."""
    from django.db import connections

    connections.close_all()
    with closing(sqlite3.connect(folder / "база.sqlite")) as database, database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:
            database.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            database.execute(statement)
