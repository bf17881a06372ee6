"""κ and α of a study while it goes on: those of `vsoko agree` over the same cases, for the centre alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hosted.conftest import BOTH
from tests.hosted.pair import closed_pair
from tests.hosted.people import Region
from tests.hosted.test_centre_pages import text_of
from tests.hosted.test_region_papers import made, taken, unpacked

if TYPE_CHECKING:
    from django.test import Client

Clients = Callable[[str], "Client"]


@BOTH
def test_agreement_is_that_of_the_command(region: Region, client_of: Clients, tmp_path: Path) -> None:
    from vsoko_rules.region.agreement_shown import shown_figures
    from vsoko_rules.workspace.reconciling import agree

    closed_pair(region)
    client, address = client_of("centre"), f"/study/{region.study.code}/agreement"
    assert "которые эксперты закрыли: 2." in text_of(client.get(address))
    row = made(client, address)
    for name, content in unpacked(
        taken(client, made(client, f"/study/{region.study.code}/orders/study_cases"))
    ).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (told,) = agree([tmp_path / "эксперт-A", tmp_path / "эксперт-B"]).results
    (pair,) = row.told["pairs"]
    assert pair["experts"] == [region.person(login).name for login in ("expert-a", "expert-b")]
    assert {key: pair[key] for key in ("schools", "tables")} == shown_figures(told)
    assert row.told["whole"] == shown_figures(told)
    assert row.told["control"] is None
    text = text_of(client.get(address))
    assert "По парам" in text
    assert "κ Коэна" in text.replace("\u00a0", " ")
    assert "После этого расчёта" not in text
    assert region.person("expert-b").name in text_of(client.get(f"{address}?pair=0"))
    assert client.get(f"{address}?pair=7").status_code == 200
    seat = region.seat("gorodskaya-sosh", "B")
    seat.state = "open"
    seat.save()
    assert "После этого расчёта" in text_of(client.get(address))


def test_nobody_else_sees_it_and_who_is_blind_counts_not_the_other(region: Region, client_of: Clients) -> None:
    from vsoko_rules.web.hosted.models import Membership, Seat

    closed_pair(region)
    address = f"/study/{region.study.code}/agreement"
    for login in ("methodist", "school", "expert-a", "auditor"):
        assert client_of(login).get(address).status_code == 404
        assert client_of(login).post(address).status_code == 404
    row = made(client_of("centre"), address)
    Membership.objects.create(user=region.person("expert-a"), study=region.study, role="centre")
    assert client_of("expert-a").get(f"/work/{row.code}").status_code == 404
    Seat.objects.filter(who="B").update(state="open")
    own = made(client_of("expert-a"), address)
    assert (own.told["pairs"], own.told["whole"]) == ([], None)
    assert "Ни одной школы" in text_of(client_of("expert-a").get(address))
