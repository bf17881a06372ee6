"""Files of a school on the server: handed over, read by a worker, shown beside the rows of whoever sees the seat."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest

from tests.hosted.conftest import BOTH, ON_POSTGRES
from tests.hosted.people import Region
from tests.web.test_files import bomb, picture, question, sent
from vsoko_rules.resources import shipped

if TYPE_CHECKING:
    from django.test import Client

Clients = Callable[[str], "Client"]
SCHOOL = "samoproverka"
PLAIN = "Приказ № {0} от 12.10.2021. Утвердить положение о внутренней системе оценки качества образования.".format
"""an order that is nothing but text"""
FOLDER = shipped("cases") / "papka-shkoly"
ORDER = FOLDER / "Блок 1" / "Приказ 112-од.docx"
REPORT = FOLDER / "Блок 1" / "Аналитический отчёт.docx"
PDF = next(FOLDER.rglob("*.pdf"))
PAGE = next(FOLDER.rglob("*.html"))
SENTENCE = r'name="at" value="([\d:]+)"> ?(?:<mark>)?([^<]*)'


@pytest.fixture
def uploads(region: Region, server: Callable[..., None]) -> Region:
    """A server that takes files; the school of `SCHOOL` has somebody, and holds no documents yet."""
    from vsoko_rules.web.hosted.models import Membership

    pytest.importorskip("pypdfium2")
    server(uploads=True)
    own = {"role": "school", "study": region.study, "school": region.schools[SCHOOL]}
    Membership.objects.filter(user=region.person("school")).update(**own)
    seat = region.seat(SCHOOL, "self")
    data = json.loads(seat.data)
    seat.data = json.dumps({**{k: v for k, v in data.items() if k in ("ruleset", "school", "study")}, "documents": []})
    seat.save()
    return region


def worked_off() -> None:
    from vsoko_rules.web.hosted.working import work_off

    work_off("проверка")


def forgotten() -> None:
    """What this process holds in memory is gone: what is shown then is what any other process would show."""
    from vsoko_rules.web.hosted import pair_seats, seat_desk, seat_readings

    seat_desk._HELD._seats.clear()
    seat_readings._loaded.cache_clear()
    pair_seats._pair.cache_clear()


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def data_of(region: Region, who: str) -> dict[str, Any]:
    return dict(json.loads(region.seat(SCHOOL, who).data))


def give(client: Client, code: str, *files: Any) -> Any:
    return client.post(f"/s/{code}/files", {"files": list(files)}, follow=True)


def uses(region: Region, who: str = "self") -> list[str]:
    from vsoko_rules.web.hosted.models import FileUse

    return sorted(FileUse.objects.filter(seat=region.seat(SCHOOL, who)).values_list("name", flat=True))


def handed(path: Any) -> Any:
    return sent(path.name, path.read_bytes())


@BOTH
def test_from_the_files_of_a_school_to_the_quotes_of_its_experts(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted import event_chain as chain

    own = _filled_by_the_school(uploads, client_of("school"))
    hashes = _sent_by_the_school(uploads, client_of("school"))
    _quoted_by_an_expert(uploads, client_of, own)
    codes = {who: uploads.seat(SCHOOL, who).code for who in ("self", "A", "B")}
    for login, foreign in (("expert-a", "B"), ("expert-b", "A"), ("expert-a", "self"), ("expert-b", "self")):
        for end in ("", "/state", f"/of/{hashes[ORDER.name]}", f"/of/{hashes[ORDER.name]}/text"):
            answer = client_of(login).get(f"/s/{codes[foreign]}/files{end}")
            assert answer.status_code == 404, (login, foreign, end)
    _taken_by_an_expert(uploads, client_of("expert-a"), hashes[ORDER.name])
    assert chain.verify().fault is None


def _filled_by_the_school(region: Region, school: Client) -> str:
    """Files are handed over, read and confirmed; the code of the document of the order."""
    code = region.seat(SCHOOL, "self").code
    page = text(give(school, code, handed(ORDER), handed(REPORT), handed(PDF), handed(PAGE)))
    assert "Получено файлов: 4." in page
    assert "Файлы читаются" in page
    assert "Получено файлов" not in text(school.get(f"/s/{code}/files")), "told once"
    worked_off()
    forgotten()
    page = text(school.get(f"/s/{code}/files"))
    assert "Файлов 4, прочитано 4, не прочитано 0." in page
    documents = data_of(region, "self")["documents"]
    assert {each["file"] for each in documents} == {ORDER.name, REPORT.name, PDF.name, PAGE.name}
    own = str(next(each["id"] for each in documents if each["file"] == ORDER.name))
    asked = question(text(school.get(f"/s/{code}/confirm/{own}")), "document", own)
    answer = school.post(f"/s/{code}/confirm/{own}", {**asked, "answer": "yes"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    row = next(each for each in data_of(region, "self")["documents"] if each["id"] == own)
    assert [each for each in row["evidence"] if each.get("state") is None and each.get("quote")], row
    assert school.post(f"/s/{code}/undo").status_code == 302
    assert len(uses(region)) == 4, "what is undone of rows takes no file away"
    assert school.post(f"/s/{code}/redo").status_code == 302
    return own


def _sent_by_the_school(region: Region, school: Client) -> dict[str, str]:
    """The hashes of the files that the rows name, as they were frozen."""
    from vsoko_rules.web.hosted.models import ChainEvent, Snapshot

    seat = region.seat(SCHOOL, "self")
    assert school.post(f"/s/{seat.code}/send", {"revision": seat.revision}).status_code == 302
    frozen = Snapshot.objects.get(seat=seat, why="sent")
    assert set(frozen.files) == {each["file"] for each in data_of(region, "self")["documents"]}
    assert all(re.fullmatch("[0-9a-f]{64}", sha256) for sha256 in frozen.files.values())
    assert give(school, seat.code, handed(PAGE)).status_code == 422
    assert school.post(f"/s/{seat.code}/files/of/{frozen.files[ORDER.name]}/remove").status_code == 422
    assert len(uses(region)) == 4
    event = ChainEvent.objects.get(kind="sent", seat=seat.code)
    assert json.loads(event.told)["files"] == frozen.files, "so that nobody alters what was sent"
    return dict(frozen.files)


def _quoted_by_an_expert(region: Region, client_of: Clients, own: str) -> None:
    """One takes a sentence as a quote; the other sees the text, and nothing of that."""
    from vsoko_rules.web.hosted.models import KeptText
    from vsoko_rules.web.hosted.seat_steps import open_expert_seats

    for who, login in (("A", "expert-a"), ("B", "expert-b")):
        region.assign(SCHOOL, who, login)
    region.phase("assess")
    assert open_expert_seats(region.study) == 2
    forgotten()
    first, second = region.seat(SCHOOL, "A").code, region.seat(SCHOOL, "B").code
    page = text(client_of("expert-a").get(f"/s/{first}/confirm/{own}"))
    sentences = re.findall(SENTENCE, page)
    contents = re.findall(r'<option value="(\w+)"', page.partition('name="content"')[2])
    assert sentences, "the text is beside the row, and nobody had it read again"
    assert KeptText.objects.count() == 4
    taken = {"content": contents[0], "at": max(sentences, key=lambda each: len(each[1]))[0]}
    assert client_of("expert-a").post(f"/s/{first}/confirm/{own}/quote", taken).status_code == 302
    row = next(each for each in data_of(region, "A")["documents"] if each["id"] == own)
    (quoted,) = [each for each in row["evidence"] if each["claim"] == contents[0] and each.get("quote")]
    assert (quoted["in"]["file"], quoted.get("state")) == (ORDER.name, None)
    assert "evidence" not in region.seat(SCHOOL, "B").data or quoted["quote"] not in region.seat(SCHOOL, "B").data
    page = text(client_of("expert-b").get(f"/s/{second}/confirm/{own}"))
    assert re.findall(SENTENCE, page) == sentences


def _taken_by_an_expert(region: Region, expert: Client, sha256: str) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent

    code = region.seat(SCHOOL, "A").code
    assert expert.get(f"/s/{code}/files/of/{sha256}").content == ORDER.read_bytes()
    told = ChainEvent.objects.get(kind="export", seat=code)
    assert json.loads(told.told) == {"what": "file", "name": ORDER.name, "file": sha256}


def test_the_third_person_and_the_centre_see_the_files(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.pair_seats import open_agreed_seats
    from vsoko_rules.web.hosted.seat_steps import open_expert_seats

    region, code = uploads, uploads.seat(SCHOOL, "self").code
    give(client_of("school"), code, sent("Приказ.txt", PLAIN(1).encode()))
    worked_off()
    for who, login in (("A", "expert-a"), ("B", "expert-b")):
        region.assign(SCHOOL, who, login)
    open_expert_seats(region.study)
    for who in ("A", "B"):
        seat = region.seat(SCHOOL, who)
        seat.state = "locked"
        seat.save()
    region.phase("reconcile")
    open_agreed_seats(region.study)
    from vsoko_rules.web.hosted.models import FileUse, Seat

    agreed = Seat.objects.get(school=region.schools[SCHOOL], who="agreed")
    agreed.expert = region.person("expert-c")
    agreed.save()
    sha256 = FileUse.objects.get(seat=agreed).file.sha256
    for login in ("expert-c", "centre", "methodist", "expert-a"):
        client = client_of(login)
        assert "Приказ.txt" in text(client.get(f"/s/{agreed.code}/files")), login
        page = text(client.get(f"/s/{agreed.code}/files/of/{sha256}/text"))
        assert "Приказ № 1 от 12.10.2021" in page, login
        assert "/remove" not in page
    assert client_of("school").get(f"/s/{agreed.code}/files").status_code == 404


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"Приказ.exe": b"MZ\0\0"}, "файлы такого вида не принимаются"),
        ({"Приказ.pdf": b""}, "файл пуст"),
        ({"Приказ.pdf": b"MZ\0\0 no pdf"}, "повреждён или внутри не то"),
        ({"Приказ.txt": bytes(range(256))}, "повреждён или внутри не то"),
        ({"Приказ.docx": ORDER.read_bytes()[: ORDER.stat().st_size // 2]}, "повреждён"),
        ({"Архив.zip": bomb()}, "распаковывается в слишком многое"),
        ({"Архив.zip": b"PK\3\4 broken"}, "архив повреждён"),
        ({"Приказ.docx": bomb()}, "повреждён или внутри не то"),
        ({"Архив.zip": "NESTED"}, "архив в архиве не открывается"),
        ({"Архив.zip": "OUTSIDE"}, "с путём за его пределы"),
        ({"Архив.zip": "SCRIPT"}, "файлы такого вида не принимаются"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(
    files: dict[str, Any], said: str, uploads: Region, client_of: Clients
) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent, StoredFile, Work

    made = {name: archive(content) if isinstance(content, str) else content for name, content in files.items()}
    right = sent("Хороший.txt", PLAIN(1).encode())
    code, before = uploads.seat(SCHOOL, "self").code, uploads.seat(SCHOOL, "self").revision
    answer = give(client_of("school"), code, right, *(sent(name, content) for name, content in made.items()))
    page = text(answer)
    assert answer.status_code == 422
    assert "Ничего не сохранено" in page
    assert said.casefold() in page.casefold()
    assert (uses(uploads), StoredFile.objects.count(), Work.objects.count()) == ([], 0, 0)
    assert not ChainEvent.objects.filter(kind="files_added").exists()
    assert uploads.seat(SCHOOL, "self").revision == before


def archive(what: str) -> bytes:
    names = {
        "NESTED": "внутри.zip",
        "OUTSIDE": "../../наружу.txt",
        "SCRIPT": "папка/запуск.exe",
        "FINE": "Блок 1/Приказ.txt",
    }
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr(names[what], PLAIN(2).encode())
        opened.writestr("Сайт_files/style.css", b"a {}")
    return made.getvalue()


def test_names_are_safe_and_doubles_are_kept_once(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import StoredFile

    code, client = uploads.seat(SCHOOL, "self").code, client_of("school")
    one, two = PLAIN(1).encode(), PLAIN(3).encode()
    page = text(give(
        client, code, sent("..\\..\\при\u202eказ<1>.txt", one), sent("приказ_1_.txt", two), sent("Копия.txt", one),
        sent("Архив.zip", archive("FINE")), sent("~$приказ.docx", b"x"), sent("Скан.png", picture()),
    ))  # fmt: skip
    names = ["Архив.zip/Блок 1/Приказ.txt", "Скан.png", "приказ_1_ (2).txt", "приказ_1_.txt"]
    assert uses(uploads) == names
    assert "второй раз не сохранено: Копия.txt" in page
    assert "Временный файл открытого документа" in page
    assert "Части сохранённой страницы" in page
    assert StoredFile.objects.count() == 4
    page = text(give(client, code, sent("Опять.txt", one)))
    assert "второй раз не сохранено: приказ_1_.txt" in page
    worked_off()
    page = text(client.get(f"/s/{code}/files"))
    assert "Файлов 4, прочитано 3, не прочитано 1." in page
    assert "Картинка — не проверено" in page


@pytest.mark.parametrize(("limit", "said"), [
    ("NUMBER_OF_FILES", "файлов слишком много"),
    ("FILES_OF_SCHOOL", "занимают слишком много места"),
    ("FILES_OF_STUDY", "место для файлов этого исследования кончилось"),
])  # fmt: skip
def test_there_is_room_for_so_much(
    limit: str, said: str, uploads: Region, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vsoko_rules.web.hosted import seat_files
    from vsoko_rules.web.hosted.models import StoredFile

    code, client = uploads.seat(SCHOOL, "self").code, client_of("school")
    monkeypatch.setattr(seat_files, limit, 1 if limit == "NUMBER_OF_FILES" else 300)
    assert give(client, code, sent("Первый.txt", PLAIN(1).encode())).status_code == 200
    answer = give(client, code, sent("Второй.txt", PLAIN(2).encode()))
    assert (answer.status_code, said in text(answer).casefold()) == (422, True)
    assert (uses(uploads), StoredFile.objects.count()) == (["Первый.txt"], 1)


def test_too_much_at_once_is_refused_before_it_is_read(
    uploads: Region, client_of: Clients, server: Callable[..., None]
) -> None:
    from vsoko_rules.web.settings import MOST_RECEIVED, MOST_SENT

    address = f"/s/{uploads.seat(SCHOOL, 'self').code}/files"

    def asked(length: int) -> Any:
        return client_of("school").post(address, {"files": []}, CONTENT_LENGTH=str(length))

    answer = asked(MOST_RECEIVED + 1)
    assert (answer.status_code, "Передайте файлы по частям" in text(answer)) == (413, True)
    server(uploads=False)
    assert asked(MOST_SENT + 1).status_code == 413, "where files are not taken, no room is made for them"


@BOTH
def test_a_file_is_taken_away_with_its_text(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import ChainEvent, FileUse, KeptText, StoredFile

    code, client = uploads.seat(SCHOOL, "self").code, client_of("school")
    give(client, code, sent("Один.txt", PLAIN(1).encode()), sent("Два.txt", PLAIN(2).encode()))
    worked_off()
    kept = FileUse.objects.get(name="Два.txt")
    gone = FileUse.objects.get(name="Один.txt")
    FileUse.objects.create(seat=uploads.seat("gorodskaya-sosh", "self"), name="Чужой.txt", file=kept.file)
    for use, left in ((gone, 1), (kept, 1)):
        answer = client.post(f"/s/{code}/files/of/{use.file.sha256}/remove")
        assert answer.status_code == 302
        assert (StoredFile.objects.count(), KeptText.objects.count()) == (left, left), (
            "another school uses the second one"
        )
    assert uses(uploads) == []
    assert client.post(f"/s/{code}/files/of/{gone.file.sha256}/remove").status_code == 404
    told = [json.loads(each.told) for each in ChainEvent.objects.filter(kind="file_removed").order_by("number")]
    assert [each["name"] for each in told] == ["Один.txt", "Два.txt"]
    assert chain.verify().fault is None


def test_a_row_that_names_a_file_is_held_against_what_was_handed_over(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.region.counted_cases import counted_record
    from vsoko_rules.web.hosted.kept_standings import _WaitingSeat
    from vsoko_rules.web.hosted.models import Seat
    from vsoko_rules.web.hosted.pinned import pinned

    def figures() -> str:
        waiting = _WaitingSeat.of(seat.pk)
        return str(counted_record(pinned(waiting.ruleset), waiting.counted)[0]["blocks"])

    region, client = uploads, client_of("school")
    seat = region.seat(SCHOOL, "self")
    give(client, seat.code, sent("Приказ.txt", PLAIN(1).encode()))
    data = data_of(region, "self")
    rows = [{"id": n, "title": n, "file": f"{n}.txt", "serves": ["B1-M02"]} for n in ("Приказ", "Отчёт")]
    Seat.objects.filter(pk=seat.pk).update(data=json.dumps({**data, "documents": rows}), revision=seat.revision + 5)
    forgotten()
    assert "file-is-absent" in figures(), "figures of the region say the same as the page"
    page = text(client.get(f"/s/{seat.code}/documents"))
    assert page.count("Показать в тексте файла") == 1
    assert "не указан ни в одной строке" not in text(client.get(f"/s/{seat.code}/files"))
    Seat.objects.filter(pk=seat.pk).update(data=json.dumps({**data, "documents": rows[:1]}), revision=seat.revision + 6)
    assert "file-is-absent" not in figures()


def test_a_file_is_saved_and_never_shown(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent, FileUse

    code, client = uploads.seat(SCHOOL, "self").code, client_of("school")
    content = f"<html><body><script>alert(1)</script><p>{PLAIN(1)}</p></body></html>".encode()
    give(client, code, sent("Страница; x=1.html", content))
    use = FileUse.objects.get()
    answer = client.get(f"/s/{code}/files/of/{use.file.sha256}")
    assert answer.content == content
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert not ChainEvent.objects.filter(kind="export").exists(), "what is one's own is not taken from anybody"
    worked_off()
    page = text(client.get(f"/s/{code}/files/of/{use.file.sha256}/text"))
    assert "<script>alert" not in page


def test_a_file_of_another_school_is_not_there(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import FileUse

    mine, theirs = uploads.seat(SCHOOL, "self").code, uploads.seat("selskaya-oosh", "self").code
    give(client_of("other"), theirs, sent("Чужой.txt", PLAIN(7).encode()))
    sha256 = FileUse.objects.get().file.sha256
    client = client_of("school")
    for code in (mine, theirs):
        for end in (f"of/{sha256}", f"of/{sha256}/text", "of/nothing"):
            assert client.get(f"/s/{code}/files/{end}").status_code == 404
        assert client.post(f"/s/{code}/files/of/{sha256}/remove").status_code == 404
    assert give(client, theirs, sent("Мой.txt", b"1")).status_code == 404
    assert client_of("centre").post(f"/s/{mine}/files", {"files": []}).status_code == 404
    assert uses(uploads) == []


def test_an_expert_hands_nothing_over(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.seat_steps import open_expert_seats

    give(client_of("school"), uploads.seat(SCHOOL, "self").code, sent("Приказ.txt", PLAIN(1).encode()))
    uploads.assign(SCHOOL, "A", "expert-a")
    uploads.phase("assess")
    open_expert_seats(uploads.study)
    code, client = uploads.seat(SCHOOL, "A").code, client_of("expert-a")
    page = text(client.get(f"/s/{code}/files"))
    assert "Приказ.txt" in page
    assert 'type="file"' not in page
    assert "/remove" not in page
    assert client.post(f"/s/{code}/files", {"files": [sent("Мой.txt", b"1")]}).status_code == 404
    assert client.post(f"/s/{code}/files/read").status_code == 302
    worked_off()
    assert [each["file"] for each in data_of(uploads, "A")["documents"]] == ["Приказ.txt"]
    assert uses(uploads, "A") == ["Приказ.txt"]


def test_what_cannot_be_read_is_told(uploads: Region, client_of: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    from vsoko_rules.errors import InputError, Place, Problem
    from vsoko_rules.web.hosted import seat_readings

    def fails(*_: object) -> Any:
        raise InputError([Problem(Place("файлы"), "нужны пакеты, которые не установлены")])

    code, client = uploads.seat(SCHOOL, "self").code, client_of("school")
    give(client, code, sent("Приказ.txt", PLAIN(1).encode()))
    with monkeypatch.context() as patched:
        patched.setattr(seat_readings, "read_texts", fails)
        worked_off()
    page = text(client.get(f"/s/{code}/files"))
    assert "нужны пакеты, которые не установлены" in page
    client.post(f"/s/{code}/files/read")
    worked_off()
    assert "Файлов 1, прочитано 1, не прочитано 0." in text(client.get(f"/s/{code}/files"))


def test_what_was_handed_over_is_not_shown_where_files_are_taken_no_more(
    uploads: Region, client_of: Clients, server: Callable[..., None]
) -> None:
    code, client = uploads.seat(SCHOOL, "self").code, client_of("school")
    give(client, code, sent("Приказ.txt", PLAIN(1).encode()))
    worked_off()
    (row,) = data_of(uploads, "self")["documents"]
    assert re.search(SENTENCE, text(client.get(f"/s/{code}/confirm/{row['id']}")))
    server(uploads=False)
    page = text(client.get(f"/s/{code}/confirm/{row['id']}"))
    assert not re.search(SENTENCE, page)
    assert "показать текст нельзя" in page
    assert client.get(f"/s/{code}/files").status_code == 404


@ON_POSTGRES
def test_one_school_takes_away_what_another_hands_over(uploads: Region) -> None:
    """At the same moment, again and again: a content is there exactly as long as somebody uses it."""
    from vsoko_rules.region.handed_files import handed_files
    from vsoko_rules.web.hosted.models import FileUse, StoredFile
    from vsoko_rules.web.hosted.seat_files import add_files, remove_file

    files = handed_files([("Приказ.txt", PLAIN(1).encode())])
    sha256 = files.files[0].sha256
    start = Barrier(2)
    faults: list[object] = []

    def busy(login: str, seat: Any) -> None:
        from django.db import connection

        try:
            for _ in range(8):
                start.wait(60)
                add_files(uploads.person(login), seat, files)
                remove_file(uploads.person(login), seat, sha256)
        except Exception as error:
            faults.append(error)
            start.abort()
        finally:
            connection.close()

    both = [("school", uploads.seat(SCHOOL, "self")), ("other", uploads.seat("selskaya-oosh", "self"))]
    threads = [Thread(target=busy, args=each) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert faults == []
    assert (FileUse.objects.count(), StoredFile.objects.count()) == (0, 0)
