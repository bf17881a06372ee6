"""A study goes from phase to phase: what forbids a step, what must be confirmed, what needs a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from vsoko_rules.errors import InputError
from vsoko_rules.region.phases import (
    CONFIRMED,
    REASON,
    TO,
    StepFinding,
    may_release,
    next_phases,
    phase_title,
    step_findings,
    take_step,
)
from vsoko_rules.region.region_records import Phase, RegionSchool, RegionSeat, RegionStudy, SeatState, seat_order

DAY = date(2026, 10, 1)
OPEN, SENT, LOCKED = SeatState.OPEN, SeatState.SENT, SeatState.LOCKED
STUDY = RegionStudy("ВСОКО", 2026)


def schools(number: int, control: bool = False) -> list[RegionSchool]:
    return [RegionSchool(f"s{n}", f"Школа № {n}", "Заречный район", control=control) for n in range(1, number + 1)]


def pair(code: str, first: SeatState = LOCKED, second: SeatState = LOCKED) -> list[RegionSeat]:
    return [RegionSeat(code, "A", first, "ivolgina"), RegionSeat(code, "B", second, "sosnin")]


def texts(findings: tuple[StepFinding, ...]) -> list[str]:
    return [("нельзя: " if f.forbids else "") + f.text.replace("\u00a0", " ") for f in findings]


def test_steps_lead_to_neighbours() -> None:
    steps = {phase: next_phases(phase) for phase in Phase}
    assert steps == {
        Phase.COLLECT: (Phase.ASSESS,),
        Phase.ASSESS: (Phase.RECONCILE, Phase.COLLECT),
        Phase.RECONCILE: (Phase.CLOSED, Phase.ASSESS),
        Phase.CLOSED: (Phase.RECONCILE,),
    }
    for phase, to in product(Phase, Phase):
        findings = step_findings(replace(STUDY, phase=phase), to, schools(1), [], DAY)
        far = [f for f in findings if f.kind in ("same", "too_far")]
        assert bool(far) == (to not in steps[phase])
        if far:
            with pytest.raises(InputError):
                take_step(replace(STUDY, phase=phase), to, findings, [f.key for f in findings], "причина")
            with pytest.raises(InputError):
                take_step(replace(STUDY, phase=phase), to, (), (), "причина")


def test_before_experts_begin() -> None:
    sent = [RegionSeat("s1", "self", SENT), RegionSeat("s2", "self", OPEN), RegionSeat("s3", "self", SENT)]
    experts = [*pair("s1", OPEN, OPEN), RegionSeat("s2", "A", expert="ivolgina"), RegionSeat("s2", "B")]
    study = replace(STUDY, collect_until=DAY)
    findings = step_findings(study, Phase.ASSESS, schools(4), [*sent, *experts], DAY)
    assert texts(findings) == [
        "2 школы ещё не отправили документы",
        "у 2 школ нет ни одного эксперта",
        "у 1 школы нет второго эксперта",
        "срок этой фазы ещё не вышел: остался 1 день",
    ]
    assert [f.schools for f in findings] == [("s2", "s4"), ("s3", "s4"), ("s2",), ()]


def test_what_forbids_the_beginning_of_the_experts_stands_first() -> None:
    assert texts(step_findings(STUDY, Phase.ASSESS, [], [], DAY)) == ["нельзя: в исследовании нет ни одной школы"]
    findings = step_findings(STUDY, Phase.ASSESS, schools(2), pair("s1"), DAY)
    assert texts(findings) == [
        "нельзя: ни одна школа ещё не отправила документы, экспертам смотреть нечего",
        "у 1 школы нет ни одного эксперта",
    ]
    (told, *_) = [
        f for f in step_findings(STUDY, Phase.ASSESS, schools(1), [RegionSeat("s1", "self", SENT)], DAY) if f.forbids
    ]
    assert told.text == "ни на одну школу не назначен эксперт"


def test_before_disputes_are_reconciled() -> None:
    study = replace(STUDY, phase=Phase.ASSESS)
    third = RegionSeat("s1", "3", OPEN, "berezin")
    seats = [*pair("s1"), *pair("s2", second=OPEN), third]
    findings = step_findings(study, Phase.RECONCILE, schools(3), seats, DAY)
    assert texts(findings) == ["2 школы закрыли не оба эксперта", "1 контрольную школу закрыли не все эксперты"]
    assert texts(step_findings(study, Phase.RECONCILE, schools(1), pair("s1", OPEN), DAY)) == [
        "нельзя: ни одной школы не закрыли оба эксперта, согласовывать нечего"
    ]


def test_before_a_study_is_closed() -> None:
    study = replace(STUDY, phase=Phase.RECONCILE, reconcile_until=date(2026, 9, 30))
    agreed = [RegionSeat("s1", "agreed", LOCKED), RegionSeat("s2", "agreed", OPEN, disputes=3)]
    seats = [*agreed, *pair("s1"), *pair("s2"), *pair("s3"), *pair("s4", second=OPEN)]
    assert texts(step_findings(study, Phase.CLOSED, schools(4), seats, DAY)) == [
        "по 1 школе остались разногласия",
        "1 школа без согласованного результата, хотя оба эксперта закончили",
        "1 школа останется без результата: её закрыли не оба эксперта",
    ]
    assert texts(step_findings(study, Phase.CLOSED, schools(1), pair("s1"), DAY)) == [
        "нельзя: ни по одной школе нет согласованного результата"
    ]


def test_what_speaks_against_a_step_is_confirmed_as_it_was_shown() -> None:
    seats = [RegionSeat("s1", "self", SENT), *pair("s1", OPEN, OPEN), *pair("s2", OPEN, OPEN), *pair("s3", OPEN, OPEN)]
    before = step_findings(STUDY, Phase.ASSESS, schools(2), seats, DAY)
    with pytest.raises(InputError) as caught:
        take_step(STUDY, Phase.ASSESS, before)
    (problem,) = caught.value.problems
    assert (problem.place.file, problem.message) == (
        CONFIRMED,
        "не подтверждено: 1\u00a0школа ещё не отправила документы",
    )
    assert take_step(STUDY, Phase.ASSESS, before, [f.key for f in before]).phase is Phase.ASSESS
    after = step_findings(STUDY, Phase.ASSESS, schools(3), seats, DAY)
    with pytest.raises(InputError, match="2\u00a0школы ещё не отправили"):
        take_step(STUDY, Phase.ASSESS, after, [f.key for f in before])


def test_what_forbids_a_step_cannot_be_confirmed() -> None:
    findings = step_findings(STUDY, Phase.ASSESS, [], [], DAY)
    with pytest.raises(InputError) as caught:
        take_step(STUDY, Phase.ASSESS, findings, [f.key for f in findings])
    (problem,) = caught.value.problems
    assert (problem.place.file, problem.message) == (TO, "перейти нельзя: в исследовании нет ни одной школы")


def test_a_step_back_needs_a_reason_and_takes_results_from_schools() -> None:
    closed = replace(STUDY, phase=Phase.CLOSED, released=DAY)
    findings = step_findings(closed, Phase.RECONCILE, schools(1), [], DAY)
    assert texts(findings) == ["результаты уже показаны школам; пока исследование снова не закроют, школы их не увидят"]
    keys = [f.key for f in findings]
    for reason in ("", " \n"):
        with pytest.raises(InputError) as caught:
            take_step(closed, Phase.RECONCILE, findings, keys, reason)
        assert [p.place.file for p in caught.value.problems] == [REASON]
    again = take_step(closed, Phase.RECONCILE, findings, keys, "Найдена ошибка в протоколе.")
    assert again == replace(closed, phase=Phase.RECONCILE, released=None)


def test_before_a_step_back_it_is_told_what_has_begun() -> None:
    begun = [
        RegionSeat("s1", "A", expert="ivolgina", begun=True),
        RegionSeat("s2", "4", LOCKED, "sosnin"),
        RegionSeat("s3", "B", expert="sosnin"),
    ]
    study = replace(STUDY, phase=Phase.ASSESS, assess_until=date(2027, 1, 1))
    assert texts(step_findings(study, Phase.COLLECT, schools(3), begun, DAY)) == [
        "2 школы эксперты уже начали смотреть"
    ]
    agreed = [RegionSeat("s1", "agreed", begun=True), RegionSeat("s2", "agreed")]
    study = replace(study, phase=Phase.RECONCILE)
    assert texts(step_findings(study, Phase.ASSESS, schools(2), agreed, DAY)) == ["по 1 школе согласование уже начато"]


def test_results_are_released_when_a_study_is_closed() -> None:
    assert [phase for phase in Phase if may_release(replace(STUDY, phase=phase))] == [Phase.CLOSED]


def test_phases_have_titles() -> None:
    titles = [phase_title(phase) for phase in Phase]
    assert titles == ["сбор", "экспертиза", "согласование", "исследование закрыто"]


def test_seats_have_an_order() -> None:
    names = ["agreed", "10", "B", "3", "self", "A"]
    assert sorted(names, key=seat_order) == ["self", "A", "B", "3", "10", "agreed"]
