"""Assessment procedures on the page: a small table, a form for each row."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.conftest import client_of
from vsoko_rules.web.site import Site
from vsoko_rules.workspace.opening import open_case

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

HTMX = {"HTTP_HX_REQUEST": "true"}
SAID = {"subject": "Математика", "grade": "7", "days_between": "5", "share": "8,2", "per_day": "1"}


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "selskaya-oosh.yml"


def etag(client: Any, base: str, of: str) -> str:
    (mark,) = set(re.findall(r'name="etag" value="(\w+)"', client.get(f"{base}/{of}", **HTMX).content.decode()))
    return str(mark)


def test_a_procedure_is_added_changed_and_taken_away(client: Any, site: Site, path: Path) -> None:
    base, before = f"/s/{site.code(path)}/procedures", path.read_bytes()
    text = client.post(f"{base}/p01", {"etag": etag(client, base, "new"), **SAID}, **HTMX).content.decode()
    assert "Математика, 7 класс" in text
    assert "Уровень:" in text
    (made,) = open_case(path).content.procedures
    assert (made.id, made.subject, made.grade, made.days_between, str(made.share)) == ("p01", "Математика", 7, 5, "8.2")
    changed = {"etag": etag(client, base, "p01"), **SAID, "grade": "8", "share": ""}
    assert client.post(f"{base}/p01", changed).status_code == 302
    (made,) = open_case(path).content.procedures
    assert (made.grade, made.share) == (8, None)
    assert "Математика, 8 класс" in client.get(base).content.decode()
    client.post(f"{base}/p01/remove", {"etag": etag(client, base, "p01")})
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("subject", "", "Не указан предмет"),
        ("grade", "12", "от 1 до 11"),
        ("grade", "", "Не указан класс"),
        ("share", "много", "Это не число"),
        ("per_day", "1,5", "Это не число"),
    ],
)
def test_wrong_fields_are_named(client: Any, site: Site, path: Path, field: str, typed: str, said: str) -> None:
    base, before = f"/s/{site.code(path)}/procedures", path.read_bytes()
    sent = {"etag": etag(client, base, "new"), **SAID, field: typed}
    for asked in (HTMX, {}):
        answer = client.post(f"{base}/p01", sent, **asked)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert path.read_bytes() == before


def test_two_windows_add_one_each(client: Any, site: Site, path: Path) -> None:
    """The second one is shown what the first has put there, under the same code."""
    base = f"/s/{site.code(path)}/procedures"
    mark = etag(client, base, "new")
    client_of(site).post(f"{base}/p01", {"etag": mark, **SAID})
    mine = {"etag": mark, **SAID, "subject": "Физика"}
    for asked in (HTMX, {}):
        answer = client.post(f"{base}/p01", mine, **asked)
        assert answer.status_code == 409
        assert "там: Математика; у вас: Физика" in answer.content.decode()
    assert [each.subject for each in open_case(path).content.procedures] == ["Математика"]


def test_procedures_are_typed_by_keys_alone(window: BrowserContext, served: Site, path: Path) -> None:
    page = window.pages[0]
    page.goto(f"/s/{served.code(path)}/procedures")
    page.locator("#add").focus()
    page.keyboard.press("Enter")
    page.locator("#f-p01-subject:focus").wait_for()
    page.keyboard.type("Русский язык")
    page.keyboard.press("Enter")
    page.get_by_text("Не указан класс").wait_for()
    page.locator("#f-p01-grade:focus").wait_for()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.locator("#saved").get_by_text("Сохранено", exact=True).wait_for()
    page.locator("#row-p01 .row-title a:focus").wait_for()
    (made,) = open_case(path).content.procedures
    assert (made.subject, made.grade) == ("Русский язык", 5)
