"""What holds of the scale for every case: completing a line never lowers a school, breaking one never lifts it."""

from __future__ import annotations

import copy
from datetime import timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import (
    FIRST_DAY,
    LAST_DAY,
    Data,
    assessed,
    document_id,
    expectation,
    lines_of,
    only_blocks,
    sound_document,
)
from tests.damaged import BLOCKS, small_cases
from vsoko_rules.verdict.assessment import Assessment

RULESET = only_blocks(*BLOCKS)
LINES = [line for line in RULESET.lines if line.block in BLOCKS]
FEWER = settings(max_examples=60)


def whole(assessment: Assessment) -> set[str]:
    """Lines that are complete."""
    return {name for name, line in lines_of(assessment).items() if line.trace is not None and line.trace.complete}


def completed(case: Data, line: int) -> Data:
    """The case with a document for every stage of one line, each resting on the one before."""
    more = copy.deepcopy(case)
    grounds: list[str] = []
    for number, element in enumerate(LINES[line].elements):
        code = f"new-{document_id(element)}"
        day = FIRST_DAY + timedelta(weeks=4 * number)
        more["documents"].append(sound_document(expectation().elements[element], day, grounds, id=code))
        grounds = [code]
    return more


def broken(case: Data, stage: str) -> Data:
    """The case without any document for one element."""
    less = copy.deepcopy(case)
    for document in less["documents"]:
        document["serves"] = [e for e in document["serves"] if e != stage]
    return less


ELEMENTS = sorted({element for line in LINES for element in line.elements})


@FEWER
@given(small_cases(), st.integers(0, len(LINES) - 1))
def test_completing_a_line_never_lowers_the_school(case: Data, line: int) -> None:
    before, after = assessed(case, RULESET), assessed(completed(case, line), RULESET)
    assert whole(after) >= whole(before) | {LINES[line].id}
    assert after.cycle.points >= before.cycle.points
    assert after.cycle.high >= before.cycle.high


@FEWER
@given(small_cases(), st.sampled_from(ELEMENTS))
def test_breaking_a_line_never_lifts_the_school(case: Data, element: str) -> None:
    before, after = assessed(case, RULESET), assessed(broken(case, element), RULESET)
    assert whole(after) <= whole(before)
    assert after.cycle.points <= before.cycle.points
    assert not [
        line for line in lines_of(after).values() if element in line.spec.elements and line.spec.id in whole(after)
    ]


@FEWER
@given(small_cases(), st.data())
def test_a_school_with_more_complete_lines_is_never_ranked_lower_by_more_than_the_remarks_explain(
    case: Data, data: st.DataObject
) -> None:
    """Two schools with the same start; the second has all the complete lines of the first. Whatever its other lines
    are like, a broken line is worth less than a remarked one, so that only remarks and lines broken in both can differ.
    """
    other = completed(case, data.draw(st.integers(0, len(LINES) - 1)))
    for document in data.draw(st.lists(st.sampled_from(other["documents"]), max_size=3)):
        document["holds"] = []
    less, more = assessed(case, RULESET), assessed(other, RULESET)
    if not whole(more) >= whole(less):
        return
    remarks = Fraction(0)
    for name, line in lines_of(more).items():
        if name in whole(less):
            remarks += max(Fraction(0), lines_of(less)[name].points.points - Fraction(line.points.points))
    unfinished = {n for n in lines_of(more) if n not in whole(more)}
    beside = sum(
        max(Fraction(0), lines_of(less)[n].points.points - Fraction(lines_of(more)[n].points.points))
        for n in unfinished
    )
    assert remarks <= Fraction(1, 10) * len(whole(less))
    assert sum(line.points.points for line in lines_of(more).values()) >= (
        sum(line.points.points for line in lines_of(less).values()) - remarks - beside
    )


@FEWER
@given(small_cases())
def test_without_a_complete_line_nobody_is_formed_and_any_complete_line_beats_any_broken_one(case: Data) -> None:
    assessment = assessed(case, RULESET)
    lines = lines_of(assessment)
    if not whole(assessment):
        assert assessment.verdict.level is None or assessment.verdict.level.id != "formed"
        assert assessment.cycle.points <= assessment.cycle.max / 2
    for name, line in lines.items():
        worth = Fraction(line.points.points)
        assert worth in (Fraction(9, 10), 1) if name in whole(assessment) else 0 <= worth < Fraction(1, 2)
    assert assessment.tally.complete == len(whole(assessment))


STATES = st.sampled_from(["proposed", "not_checked"])


@st.composite
def claimed(draw: st.DrawFn, case: Data) -> Data:
    """The case with things said of its documents that nobody confirmed."""
    more = copy.deepcopy(case)
    ids = [d["id"] for d in more["documents"]]
    said = ["goals", "results", "conclusions", "based_on", "number 7", "date 2022-03-03", "kind приказ"]
    said += [f"serves {element}" for element in ELEMENTS] + [f"based_on {code}" for code in ids]
    said += [f"annex_of {code}" for code in ids] + [f"approved_by {code}" for code in ids]
    for document in draw(st.lists(st.sampled_from(more["documents"]), max_size=4)):
        claims = draw(st.lists(st.sampled_from(said), min_size=1, max_size=3, unique=True))
        document["evidence"] = [{"claim": claim, "state": draw(STATES)} for claim in claims]
    return more


@FEWER
@given(small_cases(), st.data())
def test_what_is_proposed_or_not_checked_never_counts_and_only_opens(case: Data, data: st.DataObject) -> None:
    said = data.draw(claimed(case))
    before, after = assessed(case, RULESET), assessed(said, RULESET)
    assert after.cycle.points == after.cycle.low == before.cycle.points
    assert after.cycle.high >= before.cycle.high
    assert after.tally.complete == before.tally.complete
    for line in lines_of(after).values():
        assert 0 <= line.points.low <= line.points.points <= line.points.high <= line.points.max
    unseen = assessed({**case, "links_checked": False}, RULESET)
    assert unseen.cycle.points == before.cycle.points
    assert unseen.cycle.high >= before.cycle.high


@FEWER
@given(small_cases(), st.data())
def test_what_a_person_confirms_or_rejects_stays_within_the_bounds(case: Data, data: st.DataObject) -> None:
    said = data.draw(claimed(case))
    decided = copy.deepcopy(said)
    for document in decided["documents"]:
        for claim in document.get("evidence", ()):
            claim["state"] = data.draw(st.sampled_from(["confirmed", "rejected"]))
            if claim["claim"] == "based_on":
                claim["state"] = "rejected"
    open_, after = assessed(said, RULESET).cycle, assessed(decided, RULESET).cycle
    assert after.points <= open_.high


@FEWER
@given(small_cases())
def test_rejecting_everything_gives_what_was_proven(case: Data) -> None:
    rejected = copy.deepcopy(case)
    for document in rejected["documents"]:
        claims = ["goals", "number 7", f"date {LAST_DAY}", f"serves {ELEMENTS[0]}"]
        document["evidence"] = [{"claim": claim, "state": "rejected"} for claim in claims]
    assert assessed(rejected, RULESET).scores == assessed(case, RULESET).scores
