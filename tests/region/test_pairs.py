"""Two experts of one school: on what they differ, what is decided, and a case in which all that they agree on stands."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import Data, add_copy, complete_case, document, ruleset
from vsoko_rules.case.reader import CaseFile, case_of_data
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.region.pair_decisions import PairDecision
from vsoko_rules.region.pairs import SchoolPair
from vsoko_rules.ruleset.load import load
from vsoko_rules.study.agreement import agreement_of
from vsoko_rules.study.disputes import Aspect
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.workspace.judging import assess

RULES = ruleset()
LISTED = load("tver-2022")
NAMES = ("Эксперт Берёза", "Эксперт Клён")
DAY = date(2022, 10, 25)
BASE = complete_case(["B1", "B2"])
CODES = sorted(d["id"] for d in BASE["documents"])
DECIDABLE = st.sampled_from(["met", "partial", "missing"])


def case_file(data: Data, name: str | None = NAMES[0]) -> CaseFile:
    return case_of_data({**data, "filled_by": {"role": "expert", "name": name, "date": "2022-10-20"}} if name else data)


def pair_of(first: Data, second: Data, decisions: Sequence[PairDecision] = ()) -> SchoolPair:
    return SchoolPair([case_file(first), case_file(second, NAMES[1])], RULES, decisions)


def verdict(case: CaseFile) -> Assessment:
    return assess(case, RULES, EngineName.PLAIN)


def decided(pair: SchoolPair, code: str, outcome: str = "met", **more: Any) -> PairDecision:
    return pair.decide(code, **{"outcome": outcome, "comment": "Посмотрели вместе", "by": "Методист", "at": DAY, **more})


def key(case: CaseFile) -> tuple[str, int]:
    return case.content.school.id, case.content.study.year


def as_the_command_says(pair: SchoolPair) -> set[str]:
    found = agreement_of([{key(case): case} for case in pair.cases], RULES.id)
    return {dispute.of for dispute in found.disputes}


@st.composite
def opinions(draw: st.DrawFn) -> Data:
    """What an expert may make of a school: boxes taken away, links not confirmed, requisites corrected, own decisions,
    marks, and a document that the other does not know."""
    case = copy.deepcopy(BASE)
    for code in draw(st.lists(st.sampled_from(CODES), max_size=4, unique=True)):
        row = document(case, code)
        match draw(st.sampled_from(["holds", "based_on", "proposed", "date", "url", "kind", "comment", "scan"])):
            case "proposed":
                row["evidence"] = [{"claim": f"based_on {g}", "state": "proposed"} for g in row.pop("based_on", [])]
            case "comment":
                row["comment"] = draw(st.sampled_from(["Читается", "Не открылся"]))
            case "kind":
                row["kind"] = "статья"
            case "scan":
                row |= {"scan": True, "holds": []}
            case field:
                row.pop(field, None)
    if draw(st.booleans()):
        add_copy(case, draw(st.sampled_from(CODES)), "d-own")
    if draw(st.booleans()):
        case["overrides"] = [
            {"of": of, "outcome": draw(DECIDABLE), "by": "Сам", "date": "2022-10-19", "comment": "Так вижу"}
            for of in draw(st.lists(st.sampled_from(["B1-A01", "B1-M01", "B2-D01"]), max_size=2, unique=True))
        ]
    if draw(st.booleans()):
        case["indicators"] = {"B1-I01": {"mark": draw(st.integers(0, 1)), "comment": "Видно"}}
    case["reviewed"] = draw(st.sampled_from([["B1", "B2"], ["B1"], ["B1", "B2", "B3"]]))
    return case


@given(opinions(), opinions(), st.data())
@settings(max_examples=40)
def test_what_both_found_alike_stands_and_the_rest_is_decided_or_open(
    first: Data, second: Data, data: st.DataObject
) -> None:
    """Whatever two experts made of a school, and whatever of their disputes was decided."""
    alone = pair_of(first, second)
    assert {dispute.code for dispute in alone.disputes} == as_the_command_says(alone)
    some = data.draw(st.lists(st.sampled_from(alone.disputes), unique_by=lambda d: d.code)) if alone.disputes else []
    pair = pair_of(first, second, [decided(alone, each.code, data.draw(DECIDABLE)) for each in some])
    judged = verdict(pair.agreed)
    open_codes = {dispute.code for dispute in pair.open}
    settled = {dispute.code: dispute.settled for dispute in pair.disputes if dispute.settled}
    assert settled.keys() == {each.code for each in some}
    for code in RULES.elements:
        if code in open_codes:
            assert judged.outcome_of(code) is Outcome.NOT_CHECKED
        elif code in settled:
            assert judged.outcome_of(code).value == settled[code].outcome
        else:
            assert {judged.outcome_of(code)} == {own.outcome_of(code) for own in pair.assessments}
    assert pair.done is not open_codes
    assert case_of_data(pair.agreed_data).content == pair.agreed.content


@given(opinions(), opinions(), st.data())
@settings(max_examples=30)
def test_once_all_is_decided_it_makes_no_difference_whose_case_comes_first(
    first: Data, second: Data, data: st.DataObject
) -> None:
    pair = pair_of(first, second)
    open_bounds = verdict(pair.agreed).cycle
    decisions: list[PairDecision] = []
    while not pair.done:
        decisions += [decided(pair, dispute.code, data.draw(DECIDABLE)) for dispute in pair.open]
        pair = pair_of(first, second, decisions)
    assert not pair.lapsed
    turned = SchoolPair(pair.cases[::-1], RULES)
    for _ in range(len(RULES.elements)):
        again = [decided(turned, d.code, str(d.settled and d.settled.outcome)) for d in pair.disputes if d.code in
                 {each.code for each in turned.disputes}]  # fmt: skip
        if turned.done:
            break
        turned = SchoolPair(turned.cases, RULES, again)
    assert turned.done
    one, other = verdict(pair.agreed), verdict(turned.agreed)
    assert [line.outcome for block in one.blocks for line in block.lines] == [
        line.outcome for block in other.blocks for line in block.lines
    ]
    assert one.cycle == other.cycle
    assert one.verdict == other.verdict
    assert open_bounds.low <= one.cycle.low
    assert one.cycle.high <= open_bounds.high
