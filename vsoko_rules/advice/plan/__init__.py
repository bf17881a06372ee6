"""The shortest way to the next level: the least work whose result, assessed again, reaches the goal."""

from vsoko_rules.advice.plan.goals import Goal, ToBlock, ToLevel, WithinBudget, goal, reaches
from vsoko_rules.advice.plan.planning import PlanCaveat, PlanNotKept, RepairPlan, plan
from vsoko_rules.advice.plan.repairs import RepairKind
from vsoko_rules.advice.plan.steps import PlanStep, StepKind, StepPart

__all__ = [
    "Goal",
    "PlanCaveat",
    "PlanNotKept",
    "PlanStep",
    "RepairKind",
    "RepairPlan",
    "StepKind",
    "StepPart",
    "ToBlock",
    "ToLevel",
    "WithinBudget",
    "goal",
    "plan",
    "reaches",
]
