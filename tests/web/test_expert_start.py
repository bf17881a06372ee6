"""What an expert begins from, on the page: links of documents without files are asked, answered and undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import complete_case
from tests.web.conftest import client_of
from tests.web.test_files import question
from vsoko_rules.region.blind import expert_start
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.writing.yaml_text import as_text

if TYPE_CHECKING:
    from vsoko_rules.web.site import Site

pytest.importorskip("django")


def test_the_links_of_a_school_are_asked_of_the_expert(tmp_path: Path, make_site: Callable[[Path], Site]) -> None:
    from django.urls import reverse

    path = tmp_path / "эксперт.yml"
    path.write_text(as_text(expert_start(complete_case(["B1"]), "Эксперт 1")), encoding="utf-8")
    site = make_site(path)
    client: Any = client_of(site)
    code = site.code(path)
    linked = [d.id for d in open_case(path).content.documents if d.open_claims]
    files = client.get(reverse("files", args=[code])).content.decode()
    assert f"Подтверждено 0 из {len(linked)}" in files
    at = reverse("confirm_document", args=[code, "d-b1-rc01"])
    page = client.get(at).content.decode()
    assert "На что опирается" in page
    assert "Документ к элементу B1-A01" in page
    assert "rc01.pdf" in page
    asked = question(page, "grounds", "d-b1-rc01")
    client.post(at, {**asked, "answer": "yes", "chosen": "1"})
    document = next(d for d in open_case(path).content.documents if d.id == "d-b1-rc01")
    (claim,) = (c for c in document.evidence if c.field == "based_on")
    assert (claim.value, claim.state) == ("d-b1-a01", "confirmed")
