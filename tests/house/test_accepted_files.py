"""Which files are taken is told everywhere as it is decided: one list, `accepted_files`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vsoko_rules.accepted_files import DOCUMENTS, PAGES, SCANS, TABLES, TEXTS, kinds
from vsoko_rules.errors import InputError
from vsoko_rules.region.roster import read_roster
from vsoko_rules.resources import shipped
from vsoko_rules.words import documents_read, documents_taken

DOCS = Path(__file__).parents[2] / "docs"


def flat(path: Path) -> str:
    return " ".join(path.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("name", ["люди.pdf", "люди.csv.pdf"])
def test_what_is_no_table_is_told_all_that_could_be(name: str) -> None:
    with pytest.raises(InputError) as refused:
        read_roster(b"%PDF-1.7", name, {})
    (problem,) = refused.value.problems
    assert re.findall(r"\.\w+", str(problem.expected)) == [*TABLES]


def test_no_page_has_a_list_of_its_own() -> None:
    lists = re.compile(r"\.xlsx?\b[^<>]{0,3}\.(?:xls|ods|csv|zip)|accept=\"\.|DOCX, ", re.IGNORECASE)
    own = [path for path in shipped("reports").rglob("*.j2") if lists.search(path.read_text(encoding="utf-8"))]
    assert own == []


def test_every_document_that_is_taken_is_named() -> None:
    assert {*DOCUMENTS} == {*TEXTS, *PAGES, *SCANS}
    assert all(kind in documents_taken() for kind in (*kinds(TEXTS), *kinds(SCANS)))
    assert documents_taken() in flat(DOCS / "administrator.ru.md")
    assert ", ".join(kinds(TEXTS)[:-1]) in flat(DOCS / "intake.ru.md")
    assert all(kind in documents_read() for kind in kinds(TEXTS))
