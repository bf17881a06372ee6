"""On which day advice is given: within the period documents are mended, after it the next cycle is planned, and nothing
is dated back."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
import typer
from rich.text import Text
from typer.testing import CliRunner

from tests.builders import (
    FIRST_DAY,
    LAST_DAY,
    Data,
    as_yaml,
    assessed,
    chain_case,
    complete_case,
    document,
    only_blocks,
    school_case,
    without_document,
)
from tests.documents.reading import one, word_text
from vsoko_rules.advice.changes import AddDocument, SetDate
from vsoko_rules.advice.plan import RepairPlan, StepKind, ToBlock, ToLevel, plan
from vsoko_rules.advice.timing import AdviceDay, DayOrigin, advice_day
from vsoko_rules.advice.what_if import parse, what_if
from vsoko_rules.case.claims import confirmed
from vsoko_rules.cli import case_commands, planning_commands
from vsoko_rules.errors import InputError
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.out.text import summary
from vsoko_rules.report.plan_data import plan_data
from vsoko_rules.report.plan_view import plan_shown, plan_text
from vsoko_rules.report.render import Format
from vsoko_rules.report.what_if_view import what_if_text
from vsoko_rules.ruleset.load import DEFAULT, load

AUTUMN, SPRING = date(2022, 11, 20), date(2023, 3, 1)


def defective() -> Data:
    """An order about a monitoring that says nothing of its deadlines, and everything else of the block."""
    case = chain_case("B2")
    document(case, "B2-M01")["holds"] = []
    return case


@cache
def planned(on: date, block: str = "B2") -> RepairPlan:
    return plan(assessed(defective()), ToBlock(block), AdviceDay(on, DayOrigin.ASKED))


def test_within_the_period_the_order_is_mended() -> None:
    (step,) = planned(LAST_DAY).steps
    assert (step.kind, step.document) == (StepKind.AMEND, "d-b2-m01")
    assert not planned(LAST_DAY).ahead


@pytest.mark.parametrize("on", [LAST_DAY + timedelta(days=1), AUTUMN, SPRING])
def test_after_it_everything_is_written_for_the_next_cycle(on: date) -> None:
    made = planned(on)
    assert made.ahead
    assert made.reached
    assert {step.kind for step in made.steps} == {StepKind.WRITE}
    assert made.present.case.content.study.end == LAST_DAY


@pytest.mark.parametrize("on", [LAST_DAY, AUTUMN, SPRING])
def test_nothing_is_dated_before_the_day_of_the_plan_or_outside_its_cycle(on: date) -> None:
    made = planned(on)
    days = [c.document.date for s in made.steps for c in s.changes if isinstance(c, AddDocument)]
    days += [c.day for s in made.steps for c in s.changes if isinstance(c, SetDate)]
    assert all(day is not None and on <= day <= made.before.case.content.study.end for day in days)


def test_a_new_document_is_dated_after_everything_that_the_school_has() -> None:
    """Whatever the plan is made for: a report of the last day of the period may be on the table already."""
    case = without_document(complete_case(["B2"]), "d-b2-d01")
    document(case, "B2-E01")["date"] = LAST_DAY.isoformat()
    made = plan(assessed(case), ToBlock("B2"), AdviceDay(date(2022, 5, 1), DayOrigin.ASKED))
    (step,) = made.steps
    assert made.after.case.documents[step.document].date == LAST_DAY


def test_new_documents_have_one_day_after_another_whatever_is_done_between_them() -> None:
    case = complete_case(["B1", "B2", "B3"])
    for name in ("b1-rc01", "b3-rc01"):
        case = without_document(case, f"d-{name}")
    del document(case, "B2-RC01")["url"]
    asked = AdviceDay(date(2022, 9, 1), DayOrigin.ASKED)
    made = plan(assessed(case, only_blocks("B1", "B2", "B3")), ToLevel("formed"), asked)
    dated = [[c for c in s.changes if isinstance(c, AddDocument | SetDate)] for s in made.steps]
    days = [c.document.date if isinstance(c, AddDocument) else c.day for changes in dated for c in changes]
    assert [bool(changes) for changes in dated[:3]] == [True, False, True]
    assert days == [asked.day + timedelta(days=n) for n in range(len(days))]


@pytest.mark.parametrize(("on", "begins"), [(AUTUMN, 2022), (date(2023, 1, 31), 2022), (SPRING, 2023)])
def test_the_cycle_is_the_first_that_can_still_be_begun(on: date, begins: int) -> None:
    study = planned(on).before.case.content.study
    assert study.start == date(begins, 9, 1)
    assert study.year == begins + 1


def test_steps_follow_the_calendar_of_the_ruleset() -> None:
    made = planned(SPRING)
    calendar = load(DEFAULT).calendar_of(2023)
    dues = [step.due for step in made.steps]
    assert dues == [calendar[step.stage] for step in made.steps]
    assert dues == sorted(dues, key=lambda due: due or date.max)
    assert dues == [made.after.case.documents[step.document].date for step in made.steps]
    assert next(step.stage for step in made.steps) == "monitoring"
    assert calendar["goal"] <= calendar["monitoring"] < calendar["analysis"] < calendar["order"]


def test_what_the_calendar_has_passed_is_to_be_done_at_once() -> None:
    orders = [s for s in plan_shown(planned(AUTUMN)).steps if s.stage.id == "monitoring"]
    assert orders
    assert all(step.title.endswith(", сразу") for step in orders)


@pytest.mark.parametrize("on", [AUTUMN, SPRING])
def test_nothing_is_asked_of_the_period_that_is_over(on: date) -> None:
    assert "периода исследования" not in plan_text(planned(on)).partition("Все шаги по порядку")[2]


def test_an_order_whose_time_has_passed_is_not_mended_even_within_the_period() -> None:
    case = defective()
    document(case, "B2-M01")["valid"] = {"from": FIRST_DAY.isoformat(), "to": "2022-05-20"}
    before, after = (AdviceDay(day, DayOrigin.ASKED) for day in (date(2022, 5, 20), date(2022, 5, 21)))
    assert plan(assessed(case), ToBlock("B2"), before).steps[0].document == "d-b2-m01"
    assert "d-b2-m01" not in {s.document for s in plan(assessed(case), ToBlock("B2"), after).steps}
    document(case, "B2-M01")["serves"].append("B2-G01")
    both = {s.document for s in plan(assessed(case), ToBlock("B2"), after).steps}
    assert "d-b2-m01" not in both, "what it says beside what was to be carried out changes nothing"


def test_a_document_in_force_stays() -> None:
    case = chain_case("B2")
    document(case, "B2-P01")["valid"] = {"from": "2021-09-01", "to": "2025-08-31"}
    staying = plan(assessed(case), ToBlock("B2"), AdviceDay(AUTUMN, DayOrigin.ASKED)).before.case.documents
    assert {"d-b2-p01", "d-b2-g01"} <= set(staying)
    assert "d-b2-a01" not in staying


def test_without_options_the_next_level_is_the_goal() -> None:
    made = plan(assessed(school_case()))
    assert made.goal == ToLevel("partly")


def test_at_the_top_it_is_said_and_what_remains() -> None:
    case = complete_case()
    document(case, "B2-A01")["holds"] = ["results"]
    made = plan(assessed(case))
    assert (made.goal, made.reached, made.steps) == (None, True, ())
    text = Text.from_markup(plan_text(made), emoji=False).plain
    assert "Лучший уровень уже достигнут" in text
    assert "замечаний — 1: – Засчитано с замечанием, не хватает: дефициты и выводы: Анализ" in " ".join(text.split())


# --- Where the day comes from, and that it is printed


def filled(on: date | None) -> Data:
    case = defective()
    if on is not None:
        case["filled_by"] = {"role": "school", "date": on.isoformat()}
    return case


@pytest.mark.parametrize(
    ("on", "asked", "today", "expected"),
    [
        (AUTUMN, SPRING, SPRING, AdviceDay(SPRING, DayOrigin.ASKED)),
        (AUTUMN, None, SPRING, AdviceDay(AUTUMN, DayOrigin.FILLED)),
        (None, None, SPRING, AdviceDay(SPRING, DayOrigin.TODAY)),
        (None, None, None, AdviceDay(LAST_DAY, DayOrigin.CASE)),
    ],
)
def test_the_day(on: date | None, asked: date | None, today: date | None, expected: AdviceDay) -> None:
    assert advice_day(confirmed(assessed(filled(on)).case.content), asked, today) == expected


def test_a_document_after_the_period_shows_that_it_is_over() -> None:
    case = filled(None)
    document(case, "B2-D01")["date"] = AUTUMN.isoformat()
    assert advice_day(assessed(case).case.content) == AdviceDay(AUTUMN, DayOrigin.CASE)


def test_reports_and_letters_tell_the_day_and_mend_nothing_of_a_cycle_that_is_over() -> None:
    over = assessed(filled(AUTUMN))
    told = "Советы даны на 20.11.2022 (день, когда заполнен файл школы). Период исследования закончился"
    shown, letter = (
        " ".join(text.split()) for text in (Text.from_markup(summary(over)).plain, word_text(one(over, Format.LETTERS)))
    )
    assert told in shown
    assert told in letter
    assert "В следующем цикле подготовьте новый документ" in shown
    assert "Впишите в приказ" not in shown + letter
    task = Composer(over).view(with_plan=False).task("break:B2-M01:requirements")
    assert task.todo is not None
    assert task.todo.startswith("В следующем цикле подготовьте новый документ сразу.")
    within = Composer(assessed(filled(LAST_DAY))).view(with_plan=False).task("break:B2-M01:requirements")
    assert within.todo is not None
    assert within.todo.startswith("Впишите в приказ то, чего недостаёт")


def test_a_supposition_after_the_period_says_that_it_is_too_late() -> None:
    case = assessed(filled(None))
    changes = parse(["d-b2-m01+deadlines"], case)
    late = what_if_text(what_if(case, changes, AdviceDay(AUTUMN, DayOrigin.ASKED)))
    assert "задним числом документы не издают" in late
    assert "задним числом" not in what_if_text(what_if(case, changes, AdviceDay(LAST_DAY, DayOrigin.ASKED)))


def test_a_plan_as_data_tells_the_day_and_the_cycle() -> None:
    data = plan_data(planned(SPRING))
    assert data["day"] == {"date": "2023-03-01", "from": "asked"}
    assert data["cycle"] == {"next": True, "from": "2023-09-01", "to": "2024-10-15"}
    assert data["steps"][0]["due"] == "2023-09-30"


@pytest.mark.parametrize(("on", "said"), [("2022-11-20", True), ("20.11.2022", True), ("2022-10-31", False)])
def test_vsoko_plan_on_a_day(tmp_path: Path, on: str, said: bool) -> None:
    app = typer.Typer()
    planning_commands.register(app)
    case_commands.register(app)
    path = tmp_path / "school.yml"
    path.write_text(as_yaml(defective()), encoding="utf-8")
    result = CliRunner().invoke(app, ["plan", str(path), "--block", "B2", "--engine", "plain", "--on", on])
    assert ("следующем цикле" in result.output) is said
    wrong = CliRunner().invoke(app, ["plan", str(path), "--on", "завтра", "--engine", "plain"])
    assert isinstance(wrong.exception, InputError)
    assert "дата не подходит" in str(wrong.exception)
