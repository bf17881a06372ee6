"""What a plan may be asked for: a level, a complete block, or the most points within a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from vsoko_rules.advice.plan.scores import Points, Scores
from vsoko_rules.errors import InputError, Problem, argument, did_you_mean
from vsoko_rules.ruleset.scales import Level
from vsoko_rules.verdict.assessment import Assessment


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


_ONE_GOAL = "уровень, блок или число дней"

Goal = ToLevel | ToBlock | WithinBudget


def better_levels(assessment: Assessment) -> tuple[Level, ...]:
    """Levels above the present one, the best first."""
    levels = assessment.ruleset.levels
    present = assessment.verdict.level
    return tuple(levels[: levels.index(present)]) if present in levels else ()


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
        levels = {name.casefold(): v.id for v in assessment.ruleset.levels for name in (v.id, v.title)}
        return ToLevel(_chosen("to", "нет такого уровня", to.casefold(), levels))
    return None


def _chosen(name: str, message: str, found: str, known: dict[str, str]) -> str:
    folded = {name.casefold(): code for name, code in known.items()}
    if found.casefold() not in folded:
        hint = did_you_mean(found, list(known))
        raise InputError([Problem(argument(name), message, found, "одно из: " + ", ".join(known), hint)])
    return folded[found.casefold()]


def ask_level(scores: Scores, level: Level) -> bool:
    """Ask a model for the thresholds of a level. False where nothing is scored, so that there is no level at all."""
    blocks = [b for b in scores.blocks if b.max]
    if not blocks:
        return False
    _ask_share(scores, [(b, b.weight) for b in blocks], level.at_least)
    for b in blocks:
        _ask_share(scores, [(b, Fraction(1))], level.each_block)
    return True


def _ask_share(scores: Scores, blocks: Sequence[tuple[Points, Fraction]], percent: Decimal) -> None:
    """Ask for at least so many percent of the most that these blocks can earn, each with its weight."""
    terms = {variable: weight * gain * 100 for b, weight in blocks for variable, gain in b.gains.items()}
    bound = sum((weight * (b.max * Fraction(percent) - b.fixed * 100) for b, weight in blocks), Fraction(0))
    scores.model.at_least(terms, bound)


def reaches(assessment: Assessment, goal: Goal) -> bool:
    """Whether an assessment meets a goal. A budget is met by any."""
    if isinstance(goal, WithinBudget):
        return True
    if isinstance(goal, ToLevel):
        levels = [level.id for level in assessment.ruleset.levels]
        present = assessment.verdict.level
        return present is not None and levels.index(present.id) <= levels.index(goal.level)
    block = next(b for b in assessment.blocks if b.id == goal.block)
    lines = [line.trace for line in block.lines if line.trace is not None]
    if lines:
        return all(trace.complete for trace in lines)
    return all(item.outcome.value in ("met", "not_applicable") for item in block.items)
