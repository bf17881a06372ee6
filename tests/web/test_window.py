"""The page in Chromium: keys alone, two windows, a lost connection, no scripts, a screen reader, narrow screens."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.builders import school_case
from tests.web.axe import skip_without_axe, violations
from tests.web.keys import focus
from vsoko_rules.resources import shipped
from vsoko_rules.web.site import Site
from vsoko_rules.workspace.editing import save_case
from vsoko_rules.workspace.opening import open_case

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.slow

WIDTHS = (1280, 640, 320)
_CLEAR_AT_ONCE = """
() => new MutationObserver((changes, observer) => {
  const box = document.querySelector("form[data-row=komanda] input[value='holds:team']");
  if (!box) return;
  observer.disconnect();
  box.click();
}).observe(document.body, { childList: true, subtree: true })
"""
"""a window of 1280 px, the same at 200 % and at 400 %"""


@pytest.fixture
def blank(folder: Path) -> Path:
    """The empty file of a school."""
    path = folder / "новая.yml"
    save_case(path, school_case(), None)
    return path


def opened(window: BrowserContext, site: Site, path: Path, screen: str) -> Page:
    page = window.pages[0]
    page.goto(f"/s/{site.code(path)}/{screen}")
    return page


def saved(page: Page) -> None:
    """Wait until everything is saved."""
    page.get_by_text("Сохранено", exact=True).wait_for()


def test_a_document_is_written_by_keys_alone(window: BrowserContext, served: Site, blank: Path) -> None:
    page = opened(window, served, blank, "documents")
    keys = page.keyboard
    keys.press("Tab")
    expect(focus(page)).to_have_text("Перейти к содержанию")
    keys.press("Enter")
    page.locator("#add").focus()
    keys.press("Enter")
    title = page.get_by_label("Название документа")
    expect(title).to_be_focused()
    keys.type("Приказ о мониторинге ВПР")
    keys.press("Tab")
    saved(page)
    keys.type("приказ")
    keys.press("Tab")
    keys.type("12-од")
    keys.press("Tab")
    keys.type("14 февраля 2022")
    keys.press("Tab")
    keys.type("https://sosna.example/12.pdf")
    keys.press("Tab")
    expect(focus(page)).to_have_role("combobox")
    keys.type("b1-m02")
    keys.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_contain_text("ВПР")
    keys.press("Enter")
    boxes = page.get_by_role("group", name="Что в нём есть")
    boxes.wait_for()
    expect(focus(page)).to_have_role("combobox")
    for _ in range(2):
        keys.press("Tab")
        keys.press("Space")
    page.get_by_text("не хватает: сроки").wait_for()
    expect(focus(page), "the focus stays where the box is").to_have_role("checkbox")
    keys.press("Tab")
    keys.press("Space")
    page.get_by_text("засчитан с замечанием").wait_for()
    expect(page.locator("#said")).to_contain_text("Сохранено. Уровень:")
    document = open_case(blank).content.documents[-1]
    assert (document.number, str(document.date), document.serves) == ("12-од", "2022-02-14", ("B1-M02",))
    assert document.holds == ("goals", "tasks", "deadlines")
    keys.press("Control+Enter")
    expect(page.locator("form[data-row=d02] [name=title]")).to_be_focused()


def test_a_new_document_has_a_code_of_its_own_however_one_clicks(
    window: BrowserContext, served: Site, blank: Path
) -> None:
    """Twice on the button, or on it while the row before is still on its way: no two rows have one code."""
    page = opened(window, served, blank, "documents")
    rows, titles = page.locator("#rows > .row"), page.get_by_label("Название документа")
    before = rows.count()
    page.locator("#add").dblclick()
    expect(titles).to_be_focused()
    page.locator("#add").click()
    expect(rows).to_have_count(before + 1)
    expect(titles).to_be_focused()
    page.keyboard.type("Первый приказ")
    page.locator("#add").click()
    expect(titles).to_have_count(2)
    expect(titles.last).to_be_focused()
    page.keyboard.type("Второй приказ")
    page.keyboard.press("Tab")
    expect(page.locator("#rows .row-title")).to_have_text(["Первый приказ", "Второй приказ"])
    saved(page)
    assert [document.title for document in open_case(blank).content.documents] == ["Первый приказ", "Второй приказ"]


def test_a_cleared_box_stays_and_keeps_the_focus(window: BrowserContext, served: Site, folder: Path) -> None:
    page = opened(window, served, folder / "gorodskaya-sosh.yml", "documents?row=komanda")
    box = page.get_by_label("состав команды")
    box.focus()
    page.keyboard.press("Space")
    page.get_by_text("не хватает: состав команды").wait_for()
    expect(box).not_to_be_checked()
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    page.locator("#state-komanda").get_by_text("засчитан.").wait_for()


def test_what_is_ticked_as_soon_as_a_row_stands_is_saved(window: BrowserContext, served: Site, folder: Path) -> None:
    """Between a row that can be seen and a row that saves there is no moment in which a change is lost."""
    path = folder / "gorodskaya-sosh.yml"
    page = opened(window, served, path, "documents")
    page.evaluate(_CLEAR_AT_ONCE)
    page.locator("#row-komanda .row-title a").click()
    page.get_by_text("не хватает: состав команды").wait_for()
    assert "team" not in open_case(path).documents["komanda"].holds
    expect(focus(page)).to_have_attribute("name", "title")


def chosen_and_held(page: Page) -> Route:
    """Choose one more element; the answer is held back until the route goes on."""
    held: list[Route] = []
    page.route("**/documents/komanda", lambda route: route.continue_() if held else held.append(route), times=1)
    page.get_by_label("Найти элемент по названию").fill("B1-M02")
    page.keyboard.press("ArrowDown")
    with page.expect_request("**/documents/komanda"):
        page.keyboard.press("Enter")
    while not held:  # the request is told before it is held: what waits to be told is taken in with each answer
        page.evaluate("0")
    return held[0]


def test_a_key_held_down_while_boxes_come_ticks_its_box(window: BrowserContext, served: Site, folder: Path) -> None:
    path = folder / "gorodskaya-sosh.yml"
    page = opened(window, served, path, "documents?row=komanda")
    held = chosen_and_held(page)
    box = page.get_by_label("состав команды")
    box.focus()
    page.keyboard.down("Space")
    held.continue_()
    page.get_by_label("задачи").wait_for()
    expect(box).to_be_checked()
    page.keyboard.up("Space")
    page.get_by_text("не хватает: состав команды").wait_for()
    assert "team" not in open_case(path).documents["komanda"].holds


def test_what_is_ticked_before_the_answer_is_kept(window: BrowserContext, served: Site, folder: Path) -> None:
    """An answer brings boxes of its own for an element that was just chosen; it is older than what was ticked since."""
    path = folder / "gorodskaya-sosh.yml"
    page = opened(window, served, path, "documents?row=komanda")
    held = chosen_and_held(page)
    box = page.get_by_label("состав команды")
    box.focus()
    page.keyboard.press("Space")
    held.continue_()
    page.get_by_label("задачи").wait_for()
    page.get_by_text("не хватает: состав команды").wait_for()
    expect(box).not_to_be_checked()
    expect(box).to_be_focused()
    document = open_case(path).documents["komanda"]
    assert (document.serves, "team" in document.holds) == (("C-01", "B1-M02"), False)


def test_half_a_name_is_neither_sent_nor_lost(window: BrowserContext, served: Site, folder: Path) -> None:
    """What was changed before is sent while a name is being typed; the rest of the name is typed after the answer."""
    path = folder / "gorodskaya-sosh.yml"
    page = opened(window, served, path, "documents?row=komanda")
    held: list[Route] = []
    page.route("**/documents/komanda", lambda route: route.continue_() if held else held.append(route))
    keys = page.keyboard
    page.get_by_label("Номер", exact=True).fill("17-од")
    with page.expect_request("**/documents/komanda"):
        keys.press("Tab")
    keys.type("1 октября 2021")
    page.get_by_label("Найти элемент по названию").focus()
    keys.type("B1")
    while not held:
        page.evaluate("0")
    with page.expect_response(lambda answer: "1 октября" in unquote(answer.request.post_data or "")) as second:
        held[0].continue_()
    assert second.value.status == 200
    page.get_by_text("Ещё не сохранено").wait_for()
    keys.type("-M02")
    keys.press("ArrowDown")
    keys.press("Enter")
    page.get_by_label("задачи").wait_for()
    saved(page)
    document = open_case(path).documents["komanda"]
    assert (document.number, str(document.date), document.serves) == ("17-од", "2021-10-01", ("C-01", "B1-M02"))


def test_what_is_refused_stays_to_be_mended(window: BrowserContext, served: Site, folder: Path) -> None:
    """A row with something wrong in it is not folded by the keys that save and go on."""
    page = opened(window, served, folder / "gorodskaya-sosh.yml", "documents?row=komanda")
    box = page.locator("[name=serves_typed]")
    box.fill("чего нет")
    with page.expect_response("**/documents/komanda") as answer:
        page.keyboard.press("Control+Enter")
    assert answer.value.status == 422
    page.get_by_text("Такого элемента в методике нет").wait_for()
    page.locator("#saved").get_by_text("Не сохранено").wait_for()
    expect(box).to_have_value("чего нет")
    box.fill("")
    page.keyboard.press("Control+Enter")
    page.locator("#row-komanda .row-title a").wait_for()


def test_a_row_whose_code_has_dots_is_opened_saved_and_folded(
    window: BrowserContext, served: Site, folder: Path
) -> None:
    path = folder / "gorodskaya-sosh.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("komanda", "приказ.1-од"), encoding="utf-8")
    page = opened(window, served, path, "documents")
    row = page.locator("[id='row-приказ.1-од']")
    row.locator(".row-title a").click()
    row.get_by_label("состав команды").click()
    row.get_by_text("не хватает: состав команды").wait_for()
    row.get_by_role("link", name="Свернуть").click()
    row.locator(".row-title a").wait_for()
    assert "team" not in open_case(path).documents["приказ.1-од"].holds


def test_two_windows_show_both_versions(window: BrowserContext, served: Site, folder: Path) -> None:
    path = folder / "gorodskaya-sosh.yml"
    mine = opened(window, served, path, "documents?row=komanda")
    theirs = window.new_page()
    theirs.goto(mine.url)
    for page, title in ((theirs, "Их название"), (mine, "Моё название")):
        page.get_by_label("Название документа").fill(title)
        page.keyboard.press("Tab")
        if page is theirs:
            saved(theirs)
    mine.get_by_text("там: Их название; у вас: Моё название").wait_for()
    expect(mine.locator("#saved")).to_have_text("Не сохранено")
    expect(mine.get_by_label("Название документа")).to_have_value("Моё название")
    assert open_case(path).documents["komanda"].title == "Их название"
    mine.get_by_role("button", name="Сохранить моё").click()
    saved(mine)
    assert open_case(path).documents["komanda"].title == "Моё название"


def test_a_lost_connection_loses_nothing(window: BrowserContext, served: Site, folder: Path) -> None:
    path = folder / "gorodskaya-sosh.yml"
    page = opened(window, served, path, "documents?row=komanda")
    window.set_offline(True)
    page.get_by_label("Название документа").fill("Без связи")
    page.keyboard.press("Tab")
    page.get_by_text("Связи с программой нет.").wait_for()
    expect(page.get_by_text("Не сохранено: нет связи с программой")).to_be_visible()
    window.set_offline(False)
    saved(page)
    expect(page.get_by_text("Связи с программой нет.")).to_be_hidden()
    assert open_case(path).documents["komanda"].title == "Без связи"


def test_undo_stands_on_every_page(window: BrowserContext, served: Site, folder: Path) -> None:
    path = folder / "gorodskaya-sosh.yml"
    before = path.read_bytes()
    page = opened(window, served, path, "documents?row=komanda")
    page.get_by_label("Примечание").fill("к проверке")
    page.keyboard.press("Tab")
    saved(page)
    page.get_by_role("button", name="Отменить").click()
    page.get_by_text("Отменено", exact=True).wait_for()
    assert path.read_bytes() == before
    expect(page.get_by_label("Примечание")).to_have_value("")
    page.get_by_role("button", name="Вернуть").click()
    page.get_by_text("Сделано снова", exact=True).wait_for()
    expect(page.get_by_label("Примечание")).to_have_value("к проверке")


def test_wrong_fields_are_marked_and_named(window: BrowserContext, served: Site, folder: Path) -> None:
    page = opened(window, served, folder / "gorodskaya-sosh.yml", "documents?row=komanda")
    field = page.get_by_label("Дата или период")
    field.fill("31.02.2022")
    page.keyboard.press("Tab")
    page.get_by_text("Это не дата и не период").wait_for()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("31.02.2022")
    field.fill("28.02.2022")
    page.keyboard.press("Tab")
    saved(page)
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_without_scripts_the_page_says_so_and_works(browser: Browser, served: Site, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=f"http://{served.host}")
    page = context.new_page()
    page.goto(served.address)
    expect(page.locator("noscript p")).to_be_visible()
    page.goto(f"/s/{served.code(folder / 'gorodskaya-sosh.yml')}/documents?row=komanda")
    page.get_by_label("Название документа").fill("Без сценариев")
    page.get_by_role("button", name="Сохранить").click()
    page.get_by_text("Сохранено", exact=True).wait_for()
    context.close()
    assert open_case(folder / "gorodskaya-sosh.yml").documents["komanda"].title == "Без сценариев"


SCREENS: dict[str, Callable[[str], str]] = {
    "schools": lambda _: "/",
    "check": lambda code: f"/s/{code}/",
    "documents": lambda code: f"/s/{code}/documents",
    "an open document": lambda code: f"/s/{code}/documents?row=komanda",
    "a new document": lambda code: f"/s/{code}/documents/new?serves=B1-M02",
    "a new school": lambda _: "/new",
    "details": lambda code: f"/s/{code}/details",
    "paste": lambda code: f"/s/{code}/paste",
    "last year": lambda code: f"/s/{code}/last-year?old={code}",
    "files": lambda code: f"/s/{code}/files",
    "a document with nothing to confirm": lambda code: f"/s/{code}/confirm/komanda",
    "decisions": lambda code: f"/s/{code}/decisions?block=B2",
    "a decision": lambda code: f"/s/{code}/decisions?of=B2-E01",
    "procedures": lambda code: f"/s/{code}/procedures?of=new",
    "no marks": lambda code: f"/s/{code}/marks",
    "plan": lambda code: f"/s/{code}/plan?block=B1",
    "why": lambda code: f"/s/{code}/why",
    "why of a line": lambda code: f"/s/{code}/why?line=B1-G02-M02",
    "what if": lambda code: f"/s/{code}/if?add=B4-A01",
    "comparison": lambda code: f"/s/{code}/compare",
    "reports": lambda code: f"/s/{code}/papers",
    "history": lambda code: f"/s/{code}/history",
    "nothing": lambda _: "/nothing",
}
"""every screen by its address for the code of a school; who adds one adds it here"""


def test_every_screen_fits_and_can_be_read_aloud(window: BrowserContext, served: Site, folder: Path) -> None:
    """No screen scrolls sideways at 200 % or 400 %. Rules of axe-core where it was installed, dark and light."""
    page, code = window.pages[0], served.code(folder / "gorodskaya-sosh.yml")
    marked = folder / "pokazateli-tver.yml"
    shutil.copy(shipped("cases") / marked.name, marked)
    faults: list[object] = []
    addresses = {name: address(code) for name, address in SCREENS.items()}
    addresses["marks"] = f"/s/{served.code(marked)}/marks?block=B4"
    for number, (name, address) in enumerate(addresses.items()):
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == (404 if name == "nothing" else 200), name
        expect(page.locator("h1"), name).to_have_count(1)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{name} is {over} px wider than {width} px"
            faults += violations(page, name, width) if width != 640 else []
    assert faults == []
    skip_without_axe()


def test_the_other_pages_unfold_without_scripts(browser: Browser, served: Site, folder: Path) -> None:
    """Wide, all pages are there and the name of the school is one line; narrow, the rarer ones are a click away."""
    context = browser.new_context(java_script_enabled=False, base_url=f"http://{served.host}")
    page = context.new_page()
    page.goto(served.address)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"/s/{served.code(folder / 'gorodskaya-sosh.yml')}/")
    links = page.get_by_role("navigation").get_by_role("link")
    expect(links).to_have_count(11)
    assert len({round(box["y"]) for link in links.all() if (box := link.bounding_box())}) == 1
    name = page.locator(".school").bounding_box()
    assert name is not None
    assert name["height"] < 40
    page.set_viewport_size({"width": 390, "height": 800})
    expect(links).to_have_count(5)
    page.get_by_text("Ещё", exact=True).click()
    page.get_by_role("link", name="История").click()
    expect(page.locator("h1")).to_have_text("История")
    expect(page.locator("nav summary")).to_contain_text("История")
    context.close()


def test_nothing_moves_where_motion_is_unwanted(window: BrowserContext, served: Site, folder: Path) -> None:
    """Even what asks for a movement of its own."""
    page = opened(window, served, folder / "gorodskaya-sosh.yml", "documents")
    moving = """() => {
      const link = document.querySelector("#add");
      Object.assign(link.style, {transition: "all 1s", animation: "none 1s", scrollBehavior: "smooth"});
      const of = [...document.querySelectorAll("*")].map((each) => getComputedStyle(each));
      return of.filter((s) => s.transitionDuration !== "0s" || s.animationDuration !== "0s"
        || s.scrollBehavior !== "auto").length;
    }"""
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) == 1
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == 0


def test_what_is_printed_has_no_controls(window: BrowserContext, served: Site, folder: Path) -> None:
    page = window.pages[0]
    page.emulate_media(media="print")
    for screen in ("", "documents?row=komanda", "plan", "files", "if"):
        opened(window, served, folder / "gorodskaya-sosh.yml", screen)
        expect(page.locator("h1")).to_be_visible()
        controls = page.locator("button, .button, nav, [type=file], .skip, footer")
        expect(controls.filter(visible=True), screen).to_have_count(0)
