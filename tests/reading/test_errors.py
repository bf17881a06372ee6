"""What an error says: the place, what was found, what was expected, what to do; at most 20 and a count."""

from __future__ import annotations

import pytest

from vsoko_rules.errors import (
    MOST_PROBLEMS,
    EnginesDisagree,
    ExitCode,
    InputError,
    OutputError,
    Place,
    Problem,
    RulesetError,
    VsokoError,
    shorten,
)


def test_a_problem_reads_as_one_sentence_with_its_place() -> None:
    place = Place("school.yml", 4, 11)
    assert str(Problem(place, "плохо")) == "school.yml:4:11: плохо."
    full = Problem(place, "плохо", "найденное", "ожидаемое", "Подсказка.")
    assert str(full) == "school.yml:4:11: плохо; найдено: «найденное»; ожидалось: ожидаемое. Подсказка."
    assert str(Place("form.xlsx", cell="Документы!B4")) == "form.xlsx, Документы!B4"


@pytest.mark.parametrize("length", [79, 80, 81, 5000])
def test_a_value_is_cut_to_eighty_characters(length: int) -> None:
    short = shorten("я" * length)
    assert len(short) == min(length, 80)
    assert short.endswith("…") is (length > 80)


def test_a_value_cannot_break_the_line_or_steer_the_terminal() -> None:
    assert shorten("a\nb\x1b[31m\u202ec\0") == "a b [31m c "


@pytest.mark.parametrize("number", [1, MOST_PROBLEMS, MOST_PROBLEMS + 1, 1000])
def test_twenty_problems_are_listed_and_the_rest_counted(number: int) -> None:
    error = InputError(Problem(Place("f", n + 1, 1), "плохо") for n in reversed(range(number)))
    lines = str(error).splitlines()
    assert lines[0].startswith("f:1:1:")
    assert len(lines) == min(number, MOST_PROBLEMS) + (number > MOST_PROBLEMS)
    assert len(error.problems) == number
    if number > MOST_PROBLEMS:
        assert str(number - MOST_PROBLEMS) in lines[-1]


def test_problems_are_in_the_order_of_the_file_and_said_once() -> None:
    second, first = Problem(Place("f", 10, 2), "б"), Problem(Place("f", 9, 30), "а")
    assert InputError([second, first, second]).problems == (first, second)


def test_each_kind_of_error_has_its_exit_code() -> None:
    codes = {kind: kind.exit_code for kind in (InputError, RulesetError, OutputError, EnginesDisagree)}
    assert codes == {
        InputError: ExitCode.BAD_INPUT,
        RulesetError: ExitCode.BAD_RULESET,
        OutputError: ExitCode.BAD_INPUT,
        EnginesDisagree: ExitCode.INTERNAL,
    }
    assert all(issubclass(kind, VsokoError) for kind in codes)
    assert [code.value for code in ExitCode] == [0, 1, 2, 3, 4]
