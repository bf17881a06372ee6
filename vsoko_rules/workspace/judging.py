"""One case under one ruleset or several: the verdict, and why it is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from vsoko_rules.case.reader import CaseFile
from vsoko_rules.engine.names import EngineName
from vsoko_rules.errors import InputError, Problem, argument
from vsoko_rules.ruleset.load import beside
from vsoko_rules.ruleset.ruleset import Ruleset
from vsoko_rules.verdict import assessment
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.workspace.opening import open_case, open_ruleset

if TYPE_CHECKING:
    from vsoko_rules.advice.plan import RepairPlan
    from vsoko_rules.advice.what_if import Difference
    from vsoko_rules.report.explanation import Explanation


def assess(
    case: CaseFile,
    ruleset: Ruleset | None = None,
    engine: EngineName | str = EngineName.AUTO,
    others: Sequence[Ruleset] = (),
) -> Assessment:
    """The verdict on a case, by a ruleset or, without one, by the one that the case names.

    `engine` is `auto`, `plain`, `durable` or `both`; the verdict is the same. `others` are rulesets that the case is
    filled for too: codes that only they know are passed over. Raises `InputError` when the case names what no ruleset
    knows, or when an engine is asked for that is not installed; `EnginesDisagree` when two engines differ.
    """
    judge = ruleset or open_ruleset(case.content.ruleset)
    known = beside(case.content.ruleset, [judge, *others])
    return assessment.assess(case, judge, EngineName(engine), known)


def assess_file(
    path: Path, rulesets: Sequence[str] | None = None, engine: EngineName = EngineName.AUTO
) -> list[Assessment]:
    """A stored case under each of the rulesets named, or under its own. Raises as `open_case` and `assess`."""
    case = open_case(path)
    names: Sequence[str | None] = rulesets or [case.content.ruleset]
    judges = [open_ruleset(name) for name in dict.fromkeys(names)]
    return [assess(case, judge, engine, judges) for judge in judges]


def hashed(assessments: Sequence[Assessment]) -> list[Assessment]:
    """The same verdicts with the hash of every file that a document names."""
    return [replace(assessment, case=assessment.case.hashed()) for assessment in assessments]


def explain(
    assessment: Assessment, *, block: str | None = None, line: str | None = None, of: str | None = None
) -> Explanation:
    """Why the verdict is what it is: the whole of it, a block, a line, or what concerns a document, element or
    indicator (`of`). Raises `InputError` for a code that there is not."""
    from vsoko_rules.report.explanation import Explanation

    return Explanation(assessment, block, line, of)


def suppose(
    assessment: Assessment, changes: Sequence[str], on: date | None = None, today: date | None = None
) -> Difference:
    """What would change with hypothetical changes, such as `+B1-A01` or `d03+deadlines` (see `advice.what_if`).

    `on` and `today` as in `plan`: once the period of the study is over, that it is too late is told. The case stays as
    it is. Raises `InputError` for a change that cannot be understood.
    """
    from vsoko_rules.advice.timing import advice_day
    from vsoko_rules.advice.what_if import parse, what_if

    return what_if(assessment, parse(changes, assessment), advice_day(assessment.case.content, on, today))


def plan(
    assessment: Assessment,
    *,
    to: str | None = None,
    block: str | None = None,
    budget: Decimal | int | None = None,
    on: date | None = None,
    today: date | None = None,
) -> RepairPlan:
    """The least work that reaches the level `to`, completes `block`, or earns most within `budget` days.

    Without a goal: the nearest better level within reach. `on`: the day for which it is made; without it the day on
    which the case was filled in, else `today`, and without that the last day that the case names. After the period of
    the study the next cycle is planned. Raises `InputError` for a goal that there is not, or for two.
    """
    from vsoko_rules.advice.plan import goal
    from vsoko_rules.advice.plan import plan as planned
    from vsoko_rules.advice.timing import advice_day

    days = None if budget is None else Decimal(budget)
    return planned(assessment, goal(assessment, to, block, days), advice_day(assessment.case.content, on, today))


def draft(plan: RepairPlan, step: int) -> bytes:
    """The skeleton of the document of a step of a plan, counted from 1, as a Word file. Raises `InputError`."""
    from vsoko_rules.report.draft import draft as drafted

    if not plan.steps:
        said = "цель уже достигнута, составлять документы не нужно" if plan.reached else "составлять пока нечего"
        hint = f"Сначала просмотрите блоки: {', '.join(plan.unknown)}." if plan.unknown else None
        raise InputError([Problem(argument("step"), f"в плане нет ни одного шага: {said}", hint=hint)])
    if not 1 <= step <= len(plan.steps):
        expected = f"номер от 1 до {len(plan.steps)}" if len(plan.steps) > 1 else "1, других шагов нет"
        raise InputError([Problem(argument("step"), "в плане нет такого шага", str(step), expected)])
    return drafted(plan, plan.steps[step - 1])
