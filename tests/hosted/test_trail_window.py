"""The trail and long work in Chromium: as narrow as a telephone, read aloud, and watched until it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.hosted.people import Region
from tests.hosted.screens import faults_of, opened
from tests.hosted.test_trail import edit
from tests.web.axe import skip_without_axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


def test_the_trail_and_work_fit_and_can_be_read_aloud(hosted_window: Callable[[str], Page], region: Region) -> None:
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.models import Work
    from vsoko_rules.web.hosted.work import ask_for

    centre, study = region.person("centre"), region.study
    edit(region, "school", "gorodskaya-sosh", "Приказ о создании рабочей группы по внутренней системе оценки качества")
    chain.append("step", user=centre, study=study.code, told={"reason": "срок перенесён", "from": "assess"})
    codes = {state: ask_for("study", centre, study=study).code for state in ("waiting", "running", "done", "failed")}
    for state, code in codes.items():
        Work.objects.filter(code=code).update(state=state, done=3, total=7, told={"why": "died"})
    addresses = ["/trail", f"/trail?study={study.code}&school=gorodskaya-sosh", "/trail?day=2001-01-01", "/work"]
    addresses += [f"/work/{code}" for code in codes.values()]
    faults: list[object] = []
    for login in ("centre", "auditor"):
        page = hosted_window(login)
        for number, address in enumerate(addresses if login == "centre" else ["/", "/trail"]):
            faults += faults_of(opened(page, number, address), address)
        page.context.close()
    assert faults == []
    skip_without_axe()


def test_work_is_watched_until_it_is_done(hosted_window: Callable[[str], Page], region: Region) -> None:
    from vsoko_rules.web.hosted.models import Work
    from vsoko_rules.web.hosted.stored_content import keep_content
    from vsoko_rules.web.hosted.work import ask_for

    page = hosted_window("centre")
    work = ask_for("study", region.person("centre"), study=region.study)
    page.goto(f"/work/{work.code}")
    page.get_by_text("Ждёт очереди").wait_for()
    Work.objects.update(state="running", done=2, total=5)
    page.get_by_text("Сделано 2 из 5").wait_for()
    Work.objects.update(state="done", name="итог.txt", result=keep_content("готово".encode()))
    with page.expect_download() as given:
        page.get_by_role("link", name="Скачать").click()
    assert given.value.path().read_text(encoding="utf-8") == "готово"
