"""Hypothetical changes: what they say, what they would change, and that the file stays as it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from rich.text import Text
from syrupy.assertion import SnapshotAssertion

from tests.builders import Data, as_yaml, assessed, chain_case, document, lines_of, without_document
from vsoko_rules.advice.changes import (
    AddCode,
    RemoveCode,
    RemoveDocument,
    SetBlank,
    SetDate,
    SetField,
    SetMark,
    SetNumber,
    changed,
)
from vsoko_rules.advice.what_if import Difference, parse, what_if
from vsoko_rules.case.reader import read_case
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.report.what_if_view import what_if_data, what_if_text
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.load import load
from vsoko_rules.verdict.assessment import Assessment, assess

DOCUMENT = "d-b2-a01"


def difference(case: Data, *texts: str) -> Difference:
    found = assessed(case)
    return what_if(found, parse(texts, found))


def level(assessment: Assessment) -> str | None:
    return assessment.verdict.level.id if assessment.verdict.level else None


def test_a_document_that_is_missing_mends_what_follows_when_that_cites_it() -> None:
    case = without_document(chain_case("B2"), DOCUMENT)
    assert not difference(case, "+B2-A01").mended
    found = difference(case, "+B2-A01", "d-b2-rc01>new-B2-A01")
    assert [line.spec.id for line in found.mended] == ["B2-G01-M01", "B2-G02-M02"]
    new = found.after.case.documents["new-B2-A01"]
    assert new.based_on == ("d-b2-m01", "d-b2-m02")
    assert new.date == max(found.before.case.documents[g].date or date.min for g in new.based_on)


def test_several_changes_in_one_text() -> None:
    case = without_document(chain_case("B2"), DOCUMENT)
    found = difference(case, "+B2-A01, d-b2-rc01>new-B2-A01; -d-b2-d01")
    assert len(found.changes) == 3
    assert not found.mended


def test_without_a_document_its_lines_break() -> None:
    found = difference(chain_case("B2"), f"-{DOCUMENT}")
    assert [line.spec.id for line in found.broken] == ["B2-G01-M01", "B2-G02-M02"]
    assert [f.fingerprint for f in found.new] == ["break:B2-A01:no_document"]
    assert not found.gone


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("d-b2-m01-deadlines", RemoveCode("d-b2-m01", "holds", "deadlines")),
        ("d-b2-m01+deadlines", AddCode("d-b2-m01", "holds", "deadlines")),
        ("d-b2-rc01+students", AddCode("d-b2-rc01", "addressees", "students")),
        ("d-b2-rc01-teachers", RemoveCode("d-b2-rc01", "addressees", "teachers")),
        ("d-b2-m01-number", SetNumber("d-b2-m01", None)),
        ("d-b2-m01-date", SetDate("d-b2-m01", None)),
        ("d-b2-m01-filled", SetBlank("d-b2-m01", True)),
        ("d-b2-m01+filled", SetBlank("d-b2-m01", False)),
        ("d-b2-d01>d-b2-a01", AddCode("d-b2-d01", "based_on", "d-b2-a01")),
        ("d-b2-d01=2022-05-10", SetDate("d-b2-d01", date(2022, 5, 10))),
        ("-d-b2-d01", RemoveDocument("d-b2-d01")),
        ("d-b2-p01.approved_by=d-b2-d01", SetField("d-b2-p01", "approved_by", "d-b2-d01")),
        ("d-b2-rc01.annex_of=d-b2-a01", SetField("d-b2-rc01", "annex_of", "d-b2-a01")),
        ("d-b2-rc01.annex_of=", SetField("d-b2-rc01", "annex_of", None)),
        ("d-b2-d01.kind=протокол", SetField("d-b2-d01", "kind", "протокол")),
        ("d-b2-d01+kind", SetField("d-b2-d01", "kind", "приказ директора")),
        ("d-b2-d01-kind", SetField("d-b2-d01", "kind", "положение")),
        ("d-b2-a01.period=2021/22", SetField("d-b2-a01", "period", "2021/22")),
    ],
)
def test_what_a_change_means(text: str, change: object) -> None:
    assert parse([text], assessed(chain_case("B2"))) == (change,)


def test_an_unknown_document_is_named_alone() -> None:
    with pytest.raises(InputError, match="нет такого документа; найдено: «d99»;"):
        parse(["d99.approved_by=x"], assessed(chain_case("B2")))


@pytest.mark.parametrize("name", ["number", "date", "filled", "deadlines", "kind"])
def test_taking_a_requirement_away_and_giving_it_back_changes_nothing(name: str) -> None:
    found = difference(chain_case("B2"), f"d-b2-m01-{name}", f"d-b2-m01+{name}")
    assert not found.broken
    assert level(found.before) == level(found.after)


def test_a_mark_earns_an_indicator() -> None:
    case = assessed(chain_case("B1"), load("tver-2022"))
    marked = next(i for i in case.expectation.indicators.values() if i.earned.mark and i.earned.needs == "any")
    changes = parse([f"{marked.id}=1"], case)
    assert changes == (SetMark(marked.id, Decimal(1)),)
    found = what_if(case, changes)
    assert found.after.indicators.points == found.before.indicators.points + 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+B9-A01",
        "+B1-A0l",
        "-нет",
        "d-b2-m01+dedlines",
        "d-b2-m01-dedlines",
        "d-b2-m01=2022-02-31",
        "d-b2-m01=завтра",
        "d-b2-m01>d99",
        "d99>d-b2-m01",
        "что-нибудь",
        "приказ",
        "d-b2-m01=",
        ">",
        "d-b2-m01.approved_by=d99",
        "d-b2-m01.title=Приказ",
        "d-b2-m01.period=давно",
        "d-b2-m01+measures_exist",
    ],
)
def test_anything_else_is_one_clear_error(text: str, snapshot: SnapshotAssertion) -> None:
    with pytest.raises(InputError) as error:
        parse([text], assessed(chain_case("B2")))
    assert len(error.value.problems) == 1
    assert str(error.value) == snapshot


def test_the_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "school.yml"
    path.write_text(as_yaml(chain_case("B2")), encoding="utf-8")
    before = path.read_bytes()
    case = read_case(path)
    content = case.content.model_dump_json()
    found = assess(case, load("bashkortostan-2022"), EngineName.PLAIN)
    what_if(found, parse(["-d-b2-a01", "+B2-A01", "d-b2-m01-number"], found))
    assert path.read_bytes() == before
    assert case.content.model_dump_json() == content


def test_documents_keep_their_places_in_the_file() -> None:
    found = difference(chain_case("B2"), f"-{DOCUMENT}", "+B2-A01")
    for code in ("d-b2-m01", "d-b2-rc01", "d-b2-d01"):
        assert found.after.case.document_place(code) == found.before.case.document_place(code)
    assert found.after.case.document_place("new-B2-A01").file == "case.yml"


def test_changing_what_is_not_there_changes_nothing() -> None:
    case = assessed(chain_case("B2")).case
    assert changed(case, [RemoveDocument("d99"), AddCode("d99", "holds", "goals")]).content == case.content


def test_an_order_that_approves_a_plan_need_not_name_it() -> None:
    case = chain_case("B2")
    document(case, "B2-D01")["based_on"] = []
    found = difference(case, "d-b2-p01.approved_by=d-b2-d01", "d-b2-d01=2022-01-05")
    assert [line.spec.id for line in found.mended] == ["B2-G01-M01", "B2-G02-M02"]


def test_contents_are_added_for_every_element_of_which_a_document_holds_others() -> None:
    case = chain_case("B2")
    monitoring = document(case, "B2-M01")
    monitoring["holds_for"] = {"B2-M01": [r for r in monitoring["holds"] if r != "deadlines"]}
    assert difference(case, "d-b2-m01+deadlines").mended


def test_a_template_known_by_its_title_is_filled_too() -> None:
    case = chain_case("B2")
    document(case, "B2-M01")["title"] = "Приказ № ___ от ___"
    assert difference(case, "d-b2-m01+filled").mended


def test_what_a_claim_says_is_taken_away_too() -> None:
    case = chain_case("B2")
    monitoring = document(case, "B2-M01")
    monitoring["holds"] = [r for r in monitoring["holds"] if r != "deadlines"]
    monitoring["evidence"] = [{"claim": "deadlines", "quote": "до 20.05.2022"}]
    assert difference(case, "d-b2-m01-deadlines").broken


def test_a_hypothetical_date_before_its_ground_breaks_the_line() -> None:
    case = chain_case("B2")
    assert document(case, "B2-RC01")["date"] > "2021-09-02"
    found = difference(case, "d-b2-rc01=2021-09-02")
    assert not [line for name, line in lines_of(found.after).items() if name.startswith("B2") and line.trace is None]
    assert len(found.broken) == 2


@pytest.mark.parametrize(
    "texts",
    [
        ("+B1-M03", "analiz-1>new-B1-M03"),
        ("-analiz-1",),
        ("zanyatiya+responsible", "plan-5+deadlines"),
        ("vpr-number", "vpr=2023-01-01", "rekomendacii-1-teachers", "gia-filled"),
        ("polozhenie>komanda",),
        ("plan-5.approved_by=prikaz-5", "plan-5.kind=протокол", "analiz-1.period=2021/22", "gia.annex_of=vpr"),
    ],
    ids=" ".join,
)
def test_how_a_difference_reads(texts: tuple[str, ...], snapshot: SnapshotAssertion) -> None:
    case = read_case(shipped("cases") / "gorodskaya-sosh.yml", "gorodskaya-sosh.yml")
    found = assess(case, load("bashkortostan-2022"), EngineName.PLAIN)
    made = what_if(found, parse(texts, found))
    assert Text.from_markup(what_if_text(made), emoji=False).plain == snapshot
    keys = {"schema", "case", "ruleset", "day", "changes", "before", "after", "lines", "findings"}
    assert set(what_if_data(made)) == keys


def test_what_is_said_of_decisions_is_said_of_the_changed_case_and_once() -> None:
    """A decision that changes nothing is said to; with the document gone it decides, and nothing is said."""
    decision = {"of": "B2-A01", "outcome": "met", "by": "Эксперт 1", "date": "2022-10-21", "comment": "Видел"}
    case = {**chain_case("B2"), "overrides": [decision]}
    (idle,) = assessed(case).notices
    assert difference(case, "d-b2-p01-number").after.notices == (idle,)
    assert difference(case, "-d-b2-a01").after.notices == ()
