"""The table of schools and people, their accounts, and who assesses which school."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.hosted.conftest import BOTH
from tests.hosted.people import Region
from tests.hosted.test_centre_pages import at_most, text_of

if TYPE_CHECKING:
    from django.test import Client

Clients = Callable[[str], "Client"]

SCHOOLS = [
    ["Код школы", "Название школы", "Муниципалитет", "Уровни образования", "Контрольная", "Примечание"],
    ["zar-1", "Заречная СОШ № 1", "Заречный", "НОО; ООО", "да", "лишнее"],
    ["samoproverka", "Новое название", "Заречный", "НОО; ООО; СОО", "нет", ""],
]
PEOPLE = [
    ["ФИО", "Логин", "Роль", "Муниципалитет", "Школа", "Свой муниципалитет"],
    ["Иволгина Анна Примеровна", "ivolgina", "эксперт", "", "", "Приозёрск"],
    ["Соснин Борис Примерович", "sosnin", "методист", "Заречный", "", ""],
    ["Берёзина Вера Примеровна", "berezina", "школа", "", "zar-1", ""],
]


def table(schools: list[list[str]], people: list[list[str]] | None = None) -> io.BytesIO:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Школы"
    for row in schools:
        sheet.append(row)
    for row in people or []:
        (book["Люди"] if "Люди" in book.sheetnames else book.create_sheet("Люди")).append(row)
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    content.name = "таблица.xlsx"
    return content


def hidden(response: Any) -> dict[str, str]:
    fields = re.findall(
        r'type="hidden" name="(content|name|digest|propose)" value="([^"]*)"', response.content.decode()
    )
    return dict(fields)


@BOTH
def test_a_table_is_looked_at_then_taken_once(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent, Membership, SchoolEntry, Seat, User

    client, path = client_of("centre"), f"/study/{region.study.code}/import"
    assert client.get(path).status_code == 200
    shown = client.post(path, {"table": table(SCHOOLS, PEOPLE)})
    told = text_of(shown)
    assert shown.status_code == 200
    assert "Примечание" in told
    assert "Новое название" in told
    assert not User.objects.filter(login="ivolgina").exists()
    sent = hidden(shown) | {"confirm": "1"}
    assert client.post(path, sent).status_code == 302
    school = SchoolEntry.objects.get(study=region.study, code="zar-1")
    assert (school.control, school.municipality.name) == (True, "Заречный")
    assert json.loads(Seat.objects.get(school=school, who="self").data)["school"]["id"] == "zar-1"
    assert json.loads(region.seat("samoproverka", "self").data)["school"]["name"] == "Новое название"
    roles = Membership.objects.filter(user__login__in=["ivolgina", "sosnin", "berezina"])
    assert {
        (m.user.login, m.role, m.municipality and m.municipality.name, m.school and m.school.code) for m in roles
    } == {
        ("ivolgina", "expert", "Приозёрск", None),
        ("sosnin", "methodist", "Заречный", None),
        ("berezina", "school", None, "zar-1"),
    }
    assert User.objects.get(login="ivolgina").password == ""
    assert ChainEvent.objects.filter(kind="roster").count() == 1
    again = client.post(path, sent)
    assert (again.status_code, "исследование с тех пор изменили" in text_of(again).lower()) == (409, True)
    nothing = client.post(path, {"table": table(SCHOOLS, PEOPLE)})
    assert "загружать нечего" in text_of(nothing)


def test_a_person_with_two_roles_is_taken_and_read_back(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Membership

    client, path = client_of("centre"), f"/study/{region.study.code}/import"
    head, *_ = PEOPLE
    rows = [head, ["Соснин Борис Примерович", "sosnin", "методист", "Заречный", "", ""],
            ["Соснин Борис Примерович", "sosnin", "эксперт", "", "", "Приозёрск"],
            ["Соснин Борис Примерович", "sosnin", "эксперт", "", "", "Заречный"]]  # fmt: skip
    shown = client.post(path, {"table": table(SCHOOLS, rows)})
    assert client.post(path, hidden(shown) | {"confirm": "1"}).status_code == 302
    roles = Membership.objects.filter(user__login="sosnin").values_list("role", "municipality__name")
    assert sorted(roles) == [("expert", "Заречный"), ("expert", "Приозёрск"), ("methodist", "Заречный")]
    whole = io.BytesIO(client.get(f"/study/{region.study.code}/table.xlsx?whole=1").content)
    whole.name = "таблица.xlsx"
    assert "загружать нечего" in text_of(client.post(path, {"table": whole}))


def test_every_fault_of_a_table_is_named_by_its_cell(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import SchoolEntry

    client, path = client_of("centre"), f"/study/{region.study.code}/import"
    wrong = [SCHOOLS[0], ["не код!", "Школа", "Заречный", "НОО", "", ""], ["b-2", "", "Заречный", "ПОО", "", ""]]
    shown = client.post(path, {"table": table(wrong)})
    told = text_of(shown)
    assert "Ошибки: 3" in told
    for cell in ("A2", "B3", "D3"):
        assert cell in told, cell
    assert "confirm" not in shown.content.decode()
    assert client.post(path, hidden(shown) | {"confirm": "1"}).status_code == 422
    assert SchoolEntry.objects.count() == 3
    for content in (io.BytesIO(b"none"), io.BytesIO(b"")):
        content.name = "таблица.xlsx"
        assert client.post(path, {"table": content}).status_code == 422
    assert client.post(path, {"content": "не base64"}).status_code == 422


def test_the_table_to_fill_in_is_read_back_without_changes(region: Region, client_of: Clients) -> None:
    client, code = client_of("centre"), region.study.code
    empty = client.get(f"/study/{code}/table.xlsx")
    assert empty["Content-Disposition"].startswith("attachment")
    whole = io.BytesIO(client.get(f"/study/{code}/table.xlsx?whole=1").content)
    whole.name = "всё.xlsx"
    shown = client.post(f"/study/{code}/import", {"table": whole})
    assert shown.status_code == 200, text_of(shown)
    assert "загружать нечего" in text_of(shown)


def test_a_person_is_added_invited_and_switched_off(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Invitation, User

    client, path = client_of("centre"), f"/study/{region.study.code}/people"
    assert client.get(f"{path}/new").status_code == 200
    typed = {"name": "Иволгина Анна Примеровна", "login": "Ivolgina", "role": "expert", "municipality": "Приозёрск"}
    assert "Не указано имя" in text_of(client.post(f"{path}/new", typed | {"name": ""}))
    lacking = text_of(client.post(f"{path}/new", typed | {"role": "methodist", "municipality": ""}))
    assert "Не сказано, чьи школы видит методист" in lacking
    assert client.post(f"{path}/new", typed).status_code == 302
    person = User.objects.get(login="ivolgina")
    told = text_of(client.get(f"{path}?q=иволгина"))
    assert "Найдено людей: 1" in told
    assert "ссылки ещё нет" in told
    made = client.post(f"{path}/{person.pk}/link").content.decode()
    assert re.search(r"http://[^ <]+/invite/[\w-]{20,}", made)
    assert Invitation.objects.filter(user=person).count() == 1
    assert "/invite/" not in client.get(f"{path}/{person.pk}").content.decode()
    assert client.post(f"{path}/{person.pk}/account", {"active": "0"}).status_code == 302
    person.refresh_from_db()
    assert not person.is_active
    assert client.post(f"{path}/{person.pk}/account", {"active": "1"}).status_code == 302
    assert client.post(f"{path}/{person.pk}/role/expert/take").status_code == 302
    assert client.get(f"{path}/{person.pk}").status_code == 404


@BOTH
def test_links_are_shown_once_for_those_who_have_none(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Invitation, User

    client, path = client_of("centre"), f"/study/{region.study.code}/people/links"
    User.objects.filter(login="expert-b").update(password="есть")
    assert "Без ссылки для входа: 5" in text_of(client.get(path))
    made = client.post(path, {"role": "expert"}).content.decode()
    assert len(set(re.findall(r"/invite/([\w-]+)", made))) == 2
    assert Invitation.objects.count() == 2
    assert "/invite/" not in client.get(path).content.decode()
    assert "Без ссылки для входа: 3" in text_of(client.get(path))


@BOTH
def test_the_centre_of_one_study_cannot_take_over_other_accounts(region: Region, client_of: Clients) -> None:
    """A link opens everything that a person has: who is of all studies, or of another one, is beyond reach."""
    from vsoko_rules.web.hosted.models import Membership, StudyRound, User

    other = StudyRound.objects.create(
        title="Другое", year=2023, starts=region.study.starts, ends=region.study.ends, ruleset=region.study.ruleset
    )
    local = User.objects.create(login="local", name="Центр одного исследования")
    region.users["local"] = local
    Membership.objects.create(user=local, study=region.study, role="centre")
    Membership.objects.create(user=region.person("expert-a"), study=other, role="expert")
    client, path = client_of("local"), f"/study/{region.study.code}/people"
    typed = {"name": "Чужой", "login": "centre", "role": "expert"}
    assert client.post(f"{path}/new", typed).status_code == 302
    for login in ("centre", "expert-a"):
        key = region.person(login).pk
        assert client.get(f"{path}/{key}").status_code == 200
        for action in ("link", "account", ""):
            assert client.post(f"{path}/{key}/{action}".rstrip("/"), {"name": "Чужой"}).status_code == 404, action
        before = region.person(login)
        before.refresh_from_db()
        assert (before.name, before.is_active) == (f"Пробный человек {login}", True)
    assert client.post(f"{path}/{local.pk}/role/centre/take").status_code == 422
    assert Membership.objects.filter(user=local, role="centre").exists()
    assert client.post(f"{path}/links").content.decode().count("/invite/") == 5
    assert client.post(f"{path}/{local.pk}/account", {"active": "0"}).status_code == 404


@BOTH
def test_a_proposal_is_looked_at_and_kept(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent, Membership, Seat

    client, path = client_of("centre"), f"/study/{region.study.code}/assignment"
    Membership.objects.filter(user=region.person("expert-a")).update(
        municipality=region.schools["gorodskaya-sosh"].municipality
    )
    shown = client.get(f"{path}?propose=rest")
    assert "пока не сохранено" in text_of(shown)
    assert Seat.objects.exclude(who="self").count() == 0
    sent = hidden(shown)
    assert client.post(path, sent).status_code == 302
    seats = Seat.objects.exclude(who="self").select_related("expert", "school")
    assert sorted(seats.values_list("who", flat=True)) == ["A", "A", "A", "B", "B", "B"]
    assert ("gorodskaya-sosh", "expert-a") not in {(s.school.code, s.expert.login) for s in seats}
    assert {s.data for s in seats} == {""}
    assert ChainEvent.objects.get(kind="assigned").study == region.study.code
    assert "Менять нечего" in text_of(client.get(f"{path}?propose=rest"))
    assert client.post(path, sent).status_code == 409
    assert "Школ с двумя экспертами 3 из 3" in text_of(client.get(path))


def test_what_is_impossible_is_said(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Membership, Seat

    town = region.schools["samoproverka"].municipality
    Membership.objects.filter(role="expert").update(municipality=town)
    client, path = client_of("centre"), f"/study/{region.study.code}/assignment"
    told = text_of(client.get(f"{path}?propose=rest"))
    assert "Так назначить нельзя" in told
    assert "Заречный" in told
    assert client.post(path, {"propose": "rest", "digest": ""}).status_code == 422
    assert Seat.objects.exclude(who="self").count() == 0


def test_a_control_school_is_given_to_all(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Seat

    client, path = client_of("centre"), f"/study/{region.study.code}"
    wrong = client.post(f"{path}/control", {"added": "нет такой"})
    assert (wrong.status_code, "Такой школы нет" in text_of(wrong)) == (422, True)
    assert client.post(f"{path}/control", {"added": "samoproverka — как угодно"}).status_code == 302
    kept = hidden(client.get(f"{path}/assignment?propose=rest"))
    assert client.post(f"{path}/assignment", kept).status_code == 302
    seats = Seat.objects.filter(school=region.schools["samoproverka"]).order_by("pk")
    assert sorted(seats.values_list("who", flat=True)) == ["3", "A", "B", "self"]
    assert client.post(f"{path}/control", {}).status_code == 302
    kept = hidden(client.get(f"{path}/assignment?propose=rest"))
    assert client.post(f"{path}/assignment", kept).status_code == 302
    assert Seat.objects.filter(who="3").count() == 0


@BOTH
def test_one_school_is_given_by_hand_by_the_same_rules(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Membership, Seat

    entry = region.schools["samoproverka"]
    Membership.objects.filter(user=region.person("expert-a")).update(municipality=entry.municipality)
    client, path = client_of("centre"), f"/study/{region.study.code}/schools/{entry.pk}"
    give = f"{path}/experts"
    for chosen, message in (
        ({"A": "expert-a", "B": "expert-b"}, "работает в этой школе или в её муниципалитете"),
        ({"A": "expert-b", "B": "expert-b"}, "один и тот же эксперт"),
        ({"A": "methodist", "B": "expert-b"}, "такого эксперта в исследовании нет"),
    ):
        refused = client.post(give, chosen)
        assert (refused.status_code, message in text_of(refused).lower()) == (422, True), message
    assert client.post(give, {"A": "expert-b", "B": "expert-c"}).status_code == 302
    assert client.post(give, {"A": "expert-c", "B": "expert-b"}).status_code == 302
    seats = {s.who: s.expert.login for s in Seat.objects.filter(school=entry).exclude(who="self")}
    assert seats == {"A": "expert-c", "B": "expert-b"}
    assert client.post(give, {"A": "expert-c", "B": ""}).status_code == 302
    assert Seat.objects.filter(school=entry).count() == 2


@BOTH
def test_work_that_was_begun_is_handed_over_only_when_said(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Seat, StudyRound

    entry = region.schools["samoproverka"]
    client, path = client_of("centre"), f"/study/{region.study.code}"
    give = f"{path}/schools/{entry.pk}/experts"
    assert client.post(give, {"A": "expert-a", "B": "expert-b"}).status_code == 302
    StudyRound.objects.filter(pk=region.study.pk).update(phase="assess")
    assert "Эксперты получают документы школ: осталось 2" in text_of(client.get(f"{path}/"))
    assert client.post(f"{path}/open").status_code == 302
    seat = Seat.objects.get(school=entry, who="A")
    Seat.objects.filter(pk=seat.pk).update(revision=2)
    for chosen in ({"A": "expert-c"}, {"A": ""}, {"A": "expert-b", "B": "expert-a", "hand_over": "1"}):
        refused = client.post(give, chosen)
        assert refused.status_code == 422, chosen
    assert client.post(give, {"A": "expert-c", "hand_over": "1"}).status_code == 302
    seat.refresh_from_db()
    assert seat.expert == region.person("expert-c")
    assert json.loads(seat.data)["filled_by"]["name"] == region.person("expert-c").name
    assert json.loads(seat.data)["documents"]
    kept = hidden(client.get(f"{path}/assignment?propose=anew"))
    assert client.post(f"{path}/assignment", kept).status_code in (302, 409)
    seat.refresh_from_db()
    assert seat.expert == region.person("expert-c")


@BOTH
def test_work_that_is_begun_in_the_same_moment_is_not_taken_away(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An expert saves a first change between the look at the seats and their exchange."""
    from vsoko_rules.errors import LostUpdate
    from vsoko_rules.web.hosted import assigning
    from vsoko_rules.web.hosted.models import Seat
    from vsoko_rules.web.hosted.study_records import seat_records

    entry, centre = region.schools["samoproverka"], region.person("centre")
    assigning.give_school(centre, entry, {"A": "expert-a", "B": "expert-b"})
    before = seat_records(region.study)
    Seat.objects.filter(school=entry, who="A").update(data="{}", revision=2)
    monkeypatch.setattr(assigning, "seat_records", lambda _: before)
    with pytest.raises(LostUpdate):
        assigning.give_school(centre, entry, {"A": "expert-c"})
    seat = Seat.objects.get(school=entry, who="A")
    assert (seat.expert, seat.revision) == (region.person("expert-a"), 2)


def test_experts_assigned_during_the_assessment_begin_at_once(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Seat, StudyRound

    StudyRound.objects.filter(pk=region.study.pk).update(phase="assess")
    client, path = client_of("centre"), f"/study/{region.study.code}/assignment"
    assert client.post(path, hidden(client.get(f"{path}?propose=rest"))).status_code == 302
    assert not Seat.objects.filter(data="").exists()
    StudyRound.objects.filter(pk=region.study.pk).update(phase="reconcile")
    refused = client.post(path, {"propose": "rest", "digest": "x"})
    assert refused.status_code in (409, 422)


@pytest.mark.parametrize("page", ["people", "assignment", "people/links", "import"])
def test_pages_of_people_ask_the_database_a_number_of_times(page: str, region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Membership, User

    people = User.objects.bulk_create(User(login=f"p{n}", name=f"Человек {n}") for n in range(120))
    Membership.objects.bulk_create(Membership(user=each, study=region.study, role="expert") for each in people)
    client = client_of("centre")
    with at_most(16):
        assert client.get(f"/study/{region.study.code}/{page}").status_code == 200
