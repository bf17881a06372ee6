"""Two experts of one school: on what they differ, what is decided, and a case in which what they agree on stands."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import Data, add_copy, complete_case, document, ruleset
from vsoko_rules.case.reader import CaseFile, case_of_data
from vsoko_rules.case.write import plain_data
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
    return pair.decide(
        code, **{"outcome": outcome, "comment": "Посмотрели вместе", "by": "Методист", "at": DAY, **more}
    )


def key(case: CaseFile) -> tuple[str, int]:
    return case.content.school.id, case.content.study.year


def as_the_command_says(pair: SchoolPair) -> set[str]:
    found = agreement_of([{key(case): case} for case in pair.cases], RULES.id)
    return {dispute.of for dispute in found.disputes}


@st.composite
def opinions(draw: st.DrawFn, finished: bool = False) -> Data:
    """What an expert may make of a school: boxes taken away, links not confirmed, requisites corrected, own decisions,
    marks, and a document that the other does not know. One who has finished leaves no question open."""
    changes = ["holds", "based_on", "date", "url", "kind", "comment", *([] if finished else ["proposed", "scan"])]
    case = copy.deepcopy(BASE)
    for code in draw(st.lists(st.sampled_from(CODES), max_size=4, unique=True)):
        row = document(case, code)
        match draw(st.sampled_from(changes)):
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
    assert pair.done is not bool(open_codes)
    assert case_of_data(pair.agreed_data).content == pair.agreed.content
    agreed = [d.id for d in pair.agreed.content.documents]
    assert agreed[: len(first["documents"])] == [row["id"] for row in first["documents"]]
    assert len(set(agreed)) == len(agreed)


def all_decided(pair: SchoolPair, of: Callable[[str], str]) -> SchoolPair:
    """The pair after a third person has decided everything, what comes to light on the way as well."""
    decisions: list[PairDecision] = []
    while not pair.done:
        decisions += [decided(pair, dispute.code, of(dispute.code)) for dispute in pair.open]
        pair = SchoolPair(pair.cases, RULES, decisions)
    assert not pair.lapsed
    return pair


@given(opinions(finished=True), opinions(finished=True), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_once_all_is_decided_it_makes_no_difference_whose_case_comes_first(
    first: Data, second: Data, random: Random
) -> None:
    """And the verdict lies within the bounds that were open before."""
    pair = pair_of(first, second)
    before = verdict(pair.agreed).cycle
    said = {code: random.choice(["met", "partial", "missing"]) for code in RULES.elements}
    one, other = (all_decided(each, said.__getitem__) for each in (pair, SchoolPair(pair.cases[::-1], RULES)))
    assert {d.code for d in one.disputes} == {d.code for d in other.disputes}
    left, right = verdict(one.agreed), verdict(other.agreed)
    for mine, others in zip(left.blocks, right.blocks, strict=True):
        assert [line.outcome for line in mine.lines] == [line.outcome for line in others.lines]
    assert (left.cycle, left.verdict) == (right.cycle, right.verdict)
    assert before.low <= left.cycle.low
    assert left.cycle.high <= before.high


@pytest.fixture
def differing() -> tuple[Data, Data]:
    """The second expert finds no date on a report, does not see one link, and gives another mark."""
    first, second = copy.deepcopy(BASE), copy.deepcopy(BASE)
    first["indicators"] = {"B1-I01": {"mark": 1, "comment": "Видно на сайте"}}
    second["indicators"] = {"B1-I01": {"mark": 0, "comment": "Ссылка не открылась"}}
    document(first, "B1-A01").update(comment="Дата внизу", quote="Справка составлена 10.11.2021")
    document(second, "B1-A01")["comment"] = "Даты нет"
    del document(second, "B1-A01")["date"]
    document(second, "B2-RC01")["based_on"] = []
    return first, second


def test_a_dispute_shows_both_outcomes_comments_and_quotes(differing: tuple[Data, Data]) -> None:
    pair = pair_of(*differing)
    report = next(each for each in pair.disputes if each.code == "B1-A01").dispute
    first, second = report.opinions
    assert first is not None
    assert second is not None
    assert (first.outcome, second.outcome) == ("met", "partial")
    assert (first.comments, second.comments) == (("Дата внизу",), ("Даты нет",))
    assert (first.quotes, second.quotes) == (("Справка составлена 10.11.2021",), ())
    assert not pair.done
    assert [each.code for each in pair.open] == [each.code for each in pair.disputes] == ["B1-I01", "B1-A01", "B2-RC01"]


def test_a_link_that_one_of_them_did_not_find_is_a_dispute(differing: tuple[Data, Data]) -> None:
    """Both hold the element, and by one of the cases the line breaks there: without it the level would be disputed and
    nothing else."""
    link = next(each for each in pair_of(*differing).disputes if Aspect.LINK in each.dispute.over)
    first, second = link.dispute.opinions
    assert first is not None
    assert second is not None
    assert (link.code, first.outcome, second.outcome) == ("B2-RC01", "met", "met")
    assert first.grounds == ("«Документ к элементу B2-A01» №\u00a030-од от\u00a010.11.2021",)
    assert second.grounds == ()


def test_what_both_propose_is_settled_with_both_names(differing: tuple[Data, Data]) -> None:
    pair = pair_of(*differing)
    own = decided(pair, "B1-A01", "partial", expert=0, by=NAMES[0], comment="Даты не видно")
    assert pair_of(*differing, [own]).open[1].proposals[0].outcome == "partial"
    other = decided(pair, "B1-A01", "met", expert=1, by=NAMES[1], comment="Дата есть")
    apart = pair_of(*differing, [own, other])
    assert [each.code for each in apart.open] == [each.code for each in pair.open]
    again = decided(apart, "B1-A01", "partial", expert=1, by=NAMES[1], comment="Согласен", at=date(2022, 10, 27))
    settled = pair_of(*differing, [own, other, again])
    assert "B1-A01" not in {each.code for each in settled.open}
    (override,) = (o for o in settled.agreed.content.overrides if o.of == "B1-A01")
    assert (override.outcome, override.by, override.date) == ("partial", ", ".join(NAMES), date(2022, 10, 27))
    assert override.comment == f"{NAMES[0]}: Даты не видно\n{NAMES[1]}: Согласен"
    filled = settled.agreed.content.filled_by
    assert filled is not None
    assert (filled.role, filled.name, filled.date) == ("expert", ", ".join(NAMES), date(2022, 10, 27))


def test_a_third_person_decides_what_stays_open(differing: tuple[Data, Data]) -> None:
    pair = pair_of(*differing)
    proposal = decided(pair, "B1-A01", "partial", expert=0, by=NAMES[0])
    mark = pair.decide("B1-I01", mark="0.5", comment="Открывается не всегда", by="Методист", at=DAY)
    third = [proposal, decided(pair, "B1-A01"), mark, decided(pair, "B2-RC01", "partial")]
    done = pair_of(*differing, third)
    assert done.done
    content = done.agreed.content
    assert {o.of: (o.outcome, o.by) for o in content.overrides} == {
        of: (outcome, f"Методист; эксперты: {', '.join(NAMES)}")
        for of, outcome in (("B1-A01", "met"), ("B2-RC01", "partial"))
    }
    entry = content.indicators["B1-I01"]
    assert str(entry.mark) == "0.5"
    said = f"Открывается не всегда (Методист; эксперты: {', '.join(NAMES)}, 25.10.2022)"
    assert entry.comment is not None
    assert entry.comment.replace("\u00a0", " ") == said
    lines = {line.spec.id: line.outcome for block in verdict(done.agreed).blocks for line in block.lines}
    assert (lines["B1-G01-M01"], lines["B2-G01-M01"]) == (Outcome.MET, Outcome.PARTIAL)


def test_a_decision_is_kept_as_data(differing: tuple[Data, Data]) -> None:
    pair = pair_of(*differing)
    mark = pair.decide("B1-I01", mark="0,5", comment="Открывается", by="Методист", at=DAY, expert=1)
    for decision in (mark, decided(pair, "B1-A01")):
        kept = json.loads(json.dumps(decision.model_dump(mode="json"), ensure_ascii=False))
        assert PairDecision.model_validate(kept) == decision


@pytest.mark.parametrize(
    ("code", "more", "said"),
    [
        ("B1-M01", {"outcome": "met"}, "эксперты здесь не разошлись"),
        ("B9-X01", {"outcome": "met"}, "эксперты здесь не разошлись"),
        ("B1-A01", {}, "итог или отметка"),
        ("B1-A01", {"outcome": "met", "mark": 1}, "итог или отметка"),
        ("B1-A01", {"mark": 1}, "отметки здесь не расходятся"),
        ("B1-A01", {"outcome": "blocked"}, "решение не подходит"),
        ("B1-I01", {"mark": "много"}, "решение не подходит"),
        ("B1-I01", {"mark": -1}, "решение не подходит"),
        ("B1-A01", {"outcome": "met", "comment": "  "}, "объяснение решения"),
        ("B1-A01", {"outcome": "met", "comment": "а" * 1001}, "объяснение решения"),
        ("B1-A01", {"outcome": "met", "by": ""}, "имя того, кто решил"),
        ("B1-A01", {"outcome": "met", "expert": 2}, "такого эксперта у школы нет"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    differing: tuple[Data, Data], code: str, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        pair_of(*differing).decide(code, **{"comment": "Так", "by": "Методист", "at": DAY, **more})


def test_a_mark_beyond_the_scale_is_refused(differing: tuple[Data, Data]) -> None:
    cases = [case_file({**each, "ruleset": "tver-2022"}, name) for each, name in zip(differing, NAMES, strict=True)]
    with pytest.raises(InputError, match="отметка вне шкалы показателя"):
        SchoolPair(cases, LISTED).decide("B1-I01", mark=5, comment="Так", by="Методист", at=DAY)


def test_a_decision_lapses_with_the_outcome_that_it_was_about(differing: tuple[Data, Data]) -> None:
    first, second = differing
    pair = pair_of(first, second)
    decisions = [decided(pair, each.code, expert=None) for each in pair.open]
    assert pair_of(first, second, decisions).done
    other = copy.deepcopy(second)
    document(other, "B1-A01")["comment"] = "Даты всё-таки нет"
    assert pair_of(first, other, decisions).done, "words alone change nothing"
    document(other, "B1-A01")["kind"] = "статья"
    del document(other, "B1-A01")["url"]
    changed = pair_of(first, other, decisions)
    assert [each.code for each in changed.open] == ["B1-A01"]
    assert [each.code for each in changed.lapsed] == ["B1-A01"]
    assert verdict(changed.agreed).outcome_of("B1-A01") is Outcome.NOT_CHECKED
    agreeing = copy.deepcopy(second)
    agreeing["documents"] = [
        document(first, "B1-A01") if row["id"] == "d-b1-a01" else row for row in agreeing["documents"]
    ]
    settled = pair_of(first, agreeing, decisions)
    assert settled.done
    assert [each.code for each in settled.lapsed] == ["B1-A01"]
    assert not any(o.of == "B1-A01" for o in settled.agreed.content.overrides)


def test_decisions_stand_in_the_cases_as_the_command_writes_them(differing: tuple[Data, Data]) -> None:
    """What a pair settles is what `vsoko agree --write` puts into both files, and what it finds there is settled."""
    pair = pair_of(*differing)
    outcomes = ("met", "met", "partial")
    both = [
        decided(pair, each.code, outcome, expert=number, by=NAMES[number])
        for each, outcome in zip(pair.disputes, outcomes, strict=True)
        for number in (0, 1)
    ]
    settled = pair_of(*differing, both)
    assert settled.done
    overrides = [o for each in settled.disputes if each.settled and (o := each.settled.override)]
    rows = [plain_data(override) for override in overrides]
    written = [case_file({**each, "overrides": rows}, name) for each, name in zip(differing, NAMES, strict=True)]
    found = agreement_of([{key(case): case} for case in written], RULES.id)
    assert found.open == []
    assert {each.of for each in found.disputes if each.settled} == {each.code for each in settled.disputes}
    of_files = SchoolPair(written, RULES)
    assert of_files.done
    assert verdict(of_files.agreed).cycle == verdict(settled.agreed).cycle
    assert set(of_files.agreed.content.overrides) == set(settled.agreed.content.overrides)


def test_of_three_experts_all_have_to_propose_the_same(differing: tuple[Data, Data]) -> None:
    first, second = differing
    cases = [case_file(first), case_file(second, NAMES[1]), case_file(second, "Эксперт Липа")]
    pair = SchoolPair(cases, RULES)
    two = [decided(pair, "B1-A01", expert=number, by=pair.names[number]) for number in (0, 1)]
    assert "B1-A01" in {each.code for each in SchoolPair(cases, RULES, two).open}
    three = SchoolPair(cases, RULES, [*two, decided(pair, "B1-A01", expert=2, by=pair.names[2])])
    assert "B1-A01" not in {each.code for each in three.open}
    assert [o.by for o in three.agreed.content.overrides if o.of == "B1-A01"] == [", ".join(pair.names)]


def test_what_one_of_them_stated_and_the_other_did_not_stands(differing: tuple[Data, Data]) -> None:
    first, second = differing
    del first["indicators"]
    decision = {"of": "B1-M01", "outcome": "partial", "date": "2022-10-19"}
    first["overrides"] = [{**decision, "by": NAMES[0], "comment": "Сроков нет"}]
    second["overrides"] = [{**decision, "by": NAMES[1], "comment": "Нет сроков"}]
    document(second, "B1-P01")["comment"] = "План хороший"
    content = pair_of(first, second).agreed.content
    entry = content.indicators["B1-I01"]
    assert (str(entry.mark), entry.comment) == ("0", "Ссылка не открылась")
    (both,) = (o for o in content.overrides if o.of == "B1-M01")
    assert (both.by, both.comment) == (", ".join(NAMES), f"{NAMES[0]}: Сроков нет\n{NAMES[1]}: Нет сроков")
    assert next(d for d in content.documents if d.id == "d-b1-p01").comment == "План хороший"


def test_cases_of_two_schools_are_no_pair(differing: tuple[Data, Data]) -> None:
    other = copy.deepcopy(differing[1])
    other["school"]["id"] = "another"
    with pytest.raises(InputError, match="нужны карточки одной школы"):
        pair_of(differing[0], other)
    with pytest.raises(InputError, match="нужны карточки одной школы"):
        SchoolPair([case_file(differing[0])], RULES)


def test_what_one_case_is_two_of_the_same_are(differing: tuple[Data, Data]) -> None:
    pair = pair_of(differing[0], differing[0])
    assert (pair.done, pair.disputes, pair.lapsed) == (True, (), ())
    one, both = verdict(pair.cases[0]), verdict(pair.agreed)
    assert (both.cycle, both.verdict, both.tally) == (one.cycle, one.verdict, one.tally)
    assert pair.agreed.content.documents == pair.cases[0].content.documents


def test_a_decision_that_counts_at_the_signature_counts_in_the_agreed_case(differing: tuple[Data, Data]) -> None:
    """And one that had ended does not come back, whenever the pair comes to an end."""
    own = {"outcome": "partial", "by": NAMES[0], "date": "2022-10-01", "comment": "Так вижу"}
    ends = {"B1-M01": "2022-10-21", "B1-M02": "2022-10-10"}
    for case in differing:
        case["overrides"] = [{**own, "of": of, "until": until} for of, until in ends.items()]
    pair = pair_of(*differing)
    done = pair_of(*differing, [decided(pair, each.code) for each in pair.open])
    judged = verdict(done.agreed)
    assert done.agreed.content.day == DAY
    assert judged.outcome_of("B1-M01") is Outcome.PARTIAL
    assert judged.outcome_of("B1-M02") is Outcome.MET
    assert {(o.of, o.until) for o in done.agreed.content.overrides if o.of.startswith("B1-M")} == {("B1-M01", None)}


def test_an_open_mark_is_nobodys(differing: tuple[Data, Data]) -> None:
    """Neither of the two marks stands as long as nobody has chosen one, nor after an outcome took its place."""
    pair = pair_of(*differing)
    assert pair.agreed.content.indicators["B1-I01"].mark is None
    assert {o.of: o.outcome for o in pair.agreed.content.overrides}["B1-I01"] == "not_checked"
    decisions = [decided(pair, each.code) for each in pair.open]
    done = pair_of(*differing, decisions).agreed.content
    assert done.indicators["B1-I01"].mark is None
    assert {o.of: o.outcome for o in done.overrides}["B1-I01"] == "met"


def test_what_another_decision_has_made_idle_is_not_asked(differing: tuple[Data, Data]) -> None:
    """Each misses another link of one line. Once it breaks at the first for both, nothing hangs on the second."""
    first, second = copy.deepcopy(BASE), copy.deepcopy(BASE)
    document(first, "B2-D01")["based_on"] = []
    document(second, "B2-RC01")["based_on"] = []
    pair = pair_of(first, second)
    assert [each.code for each in pair.open] == ["B2-RC01", "B2-D01"]
    decision = decided(pair, "B2-RC01", "partial")
    assert pair_of(first, second, [decision]).done
    passed = pair_of(first, second, [decided(pair, "B2-RC01")])
    assert [each.code for each in passed.open] == ["B2-D01"]


def test_a_mark_that_leaves_an_outcome_in_dispute_does_not_settle_it() -> None:
    """By the measured value the one earns it and the other does not, whatever the mark."""
    code = next(i.id for i in LISTED.indicators.values() if i.earned.value and i.earned.mark and not i.earned.element)
    cases = [
        case_file({**BASE, "ruleset": LISTED.id, "indicators": {code: {"value": value, "target": 80, "mark": mark}}}, n)
        for n, value, mark in zip(NAMES, (90, 10), (1, 0), strict=True)
    ]
    pair = SchoolPair(cases, LISTED)
    assert {each.code: set(each.dispute.over) for each in pair.open} == {code: {Aspect.MARK, Aspect.OUTCOME}}
    mark = pair.decide(code, mark=0, comment="Не видно", by="Методист", at=DAY)
    assert [each.code for each in SchoolPair(cases, LISTED, [mark]).open] == [code]
    outcome = pair.decide(code, outcome="missing", comment="Не видно", by="Методист", at=DAY)
    assert SchoolPair(cases, LISTED, [mark, outcome]).done


def test_a_block_that_one_of_them_went_through_is_reviewed_once_nothing_in_it_is_left_unchecked() -> None:
    first, second = copy.deepcopy(BASE), copy.deepcopy(BASE)
    first["reviewed"], second["reviewed"] = ["B2"], ["B1"]
    for case in (first, second):
        del document(case, "B1-M01")["url"]
    pair = pair_of(first, second)
    assert [each.code for each in pair.open] == ["B1-M01"]
    assert verdict(pair.agreed).outcome_of("B1-M01") is Outcome.NOT_CHECKED
    done = pair_of(first, second, [decided(pair, "B1-M01", "missing")])
    assert done.agreed.content.reviewed == ("B1", "B2")
    lines = {line.spec.id: line.outcome for block in verdict(done.agreed).blocks for line in block.lines}
    assert lines["B1-G01-M01"] is Outcome.MISSING
    document(second, "B1-M01").update(scan=True, holds=[], url="https://sosna.example/prikaz.pdf")
    alike = pair_of(first, second)
    assert alike.done
    assert alike.agreed.content.reviewed == ("B2",)
    assert verdict(alike.agreed).outcome_of("B1-M01") is Outcome.NOT_CHECKED


def test_a_document_that_only_one_of_them_has_is_in_the_agreed_case_whoever_comes_first() -> None:
    first, second = copy.deepcopy(BASE), copy.deepcopy(BASE)
    own = document(second, "B1-A01")
    first["documents"].remove(document(first, "B1-A01"))
    for row in [*first["documents"], *second["documents"]]:
        row["based_on"] = [code for code in row.get("based_on", []) if code != own["id"]]
    pair = pair_of(first, second)
    assert "B1-A01" in {each.code for each in pair.open}
    done = pair_of(first, second, [decided(pair, each.code) for each in pair.open])
    kept = {d.id: d for d in done.agreed.content.documents}[own["id"]]
    assert set(kept.holds) == set(own["holds"])
    assert kept.comment == f"Документ есть не у всех экспертов, его указывает: {NAMES[1]}."
    turned = all_decided(SchoolPair(done.cases[::-1], RULES), lambda _: "met")
    same = {d.id: d for d in turned.agreed.content.documents}[own["id"]]
    assert (same.holds, same.comment) == (kept.holds, kept.comment)
    assert verdict(turned.agreed).cycle == verdict(done.agreed).cycle


def test_two_documents_that_each_added_under_one_code_are_both_there() -> None:
    first, second = copy.deepcopy(BASE), copy.deepcopy(BASE)
    add_copy(first, CODES[0], "d61", title="Справка первого", comment="Нашёл на сайте")
    add_copy(second, CODES[1], "d61", title="Справка второго", url="https://sosna.example/second.pdf")
    add_copy(second, CODES[1], "d62", title="Приложение второго", number="62-п", annex_of="d61")
    content = pair_of(first, second).agreed.content
    documents = {d.id: d for d in content.documents}
    assert [documents[code].title for code in ("d61", "d61-2", "d62")] == [
        "Справка первого", "Справка второго", "Приложение второго",
    ]  # fmt: skip
    assert documents["d62"].annex_of == "d61-2"
    assert documents["d61"].comment == (
        f"Нашёл на сайте\nДокумент есть не у всех экспертов, его указывает: {NAMES[0]}."
    )


def test_one_document_that_both_added_is_there_once() -> None:
    first, second = copy.deepcopy(BASE), copy.deepcopy(BASE)
    add_copy(first, CODES[0], "d61", number="61-од", title="Справка о мониторинге")
    add_copy(second, CODES[0], "d77", number="61-од", title="Справка о  мониторинге")
    first["indicators"] = second["indicators"] = {}
    second["indicators"] = {"B1-I01": {"mark": 1, "comment": "Видно", "documents": ["d77"]}}
    content = pair_of(first, second).agreed.content
    assert len(content.documents) == len(BASE["documents"]) + 1
    assert content.indicators["B1-I01"].documents == ("d61",)


def test_a_document_by_which_something_that_was_agreed_would_come_out_otherwise_stays_away() -> None:
    """Both have a report without a date; the one that the second found besides has one."""
    first, second = copy.deepcopy(BASE), copy.deepcopy(BASE)
    second["documents"] += [{**document(BASE, "B1-A01"), "id": "d61", "title": "Справка, которая держит всё"}]
    del document(first, "B1-A01")["date"]
    del document(second, "B1-A01")["date"]
    pair = pair_of(first, second)
    done = pair_of(first, second, [decided(pair, each.code, "partial") for each in pair.open])
    assert done.done
    for code in RULES.elements:
        given = {each.code for each in done.disputes}
        if code not in given:
            assert verdict(done.agreed).outcome_of(code) is done.assessments[0].outcome_of(code)
