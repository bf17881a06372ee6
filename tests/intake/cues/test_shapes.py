"""Numbers and dates as they stand in documents of schools."""

from __future__ import annotations

import pytest

from vsoko_rules.intake.cues.shapes import Shape, shaped


def values(shape: Shape, line: str) -> list[str | None]:
    return [piece.value for piece in shaped(line) if piece.shape is shape]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("приказ № 01-12-121 от 01.09.2021", "01-12-121"),
        ("Пр. № 112/ 2.4.3 от 1.09.2021", "112/2.4.3"),
        ("№ К/76 -од", "К/76-од"),
        ("от 30.08.2021г. №01-03\\482", "01-03\\482"),
        ("№ 52-0/3", "52-0/3"),
        ("Положение № 12.3.-22", "12.3.-22"),
        ("№ _1_от 25.08.2014", "1"),
        ("№ 209–о", "209-о"),
        ("№ 195 - о", "195-о"),
        ("протокол № 1 – план принят", "1"),
        ("№ 38-од. О проведении", "38-од"),
        ("N 7-од", "7-од"),
        ("№ 189/1513)", "189/1513"),
        ("№ 273-ФЗ «Об образовании»", "273-ФЗ"),
    ],
)
def test_numbers(line: str, number: str) -> None:
    assert values(Shape.NUMBER, line) == [number]


@pytest.mark.parametrize("line", ["№ п/п", "№ ___", "Приказ №________", "от 9.01.2023 № -о", "№ от 25.08.2014"])
def test_what_is_no_number(line: str) -> None:
    assert values(Shape.NUMBER, line) == []


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("24.02.2022", "2022-02-24"),
        ("от 25.08.2022 г.", "2022-08-25"),
        ("«28» августа 2024 года", "2024-08-28"),
        ("01 сентября 2022 г.", "2022-09-01"),
        ("от «11» октября 2021 года", "2021-10-11"),
        ("« 3 » марта 2022", "2022-03-03"),
        ("_12_ _апреля_ 2024_г", "2024-04-12"),
        ("30.08.2021г.", "2021-08-30"),
        ("01.09.22", "2022-09-01"),
        ("12–16.09.2022", "2022-09-16"),
        ("14/02/2022", "2022-02-14"),
    ],
)
def test_dates(line: str, day: str) -> None:
    assert values(Shape.DATE, line) == [day]


@pytest.mark.parametrize(
    "line", ["«___» ________ 20__ г.", "30.02.2022", "2.4.3", "в марте", "марш 2022", "1.1.22", "99.99.9999"]
)
def test_what_is_no_date(line: str) -> None:
    assert values(Shape.DATE, line) == []


def test_times_without_a_day() -> None:
    assert values(Shape.YEARS, "за 2021-2022 уч. год и 2021/22, но не 2019/22") == ["2021/22", "2021/22"]
    assert values(Shape.MONTH, "апреля 2022 г.") == ["апрель 2022"]
    assert [p.shape for p in shaped("с 20 сентября до 15.10, 3,1 % ____")] == [
        *(Shape.DAY, Shape.DAY, Shape.PERCENT, Shape.BLANK)
    ]
