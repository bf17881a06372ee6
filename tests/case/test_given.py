"""A case given as bytes or as plain data: the same case, the same checks, places in the words of a school."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Data, complete_case, document, ruleset, school_case
from vsoko_rules.case.reader import case_of_data, check_case, parse_case, read_case
from vsoko_rules.case.write import plain_data
from vsoko_rules.errors import InputError
from vsoko_rules.resources import shipped

SHIPPED = sorted(shipped("cases").glob("*.yml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_same_case_from_a_file_from_bytes_and_from_data(path: Path) -> None:
    case = read_case(path)
    assert parse_case(path.read_bytes(), str(path)).content == case.content
    assert parse_case(path.read_bytes(), str(path)).sha256 == case.sha256
    assert case_of_data(plain_data(case.content)).content == case.content
    assert case_of_data(case.source.data).content == case.content


def test_the_fingerprint_is_that_of_what_is_said() -> None:
    data = complete_case()
    assert case_of_data(data).sha256 == case_of_data(copy.deepcopy(data)).sha256
    document(data, "B1-M01")["title"] = "Другой приказ"
    assert case_of_data(data).sha256 != case_of_data(complete_case()).sha256


def test_values_may_be_numbers_and_dates() -> None:
    data = school_case(
        [{"id": "d1", "title": "Т", "date": date(2022, 2, 14), "page": 3, "blank": True, "serves": ("B1-M01",)}],
        indicators={"B1-I01": {"value": Decimal("82.5"), "target": 90.25, "documents": ["d1"]}},
    )
    case = case_of_data(data).content
    (one,) = case.documents
    assert (one.date, one.page, one.blank, one.serves) == (date(2022, 2, 14), 3, True, ("B1-M01",))
    assert (case.indicators["B1-I01"].value, case.indicators["B1-I01"].target) == (Decimal("82.5"), Decimal("90.25"))


def wrong(change: Any) -> list[str]:
    data: Data = complete_case()
    change(data)
    with pytest.raises(InputError) as caught:
        check_case(case_of_data(data), ruleset())
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (lambda d: d["documents"][3].update(date="вчера"), "документ {id}, поле «Дата»", "дата вида ГГГГ-ММ-ДД"),
        (lambda d: d["documents"][3].update(page=float("nan")), "документ {id}, поле «Страница»", "найдено: «nan»"),
        (lambda d: d["documents"][3].update(nomer="1"), "документ {id}, поле «nomer»", "неизвестный ключ"),
        (lambda d: d["documents"][3].update(based_on=["нет"]), "документ {id}, поле «На какие", "с таким кодом нет"),
        (lambda d: d["documents"][3].update(file="../x.pdf"), "документ {id}, поле «Файл»", "файл вне папки"),
        (lambda d: d["documents"][3].pop("id"), "документ № 4, поле «Код документа»", "нет обязательного ключа"),
        (lambda d: d["documents"].append("строка"), "документ № ", "набор «ключ: значение»"),
        (lambda d: d["school"].update(levels=[]), "поле «Уровни образования»", "хотя бы одно значение"),
        (lambda d: d["study"].update(year="давно"), "поле «Год исследования»", "целое число"),
        (lambda d: d.update(indicators={"И1": {"mark": "много"}}), "показатель И1, поле «Отметка»", "ожидалось: число"),
        (lambda d: d.pop("school"), "поле «Школа»", "нет обязательного ключа"),
        (lambda d: d["school"].update(counts={"нет": 1}), "поле «Численность»", "числа с таким кодом нет"),
    ],
)
def test_errors_name_the_document_and_the_field(change: Any, where: str, what: str) -> None:
    (message,) = wrong(change)
    place = where.format(id=complete_case()["documents"][3]["id"])
    assert message.startswith(f"данные школы, {place}")
    assert what in message


@pytest.mark.parametrize("data", [[], {"a": {"b": ["\ud800"]}}, {}])
def test_what_is_no_case_is_refused(data: Any) -> None:
    with pytest.raises(InputError, match=r"\Aшкола 12"):
        case_of_data(data, "школа 12")


def test_what_holds_itself_is_refused() -> None:
    data = complete_case()
    data["documents"].append(data)
    with pytest.raises(InputError, match="не глубже 20 уровней"):
        case_of_data(data)
