"""Screens of figures, papers and files of a study in Chromium: nothing scrolls sideways, axe-core finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.hosted.pair import closed_pair
from tests.hosted.people import Region
from tests.hosted.test_case_import import archive, yaml_of
from tests.hosted.test_centre_window import WIDTHS
from tests.hosted.test_region_figures import agreed, send_all
from tests.web.conftest import AXE

if TYPE_CHECKING:
    from playwright.sync_api import Page


def prepared(region: Region) -> list[tuple[str, str]]:
    """Who looks at which screen, with something on each."""
    from vsoko_rules.web.hosted.case_import import ask_for_preview
    from vsoko_rules.web.hosted.models import Municipality
    from vsoko_rules.web.hosted.work import ask_for
    from vsoko_rules.web.hosted.working import work_off

    closed_pair(region)
    send_all(region)
    agreed(region, "selskaya-oosh")
    centre, study = region.person("centre"), f"/study/{region.study.code}"
    asked = ask_for("study_agreement", centre, study=region.study)
    file = archive(a_yml=yaml_of("samoproverka", "novaya"), b_yml=b"broken: [").getvalue()
    preview = ask_for_preview(centre, region.study, "self", [("школы.zip", file)], close=True)
    ask_for("study_summary", centre, study=region.study)
    work_off("работник")
    town = Municipality.objects.get(name="Заречный").pk
    own = ["figures", "agreement", "agreement?pair=0", f"towns/{town}", "cases", f"cases/{preview.code}"]
    methodist = [("methodist", "/"), ("methodist", f"{study}/towns/{town}")]
    return [*(("centre", f"{study}/{path}") for path in own), ("centre", f"/work/{asked.code}"), *methodist]


def test_every_screen_of_the_figures_fits_and_can_be_read_aloud(
    region: Region, hosted_window: Callable[[str], Page]
) -> None:
    screens, faults = prepared(region), []
    pages = {login: hosted_window(login) for login in dict.fromkeys(login for login, _ in screens)}
    for number, (login, address) in enumerate(screens):
        page = pages[login]
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.wait_for_function("!document.querySelector('#figures[hx-get]')")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{address} is {over} px wider than {width} px"
        if AXE.exists():
            page.set_viewport_size({"width": WIDTHS[-1 if number // 2 % 2 else 0], "height": 800})
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            faults += [(address, v["id"], v["nodes"][0]["html"]) for v in found["violations"]]
    assert faults == []
    if not AXE.exists():
        pytest.skip("axe-core is not there (VSOKO_AXE): pages are NOT TESTED by it")
