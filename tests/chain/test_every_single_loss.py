"""From a complete school take away one thing: the verdict must name exactly that, on exactly the lines it serves.

Exhaustive, not sampled: every document, every reference and every required content of the shipped ruleset, for a full
school and for a nine-year school without young teachers, where other variants of the elements apply. A document is
taken from the whole school, so that no other block notices; references and contents are taken from its block alone.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import pytest

from tests.builders import (
    Data,
    assessed,
    break_of,
    chain_case,
    complete_case,
    document,
    document_id,
    expectation,
    line_of,
    lines_of,
    only_blocks,
    remarked,
    ruleset,
    school_case,
    trace_of,
    without_document,
)
from vsoko_rules.ruleset.expectation import Expectation
from vsoko_rules.ruleset.lines import LineSpec
from vsoko_rules.ruleset.model import Grade
from vsoko_rules.verdict.assessment import Assessment, FindingKind
from vsoko_rules.verdict.chain import BreakKind, Lack, NearMiss
from vsoko_rules.verdict.evidence import Outcome
from vsoko_rules.verdict.scoring import Bounds


@dataclass(frozen=True)
class Kind:
    """A kind of school."""

    levels: tuple[str, ...]
    counts: tuple[tuple[str, int], ...] = ()

    @property
    def expected(self) -> Expectation:
        return expectation(self.levels, dict(self.counts))

    @property
    def lines(self) -> tuple[LineSpec, ...]:
        return self.expected.lines

    def on_lines(self) -> list[str]:
        return sorted({element for line in self.lines for element in line.elements})


KINDS = {
    "full": Kind(("НОО", "ООО", "СОО")),
    "nine-year": Kind(("НОО", "ООО"), (("young_teachers", 0),)),
}


@cache
def _complete(kind: str, blocks: tuple[str, ...]) -> Data:
    levels, counts = list(KINDS[kind].levels), dict(KINDS[kind].counts)
    if kind == "full":
        return complete_case(blocks, levels=levels, counts=counts)
    parts = [chain_case(block, levels=levels, counts=counts) for block in blocks]
    return school_case([d for part in parts for d in part["documents"]], levels=levels, counts=counts)


def complete(kind: str) -> Data:
    """A school with nothing taken away."""
    return copy.deepcopy(_complete(kind, tuple(ruleset().blocks)))


def block_with(element: str, kind: str = "full") -> Data:
    """As much of such a school as is of the block of `element`."""
    return copy.deepcopy(_complete(kind, (block_of(element),)))


def block_of(element: str) -> str:
    return expectation().elements[element].block


def judged(case: Data, element: str) -> Assessment:
    """The verdict on a block by itself."""
    return assessed(case, only_blocks(block_of(element)))


def lines_assessed(assessment: Assessment, kind: str) -> list[LineSpec]:
    return [line for line in KINDS[kind].lines if line.id in lines_of(assessment)]


def assert_breaks(
    assessment: Assessment,
    kind: str,
    lines: set[str],
    element: str,
    break_kind: BreakKind,
    outcome: Outcome = Outcome.PARTIAL,
) -> None:
    """Exactly `lines` break at `element`, all else holds, what lies after the break is blocked."""
    for spec in lines_assessed(assessment, kind):
        trace = trace_of(assessment, spec.id)
        if spec.id not in lines:
            assert trace.complete, f"{spec.id} broke at {trace.break_}"
            continue
        assert trace.break_ is not None, f"{spec.id} still holds"
        at = spec.elements.index(element)
        assert (trace.break_.element, trace.break_.stage) == (element, ruleset().components[at])
        assert trace.break_.kind is break_kind
        assert not trace.break_.decided
        broken = Outcome.MISSING if break_kind is BreakKind.NO_DOCUMENT else outcome
        expected = [Outcome.MET] * at + [broken] + [Outcome.BLOCKED] * (len(spec.elements) - at - 1)
        assert [cell.outcome for cell in trace.cells] == expected
        assert trace.path == ()


def assert_one_break_finding(assessment: Assessment, lines: set[str], element: str, kind: BreakKind) -> None:
    """The loss is reported once, for all the lines it breaks, and nothing else is reported as a break."""
    breaks = [f for f in assessment.all_findings() if f.kind is FindingKind.BREAK]
    assert [(f.element, f.fingerprint, set(f.lines)) for f in breaks] == [
        (element, f"break:{element}:{kind.value}", lines)
    ]


def through(kind: str, *elements: str) -> set[str]:
    """Lines on which these elements stand next to one another."""
    joined = "/" + "/".join(elements) + "/"
    return {line.id for line in KINDS[kind].lines if joined in "/" + "/".join(line.elements) + "/"}


def near_miss(assessment: Assessment, line: str) -> NearMiss:
    """The only document offered where a line breaks."""
    (near,) = break_of(assessment, line).documents
    return near


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_taken_away_holds_everywhere(kind: str) -> None:
    assessment = assessed(complete(kind))
    assert_breaks(assessment, kind, set(), "", BreakKind.NO_DOCUMENT)
    assert assessment.complete
    assert assessment.cycle.points == assessment.cycle.max == 6
    assert remarked(assessment) == set()
    for spec in KINDS[kind].lines:
        assert trace_of(assessment, spec.id).path == tuple(document_id(e) for e in spec.elements)


def test_nineteen_lines_from_goals_to_orders() -> None:
    blocks = [line.block for line in KINDS["full"].lines]
    assert [blocks.count(block) for block in ("B1", "B2", "B3", "B4", "B5", "B6")] == [4, 2, 3, 5, 3, 2]


def test_a_nine_year_school_has_fewer_lines() -> None:
    """No line of СОО alone, none of young teachers; what is left ends in the variants of the elements."""
    kind = KINDS["nine-year"]
    gone = {line.id for line in KINDS["full"].lines} - {line.id for line in kind.lines}
    assert gone == through("full", "B4-M05") | through("full", "B5-G03")
    assert len(gone) == 2
    assert kind.expected.elements["B5-RC01"].addressees == ("deficit_teachers",)
    assert "profile" not in kind.expected.elements["B4-D01"].requires
    assert "pairs" not in kind.expected.elements["B5-P01"].requires


ELEMENTS = [(kind, element) for kind in KINDS for element in KINDS[kind].on_lines()]


@pytest.mark.parametrize(("kind", "element"), ELEMENTS)
def test_a_document_taken_away(kind: str, element: str) -> None:
    assessment = assessed(without_document(complete(kind), document_id(element)))
    lines = through(kind, element)
    assert_breaks(assessment, kind, lines, element, BreakKind.NO_DOCUMENT)
    assert_one_break_finding(assessment, lines, element, BreakKind.NO_DOCUMENT)
    for line in lines:
        found = break_of(assessment, line)
        assert found.documents == ()
        before = KINDS[kind].expected.elements[element].follows
        assert set(found.reached) <= {document_id(e) for e in before}


def references() -> Iterator[tuple[str, str, str]]:
    for kind, element in ELEMENTS:
        expected = KINDS[kind].expected
        for before in expected.elements[element].follows:
            if before in expected.elements:
                yield kind, element, before


@pytest.mark.parametrize(("kind", "element", "before"), list(references()))
def test_a_reference_taken_away(kind: str, element: str, before: str) -> None:
    case = block_with(element, kind)
    ground = document_id(before)
    grounds = document(case, element)["based_on"]
    grounds.remove(ground)
    assessment = judged(case, element)
    lines = through(kind, before, element)
    assert_breaks(assessment, kind, lines, element, BreakKind.NOT_BASED)
    assert_one_break_finding(assessment, lines, element, BreakKind.NOT_BASED)
    for line in lines:
        near = near_miss(assessment, line)
        assert (near.document, near.lacks, near.early) == (document_id(element), (), ())
        assert set(near.instead) == set(grounds), "what it is based on instead"
        assert break_of(assessment, line).reached == (ground,)


def contents(grade: Grade) -> Iterator[tuple[str, str, str]]:
    for kind, element in ELEMENTS:
        expected = KINDS[kind].expected
        for requirement in expected.elements[element].requires:
            alone = requirement != "own_address"  # that is lost by what other documents say
            if alone and expected.grade(expected.elements[element], requirement) is grade:
                yield kind, element, requirement


def take_content(entry: Data, requirement: str) -> set[str]:
    """Take what meets `requirement` out of a document; returns every requirement that this leaves unmet."""
    if requirement == "filled":
        entry["blank"] = True
    elif requirement in ("window", "current"):
        entry["date"] = "2022-11-01"
    elif requirement in ("date", "dated"):
        del entry["date"]
        return {"date", "dated", "window"}
    elif requirement == "published":
        del entry["url"]
    elif requirement == "number":
        del entry["number"]
    elif requirement == "addressee":
        entry["addressees"] = []
    elif requirement == "kind":
        entry["kind"] = "страница сайта"
    else:
        entry["holds"].remove(requirement)
    return {requirement}


@pytest.mark.parametrize(("kind", "element", "requirement"), list(contents(Grade.BREAKS)))
def test_a_required_content_taken_away(kind: str, element: str, requirement: str) -> None:
    case = block_with(element, kind)
    unmet = take_content(document(case, element), requirement)
    unmet &= KINDS[kind].expected.breaking[element]
    assessment = judged(case, element)
    lines = through(kind, element)
    for line in lines:
        near = near_miss(assessment, line)
        assert near.document == document_id(element)
        assert set(near.lacks) == unmet
        assert near.instead == near.early == ()
    assert_one_break_finding(assessment, lines, element, BreakKind.REQUIREMENTS)
    assert remarked(assessment) == set()
    if requirement in ("filled", "published"):  # there is no document, and the fault says what stands in its place
        assert_breaks(assessment, kind, lines, element, BreakKind.REQUIREMENTS, Outcome.MISSING)
    else:
        assert_breaks(assessment, kind, lines, element, BreakKind.REQUIREMENTS)


@pytest.mark.parametrize(("kind", "element", "requirement"), list(contents(Grade.REMARK)))
def test_a_content_that_is_only_remarked_taken_away(kind: str, element: str, requirement: str) -> None:
    """The lines hold, each is worth 0.9, and exactly that is remarked, once."""
    case = block_with(element, kind)
    assert take_content(document(case, element), requirement) == {requirement}
    assessment = judged(case, element)
    assert_breaks(assessment, kind, set(), "", BreakKind.NO_DOCUMENT)
    lines = through(kind, element)
    for spec in lines_assessed(assessment, kind):
        worth = Fraction(9, 10) if spec.id in lines else 1
        assert line_of(assessment, spec.id).points == Bounds(worth, worth, worth, 1)
        lacks = trace_of(assessment, spec.id).remarks
        assert lacks == ((Lack(element, document_id(element), (requirement,)),) if spec.id in lines else ())
    (remark,) = [f for f in assessment.all_findings() if f.kind is FindingKind.REMARK]
    assert (remark.fingerprint, remark.lacks) == (f"remark:{element}:{requirement}", (requirement,))
    assert (remark.documents, set(remark.lines)) == ((document_id(element),), lines)
    assert assessment.complete, "a remark does not make a school incomplete"
    assert assessment.tally.remarked == len(lines)


def test_what_breaks_a_line_and_what_is_remarked() -> None:
    """A line breaks for what a founding document names, and for what makes a document a document at all."""
    nature = {"filled", "window", "current", "number", "date", "dated"}
    named = {"goals", "tasks", "deadlines", "responsible", "addressee", "kind", "published"}
    broken: dict[str, set[str]] = {}
    for _, element, requirement in contents(Grade.BREAKS):
        broken.setdefault(requirement, set()).add(element)
    assert set(broken) == nature | named
    assert broken["kind"] == {f"B{n}-D01" for n in range(1, 7)}
    assert not [e for e in broken["responsible"] if not e.startswith(("B2-M", "B3-M", "B4-M", "B5-M"))]
    assert not [e for r in ("goals", "tasks", "deadlines") for e in broken[r] if e.startswith("B6")]


@pytest.mark.parametrize("element", [e for k, e in ELEMENTS if k == "full" and "-RC" in e])
def test_recommendations_to_somebody_else_have_no_addressee(element: str) -> None:
    expected = expectation().elements[element].addressees
    case = block_with(element)
    document(case, element)["addressees"] = ["administration"]
    assessment = judged(case, element)
    if not expected:
        assert assessment.complete, "where the ruleset names nobody, any addressee will do"
        return
    for line in through("full", element):
        assert near_miss(assessment, line).lacks == ("addressee",)


ITEMS = [e.id for e in expectation().elements.values() if e.id not in KINDS["full"].on_lines()]


MEASURES = {e.block: e.id for e in expectation().elements.values() if e.stage == "measure"}


@pytest.mark.parametrize("element", ITEMS)
def test_an_element_outside_the_lines_taken_away_is_found_and_breaks_nothing(element: str) -> None:
    assessment = assessed(without_document(complete("full"), document_id(element)))
    assert_breaks(assessment, "full", set(), "", BreakKind.NO_DOCUMENT)
    found = [(f.kind, f.element, f.fingerprint, f.severity) for f in assessment.all_findings()]
    severity = ruleset().stages[ruleset().elements[element].stage].absence
    assert found == [(FindingKind.ABSENCE, element, f"absence:{element}", severity)]
    assert assessment.cycle.points == 6
    outcome = {item.element: item.outcome for block in assessment.blocks for item in block.items}
    assert [e for e, o in outcome.items() if o is not Outcome.MET] == [element]
    assert outcome[element] is Outcome.MISSING


def item_contents(grade: Grade) -> Iterator[tuple[str, str]]:
    for element in ITEMS:
        for requirement in expectation().elements[element].requires:
            alone = requirement != "own_address"
            if alone and expectation().grade(expectation().elements[element], requirement) is grade:
                yield element, requirement


@pytest.mark.parametrize(
    ("element", "requirement"),
    [(e, r) for e, r in item_contents(Grade.BREAKS) if r not in ("filled", "measures_exist")],
)
def test_an_element_outside_the_lines_without_a_content_is_incomplete(element: str, requirement: str) -> None:
    case = block_with(element)
    unmet = take_content(document(case, element), requirement) & expectation().breaking[element]
    assessment = judged(case, element)
    assert_breaks(assessment, "full", set(), "", BreakKind.NO_DOCUMENT)
    (item,) = [i for b in assessment.blocks for i in b.items if i.outcome is not Outcome.MET]
    none_at_all = ruleset().requirements[requirement].of_presence
    outcome = Outcome.MISSING if none_at_all else Outcome.PARTIAL
    assert (item.element, item.outcome, item.automatic) == (element, outcome, outcome)
    ((offered, lacks),) = item.lacks
    assert (offered, set(lacks)) == (document_id(element), unmet)
    incomplete = [f for f in assessment.all_findings() if f.kind is not FindingKind.WARNING]
    kind = FindingKind.ABSENCE if none_at_all else FindingKind.INCOMPLETE
    assert [(f.kind, f.element) for f in incomplete] == [(kind, element)]


@pytest.mark.parametrize(("element", "requirement"), list(item_contents(Grade.REMARK)))
def test_an_element_outside_the_lines_is_remarked_too(element: str, requirement: str) -> None:
    case = block_with(element)
    take_content(document(case, element), requirement)
    assessment = judged(case, element)
    assert remarked(assessment) == {(document_id(element), requirement)}
    assert {i.outcome for b in assessment.blocks for i in b.items} == {Outcome.MET}
    assert assessment.cycle.points == assessment.cycle.max


@pytest.mark.parametrize("block", sorted(MEASURES))
def test_an_analysis_of_effect_needs_measures(block: str) -> None:
    assessment = assessed(without_document(complete("full"), document_id(MEASURES[block])))
    (item,) = [i for b in assessment.blocks for i in b.items if i.outcome is not Outcome.MET]
    assert (item.element, item.outcome) == (f"{block}-E01", Outcome.PARTIAL)
    assert item.lacks == ((document_id(f"{block}-E01"), ("measures_exist",)),)
