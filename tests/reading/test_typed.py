"""What people type is understood: the kinds of `reports/typed.yml`, and dates and numbers as they are written."""

from __future__ import annotations

from datetime import date

import pytest

from vsoko_rules.errors import did_you_mean
from vsoko_rules.reading.typed import is_guessed, means_above, typed_date, typed_flag, typed_number, typed_whole
from vsoko_rules.reading.word_list import WordList

ZERO = date(1899, 12, 30)
DATES = (
    "14.02.2022", "14.02.2022 г.", "14.02.2022г", "14.2.2022", "14/02/2022", "14-02-2022", "2022-02-14", "14.02.22",
    "14 февраля 2022 г.", "«14» февраля 2022 года", "от 14.02.2022", "44606", "2022-02-14 00:00:00",
)  # fmt: skip


@pytest.mark.parametrize("text", DATES)
def test_dates(text: str) -> None:
    assert typed_date(text, ZERO) == "2022-02-14"
    assert is_guessed(text) == (text in ("14.02.22", "44606"))


@pytest.mark.parametrize("text", ["32.13.2022", "когда-то", "2022", "14.02", "", "г.", "31 июня 2022 г.", "14 х 2022"])
def test_what_is_no_date(text: str) -> None:
    assert typed_date(text, ZERO) is None


def test_a_number_of_days_means_nothing_without_the_day_from_which_they_are_counted() -> None:
    assert typed_date("42997", date(1904, 1, 1)) == "2021-09-20"
    assert typed_date("42997", None) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("82,5", "82.5"), ("91,2 %", "91.2"), ("91.2%", "91.2"), ("87 чел.", "87"), ("1\u00a0024", "1024"),
        ("−5", "-5"), ("12 лет", None), ("5-7", None), ("1e999", None), ("много", None),
    ],
)  # fmt: skip
def test_numbers(text: str, number: str | None) -> None:
    assert typed_number(text) == number
    assert typed_whole(text) == (number if number is not None and "." not in number else None)


def test_yes_no_and_as_above() -> None:
    assert [typed_flag(text) for text in ("Да", "+", "V", "нет", "—", "наверное")] == ["true"] * 3 + ["false"] * 2 + [
        None
    ]
    assert means_above("См. выше")
    assert not means_above("Приказ выше")


def test_a_list_is_divided_as_people_divide_it() -> None:
    levels = WordList((level, level) for level in ("НОО", "ООО", "СОО"))
    for cell in ("НОО; ООО", "НОО, ООО", "НОО\nООО", "НОО и ООО"):
        assert levels.split(cell) == ["НОО", "ООО"]


def test_letters_of_the_other_alphabet_are_named() -> None:
    assert did_you_mean("\u0412\u0031-\u041c02", ["B1-M01", "B1-M02"]) == (
        "Похожие буквы другого алфавита: «\u0412», «\u041c» — кириллица, нужны латинские: «B1-M02»."
    )
    latin = "HOO"
    assert latin.isascii()
    said = WordList((level, level) for level in ("НОО", "ООО", "СОО")).hint(latin)
    assert said == "Похожие буквы другого алфавита: «H», «O» — латиница, нужны русские: «НОО»."
    assert did_you_mean("B1-M03", ["B1-M02"]) == "Возможно, имелось в виду «B1-M02»."
