"""The invented region: whole years move, in whatever form they are written, and what becomes of it is a sound case."""

from __future__ import annotations

from datetime import date

import pytest

from vsoko_rules.case.reader import case_of_data
from vsoko_rules.region.blank_school import StudyPeriod, blank_school
from vsoko_rules.region.invented import (
    _moved,
    invented_documents,
    invented_opinion,
    invented_region,
    invented_school,
)

PERIOD = StudyPeriod(2026, date(2025, 8, 20), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2021-09-01", "2025-09-01"),
        ("за 2021/22 учебный год", "за 2025/26 учебный год"),
        ("2021-2022", "2025-2026"),
        ("2021–2022", "2025–2026"),
        ("https://school.example/2022/12-od.pdf", "https://school.example/2026/12-od.pdf"),
        ("№ 112022", "№ 112022"),
        ("918", "918"),
        ([{"date": "2022-02-14"}], [{"date": "2026-02-14"}]),
    ],
)
def test_years_move(before: object, after: object) -> None:
    assert _moved(before, 4) == after


def test_every_school_has_a_sound_case_within_the_period() -> None:
    region = invented_region()
    dated = 0
    for school in region.schools:
        blank = blank_school(invented_school(school), region.ruleset, PERIOD)
        case = case_of_data(invented_documents(school, blank, 2026)).content
        assert (case.school.id, case.school.name) == (school.code, school.name)
        dated += sum(d.date is not None and PERIOD.starts <= d.date <= PERIOD.ends for d in case.documents)
    assert dated > 200


def test_experts_of_a_pair_find_different_things() -> None:
    region = invented_region()
    school = region.schools[0]
    data = invented_documents(school, blank_school(invented_school(school), region.ruleset, PERIOD), 2026)
    one, other = (invented_opinion(data, who, "Эксперт", ["B1"]) for who in "AB")
    assert one != other
    assert case_of_data(one).content.reviewed == ("B1",)
    assert any(document.get("comment") == region.comment for document in one["documents"])
