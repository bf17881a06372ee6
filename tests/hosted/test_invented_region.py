"""The invented region that the program is tried with: everybody comes in, and everything there is to see is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.hosted.conftest import BOTH, HOST
from tests.hosted.test_centre_pages import text_of

pytestmark = pytest.mark.slow


@pytest.fixture
def people(database: str) -> dict[str, Any]:
    """A browser without scripts of each person, signed in by the password that was told."""
    from django.test import Client

    from vsoko_rules.web.hosted.invented_region import put_region

    asked: Any = {"HTTP_HOST": HOST}
    clients = {}
    for login, _, password in put_region():
        clients[login] = Client(raise_request_exception=False, **asked)
        assert clients[login].post("/sign-in", {"login": login, "password": password}).status_code == 302
    return clients


@BOTH
def test_seven_people_see_what_is_theirs(people: dict[str, Any]) -> None:
    from vsoko_rules.errors import InputError
    from vsoko_rules.web.hosted import event_chain as chain
    from vsoko_rules.web.hosted.invented_region import put_region
    from vsoko_rules.web.hosted.models import Seat, StudyRound

    assert len(people) == 7
    for login, client in people.items():
        assert client.get("/").status_code == 200, login
    finished, now = StudyRound.objects.order_by("year")
    assert (finished.phase, now.phase, now.year - finished.year) == ("closed", "assess", 1)
    assert finished.released_at is not None
    assert not Seat.objects.filter(school__study=finished).exclude(state__in=("sent", "locked")).exists()
    assert "Школы не отправили документы: 2" in text_of(people["centre"].get(f"/study/{now.code}/"))
    seat = Seat.objects.get(school__study=now, school__code="zar-01", who="self")
    compared = people["centre"].get(f"/s/{seat.code}/compare")
    assert compared.status_code == 200
    assert str(finished.year) in text_of(compared)
    assert chain.verify().fault is None
    with pytest.raises(InputError, match="уже есть исследование"):
        put_region()


def test_it_is_not_put_where_people_are(database: str) -> None:
    from vsoko_rules.errors import InputError
    from vsoko_rules.web.hosted.invented_region import put_region
    from vsoko_rules.web.hosted.models import User

    User.objects.create(login="somebody", name="Кто-то")
    with pytest.raises(InputError, match="или люди"):
        put_region()
    assert User.objects.count() == 1


def test_it_is_made_by_one_command_and_only_for_a_trial(tmp_path: Path) -> None:
    def vsoko(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "vsoko_rules", "serve", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)

    for wrong in (("проба", "--init", "--demo", "--host", "vsoko.example"), ("проба", "--demo")):
        refused = vsoko(*wrong)
        assert (refused.returncode, "--demo: пробный регион здесь создать нельзя" in refused.stderr) == (2, True)
        assert not (tmp_path / "проба").exists()
    made = vsoko("проба", "--init", "--demo")
    assert made.returncode == 0, made.stderr
    told = made.stdout + made.stderr
    assert len(re.findall(r"имя \w+, пароль [\w-]{12,}", told)) == 7
    assert "/invite/" not in told


def test_a_ruleset_of_ones_own_is_there_for_new_studies(database: str, tmp_path: Path) -> None:
    """It was kept with the server: the folder may go."""
    from vsoko_rules.web.hosted.pinned import pinned
    from vsoko_rules.web.hosted.region_server import keep_ruleset
    from vsoko_rules.web.hosted.study_keeping import chosen_ruleset, ruleset_choices

    folder = tmp_path / "своя"
    folder.mkdir()
    own = "extends: bashkortostan-2022\nid: svoya\nversion: '1'\ntitle: Методика нашего региона\n"
    (folder / "ruleset.yml").write_text(own, encoding="utf-8")
    assert keep_ruleset(str(folder)) == "Методика нашего региона"
    (folder / "ruleset.yml").unlink()
    (choice,) = (key for key, told in ruleset_choices().items() if told == ("Методика нашего региона", "1"))
    version = chosen_ruleset(choice)
    pinned.cache_clear()
    assert pinned(version.sha256).title == "Методика нашего региона"
