"""The list of schools: there at once, assessed little by little, kept until a file or the program changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import client_of
from vsoko_rules.case.reader import CaseFile
from vsoko_rules.resources import shipped
from vsoko_rules.web.site import Site
from vsoko_rules.workspace import school_list
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.workspace.school_list import SchoolList


def text(client: Any, address: str = "/") -> str:
    return str(client.get(address).content.decode())


def test_schools_are_listed_at_once_and_assessed_after_that(client: Any) -> None:
    assert text(client).count("ещё проверяется") == 3
    while "Ещё проверяется" in text(client, "/schools/more"):
        pass
    page = text(client)
    assert "9\u00a0из\u00a019" in page or "9 из 19" in page
    assert "МБОУ «СОШ №\u00a012» города Сосновска" in page
    assert "hx-get" not in page.partition('id="schools"')[2]


def test_only_what_changed_is_assessed_again(
    client: Any, site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    while "Ещё проверяется" in text(client, "/schools/more"):
        pass
    opened: list[str] = []

    def watched(path: Path) -> CaseFile:
        opened.append(path.name)
        return open_case(path)

    monkeypatch.setattr(school_list, "open_case", watched)
    assert "проверяется" not in text(client, "/schools/more")
    changed = folder / "samoproverka.yml"
    changed.write_text(changed.read_text(encoding="utf-8").replace("СОШ № 21", "СОШ № 22"), encoding="utf-8")
    untouched = folder / "selskaya-oosh.yml"
    untouched.write_bytes(untouched.read_bytes())
    assert text(client).count("ещё проверяется") == 2
    while "Ещё проверяется" in text(client, "/schools/more"):
        pass
    assert opened == ["samoproverka.yml"], "a file with another time and the same content is not assessed again"
    assert "№\u00a022" in text(client)


def test_a_file_that_is_no_school_is_told(client: Any, folder: Path) -> None:
    (folder / "плохой.yml").write_text("school: [", encoding="utf-8")
    while "Ещё проверяется" in text(client, "/schools/more"):
        pass
    assert "Не читается." in text(client)
    assert "плохой.yml:" in text(client)
    assert str(folder) not in text(client), "the folder is known: only the name of the file is told"


def test_schools_are_found_by_any_word(client: Any) -> None:
    while "Ещё проверяется" in text(client, "/schools/more"):
        pass
    found = text(client, "/?q=заречный+светлое")
    assert "Найдено: 1 из 3" in found
    assert "Сосновск" not in found.partition("<main")[2]
    assert "Ничего не нашлось" in text(client, "/?q=<b>x</b>")
    assert "<b>x</b>" not in text(client, "/?q=<b>x</b>")


def test_a_long_list_comes_in_pages(make_site: Callable[[Path], Site], tmp_path: Path) -> None:
    many = tmp_path / "много"
    many.mkdir()
    for number in range(101):
        shutil.copy(shipped("cases") / "nichego-ne-opublikovano.yml", many / f"{number:03}.yml")
    client = client_of(make_site(many))
    first, second = text(client), text(client, "/?page=2")
    assert ("000.yml" in first, "100.yml" in first) == (True, False)
    assert ("000.yml" in second, "100.yml" in second) == (False, True)
    assert "Страница 2 из 2" in second
    assert "Страница 2 из 2" in text(client, "/?page=99999")


def test_one_file_is_shown_without_a_list(make_site: Callable[[Path], Site], folder: Path) -> None:
    path = folder / "samoproverka.yml"
    site = make_site(path)
    client = client_of(site)
    assert client.get("/")["Location"] == f"/s/{site.code(path)}/"
    assert "Все школы" not in text(client, f"/s/{site.code(path)}/")
    assert client.get("/s/nothing/").status_code == 404


def test_an_empty_folder_says_so(make_site: Callable[[Path], Site], tmp_path: Path) -> None:
    empty = tmp_path / "пустая"
    empty.mkdir()
    assert "нет ни одной школы" in text(client_of(make_site(empty)))
    assert SchoolList(make_site(empty).desk).schools() == []
