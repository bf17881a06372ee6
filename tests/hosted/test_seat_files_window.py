"""Files of a school in Chromium: from the school that hands them over to the expert who takes a quote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hosted.people import Region
from tests.hosted.screens import faults_of
from tests.hosted.test_seat_files import ORDER, PDF, REPORT, SCHOOL, data_of, uploads, worked_off
from tests.web.axe import skip_without_axe
from tests.web.keys import letter

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

__all__ = ["uploads"]


def test_a_school_hands_over_and_an_expert_quotes(
    uploads: Region, hosted_window: Callable[[str], Page], tmp_path: Path
) -> None:
    from vsoko_rules.web.hosted.seat_steps import open_expert_seats

    faults = _handed_over(uploads, hosted_window("school"), tmp_path)
    uploads.assign(SCHOOL, "A", "expert-a")
    uploads.phase("assess")
    open_expert_seats(uploads.study)
    faults += _quoted(uploads, hosted_window("expert-a"))
    assert faults == []
    skip_without_axe()


def _handed_over(region: Region, page: Page, tmp_path: Path) -> list[object]:
    """What is wrong is refused, what is right is read and confirmed by a key."""
    code, faults = region.seat(SCHOOL, "self").code, list[object]()
    page.goto(f"/s/{code}/files")
    faults += faults_of(page, "no files yet")
    wrong = tmp_path / "запуск.exe"
    wrong.write_bytes(b"MZ")
    page.get_by_label("Файлы школы").set_input_files([wrong, ORDER])
    page.get_by_role("button", name="Передать и прочитать").click()
    page.get_by_role("heading", name="Ничего не сохранено").wait_for()
    faults += faults_of(page, "refused")
    page.get_by_label("Файлы школы").set_input_files([ORDER, REPORT, PDF])
    page.get_by_role("button", name="Передать и прочитать").click()
    page.get_by_role("heading", name="Файлы читаются").wait_for()
    faults += faults_of(page, "being read")
    worked_off()
    page.get_by_text("Подтвердить по одному").wait_for()
    page.get_by_role("cell", name="О мерах по итогам оценки качества подготовки").wait_for()
    faults += faults_of(page, "read")
    page.get_by_role("link", name="Подтвердить по одному").click()
    page.locator("form.claim").first.wait_for()
    faults += faults_of(page, "questions")
    asked = page.locator("form.claim").count()
    letter(page, "д")
    page.wait_for_function("before => document.querySelectorAll('form.claim').length < before", arg=asked)
    assert any(each.get("quote") for row in data_of(region, "self")["documents"] for each in row["evidence"])
    page.context.close()
    return faults


def _quoted(region: Region, expert: Page) -> list[object]:
    """A sentence beside the row becomes a quote; the file is saved."""
    seat, faults = region.seat(SCHOOL, "A").code, list[object]()
    own = next(row["id"] for row in data_of(region, "A")["documents"] if row.get("file") == ORDER.name)
    expert.goto(f"/s/{seat}/documents")
    expert.goto(f"/s/{seat}/files")
    faults += faults_of(expert, "files of an expert")
    expert.goto(f"/s/{seat}/confirm/{own}")
    faults += faults_of(expert, "text beside")
    choice = expert.locator("#beside select[name=content]")
    choice.select_option(index=1)
    before = region.seat(SCHOOL, "A").revision
    with expert.expect_response(lambda answer: answer.url.endswith("/quote")) as told:
        expert.locator("#beside label.sentence", has_text="Приказываю").or_(
            expert.locator("#beside label.sentence").nth(3)
        ).first.click()
    assert told.value.status == 200
    assert region.seat(SCHOOL, "A").revision == before + 1
    expert.goto(f"/s/{seat}/files")
    with expert.expect_download() as given:
        expert.get_by_role("link", name=f"Скачать {ORDER.name}").click()
    assert given.value.path().read_bytes() == ORDER.read_bytes()
    expert.get_by_role("link", name=f"Текст файла {ORDER.name}").click()
    expert.wait_for_url("**/files/of/*/text")
    faults += faults_of(expert, "text of a file")
    return faults
