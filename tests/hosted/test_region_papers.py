"""Papers of a region and a municipality: the bytes that commands write of the same cases, and nothing beyond what who
asked may see."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from tests.hosted.pair import SCHOOL, closed_pair
from tests.hosted.people import Region
from tests.hosted.test_region_figures import agreed, send_all
from vsoko_rules.cli.app import app
from vsoko_rules.study.archive_contents import CONTENTS

if TYPE_CHECKING:
    from django.test import Client

    from vsoko_rules.web.hosted.models import Work

Clients = Callable[[str], "Client"]


def made(client: Client, address: str) -> Work:
    """What a worker made of what was asked for at an address."""
    from vsoko_rules.web.hosted.models import Work
    from vsoko_rules.web.hosted.working import work_off

    answer = client.post(address)
    assert answer.status_code == 302, answer.content.decode()
    work_off("работник")
    row: Work = Work.objects.get(code=answer["Location"].split("/")[-1])
    assert row.state == "done", row.told
    return row


def taken(client: Client, row: Work) -> bytes:
    """The file, as it is downloaded."""
    answer: Any = client.get(f"/work/{row.code}/file")
    assert answer["Content-Disposition"].startswith("attachment")
    content: bytes = answer.content
    return content


def unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def run(*arguments: object) -> Any:
    """A command, as a person types it."""
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    assert result.exit_code in (0, 1), result.output
    return result


def test_papers_are_those_of_commands(
    region: Region, client_of: Clients, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_all(region)
    client, study = client_of("centre"), f"/study/{region.study.code}/orders"
    cases = unpacked(taken(client, made(client, f"{study}/study_cases")))
    assert sorted(name for name in cases if name.endswith(".yml")) == sorted(f"школы/{c}.yml" for c in region.schools)
    monkeypatch.chdir(tmp_path)
    for name, content in cases.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(content)
    run("study", "школы", "-o", "итоги", "--open", "-j", "1")
    for kind in ("study_summary", "study_open"):
        files = unpacked(taken(client, made(client, f"{study}/{kind}")))
        assert len(files) == 4
        assert {name: Path("итоги", name).read_bytes() for name in files} == files
    run("exchange", "итоги", "--html", "обмен.html")
    assert taken(client, made(client, f"{study}/study_exchange")) == Path("обмен.html").read_bytes()
    run("letters", "школы", "-o", "письма")
    letters = unpacked(taken(client, made(client, f"{study}/study_letters")))
    assert letters == {path.name: path.read_bytes() for path in Path("письма").iterdir()}
    run("protocol", "школы", "-o", "протокол.docx")
    assert taken(client, made(client, f"{study}/study_protocol")) == Path("протокол.docx").read_bytes()
    forms = unpacked(taken(client, made(client, f"{study}/study_forms")))
    run("convert", f"школы/{SCHOOL}.yml", "-o", "форма.xlsx")
    assert forms[f"школы/{SCHOOL}.xlsx"] == Path("форма.xlsx").read_bytes()


def test_each_taking_away_is_written_down(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import ChainEvent

    send_all(region)
    client = client_of("centre")
    row = made(client, f"/study/{region.study.code}/orders/study_open")
    taken(client, row)
    taken(client, row)
    events = ChainEvent.objects.filter(kind="export")
    assert [json.loads(event.told)["kind"] for event in events] == ["study_open"] * 2
    assert region.schools[SCHOOL].name not in "".join(
        content.decode("utf-8", "ignore") for content in unpacked(taken(client, row)).values()
    )


def test_a_methodist_takes_the_own_municipality(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Municipality

    closed_pair(region)
    for who, login in (("A", "expert-a"), ("B", "expert-b")):
        seat = region.assign("selskaya-oosh", who, login)
        seat.data, seat.state = region.seats[SCHOOL, who].data, "locked"
        seat.save()
    send_all(region)
    agreed(region, "selskaya-oosh")
    own, other = (Municipality.objects.get(name=name) for name in ("Заречный", "Приозёрск"))
    methodist, study = client_of("methodist"), f"/study/{region.study.code}"
    cases = unpacked(taken(methodist, made(methodist, f"{study}/towns/{own.pk}/orders/study_cases")))
    names = {name for name in cases if name.endswith(".yml")}
    assert names == {"школы/selskaya-oosh.yml", "школы/samoproverka.yml", "согласованные/selskaya-oosh.yml"}
    letters = unpacked(taken(methodist, made(methodist, f"{study}/towns/{own.pk}/orders/study_letters")))
    assert len(letters) == 2
    for address in (
        f"towns/{other.pk}/orders/study_letters",
        "orders/study_cases",
        f"towns/{own.pk}/orders/study_open",
    ):
        assert methodist.post(f"{study}/{address}").status_code == 404
    for login in ("school", "expert-a", "auditor"):
        assert client_of(login).post(f"{study}/towns/{own.pk}/orders/study_letters").status_code == 404
    every = unpacked(taken(client_of("centre"), made(client_of("centre"), f"{study}/orders/study_cases")))
    assert {name.split("/")[0] for name in every} == {"школы", "эксперт-A", "эксперт-B", "согласованные", CONTENTS}


def figures_of(folder: Path) -> Any:
    """What a study came to, whatever its files were called."""
    shown = json.loads((folder / "сводка.json").read_text(encoding="utf-8"))
    return re.sub(r'"file": "[^"]*"', "", json.dumps(shown, ensure_ascii=False))


@pytest.mark.parametrize("kind", ["study_cases", "study_forms"])
def test_what_a_centre_takes_away_is_studied_as_one_school_per_school(
    region: Region, client_of: Clients, tmp_path: Path, kind: str
) -> None:
    """Experts' files lie beside: the figures are those of the server all the same."""
    closed_pair(region)
    agreed(region)
    send_all(region)
    client, study = client_of("centre"), f"/study/{region.study.code}/orders"
    for name, content in unpacked(taken(client, made(client, f"{study}/{kind}"))).items():
        (tmp_path / "архив" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "архив" / name).write_bytes(content)
    told = run("study", tmp_path / "архив", "-o", tmp_path / "итоги", "-j", "1").output
    assert "не учтено 3" in told
    assert "с ошибками" not in told
    for name, content in unpacked(taken(client, made(client, f"{study}/study_summary"))).items():
        (tmp_path / name).write_bytes(content)
    assert figures_of(tmp_path / "итоги") == figures_of(tmp_path)


def test_who_lost_the_role_meanwhile_gets_nothing(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Municipality, Work
    from vsoko_rules.web.hosted.working import work_off

    send_all(region)
    own = Municipality.objects.get(name="Заречный")
    client = client_of("methodist")
    address = f"/study/{region.study.code}/towns/{own.pk}/orders/study_letters"
    first = client.post(address)
    assert client.post(address)["Location"] == first["Location"]
    region.person("methodist").memberships.all().delete()
    work_off("работник")
    row = Work.objects.get()
    assert (row.state, row.result) == ("failed", None)


def test_who_assesses_sees_no_paper_of_others(region: Region, client_of: Clients) -> None:
    """Somebody of the centre who is an expert, too, takes nothing that another one of the centre had made."""
    from vsoko_rules.web.hosted.models import Membership

    send_all(region)
    region.assign(SCHOOL, "A", "expert-a")
    Membership.objects.create(user=region.person("expert-a"), study=region.study, role="centre")
    row = made(client_of("centre"), f"/study/{region.study.code}/orders/study_cases")
    assert client_of("expert-a").get(f"/work/{row.code}/file").status_code == 404
    own = made(client_of("expert-a"), f"/study/{region.study.code}/orders/study_cases")
    names = unpacked(taken(client_of("expert-a"), own))
    assert {name for name in names if SCHOOL in name} == set()


def test_nothing_is_made_of_nothing(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Work
    from vsoko_rules.web.hosted.working import work_off

    client = client_of("centre")
    for kind in ("study_summary", "study_letters", "study_protocol", "study_exchange"):
        client.post(f"/study/{region.study.code}/orders/{kind}")
    work_off("работник")
    assert set(Work.objects.values_list("state", flat=True)) == {"failed"}
    code = Work.objects.first().code
    assert "ещё не отправила" in client.get(f"/work/{code}").content.decode()
