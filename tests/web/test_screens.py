"""The other screens: a new school, its details, the plan with drafts, reports of every kind."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.documents.reading import word_text
from tests.web.conftest import client_of
from vsoko_rules.report.render import Format
from vsoko_rules.web.site import Site
from vsoko_rules.workspace.opening import open_case

SCHOOL = {
    "name": "МБОУ «СОШ № 5» посёлка Сосновый",
    "municipality": "Лесной район",
    "levels": ["НОО", "ООО"],
    "year": "2022",
    "first": "01.09.2021",
    "last": "31 октября 2022",
    "count_young_teachers": "0",
    "count_students": "1 024 чел.",
}


def test_a_school_begins_in_an_empty_folder(make_site: Callable[[Path], Site], tmp_path: Path) -> None:
    folder = tmp_path / "пустая"
    folder.mkdir()
    site = make_site(folder)
    client = client_of(site)
    assert 'href="/new"' in client.get("/").content.decode()
    assert 'value="НОО"' in client.get("/new").content.decode()
    answer = client.post("/new", SCHOOL)
    (path,) = folder.glob("*.yml")
    assert answer["Location"] == f"/s/{site.code(path)}/documents"
    case = open_case(path).content
    assert path.name == "мбоу-сош-5-посёлка-сосновый.yml"
    assert (case.school.name, case.school.counts, str(case.study.end)) == (
        SCHOOL["name"],
        {"students": 1024, "young_teachers": 0},
        "2022-10-31",
    )
    page = client.get(f"/s/{site.code(path)}/").content.decode()
    assert "Впишите первый документ" in page
    client.post("/new", SCHOOL)
    assert len(list(folder.glob("*.yml"))) == 2, "another school of that name has a file of its own"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Не указано название"),
        ("levels", [], "хотя бы один"),
        ("first", "осенью", "дата, например 14.02.2022"),
        ("last", "01.09.2020", "день после начала периода"),
        ("year", "прошлый", "год, например 2026"),
        ("count_students", "много", "целое число от 0"),
    ],
)
def test_what_is_wrong_in_a_field_stands_beside_it(
    client: Any, folder: Path, field: str, typed: Any, said: str
) -> None:
    files = sorted(folder.iterdir())
    answer = client.post("/new", {**SCHOOL, field: typed})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert "Лесной район" in text
    assert sorted(folder.iterdir()) == files


def test_details_are_changed_and_undone(client: Any, site: Site, folder: Path) -> None:
    path = folder / "gorodskaya-sosh.yml"
    before, address = path.read_bytes(), f"/s/{site.code(path)}"
    page = client.get(f"{address}/details").content.decode()
    fields: dict[str, Any] = dict(re.findall(r'name="((?!csrf|q\b)\w+)" value="([^"]*)" inputmode', page))
    answer = client.post(f"{address}/details", {**fields, "levels": ["НОО", "ООО"], "count_young_teachers": "0"})
    assert answer.status_code == 302
    school = open_case(path).content.school
    assert ([level.value for level in school.levels], school.counts["young_teachers"]) == (["НОО", "ООО"], 0)
    assert "# --- Общие документы" in path.read_text(encoding="utf-8")
    client.post(f"{address}/undo")
    assert path.read_bytes() == before


def test_the_plan_leads_to_drafts(client: Any, site: Site, folder: Path) -> None:
    address = f"/s/{site.code(folder / 'gorodskaya-sosh.yml')}/plan"
    page = client.get(f"{address}?block=B1").content.decode()
    assert "Сейчас: " in page
    (first, *_) = re.findall(r'href="([^"]*/plan/\d+[^"]*)"', page)
    answer = client.get(first.replace("&amp;", "&"))
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''sos-012-")
    assert len(word_text(answer.content)) > 200
    assert client.get(f"{address}/999").status_code == 422
    assert client.get(f"{address}?days=много").status_code == 422
    assert client.get(f"{address}?block=B9").status_code == 422


def test_every_format_can_be_downloaded(client: Any, site: Site, folder: Path) -> None:
    pytest.importorskip("typst")
    address = f"/s/{site.code(folder / 'samoproverka.yml')}/papers"
    links = re.findall(r'href="([^"]*/papers/(\w+)[^"]*)"', client.get(address).content.decode())
    assert {kind for _, kind in links} == {each.value for each in Format}
    seen = set()
    for link, kind in links:
        if kind in seen:
            continue
        seen.add(kind)
        answer = client.get(link)
        assert answer.status_code == 200, link
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer.content
        if kind == "csv":
            assert len(zipfile.ZipFile(BytesIO(answer.content)).namelist()) > 1
    assert client.get(f"{address}/exe").status_code == 422
    assert client.get(f"{address}/xlsx?reader=school").status_code == 422


def test_why_leads_to_the_line_of_the_file(client: Any, site: Site, folder: Path) -> None:
    address = f"/s/{site.code(folder / 'gorodskaya-sosh.yml')}/why"
    assert "Почему такой уровень" in client.get(address).content.decode()
    page = client.get(f"{address}?of=komanda").content.decode()
    assert "gorodskaya-sosh.yml:" in page
    assert "✓" in page
    page = client.get(f"{address}?line=B2-G02-M02").content.decode()
    assert "не названы ответственные" in page.casefold()
    assert client.get(f"{address}?of=нет").status_code == 422
    assert client.get(f"{address}?line=нет").status_code == 422


def test_what_would_be_if_changes_nothing(client: Any, site: Site, folder: Path) -> None:
    path = folder / "gorodskaya-sosh.yml"
    before, address = path.read_bytes(), f"/s/{site.code(path)}/if"
    assert "Пока ничего не отмечено" in client.get(address).content.decode()
    page = client.get(f"{address}?add=B4-A01").content.decode()
    assert "Стало бы: " in page
    assert "B4. Профориентационная работа: " in page
    chain = "&".join(f"add=B1-{stage}" for stage in ("M03", "A01", "RC01", "P01", "D01"))
    whole = re.sub(r"<[^>]*>", "", client.get(f"{address}?{chain}").content.decode())
    assert "дошли бы линии:B1-G03-M03 Цель по оценке функциональной грамотности" in whole
    assert path.read_bytes() == before
    assert client.get(f"{address}?add=B9-X01").status_code == 422


def test_last_year_is_compared(client: Any, site: Site, folder: Path) -> None:
    path = folder / "gorodskaya-sosh.yml"
    old = folder / "2021.yml"
    text = path.read_text(encoding="utf-8").replace("year: 2022, from: 2021-09-01", "year: 2021, from: 2020-09-01")
    old.write_text(text.replace("holds: [team, responsible, signature]", "holds: [team, signature]"), encoding="utf-8")
    address = f"/s/{site.code(path)}/compare"
    page = client.get(f"{address}?old={site.code(old)}").content.decode()
    assert "2021 → 2022" in page
    assert "Исправлено: " in page
    other = client.get(f"{address}?old={site.code(folder / 'samoproverka.yml')}").content.decode()
    assert "В этом файле другая школа" in other
    assert client.get(f"{address}?old=нет").status_code == 404


def test_what_cannot_be_asked_leads_back_to_where_it_is_asked(client: Any, site: Site, folder: Path) -> None:
    address = f"/s/{site.code(folder / 'gorodskaya-sosh.yml')}/plan"
    answer = client.get(f"{address}?days=abc")
    assert answer.status_code == 422
    assert f'<a href="{address}">' in answer.content.decode()


def test_the_year_before_is_compared_with_its_level(client: Any, site: Site, folder: Path) -> None:
    path = folder / "gorodskaya-sosh.yml"
    old = folder / "прошлый год.yml"
    old.write_text(path.read_text(encoding="utf-8").replace("year: 2022", "year: 2021", 1), encoding="utf-8")
    address = f"/s/{site.code(path)}/compare"
    assert "Выберите прошлогодний файл" in client.get(address).content.decode()
    page = client.get(f"{address}?old={site.code(old)}").content.decode()
    assert "Уровень: частично сформирована → <strong>частично сформирована</strong>." in page


def test_a_line_is_explained_under_its_name(client: Any, site: Site, folder: Path) -> None:
    page = client.get(f"/s/{site.code(folder / 'gorodskaya-sosh.yml')}/why?line=B1-G03-M03").content.decode()
    assert re.search(
        r"<h2>Цель по оценке функциональной грамотности <span class=.code.>B1-G03-M03</span>: обрывается", page
    )


def test_every_template_of_the_page_can_be_read() -> None:
    """A tag that is not closed is seen here, not by the first who opens the page."""
    from vsoko_rules.resources import shipped
    from vsoko_rules.web.rendering import _environment

    names = [path.relative_to(shipped("reports")).as_posix() for path in shipped("reports").glob("web/**/*.j2")]
    assert len(names) > 40
    for name in names:
        _environment().get_template(name)
