"""Every change is saved and can be undone; no edit is lost; a file that was changed outside is never overwritten."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import client_of
from vsoko_rules.case import reader
from vsoko_rules.report.composition import Composer
from vsoko_rules.web.site import Site
from vsoko_rules.workspace import opened_school
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.workspace.stored import convert
from vsoko_rules.writing import yaml_edit

HTMX = {"HTTP_HX_REQUEST": "true"}


class School:
    """One school of the page, as a window of a browser has it: with the marks of its rows."""

    def __init__(self, client: Any, site: Site, path: Path) -> None:
        self.client = client
        self.path = path
        self.address = f"/s/{site.code(path)}"
        self.etags: dict[str, str] = {}

    def open(self, row: str) -> str:
        text = self.client.get(f"{self.address}/documents/{row}", **HTMX).content.decode()
        self._mark(row, str(text))
        return str(text)

    def _mark(self, row: str, text: str) -> None:
        found = re.search(rf'id="etag-{row}" value="(\w*)"', text)
        if found is not None:
            self.etags[row] = found[1]

    def save(self, row: str, **fields: str | list[str]) -> Any:
        answer = self.client.post(
            f"{self.address}/documents/{row}", {"etag": self.etags.get(row, ""), **fields}, **HTMX
        )
        if answer.status_code == 200:
            self._mark(row, answer.content.decode())
        return answer

    def post(self, name: str) -> Any:
        return self.client.post(f"{self.address}/{name}")

    def history(self) -> str:
        return str(self.client.get(f"{self.address}/history").content.decode())

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")


@pytest.fixture
def school(client: Any, site: Site, folder: Path) -> School:
    return School(client, site, folder / "gorodskaya-sosh.yml")


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in after.splitlines() if line not in before.splitlines()]


def test_a_change_is_saved_undone_and_done_again(school: School) -> None:
    before = school.text
    school.open("komanda")
    answer = school.save("komanda", title="Приказ о команде", when="5 сентября 2021 г.", number="№ 17-од")
    assert answer.status_code == 200
    changed = school.text
    assert changed_lines(before, changed) == [
        "    title: Приказ о команде",
        "    number: 17-од",
        "    date: 2021-09-05",
    ]
    assert "# --- Общие документы" in changed
    assert school.post("undo").status_code == 302
    assert school.text == before
    assert school.post("redo").status_code == 302
    assert school.text == changed
    assert school.post("redo").status_code == 422


def test_the_first_change_keeps_a_copy_of_the_file(school: School) -> None:
    before = school.text
    school.open("komanda")
    school.save("komanda", comment="первое")
    school.save("komanda", comment="второе")
    copies = list(school.path.parent.glob("*.bak"))
    assert [copy.read_text(encoding="utf-8") for copy in copies] == [before]


def test_the_answer_says_what_came_of_it(school: School) -> None:
    """The verdict, what the row lacks, and the mark of the row come with the answer, each to its place."""
    shown = re.findall(r'name="shown" value="([^"]+)"', school.open("komanda"))
    text = school.save("komanda", shown=shown, box=["holds:team"], title="Приказ о команде").content.decode()
    assert "не хватает: " in text
    assert "ответственные" in text
    for part in ("verdict", "etag-komanda", "head-komanda", "document-names"):
        assert re.search(rf'id="{part}"[^>]* hx-swap-oob="true"', text), part
    assert 'id="boxes-komanda"' not in text, "a box that was cleared may not vanish, nor the focus with it"
    assert "Сохранено. Уровень: " in text
    assert "responsible" not in str(open_case(school.path).documents["komanda"].holds)


def test_an_edit_makes_no_more_than_its_answer_shows(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is read once, the verdict made once; nothing that only whole pages show is composed or sent."""
    shown = re.findall(r'name="shown" value="([^"]+)"', school.open("komanda"))
    made: list[str] = []

    def counted(owner: Any, name: str) -> None:
        done = getattr(owner, name)

        def counting(*args: Any, **named: Any) -> Any:
            made.append(name)
            return done(*args, **named)

        monkeypatch.setattr(owner, name, counting)

    for owner, name in ((yaml_edit, "parse"), (reader, "parse"), (opened_school, "assess"), (Composer, "view")):
        counted(owner, name)
    text = school.save("komanda", shown=shown, box=["holds:team"]).content.decode()
    assert made == ["parse", "assess"]
    assert re.findall(r'id="(\w+)', text) == ["state", "etag", "verdict", "saved", "said"]


def test_a_coded_address_is_shown_in_letters_and_saved_as_it_was(school: School) -> None:
    """Who leaves the field alone leaves the address alone; who types another one has it."""
    coded = "https://school12.sosnovsk.example/%D0%BF%D1%80%D0%B8%D0%BA%D0%B0%D0%B7%20%D0%BE.pdf"
    school.open("komanda")
    school.save("komanda", where=coded)
    assert coded in school.text
    shown = unescape(re.findall(r'name="where" value="([^"]*)"', school.open("komanda"))[0])
    assert shown == "https://school12.sosnovsk.example/приказ%20о.pdf"
    school.save("komanda", where=shown, comment="проверено")
    assert open_case(school.path).documents["komanda"].url == coded
    school.save("komanda", where=shown.replace("приказ", "другой"))
    assert open_case(school.path).documents["komanda"].url == "https://school12.sosnovsk.example/другой%20о.pdf"


def test_boxes_follow_the_elements(school: School) -> None:
    school.open("komanda")
    text = school.save(
        "komanda", serves=["C-01"], serves_typed="Мониторинг результатов ВПР", shown=["holds:team"], box=["holds:team"]
    )
    assert 'value="holds:deadlines"' in text.content.decode()
    assert 'id="chips-komanda-serves"' in text.content.decode()
    assert open_case(school.path).documents["komanda"].serves == ("C-01", "B1-M02")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("when", "31.02.2022", "это не дата и не период"),
        ("when", "весной", "2021/22, июнь 2022, 2022"),
        ("title", "", "название, как в самом документе"),
        ("serves_typed", "Мониторинг погоды", "такого элемента в методике нет"),
        ("based_on_typed", "Приказ о том, чего нет", "такого документа в таблице нет"),
        ("valid_from", "давно", "14.02.2022"),
    ],
)
def test_what_cannot_be_understood_is_said_and_not_saved(school: School, field: str, typed: str, said: str) -> None:
    before = school.text
    school.open("komanda")
    answer = school.save("komanda", **{"title": "Приказ", field: typed})
    assert answer.status_code == 422
    assert said.casefold() in answer.content.decode().casefold()
    assert "Не сохранено" in answer.content.decode()
    assert school.text == before


def test_two_windows_on_one_row_lose_nothing(school: School, client: Any, site: Site) -> None:
    other = School(client, site, school.path)
    school.open("komanda")
    other.open("komanda")
    assert other.save("komanda", title="Их название", number="1-а").status_code == 200
    answer = school.save("komanda", title="Моё название", number="171-од")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "там: Их название; у вас: Моё название" in text
    assert 'value="Моё название"' in text
    assert answer["HX-Retarget"] == "closest .row"
    assert "title: Их название" in school.text
    school._mark("komanda", text)
    assert school.save("komanda", title="Моё название").status_code == 200
    assert "title: Моё название" in school.text
    school.post("undo")
    assert "title: Их название" in school.text


def test_two_windows_on_different_rows_do_not_meet(school: School, client: Any, site: Site) -> None:
    other = School(client, site, school.path)
    school.open("komanda")
    other.open("grafik")
    assert other.save("grafik", comment="их").status_code == 200
    assert school.save("komanda", comment="моё").status_code == 200
    documents = open_case(school.path).documents
    assert (documents["komanda"].comment, documents["grafik"].comment) == ("моё", "их")


def test_two_windows_that_add_a_document_at_once_add_two(school: School, client: Any, site: Site) -> None:
    code = re.search(r'id="row-(d\d+)"', school.client.get(f"{school.address}/documents/new", **HTMX).content.decode())
    assert code is not None
    assert school.save(code[1], title="Мой").status_code == 200
    answer = School(client, site, school.path).save(code[1], title="Их")
    assert answer.status_code == 200
    assert answer["HX-Retarget"] == "closest .row"
    assert [d.title for d in open_case(school.path).content.documents][-2:] == ["Мой", "Их"]


def test_a_change_outside_is_seen_and_never_overwritten(school: School) -> None:
    school.open("komanda")
    school.save("komanda", title="Из окна")
    school.path.write_text(school.text.replace("title: Из окна", "title: Из Блокнота"), encoding="utf-8")
    answer = school.save("komanda", title="Ещё из окна")
    assert answer.status_code == 409
    assert "title: Из Блокнота" in school.text
    assert "Изменено вне этой программы" in school.history()
    assert school.post("undo").status_code == 422
    assert "title: Из Блокнота" in school.text


def test_a_file_that_was_broken_outside_is_told_and_left(school: School) -> None:
    school.open("komanda")
    school.path.write_text("documents: [", encoding="utf-8")
    answer = school.save("komanda", title="Из окна")
    assert answer.status_code == 422
    assert school.text == "documents: ["
    page = school.client.get(f"{school.address}/")
    assert page.status_code == 422
    assert "gorodskaya-sosh.yml:" in page.content.decode()


def test_the_history_can_be_gone_back_in(school: School) -> None:
    before = school.text
    school.open("komanda")
    for title in ("Первое", "Второе", "Третье"):
        school.save("komanda", title=title)
    history = school.history()
    assert [f"стало «{t}»" in history for t in ("Первое", "Второе", "Третье")] == [True] * 3
    numbers = [int(n) for n in re.findall(r"/history/(\d+)\"", history)]
    assert "Первое" in school.client.get(f"{school.address}/history/{numbers[-1]}").content.decode()
    assert school.post(f"history/{numbers[-1]}/back").status_code == 302
    assert "title: Первое" in school.text
    school.post("undo")
    assert "title: Третье" in school.text
    for _ in range(3):
        school.post("undo")
    assert school.text == before
    assert school.post("history/99999/back").status_code == 422


def test_a_removed_document_comes_back_whole(school: School) -> None:
    before = school.text
    text = school.open("polozhenie")
    mark = re.findall(r'name="etag"[^>]*value="(\w+)"', text)[0]
    answer = school.client.post(f"{school.address}/documents/polozhenie/remove", {"etag": mark})
    assert answer.status_code == 302
    documents = open_case(school.path).documents
    assert "polozhenie" not in documents
    assert not any("polozhenie" in d.based_on for d in documents.values())
    school.post("undo")
    assert open_case(school.path).content == open_case(shipped_copy(before, school.path)).content


def shipped_copy(text: str, path: Path) -> Path:
    copy = path.with_name("copy.yml")
    copy.write_text(text, encoding="utf-8")
    return copy


def test_what_was_not_touched_is_written_as_it_was(school: School) -> None:
    """A page ties numbers to their signs; the values of its fields are to the letter."""
    title = "План № 5 на 2021/22 год,  5 классы"
    school.path.write_text(
        school.text.replace("title: Приказ о составе команды", f"title: {title} о"), encoding="utf-8"
    )
    before = school.text
    shown = dict(re.findall(r'name="(\w+)" value="([^"]*)" (?:list="[\w-]+" )?autocomplete', school.open("komanda")))
    assert shown["title"].startswith(title)
    school.save("komanda", **{name: unescape(value) for name, value in shown.items()} | {"comment": "другое"})
    assert changed_lines(before, school.text) == ["    comment: другое"]


def test_the_journal_cannot_be_altered(school: School, site: Site) -> None:
    school.open("komanda")
    school.save("komanda", title="Первое")
    school.save("komanda", title="Второе")
    journal = site.desk.journal
    assert "изменены не этой программой" not in school.history()
    with sqlite3.connect(journal.path) as db:
        for attempt in ("UPDATE event SET kind = 'undo'", "DELETE FROM event"):
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(attempt)
        db.execute("DROP TRIGGER event_stays")
        db.execute("UPDATE event SET at = '2000-01-01' WHERE number = 1")
    db.close()
    assert "изменены не этой программой" in school.history()


def test_a_form_is_written_anew_only_after_that_is_agreed(folder: Path, make_site: Callable[[Path], Site]) -> None:
    form = folder / "форма.xlsx"
    convert(folder / "gorodskaya-sosh.yml", form)
    before = form.read_bytes()
    site = make_site(form)
    school = School(client_of(site), site, form)
    assert "форма записывается заново" in school.client.get(f"{school.address}/").content.decode()
    text = school.open("komanda")
    assert "Приказ о составе команды" in text
    assert school.save("komanda", title="Приказ о команде").status_code == 422
    assert form.read_bytes() == before
    school.post("agree")
    assert school.save("komanda", title="Приказ о команде").status_code == 200
    assert open_case(form).documents["komanda"].title == "Приказ о команде"
    assert [copy.read_bytes() for copy in folder.glob("форма.xlsx*.bak")] == [before]
    school.post("undo")
    assert open_case(form).documents["komanda"].title.startswith("Приказ о составе")


def test_without_scripts_a_row_is_saved_by_its_button(school: School) -> None:
    page = school.client.get(f"{school.address}/documents?row=komanda").content.decode()
    school._mark("komanda", page)
    fields = {"etag": school.etags["komanda"], "title": "Без сценариев"}
    answer = school.client.post(f"{school.address}/documents/komanda", fields)
    assert answer.status_code == 302
    assert "title: Без сценариев" in school.text
    stale = school.client.post(f"{school.address}/documents/komanda", fields)
    assert stale.status_code == 409
    page = school.client.get(answer["Location"].partition("#")[0]).content.decode()
    school._mark("komanda", page)
    wrong = school.client.post(
        f"{school.address}/documents/komanda", {**fields, "etag": school.etags["komanda"], "when": "когда-то"}
    )
    assert wrong.status_code == 422
    assert 'value="когда-то"' in wrong.content.decode()


def test_blocks_that_nobody_went_through_are_not_missing(school: School) -> None:
    answer = school.client.post(f"{school.address}/reviewed", {"block": ["B1", "C"]})
    assert answer.status_code == 302
    assert open_case(school.path).content.reviewed == ("C", "B1") or set(
        open_case(school.path).content.reviewed or ()
    ) == {"B1", "C"}
    assert "не просмотрен" in school.client.get(f"{school.address}/").content.decode()
    school.post("undo")
    assert open_case(school.path).content.reviewed is None
