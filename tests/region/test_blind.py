"""What an expert begins from: every row of the school, nothing that the school found, each link of it as a question."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import Data, complete_case, ruleset
from vsoko_rules.case.claims import confirmed
from vsoko_rules.case.document_records import RELATIONS
from vsoko_rules.case.reader import case_of_data
from vsoko_rules.case.records import Case
from vsoko_rules.case.write import plain_data
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.intake.case_file import read_case_file
from vsoko_rules.intake.drafts.questions import About
from vsoko_rules.region.blind import expert_start
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.result import result
from vsoko_rules.workspace.file_answers import answer_change
from vsoko_rules.workspace.file_questions import FileQuestions
from vsoko_rules.workspace.judging import assess
from vsoko_rules.workspace.opened_school import OpenedSchool
from vsoko_rules.writing.yaml_edit import as_read

CASES = sorted((Path(__file__).parents[2] / "cases").rglob("*.yml"))
LEAK = "Совершенно секретно"
ROW = {"id", "title", "kind", "serves", "number", "date", "period", "valid", "url", "file"}
"""what of a document an expert sees"""
BESIDE = {"ruleset", "school", "study", "filled_by", "reviewed", "documents", "procedures", "indicators"}
MEASURED = {"value", "previous", "target", "unit", "sample"}
HASH = "a" * 64


def shipped(path: Path) -> Data:
    told: Data = as_read(plain_data(read_case_file(path).content))
    return told


def content(data: Any) -> Case:
    return case_of_data(data).content


def verdict(data: Any) -> Assessment:
    return assess(case_of_data(data), engine=EngineName.PLAIN)


def links(case: Case) -> set[tuple[str, str, str]]:
    """Document, field and the other document of each link that stands in the rows or is confirmed."""
    known = confirmed(case)
    several = {(d.id, "based_on", ground) for d in known.documents for ground in d.based_on}
    single = {(d.id, f, str(other)) for d in known.documents for f in RELATIONS[1:] if (other := getattr(d, f))}
    return several | single


CODES = st.sampled_from(sorted(ruleset().requirements))
STATES = st.sampled_from(["confirmed", "rejected", "proposed", "not_checked"])


@st.composite
def found_by_a_school(draw: st.DrawFn) -> Data:
    """A school with rows, and with everything a case may hold of what was found in them."""
    case = complete_case(["B1"])
    blocks = sorted(ruleset().blocks)
    for document in case["documents"]:
        for key in ("holds", "addressees", "based_on"):
            if draw(st.booleans()):
                document.pop(key, None)
        if draw(st.booleans()):
            document |= {"comment": LEAK, "quote": LEAK, "page": draw(st.integers(1, 90)), "scan": draw(st.booleans())}
        if draw(st.booleans()):
            document |= {"holds": draw(st.lists(CODES, max_size=3, unique=True)), "covers": ["ООО"], "sample": 40}
            document |= {"holds_for": {document["serves"][0]: [draw(CODES)]}, "blank": draw(st.booleans())}
        if draw(st.booleans()):
            quote = {"quote": LEAK, "comment": LEAK, "in": {"file": "секрет.pdf", "page": 1}}
            claims = [{"claim": draw(CODES), "state": draw(STATES), **quote}]
            other = draw(st.sampled_from([d["id"] for d in case["documents"] if d is not document]))
            claims.append({"claim": f"annex_of {other}", "state": draw(STATES), **quote})
            document["evidence"] = claims
    of = draw(st.sampled_from(["B1-A01", "B1-P01"]))
    decision = {"of": of, "outcome": "missing", "by": LEAK, "date": "2022-10-21", "comment": LEAK}
    case |= {"overrides": [decision]} if draw(st.booleans()) else {}
    case |= {"reviewed": draw(st.lists(st.sampled_from(blocks), unique=True))} if draw(st.booleans()) else {}
    case |= {"links_checked": False} if draw(st.booleans()) else {}
    role = draw(st.sampled_from(["school", "expert", "methodist"]))
    case |= {"filled_by": {"role": role, "name": LEAK, "date": "2022-10-22"}} if draw(st.booleans()) else {}
    return case | {"indicators": {"B1-I01": {"value": 91, "mark": 1, "comment": LEAK, "documents": ["d-b1-a01"]}}}


def assert_rows_alone(sent: Data, start: Any) -> None:
    case, before = content(start), confirmed(content(sent))
    assert set(start) <= BESIDE
    assert (case.reviewed, case.school, case.study) == ((), before.school, before.study)
    assert case.filled_by is not None
    assert (case.filled_by.role, case.filled_by.date) == ("expert", None)
    assert [d.id for d in case.documents] == [d.id for d in before.documents]
    for row, document in zip(case.documents, before.documents, strict=True):
        assert {f: getattr(row, f) for f in ROW} == {f: getattr(document, f) for f in ROW}
        assert set(plain_data(row)) <= ROW | {"evidence"}
        for claim in row.evidence:
            assert (claim.quote, claim.comment, claim.seen) == (None, None, None)
            assert claim.field in RELATIONS or (claim.field, claim.value) == ("title", row.title)
    for entry in case.indicators.values():
        assert set(plain_data(entry)) <= MEASURED
    asked = [(d.id, str(c.field), str(c.value)) for d in case.documents for c in d.open_claims]
    assert {c.state for d in case.documents for c in d.open_claims} <= {"proposed"}
    assert len(asked) == len(set(asked))
    assert set(asked) == links(content(sent))


def assert_nothing_is_decided(start: Any) -> None:
    judged = verdict(start)
    assert judged.tally.complete == 0
    outcomes = {line.outcome for block in judged.blocks for line in block.lines}
    assert outcomes <= {Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE}
    assert not judged.decisions
    assert not any("mark" in row.ways for block in judged.blocks for row in block.rows)
    assert judged.cycle.high == judged.cycle.max


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_of_every_shipped_case_an_expert_sees_the_rows_alone(path: Path) -> None:
    sent = shipped(path)
    start = expert_start(sent, "Эксперт 1")
    assert_rows_alone(sent, start)
    assert_nothing_is_decided(start)


@given(found_by_a_school())
@settings(max_examples=100)
def test_nothing_that_a_school_found_is_in_it(sent: Data) -> None:
    start = expert_start(sent, "Эксперт 1")
    assert_rows_alone(sent, start)
    assert LEAK not in str(start)
    assert "секрет" not in str(start)


@given(found_by_a_school())
@settings(max_examples=60)
def test_whatever_the_school_found_the_start_is_the_same(sent: Data) -> None:
    """Boxes, quotes, decisions, marks and what was reviewed make no difference; links do, as questions."""
    bare = copy.deepcopy(sent)
    for row, known in zip(bare["documents"], confirmed(content(sent)).documents, strict=True):
        relations = {"based_on": list(known.based_on), **{f: getattr(known, f) for f in RELATIONS[1:]}}
        kept = {key: row[key] for key in ROW if key in row}
        row.clear()
        row.update(kept | {key: value for key, value in relations.items() if value})
    for key in ("overrides", "reviewed", "links_checked", "filled_by"):
        bare.pop(key, None)
    bare["indicators"] = {"B1-I01": {"value": 91}}
    assert expert_start(sent) == expert_start(bare)


@given(found_by_a_school())
@settings(max_examples=40)
def test_nothing_is_decided_before_the_expert_looked(sent: Data) -> None:
    assert_nothing_is_decided(expert_start(sent))


def test_a_file_and_its_hash_stay() -> None:
    sent = complete_case(["B1"])
    document = sent["documents"][0]
    document |= {"file": "цели.pdf", "evidence": [{"claim": "targets", "in": {"file": "цели.pdf", "sha256": HASH}}]}
    row = content(expert_start(sent)).documents[0]
    assert (row.file, row.url) == ("цели.pdf", document["url"])
    assert [(c.state, c.place and c.place.sha256) for c in row.evidence if c.field == "title"] == [("confirmed", HASH)]


def opened(data: Any) -> OpenedSchool:
    return OpenedSchool(Path("место.yml"), case_of_data(data), data, workbook=False)


@pytest.mark.parametrize(("said", "state"), [("да", "confirmed"), ("нет", "rejected")])
def test_the_page_asks_of_every_link_without_files(said: str, state: str) -> None:
    """Until it is answered a link opens the bounds; then it stands, or it is not there."""
    sent = complete_case(["B1"])
    start = expert_start(sent)
    total = FileQuestions(opened(start), None).progress
    assert (total.done, total.total) == (0, len({document for document, _, _ in links(content(sent))}))
    data, asked = start, set[str]()
    while waiting := FileQuestions(opened(data), None).waiting:
        question = FileQuestions(opened(data), None).claims(waiting[0])[0]
        asked.add(question.about.value)
        answer = said if question.about is About.GROUNDS else "нет"
        data = answer_change(opened(data), None, question.key, answer)(data)
    assert asked >= {"grounds"}
    after = FileQuestions(opened(data), None).progress
    assert (after.done, after.total) == (total.total, total.total)
    assert {c.state for d in content(data).documents for c in d.evidence if c.field == "based_on"} == {state}
    assert links(content(data)) == (links(content(sent)) if state == "confirmed" else set())


def test_an_open_link_opens_the_bounds_of_a_block_that_was_reviewed() -> None:
    sent = complete_case(["B1"])
    start: Data = {**expert_start(sent), "reviewed": ["B1"]}
    start["documents"] = [
        {**row, **{key: own[key] for key in ("holds", "addressees") if key in own}}
        for row, own in zip(start["documents"], sent["documents"], strict=True)
    ]
    block = next(b for b in verdict(start).blocks if b.id == "B1")
    assert {line.outcome for line in block.lines} == {Outcome.NOT_CHECKED}
    assert (block.cycle.high, block.tally.complete) == (block.cycle.max, 0)


def test_what_is_no_case_is_refused() -> None:
    with pytest.raises(InputError):
        expert_start({"school": "Сосна"})


def test_the_same_start_has_the_same_result() -> None:
    sent = complete_case(["B1"])
    assert result(verdict(expert_start(sent))) == result(verdict(expert_start(copy.deepcopy(sent))))
