"""What the shipped ruleset expects: nineteen lines, and what becomes of them in schools of other kinds."""

from __future__ import annotations

from collections import Counter

from tests.builders import expectation, ruleset
from vsoko_rules.ruleset.expectation import Expectation


def lines_per_block(expected: Expectation) -> dict[str, int]:
    return dict(Counter(line.block for line in expected.lines))


def test_nineteen_lines_four_two_three_five_three_two() -> None:
    lines = ruleset().lines
    assert Counter(line.block for line in lines) == {"B1": 4, "B2": 2, "B3": 3, "B4": 5, "B5": 3, "B6": 2}
    assert len({line.id for line in lines}) == len(lines) == 19


def test_every_line_passes_each_component_once_in_order() -> None:
    for line in ruleset().lines:
        stages = tuple(ruleset().elements[e].stage for e in line.elements)
        assert stages == ruleset().components, line.id
        assert {ruleset().elements[e].block for e in line.elements} == {line.block}


def test_every_component_element_stands_on_a_line_and_no_other_does() -> None:
    on_lines = {e for line in ruleset().lines for e in line.elements}
    chain = {e.id for e in ruleset().elements.values() if ruleset().stages[e.stage].component}
    assert on_lines == chain


def test_goal_three_of_block_four_has_three_monitorings_and_the_goal_of_block_six_two() -> None:
    by_goal = Counter(line.elements[0] for line in ruleset().lines)
    assert (by_goal["B4-G03"], by_goal["B6-G01"]) == (3, 2)


def test_a_nine_year_school_is_not_asked_for_university_admission() -> None:
    expected = expectation(("НОО", "ООО"))
    assert lines_per_block(expected)["B4"] == 4
    assert "B4-M05" in expected.inapplicable
    assert expected.elements["B4-D01"].title == "Приказ директора о программе профориентационной работы"
    assert "profile_class" not in expected.elements["B4-D01"].requires
    assert {"number", "date", "decision", "executors", "control"} <= set(expected.elements["B4-D01"].requires)


def test_a_school_with_senior_grades_opens_profile_classes() -> None:
    order = expectation().elements["B4-D01"]
    assert order.title == "Приказ об открытии профильных классов"
    assert {"profile", "profile_class"} <= set(order.requires)


def test_a_primary_school_has_no_state_exams() -> None:
    expected = expectation(("НОО",))
    assert lines_per_block(expected) == {"B1": 2, "B2": 2, "B3": 3, "B4": 1, "B5": 3, "B6": 2}
    assert {"B1-M03", "B1-M04"} <= set(expected.inapplicable)  # functional literacy is asked of grades 5-9, exams of 9


def test_without_young_teachers_two_lines_end_with_teachers_who_have_deficits() -> None:
    expected = expectation(counts={"young_teachers": 0})
    assert lines_per_block(expected)["B5"] == 2
    assert {"B5-G03", "B5-M03"} <= set(expected.inapplicable)
    assert expected.elements["B5-RC01"].addressees == ("deficit_teachers",)
    assert "pairs" not in expected.elements["B5-P01"].requires
    assert "педагогов с профессиональными дефицитами" in expected.elements["B5-D01"].title


def test_a_count_that_is_not_stated_excludes_nothing() -> None:
    assert lines_per_block(expectation())["B5"] == lines_per_block(expectation(counts={"young_teachers": 1}))["B5"] == 3


def test_analysis_of_every_block_says_how_the_contradiction_is_settled() -> None:
    for block in ("B3", "B4", "B5", "B6"):
        analysis = ruleset().elements[f"{block}-A01"]
        assert analysis.origin.value == "derived"
        assert analysis.note is not None
        assert "противоречие" in analysis.note
    assert {ruleset().elements[f"{block}-A01"].origin.value for block in ("B1", "B2")} == {"seed"}


def test_what_is_expected_is_worked_out_once_for_a_kind_of_school() -> None:
    assert expectation(counts={"students": 5}) is expectation(counts={"students": 900})


def test_requirements_of_the_stage_are_united_with_those_of_the_element() -> None:
    requires = expectation().elements["B1-M02"].requires
    assert set(ruleset().stages["monitoring"].requires) | {"goals", "tasks", "deadlines"} == set(requires)
    assert requires["goals"].value == "seed"
