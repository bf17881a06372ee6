"""What the browser runs is the program: the same way, the same results, and nothing is lost with the tab."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.site.conftest import started
from vsoko_rules.engine.names import EngineName
from vsoko_rules.report.render import render_files, requests
from vsoko_rules.resources import shipped
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_case, open_ruleset
from walk import rows, walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CASES = sorted(path for path in shipped("cases").glob("*.yml"))


def own_tab(running: BrowserContext, address: str) -> Page:
    """A tab with a page of the program, which the start page in the other tab answers."""
    page = running.new_page()
    page.goto(f"{address}app/")
    return page


def brought(page: Page, path: Path) -> None:
    """Open a file of a school."""
    page.locator("#brought").set_input_files(path)
    page.get_by_role("button", name="Открыть", exact=True).click()
    page.get_by_role("heading", name="Проверка").wait_for()


def saved(page: Page, kind: str, name: str, path: Path) -> bytes:
    """Download what a link or a button gives."""
    with page.expect_download() as waiting:
        page.get_by_role(kind, name=name).click()  # type: ignore[arg-type]
    waiting.value.save_as(path)
    return path.read_bytes()


def test_a_school_is_filled_by_keys_alone_without_a_network(
    running: BrowserContext, address: str, tmp_path: Path
) -> None:
    page = own_tab(running, address)
    walk(page, open_ruleset(), tmp_path, word=False)
    content = saved(page, "button", "Скачать файл школы", tmp_path / "школа.yml")
    case = open_case(content)
    wanted = rows(open_ruleset(), case.content.study.start)
    assert [d.title for d in case.content.documents] == [row.title for row in wanted]
    assert assess(case, engine=EngineName.PLAIN).complete
    assert "<h1>МБОУ «НОШ №\u00a01»</h1>" in (tmp_path / "отчёт.html").read_text(encoding="utf-8")
    page.close()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_results_are_those_of_the_installed_program(
    path: Path, running: BrowserContext, address: str, tmp_path: Path
) -> None:
    page = own_tab(running, address)
    brought(page, path)
    page.get_by_role("link", name="Отчёты").first.click()
    told = json.loads(saved(page, "link", "Данные для других программ", tmp_path / "итог.json"))
    (native,) = render_files([assess(open_case(path), engine=EngineName.PLAIN)], requests(["json"], None))
    assert without_places(told) == without_places(json.loads(native.content))
    page.close()


def without_places(told: Any) -> Any:
    """Results without what a file is called: the browser gives each a name that is free."""
    if isinstance(told, dict):
        return {key: without_places(value) for key, value in told.items() if key not in ("file", "place", "input")}
    return [without_places(value) for value in told] if isinstance(told, list) else told


def test_what_was_typed_outlives_the_tab(address: str, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context()
    context.set_default_timeout(300_000)
    page = context.new_page()
    started(page, address)
    second = context.new_page()
    second.goto(address)
    second.get_by_text("уже открыта в другой вкладке").wait_for()
    second.close()
    frame = page.frame_locator("#program")
    frame.locator("#brought").set_input_files(shipped("cases") / "gorodskaya-sosh.yml")
    frame.get_by_role("button", name="Открыть", exact=True).click()
    frame.get_by_text("хранится только в этом браузере").wait_for()
    frame.get_by_role("link", name="Документы", exact=True).first.click()
    frame.locator("#row-komanda .row-title a").click()
    frame.locator("form[data-row=komanda] input[name=box][value='holds:team']").click()
    frame.get_by_text("не хватает: состав команды").wait_for()
    page.close()
    context.set_offline(True)
    page = context.new_page()
    started(page, address)
    frame = page.frame_locator("#program")
    frame.get_by_role("link", name="МБОУ «СОШ № 12» города Сосновска").click()
    content = page.frame_locator("#program")
    with page.expect_download() as waiting:
        content.get_by_role("button", name="Скачать файл школы").click()
    waiting.value.save_as(tmp_path / "школа.yml")
    assert "team" not in open_case(tmp_path / "школа.yml").documents["komanda"].holds
    content.get_by_role("link", name="Документы", exact=True).first.click()
    content.get_by_text("Скачанная копия школы — самая свежая").wait_for()
    context.close()
