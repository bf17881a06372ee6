"""What may be asked of a plan: a level, a block, or the most for so many days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from vsoko_rules.errors import InputError, Problem, argument, did_you_mean
from vsoko_rules.ruleset.content import Level
from vsoko_rules.verdict.assessment import Assessment
from vsoko_rules.verdict.evidence import Outcome


@dataclass(frozen=True, slots=True)
class ToLevel:
    """Reach a level of the verdict, or a better one."""

    level: str


@dataclass(frozen=True, slots=True)
class ToBlock:
    """Make every line of a block complete."""

    block: str


@dataclass(frozen=True, slots=True)
class WithinBudget:
    """Get the most points within so many days of work."""

    days: Decimal


Goal = ToLevel | ToBlock | WithinBudget

_ONE_GOAL = "уровень, блок или число дней"


def goal(assessment: Assessment, to: str | None, block: str | None, budget: Decimal | None) -> Goal | None:
    """The goal that a user asked for; none for «as high as it goes». Raises `InputError` for what there is not."""
    asked = [name for name, value in (("to", to), ("block", block), ("budget", budget)) if value is not None]
    if len(asked) > 1:
        raise InputError([Problem(argument(asked[1]), "цель плана может быть одна", expected=_ONE_GOAL)])
    if budget is not None:
        if budget < 0:
            raise InputError([Problem(argument("budget"), "дней не может быть меньше нуля", str(budget), "число дней")])
        return WithinBudget(budget)
    if block is not None:
        return ToBlock(_chosen("block", "нет такого блока", block, {b: b for b in assessment.ruleset.blocks}))
    if to is not None:
        levels = {name: v.id for v in assessment.ruleset.levels for name in (v.title, v.id)}
        named = [f"«{v.title}» ({v.id})" for v in assessment.ruleset.levels]
        return ToLevel(_chosen("to", "нет такого уровня", to, levels, named))
    return None


def _chosen(name: str, message: str, text: str, known: Mapping[str, str], listed: Sequence[str] | None = None) -> str:
    """The code that a text means among `known`, codes by what may be typed; `listed`: how a message lists them."""
    codes = {title.casefold(): code for title, code in known.items()}
    if text.casefold() not in codes:
        hint = did_you_mean(text, known)
        expected = "одно из: " + ", ".join(listed or known)
        raise InputError([Problem(argument(name), message, text, expected, hint)])
    return codes[text.casefold()]


def better_levels(assessment: Assessment) -> tuple[Level, ...]:
    """Levels above the present one, the nearest first."""
    levels = assessment.ruleset.levels
    present = assessment.verdict.level
    return tuple(reversed(levels[: levels.index(present)])) if present in levels else ()


def reaches(assessment: Assessment, goal: Goal) -> bool:
    """Whether an assessment meets a goal. A budget is met by any."""
    if isinstance(goal, WithinBudget):
        return True
    if isinstance(goal, ToLevel):
        levels = [level.id for level in assessment.ruleset.levels]
        present = assessment.verdict.level
        return present is not None and levels.index(present.id) <= levels.index(goal.level)
    block = next(b for b in assessment.blocks if b.id == goal.block)
    traces = [line.trace for line in block.lines if line.trace is not None]
    if traces:
        return all(trace.complete for trace in traces)
    return all(item.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE) for item in block.items)
