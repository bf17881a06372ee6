"""Pages of the centre: studies, their phases and deadlines, their schools."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.conftest import BOTH
from tests.hosted.people import Region

if TYPE_CHECKING:
    from django.test import Client

Clients = Callable[[str], "Client"]

FIELDS = {
    "title": "Исследование ВСОКО", "year": "2026", "first": "20.08.2025", "last": "31.10.2026",
    "ruleset": "bashkortostan-2022", "collect_until": "1 мая 2026", "assess_until": "", "reconcile_until": "",
}  # fmt: skip
SCHOOL = {
    "code": "zar-007", "name": "МБОУ «Заречная СОШ № 7»", "municipality": "Заречный", "levels": ["НОО", "ООО"],
    "count_students": "310", "control": "1",
}  # fmt: skip


@contextmanager
def at_most(number: int) -> Iterator[None]:
    """What is inside asks the database no more often than that."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        yield
    assert len(asked) <= number, "\n".join(query["sql"][:200] for query in asked)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def test_a_study_is_begun_with_its_ruleset_pinned(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent, StudyRound

    client = client_of("centre")
    assert "31.10." in client.get("/study/new").content.decode()
    made = client.post("/study/new", FIELDS)
    study = StudyRound.objects.get(year=2026)
    assert made["Location"] == f"/study/{study.code}/"
    assert (study.title, str(study.collect_until), study.assess_until) == ("Исследование ВСОКО", "2026-05-01", None)
    assert study.ruleset.name == "bashkortostan-2022"
    page = client.get(made["Location"])
    assert study.ruleset.sha256[:12] in text_of(page)
    assert ChainEvent.objects.get().kind == "study_begun"
    assert study.title in text_of(client.get("/"))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", " ", "Не указано название"),
        ("year", "этот", "Это не год исследования"),
        ("last", "01.01.2020", "Период кончается раньше, чем начинается"),
        ("first", "", "Это не дата"),
        ("assess_until", "1 апреля 2026", "раньше срока предыдущей"),
        ("ruleset", "нет такой", "Не выбрана методика"),
    ],
)
def test_what_is_wrong_in_a_new_study_is_said_at_its_field(
    field: str, value: str, message: str, region: Region, client_of: Clients
) -> None:
    from vsoko_rules.web.hosted.models import StudyRound

    response = client_of("centre").post("/study/new", FIELDS | {field: value})
    assert response.status_code == 422
    assert message in text_of(response)
    assert StudyRound.objects.count() == 1


def test_only_the_centre_of_the_region_begins_studies(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Membership

    Membership.objects.filter(user=region.person("centre")).update(study=region.study)
    client = client_of("centre")
    assert client.get("/study/new").status_code == 404
    assert client.post("/study/new", FIELDS).status_code == 404
    assert client.get(f"/study/{region.study.code}/").status_code == 200


def test_others_studies_are_not_there(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Membership, StudyRound

    other = StudyRound.objects.create(
        title="Другое", year=2023, starts=region.study.starts, ends=region.study.ends, ruleset=region.study.ruleset
    )
    Membership.objects.filter(user=region.person("centre")).update(study=other)
    code = region.study.code
    key = region.schools["samoproverka"].pk
    for path in ("", "schools", "schools/new", f"schools/{key}", "step/assess"):
        assert client_of("centre").get(f"/study/{code}/{path}").status_code == 404, path
    assert client_of("centre").get(f"/study/{other.code}/schools/{key}").status_code == 404
    for login in ("methodist", "expert-a", "school", "auditor"):
        assert client_of(login).get(f"/study/{code}/").status_code == 404


def test_deadlines_are_changed_and_who_is_late_is_named(region: Region, client_of: Clients) -> None:
    client, code = client_of("centre"), region.study.code
    fields = {"title": "Проба", "collect_until": "01.05.2022"}
    assert client.post(f"/study/{code}/fields", fields).status_code == 302
    told = text_of(client.get(f"/study/{code}/"))
    assert "Школы не отправили документы: 3" in told
    assert region.schools["samoproverka"].name in told
    wrong = client.post(f"/study/{code}/fields", fields | {"assess_until": "32.05.2022"})
    assert (wrong.status_code, "Это не дата" in text_of(wrong)) == (422, True)


@BOTH
def test_a_step_is_forbidden_then_confirmed_then_taken_back(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent, Seat

    client, path = client_of("centre"), f"/study/{region.study.code}/step"
    assert "экспертам смотреть нечего" in text_of(client.get(f"{path}/assess"))
    assert client.post(f"{path}/assess").status_code == 422
    Seat.objects.filter(school=region.schools["samoproverka"]).update(state="sent")
    Seat.objects.create(school=region.schools["samoproverka"], who="A", expert=region.person("expert-a"), data="")
    keys = re.findall(r'name="confirmed" value="([^"]+)"', client.get(f"{path}/assess").content.decode())
    assert keys == ["not_sent:2", "no_expert:2", "no_second:1"]
    refused = client.post(f"{path}/assess", {"confirmed": keys[:2]})
    assert (refused.status_code, "Не подтверждено" in text_of(refused)) == (422, True)
    assert client.post(f"{path}/assess", {"confirmed": keys}).status_code == 302
    region.study.refresh_from_db()
    assert region.study.phase == "assess"
    assert "Экспертиза сейчас" in text_of(client.get(f"/study/{region.study.code}/"))
    assert client.get(f"{path}/closed")["Location"].endswith("?said=moved")
    assert "Шаг назад — без причины" in text_of(client.post(f"{path}/collect", {"reason": " "}))
    back = {"reason": "Две школы опоздали.", "confirmed": ["assessed:1"]}
    assert client.post(f"{path}/collect", back).status_code == 302
    steps = [json.loads(event.told) for event in ChainEvent.objects.filter(kind="step").order_by("number")]
    assert [(step["from"], step["to"]) for step in steps] == [("collect", "assess"), ("assess", "collect")]
    assert (steps[0]["known"], steps[1]["why"]) == (keys, "Две школы опоздали.")


@BOTH
def test_of_two_who_take_a_step_one_is_refused(region: Region) -> None:
    from vsoko_rules.errors import InputError, LostUpdate
    from vsoko_rules.region.region_records import Phase
    from vsoko_rules.web.hosted.models import Seat, StudyRound
    from vsoko_rules.web.hosted.study_keeping import step_study, today

    for code in region.schools:
        Seat.objects.filter(school=region.schools[code]).update(state="sent")
        for who, login in (("A", "expert-a"), ("B", "expert-b")):
            Seat.objects.create(school=region.schools[code], who=who, expert=region.person(login), data="")
    stale = StudyRound.objects.get(pk=region.study.pk)
    step_study(region.person("centre"), region.study, Phase.ASSESS, (), "", today())
    with pytest.raises((LostUpdate, InputError)):
        step_study(region.person("centre"), stale, Phase.ASSESS, (), "", today())


def test_a_school_is_added_with_its_seat(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import SchoolEntry, Seat

    client, path = client_of("centre"), f"/study/{region.study.code}/schools"
    assert client.get(f"{path}/new").status_code == 200
    wrong = client.post(f"{path}/new", SCHOOL | {"code": "не код", "levels": []})
    assert wrong.status_code == 422
    assert "Это не код школы" in text_of(wrong)
    assert "Не отмечен уровень образования" in text_of(wrong)
    assert client.post(f"{path}/new", SCHOOL).status_code == 302
    entry = SchoolEntry.objects.get(code="zar-007")
    assert (entry.municipality.name, entry.levels, entry.counts) == ("Заречный", ["НОО", "ООО"], {"students": 310})
    seat = Seat.objects.get(school=entry)
    data = json.loads(seat.data)
    assert data["school"] == {
        "id": "zar-007", "name": SCHOOL["name"], "municipality": "Заречный", "levels": ["НОО", "ООО"],
        "counts": {"students": "310"},
    }  # fmt: skip
    assert (data["ruleset"], data["study"]["to"], seat.who) == ("bashkortostan-2022", "2022-08-31", "self")
    assert client.get(f"/s/{seat.code}/").status_code == 200
    again = client.post(f"{path}/new", SCHOOL)
    assert (again.status_code, "Школа с таким кодом уже есть" in text_of(again)) == (422, True)


@BOTH
def test_what_the_centre_changes_of_a_school_follows_in_an_open_seat(region: Region, client_of: Clients) -> None:
    entry = region.schools["samoproverka"]
    client, path = client_of("centre"), f"/study/{region.study.code}/schools/{entry.pk}"
    changed = SCHOOL | {"name": "МБОУ «Новое имя»", "municipality": "Новый район"}
    assert client.post(path, changed).status_code == 302
    data = json.loads(region.seat("samoproverka", "self").data)
    assert (data["school"]["name"], data["school"]["counts"]) == ("МБОУ «Новое имя»", {"students": "310"})
    assert data["documents"]
    assert region.seat("samoproverka", "self").revision == 1
    seat = region.seat("samoproverka", "self")
    seat.state = "sent"
    seat.save()
    assert client.post(path, changed | {"name": "МБОУ «Другое имя»"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.name, entry.control) == ("МБОУ «Другое имя»", True)
    assert json.loads(region.seat("samoproverka", "self").data)["school"]["name"] == "МБОУ «Новое имя»"


@BOTH
def test_a_school_put_in_by_mistake_is_taken_out_again(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import SchoolEntry, Seat

    client, path = client_of("centre"), f"/study/{region.study.code}/schools"
    client.post(f"{path}/new", SCHOOL)
    entry = SchoolEntry.objects.get(code="zar-007")
    Seat.objects.create(school=entry, who="A", expert=region.person("expert-a"), data="")
    assert "Убрать из исследования" in text_of(client.get(f"{path}/{entry.pk}"))
    assert client.post(f"{path}/{entry.pk}/remove").status_code == 302
    assert not SchoolEntry.objects.filter(code="zar-007").exists()
    worked = region.schools["samoproverka"]
    assert "Убрать из исследования" not in text_of(client.get(f"{path}/{worked.pk}"))
    refused = client.post(f"{path}/{worked.pk}/remove")
    assert (refused.status_code, "По этой школе уже работали" in text_of(refused)) == (422, True)


def test_experts_and_pairs_who_are_late_are_named(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Seat

    entry = region.schools["samoproverka"]
    for who, login, state in (("A", "expert-a", "open"), ("B", "expert-b", "locked"), ("agreed", None, "open")):
        expert = region.person(login) if login else None
        Seat.objects.create(
            school=entry, who=who, expert=expert, state=state, data="{}", disputes=2 * (who == "agreed")
        )
    fields = {"title": "Проба", "assess_until": "01.05.2022", "reconcile_until": "01.06.2022"}
    client, path = client_of("centre"), f"/study/{region.study.code}/"
    region.phase("reconcile")
    client.post(f"{path}fields", fields)
    told = text_of(client.get(path))
    assert "Эксперты не закрыли школы: 1" in told
    assert f"{region.person('expert-a').name}: {entry.name}".replace(" ", "") in told.replace(" ", "").replace(
        "\u00a0", ""
    )
    assert "Пары не решили разногласия: 1" in told
    assert "Открытых разногласий 2" in told


@BOTH
def test_schools_are_found_by_words_state_and_municipality(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Seat

    client, path = client_of("centre"), f"/study/{region.study.code}/schools"
    names = {code: school.name for code, school in region.schools.items()}

    def found(query: str) -> set[str]:
        told = client.get(f"{path}?{query}").content.decode()
        return {code for code, name in names.items() if f">{name}</a>" in told.replace("\u00a0", " ")}

    assert found("") == set(names)
    assert found("q=ЗАРЕЧНЫЙ") == {"selskaya-oosh", "samoproverka"}
    Seat.objects.filter(school=region.schools["selskaya-oosh"]).update(state="sent")
    assert found("state=sent") == {"selskaya-oosh"}
    assert found("state=not_sent&q=заречный") == {"samoproverka"}
    assert found(f"town={region.schools['gorodskaya-sosh'].municipality_id}") == {"gorodskaya-sosh"}
    assert found("page=99999999999&town=x&state=y") == set(names)


def filled(region: Region, number: int) -> None:
    """Put so many schools into the study, each with a seat of its own and two of experts."""
    from vsoko_rules.web.hosted.models import SchoolEntry, Seat

    town = region.schools["samoproverka"].municipality
    schools = SchoolEntry.objects.bulk_create(
        SchoolEntry(study=region.study, municipality=town, code=f"s-{n}", name=f"Школа № {n}") for n in range(number)
    )
    pair = {"self": None, "A": region.person("expert-a"), "B": region.person("expert-b")}
    Seat.objects.bulk_create(
        Seat(school=school, who=who, expert=expert, data="{}") for school in schools for who, expert in pair.items()
    )


def test_pages_of_a_large_study_ask_as_often_as_those_of_a_small_one(region: Region, client_of: Clients) -> None:
    client, path = client_of("centre"), f"/study/{region.study.code}/"
    client.post(f"{path}fields", {"title": "Проба", "collect_until": "01.05.2022"})
    filled(region, 120)
    with at_most(15):
        told = text_of(client.get(path))
    assert "Школы не отправили документы: 123" in told
    assert "Показаны первые 20 из 123" in told
    with at_most(15):
        listed = text_of(client.get(f"{path}schools?page=2"))
    assert "Страница 2 из 3" in listed
    with at_most(15):
        assert client.get("/").status_code == 200


def test_a_step_from_a_page_that_is_out_of_date_leads_to_the_study(region: Region, client_of: Clients) -> None:
    """Another window has made the step, or one went back in the browser to where it was made."""
    region.phase("reconcile")
    client, study = client_of("centre"), f"/study/{region.study.code}"
    for told in (client.get(f"{study}/step/reconcile"), client.post(f"{study}/step/reconcile")):
        assert (told.status_code, told["Location"]) == (302, f"{study}/?said=moved")
    assert "Страница устарела" in text_of(client.get(f"{study}/?said=moved"))
    assert client.get(f"{study}/step/elsewhere").status_code == 404
    region.study.refresh_from_db()
    assert region.study.phase == "reconcile"


def test_no_page_carries_the_texts_of_a_ruleset(region: Region, client_of: Clients) -> None:
    """The process holds the ruleset: its texts, some hundred kilobytes, are not read with each page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    town, school = region.schools["samoproverka"].municipality_id, region.schools["samoproverka"].pk
    region.assign("samoproverka", "A", "expert-a")
    region.phase("assess")
    seat = region.seat("samoproverka", "self").code
    study = f"/study/{region.study.code}"
    own = ["", "schools", f"schools/{school}", "people", "import", "assignment", "agreement", "figures", "cases",
           "step/reconcile", f"towns/{town}"]  # fmt: skip
    centre = client_of("centre")
    heavy = []
    for address in ["/", *(f"{study}/{path}" for path in own), f"/s/{seat}/", f"/s/{seat}/documents"]:
        assert centre.get(address).status_code in (200, 302), address
        with CaptureQueriesContext(connection) as asked:
            centre.get(address)
        heavy += [(address, each["sql"]) for each in asked if '"hosted_rulesetversion"."files"' in each["sql"]]
    assert heavy == []
