"""The shortest way to the next level: the least work whose result, assessed again, reaches the goal."""

from vsoko_rules.advice.plan.goals import Goal, ToBlock, ToLevel, WithinBudget, goal, reaches
from vsoko_rules.advice.plan.planning import Plan, PlanNotKept, Remark, plan
from vsoko_rules.advice.plan.repairs import Kind
from vsoko_rules.advice.plan.steps import Part, Step, StepKind

__all__ = [
    "Goal",
    "Kind",
    "Part",
    "Plan",
    "PlanNotKept",
    "Remark",
    "Step",
    "StepKind",
    "ToBlock",
    "ToLevel",
    "WithinBudget",
    "goal",
    "plan",
    "reaches",
]
