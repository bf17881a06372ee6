"""Cases of a study that are taken in with their documents: back and forth between two studies, and what is left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.hosted.conftest import BOTH
from tests.hosted.files import FILES, ORDER, PDF, REPORT, naming, region_with_files, use_files
from tests.hosted.people import Region, case_data
from tests.hosted.test_case_import import confirmed, handed
from tests.hosted.test_centre_pages import text_of
from tests.hosted.test_packed_files import streamed
from tests.hosted.test_region_papers import made
from tests.web.test_files import bomb

if TYPE_CHECKING:
    from django.test import Client

Clients = Callable[[str], "Client"]
SCHOOL = "gorodskaya-sosh"


@pytest.fixture
def uploads(region: Region, server: Callable[..., None]) -> Region:
    """A server that takes files."""
    pytest.importorskip("pypdfium2")
    server(uploads=True)
    return region


def yaml(stated: Any, school: str = SCHOOL, **more: Any) -> bytes:
    """A case whose first documents name files."""
    from vsoko_rules.case.write import as_yaml
    from vsoko_rules.workspace.opening import open_case

    data = naming("samoproverka", stated, **more)
    data["school"]["id"] = school
    return as_yaml(open_case(data).content).encode()


def archive(files: dict[str, bytes], name: str = "школы.zip") -> BytesIO:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as packed:
        for path, content in files.items():
            packed.writestr(path, content)
    stream.seek(0)
    stream.name = name
    return stream


def named(content: bytes) -> BytesIO:
    stream = BytesIO(content)
    stream.name = "выгрузка.zip"
    return stream


def uses(school: str = SCHOOL, who: str = "self", **more: Any) -> dict[str, str]:
    from vsoko_rules.web.hosted.models import FileUse

    rows = FileUse.objects.filter(seat__school__code=school, seat__who=who, **more)
    return dict(rows.values_list("name", "file__sha256"))


def another_study(region: Region) -> Region:
    """Turn to a study of the same year that holds nothing."""
    from vsoko_rules.web.hosted.models import StudyRound

    region.study = StudyRound.objects.create(
        title="Другое", year=2022, starts=region.study.starts, ends=region.study.ends, ruleset=region.study.ruleset
    )
    return region


@BOTH
def test_a_study_goes_out_and_comes_in_the_same(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import FileUse, KeptText, SchoolEntry, Seat, StoredFile, Work
    from vsoko_rules.web.hosted.stored_content import keep_content

    region_with_files(uploads, SCHOOL)
    third = uploads.assign(SCHOOL, "3", "expert-c")
    use_files(third, naming(SCHOOL, filled_by={"role": "expert", "name": "3"}), FILES)
    Seat.objects.filter(pk=third.pk).update(state="locked")
    SchoolEntry.objects.filter(pk=third.school_id).update(control=True)
    before = keep_content(older(ORDER))  # the second expert began before the school replaced it
    FileUse.objects.filter(seat=uploads.seat(SCHOOL, "B"), name="Приказ.docx").update(file=before)
    client, first = client_of("centre"), uploads.study
    content = streamed(client, made(client, f"/study/{first.code}/orders/study_files"))
    second = another_study(uploads).study
    address = handed(client, uploads, named(content), who="named", close="1")
    page = text_of(client.get(address))
    assert "Файлы новых школ: 7. С ошибками: 0." in page
    assert "будут перенесены документы: 16." in page
    assert "станут контрольными: 1" in page
    assert "эксперт 3" in page
    assert "ни в одном документе" not in page
    work = confirmed(client, address)
    assert (work.state, work.told) == ("done", {"taken": 7, "left": 0, "files": 16})
    old_seats = {(s.school.code, s.who): s for s in Seat.objects.filter(school__study=first).select_related("school")}
    after = {(s.school.code, s.who): s for s in Seat.objects.filter(school__study=second).select_related("school")}
    assert set(after) == set(old_seats)
    for key, seat in after.items():
        old, new = (json.loads(each.data) for each in (old_seats[key], seat))
        assert new["documents"] == old["documents"], key
        assert uses(*key, seat__school__study=second) == uses(*key, seat__school__study=first), key
        assert seat.state == old_seats[key].state, key
    assert dict(SchoolEntry.objects.filter(study=second).values_list("code", "control"))[SCHOOL], "as it was"
    assert client.get(f"/study/{second.code}/agreement").status_code == 200
    assert StoredFile.objects.filter(fileuse__isnull=False).distinct().count() == len(FILES) + 1
    assert KeptText.objects.count() == len(FILES) + 1, "a worker has read them"
    assert set(Work.objects.filter(kind="read_files").values_list("state", flat=True)) == {"done"}
    assert Work.objects.filter(kind="read_files").count() == 3, "once for seats that have the same"
    assert chain.verify().fault is None
    again = made(client, f"/study/{second.code}/orders/study_files")
    assert _without_names(streamed(client, again)) == _without_names(content)


@BOTH
def test_a_further_expert_makes_a_control_school(uploads: Region, client_of: Clients) -> None:
    """Where the school was here before, that it is one now is written down; a second time there is nothing to say."""
    from vsoko_rules.web.hosted.models import ChainEvent, SchoolEntry, Seat, Work

    client = client_of("centre")
    for number in (3, 4):
        files = archive({f"a/эксперт-{number}.yml": yaml(["Приказ.docx"]), "a/Приказ.docx": ORDER})
        address = handed(client, uploads, files, who="named", close="1")
        assert ("станут контрольными" in text_of(client.get(address))) is (number == 3)
        assert confirmed(client, address).state == "done"
        preview = Work.objects.get(code=address.rpartition("/")[2])
        preview.told = {key: value for key, value in preview.told.items() if key != "controls"}
        preview.save()
        assert client.get(address).status_code == 200, "one that an earlier program made"
        assert set(uses(who=str(number))) == {"Приказ.docx"}
        assert Seat.objects.get(school__code=SCHOOL, who=str(number)).state == "locked"
    assert SchoolEntry.objects.get(study=uploads.study, code=SCHOOL).control
    (event,) = ChainEvent.objects.filter(kind="school_changed")
    told = json.loads(event.told)
    assert (told["before"]["control"], told["after"]["control"]) == (False, True)


def older(content: bytes) -> bytes:
    """Another document of Word that says the same."""
    stream = BytesIO(content)
    with ZipFile(stream, "a") as packed:
        packed.comment = b"older"
    return stream.getvalue()


def _without_names(content: bytes) -> dict[str, bytes]:
    """An archive; what the study calls schools is not what they called themselves."""
    with ZipFile(BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith(".yml")}


@BOTH
def test_experts_get_what_the_school_has(uploads: Region, client_of: Clients) -> None:
    """Files that came with the case of the school are those of its experts, too, where their cases state them."""
    from vsoko_rules.web.hosted.models import ChainEvent, Snapshot

    client = client_of("centre")
    for who, files in (
        ("self", {"a/Приказ.docx": ORDER, "a/Ещё.pdf": PDF}),
        ("A", {}),
        ("B", {"a/Приказ.docx": REPORT}),
    ):
        stated = ["Приказ.docx", "Ещё.pdf"] if who != "B" else ["Приказ.docx"]
        confirmed(client, handed(client, uploads, archive({"a/a.yml": yaml(stated), **files}), who=who, close="1"))
    own = uses()
    assert set(own) == {"Приказ.docx", "Ещё.pdf"}
    assert uses(who="A") == own
    assert set(uses(who="B")) == {"Приказ.docx"}
    assert uses(who="B") != own, "what lies beside its own case comes first"
    frozen = Snapshot.objects.get(seat__school__code=SCHOOL, seat__who="A", why="locked")
    assert frozen.files == own
    told = [json.loads(each.told) for each in ChainEvent.objects.filter(kind="files_added").order_by("number")]
    assert [sorted(file["name"] for file in each["files"]) for each in told] == [
        ["Ещё.pdf", "Приказ.docx"],
        ["Приказ.docx"],
    ]


def test_a_school_with_much_comes_in_parts(uploads: Region, client_of: Clients) -> None:
    client, stated = client_of("centre"), ["Приказ.docx", "Отчёт.docx"]
    for name, content in zip(stated, (ORDER, REPORT), strict=True):
        close = {"close": "1"} if name == stated[-1] else {}
        address = handed(client, uploads, archive({"a.yml": yaml(stated), name: content}), **close)
        assert "1, в архиве нет: 1" in text_of(client.get(address))
        assert confirmed(client, address).told["files"] == 1
    assert sorted(uses()) == sorted(stated)
    assert uploads.seat(SCHOOL, "self").state == "sent"


def test_files_take_the_place_of_those_of_the_same_name(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent, StoredFile

    client = client_of("centre")
    confirmed(client, handed(client, uploads, archive({"a.yml": yaml(["Приказ.docx"]), "Приказ.docx": ORDER})))
    before = uploads.seat(SCHOOL, "self").revision
    same = archive({"a.yml": yaml(["Приказ.docx"]), "Приказ.docx": REPORT})
    confirmed(client, handed(client, uploads, same))
    (sha256,) = uses().values()
    assert StoredFile.objects.filter(sha256=sha256, content=REPORT).exists()
    assert not StoredFile.objects.filter(content=ORDER).exists(), "nobody uses it any more"
    assert uploads.seat(SCHOOL, "self").revision > before, "what was made of the seat before is made anew"
    renamed = archive({"a.yml": yaml(["Новое имя.docx"]), "Новое имя.docx": REPORT})
    confirmed(client, handed(client, uploads, renamed))
    assert uses() == {"Новое имя.docx": sha256}, "one content has one name"
    page = text_of(client.get(f"/s/{uploads.seat(SCHOOL, 'self').code}/files"))
    assert "Новое имя.docx" in page
    events = ChainEvent.objects.filter(kind="files_added").order_by("number")
    assert [json.loads(event.told).get("removed") for event in events] == [None, ["Приказ.docx"], ["Приказ.docx"]]


def test_a_file_that_was_changed_after_it_was_quoted_is_told(uploads: Region, client_of: Clients) -> None:
    """It is kept, as it is on one's own machine, and what was confirmed by it counts no longer."""
    data = case_data("samoproverka")["documents"]
    data[0]["file"] = "Приказ.docx"
    data[0]["evidence"] = [{"claim": "number", "quote": "№ 1", "in": {"file": "Приказ.docx", "sha256": "0" * 64}}]
    client = client_of("centre")
    files = archive({"a.yml": yaml([], documents=data), "Приказ.docx": ORDER})
    address = handed(client, uploads, files)
    assert "изменён с тех пор, как из него взяли цитату" in text_of(client.get(address))
    confirmed(client, address)
    assert set(uses()) == {"Приказ.docx"}
    result = json.loads(client.get(f"/s/{uploads.seat(SCHOOL, 'self').code}/papers/json").content)
    assert [each["document"] for each in result["results"][0]["suspect"]] == [data[0]["id"]]


@pytest.mark.parametrize(
    ("stated", "files", "said"),
    [
        ([], {"Чужой.docx": ORDER}, "Не указаны ни в одном документе Эти файлы перенесены не будут: Чужой.docx"),
        (["Запуск.exe"], {"Запуск.exe": b"MZ"}, "файлы такого вида не принимаются"),
        (["Приказ.docx"], {"Приказ.docx": b"no word"}, "файл повреждён или внутри не то"),
        (["Приказ.docx"], {"Приказ.docx": bomb()}, "повреждён или внутри не то"),
        (["Пусто.pdf"], {"Пусто.pdf": b""}, "файл пуст"),
        (["con.docx"], {"con.docx": ORDER}, "такое имя принимают не все программы"),
        (["Приказ.docx", "приказ.DOCX"], {"Приказ.docx": ORDER, "приказ.DOCX": REPORT}, "займёт место файла"),
        (["Один.docx", "Два.docx"], {"Один.docx": ORDER, "Два.docx": ORDER}, "то же, что в файле «Один.docx»"),
        (["а.docx", "а.docx/б.docx"], {"а.docx": ORDER, "а.docx/б.docx": REPORT}, "займёт место файла"),
        (["a.yml/Приказ.docx"], {"a.yml/Приказ.docx": ORDER}, "Файл этой программы"),
    ],
)
def test_what_may_not_be_kept_is_left_out_and_told(
    stated: list[str], files: dict[str, bytes], said: str, uploads: Region, client_of: Clients
) -> None:
    client = client_of("centre")
    address = handed(
        client, uploads, archive({"папка/школа.yml": yaml(stated), **{f"папка/{n}": c for n, c in files.items()}})
    )
    page = text_of(client.get(address))
    assert said.replace("Чужой", "папка/Чужой") in page
    assert "С ошибками: 0." in page
    work = confirmed(client, address)
    assert work.told["taken"] == 1
    assert len(uses()) == work.told.get("files", 0) == len(stated) - 1 if len(stated) > 1 else not uses()


@pytest.mark.parametrize("path", ["../../наружу.docx", "/корень.docx", "..\\наружу.docx"])
def test_an_archive_that_leads_elsewhere_is_not_opened(path: str, uploads: Region, client_of: Clients) -> None:
    client = client_of("centre")
    address = handed(client, uploads, archive({"a.yml": yaml([]), path: ORDER}))
    assert "с путём за его пределы" in text_of(client.get(address))


def test_a_case_that_leads_elsewhere_is_wrong(uploads: Region, client_of: Clients) -> None:
    client = client_of("centre")
    wrong = yaml(["Приказ.docx"]).replace("Приказ.docx".encode(), b"../x.docx")
    page = text_of(client.get(handed(client, uploads, archive({"b/a.yml": wrong, "x.docx": ORDER}))))
    assert "С ошибками: 1." in page


def test_two_files_of_one_name_are_refused(uploads: Region, client_of: Clients) -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as packed:
        packed.writestr("a.yml", yaml(["а.docx"]))
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("a.yml", yaml(["б.docx"]))
    page = text_of(client_of("centre").get(handed(client_of("centre"), uploads, named(stream.getvalue()))))
    assert "два файла с одним именем" in page


@pytest.mark.parametrize(
    ("limit", "most", "said"),
    [
        ("NUMBER_OF_FILES", 1, "файлов больше, чем можно хранить у одной школы: до 1"),
        ("FILES_OF_SCHOOL", len(ORDER + REPORT) - 1, "больше места, чем можно у одной школы"),
        ("FILES_OF_STUDY", len(ORDER + REPORT) - 1, "место для файлов этого исследования кончилось"),
    ],
)
def test_there_is_room_for_so_much(
    limit: str, most: int, said: str, uploads: Region, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vsoko_rules.web.hosted import incoming_uses

    monkeypatch.setattr(incoming_uses, limit, most)
    client = client_of("centre")
    address = handed(client, uploads, archive({"a.yml": yaml(["а.docx", "б.docx"]), "а.docx": ORDER, "б.docx": REPORT}))
    assert text_of(client.get(address)).count(said) == 2
    assert confirmed(client, address).told == {"taken": 1, "left": 0}
    assert uses() == {}


def test_too_large_a_file_is_left_out(uploads: Region, client_of: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    from vsoko_rules.region import handed_files

    monkeypatch.setattr(handed_files, "MOST_BYTES", len(REPORT) - 1)
    client = client_of("centre")
    address = handed(
        client, uploads, archive({"a.yml": yaml(["а.docx", "б.pdf"]), "а.docx": REPORT, "б.pdf": PDF[:99]})
    )
    assert "файл слишком велик" in text_of(client.get(address))


def test_where_files_are_not_taken_it_is_said(region: Region, client_of: Clients, server: Callable[..., None]) -> None:
    from vsoko_rules.web.hosted.models import FileUse, Work

    client = client_of("centre")
    assert "этот сервер файлов школ не принимает" in text_of(client.get(f"/study/{region.study.code}/cases"))
    files = archive({"a.yml": yaml(["Приказ.docx"]), "Приказ.docx": ORDER, "Чужой.pdf": PDF})
    address = handed(client, region, files)
    page = text_of(client.get(address))
    assert "Документы (2) перенесены не будут: этот сервер файлов школ не принимает" in page
    work = confirmed(client, address)
    assert (work.told, FileUse.objects.count()) == ({"taken": 1, "left": 0}, 0)
    assert not Work.objects.filter(kind="read_files").exists()
    assert json.loads(region.seat(SCHOOL, "self").data)["documents"][0]["file"] == "Приказ.docx"
    address = handed(client, region, files_again(files))
    server(uploads=True)
    assert confirmed(client, address).state == "failed", "it is no longer what was shown"


def files_again(files: BytesIO) -> BytesIO:
    files.seek(0)
    return files


def test_an_archive_inside_and_tables_are_documents(uploads: Region, client_of: Clients) -> None:
    """A workbook that a case states is no form, and a file may lie in an archive as it does on one's own machine."""
    from vsoko_rules.resources import shipped

    tables = (shipped("cases") / "papka-shkoly" / "Таблицы.zip").read_bytes()
    with ZipFile(BytesIO(tables)) as inside:
        name = next(n for n in inside.namelist() if n.endswith(".xlsx"))
        table = inside.read(name)
    stated = ["Таблица.xlsx", "Архив.zip/Приказ.docx"]
    inner = archive({"Приказ.docx": ORDER}).getvalue()
    files = {"ш/a.yml": yaml(stated), "ш/Таблица.xlsx": table, "ш/Архив.zip": inner, "ш/Лишняя.xlsx": table}
    client = client_of("centre")
    address = handed(client, uploads, archive(files))
    page = text_of(client.get(address))
    assert "С ошибками: 0." in page
    assert "ш/Лишняя.xlsx" in page
    confirmed(client, address)
    assert set(uses()) == set(stated)


@pytest.mark.parametrize(
    ("name", "who"),
    [("эксперт-B.yml", "B"), ("школы/x.yml", "self"), ("согласованные/x.yml", "agreed"), ("s/эксперт-A-2.yml", "A")],
)
def test_names_tell_whose_a_file_is(name: str, who: str, uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Seat

    client = client_of("centre")
    confirmed(client, handed(client, uploads, archive({name: yaml([])}), who="named", close="1"))
    assert Seat.objects.get(school__code=SCHOOL, who=who).state in ("sent", "locked")


def test_a_name_that_tells_nothing_is_told(uploads: Region, client_of: Clients) -> None:
    client = client_of("centre")
    page = text_of(
        client.get(handed(client, uploads, archive({"x.yml": yaml([]), "эксперт-2.yml": yaml([])}), who="named"))
    )
    assert page.count("по имени файла не понять, чей он") == 2
    assert "школа, эксперт-A, эксперт-B, согласовано" in page
