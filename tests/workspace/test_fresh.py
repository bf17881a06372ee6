"""A case made from a filled one: a second expert gets nothing of the first, the next year nothing of the last."""

from __future__ import annotations

import copy
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.builders import Data, complete_case, document
from vsoko_rules.case.records import Case
from vsoko_rules.errors import InputError, OutputError
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opening import open_case
from vsoko_rules.workspace.stored import Fresh, create_from
from vsoko_rules.writing.yaml_text import as_text

LEAK = "Совершенно секретно"


def expert_case() -> Data:
    case = complete_case(["B1", "B2"])
    for n, each in enumerate(case["documents"]):
        each["title"] = f"Документ {n * 37 % 60}"
    return case | {"filled_by": {"role": "expert", "name": "Иванова", "date": "2022-10-20"}}


def marked_otherwise(case: Data) -> Data:
    """The same documents in the hands of somebody who found everything else in them."""
    other = copy.deepcopy(case)
    codes = [d["id"] for d in other["documents"]]
    for n, each in enumerate(other["documents"]):
        kept = {key: each[key] for key in ("title", "kind", "number", "date", "url") if key in each}
        each.clear()
        each.update(kept, id=f"x-{codes[n]}", comment=LEAK, quote=LEAK, page=7, scan=True)
        each["evidence"] = [{"claim": "deadlines", "quote": LEAK, "state": "rejected"}]
    other["documents"][0] |= {"serves": ["B1-A01"], "holds": ["deadlines"], "holds_for": {"B1-A01": ["statistics"]}}
    other["documents"][1] |= {"addressees": ["parents"], "based_on": [other["documents"][0]["id"]], "unrelated": True}
    other["documents"].reverse()
    decision = {"of": "B1-A01", "outcome": "met", "by": LEAK, "date": "2022-10-21", "comment": LEAK}
    other |= {"overrides": [decision], "reviewed": ["B1"], "links_checked": False}
    other["indicators"] = {"B1-I01": {"mark": 1, "comment": LEAK}}
    return other | {"filled_by": {"role": "expert", "name": LEAK, "date": "2022-10-22"}}


def made(folder: Path, case: Data, kind: Fresh, suffix: str) -> Path:
    folder.mkdir()
    (folder / "case.yml").write_text(as_text(case), encoding="utf-8")
    target = folder / "out" / f"second{suffix}"
    create_from(folder / "case.yml", target, kind)
    return target


@pytest.mark.parametrize("suffix", [".yml", ".xlsx"])
def test_whatever_the_first_expert_found_the_second_gets_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    case = expert_case()
    first = made(tmp_path / "a", case, Fresh.SECOND_EXPERT, suffix).read_bytes()
    second = made(tmp_path / "b", marked_otherwise(case), Fresh.SECOND_EXPERT, suffix).read_bytes()
    assert first == second
    if suffix == ".xlsx":
        with ZipFile(BytesIO(first)) as book:
            first = b"".join(book.read(name) for name in book.namelist())
    assert "Документ 37".encode() in first
    for mark in (LEAK, "Иванова"):
        assert mark.encode() not in first


def test_documents_alike_but_for_their_day_stand_by_it(tmp_path: Path) -> None:
    """Their codes tell of a document what nobody may know, so that they do not decide."""
    case = expert_case()
    days = ["2022-03-01", "2021-10-05", "2022-01-17"]
    alike = [{"id": f"k{n}", "title": "Протокол", "number": "3", "date": day} for n, day in enumerate(days)]
    case["documents"] += alike
    content = open_case(made(tmp_path / "a", case, Fresh.SECOND_EXPERT, ".yml")).content
    assert [str(d.date) for d in content.documents if d.title == "Протокол"] == sorted(days)


@pytest.mark.parametrize("suffix", [".yml", ".xlsx"])
def test_the_second_expert_has_every_document_and_no_verdict_yet(tmp_path: Path, suffix: str) -> None:
    case = expert_case()
    fresh = open_case(made(tmp_path / "a", case, Fresh.SECOND_EXPERT, suffix))
    told = {(d["title"], d.get("number"), d.get("date")) for d in case["documents"]}
    assert {(d.title, d.number, str(d.date)) for d in fresh.content.documents} == told
    assert fresh.content.filled_by is not None
    assert (fresh.content.filled_by.role, fresh.content.filled_by.name) == ("expert", None)
    outcomes = {line.outcome for block in assess(fresh).blocks for line in block.lines}
    assert outcomes <= {Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE}


def test_what_the_school_said_of_itself_is_no_mark_of_an_expert(tmp_path: Path) -> None:
    case = expert_case() | {"filled_by": {"role": "school"}}
    case["indicators"] = {"B1-I01": {"value": 91.2, "mark": 1, "comment": LEAK}}
    content = open_case(made(tmp_path / "a", case, Fresh.SECOND_EXPERT, ".yml")).content
    assert [d.serves for d in content.documents] == [tuple(d["serves"]) for d in case["documents"]]
    assert not any(d.holds or d.based_on or d.comment for d in content.documents)
    assert (str(content.indicators["B1-I01"].value), content.indicators["B1-I01"].mark) == ("91.2", None)


def by_title(content: Case, title: str) -> Any:
    return next(d for d in content.documents if d.title == title)


@pytest.mark.parametrize("suffix", [".yml", ".xlsx"])
def test_the_next_year_keeps_rows_and_what_is_still_in_force(tmp_path: Path, suffix: str) -> None:
    case = expert_case()
    case["indicators"] = {"B1-I01": {"value": 91.2, "mark": 1, "comment": LEAK}}
    analysis, plan = document(case, "B1-A01"), document(case, "B1-P01")
    plan |= {"valid": {"from": "2020-09-01", "to": "2023-08-31"}, "url": "https://school.example/plan.pdf"}
    analysis["url"] = "https://school.example/analiz.pdf"
    case["documents"].append({"id": "menu", "title": "Меню столовой", "unrelated": True})
    content = open_case(made(tmp_path / "a", case, Fresh.NEXT_YEAR, suffix)).content
    assert (content.study.year, str(content.study.start), str(content.study.end)) == (2023, "2022-09-01", "2023-10-31")
    assert len(content.documents) == len(case["documents"]) - 1
    old, kept = by_title(content, analysis["title"]), by_title(content, plan["title"])
    assert (old.serves, old.kind, old.number, old.date, old.url) == (("B1-A01",), analysis["kind"], None, None, None)
    assert (kept.number, str(kept.date), kept.url) == (plan["number"], plan["date"], plan["url"])
    assert not any(d.holds or d.based_on for d in content.documents)
    assert (str(content.indicators["B1-I01"].previous), content.indicators["B1-I01"].value) == ("91.2", None)
    assert content.reviewed == ()


def test_no_file_is_written_over_and_other_endings_are_refused(tmp_path: Path) -> None:
    written = made(tmp_path / "a", expert_case(), Fresh.NEXT_YEAR, ".yml")
    with pytest.raises(OutputError, match="такой файл уже есть"):
        create_from(tmp_path / "a" / "case.yml", written, Fresh.NEXT_YEAR)
    with pytest.raises(InputError, match="такой файл не записывается"):
        create_from(tmp_path / "a" / "case.yml", tmp_path / "second.docx", Fresh.NEXT_YEAR)
