"""What to do first: the gravest that the school can mend, of equally grave things what holds up most lines."""

from __future__ import annotations

from tests.report.pages import SHIPPED, shipped
from vsoko_rules.ruleset.model import Severity
from vsoko_rules.verdict.findings import FindingKind


def test_the_gravest_comes_first_then_what_holds_up_most_lines() -> None:
    gravity = list(Severity)
    for name in SHIPPED:
        ranks = [(gravity.index(f.severity), -len(f.lines)) for f in shipped(name).to_do()]
        assert ranks == sorted(ranks), name


def test_what_an_expert_decided_or_marked_is_not_for_the_school() -> None:
    decided = shipped("resheniya-eksperta")
    left_out = [f for f in decided.all_findings() if f not in decided.to_do()]
    assert left_out
    assert all(f.element in decided.decisions for f in left_out)
    marked = shipped("pokazateli-tver")
    left_out = [f for f in marked.all_findings() if f not in marked.to_do()]
    assert {f.kind for f in left_out} == {FindingKind.WARNING, FindingKind.CONTRADICTION}
    assert all(f.rule is None or f.rule.startswith(("zero-", "mark-")) for f in left_out)


def test_a_warning_about_a_decided_element_is_still_to_do() -> None:
    """Names of pupils in an open document wait for nobody's decision."""
    first = shipped("preduprezhdeniya").to_do()[0]
    assert (first.kind, first.severity) == (FindingKind.WARNING, Severity.BLOCKING)
