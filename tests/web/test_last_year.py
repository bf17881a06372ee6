"""Rows of last year: shown before they are taken over, without what was found in them, added as one change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.builders import school_case
from vsoko_rules.web.site import Site
from vsoko_rules.workspace.editing import save_case
from vsoko_rules.workspace.opening import open_case


@pytest.fixture
def path(folder: Path) -> Path:
    """The file of a school for the new year, with one document already."""
    old = open_case(folder / "gorodskaya-sosh.yml")
    year = old.content.study.year + 1
    data = school_case()
    school = {**data["school"], "id": old.content.school.id, "name": old.content.school.name}
    study = {"year": year, "from": f"{year - 1}-09-01", "to": f"{year}-08-31"}
    there = {"id": "komanda", "title": old.documents["komanda"].title.upper()}
    made = folder / "новый-год.yml"
    save_case(made, {**data, "school": school, "study": study, "documents": [there]}, None)
    return made


def address(site: Site, path: Path) -> str:
    return f"/s/{site.code(path)}/last-year"


def test_rows_of_last_year_are_shown_and_then_added(client: Any, site: Site, path: Path, folder: Path) -> None:
    before, old = path.read_bytes(), open_case(folder / "gorodskaya-sosh.yml")
    code = site.code(folder / "gorodskaya-sosh.yml")
    page = client.get(address(site, path), {"old": code}).content.decode()
    offered = re.findall(r'name="line" value="([^"]+)" checked', page)
    related = [d.id for d in old.content.documents if not d.unrelated]
    assert offered == [each for each in related if each != "komanda"], "what is there already is not ticked"
    assert "Документ с таким названием уже есть" in page
    assert "Проверьте, тот ли файл выбран" not in page
    assert path.read_bytes() == before
    answer = client.post(address(site, path), {"old": code, "line": [*offered, "komanda"]})
    assert answer.status_code == 302
    added = open_case(path).content.documents[1:]
    assert [d.title for d in added] == [old.documents[each].title for each in related]
    assert len({d.id for d in open_case(path).content.documents}) == len(related) + 1
    for document, each in zip(added, related, strict=True):
        was = old.documents[each]
        assert (document.kind, document.serves) == (was.kind, was.serves)
        assert (document.holds, document.addressees, document.evidence, document.quote) == ((), (), (), None)
        if was.valid is None:
            assert (document.number, document.date, document.url) == (None, None, None)
    client.post(f"/s/{site.code(path)}/undo")
    assert path.read_bytes() == before, "all rows are one change"


def test_a_file_of_another_school_or_of_no_earlier_year_is_told(client: Any, site: Site, path: Path) -> None:
    page = client.get(address(site, path), {"old": site.code(path.with_name("selskaya-oosh.yml"))}).content.decode()
    assert "В этом файле другая школа" in page
    old = path.with_name("gorodskaya-sosh.yml")
    page = client.get(address(site, old), {"old": site.code(path)}).content.decode()
    assert "Этот файл не раньше вашего" in page


def test_nothing_chosen_and_an_unreadable_file_are_told_and_change_nothing(client: Any, site: Site, path: Path) -> None:
    before, broken = path.read_bytes(), path.with_name("сломан.yml")
    broken.write_text("school: [", encoding="utf-8")
    old = site.code(path.with_name("gorodskaya-sosh.yml"))
    assert client.post(address(site, path), {"old": old}).status_code == 422
    assert client.get(address(site, path), {"old": site.code(broken)}).status_code == 422
    assert client.get(address(site, path), {"old": "nothing"}).status_code == 404
    assert path.read_bytes() == before
