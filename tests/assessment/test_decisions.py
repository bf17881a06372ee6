"""An expert's decisions may end, and each says how it stands: in force, stale, about nothing, without effect."""

from __future__ import annotations

import pytest

from tests.builders import Data, assessed, complete_case, document, without_document
from vsoko_rules.errors import InputError
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.decisions import DecisionState, Doubt
from vsoko_rules.verdict.result import result


def decided(case: Data, of: str, outcome: str, filled: str | None = None, **more: str) -> Assessment:
    decision = {"of": of, "outcome": outcome, "by": "Эксперт 1", "date": "2022-10-21", "comment": "Видел"} | more
    signed = {"filled_by": {"role": "expert", "date": filled}} if filled else {}
    return assessed({**case, "overrides": [decision], **signed})


@pytest.mark.parametrize(
    ("until", "filled", "counts"),
    [
        ("2022-10-27", "2022-10-27", True),
        ("2022-10-26", "2022-10-27", False),
        ("2022-10-31", None, True),
        ("2022-10-30", None, False),
    ],
)
def test_a_decision_counts_through_its_last_day(until: str, filled: str | None, counts: bool) -> None:
    """Held against the day of filling in, else the last day of the study."""
    assessment = decided(complete_case(), "B1-A01", "missing", filled, until=until)
    assert assessment.complete is not counts
    (standing,) = assessment.standings
    assert (standing.counts, standing.state is DecisionState.ACTIVE) == (counts, counts)
    told = [n for n in assessment.notices if "срок решения эксперта истёк" in n.message]
    assert [(n.found, n.place.line is not None) for n in told] == (
        [] if counts else [(".".join(reversed(until.split("-"))), True)]
    )


@pytest.mark.parametrize(
    ("of", "outcome", "more", "state", "doubts"),
    [
        ("B1-A01", "missing", {}, DecisionState.ACTIVE, []),
        ("B1-A01", "missing", {"date": "2022-10-27"}, DecisionState.ACTIVE, []),
        ("B1-A01", "missing", {"date": "2021-09-01"}, DecisionState.ACTIVE, []),
        ("B1-A01", "missing", {"date": "2021-08-31"}, DecisionState.STALE, [Doubt.OUT_OF_STUDY]),
        ("B1-A01", "missing", {"date": "2015-01-01"}, DecisionState.STALE, [Doubt.OUT_OF_STUDY]),
        ("B1-A01", "missing", {"date": "2022-10-28"}, DecisionState.STALE, [Doubt.AFTER_SIGNING]),
        ("B1-A01", "met", {}, DecisionState.IDLE, [Doubt.CHANGES_NOTHING]),
        ("B1-M03", "met", {}, DecisionState.ORPHANED, [Doubt.INAPPLICABLE]),
    ],
)
def test_each_decision_says_how_it_stands(
    of: str, outcome: str, more: dict[str, str], state: DecisionState, doubts: list[Doubt]
) -> None:
    case = complete_case(levels=["НОО"])
    assessment = decided(case, of, outcome, "2022-10-27", **more)
    (standing,) = assessment.standings
    assert (standing.state, list(standing.doubts)) == (state, doubts)
    (record,) = result(assessment)["decisions"]
    assert (record["of"], record["state"], record["doubts"]) == (of, state.value, [d.value for d in doubts])
    assert len(assessment.notices) == len(doubts)


def test_a_decision_that_agrees_with_the_document_and_mends_its_link_changes_something() -> None:
    case = complete_case()
    del document(case, "B1-A01")["based_on"]
    (standing,) = decided(case, "B1-A01", "met").standings
    assert standing.state is DecisionState.ACTIVE


def test_an_exclusion_does_not_outlive_its_term() -> None:
    case = without_document(complete_case(), "d-b6-a01")
    assert decided(case, "B6-A01", "not_applicable").left_out == ("B6-A01",)
    assert decided(case, "B6-A01", "not_applicable", until="2022-10-22").left_out == ()


def test_a_decision_that_ends_before_it_begins_is_an_error() -> None:
    with pytest.raises(InputError) as error:
        decided(complete_case(), "B1-A01", "met", until="2022-10-20")
    (problem,) = error.value.problems
    assert (problem.found, problem.expected) == ("2022-10-20", "не раньше 2022-10-21")
    assert problem.place.line is not None
