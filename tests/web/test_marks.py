"""Marks of indicators on the page: block by block, each saved by itself, with what the rules say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.web.conftest import client_of
from vsoko_rules.case.records import IndicatorEntry
from vsoko_rules.resources import shipped
from vsoko_rules.web.site import Site
from vsoko_rules.workspace.opening import open_case, open_ruleset

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def path(folder: Path) -> Path:
    path = folder / "pokazateli-tver.yml"
    shutil.copy(shipped("cases") / path.name, path)
    return path


def marked(path: Path, of: str) -> IndicatorEntry | None:
    return open_case(path).content.indicators.get(of)


def etag(text: str, of: str) -> str:
    (found,) = re.findall(rf'id="etag-{of}" value="(\w+)"', text)
    return str(found)


def test_a_mark_is_saved_by_itself(client: Any, site: Site, path: Path) -> None:
    """The answer says what the rules conclude now; without mark and comment the entry is gone."""
    base = f"/s/{site.code(path)}/marks"
    before, page = path.read_bytes(), client.get(f"{base}?block=B6").content.decode()
    assert marked(path, "B6-S03") is None
    sent = {"etag": etag(page, "B6-S03"), "mark": "0,5", "comment": "План работы с родителями"}
    text = client.post(f"{base}/B6-S03", sent, **HTMX).content.decode()
    assert "выполнен" in text
    assert "отметкой эксперта" in text
    assert "Баллы: 0,5 из 1" in text.replace("\u00a0", " ")
    made = marked(path, "B6-S03")
    assert made is not None
    assert (str(made.mark), made.comment) == ("0.5", "План работы с родителями")
    gone = {"etag": etag(text, "B6-S03"), "mark": "", "comment": ""}
    assert client.post(f"{base}/B6-S03", gone, **HTMX).status_code == 200
    assert path.read_bytes() == before


def test_what_else_is_stated_of_an_indicator_stays(client: Any, site: Site, path: Path) -> None:
    base = f"/s/{site.code(path)}/marks"
    page = client.get(f"{base}?block=B1").content.decode()
    assert client.post(f"{base}/B1-I01", {"etag": etag(page, "B1-I01"), "mark": "1", "comment": ""}).status_code == 302
    made = marked(path, "B1-I01")
    assert made is not None
    assert (str(made.value), made.sample, str(made.mark), made.documents) == ("91.2", 388, "1", ("analiz-1",))


@pytest.mark.parametrize(("typed", "said"), [("2", "от 0 до 1"), ("-1", "от 0 до 1"), ("да", "Это не число")])
def test_a_mark_is_within_its_scale(client: Any, site: Site, path: Path, typed: str, said: str) -> None:
    base, before = f"/s/{site.code(path)}/marks", path.read_bytes()
    sent = {"etag": etag(client.get(f"{base}?block=B6").content.decode(), "B6-S03"), "mark": typed, "comment": "к"}
    for asked in (HTMX, {}):
        answer = client.post(f"{base}/B6-S03", sent, **asked)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert path.read_bytes() == before


def test_a_stale_mark_shows_both(client: Any, site: Site, path: Path) -> None:
    base = f"/s/{site.code(path)}/marks"
    mark = etag(client.get(f"{base}?block=B6").content.decode(), "B6-S03")
    client_of(site).post(f"{base}/B6-S03", {"etag": mark, "mark": "1", "comment": "есть"})
    answer = client.post(f"{base}/B6-S03", {"etag": mark, "mark": "0", "comment": "нет"}, **HTMX)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "там: 1; у вас: 0" in text
    sent = {"etag": etag(text, "B6-S03"), "mark": "0", "comment": "нет"}
    assert client.post(f"{base}/B6-S03", sent, **HTMX).status_code == 200


def test_every_indicator_of_the_list_is_in_one_block(client: Any, site: Site, path: Path) -> None:
    """A page holds those of one block alone; together they are all that are asked of the school."""
    base, ruleset = f"/s/{site.code(path)}/marks", open_ruleset("tver-2022")
    shown = []
    for block in ruleset.blocks:
        shown += re.findall('id="row-([^"]+)"', client.get(f"{base}?block={block}").content.decode())
    listed = dict.fromkeys(shown)
    assert listed.keys() <= ruleset.indicators.keys()
    assert len(listed) > 150


def test_without_such_indicators_there_is_no_tab(client: Any, site: Site, folder: Path, path: Path) -> None:
    other = f"/s/{site.code(folder / 'selskaya-oosh.yml')}/"
    assert "Отметки</a>" in client.get(f"/s/{site.code(path)}/").content.decode()
    assert "Отметки</a>" not in client.get(other).content.decode()
    assert "нет показателей" in client.get(f"{other}marks").content.decode()


def test_marks_are_given_by_keys_alone(window: BrowserContext, served: Site, path: Path) -> None:
    page = window.pages[0]
    page.goto(f"/s/{served.code(path)}/marks?block=B6")
    field = page.locator("[id='f-B6-S03-mark']")
    field.focus()
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.locator("#row-B6-S03").get_by_text("Число вне границ").wait_for()
    expect(field).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type("Протоколы есть")
    page.keyboard.press("Control+Enter")
    page.locator("#saved").get_by_text("Сохранено", exact=True).wait_for()
    page.locator("#state-B6-S03").get_by_text("отметкой эксперта").wait_for()
    expect(page.locator("[id='f-B6-S04-mark']")).to_be_focused()
    made = marked(path, "B6-S03")
    assert made is not None
    assert (str(made.mark), made.comment) == ("1", "Протоколы есть")
