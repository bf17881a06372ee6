"""Screens of the centre in Chromium: nothing scrolls sideways and axe-core finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.hosted.people import Region
from tests.hosted.screens import faults_of, opened
from tests.hosted.test_people_and_experts import PEOPLE, SCHOOLS, table
from tests.web.axe import skip_without_axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

TOWN_SCHOOL = ["pri-1", "Приозёрская СОШ", "Приозёрск", "НОО; ООО", "", ""]
EXPERTS = [
    ["Соколова Галина Примеровна", "sokolova", "эксперт", "", "", ""],
    ["Лебедев Денис Примерович", "lebedev", "эксперт", "", "", ""],
]


def screens(region: Region) -> list[str]:
    """Addresses of all screens of the centre."""
    key, person = region.schools["samoproverka"].pk, region.person("expert-a").pk
    own = ["", "schools", "schools?q=нет+такой", "schools/new", f"schools/{key}", "step/assess", "people", "people/new",
           f"people/{person}", "people/links", "import", "assignment", "assignment?propose=rest"]  # fmt: skip
    return ["/", "/study/new", *(f"/study/{region.study.code}/{path}" for path in own)]


def test_every_screen_of_the_centre_fits_and_can_be_read_aloud(
    region: Region, hosted_window: Callable[[str], Page]
) -> None:
    page = hosted_window("centre")
    faults: list[object] = []
    for number, address in enumerate(screens(region)):
        faults += faults_of(opened(page, number, address), address)
    assert faults == []
    skip_without_axe()


def test_what_is_sent_is_sent_once(region: Region, hosted_window: Callable[[str], Page]) -> None:
    """Links are shown once: with a second click on their way, the answer that has them would be thrown away."""
    page = hosted_window("centre")
    page.goto(f"/study/{region.study.code}/people/links")
    page.evaluate("""() => {
      window.sent = [];
      window.addEventListener("submit", (event) => {
        window.sent.push(!event.defaultPrevented);
        event.preventDefault();
      });
    }""")
    page.get_by_role("button", name="Выдать ссылки и показать").dblclick()
    assert page.evaluate("() => window.sent") == [True, False]
    page.goto("/trail")
    for _ in range(2):
        with page.expect_download():
            page.get_by_role("button", name="Скачать записи").click()


def test_a_study_is_carried_from_a_table_to_its_assessment_by_clicks(
    region: Region, hosted_window: Callable[[str], Page], tmp_path: Path
) -> None:
    from vsoko_rules.web.hosted.models import Seat, StudyRound

    page = hosted_window("centre")
    page.goto("/")
    page.get_by_role("link", name="Новое исследование").click()
    page.get_by_label("Название", exact=True).fill("Второе исследование")
    page.get_by_role("button", name="Начать исследование").click()
    page.get_by_role("link", name="таблицу школ и людей").click()
    path = tmp_path / "таблица.xlsx"
    path.write_bytes(table([*SCHOOLS, TOWN_SCHOOL], [*PEOPLE, *EXPERTS]).read())
    page.get_by_label("Заполненная таблица").set_input_files(path)
    page.get_by_role("button", name="Посмотреть, что понято").click()
    page.get_by_role("button", name="Загрузить: так и есть").click()
    page.get_by_role("link", name="ссылки для входа").click()
    page.get_by_role("button", name="Выдать ссылки и показать").click()
    links = page.locator("td", has_text="/invite/")
    expect(links).to_have_count(len(PEOPLE) + len(EXPERTS) - 1)
    page.get_by_role("link", name="Назначение").click()
    page.get_by_role("link", name="Предложить для оставшихся").click()
    page.get_by_role("button", name="Сохранить это назначение").click()
    page.get_by_text("Назначение сохранено.").wait_for()
    study = StudyRound.objects.get(title="Второе исследование")
    Seat.objects.filter(school__study=study, school__code="zar-1", who="self").update(state="sent")
    page.get_by_role("link", name="Исследование", exact=True).click()
    page.get_by_role("link", name="Перейти к экспертизе").click()
    page.get_by_role("button", name="Перейти к экспертизе").click()
    page.get_by_text("Не подтверждено").wait_for()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Перейти к экспертизе").click()
    page.get_by_text("Исследование переведено в другую фазу.").wait_for()
    seats = Seat.objects.filter(school__study=study, who__in=["A", "B", "3"])
    assert seats.count() == 7
    assert not seats.filter(data="").exists()
