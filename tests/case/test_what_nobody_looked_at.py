"""Claims that name a field alone: nobody has looked yet, so that the document may be anything in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.builders import Data, assessed, case_file, chain_case, document
from vsoko_rules.case.claims import confirmed
from vsoko_rules.errors import InputError
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.evidence import Outcome


def said(case: Data, of: str, claim: str, state: str, *without: str) -> Assessment:
    """The verdict with one claim of a document and without some of its fields."""
    own = document(case, of)
    for field in without:
        del own[field]
    own["evidence"] = [{"claim": claim, "state": state}]
    return assessed(case)


def test_a_document_that_may_serve_anything_leaves_every_block_unreviewed() -> None:
    result = said(chain_case("B1"), "B1-M02", "serves", "not_checked", "serves")
    assert not any(block.reviewed for block in result.blocks)
    assert result.outcome_of("B3-G01") is Outcome.NOT_CHECKED
    assert result.cycle.high == result.cycle.max
    assert result.tally.most == result.tally.total
    assert not result.verdict.certain


def test_once_a_person_said_that_it_serves_none_the_rest_is_missing() -> None:
    result = said(chain_case("B1"), "B1-M02", "unrelated", "confirmed", "serves")
    assert result.outcome_of("B1-M02") is Outcome.MISSING
    assert result.cycle.certain


@pytest.mark.parametrize(("field", "of"), [("number", "B1-D01"), ("date", "B1-M02"), ("addressees", "B1-RC01")])
def test_a_requisite_that_nobody_looked_for_opens_the_bounds(field: str, of: str) -> None:
    whole = assessed(chain_case("B1"))
    waiting = said(chain_case("B1"), of, field, "not_checked", field)
    assert waiting.outcome_of(of) is Outcome.NOT_CHECKED
    assert waiting.cycle.low < whole.cycle.points <= waiting.cycle.high
    absent = said(chain_case("B1"), of, field, "rejected", field)
    assert absent.outcome_of(of) is Outcome.PARTIAL
    assert absent.cycle.certain


@pytest.mark.parametrize(("claim", "state"), [("kind", "not_checked"), ("kind приказ", "proposed")])
def test_an_order_whose_kind_nobody_confirmed_decides_nothing_yet(claim: str, state: str) -> None:
    """A document of which no kind is stated counts as one of any kind; one whose kind is open does not."""
    whole = assessed(chain_case("B1"))
    waiting = said(chain_case("B1"), "B1-D01", claim, state, "kind")
    assert waiting.outcome_of("B1-D01") is Outcome.NOT_CHECKED
    assert waiting.tally.complete == 0
    assert waiting.tally.most == whole.tally.complete


@pytest.mark.parametrize(("state", "blank"), [("confirmed", True), ("proposed", False), ("rejected", False)])
def test_blanks_count_once_a_person_confirmed_them(state: str, blank: bool) -> None:
    result = said(chain_case("B1"), "B1-M02", "blank", state)
    assert result.evidence.documents[document(chain_case("B1"), "B1-M02")["id"]].blank is blank
    met = result.outcome_of("B1-M02") is Outcome.MET
    assert met is not blank


@pytest.mark.parametrize(
    ("claim", "field", "value"),
    [("unrelated", "unrelated", True), ("url https://sosna.example/1.pdf", "url", "https://sosna.example/1.pdf")],
)
def test_confirmed_claims_fill_the_fields_of_their_document(claim: str, field: str, value: object) -> None:
    case: Mapping[str, Any] = {"id": "d1", "title": "Приказ", "evidence": [{"claim": claim}]}
    content = case_file({**chain_case("B1"), "documents": [case]}).content
    assert getattr(confirmed(content).documents[0], field) == value


@pytest.mark.parametrize("state", ["confirmed", "proposed", "not_checked"])
@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("date вчера", "дата в сведении не подходит"),
        ("date 2022-02-30", "дата в сведении не подходит"),
        ("period давно", "период в сведении не подходит"),
        ("unrelated да", "у этого сведения нет значения"),
    ],
)
def test_what_cannot_stand_in_a_field_is_told_where_it_is_claimed(claim: str, message: str, state: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        said(chain_case("B1"), "B1-M02", claim, state)
    assert caught.value.problems[0].place.line is not None
