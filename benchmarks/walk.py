"""The way of a deputy head on the page by keys alone: from an empty folder to the level «сформирована».

    python benchmarks/walk.py

An empty folder, a new school, documents row by row, the first thing to do, its draft, the last order, the school's
report. Keys are counted as they are pressed; the way of the form is reckoned beside it for the same documents: what is
typed, a key from cell to cell, and in lists the arrows to what is chosen. Minutes are those of the keystroke-level
model (Card, Moran, Newell 1980): 0.28 s a key, 1.35 s to think before a field or a choice.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from page import served
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.ruleset.model import EducationLevel
from vsoko_rules.ruleset.ruleset import Ruleset

if TYPE_CHECKING:
    from playwright.sync_api import Page

KEY, THOUGHT = 0.28, 1.35
"""seconds"""
SCHOOL: Final = {"name": "МБОУ «НОШ № 1»", "municipality": "Лесной район"}
NONE: Final = (
    "lagging_students",
    "young_teachers",
    "graduates_9",
    "tenth_graders",
    "graduates_11",
    "disabled_students",
)
_FRAME: Final = ("C-01", "C-02")


@dataclass(frozen=True)
class Row:
    """A document to be written: what is typed, the codes of its elements and boxes, the titles of its grounds."""

    title: str
    kind: str
    number: str
    when: str
    where: str
    elements: tuple[str, ...]
    boxes: tuple[str, ...]
    grounds: tuple[str, ...]


@dataclass
class Keys:
    """A keyboard that counts. A browser presses them on a page."""

    page: Page
    pressed: int = 0
    thoughts: int = 0
    at: dict[str, int] = field(default_factory=dict)

    def type(self, text: str) -> None:
        """Type a text into a field."""
        self.thoughts += 1
        self.pressed += len(text)
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.pressed += 1
            self.page.keyboard.press(key)

    def tab_to(self, name: str, back: bool = False) -> None:
        """Go from control to control until the one that is called so, or by that and what follows a colon."""
        for _ in range(400):
            self.press("Shift+Tab" if back else "Tab")
            told = self.page.evaluate("(e => e.getAttribute('aria-label') || e.textContent)(document.activeElement)")
            if str(told).strip() == name or str(told).strip().startswith(f"{name}:"):
                return
        raise AssertionError(f"no control is called {name}")

    @property
    def minutes(self) -> float:
        """How long a practised person takes."""
        return (self.pressed * KEY + self.thoughts * THOUGHT) / 60


def rows(ruleset: Ruleset, first: date) -> tuple[Row, ...]:
    """The documents of a primary school without pupils who lag behind: two of the frame, five a block, one order."""
    expected = ruleset.expects(frozenset({EducationLevel.NOO}), dict.fromkeys(NONE, 0))
    made: list[Row] = []
    by_stage: dict[tuple[str, str], Row] = {}
    on_lines = {element for line in expected.lines for element in line.elements}
    last = ruleset.components[-1]
    groups: dict[tuple[str, str], list[str]] = {(code, "frame"): [code] for code in _FRAME}
    for stage in ruleset.components:
        for code, element in expected.elements.items():
            if code in on_lines and element.stage == stage:
                groups.setdefault((element.block if stage != last else "", stage), []).append(code)
    for number, ((block, stage), codes) in enumerate(groups.items(), 1):
        elements = [expected.elements[code] for code in codes]
        day = first + timedelta(days=number)
        asked = {code for e in elements for code in e.requires if ruleset.requirements[code].given_by == "holds"}
        persons = [p for e in elements for p in e.addressees[:1]] or (["teachers"] if stage == "recommendation" else [])
        boxes = [f"holds:{code}" for code in ruleset.requirements if code in asked]
        before = ruleset.components[ruleset.components.index(stage) - 1] if stage in ruleset.components[1:] else None
        grounds = [row.title for (b, s), row in by_stage.items() if s == before and block in ("", b)]
        kind = str(elements[0].kind or "приказ").partition(" или ")[0]
        title = (
            f"{kind.partition(' ')[0].capitalize()} {number}: {ruleset.stages[elements[0].stage].title} {block}".strip()
        )
        row = Row(
            title, kind, f"{number}-од", f"{day:%d.%m.%Y}", f"https://school.example/{number}.pdf", tuple(codes),
            (*boxes, *(f"addressees:{p}" for p in dict.fromkeys(persons))), tuple(grounds),
        )  # fmt: skip
        by_stage[block, stage] = row
        made.append(row)
    return tuple(made)


def begin(keys: Keys) -> date:
    """A new school in an empty folder; gives the first day of its study."""
    page = keys.page
    keys.tab_to("Новая школа")
    keys.press("Enter")
    page.get_by_label("Название школы").wait_for()
    shown = page.get_by_label("Первый день периода").input_value()
    keys.press("Tab")  # past the way over the header
    while page.evaluate("document.activeElement.name") != "name":
        keys.press("Tab")
    keys.type(SCHOOL["name"])
    keys.press("Tab")
    keys.type(SCHOOL["municipality"])
    keys.press("Tab", "Space")
    while not str(name := page.evaluate("document.activeElement.name")).startswith("year"):
        if str(name).removeprefix("count_") in NONE:
            keys.type("0")
        keys.press("Tab")
    keys.tab_to("Начать")
    keys.press("Enter")
    page.locator("#add").wait_for()
    day, month, year = map(int, shown.split("."))
    return date(year, month, day)


def write(keys: Keys, row: Row) -> None:
    """A document; the focus stands in its title."""
    page = keys.page
    for text in (row.title, row.kind, row.number, row.when, row.where):
        keys.type(text)
        keys.press("Tab")
    for code in row.elements:
        keys.type(code)
        keys.press("ArrowDown", "Enter")
    for box in row.boxes:
        page.locator(f"form[data-row]:focus-within input[value='{box}'][name=box]").wait_for()
    for name, value in _boxes(keys):
        if name == "box" and value in row.boxes:
            keys.thoughts += 1
            keys.press("Space")
    for title in row.grounds:
        keys.type(title)
        keys.press("ArrowDown", "Enter")
    keys.press("Control+Enter")


def _boxes(keys: Keys) -> Iterator[tuple[str, str]]:
    """The controls from the elements to the grounds, each as the focus comes to it."""
    while True:
        keys.press("Tab")
        name, value = keys.page.evaluate("[document.activeElement.name, document.activeElement.value]")
        if name == "based_on_typed":
            return
        yield str(name), str(value)


def walk(page: Page, ruleset: Ruleset, folder: Path, word: bool = True, kind: type[Keys] = Keys) -> Keys:
    """The whole way; the page shows the empty folder. Downloads go into `folder`; without `word` no draft, as there are
    none in a browser. `kind` is the keyboard."""
    keys = kind(page)
    documents = rows(ruleset, begin(keys))
    keys.tab_to("Добавить документ")
    keys.press("Enter")
    for number, row in enumerate(documents[:-1], 1):
        page.locator(f"form[data-row='d{number:02}']:focus-within input[name=title]").wait_for()
        write(keys, row)
    page.locator(f"form[data-row='d{len(documents):02}']:focus-within").wait_for()
    keys.at["documents"] = keys.pressed
    if word:
        _download(keys, "План", "Заготовка в Word", folder / "приказ.docx")
    _follow(keys, "Документы")
    keys.tab_to("Добавить документ")
    keys.press("Enter")
    page.locator(f"form[data-row='d{len(documents):02}']:focus-within input[name=title]").wait_for()
    write(keys, documents[-1])
    page.locator("#said").get_by_text("Сохранено").wait_for(state="attached")
    page.locator(f"form[data-row='d{len(documents) + 1:02}']").wait_for()
    _download(keys, "Отчёты", "скачать: Страница, школе", folder / "отчёт.html")
    return keys


def _follow(keys: Keys, name: str) -> None:
    """Go to another page by the link in the header, from the way over the header on."""
    keys.page.evaluate("document.activeElement.blur()")
    keys.page.evaluate("window.getSelection().removeAllRanges()")
    keys.tab_to(name, back=True)
    with keys.page.expect_navigation(wait_until="load"):
        keys.press("Enter")


def _download(keys: Keys, screen: str, name: str, path: Path) -> None:
    _follow(keys, screen)
    keys.tab_to(name)
    with keys.page.expect_download() as waiting:
        keys.press("Enter")
    waiting.value.save_as(path)


def form_keys(ruleset: Ruleset, documents: Sequence[Row]) -> tuple[int, int]:
    """Keys and thoughts for the same documents in the form of Excel: a list is opened and gone through by arrows, a
    second value is chosen in the next row."""
    order = list(ruleset.elements)
    boxes = [f"holds:{code}" for code, q in ruleset.requirements.items() if q.given_by == "holds"]
    boxes += [f"addressees:{code}" for code in ruleset.addressees]
    titles = [row.title for row in documents]
    pressed = thoughts = 0
    for row in documents:
        typed = (row.title, row.kind, row.number, row.when, row.where)
        lists = [(row.elements, order), (row.boxes, boxes), (row.grounds, titles)]
        pressed += sum(len(text) + 1 for text in typed)
        thoughts += len(typed) + sum(len(chosen) for chosen, _ in lists)
        for chosen, offered in lists:
            pressed += 1 + sum(4 + offered.index(each) for each in chosen)
    return pressed, thoughts


def main() -> None:
    """Walk in Chromium and print both ways."""
    from playwright.sync_api import sync_playwright

    ruleset = load(DEFAULT)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        schools = Path(place) / "schools"
        schools.mkdir()
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        with served(schools, Path(place) / "data") as address:
            page.goto(address)
            keys = walk(page, ruleset, Path(place))
            print(page.locator("#verdict .level").inner_text())
        browser.close()
    documents = rows(ruleset, date(2021, 9, 1))
    pressed, thoughts = form_keys(ruleset, documents)
    print(f"page: {len(documents)} documents, {keys.pressed} keys, {keys.minutes:.0f} minutes")
    print(f"form: {len(documents)} documents, {pressed} keys, {(pressed * KEY + thoughts * THOUGHT) / 60:.0f} minutes")


if __name__ == "__main__":
    main()
