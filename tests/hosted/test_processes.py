"""Several processes, one state: whoever outgrows a process, or a machine, adds another beside it. And what is killed in
the middle loses nothing that was acknowledged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hosted.conftest import ON_POSTGRES
from tests.hosted.live import Person, folder_of, served, session_of, until, worker
from tests.hosted.people import Region
from vsoko_rules.resources import shipped

pytestmark = pytest.mark.slow


@ON_POSTGRES
def test_two_servers_and_two_workers_over_one_database(region: Region, database: str, tmp_path: Path) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import Work
    from vsoko_rules.web.hosted.work import ask_for

    code = region.seat("gorodskaya-sosh", "self").code
    session = session_of(region.person("school"))
    one, other = (folder_of(tmp_path, name, database) for name in ("один", "два"))
    with served(*one, "--no-worker") as first, served(*other, "--no-worker", "--processes", "2") as second:
        there, here = Person(first, session), Person(second, session)
        assert there.edit(code, "komanda", "Приказ из первого") == 302
        assert "Приказ из первого" in here.get(f"/s/{code}/documents")[1]
        for number in range(4):  # each may reach another process
            assert here.edit(code, "komanda", f"Приказ {number} из второго") == 302
            assert f"Приказ {number} из второго" in there.get(f"/s/{code}/documents")[1]
        assert there.post(f"/s/{code}/undo", {})[0] == 302
        assert "Приказ 2 из второго" in here.get(f"/s/{code}/documents")[1]
        assert there.post("/sign-out", {})[0] == 302
        assert here.get(f"/s/{code}/documents")[0] == 302
    for _ in range(8):
        ask_for("неведомое", region.person("centre"), study=region.study)
    with worker(one[0]), worker(other[0]):
        until(lambda: not Work.objects.filter(state__in=("waiting", "running")).exists())
    assert list(Work.objects.values_list("tries", flat=True)) == [1] * 8
    told = chain.verify()
    assert (told.count, told.fault) == (6 + 8 * 2, None)


@ON_POSTGRES
def test_files_given_to_one_server_are_read_by_a_worker_and_shown_by_another(
    region: Region, database: str, tmp_path: Path
) -> None:
    pytest.importorskip("pypdfium2")
    seat, session = region.seat("gorodskaya-sosh", "self"), session_of(region.person("school"))
    folders = [folder_of(tmp_path, name, database) for name in ("один", "два")]
    for folder, _ in folders:
        with (folder / "server.yml").open("a", encoding="utf-8") as stated:
            stated.write("uploads: true\n")
    order = shipped("cases") / "papka-shkoly" / "Блок 1" / "Приказ 112-од.docx"
    with served(*folders[0], "--no-worker") as first, served(*folders[1], "--no-worker") as second:
        there, here = Person(first, session), Person(second, session)
        assert there.hand_over(seat.code, order.name, order.read_bytes()) == 302
        assert "Файлы читаются" in here.get(f"/s/{seat.code}/files")[1]
        with worker(folders[0][0]):
            until(lambda: "Файлы читаются" not in here.get(f"/s/{seat.code}/files")[1])
        for person in (there, here):
            page = person.get(f"/s/{seat.code}/files")[1].replace("\u00a0", " ")
            assert "Файлов 1, прочитано 1, не прочитано 0." in page
            asked = re.search(rf"/s/{seat.code}/confirm/(\w+)", page)
            assert asked is not None
            assert "112-од" in person.get(asked[0])[1].partition("Текст файла")[2]
