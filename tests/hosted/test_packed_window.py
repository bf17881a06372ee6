"""A study with its documents in Chromium: taken away as one archive, and taken into another study from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from tests.hosted.files import ORDER, region_with_files
from tests.hosted.people import Region
from tests.hosted.screens import faults_of
from tests.hosted.test_imported_files import another_study, uploads, uses
from tests.hosted.test_seat_files import worked_off
from tests.web.axe import skip_without_axe

if TYPE_CHECKING:
    from playwright.sync_api import Download, Page

pytestmark = pytest.mark.slow

__all__ = ["uploads"]
SCHOOL = "gorodskaya-sosh"


def test_a_study_goes_out_and_comes_in(uploads: Region, hosted_window: Callable[[str], Page], tmp_path: Path) -> None:
    region_with_files(uploads, SCHOOL)
    page = hosted_window("centre")
    path = tmp_path / "выгрузка.zip"
    _taken_away(page, uploads).save_as(path)
    with ZipFile(path) as archive:
        assert archive.read(f"{SCHOOL}/Приказ.docx") == ORDER
    faults = _taken_in(page, another_study(uploads), path)
    assert uses(seat__school__study=uploads.study) == uses(who="agreed", seat__school__study=uploads.study)
    assert len(uses(seat__school__study=uploads.study)) == 3
    assert faults == []
    skip_without_axe()


def _taken_away(page: Page, region: Region) -> Download:
    """All schools by the centre, after one by itself."""
    page.goto(f"/s/{region.seat(SCHOOL, 'self').code}/files")
    for _ in range(2):  # the page stays where a file comes, and gives it again
        with page.expect_download() as one:
            page.get_by_role("button", name="Скачать всё с файлом школы").click()
        with ZipFile(one.value.path()) as archive:
            assert archive.read("Приказ.docx") == ORDER
    page.get_by_role("link", name="Отчёты").click()
    for name in ("Файл программы (YAML)", "Файл программы с документами") * 2:
        with page.expect_download() as one:
            page.get_by_role("button", name=name).click()
    page.goto(f"/study/{region.study.code}/figures")
    page.get_by_role("button", name="Все файлы школ с документами").click()
    expect(page.get_by_role("heading", name="Ждёт очереди")).to_be_visible()
    worked_off()
    with page.expect_download() as every:
        page.get_by_role("link", name="Скачать").click()
    return every.value


def _taken_in(page: Page, region: Region, path: Path) -> list[object]:
    """The archive, looked at and confirmed."""
    page.goto(f"/study/{region.study.code}/cases")
    faults = faults_of(page, "files to be taken in")
    page.get_by_label("Файлы школ или архив ZIP").set_input_files(path)
    page.get_by_label("Чьи это файлы").select_option("named")
    page.get_by_role("button", name="Прочитать и показать").click()
    expect(page.get_by_text("Чтение ждёт очереди")).to_be_visible()
    worked_off()
    expect(page.get_by_text("будут перенесены документы: 13")).to_be_visible()
    faults += faults_of(page, "preview")
    page.get_by_role("button", name="Перенести файлов: 6").click()
    expect(page.get_by_role("heading", name="Ждёт очереди")).to_be_visible()
    worked_off()
    expect(page.get_by_text("Перенесено файлов: 6. Документов: 13.")).to_be_visible()
    return faults
