"""What the program believes of addresses and files: a document counts only where it is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import Data, complete_case, document, ruleset
from vsoko_rules.case.reader import case_of_data
from vsoko_rules.engine.names import EngineName
from vsoko_rules.verdict.assessment import Assessment, assess
from vsoko_rules.verdict.evidence import Outcome

PDF = b"%PDF-1.7\n"


def judged(case: Data, folder: Path | None = None) -> Assessment:
    return assess(case_of_data(case, folder=folder), ruleset(), EngineName.PLAIN)


def edited(edit: Callable[[Data], object]) -> Data:
    case = complete_case()
    for each in case["documents"]:
        edit(each)
    return case


def warned(assessment: Assessment) -> Counter[str]:
    return Counter(f.rule for f in assessment.all_findings() if f.rule is not None)


def lacking(assessment: Assessment) -> set[str]:
    breaks = {
        lack for f in assessment.all_findings() for t in f.traces if t.break_ for lack in t.break_.documents[0].lacks
    }
    return breaks | {lack for f in assessment.all_findings() for lack in f.lacks}


def test_a_complete_school_is_published() -> None:
    assessment = judged(complete_case())
    assert (assessment.tally.complete, assessment.tally.total) == (19, 19)
    assert assessment.cycle.percent == 100
    assert not warned(assessment)


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (lambda d: d.pop("url"), None),
        (lambda d: d.update(url="это не адрес"), "address-is-words"),
        (lambda d: d.update(url="C:\\ВСОКО\\приказ.pdf"), "address-on-disk"),
        (lambda d: d.update(url="school.example/1.pdf"), "address-without-scheme"),
        (lambda d: (d.pop("url"), d.update(file="нет-такого/файл.pdf")), "file-is-absent"),
    ],
)
def test_a_document_that_cannot_be_opened_holds_nothing(
    edit: Callable[[Data], object], rule: str | None, tmp_path: Path
) -> None:
    case = edited(edit)
    assessment = judged(case, tmp_path)
    assert assessment.tally.complete == 0
    assert lacking(assessment) >= {"published"}
    assert assessment.cycle.percent == 0
    assert assessment.outcome_of("B1-A01") is Outcome.MISSING
    assert warned(assessment)[rule or ""] == (len(case["documents"]) if rule else 0)


def test_one_address_for_all_is_a_remark_of_every_line() -> None:
    assessment = judged(edited(lambda d: d.update(url="https://school.example/odin.pdf")))
    assert (assessment.tally.complete, assessment.tally.remarked) == (19, 19)
    assert assessment.cycle.percent == 90
    assert lacking(assessment) == {"own_address"}
    assert "address-of-many" in warned(assessment)


def test_one_number_and_one_date_for_all_are_findings() -> None:
    assert "number-of-many" in warned(judged(edited(lambda d: d.update(number="1"))))
    assert "one-date-for-all" in warned(judged(edited(lambda d: d.update(date="2022-05-27"))))


def test_a_few_documents_of_one_day_are_no_finding() -> None:
    case = edited(lambda d: d.update(date="2022-05-27"))
    case["documents"] = case["documents"][:3]
    assert "one-date-for-all" not in warned(judged(case))


@pytest.mark.parametrize("orders", [1, 2])
def test_annexes_of_one_order_share_their_day_and_those_of_two_orders_do_not(orders: int) -> None:
    case = edited(lambda d: d.update(date="2022-05-27"))
    whole = [each["id"] for each in case["documents"][:orders]]
    for number, each in enumerate(case["documents"][orders:]):
        each["annex_of"] = whole[number % orders]
    assert ("one-date-for-all" in warned(judged(case))) is (orders == 2)


@pytest.mark.parametrize(("day", "role", "rule"), [
    ("2022-10-27", "expert", None),
    ("2022-10-28", "expert", "dated-after-signing"),
    ("2022-10-28", "school", "dated-after-filling"),
])  # fmt: skip
def test_a_document_of_the_day_of_signing_is_no_finding(day: str, role: str, rule: str | None) -> None:
    case = complete_case() | {"filled_by": {"role": role, "name": "Эксперт 1", "date": "2022-10-27"}}
    document(case, "B1-M02")["date"] = day
    assert {name for name in warned(judged(case)) if "after" in name} == {rule} - {None}


def test_an_annex_stands_where_its_document_does() -> None:
    case = complete_case()
    whole, annex = document(case, "B1-M02"), document(case, "B1-P01")
    del annex["url"]
    assert judged(case).tally.complete < 19
    annex["annex_of"] = whole["id"]
    assert judged(case).tally.complete == 19


def test_a_file_counts_where_it_is_there(tmp_path: Path) -> None:
    case = complete_case()
    entry = document(case, "B1-M02")
    del entry["url"]
    entry["file"] = "приказ.pdf"
    (tmp_path / "приказ.pdf").write_bytes(PDF)
    assert judged(case, tmp_path).tally.complete == 19
    (tmp_path / "приказ.pdf").write_bytes(b"<!DOCTYPE html><html>404</html>")
    assert warned(judged(case, tmp_path)) == {"file-of-other-type": 1}
    (tmp_path / "приказ.pdf").write_bytes(b"")
    assert warned(judged(case, tmp_path)) == {"file-is-empty": 1}
    assert judged(case, tmp_path).tally.complete == 18


def test_a_file_that_nobody_could_look_for_leaves_the_verdict_open() -> None:
    case = complete_case()
    entry = document(case, "B1-M02")
    del entry["url"]
    entry["file"] = "приказ.pdf"
    tally = judged(case).tally
    assert (tally.complete, tally.most) == (18, 19)
    all_by_file = judged(edited(lambda d: (d.pop("url"), d.update(file=f"{d['id']}.pdf")))).tally
    assert (all_by_file.complete, all_by_file.most) == (0, 19)
