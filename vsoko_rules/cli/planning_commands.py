"""Commands that look ahead: plan and draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsoko_rules.cli.choices import whole
from vsoko_rules.cli.options import (
    AnswerFileOption,
    CaseArgument,
    EngineOption,
    JsonOption,
    OnOption,
    RulesetOption,
    day_of,
    today,
)
from vsoko_rules.cli.screen import WORD, deliver, give
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import ExitCode, InputError, Problem, argument

if TYPE_CHECKING:
    from vsoko_rules import RepairPlan

ToOption = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="УРОВЕНЬ",
        help="До какого уровня: название («сформирована») или код. По умолчанию — следующий, до которого можно дойти.",
        show_default=False,
    ),
]
BlockOption = Annotated[
    str | None,
    typer.Option("--block", "-b", metavar="БЛОК", help="Сделать полным этот блок, например B4.", show_default=False),
]
BudgetOption = Annotated[
    str | None,
    typer.Option(
        "--budget", metavar="ДНИ", help="Получить как можно больше баллов за столько дней.", show_default=False
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command("plan")(plan)
    app.command("draft")(draft)


def plan(
    case: CaseArgument,
    to: ToOption = None,
    block: BlockOption = None,
    budget: BudgetOption = None,
    on: OnOption = None,
    ruleset: RulesetOption = None,
    engine: EngineOption = EngineName.AUTO,
    as_json: JsonOption = False,
    output: AnswerFileOption = None,
) -> int:
    """Составить план: что написать и дополнить, чтобы с наименьшей трудоёмкостью подняться на следующий уровень.

    Примеры:

      vsoko plan cases/gorodskaya-sosh.yml

      vsoko plan cases/gorodskaya-sosh.yml --block B4

      vsoko plan cases/gorodskaya-sosh.yml --budget 3

      vsoko plan cases/gorodskaya-sosh.yml --on 2022-11-05
    """
    from vsoko_rules.report.plan_data import plan_data
    from vsoko_rules.report.plan_view import plan_text

    plans = _plans(case, _Asked(to, block, _days(budget), day_of(on)), ruleset, engine)
    give(lambda: [plan_data(plan) for plan in plans], lambda: map(plan_text, plans), as_json, output)
    return ExitCode.COMPLETE if all(plan.reached and not plan.steps for plan in plans) else ExitCode.GAPS


def draft(
    case: CaseArgument,
    step: Annotated[
        int,
        typer.Option("--step", "-s", metavar="НОМЕР", help="Номер шага плана.", show_default=False, **whole()),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="ФАЙЛ", help="Куда записать документ Word.", show_default=False)
    ],
    to: ToOption = None,
    block: BlockOption = None,
    budget: BudgetOption = None,
    on: OnOption = None,
    ruleset: RulesetOption = None,
    engine: EngineOption = EngineName.AUTO,
) -> int:
    """Подготовить заготовку документа для шага плана: приказ, справку, рекомендации, план мероприятий.

    Известное уже стоит на своих местах, остальное — выделенные пропуски: программа ничего не придумывает за школу.
    Параметры плана указывайте те же, что и для vsoko plan.

    Пример:

      vsoko draft cases/gorodskaya-sosh.yml --step 1 -o приказ.docx
    """
    from vsoko_rules.workspace import judging
    from vsoko_rules.writing.files import check_ending

    check_ending(output, WORD)
    plan, *_ = _plans(case, _Asked(to, block, _days(budget), day_of(on)), ruleset, engine)
    deliver(output, judging.draft(plan, step))
    return ExitCode.COMPLETE


@dataclass(frozen=True)
class _Asked:
    """What a plan is asked to reach, and on which day."""

    to: str | None
    block: str | None
    budget: Decimal | None
    on: date | None


def _plans(case: Path, asked: _Asked, named: list[str] | None, engine: EngineName) -> list[RepairPlan]:
    """The plan under each ruleset asked for."""
    from vsoko_rules.workspace import judging

    return [
        judging.plan(assessment, to=asked.to, block=asked.block, budget=asked.budget, on=asked.on, today=today())
        for assessment in judging.assess_file(case, named, engine)
    ]


def _days(text: str | None) -> Decimal | None:
    """Days of work: «3», «0.5» or «0,5»."""
    if text is None:
        return None
    try:
        days = Decimal(text.replace(",", "."))
    except InvalidOperation:
        days = Decimal("NaN")
    if not days.is_finite() or not 0 <= days <= 100_000:
        raise InputError([Problem(argument("budget"), "число дней не подходит", text, "число, например 3 или 0,5")])
    return days
