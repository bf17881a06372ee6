"""Schools with the files that they handed over, as archives: a case that is unpacked finds its files, and nobody gets
more than they see."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

from tests.hosted.conftest import BOTH
from tests.hosted.files import FILES, ORDER, PDF, REPORT, naming, region_with_files, use_files
from tests.hosted.people import Region
from tests.hosted.test_centre_pages import text_of
from tests.hosted.test_region_papers import made, run
from vsoko_rules.study.archive_contents import CONTENTS

if TYPE_CHECKING:
    from django.test import Client

    from vsoko_rules.web.hosted.models import Work

Clients = Callable[[str], "Client"]
SCHOOL = "gorodskaya-sosh"


@pytest.fixture
def uploads(region: Region, server: Callable[..., None]) -> Region:
    """A server that takes files, and a study with some."""
    server(uploads=True)
    region_with_files(region, SCHOOL)
    return region


def streamed(client: Client, work: Work) -> bytes:
    """What is downloaded of work."""
    answer: Any = client.get(f"/work/{work.code}/file")
    assert answer.status_code == 200
    content: bytes = answer.getvalue()
    assert len(content) == int(answer["Content-Length"])
    return content


def copied(client: Client, seat: Any) -> bytes:
    """The archive of a seat."""
    answer: Any = client.post(f"/s/{seat.code}/copy/zip")
    assert answer.status_code == 200, answer
    assert answer["Content-Disposition"].startswith("attachment")
    content: bytes = answer.getvalue()
    return content


def put(content: bytes, folder: Path) -> dict[str, bytes]:
    """Unpack an archive as anybody does; its files by name."""
    with ZipFile(BytesIO(content)) as archive:
        archive.extractall(folder)
        return {name: archive.read(name) for name in archive.namelist()}


def source_of(answer: Any) -> str:
    """A page as it is sent."""
    return str(answer.content.decode())


def absent(*arguments: object) -> int:
    """How many files a verdict does not find."""
    return str(run("check", *arguments, "--json").output).count("file-is-absent")


def test_the_copy_of_a_school_finds_its_files(uploads: Region, client_of: Clients, tmp_path: Path) -> None:
    client, seat = client_of("school"), uploads.seat(SCHOOL, "self")
    assert "/copy/zip" in source_of(client.get(f"/s/{seat.code}/files"))
    assert "/copy/zip" in source_of(client.get(f"/s/{seat.code}/papers"))
    content = copied(client, seat)
    assert copied(client, seat) == content, "the same bytes"
    files = put(content, tmp_path)
    case = "sos-012-2022.yml"
    assert list(files) == [case, "Архив.zip/Блок 1/Отчёт.docx", "Приказ.docx", "Скан й.pdf"]
    assert {name: files[name] for name in FILES} == FILES
    assert files[case] == client.post(f"/s/{seat.code}/copy/yml").content, "the same file as without them"
    assert absent(tmp_path / case) == 0
    links = run("check", tmp_path / case, "--links").output
    assert all(hashlib.sha256(content).hexdigest() in links for content in FILES.values())
    (tmp_path / "Приказ.docx").unlink()
    assert absent(tmp_path / case) > 0


def test_what_is_unpacked_is_read_by_commands(uploads: Region, client_of: Clients, tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    put(copied(client_of("school"), uploads.seat(SCHOOL, "self")), tmp_path)
    run("intake", tmp_path, "-o", tmp_path.with_name("черновик.yml"))
    draft = tmp_path.with_name("черновик.yml").read_text(encoding="utf-8")
    assert all(Path(name).name in draft for name in FILES)


@BOTH
def test_a_study_is_one_archive(uploads: Region, client_of: Clients, tmp_path: Path) -> None:
    from vsoko_rules.web.hosted.models import Work, WorkPiece

    client, address = client_of("centre"), f"/study/{uploads.study.code}/orders/study_files"
    first, second = made(client, address), made(client, address)
    content = streamed(client, first)
    assert streamed(client, second) == content, "the same bytes"
    assert (Work.objects.get(pk=first.pk).result, first.size) == (None, len(content))
    files = put(content, tmp_path)
    folders = {
        f"{SCHOOL}/{name}" for name in (*FILES, "школа.yml", "эксперт-A.yml", "эксперт-B.yml", "согласовано.yml")
    }
    others = {"samoproverka/школа.yml", "selskaya-oosh/школа.yml", "selskaya-oosh/Приказ.docx", "case.schema.json"}
    assert set(files) == folders | others | {CONTENTS}
    assert {name: files[f"{SCHOOL}/{name}"] for name in FILES} == FILES
    assert files["selskaya-oosh/Приказ.docx"] == REPORT
    for name in files:
        if name.endswith(".yml"):
            assert absent(tmp_path / name) == 0, name
    told = run("study", tmp_path, "-o", tmp_path.with_name("итоги"), "-j", "1").output
    assert "Исследование: 3\u00a0файла" in told, "one for each school"
    summary = client.get(f"/work/{made(client, address.replace('files', 'summary')).code}/file")
    with ZipFile(BytesIO(summary.content)) as archive:
        for name in archive.namelist():
            assert (tmp_path.with_name("итоги") / name).read_bytes() == archive.read(name), name
    assert b"$schema=../case.schema.json" in files[f"{SCHOOL}/школа.yml"]
    assert WorkPiece.objects.count() == 2


def test_a_large_archive_is_never_in_memory(
    uploads: Region, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vsoko_rules.web.hosted import kept_pieces
    from vsoko_rules.web.hosted.models import WorkPiece

    monkeypatch.setattr(kept_pieces, "PIECE", 1_000)
    client = client_of("centre")
    work = made(client, f"/study/{uploads.study.code}/orders/study_files")
    assert WorkPiece.objects.count() == -(-work.size // 1_000)
    with ZipFile(BytesIO(streamed(client, work))) as archive:
        assert archive.testzip() is None
    head: Any = client.head(f"/work/{work.code}/file")
    assert (head.status_code, head.getvalue()) == (200, b"")


def test_another_file_under_the_same_name_has_a_folder_of_its_own(
    uploads: Region, client_of: Clients, tmp_path: Path
) -> None:
    from vsoko_rules.web.hosted.models import FileUse
    from vsoko_rules.web.hosted.stored_content import keep_content

    use = FileUse.objects.get(seat=uploads.seat(SCHOOL, "B"), name="Приказ.docx")
    use.file = keep_content(PDF + b"\n")
    use.save()
    client = client_of("centre")
    work = made(client, f"/study/{uploads.study.code}/orders/study_files")
    files = put(streamed(client, work), tmp_path)
    assert files[f"{SCHOOL}/Приказ.docx"] == ORDER
    assert files[f"{SCHOOL} (эксперт-B)/Приказ.docx"] == PDF + b"\n"
    assert f"{SCHOOL}/эксперт-B.yml" not in files
    assert absent(tmp_path / f"{SCHOOL} (эксперт-B)" / "эксперт-B.yml") == 0


def test_who_takes_files_of_others_is_written_down(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import ChainEvent

    seat = uploads.seat(SCHOOL, "self")
    copied(client_of("school"), seat)
    assert not ChainEvent.objects.filter(kind="export").exists(), "what is one's own is not taken from anybody"
    client_of("expert-a").post(f"/s/{uploads.seat(SCHOOL, 'A').code}/copy/yml")
    assert not ChainEvent.objects.filter(kind="export").exists(), "nor what one filled in oneself"
    copied(client_of("expert-a"), uploads.seat(SCHOOL, "A"))
    told = json.loads(ChainEvent.objects.get(kind="export", user=uploads.person("expert-a").pk).told)
    assert told == {"what": "copy", "name": "sos-012-2022.zip", "files": 3}, "but the files in it are the school's"
    copied(client_of("centre"), seat)
    client_of("centre").post(f"/s/{seat.code}/copy/yml")
    streamed(client_of("centre"), made(client_of("centre"), f"/study/{uploads.study.code}/orders/study_files"))
    events = ChainEvent.objects.filter(kind="export", user=uploads.person("centre").pk).order_by("number")
    told = [json.loads(event.told) for event in events]
    assert [(each["what"], each["name"]) for each in told] == [
        ("copy", "sos-012-2022.zip"), ("copy", "sos-012-2022.yml"), ("work", "школы-с-документами.zip"),
    ]  # fmt: skip
    assert "файл школы" in text_of(client_of("auditor").get("/trail"))
    assert chain.verify().fault is None


def test_nobody_gets_more_than_they_see(uploads: Region, client_of: Clients, tmp_path: Path) -> None:
    from vsoko_rules.web.hosted.models import Membership, Municipality

    uploads.seats[SCHOOL, "B"].__class__.objects.filter(who="B").update(state="open")
    for who in ("self", "B", "agreed"):
        assert client_of("expert-a").post(f"/s/{uploads.seat(SCHOOL, who).code}/copy/zip").status_code == 404
    assert set(put(copied(client_of("expert-a"), uploads.seat(SCHOOL, "A")), tmp_path)) > set(FILES)
    assert client_of("other").post(f"/s/{uploads.seat(SCHOOL, 'self').code}/copy/zip").status_code == 404
    Membership.objects.create(user=uploads.person("expert-a"), study=uploads.study, role="centre")
    own = made(client_of("expert-a"), f"/study/{uploads.study.code}/orders/study_files")
    names = put(streamed(client_of("expert-a"), own), tmp_path)
    assert [name for name in names if SCHOOL in name and name.endswith(".yml")] == [f"{SCHOOL}/эксперт-A.yml"]
    town = Municipality.objects.get(name="Заречный")
    address = f"/study/{uploads.study.code}/towns/{town.pk}/orders/study_files"
    names = put(streamed(client_of("methodist"), made(client_of("methodist"), address)), tmp_path)
    assert {name.partition("/")[0] for name in names} == {"case.schema.json", "samoproverka", "selskaya-oosh"}
    for login in ("school", "auditor", "expert-b"):
        assert client_of(login).post(f"/study/{uploads.study.code}/orders/study_files").status_code == 404


def test_where_files_are_not_taken_none_are_given(
    uploads: Region, client_of: Clients, server: Callable[..., None]
) -> None:
    from vsoko_rules.web.hosted.models import Work
    from vsoko_rules.web.hosted.working import work_off

    seat, centre = uploads.seat(SCHOOL, "self"), client_of("centre")
    assert "study_files" in source_of(centre.get(f"/study/{uploads.study.code}/figures"))
    server(uploads=False)
    assert client_of("school").post(f"/s/{seat.code}/copy/zip").status_code == 404
    assert "/copy/zip" not in source_of(client_of("school").get(f"/s/{seat.code}/papers"))
    assert "study_files" not in source_of(centre.get(f"/study/{uploads.study.code}/figures"))
    centre.post(f"/study/{uploads.study.code}/orders/study_files")
    work_off("работник")
    assert Work.objects.get().state == "failed"


def test_too_much_for_one_archive_is_told(uploads: Region, client_of: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    from vsoko_rules.web.hosted import packed_study
    from vsoko_rules.web.hosted.models import Work, WorkPiece
    from vsoko_rules.web.hosted.working import work_off

    monkeypatch.setattr(packed_study, "_GIGABYTE", len(PDF) // 100)
    client = client_of("centre")
    answer = client.post(f"/study/{uploads.study.code}/orders/study_files")
    work_off("работник")
    assert Work.objects.get().state == "failed"
    text = text_of(client.get(answer["Location"]))
    assert "документов больше, чем в одном архиве" in text
    assert "по муниципалитетам" in text
    assert WorkPiece.objects.count() == 0


def test_names_that_got_in_by_another_way_lead_nowhere(uploads: Region, client_of: Clients, tmp_path: Path) -> None:
    from vsoko_rules.web.hosted.models import FileUse

    FileUse.objects.all().delete()
    seat = uploads.seat(SCHOOL, "self")
    use_files(seat, naming(SCHOOL, []), {"../../наружу.docx": ORDER, "/корень.docx": REPORT, "C:\\диск.pdf": PDF})
    names = list(put(copied(client_of("school"), seat), tmp_path))
    assert all(not name.startswith("/") and ".." not in name and ":" not in name for name in names)
    assert len(names) == 4


@BOTH
def test_pieces_go_with_their_term_and_with_a_try_that_failed(
    uploads: Region, client_of: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from vsoko_rules.web.hosted import packed_study
    from vsoko_rules.web.hosted.models import Work, WorkPiece
    from vsoko_rules.web.hosted.stored_content import drop_outlived
    from vsoko_rules.web.hosted.working import work_off

    client, address = client_of("centre"), f"/study/{uploads.study.code}/orders/study_files"
    work = made(client, address)
    Work.objects.update(beat_at=timezone.now() - timedelta(days=31))
    assert drop_outlived() == 1
    assert WorkPiece.objects.count() == 0
    assert client.get(f"/work/{work.code}/file").status_code == 410
    assert "срок хранения прошёл" in text_of(client.get(f"/work/{work.code}"))

    def broken(*_: object) -> Any:
        yield "Приказ.docx", ORDER * 100
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(packed_study, "_members", broken)
        client.post(address)
        work_off("работник")
    assert Work.objects.filter(state="failed").count() == 1
    assert WorkPiece.objects.count() == 0


@BOTH
def test_what_a_dead_worker_wrote_is_no_part_of_it(uploads: Region, client_of: Clients) -> None:
    """Neither what it wrote before it died nor what it writes when it was only slow."""
    from vsoko_rules.web.hosted import kept_pieces
    from vsoko_rules.web.hosted.models import Work, WorkPiece
    from vsoko_rules.web.hosted.working import work_off

    client, address = client_of("centre"), f"/study/{uploads.study.code}/orders/study_files"
    right = streamed(client, made(client, address))
    client.post(address)
    work = Work.objects.get(state="waiting")
    slow = Work.objects.get(pk=work.pk)
    Work.objects.filter(pk=work.pk).update(tries=1)
    slow.tries = 1
    WorkPiece.objects.create(work=slow, tries=1, number=0, content=b"half")
    work_off("работник")
    kept_pieces.PieceWriter(slow)._put(b"late")
    work.refresh_from_db()
    assert (work.state, work.tries) == ("done", 2)
    assert streamed(client, work) == right
    assert WorkPiece.objects.filter(work=work, tries=1).count() == 1


def test_so_many_take_large_archives_at_once(uploads: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.kept_pieces import AT_ONCE

    client = client_of("centre")
    work = made(client, f"/study/{uploads.study.code}/orders/study_files")
    taking: list[Any] = [client.get(f"/work/{work.code}/file") for _ in range(AT_ONCE)]
    answer = client.get(f"/work/{work.code}/file")
    assert answer.status_code == 503
    assert "через несколько минут" in text_of(answer)
    for each in taking:
        each.close()
    assert client.get(f"/work/{work.code}/file").status_code == 200
