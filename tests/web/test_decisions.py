"""An expert's own outcomes on the page: given with a comment, shown beside the program's, taken away."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.conftest import client_of
from vsoko_rules.case.records import Override
from vsoko_rules.resources import shipped
from vsoko_rules.web.site import Site
from vsoko_rules.workspace.opening import open_case

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

HTMX = {"HTTP_HX_REQUEST": "true"}
SAID = {"outcome": "met", "comment": "Приказ есть на бумаге", "by": "Эксперт 1", "date": "20.10.2022", "until": ""}


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "gorodskaya-sosh.yml"


def form(client: Any, base: str, of: str) -> str:
    """The form of one decision; its mark."""
    text = str(client.get(f"{base}/{of}", **HTMX).content.decode())
    (mark,) = set(re.findall(r'name="etag" value="(\w+)"', text))
    return str(mark)


def decided(path: Path, of: str) -> Override | None:
    return next((o for o in open_case(path).content.overrides if o.of == of), None)


def test_a_decision_is_made_changed_and_taken_away(client: Any, site: Site, path: Path) -> None:
    base, before = f"/s/{site.code(path)}/decisions", path.read_text(encoding="utf-8")
    answer = client.post(f"{base}/B2-E01", {"etag": form(client, base, "B2-E01"), **SAID}, **HTMX)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Решение:" in text
    assert "Приказ есть на бумаге" in text
    assert "Уровень:" in text, "the new verdict comes with the answer"
    made = decided(path, "B2-E01")
    assert made is not None
    assert (made.outcome, made.by, str(made.date), made.until) == ("met", "Эксперт 1", "2022-10-20", None)
    assert "# --- Общие документы" in path.read_text(encoding="utf-8")
    mark = form(client, base, "B2-E01")
    client.post(f"{base}/B2-E01", {"etag": mark, **SAID, "outcome": "partial", "until": "30 октября 2022"}, **HTMX)
    made = decided(path, "B2-E01")
    assert made is not None
    assert (made.outcome, str(made.until)) == ("partial", "2022-10-30")
    page = client.get(f"{base}?block=B2").content.decode()
    assert 'aria-current="true"' in page
    assert "до 30.10.2022" in page
    mark = form(client, base, "B2-E01")
    assert client.post(f"{base}/B2-E01/remove", {"etag": mark}).status_code == 302
    assert decided(path, "B2-E01") is None
    client.post(f"/s/{site.code(path)}/undo")
    client.post(f"/s/{site.code(path)}/undo")
    client.post(f"/s/{site.code(path)}/undo")
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("comment", " ", "Не сказано, почему"),
        ("outcome", "", "Не выбран итог"),
        ("outcome", "blocked", "Не выбран итог"),
        ("date", "вчера", "Это не дата"),
        ("until", "32.10.2022", "Это не дата"),
        ("until", "19.10.2022", "раньше, чем принято"),
        ("by", "", "Не сказано, кто решил"),
    ],
)
def test_half_a_decision_is_none(client: Any, site: Site, path: Path, field: str, typed: str, said: str) -> None:
    base, before = f"/s/{site.code(path)}/decisions", path.read_bytes()
    answer = client.post(f"{base}/B2-E01", {"etag": form(client, base, "B2-E01"), **SAID, field: typed}, **HTMX)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert len(re.findall('aria-invalid="true"', text)) == 1
    assert "Приказ есть на бумаге" in text or field == "comment"
    whole = client.post(f"{base}/B2-E01", {"etag": form(client, base, "B2-E01"), **SAID, field: typed})
    assert (whole.status_code, said in whole.content.decode()) == (422, True)
    assert path.read_bytes() == before


def test_a_stale_decision_shows_both(client: Any, site: Site, path: Path) -> None:
    base = f"/s/{site.code(path)}/decisions"
    mark = form(client, base, "B2-E01")
    client_of(site).post(f"{base}/B2-E01", {"etag": mark, **SAID})
    mine = {"etag": mark, **SAID, "comment": "Приказа нет нигде", "outcome": "missing"}
    answer = client.post(f"{base}/B2-E01", mine, **HTMX)
    text = answer.content.decode()
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "closest .row")
    assert "там: Приказ есть на бумаге; у вас: Приказа нет нигде" in text
    assert client.post(f"{base}/B2-E01", mine).status_code == 409
    (mark,) = re.findall(r'name="etag" value="(\w+)"', text.partition("</form>")[0])
    assert client.post(f"{base}/B2-E01", {**mine, "etag": mark}, **HTMX).status_code == 200
    made = decided(path, "B2-E01")
    assert made is not None
    assert made.comment == "Приказа нет нигде"


def test_what_is_the_matter_with_a_decision_is_said(client: Any, site: Site, path: Path) -> None:
    """As `check --decisions` says it."""
    base = f"/s/{site.code(path)}/decisions"
    said = {
        "B2-E01": ({"date": "25.09.2022", "until": "01.10.2022"}, "устарело", "Срок истёк, решение не учтено"),
        "B2-G01": ({"outcome": "met"}, "ничего не меняет", "Без него итог был бы тем же"),
    }
    for of, (fields, state, doubt) in said.items():
        answer = client.post(f"{base}/{of}", {"etag": form(client, base, of), **SAID, **fields}, **HTMX)
        assert state in answer.content.decode()
        assert doubt in answer.content.decode()


def test_a_decision_about_an_indicator_is_shown_apart(client: Any, site: Site, folder: Path) -> None:
    path = folder / "pokazateli-tver.yml"
    shutil.copy(shipped("cases") / path.name, path)
    base = f"/s/{site.code(path)}/decisions"
    client.post(f"{base}/B2-U03", {"etag": form(client, base, "B2-U03"), **SAID, "date": "20.09.2022"}, **HTMX)
    page = client.get(base).content.decode()
    assert page.partition("О чём ещё есть решения")[2].count('id="row-B2-U03"') == 1
    assert client.post(f"{base}/B2-U03/remove", {"etag": form(client, base, "B2-U03")}).status_code == 302
    assert 'id="row-B2-U03"' not in client.get(base).content.decode()


def test_what_there_is_not_cannot_be_decided(client: Any, site: Site, path: Path) -> None:
    assert client.get(f"/s/{site.code(path)}/decisions/B9-X1", **HTMX).status_code == 422
    assert client.get(f"/s/{site.code(path)}/decisions/B2-E01/remove").status_code == 405


def test_an_expert_decides_by_keys_alone(window: BrowserContext, served: Site, path: Path) -> None:
    """The row opens, what is lacking is said and gets the focus; when it is saved the row has it again."""
    page = window.pages[0]
    page.goto(f"/s/{served.code(path)}/decisions?block=B2")
    link = page.locator("[id='row-B2-E01'] .row-title a")
    link.focus()
    page.keyboard.press("Enter")
    page.locator("[id='f-B2-E01-outcome']:focus").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Не сказано, почему").wait_for()
    page.locator("[id='f-B2-E01-comment']:focus").wait_for()
    page.keyboard.type("Видели на бумаге")
    page.locator("#saved").get_by_text("Ещё не сохранено").wait_for()
    page.keyboard.press("Enter")
    page.locator("#saved").get_by_text("Сохранено", exact=True).wait_for()
    page.locator("[id='row-B2-E01'] .row-title a:focus").wait_for()
    made = decided(path, "B2-E01")
    assert made is not None
    assert (made.outcome, made.comment, made.by, str(made.date)) == (
        "met", "Видели на бумаге", "Эксперт 2", "2022-10-21",
    )  # fmt: skip
