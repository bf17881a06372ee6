"""The whole pipeline: reviewed blocks, notices, old codes, several rulesets, warnings, fingerprints of findings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import (
    Data,
    add_copy,
    assessed,
    block_of,
    break_of,
    chain_case,
    child_ruleset,
    complete_case,
    document,
    ruleset,
    school_case,
    without_document,
)
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.ruleset.model import Severity
from vsoko_rules.verdict.assessment import Assessment, FindingKind, reassess


def warnings(assessment: Assessment) -> list[tuple[str | None, str | None, str | None, tuple[str, ...]]]:
    """Rule, block, element and documents of each warning."""
    found = [f for f in assessment.all_findings() if f.kind is FindingKind.WARNING]
    return [(f.rule, f.block, f.element, f.documents) for f in found]


# Old codes and other rulesets


def test_an_old_code_of_an_element_serves_the_new_one_with_a_notice(tmp_path: Path) -> None:
    renamed = child_ruleset(tmp_path, "elements:\n  - {id: B6-A01, aliases: [B6-OLD]}\n")
    case = chain_case("B6")
    document(case, "B6-A01")["serves"] = ["B6-OLD"]
    assessment = assessed(case, renamed)
    assert block_of(assessment, "B6").cycle.percent == 100
    (notice,) = assessment.notices
    assert (notice.found, notice.expected) == ("B6-OLD", "B6-A01")
    assert notice.place.line is not None


def test_a_warning_on_a_document_with_an_old_code_stands_in_its_block(tmp_path: Path) -> None:
    renamed = child_ruleset(tmp_path, "elements:\n  - {id: B6-A01, aliases: [B6-OLD]}\n")
    case = chain_case("B6")
    document(case, "B6-A01").update(serves=["B6-OLD"], remarks=["proven_cause"])
    assert warnings(assessed(case, renamed)) == [("cause-called-proven", "B6", "B6-A01", ("d-b6-a01",))]


def test_a_decision_may_name_an_element_by_its_old_code(tmp_path: Path) -> None:
    renamed = child_ruleset(tmp_path, "elements:\n  - {id: B6-A01, aliases: [B6-OLD]}\n")
    decision = {"of": "B6-OLD", "outcome": "met", "by": "Эксперт 1", "date": "2022-10-21", "comment": "Видел"}
    case = {**without_document(chain_case("B6"), "d-b6-a01"), "overrides": [decision]}
    assert block_of(assessed(case, renamed), "B6").cycle.percent == 100
    twice = {**case, "overrides": [decision, {**decision, "of": "B6-A01", "outcome": "missing"}]}
    with pytest.raises(InputError):
        assessed(twice, renamed)


def test_codes_of_another_ruleset_are_passed_over_when_both_are_asked_for(tmp_path: Path) -> None:
    text = """
elements:
  - {id: B6-X99, block: B6, stage: goal, title: Ещё одна цель, origin: proposed}
requirements:
  - {id: seal, title: печать, ask: есть печать, given_by: holds, fault: Нет, severity: minor, why: Надо,
     mend: {steps: [Поставьте], effort: 0.1}, example: М. П., origin: proposed}
"""
    other = child_ruleset(tmp_path, text, "other")
    case = chain_case("B6")
    document(case, "B6-G01")["serves"].append("B6-X99")
    document(case, "B6-G01")["holds"].append("seal")
    with pytest.raises(InputError) as caught:
        assessed(case)
    assert [p.found for p in caught.value.problems] == ["B6-X99", "seal"]
    assert block_of(assessed(case, others=[other]), "B6").cycle.percent == 100
    assert assessed(case, other, others=[ruleset()]).ruleset is other


def test_a_former_code_of_a_requirement_still_counts(tmp_path: Path) -> None:
    renamed = child_ruleset(tmp_path, "requirements: [{id: target, aliases: [aim]}]\n")
    case = chain_case("B6")
    held = document(case, "B6-G01")["holds"]
    held[held.index("target")] = "aim"
    found = assessed(case, renamed)
    assert block_of(found, "B6").cycle.percent == 100
    assert [(n.message, n.found, n.expected) for n in found.notices] == [("прежний код требования", "aim", "target")]


def test_a_case_filled_for_another_ruleset_gets_a_notice(tmp_path: Path) -> None:
    case = {**chain_case("B6"), "ruleset": "bashkortostan-2022"}
    assert assessed(case).notices == ()
    (notice,) = assessed(case, child_ruleset(tmp_path, "")).notices
    assert (notice.found, notice.expected) == ("bashkortostan-2022", "child")


# Complete


def test_complete_means_every_line_and_nothing_blocking() -> None:
    case = complete_case()
    assert assessed(case).complete
    document(case, "B1-A01")["remarks"] = ["proven_cause"]
    assert assessed(case).complete, "a lesser warning does not make a school incomplete"
    document(case, "B1-A01")["remarks"] = ["pupil_names"]
    assessment = assessed(case)
    assert not assessment.complete
    assert assessment.all_findings()[0].severity is Severity.BLOCKING


def test_a_block_not_gone_through_is_not_complete() -> None:
    assert not assessed({**chain_case("B1"), "reviewed": ["B1"]}).complete


def test_findings_come_gravest_first() -> None:
    case = without_document(complete_case(), "d-b1-p01")
    document(case, "B6-A01")["remarks"] = ["pupil_names", "proven_cause"]
    order = [severity.value for severity in Severity]
    found = [order.index(f.severity.value) for f in assessed(case).all_findings()]
    assert found == sorted(found)
    assert len(set(found)) >= 3


# Warnings


def test_a_document_named_like_an_element_is_not_taken_for_it() -> None:
    case = school_case([{"id": "B1-M02", "title": "Отчёт", "serves": ["B6-A01"], "remarks": ["proven_cause"]}])
    assert warnings(assessed(case)) == [("cause-called-proven", "B6", "B6-A01", ("B1-M02",))]


def test_a_warning_on_a_document_of_no_element_belongs_to_no_block() -> None:
    case = school_case([{"id": "d1", "title": "Отчёт", "remarks": ["proven_cause"]}])
    assessment = assessed(case)
    assert warnings(assessment) == [("cause-called-proven", None, None, ("d1",))]
    assert [f.fingerprint for f in assessment.findings] == ["warning:cause-called-proven:d1"]


@pytest.mark.parametrize("serves", [["B1-A01", "B2-A01"], ["B2-A01", "B1-A01"]])
def test_a_warning_on_a_document_of_several_elements_stands_at_the_first_of_the_ruleset(serves: list[str]) -> None:
    case = school_case([{"id": "d1", "title": "Отчёт", "serves": serves, "remarks": ["proven_cause"]}])
    assert warnings(assessed(case)) == [("cause-called-proven", "B1", "B1-A01", ("d1",))]


@pytest.mark.parametrize(
    ("field", "value", "warns"),
    [
        ("days_between", 17, True),
        ("days_between", 18, False),
        ("share", "10", False),
        ("share", "10.01", True),  # any part over the limit is over it
        ("share", "9.99", False),
        ("per_day", 1, False),
        ("per_day", 2, True),
    ],
)
def test_the_load_of_procedures_at_its_limits(field: str, value: object, warns: bool) -> None:
    procedure = {"id": "p1", "subject": "Физика", "grade": 7, field: value}
    assert bool(warnings(assessed(school_case(procedures=[procedure])))) is warns


@pytest.mark.parametrize(
    ("sample", "rule"),
    [
        (0, "firm-conclusion-under-20"),
        (19, "firm-conclusion-under-20"),
        (20, "firm-conclusion-under-50"),
        (49, "firm-conclusion-under-50"),
        (50, None),
        (None, "firm-conclusion-unsized"),
    ],
)
def test_a_firm_conclusion_on_a_small_sample(sample: int | None, rule: str | None) -> None:
    report = {"id": "d1", "title": "Отчёт", "serves": ["B1-A01"], "remarks": ["firm_conclusion"], "sample": sample}
    assert [w[0] for w in warnings(assessed(school_case([report])))] == ([rule] if rule else [])


def test_a_level_that_the_goals_leave_out_is_a_lesser_finding_and_no_break() -> None:
    case = chain_case("B4")
    document(case, "B4-G01")["covers"] = ["НОО", "ООО"]
    assessment = assessed(case)
    assert ("goal-omits-level", "B4", "B4-G01", ("d-b4-g01",)) in warnings(assessment)
    assert block_of(assessment, "B4").cycle.percent == 100
    add_copy(case, "B4-G01", "d-more", covers=["СОО"])
    assert not warnings(assessed(case)), "what another document of the goal covers is not left out"
    assert not warnings(assessed(chain_case("B4"))), "a goal that states no levels omits none"


# Fingerprints


def moved(case: Data) -> Data:
    """The same school a year later: other dates, ids, titles and order of documents."""
    names = {d["id"]: f"n{number}" for number, d in enumerate(case["documents"])}
    return {
        **case,
        "study": {"year": 2023, "from": "2022-09-01", "to": "2023-10-31"},
        "documents": [
            {
                **d,
                "id": names[d["id"]],
                "title": "Другой",
                "date": str(int(d["date"][:4]) + 1) + d["date"][4:] if "date" in d else None,
                "based_on": [names[g] for g in d["based_on"]],
            }
            for d in reversed(case["documents"])
        ],
    }


def test_the_same_fault_has_the_same_fingerprint_a_year_later() -> None:
    case = without_document(complete_case(), "d-b1-m01")
    document(case, "B2-A01").pop("date")
    document(case, "B2-M01")["holds"].remove("signature")
    document(case, "B3-RC01")["based_on"] = []
    document(case, "B4-D01")["date"] = document(case, "B4-M01")["date"]
    document(case, "B6-A01")["remarks"] = ["proven_cause"]
    case = without_document(case, "d-b5-e01")
    first, second = assessed(case), assessed(moved(case))
    fingerprints = [f.fingerprint for f in first.all_findings()]
    assert sorted(fingerprints) == sorted(f.fingerprint for f in second.all_findings())
    assert set(fingerprints) >= {
        "break:B1-M01:no_document",
        "break:B2-A01:requirements",
        "break:B3-RC01:not_based",
        "break:B4-D01:dated_before",
        "remark:B2-M01:signature",
        "warning:cause-called-proven:B6-A01",
        "absence:B5-E01",
    }
    assert len(set(fingerprints)) == len(fingerprints)


def test_lines_that_break_alike_are_one_finding_with_all_of_them() -> None:
    assessment = assessed(without_document(chain_case("B4"), "d-b4-a01"))
    (finding,) = [f for f in block_of(assessment, "B4").findings if f.kind is FindingKind.BREAK]
    assert finding.lines == tuple(line.spec.id for line in block_of(assessment, "B4").lines)
    assert {t.break_ for t in finding.traces} != {None}
    for line in finding.lines:
        assert break_of(assessment, line).element == finding.element == "B4-A01"


# A changed copy of a case


def test_a_changed_case_is_assessed_by_the_engine_asked_for_or_else_by_the_same() -> None:
    before = assessed(school_case())
    assert reassess(before, before.case).engine == "plain"
    by_both = replace(before, engine="both")
    assert reassess(by_both, before.case, EngineName.PLAIN).engine == "plain"
