"""Screens of figures, papers and files of a study in Chromium: nothing scrolls sideways, axe-core finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.hosted.pair import closed_pair
from tests.hosted.people import Region
from tests.hosted.screens import faults_of, opened
from tests.hosted.test_case_import import archive, yaml_of
from tests.hosted.test_region_figures import agreed, send_all
from tests.web.axe import skip_without_axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


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
        faults += faults_of(opened(pages[login], number, address), address)
    assert faults == []
    skip_without_axe()
