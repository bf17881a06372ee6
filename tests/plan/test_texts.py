"""How plans read, what they say as data, and the commands that print them."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
import typer
from docx import Document
from jsonschema import validate
from rich.text import Text
from syrupy.assertion import SnapshotAssertion
from typer.testing import CliRunner

from tests.builders import Data, as_yaml, assessed, chain_case, complete_case, school_case
from vsoko_rules.advice.plan import Goal, RepairPlan, ToBlock, ToLevel, WithinBudget, goal, plan
from vsoko_rules.advice.what_if import what_if
from vsoko_rules.case.reader import read_case
from vsoko_rules.cli import planning_commands as commands
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError
from vsoko_rules.report.composition import Composer
from vsoko_rules.report.plan_data import plan_data
from vsoko_rules.report.plan_view import plan_shown, plan_text
from vsoko_rules.report.scores import points
from vsoko_rules.report.what_if_view import what_if_data
from vsoko_rules.resources import shipped
from vsoko_rules.ruleset.load import DEFAULT, load
from vsoko_rules.verdict.assessment import Assessment, assess

SAID: list[tuple[str, Goal | None]] = [
    ("gorodskaya-sosh", None),
    ("gorodskaya-sosh", ToBlock("B4")),
    ("gorodskaya-sosh", WithinBudget(Decimal("0.05"))),
    ("gorodskaya-sosh", WithinBudget(Decimal(3))),
    ("samoproverka", ToLevel("partly")),
    ("daty-narusheny", ToBlock("B2")),
    ("daty-narusheny", ToLevel("formed")),
    ("shablony", None),
    ("krug-ssylok-i-skany", ToBlock("B5")),
    ("resheniya-eksperta", ToBlock("B5")),
    ("polnaya-struktura", None),
    ("pokazateli-oosh", None),
]
SCHEMA = {
    "type": "object",
    "required": ["schema", "goal", "reached", "optimal", "effort", "before", "after", "steps", "remarks"],
    "properties": {
        "reached": {"type": "boolean"},
        "optimal": {"type": "boolean"},
        "effort": {"type": "number"},
        "steps": {
            "type": "array",
            "items": {"required": ["number", "kind", "document", "effort", "origin", "cites", "requirements", "lines"]},
        },
    },
}


def shown(name: str) -> Assessment:
    case = read_case(shipped("cases") / f"{name}.yml", f"{name}.yml")
    return assess(case, load(case.content.ruleset or DEFAULT), EngineName.PLAIN)


@cache
def planned_for(name: str, goal: Goal | None) -> RepairPlan:
    return plan(shown(name), goal)


@pytest.mark.parametrize(("name", "wanted"), SAID, ids=str)
def test_how_a_plan_reads(name: str, wanted: Goal | None, snapshot: SnapshotAssertion) -> None:
    made = planned_for(name, wanted)
    text = Text.from_markup(plan_text(made), emoji=False).plain
    assert text == snapshot
    assert not [line for line in text.splitlines() if len(line) > 100]


@pytest.mark.parametrize(("name", "wanted"), SAID, ids=str)
def test_a_plan_as_data(name: str, wanted: Goal | None) -> None:
    made = planned_for(name, wanted)
    data = json.loads(json.dumps(plan_data(made)))
    validate(data, SCHEMA)
    assert len(data["steps"]) == len(made.steps)
    assert sum(Decimal(str(step["effort"])) for step in data["steps"]) == made.effort


def test_where_indicators_decide_their_points_are_shown() -> None:
    """Not the cycle score beside them: in the terminal, as data, and in the plan of a report."""
    case = shown("pokazateli-oosh")
    made = plan(case)
    deciding = made.after.indicators
    assert deciding.points != made.after.cycle.points
    assert plan_shown(made).after.points == points(deciding)
    in_reports = Composer(case).plan
    assert in_reports is not None
    assert in_reports.after.points == points(deciding)
    data = plan_data(made)["after"]
    assert (data["score"]["by"], data["score"]["points"]) == ("indicators", float(deciding.points))
    assert data["lines"] == {"complete": 17, "remarked": made.after.tally.remarked, "total": made.after.tally.total}
    assert sum(data["blocks"].values()) == data["score"]["points"]
    supposed = what_if_data(what_if(case, [change for step in made.steps for change in step.changes]))
    assert supposed["after"]["score"] == data["score"]


def test_titles_bring_no_markup_of_their_own() -> None:
    case = chain_case("B2")
    for document in case["documents"]:
        document["title"] = "[red]Приказ[/] {{ x }} & <b>"
    case["documents"][-1]["based_on"] = []
    text = plan_text(plan(assessed(case), ToBlock("B2")))
    assert "[red]Приказ[/] {{ x }} & <b>" in Text.from_markup(text, emoji=False).plain


def test_goals_in_words() -> None:
    found = assessed(school_case())
    assert goal(found, None, None, None) is None
    assert goal(found, "Частично сформирована", None, None) == ToLevel("partly")
    assert goal(found, "formed", None, None) == ToLevel("formed")
    assert goal(found, None, "b4", None) == ToBlock("B4")
    for days in (Decimal(3), Decimal(0)):
        assert goal(found, None, None, days) == WithinBudget(days)


@pytest.mark.parametrize(
    "asked",
    [("сформировано", None, None), (None, "B9", None), (None, None, Decimal(-1)), ("formed", "B1", None)],
    ids=str,
)
def test_goals_that_there_are_not(
    asked: tuple[str | None, str | None, Decimal | None], snapshot: SnapshotAssertion
) -> None:
    with pytest.raises(InputError) as error:
        goal(assessed(school_case()), *asked)
    assert str(error.value) == snapshot


# --- The commands


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    commands.register(made)
    return made


def written(case: Data, folder: Path) -> str:
    path = folder / "school.yml"
    path.write_text(as_yaml(case), encoding="utf-8")
    return str(path)


WITHIN = ("--on", "2022-10-14")
"""a day within the period of the study"""


def gap() -> Data:
    case = chain_case("B2")
    case["documents"][-1]["based_on"] = []
    return case


def test_vsoko_plan(app: typer.Typer, tmp_path: Path) -> None:
    path = written(gap(), tmp_path)
    said = CliRunner().invoke(app, ["plan", path, "--block", "B2", "--engine", "plain", *WITHIN])
    assert "0,1\u00a0дня" in said.output
    data = CliRunner().invoke(app, ["plan", path, "--block", "B2", "--engine", "plain", "--json", *WITHIN])
    assert json.loads(data.output)["results"][0]["steps"][0]["cites"][0]["document"] == "d-b2-p01"


def test_vsoko_draft(app: typer.Typer, tmp_path: Path) -> None:
    target = tmp_path / "приказ.docx"
    arguments = ["draft", written(gap(), tmp_path), "--block", "B2", "--engine", "plain", "-o", str(target), *WITHIN]
    said = CliRunner().invoke(app, [*arguments, "--step", "1"])
    assert str(target) in said.output.replace("\n", "")
    assert Document(BytesIO(target.read_bytes())).paragraphs
    missing = CliRunner().invoke(app, [*arguments, "--step", "2"])
    assert isinstance(missing.exception, InputError)
    assert str(missing.exception) == "step: в плане нет такого шага; найдено: «2»; ожидалось: 1, других шагов нет."


def test_a_plan_without_steps_needs_no_draft(app: typer.Typer, tmp_path: Path) -> None:
    path = written(complete_case(), tmp_path)
    arguments = ["draft", path, "--block", "B2", "--step", "1", "-o", str(tmp_path / "приказ.docx")]
    said = CliRunner().invoke(app, [*arguments, "--engine", "plain", *WITHIN])
    expected = "step: в плане нет ни одного шага: цель уже достигнута, составлять документы не нужно."
    assert str(said.exception) == expected


@pytest.mark.parametrize("name", ["приказ.pdf", "приказ.odt", "приказ.txt", "приказ"])
def test_a_draft_is_written_for_word_only(app: typer.Typer, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    said = CliRunner().invoke(app, ["draft", written(gap(), tmp_path), "--step", "1", "-o", str(target)])
    assert isinstance(said.exception, InputError)
    assert "ожидалось: имя, которое кончается на .docx" in str(said.exception)
    assert not target.exists()


@pytest.mark.parametrize("days", ["много", "-1", "1e9", "nan"])
def test_a_budget_that_is_no_number(app: typer.Typer, tmp_path: Path, days: str) -> None:
    said = CliRunner().invoke(app, ["plan", written(gap(), tmp_path), "--budget", days, "--engine", "plain"])
    assert isinstance(said.exception, InputError)
