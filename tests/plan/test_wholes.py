"""Documents that make one whole: what is done to the order serves its annexes, and what is theirs alone is done to
each."""

from __future__ import annotations

from decimal import Decimal

from tests.builders import Data, assessed, chain_case, complete_case, document
from vsoko_rules.advice.plan import RepairPlan, ToBlock, WithinBudget, plan


def annexed(case: Data) -> Data:
    """The measures of a block become an annex of the order about them, which is dated by then."""
    document(case, "B2-P01")["annex_of"] = document(case, "B2-D01")["id"]
    return case


def done(made: RepairPlan) -> list[tuple[str, str]]:
    return [(step.document, step.kind.value) for step in made.steps]


def test_an_order_is_published_with_its_annexes() -> None:
    case = annexed(chain_case("B2"))
    for element in ("B2-D01", "B2-P01"):
        del document(case, element)["url"]
    made = plan(assessed(case), ToBlock("B2"))
    assert made.reached
    assert done(made) == [("d-b2-d01", "publish")]


def test_an_order_gives_its_annexes_its_number() -> None:
    case = annexed(chain_case("B2"))
    for element in ("B2-D01", "B2-P01"):
        del document(case, element)["number"]
    made = plan(assessed(case), ToBlock("B2"))
    assert made.reached
    assert done(made) == [("d-b2-d01", "amend")]


def test_an_address_of_its_own_is_no_affair_of_the_whole() -> None:
    """Whoever shares an address with others gets another one, whatever is done to the order that it belongs to."""
    case = annexed({**complete_case(), "reviewed": ["B2"]})
    for each in case["documents"]:
        each["url"] = "https://sosna.example/odin.pdf"
    made = plan(assessed(case), WithinBudget(Decimal(9)))
    assert {("d-b2-d01", "publish"), ("d-b2-p01", "publish")} <= set(done(made))
    assert made.after.tally.remarked < made.before.tally.remarked


def test_an_annex_that_is_not_published_still_takes_its_day_from_the_order_that_approves_it() -> None:
    case = chain_case("B2")
    measures, order = document(case, "B2-P01"), document(case, "B2-D01")
    del measures["date"], measures["url"]
    measures["approved_by"] = order["id"]
    order |= {"based_on": [], "date": "2021-09-05"}
    made = plan(assessed(case), ToBlock("B2"))
    assert made.reached
    assert sorted(done(made)) == [("d-b2-d01", "reissue"), ("d-b2-p01", "publish")]
