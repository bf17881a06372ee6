"""An archive of schools on the disk of the server, taken into a study by a command: what the page would take in, school
by school, with one of them in memory."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile

import pytest

from tests.hosted.conftest import BOTH, server_text
from tests.hosted.files import FILES, ORDER, region_with_files
from tests.hosted.people import Region
from tests.hosted.test_case_import import confirmed, handed
from tests.hosted.test_imported_files import another_study, archive, named, uploads, yaml
from tests.hosted.test_packed_files import streamed
from tests.hosted.test_region_papers import made
from tests.hosted.test_setting_up import refused, vsoko

if TYPE_CHECKING:
    from django.test import Client

    from vsoko_rules.web.hosted.archive_import import ImportedArchive
    from vsoko_rules.web.hosted.models import StudyRound

Clients = Callable[[str], "Client"]
SCHOOL = "gorodskaya-sosh"

__all__ = ["uploads"]


def lying(path: Path, files: dict[str, bytes]) -> Path:
    path.write_bytes(archive(files).getvalue())
    return path


def taken(path: Path, study: StudyRound, *, by: str | None = "centre", close: bool = True) -> ImportedArchive:
    from vsoko_rules.web.hosted.archive_import import person_of_the_centre, take_archive

    return take_archive(path, study, person_of_the_centre(by, study) if by else None, close=close)


def held(study: StudyRound) -> dict[tuple[str, str], Any]:
    """Everything that the seats of a study hold."""
    from vsoko_rules.web.hosted.models import FileUse, Seat

    rows = Seat.objects.filter(school__study=study).select_related("school__municipality")
    return {
        (seat.school.code, seat.who): (
            json.loads(seat.data) if seat.data else None, seat.state, seat.school.name, seat.school.municipality.name,
            sorted(FileUse.objects.filter(seat=seat).values_list("name", "file__sha256", "type")),
            list(seat.snapshot_set.values_list("why", "sha256")),
        )
        for seat in rows
    }  # fmt: skip


@BOTH
def test_the_command_takes_in_what_the_page_does(uploads: Region, client_of: Clients, tmp_path: Path) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import ChainEvent

    region_with_files(uploads, SCHOOL)
    client = client_of("centre")
    content = streamed(client, made(client, f"/study/{uploads.study.code}/orders/study_files"))
    by_page = another_study(uploads).study
    assert confirmed(client, handed(client, uploads, named(content), who="named", close="1")).state == "done"
    by_command = another_study(uploads).study
    path = tmp_path / "школы.zip"
    path.write_bytes(content)
    looked = taken(path, by_command, by=None)
    assert (looked.cases, looked.documents, looked.left, looked.strangers) == (6, 13, [], [])
    assert held(by_command) == {}, "what is only looked at changes nothing"
    done = taken(path, by_command)
    assert done == looked
    assert held(by_command) == held(by_page)
    assert len(held(by_command)) > 3
    event = ChainEvent.objects.filter(study=by_command.code, kind="cases_imported").first()
    assert event is not None
    assert event.user == uploads.person("centre").pk
    assert chain.verify().fault is None


def test_what_was_taken_in_is_not_taken_in_again(uploads: Region, tmp_path: Path) -> None:
    """A command that was ended in the middle is given again."""
    one, two = ({f"{code}/школа.yml": yaml({}, school=code)} for code in ("a-1", "b-2"))
    study = another_study(uploads).study
    assert taken(lying(tmp_path / "первая.zip", one), study).cases == 1
    before = held(study)
    again = taken(lying(tmp_path / "обе.zip", {**one, **two}), study)
    assert again.cases == 1
    assert [str(problem) for problem in again.left] == [
        "a-1/школа.yml: это место уже закрыто: сначала верните его на доработку."
    ]
    assert held(study)["a-1", "self"] == before["a-1", "self"]
    assert set(held(study)) == {("a-1", "self"), ("b-2", "self")}


def test_one_school_that_is_wrong_keeps_no_other_out(uploads: Region, tmp_path: Path) -> None:
    path = lying(
        tmp_path / "школы.zip",
        {
            "выгрузка/a-1/школа.yml": yaml({"Приказ.docx": ORDER}, school="a-1"),
            "выгрузка/a-1/Приказ.docx": ORDER,
            "выгрузка/a-1/Лишний.docx": ORDER,
            "выгрузка/a-1/эксперт-A.yml": b"school: [",
            "выгрузка/b-2/школа.yml": b"school: [",
            "выгрузка/c-3/ещё/эксперт-A.yml": yaml({}, school="c-3"),
            "выгрузка/Без школы.docx": ORDER,
            "выгрузка/.DS_Store": b"",
        },
    )
    study = another_study(uploads).study
    done = taken(path, study, close=False)
    assert (done.cases, done.documents) == (2, 1)
    assert [problem.place.file for problem in done.left] == ["выгрузка/a-1/эксперт-A.yml", "выгрузка/b-2/школа.yml"]
    assert done.strangers == ["выгрузка/Без школы.docx", "выгрузка/a-1/Лишний.docx"]
    states = {key: seat[1] for key, seat in held(study).items()}
    assert states == {("a-1", "self"): "open", ("c-3", "self"): "open", ("c-3", "A"): "open"}


def test_a_third_expert_makes_a_control_school(uploads: Region, tmp_path: Path) -> None:
    path = lying(tmp_path / "школы.zip", {f"a-1/{who}.yml": yaml({}, school="a-1") for who in ("школа", "эксперт-3")})
    study = another_study(uploads).study
    assert (taken(path, study, by=None).controls, held(study)) == (1, {})
    done = taken(path, study)
    assert (done.cases, done.controls) == (2, 1)
    assert set(held(study)) == {("a-1", "self"), ("a-1", "3")}


def test_a_file_that_is_not_as_large_as_it_says_is_told(uploads: Region, tmp_path: Path) -> None:
    path = lying(tmp_path / "школы.zip", {"a-1/школа.yml": yaml({"П.docx": ORDER}, school="a-1"), "a-1/П.docx": ORDER})
    content = bytearray(path.read_bytes())
    place = content.rindex(len(ORDER).to_bytes(4, "little"))  # in the directory of the archive
    content[place : place + 4] = (len(ORDER) + 1).to_bytes(4, "little")
    path.write_bytes(content)
    study = another_study(uploads).study
    assert [str(each) for each in taken(path, study).left] == ["a-1/П.docx: файл в архиве повреждён."]
    assert held(study) == {}


def test_too_much_of_one_school_is_told_before_it_is_read(
    uploads: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vsoko_rules.web.hosted import archive_import

    monkeypatch.setattr(archive_import, "MOST_RECEIVED", 3_000_000)
    monkeypatch.setattr(archive_import, "FILES_OF_SCHOOL", 5_000_000)
    large, some = b"0" * 4_000_000, b"0" * 2_000_000
    path = lying(
        tmp_path / "школы.zip",
        {
            "a-1/школа.yml": yaml({}, school="a-1"), "a-1/большой.pdf": large,
            "b-2/школа.yml": yaml({}, school="b-2"), **{f"b-2/{number}.pdf": some for number in range(3)},
            "c-3/школа.yml": yaml({}, school="c-3"),
        },
    )  # fmt: skip
    done = taken(path, another_study(uploads).study)
    assert [str(each) for each in done.left] == [
        "a-1/большой.pdf: файл слишком велик; ожидалось: до 3 МБ.",
        "b-2: файлы занимают больше места, чем можно у одной школы: до 5 МБ.",
    ]
    assert done.cases == 1


def test_only_one_school_is_in_memory(uploads: Region, tmp_path: Path) -> None:
    """Twelve schools take as much as two do."""
    from vsoko_rules.web.hosted.models import StoredFile

    def peak(number: int, name: str) -> int:
        path = tmp_path / f"{name}.zip"
        with ZipFile(path, "w", ZIP_STORED) as packed:
            for each in range(number):
                code = f"{name}-{each}"
                packed.writestr(f"{code}/школа.yml", yaml({"Скан.pdf": b""}, school=code))
                packed.writestr(f"{code}/Скан.pdf", FILES["Скан й.pdf"] + bytes([each]) * 3_000_000)
        study = another_study(uploads).study
        tracemalloc.start()
        try:
            assert taken(path, study).documents == number
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1, "прежде")
    two, twelve = peak(2, "две"), peak(12, "много")
    assert StoredFile.objects.filter(size__gt=3_000_000).count() == 12
    assert twelve < two + 6_000_000


@BOTH
def test_the_command(uploads: Region, database: str, tmp_path: Path) -> None:
    study = another_study(uploads).study
    (tmp_path / "server.yml").write_text(server_text(database, uploads="true"), encoding="utf-8")
    path = lying(tmp_path / "школы.zip", {"a-1/школа.yml": yaml({"П.docx": ORDER}, school="a-1"), "a-1/П.docx": ORDER})
    told = refused("import", tmp_path, path)
    assert told.startswith("--study: не сказано, в какое исследование; ожидалось: ")
    assert f"{study.code} — Другое" in told
    assert "--study: исследования с таким кодом нет; найдено: «нет»" in refused(
        "import", tmp_path, path, "--study", "нет"
    )
    common = ("import", tmp_path, path, "--study", study.code)
    assert "--by: человека центра с таким именем для входа нет" in refused(*common, "--by", "school")
    looked = vsoko(*common)
    assert (looked.returncode, looked.stderr) == (0, "")
    assert looked.stdout.replace("\u00a0", " ") == (
        "Исследование «Другое»: можно перенести 1 файл школы, с ними 1 документ.\n\n"
        "Что эти школы уже заполнили и не отправили, файлы заменят; прежнее останется в истории школы.\n"
        "Чтобы перенести, повторите команду с --yes.\n"
    )
    assert held(study) == {}
    assert vsoko(*common, "--yes").returncode == 0
    assert held(study)["a-1", "self"][1] == "sent"
    again = vsoko(*common, "--yes", "--json")
    assert again.returncode == 1
    (result,) = json.loads(again.stdout)["results"]
    assert (result["kept"], result["cases"], len(result["left"])) == (True, 0, 1)


@pytest.mark.parametrize("content", [b"no archive", archive({"Приказ.docx": ORDER}).getvalue(), b""])
def test_what_is_no_archive_of_schools_is_refused(region: Region, content: bytes, tmp_path: Path) -> None:
    from vsoko_rules.errors import InputError

    path = tmp_path / "школы.zip"
    path.write_bytes(content)
    for wrong in (path, tmp_path / "нет.zip", tmp_path):
        with pytest.raises(InputError) as refusal:
            taken(wrong, region.study, by=None)
        (problem,) = refusal.value.problems
        assert str(wrong) == str(problem.place)
