"""Proofs of what holds, and the nearest ways to what does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import Data, assessed, chain_case, complete_case, document, document_id
from tests.engine.small import SCHEMA, program
from vsoko_rules.advice.explain import Explainer
from vsoko_rules.advice.proof_records import OPEN, Compared, Proof
from vsoko_rules.engine.compiler import compile_rule
from vsoko_rules.engine.inference import conclude
from vsoko_rules.engine.language import Fact, Facts, Given
from vsoko_rules.engine.names import EngineName
from vsoko_rules.verdict.assessment import Assessment


def explainer(assessment: Assessment) -> Explainer:
    return Explainer(assessment.case, assessment.ruleset, assessment.derivations)


def leaves(proof: Proof) -> list[Proof]:
    return [proof] if not proof.premises else [leaf for p in proof.premises for leaf in leaves(p)]


def test_every_conclusion_of_a_complete_school_has_a_proof_down_to_places() -> None:
    assessment = assessed(complete_case())
    why = explainer(assessment).why
    for fact in assessment.derivations.supports:
        proofs = why(fact)
        assert proofs, fact
        assert [p.size for p in proofs] == sorted(p.size for p in proofs)
        assert all(leaf.rule is None for leaf in leaves(proofs[0]))
        stated = [leaf for leaf in leaves(proofs[0]) if leaf.fact in assessment.derivations.facts.stated]
        assert stated
        assert all(leaf.place is not None and leaf.place.line for leaf in stated)


def test_what_holds_needs_no_excuse_and_what_does_not_has_no_proof() -> None:
    assessment = assessed(chain_case("B1"))
    held: Fact = ("credited", document_id("B1-A01"), "B1-A01")
    missing: Fact = ("credited", document_id("B1-A01"), "B1-P01")
    assert explainer(assessment).why_not(held) == ()
    assert explainer(assessment).why(missing) == ()


def test_a_missing_content_is_named_alone() -> None:
    case = chain_case("B1")
    document(case, "B1-M02")["holds"].remove("deadlines")
    attempt = explainer(assessed(case)).why_not(("credited", document_id("B1-M02"), "B1-M02"))[0]
    assert attempt.lacking == {("holds", document_id("B1-M02"), "deadlines")}
    assert attempt.missing == 1


def test_a_date_out_of_order_is_named_as_a_comparison() -> None:
    case = chain_case("B1")
    document(case, "B1-A01")["date"] = "2021-09-02"
    ground, element = document_id("B1-M02"), "B1-A01"
    attempt = explainer(assessed(case)).why_not(("linked", document_id(element), element, ground, "B1-M02"))[0]
    (lacking,) = attempt.lacking
    assert isinstance(lacking, Compared)
    assert (lacking.sign, lacking.column, lacking.left < lacking.right) == (">=", "day", True)


def test_the_nearest_rule_comes_first() -> None:
    case = chain_case("B3")
    document(case, "B3-RC01")["addressees"] = ["students"]
    attempts = explainer(assessed(case)).why_not(("meets", document_id("B3-RC01"), "B3-RC01", "addressee"))
    assert [a.missing for a in attempts] == sorted(a.missing for a in attempts)
    assert attempts[0].missing == 1


def test_of_ways_that_lack_as_much_a_value_is_nearer_than_a_fact_and_then_the_first_rule() -> None:
    lies, good = {"lies": {"paper": "$p", "folder": "$f"}}, {"good": {"paper": "$p", "folder": "$f"}}
    signed, dated = ({"has": {"paper": "$p", "mark": mark}} for mark in ("signed", "dated"))
    day = {"paper": {"paper": "$p", "day": "$d"}}
    rules = [
        replace(compile_rule(SCHEMA, "rule", [lies, *when], where, good), id=name)
        for name, when, where in (
            ("two facts", [signed, dated], ()),
            ("a fact", [dated], ()),
            ("another fact", [signed], ()),
            ("two values", [day], ("$d >= 5", "$d >= 6")),
            ("a value", [day], ("$d >= 5",)),
        )
    ]
    facts = Facts(Given(()), [("lies", "p1", "f1"), ("paper", "p1", True, 4)])
    derived = conclude(program(*rules), facts, EngineName.PLAIN)
    any_case = assessed(chain_case("B1"))
    attempts = Explainer(any_case.case, any_case.ruleset, derived).why_not(("good", "p1", "f1"))
    assert [a.rule for a in attempts] == ["a value", "a fact", "another fact", "two values", "two facts"]


@pytest.mark.parametrize("near", ["a", "b"])
def test_of_facts_that_would_do_the_one_that_lacks_least_is_shown(near: str) -> None:
    """Whichever of them comes first."""
    when = [
        {"lies": {"paper": "$p", "folder": "$f"}},
        {"cites": {"paper": "$p", "cited": "$q"}},
        *({"has": {"paper": "$q", "mark": mark}} for mark in ("signed", "dated")),
    ]
    rule = compile_rule(SCHEMA, "rule", when, (), {"good": {"paper": "$p", "folder": "$f"}})
    stated: list[Fact] = [("lies", "p", "f"), ("cites", "p", "a"), ("cites", "p", "b"), ("has", near, "dated")]
    derived = conclude(program(rule), Facts(Given(()), stated), EngineName.PLAIN)
    any_case = assessed(chain_case("B1"))
    (attempt,) = Explainer(any_case.case, any_case.ruleset, derived).why_not(("good", "p", "f"))
    assert attempt.lacking == {("has", near, "signed")}


def test_conditions_are_explained_as_deep_as_asked() -> None:
    case = chain_case("B1")
    document(case, "B1-M02")["holds"].remove("deadlines")
    fact = ("credited", document_id("B1-M02"), "B1-M02")
    flat, deep = (explainer(assessed(case)).why_not(fact, depth)[0].fails for depth in (0, 1))
    assert [failed.why for failed in flat] == [()]
    assert [bool(failed.why) for failed in deep] == [True]


def test_of_proofs_as_short_the_first_rule_by_its_id_is_shown_beneath_a_conclusion_too() -> None:
    lies = {"lies": {"paper": "$p", "folder": "$f"}}
    good, told = {"good": {"paper": "$p", "folder": "$f"}}, {"told": {"topic": "found", "subject": "$p"}}
    ways = [({"has": {"paper": "$p", "mark": mark}}, mark) for mark in ("signed", "dated")]
    rules = [replace(compile_rule(SCHEMA, "rule", [lies, way], (), good), id=name) for way, name in ways]
    rules.append(replace(compile_rule(SCHEMA, "rule", [good], (), told), id="told"))
    stated = [("lies", "p1", "f1"), ("has", "p1", "signed"), ("has", "p1", "dated")]
    derived = conclude(program(*rules), Facts(Given(()), stated), EngineName.PLAIN)
    any_case = assessed(chain_case("B1"))
    why = Explainer(any_case.case, any_case.ruleset, derived).why
    assert [proof.rule for proof in why(("good", "p1", "f1"))] == ["dated", "signed"]
    (proof,) = why(("told", "found", "p1"))
    assert [premise.rule for premise in proof.premises] == ["dated"]


def _stated(lacking: frozenset[Any]) -> list[Fact]:
    """What is lacking, as facts to state: a column that may be anything takes some value."""
    return [
        tuple("teachers" if value is OPEN else value for value in fact) for fact in lacking if isinstance(fact, tuple)
    ]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Data, str]:
    """A complete block with some contents, addressees and grounds of one document removed, and its element."""
    block = draw(st.sampled_from(["B1", "B2", "B3", "B4", "B5", "B6"]))
    case = chain_case(block)
    element = draw(st.sampled_from([d["serves"][0] for d in case["documents"]]))
    found = document(case, element)
    for key in ("holds", "addressees", "based_on"):
        listed = found.get(key, [])
        removed = draw(st.sets(st.sampled_from(listed), max_size=3)) if listed else set()
        found[key] = [value for value in listed if value not in removed]
    return case, element


@given(damaged())
def test_making_exactly_what_is_named_true_makes_the_conclusion_true(damage: tuple[Data, str]) -> None:
    """For each document: why it is not credited, and why it does not rest on its ground."""
    case, element = damage
    assessment = assessed(case)
    derived, why_not = assessment.derivations, explainer(assessment).why_not
    wanted: list[Fact] = [("credited", document_id(element), element)]
    follows = assessment.expectation.elements[element].follows
    wanted += [("linked", document_id(element), element, document_id(before), before) for before in follows]
    for fact in wanted:
        attempts = why_not(fact)
        assert bool(attempts) is not explainer(assessment).holds(fact)
        for attempt in attempts[:1]:
            named = _stated(attempt.lacking)
            assert len(named) == attempt.missing
            mended = Facts(derived.facts.given, [*derived.facts.stated, *named])
            assert fact in conclude(derived.program, mended, EngineName.PLAIN).supports
            for spared in named:
                rest = Facts(derived.facts.given, [*derived.facts.stated, *(f for f in named if f != spared)])
                assert fact not in conclude(derived.program, rest, EngineName.PLAIN).supports
