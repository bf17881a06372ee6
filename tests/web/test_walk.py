"""The way of a deputy head by keys alone: an empty folder, documents, a draft, «сформирована», the school's report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.documents.reading import word_text
from vsoko_rules.engine.names import EngineName
from vsoko_rules.web.site import Site
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_case, open_ruleset
from walk import Keys, rows, walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow


class FastKeys(Keys):
    """A text begins and ends with a key; what stands between comes at once, as no hand can type it."""

    def type(self, text: str) -> None:
        """See `Keys`."""
        self.thoughts += 1
        self.pressed += len(text)
        self.page.keyboard.type(text[:2])
        if text[2:-1]:
            self.page.keyboard.insert_text(text[2:-1])
        self.page.keyboard.type(text[2:][-1:])


def test_a_school_is_filled_by_keys_alone(browser: Browser, make_site: Callable[[Path], Site], tmp_path: Path) -> None:
    """Nothing that was typed or ticked is lost, however fast the keys come."""
    from vsoko_rules.web.server import serve

    folder = tmp_path / "школы"
    folder.mkdir()
    site, ready = make_site(folder), Event()
    thread = Thread(target=serve, args=(site, 0, lambda _: ready.set()))
    thread.start()
    assert ready.wait(60)
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(site.address)
        keys = walk(page, open_ruleset(), tmp_path, kind=FastKeys)
        expect(page.locator("#verdict .level")).to_contain_text("сформирована")
    finally:
        context.close()
        site.stop()
        thread.join(60)
    (path,) = folder.glob("*.yml")
    case = open_case(path)
    wanted = rows(open_ruleset(), case.content.study.start)
    for row, document in zip(wanted, case.content.documents, strict=True):
        held = {f"holds:{code}" for code in document.holds} | {f"addressees:{code}" for code in document.addressees}
        assert (document.title, document.serves, held) == (row.title, row.elements, set(row.boxes))
        assert [case.documents[ground].title for ground in document.based_on] == list(row.grounds)
    assert assess(case, engine=EngineName.PLAIN).complete
    assert len(word_text((tmp_path / "приказ.docx").read_bytes())) > 200
    assert "<h1>МБОУ «НОШ №\u00a01»</h1>" in (tmp_path / "отчёт.html").read_text(encoding="utf-8")
    assert keys.pressed < 5_000
