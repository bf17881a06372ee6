"""Deadlines: the last day counts as in time, and who is late stays listed while the study goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from vsoko_rules.region.deadlines import Late, deadline_problems, late
from vsoko_rules.region.region_records import Phase, RegionSchool, RegionSeat, RegionStudy, SeatState

COLLECT, ASSESS, RECONCILE = date(2026, 9, 30), date(2026, 10, 20), date(2026, 10, 31)
STUDY = RegionStudy("ВСОКО", 2026, Phase.COLLECT, COLLECT, ASSESS, RECONCILE)
SCHOOLS = [RegionSchool(f"s{n}", f"Школа № {n}", "Заречный район") for n in (2, 1, 3)]
SEATS = [
    RegionSeat("s1", "self", SeatState.SENT),
    RegionSeat("s2", "self"),
    *(RegionSeat(code, "A", expert="ivolgina") for code in ("s2", "s1")),
    RegionSeat("s1", "B", SeatState.LOCKED, "sosnin"),
    RegionSeat("s2", "3", expert="berezin"),
    RegionSeat("s3", "A"),
    RegionSeat("s1", "agreed", disputes=2),
    RegionSeat("s2", "agreed", expert="dubov", disputes=1),
    RegionSeat("s3", "agreed", SeatState.LOCKED, disputes=1),
    RegionSeat("elsewhere", "self"),
]


def test_nobody_is_late_on_the_last_day() -> None:
    assert late(STUDY, SCHOOLS, SEATS, COLLECT) == ()


def test_schools_that_have_not_sent() -> None:
    told = late(STUDY, SCHOOLS, SEATS, date(2026, 11, 9))
    assert told == tuple(Late(Phase.COLLECT, COLLECT, 40, True, (), (code,)) for code in ("s2", "s3"))


def test_experts_with_open_seats_and_schools_that_can_send_no_more() -> None:
    told = late(replace(STUDY, phase=Phase.ASSESS), SCHOOLS, SEATS, date(2026, 10, 21))
    assert [(x.phase, x.open, x.schools) for x in told[:2]] == [
        (Phase.COLLECT, False, ("s2",)),
        (Phase.COLLECT, False, ("s3",)),
    ]
    assert told[2:] == (
        Late(Phase.ASSESS, ASSESS, 1, True, ("berezin",), ("s2",)),
        Late(Phase.ASSESS, ASSESS, 1, True, ("ivolgina",), ("s1", "s2")),
    )


def test_pairs_with_open_disputes() -> None:
    told = late(replace(STUDY, phase=Phase.RECONCILE), SCHOOLS, SEATS, date(2026, 11, 1))
    assert [x for x in told if x.phase is Phase.RECONCILE] == [
        Late(Phase.RECONCILE, RECONCILE, 1, True, ("ivolgina", "dubov"), ("s2",)),
        Late(Phase.RECONCILE, RECONCILE, 1, True, ("ivolgina", "sosnin"), ("s1",)),
    ]


def test_nobody_is_late_without_a_deadline_and_when_all_is_over() -> None:
    assert late(RegionStudy("ВСОКО", 2026), SCHOOLS, SEATS, date(2030, 1, 1)) == ()
    assert late(replace(STUDY, phase=Phase.CLOSED), SCHOOLS, SEATS, date(2030, 1, 1)) == ()


def test_deadlines_follow_one_another() -> None:
    assert deadline_problems(STUDY) == ()
    assert deadline_problems(replace(STUDY, assess_until=None)) == ()
    (problem,) = deadline_problems(replace(STUDY, assess_until=None, reconcile_until=date(2026, 9, 1)))
    assert str(problem) == (
        "reconcile_until: срок фазы «согласование» раньше срока предыдущей; найдено: «01.09.2026»; ожидалось: "
        "30.09.2026 или позже."
    )
